//! Software that others wrote, on our virtual card through the real daemon.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fs;
use std::path::Path;

use common::{number, parts, plan};
use interop::{Slots, Stack, alone, wait_for_card};
use myna_card::Pin;
use myna_card::ap::common::CommonAp;
use myna_card::ap::jpki::{JpkiAp, SignatureScheme};
use myna_card::ap::surface::SurfaceAp;
use myna_card::ap::text::TextAp;
use myna_card::transport::pcsc::{Sharing, connect_any};
use mynacard_core::exchange::{CardTransport, Limits};
use mynacard_core::reading::read;
use mynacard_core::run;
use mynacard_pcsc::ConnectOptions;
use mynacard_sim::{Application, Profile};

/// OpenSC's module, where Debian puts it.
fn module() -> &'static str {
    let found = [
        "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
        "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so",
    ]
    .into_iter()
    .find(|path| Path::new(path).exists());
    found.unwrap_or("opensc-pkcs11.so")
}

/// What the card has, as the simulator's own builder tells it, without filler.
fn file(profile: &Profile, application: Application, file: u16) -> Vec<u8> {
    profile.builder().file_content(application, file).unwrap()
}

#[test]
fn pcsc_scan_sees_the_reader_and_the_card() {
    alone("pcsc_scan_sees_the_reader_and_the_card", Slots::Two, |stack| {
        let _slot = stack.with_card(Profile::adult().card());
        let said = stack.run_well(&["timeout", "--preserve-status", "-s", "INT", "2", "pcsc_scan"]);
        assert!(said.contains("Test Reader 00 00"), "{said}");
        assert!(said.contains("3B E0 00 FF 81 31 FE 45 14"), "{said}");
    });
}

#[test]
fn opensc_knows_the_card_and_what_is_on_it() {
    alone("opensc_knows_the_card_and_what_is_on_it", Slots::Two, |stack| {
        let _slot = stack.with_card(Profile::adult().card());
        assert!(stack.run_well(&["opensc-tool", "-n"]).to_lowercase().contains("jpki"));
        let dump = stack.run_well(&["pkcs15-tool", "--dump"]);
        for object in
            ["User Authentication PIN", "Digital Signature PIN", "User Authentication Key"]
        {
            assert!(dump.contains(object), "{object}:\n{dump}");
        }
    });
}

#[test]
fn opensc_reads_the_certificates_that_need_no_pin() {
    alone("opensc_reads_the_certificates_that_need_no_pin", Slots::Two, |stack| {
        let profile = Profile::adult();
        let _slot = stack.with_card(profile.card());
        for (id, ef) in [("1", 0x0A), ("3", 0x0B), ("4", 0x02)] {
            let path = stack.folder().join(format!("certificate-{id}"));
            let path = path.to_str().unwrap();
            let _ = stack.run_well(&["pkcs15-tool", "--read-certificate", id, "--output", path]);
            let der = stack.folder().join("der");
            let der = der.to_str().unwrap();
            let _ =
                stack.run_well(&["openssl", "x509", "-in", path, "-outform", "DER", "-out", der]);
            assert_eq!(fs::read(der).unwrap(), file(profile, Application::Jpki, ef), "{id}");
        }
    });
}

#[test]
fn opensc_signs_with_the_authentication_key() {
    alone("opensc_signs_with_the_authentication_key", Slots::Two, |stack| {
        let profile = Profile::adult();
        let slot = stack.with_card(profile.card());
        let pin = profile.secrets().auth_pin.clone().unwrap();
        let at = |name: &str| stack.folder().join(name).to_str().unwrap().to_owned();
        fs::write(at("message"), b"a message to be signed").unwrap();
        let _ = stack.run_well(&[
            "pkcs11-tool",
            "--module",
            module(),
            "--login",
            "--pin",
            &pin,
            "--sign",
            "--id",
            "01",
            "--mechanism",
            "SHA256-RSA-PKCS",
            "--input-file",
            &at("message"),
            "--output-file",
            &at("signature"),
        ]);
        fs::write(at("certificate"), file(profile, Application::Jpki, 0x0A)).unwrap();
        let key = stack.run_well(&[
            "openssl",
            "x509",
            "-inform",
            "DER",
            "-in",
            &at("certificate"),
            "-pubkey",
            "-noout",
        ]);
        fs::write(at("key"), key).unwrap();
        let verdict = stack.run_well(&[
            "openssl",
            "dgst",
            "-sha256",
            "-verify",
            &at("key"),
            "-signature",
            &at("signature"),
            &at("message"),
        ]);
        assert!(verdict.contains("Verified OK"), "{verdict}");
        assert_eq!(
            slot.with_card(|card| card.card().tries_left(Application::Jpki, 0x18)),
            Some(Some(3))
        );
    });
}

/// GnuPG's daemon knows this kind of card only as one that it does not know; what counts is that it
/// gets through its questions and leaves the card as it was.
#[test]
fn gnupg_asks_and_goes_away() {
    alone("gnupg_asks_and_goes_away", Slots::Two, |stack| {
        let slot = stack.with_card(Profile::adult().card());
        let before: Vec<_> = slot.with_card(|card| card.card().counters().collect()).unwrap();
        let home = stack.folder().join("gnupg");
        fs::create_dir(&home).unwrap();
        fs::write(home.join("scdaemon.conf"), "disable-ccid\n").unwrap();
        let home = home.to_str().unwrap();
        let daemon = "/usr/lib/gnupg/scdaemon";
        let (_, said) = stack.run(&[
            "sh",
            "-c",
            "printf 'SERIALNO\\nBYE\\n' | \"$0\" --server --homedir \"$1\"",
            daemon,
            home,
        ]);
        assert!(said.contains("OK"), "{said}");
        let asked = slot.with_card(|card| card.card().log().len()).unwrap();
        assert!(asked > 0, "it has asked nothing:\n{said}");
        let after: Vec<_> = slot.with_card(|card| card.card().counters().collect()).unwrap();
        assert_eq!(before, after);
        let mut link = interop::patiently(|| stack.connect(&ConnectOptions::new()).ok()).unwrap();
        let profile = Profile::adult();
        let mut driver = read(link.link(), Limits::default(), number(profile), plan()).unwrap();
        let reading = run(&mut driver, &mut link).unwrap();
        assert!(parts(&reading).iter().all(Option::is_some));
    });
}

#[test]
fn the_peer_agrees_with_us_about_every_card() {
    alone("the_peer_agrees_with_us_about_every_card", Slots::Two, |stack| {
        let slot = stack.slot(0);
        for profile in Profile::all().iter().filter(|profile| profile.code_b().is_some()) {
            slot.insert(profile.card()).unwrap();
            wait_for_card(&stack.reader(0)).unwrap();
            agree(stack, profile);
        }
    });
}

fn agree(stack: &Stack, profile: &Profile) {
    let ours = {
        let mut link = interop::patiently(|| stack.connect(&ConnectOptions::new()).ok()).unwrap();
        let mut driver = read(link.link(), Limits::default(), number(profile), plan()).unwrap();
        run(&mut driver, &mut link).unwrap()
    };
    let secrets = profile.secrets();
    let code = || Pin::new(secrets.code_b.as_ref().unwrap()).unwrap();
    let mut card = interop::patiently(|| connect_any(Sharing::Exclusive).ok()).unwrap();

    let mut face = SurfaceAp::select(&mut card).unwrap();
    face.verify_code_b(&code()).unwrap();
    let front = face.read_card_face().unwrap();
    let our_face = ours.face().value().unwrap();
    let photo = &front.photo.data;
    assert!(photo.is_empty() || our_face.bytes().windows(photo.len()).any(|part| part == photo));
    assert_eq!(face.read_ef(2).unwrap()[..our_face.bytes().len()], *our_face.bytes());

    let mut text = TextAp::select(&mut card).unwrap();
    text.verify_code_b(&code()).unwrap();
    let theirs = text.read_attributes().unwrap();
    let our_text = ours.attributes().value().unwrap();
    assert_eq!(text.read_ef(2).unwrap()[..our_text.bytes().len()], *our_text.bytes());
    assert_eq!(theirs.name, profile.holder_name());

    let information = CommonAp::select(&mut card).unwrap().read_card_info().unwrap();
    assert!(!information.serial.is_empty());
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    assert_eq!(
        jpki.read_auth_certificate_der().unwrap(),
        ours.certificate().value().unwrap().to_vec()
    );
    if let Some(pin) = &secrets.auth_pin {
        jpki.verify_auth_pin(&Pin::new(pin).unwrap()).unwrap();
        jpki.sign_with_auth_key_checked(SignatureScheme::Sha256DigestInfo, b"message").unwrap();
    }
    card.transport_mut().power_cycle().unwrap();
}

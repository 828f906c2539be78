//! Roots: the built-in ones are those that the table lists, and a caller's file is read strictly.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod common;

use common::{Key, base64, cv_certificate, hex, key_id, roots_file, sha256};
use mynacard_core::Error;
use mynacard_core::map::Application;
use mynacard_core::trust::cv::CvCertificate;
use mynacard_core::trust::roots::{CvRoot, RootsFault, TestCardsAccepted};
use mynacard_core::trust::{Doubt, Forgery, Hierarchy, KeyId, Provenance, Roots};
use serde_json::{Value, json};

/// Digests of `data/roots/README.md`, by file name.
fn listed() -> Vec<(String, String)> {
    let table = include_str!("../data/roots/README.md");
    let row = |line: &str| {
        let mut cells = line.split('`').skip(1).step_by(2).map(str::to_owned);
        Some((cells.next()?, cells.last().filter(|digest| digest.len() == 64)?))
    };
    table.lines().filter(|line| line.starts_with('|')).filter_map(row).collect()
}

#[test]
fn every_file_has_the_digest_that_is_listed_and_every_root_is_one_of_them() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/roots");
    let listed = listed();
    assert_eq!(listed.len(), 14);
    for (name, digest) in &listed {
        let file = [folder.join(name), folder.join("test").join(name)]
            .into_iter()
            .find_map(|path| std::fs::read(path).ok())
            .expect("the listed file");
        assert_eq!(hex(&sha256(&file)).to_lowercase(), *digest, "{name}");
    }
    let fingerprint = |name: &str| &listed.iter().find(|(file, _)| file == name).unwrap().1;
    let production = Roots::production();
    let names = ["authca01", "authca02", "authca03", "signca01", "signca02", "signca03"];
    assert_eq!(production.x509().len(), names.len());
    for (root, name) in production.x509().iter().zip(names) {
        let expected = fingerprint(&format!("{name}.cer"));
        assert_eq!(hex(root.fingerprint()).to_lowercase(), *expected);
        assert_eq!(root.anchor().provenance, Provenance::Published);
    }
    let test = Roots::test(TestCardsAccepted);
    assert_eq!(test.x509().len(), 4);
    assert!(test.x509().iter().all(|it| it.anchor().provenance == Provenance::TestCards));
}

/// The fingerprints that J-LIS publishes with the certificates.
#[test]
fn the_production_fingerprints_are_the_published_ones() {
    let published = [
        "4DCFC4CA0AAF9FB2A3081B3F0C991C320B3ACC008667A341EEAEC5AF1D58CA7D",
        "0D98DE47FC11B7F67126874B7028B6026A803D2638D6EDFE53176953961FADE6",
        "64114F29620C24ED2631D46476A040E7EE740D956089C00B036A6A8118C322B5",
        "19645405A1FE14377434BD55957628AC4038557C542403A2243F21C706FC9355",
        "79679C33E4CC9319440F1AD120A597FF1844E2EF217063ADB176966FD5E6FBEB",
        "D227F6CDE11D35C5252178F106F843D24651944975413B539FA2FB68DBFA365F",
    ];
    let ours: Vec<_> = Roots::production().x509().iter().map(|it| hex(it.fingerprint())).collect();
    assert_eq!(ours, published);
}

#[test]
fn hierarchies_are_apart_and_say_where_their_keys_came_from() {
    let (production, test) = (Roots::production(), Roots::test(TestCardsAccepted));
    let ids = |roots: &Roots| roots.cv().iter().map(|it| it.id().to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&production), ["5000023/001", "5000033/001"]);
    assert_eq!(ids(&test), ["6000023/001", "6000033/001"]);
    for (roots, hierarchy) in [(&production, Hierarchy::Production), (&test, Hierarchy::Test)] {
        assert_eq!(*roots.hierarchy(), hierarchy);
        let applications: Vec<_> = roots.cv().iter().map(CvRoot::application).collect();
        assert_eq!(applications, [Application::Face, Application::Text]);
        assert!(roots.cv().iter().all(|it| it.anchor().hierarchy == hierarchy));
        assert!(roots.cv().iter().all(|it| it.anchor().provenance == Provenance::Community));
        assert!(roots.x509().iter().all(|it| it.anchor().hierarchy == hierarchy));
    }
}

#[test]
fn the_community_s_numbers_are_those_of_the_package_they_came_from() {
    let all = [Roots::production(), Roots::test(TestCardsAccepted)];
    let ours: Vec<_> = all.iter().flat_map(Roots::cv).collect();
    // All that it carries but the roots of the card's outermost level.
    let theirs = myna_card::ca::KNOWN.iter().filter(|it| it.key_id[1..7] != *b"000020");
    let theirs: Vec<_> = theirs.map(|it| (KeyId::new(*it.key_id), it.modulus)).collect();
    let ours: Vec<_> = ours.iter().map(|it| (it.id(), it.key().modulus())).collect();
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 4);
}

fn good() -> Value {
    let key = Key::load("a");
    serde_json::from_slice(&roots_file("workshop", &[(key_id("6000023", "001"), &key)], &[]))
        .unwrap()
}

fn fault(file: &Value) -> RootsFault {
    let error = Roots::from_json(file.to_string().as_bytes()).unwrap_err();
    assert_eq!(Error::from(error).code(), error.fault.code());
    error.fault
}

#[test]
fn a_caller_s_roots_carry_the_caller_s_name() {
    let mut file = good();
    file["x509"] = json!([base64(include_bytes!("../data/roots/authca03.cer"))]);
    let roots = Roots::from_json(file.to_string().as_bytes()).unwrap();
    assert_eq!(*roots.hierarchy(), Hierarchy::Caller("workshop".into()));
    assert_eq!((roots.cv().len(), roots.x509().len()), (1, 1));
    // Even the published root is only the caller's when the caller brings it.
    assert_eq!(roots.x509()[0].anchor().provenance, Provenance::Caller);
    let modulus = file["cv"][0]["modulus"].as_str().unwrap().to_lowercase();
    file["cv"][0]["modulus"] = json!(modulus);
    assert!(Roots::from_json(file.to_string().as_bytes()).is_ok());
}

#[test]
fn names_that_could_be_taken_for_a_built_in_hierarchy_are_refused() {
    let long = "x".repeat(65);
    for name in
        ["production", "Test", "TEST", "PRODUCTION", "", " ", " test", "a\nb", "a\u{7}", &long]
    {
        let mut file = good();
        file["hierarchy"] = json!(name);
        assert_eq!(fault(&file), RootsFault::Name, "{name:?}");
    }
    let mut file = good();
    file["hierarchy"] = json!("訓練 2026-1");
    assert!(Roots::from_json(file.to_string().as_bytes()).is_ok());
}

#[test]
fn files_of_another_form_are_refused() {
    for bytes in [&b""[..], b"{", b"[]", b"null", b"\xFF", br#"{"hierarchy": 1}"#] {
        assert_eq!(Roots::from_json(bytes).unwrap_err(), RootsFault::Format.into());
    }
    let mut file = good();
    file["comment"] = json!("hello");
    assert_eq!(fault(&file), RootsFault::Format);
    assert_eq!(fault(&json!({ "hierarchy": "empty" })), RootsFault::Empty);
    let huge = Roots::from_json(&vec![b' '; (1 << 20) + 1]);
    assert_eq!(huge.unwrap_err(), RootsFault::TooLarge.into());
    let mut file = good();
    file["x509"] = json!(vec![""; 65]);
    assert_eq!(fault(&file), RootsFault::TooLarge);
}

#[test]
fn every_key_and_certificate_is_judged_and_none_is_skipped() {
    let with = |field: &str, value: &str| {
        let mut file = good();
        file["cv"][0][field] = json!(value);
        fault(&file)
    };
    assert_eq!(with("key_id", "36"), RootsFault::KeyId);
    assert_eq!(with("key_id", "xx"), RootsFault::Encoding);
    assert_eq!(with("modulus", "0"), RootsFault::Encoding);
    for exponent in ["01", "03", "00010001", "010003", ""] {
        assert_eq!(with("exponent", exponent), RootsFault::WeakKey, "{exponent}");
    }
    let modulus = hex(&Key::load("a").modulus());
    let even = modulus[..510].to_owned() + "00";
    let short = "7F".to_owned() + &modulus[2..];
    let padded = "00".to_owned() + &modulus;
    let small = hex(&Key::load("1024").modulus());
    let huge = "C0".repeat(512) + "01";
    for modulus in [&even, &short, &padded, &small, ""] {
        assert_eq!(with("modulus", modulus), RootsFault::WeakKey);
    }
    assert_eq!(with("modulus", &huge), RootsFault::KeySize);
    let mut twice = good();
    let entry = twice["cv"][0].clone();
    twice["cv"] = json!([entry, entry]);
    assert_eq!(fault(&twice), RootsFault::Duplicate);

    let root = include_bytes!("../data/roots/authca03.cer");
    let x509 = |certificates: Value| {
        let mut file = good();
        file["x509"] = certificates;
        fault(&file)
    };
    assert_eq!(x509(json!(["!"])), RootsFault::Encoding);
    assert_eq!(x509(json!([base64(&root[..900])])), RootsFault::Certificate);
    assert_eq!(x509(json!([base64(&[&root[..], b"x"].concat())])), RootsFault::Certificate);
    assert_eq!(x509(json!([base64(root), base64(root)])), RootsFault::Duplicate);
    // An authority's certificate with a changed signature, and one that is no authority's.
    let mut changed = root.to_vec();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(x509(json!([base64(&changed)])), RootsFault::NotSelfSigned);
    let leaf = common::published("jpki-auth-cert.der");
    assert_eq!(x509(json!([base64(&leaf)])), RootsFault::NotAuthority);
}

/// A root vouches for the records of one application, whatever its id looks like.
#[test]
fn a_caller_s_root_is_for_the_one_application_that_it_names() {
    let (root, signer) = (Key::load("a"), Key::load("b"));
    let [named_face, named_text, plain] =
        ["6000023", "6000033", "9900023"].map(|number| key_id(number, "001"));
    let loaded = |id: [u8; 16], application: Value| {
        let mut file: Value =
            serde_json::from_slice(&roots_file("workshop", &[(id, &root)], &[])).unwrap();
        if application != Value::Null {
            file["cv"][0]["application"] = application;
        }
        Roots::from_json(file.to_string().as_bytes())
    };
    assert_eq!(KeyId::new(plain).root_application(), None);
    for (id, application, expected) in [
        (plain, json!(null), Err(RootsFault::Application)),
        (plain, json!("face"), Ok(Application::Face)),
        (plain, json!("text"), Ok(Application::Text)),
        (plain, json!("jpki"), Err(RootsFault::Application)),
        (plain, json!("Face"), Err(RootsFault::Application)),
        (plain, json!(""), Err(RootsFault::Application)),
        (named_face, json!(null), Ok(Application::Face)),
        (named_face, json!("face"), Ok(Application::Face)),
        (named_face, json!("text"), Err(RootsFault::Application)),
        (named_text, json!(null), Ok(Application::Text)),
        (named_text, json!("face"), Err(RootsFault::Application)),
        (key_id("5000020", "001"), json!(null), Err(RootsFault::Application)),
    ] {
        let roots = loaded(id, application.clone());
        let found = roots.as_ref().map(|roots| roots.cv()[0].application()).map_err(|it| it.fault);
        assert_eq!(found, expected, "{application}");
        let (Ok(roots), Ok(good)) = (roots, expected) else { continue };
        let file = cv_certificate(id, &root, key_id("1322121", "000"), &signer);
        let certificate = CvCertificate::parse(&file).unwrap();
        for application in
            [Application::Face, Application::Text, Application::Jpki, Application::Common]
        {
            let verified = certificate.verify(&roots, application).map(drop);
            let why = Forgery::WrongApplication;
            let expected = if application == good { Ok(()) } else { Err(Doubt::Forged { why }) };
            assert_eq!(verified, expected, "{application:?} under a root for {good:?}");
        }
    }
    assert_eq!(loaded(plain, json!(3)).unwrap_err(), RootsFault::Format.into());
}

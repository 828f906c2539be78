//! A card whose certificate is signed on P-384, read and judged end to end; and what a forger makes of it.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Challenge, Clock, Roots, Verdict};
use mynacard_core::{CardTransport, Examined, Limits, Plan, VerificationNumberB, read, run};
use mynacard_sim::x509::{Algorithm, Certificate};
use mynacard_sim::{
    Application, CardBuilder, CertificateKey, Issuer, Profile, PublicRoots, VirtualCard,
};

fn later() -> &'static Profile {
    Profile::find("p384-chain").unwrap()
}

fn roots() -> Roots {
    Roots::from_json(PublicRoots::test().to_json().as_bytes()).unwrap()
}

fn examine(mut card: VirtualCard, plan: Plan, roots: &Roots) -> Examined {
    let digits = later().code_b().unwrap();
    let number = VerificationNumberB::from_digits(digits.as_bytes()).unwrap();
    let plan = plan.with_challenge(Challenge::new(b"never met before, and long enough").unwrap());
    let mut driver = read(card.link(), Limits::default(), number, plan).unwrap();
    let reading = run(&mut driver, &mut card).unwrap();
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    reading.examine(None, roots, Clock::Trusted(now), &NoRevocationSource)
}

fn whole(card: VirtualCard) -> Examined {
    examine(card, Plan::all(), &roots())
}

fn with_certificate(der: &[u8]) -> VirtualCard {
    later().builder().replace_file(Application::Jpki, 0x0A, der).build()
}

/// The card's certificate as it is or was changed, signed by a key.
fn signed(by: &CertificateKey, change: impl FnOnce(&mut Certificate)) -> Vec<u8> {
    let mut certificate = later().spec().auth_certificate.unwrap();
    change(&mut certificate);
    certificate.sign(by)
}

#[test]
fn the_card_is_genuine_and_live() {
    let card = whole(later().card());
    assert_eq!(card.reading().errors().collect::<Vec<_>>(), []);
    let report = card.report();
    assert_eq!((report.verdict(), report.findings()), (Verdict::GenuineLive, &[][..]));
    let certificate = report.certificate();
    assert_eq!(certificate.authenticity.why(), "mynacard-test root, caller");
    let facts = certificate.facts.as_ref().unwrap();
    assert_eq!((facts.serial.hex().as_str(), facts.municipality), ("990112", Some(*b"99101")));
    assert_eq!(facts.not_after.to_string(), "2035-05-03T14:59:59Z");
    // Under the two generations of the authority before, its issuer is one that is not known.
    let mut before = PublicRoots::test();
    let generation = Issuer::test_p384().auth_authority.certificate_der();
    before.x509.retain(|der| *der != generation);
    let before = Roots::from_json(before.to_json().as_bytes()).unwrap();
    // It names the key that signed, so nobody is accused.
    let card = examine(later().card(), Plan::all(), &before);
    assert_eq!(card.report().verdict(), Verdict::IssuerUnknown);
}

#[test]
fn no_single_bit_of_its_certificate_passes() {
    let (file, roots) = (later().builder().file_content(Application::Jpki, 0x0A).unwrap(), roots());
    let plan = || Plan { face: false, attributes: false, ..Plan::certificate_only() };
    assert!(
        examine(later().card(), plan(), &roots).report().certificate().authenticity.is_genuine()
    );
    for bit in (0..file.len() * 8).step_by(11) {
        let mut spoilt = file.clone();
        spoilt[bit / 8] ^= 1 << (bit % 8);
        let card = examine(with_certificate(&spoilt), plan(), &roots);
        assert!(!card.report().certificate().authenticity.is_genuine(), "bit {bit}");
    }
}

/// By the forger's RSA key, in the name of the authority and of its key on P-384: stating what the key does,
/// and stating what the authority does.
#[test]
fn an_rsa_signature_under_a_root_on_a_curve_is_forged() {
    let rogue = CertificateKey::named("rogue-ca").unwrap();
    for algorithm in [Algorithm::RsaSha256, Algorithm::EcdsaSha384] {
        let der = signed(&rogue, |it| it.algorithm = algorithm);
        let card = whole(with_certificate(&der));
        assert_eq!(card.report().certificate().authenticity.why(), "signature");
        assert_eq!(card.report().verdict(), Verdict::Forged, "{algorithm:?}");
    }
    // And by a key on the curve that is not the authority's.
    let holder = CertificateKey::named("p384-chain-auth").unwrap();
    let card = whole(with_certificate(&signed(&holder, |_| ())));
    assert_eq!(card.report().verdict(), Verdict::Forged);
}

#[test]
fn claiming_an_algorithm_that_is_not_known_makes_a_card_doubtful_at_best() {
    const ECDSA_SHA384: [u8; 8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03];
    let claim = |mut der: Vec<u8>| {
        let at =
            |der: &[u8], from| (from..der.len()).find(|at| der[*at..].starts_with(&ECDSA_SHA384));
        let first = at(&der, 0).unwrap();
        let second = at(&der, first + 1).unwrap();
        // ecdsa-with-SHA512.
        (der[first + 7], der[second + 7]) = (4, 4);
        der
    };
    let genuine = later().builder().file_content(Application::Jpki, 0x0A).unwrap();
    let holder = CertificateKey::named("p384-chain-auth").unwrap();
    for der in [genuine, signed(&holder, |it| it.serial = vec![1])] {
        let card = whole(with_certificate(&claim(der)));
        assert_eq!(card.report().certificate().authenticity.why(), "algorithm-unknown");
        // What the other applications prove stands, and the card is not genuine all the same.
        assert!(card.report().face().is_genuine() && card.report().attributes().is_genuine());
        assert_eq!(card.report().verdict(), Verdict::Unverified);
    }
    // A swapped photo stays forged beside it.
    let other = Profile::find("old-chip").unwrap().spec().holder.photo;
    let spec = later().spec();
    let mut face = spec.face_record();
    let signature = spec.issuer.face_signer.key.sign_verbatim(&face.signed_payload()).unwrap();
    face.photo = other;
    let genuine = later().builder().file_content(Application::Jpki, 0x0A).unwrap();
    let card: CardBuilder =
        later().builder().replace_file(Application::Jpki, 0x0A, &claim(genuine));
    let card = card.replace_file(Application::Face, 0x02, &face.with_signature(&signature));
    assert_eq!(whole(card.build()).report().verdict(), Verdict::Forged);
}

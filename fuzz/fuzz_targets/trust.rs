//! Altered records of a virtual card: nothing that passes a check differs from what was signed, and
//! no certificate of the test PKI passes as one of a public card.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mynacard_core::Timestamp;
use mynacard_core::map::Application;
use mynacard_core::trust::Roots;
use mynacard_core::trust::clock::Clock;
use mynacard_core::trust::cv::{CvCertificate, SigningKey};
use mynacard_core::trust::record::{AttributesRecord, FaceRecord, TextKeyRecord};
use mynacard_core::trust::x509::{NoRevocationSource, check_authentication};
use mynacard_sim::{Application as Ap, Profile, PublicRoots};

struct Genuine {
    roots: Roots,
    public_roots: Roots,
    face_signer: SigningKey,
    text_signer: SigningKey,
    face: Vec<u8>,
    attributes: Vec<u8>,
    integrity: Vec<u8>,
    /// One under an RSA authority, one under an authority on P-384.
    certificates: [Vec<u8>; 2],
}

static GENUINE: LazyLock<Genuine> = LazyLock::new(|| {
    let roots = Roots::from_json(PublicRoots::test().to_json().as_bytes()).expect("its own roots");
    let builder = |name| Profile::find(name).expect("a profile of the simulator").builder();
    let (card, later) = (builder("child"), builder("p384-chain"));
    let file = |ap, fid| card.file_content(ap, fid).expect("a file of the simulator");
    let signer = |ap, application| {
        let certificate = file(ap, 0x0004);
        let certificate = CvCertificate::parse(&certificate).expect("a certificate");
        certificate.verify(&roots, application).expect("a genuine one")
    };
    Genuine {
        face_signer: signer(Ap::Face, Application::Face),
        text_signer: signer(Ap::Text, Application::Text),
        face: file(Ap::Face, 0x0002),
        attributes: file(Ap::Text, 0x0002),
        integrity: file(Ap::Text, 0x0003),
        public_roots: Roots::production(),
        certificates: [card, later]
            .map(|card| card.file_content(Ap::Jpki, 0x000A).expect("a file of the simulator")),
        roots,
    }
});

fuzz_target!(|bytes: &[u8]| {
    let genuine = &*GENUINE;
    signers(bytes, genuine);
    records(bytes, genuine);
    certificate(bytes, genuine);
});

fn signers(bytes: &[u8], genuine: &Genuine) {
    let Ok(parsed) = CvCertificate::parse(bytes) else { return };
    assert!(parsed.verify(&genuine.public_roots, Application::Face).is_err());
    for (application, signer) in
        [(Application::Face, &genuine.face_signer), (Application::Text, &genuine.text_signer)]
    {
        if let Ok(verified) = parsed.verify(&genuine.roots, application) {
            assert!(signer.id() == verified.id() && signer.key() == verified.key());
        }
    }
}

fn records(bytes: &[u8], genuine: &Genuine) {
    let (face, text) = (&genuine.face_signer, &genuine.text_signer);
    if let Ok(record) = FaceRecord::from_file(bytes)
        && record.verify(face).is_ok()
    {
        let signed = FaceRecord::from_file(&genuine.face).expect("it parses");
        assert_eq!((record.birth_date(), record.sex()), (signed.birth_date(), signed.sex()));
    }
    for (attributes, integrity) in
        [(bytes, &genuine.integrity[..]), (&genuine.attributes[..], bytes)]
    {
        if let Ok(record) = AttributesRecord::from_files(attributes, integrity)
            && record.verify(text).is_ok()
        {
            let signed = AttributesRecord::from_files(&genuine.attributes, &genuine.integrity)
                .expect("it parses");
            assert_eq!((record.birth_date(), record.sex()), (signed.birth_date(), signed.sex()));
        }
    }
    if let Ok(record) = TextKeyRecord::from_file(bytes)
        && let Ok(key) = record.verify(text)
    {
        assert_eq!(key.anchor(), text.anchor());
    }
}

fn certificate(bytes: &[u8], genuine: &Genuine) {
    let now = Timestamp::from_unix_millis(1_780_000_000_000).expect("a time");
    let check =
        |roots| check_authentication(bytes, roots, Clock::Trusted(now), &NoRevocationSource);
    assert!(!check(&genuine.public_roots).authenticity.is_genuine());
    if check(&genuine.roots).authenticity.is_genuine() {
        assert!(genuine.certificates.iter().any(|it| bytes == it));
    }
}

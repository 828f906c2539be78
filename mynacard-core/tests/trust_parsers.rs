//! The parsers of certificates, records and roots files on any bytes: they end, and never panic.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

mod common;

use common::published;
use mynacard_core::map::Application;
use mynacard_core::trust::cv::CvCertificate;
use mynacard_core::trust::record::{AttributesRecord, FaceRecord, TextKeyRecord};
use mynacard_core::trust::roots::TestCardsAccepted;
use mynacard_core::trust::{KeyId, Roots};
use proptest::prelude::*;

#[test]
fn key_ids_are_shown_in_the_usual_form_if_they_have_it() {
    let id = |text: &[u8; 16]| KeyId::new(*text).to_string();
    assert_eq!(id(b"6000023\x08\x05001\0\0\0\0"), "6000023/001");
    assert_eq!(id(b"5000020\x08\x05001\0\0\0\xA8"), "5000020/001/000000A8");
    assert_eq!(id(b"600002x\x08\x05001\0\0\0\0"), "36303030303278080530303100000000");
    assert_eq!(id(b"6000023\x08\x06001\0\0\0\0"), "36303030303233080630303100000000");
}

fn parse_all(bytes: &[u8]) {
    let _ = CvCertificate::parse(bytes);
    let _ = FaceRecord::from_file(bytes);
    let _ = FaceRecord::new(bytes, bytes, bytes, bytes);
    let _ = AttributesRecord::from_files(bytes, bytes);
    let _ = TextKeyRecord::from_file(bytes);
    let _ = Roots::from_json(bytes);
}

proptest! {
    #[test]
    fn any_bytes_are_parsed_or_refused(bytes: Vec<u8>) {
        parse_all(&bytes);
    }

    #[test]
    fn a_certificate_with_any_span_overwritten_is_not_believed(
        at in 0_usize..568,
        patch in proptest::collection::vec(any::<u8>(), 1..40),
    ) {
        let original = published("surface-0004.bin");
        let mut file = original.clone();
        file.iter_mut().skip(at).zip(&patch).for_each(|(slot, byte)| *slot = *byte);
        parse_all(&file);
        let roots = Roots::test(TestCardsAccepted);
        let genuine = CvCertificate::parse(&file)
            .is_ok_and(|it| it.verify(&roots, Application::Face).is_ok());
        prop_assert_eq!(genuine, file == original);
    }

    #[test]
    fn broken_records_are_parsed_or_refused(
        which in 0_usize..4,
        at in 0_usize..3100,
        patch in proptest::collection::vec(any::<u8>(), 1..6),
    ) {
        let names = ["surface-0002", "text-0002", "text-0003", "text-0007"];
        let mut file = published(&format!("{}.bin", names[which]));
        let at = at % file.len();
        file.iter_mut().skip(at).zip(&patch).for_each(|(slot, byte)| *slot = *byte);
        parse_all(&file);
    }
}

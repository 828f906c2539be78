//! Any text, typed, copied in parts or read by OCR, is a 照合番号B or a refusal, never more than that.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynacard_core::credential::{BirthYear, PrintedParts, VerificationNumberB};
use mynacard_core::error::CredentialFault;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(number) = VerificationNumberB::from_digits(bytes) {
        let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
        assert!(digits <= VerificationNumberB::LENGTH);
        assert_eq!(format!("{number:?}"), "VerificationNumberB");
    }

    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.split('\n').collect();
    let plain = VerificationNumberB::from_ocr_lines(&lines);
    for rule in [BirthYear::Era, BirthYear::Gregorian] {
        let chosen = VerificationNumberB::from_ocr_lines_with(&lines, rule);
        // Which year to take changes the number, never what is found on the card.
        match &plain {
            Ok(_) => assert!(chosen.is_ok()),
            Err(CredentialFault::CalendarUndecided) => {
                assert!(!matches!(chosen, Err(CredentialFault::CalendarUndecided)));
            }
            Err(why) => assert_eq!(chosen.err(), Some(*why)),
        }
    }
    if let [birth_date, expiry, security_code, ..] = *lines {
        let parts = PrintedParts::new(birth_date, expiry, security_code);
        let plain = VerificationNumberB::from_printed(&parts);
        let chosen = VerificationNumberB::from_printed(&parts.with_birth_year(BirthYear::Era));
        assert!(plain.is_err() || chosen.is_ok());
    }
});

//! What can be asked without any number: what lies on the reader, tries left, the card's own facts.

use mynacard_core::applet::jpki::TokenKind;
use mynacard_core::card::TriesLeft;
use mynacard_core::map::{Beside, OtherCard};
use mynacard_core::reading::Token;

use super::boundary::{Out, code, guarded};
use super::driver::mynacard_driver;
use super::handle;
use super::result::{MYNACARD_OK, mynacard_result};
use super::types::mynacard_date;
use crate::session::Outcome;

/// What lies on the reader.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum mynacard_token_kind {
    /// A card that is none of ours.
    MYNACARD_TOKEN_FOREIGN = 0,
    /// A My Number Card (個人番号カード): the only one that this service takes.
    MYNACARD_TOKEN_CARD = 1,
    /// The card before it (住民基本台帳カード).
    MYNACARD_TOKEN_JUKI_CARD = 2,
    /// An Android phone.
    MYNACARD_TOKEN_ANDROID_PHONE = 3,
    /// An iPhone.
    MYNACARD_TOKEN_IPHONE = 4,
    /// A token of JPKI with a label that is not known.
    MYNACARD_TOKEN_UNKNOWN = 5,
    /// A residence card (在留カード, 特別永住者証明書) that is no My Number Card. Confidence B.
    MYNACARD_TOKEN_RESIDENCE_CARD = 6,
    /// A driving licence (運転免許証). Confidence B.
    MYNACARD_TOKEN_DRIVING_LICENCE = 7,
    /// A passport (旅券) or another travel document.
    MYNACARD_TOKEN_PASSPORT = 8,
}

impl From<Token> for mynacard_token_kind {
    fn from(token: Token) -> Self {
        match token {
            Token::Foreign(card) => match card {
                OtherCard::ResidenceCard => Self::MYNACARD_TOKEN_RESIDENCE_CARD,
                OtherCard::DrivingLicence => Self::MYNACARD_TOKEN_DRIVING_LICENCE,
                OtherCard::Passport => Self::MYNACARD_TOKEN_PASSPORT,
                OtherCard::JukiCard => Self::MYNACARD_TOKEN_JUKI_CARD,
                _ => Self::MYNACARD_TOKEN_FOREIGN,
            },
            Token::Jpki(info) => match info.kind() {
                TokenKind::Card => Self::MYNACARD_TOKEN_CARD,
                TokenKind::JukiCard => Self::MYNACARD_TOKEN_JUKI_CARD,
                TokenKind::AndroidPhone => Self::MYNACARD_TOKEN_ANDROID_PHONE,
                TokenKind::IPhone => Self::MYNACARD_TOKEN_IPHONE,
                _ => Self::MYNACARD_TOKEN_UNKNOWN,
            },
        }
    }
}

/// What lies on the reader, and what else is on it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mynacard_token {
    /// What it is.
    pub kind: mynacard_token_kind,
    /// 1 if a My Number Card is a residence card too (特定在留カード). Confidence C.
    pub residence_permit: u32,
    /// 1 if a My Number Card is a driving licence too (マイナ免許証). Confidence B.
    pub driving_licence: u32,
}

/// What a driver of mynacard_driver_new_identify has found. Codes: why it found nothing out;
/// MYNACARD_BOUNDARY_ABSENT before the end and when it was taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_token(
    driver: *mut mynacard_driver,
    out_token: *mut mynacard_token,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_token) }?;
        let driver = handle::get(driver)?;
        let identified = driver.take_outcome(|outcome| match outcome {
            Outcome::Token(identified) => Ok(identified),
            other => Err(other),
        })??;
        out.write(mynacard_token {
            kind: identified.token.into(),
            residence_permit: identified.beside.contains(&Beside::ResidencePermit).into(),
            driving_licence: identified.beside.contains(&Beside::DrivingLicence).into(),
        });
        Ok(())
    })
}

/// The tries left of one key.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_tries {
    /// MYNACARD_OK, or why nothing is known.
    pub status: mynacard_result,
    /// Tries left, 0 if blocked; -1 if the card does not tell, or the status is not MYNACARD_OK.
    pub left: i32,
}

impl From<Result<TriesLeft, mynacard_core::Error>> for mynacard_tries {
    fn from(tries: Result<TriesLeft, mynacard_core::Error>) -> Self {
        match tries {
            Ok(TriesLeft::Count(left)) => Self { status: MYNACARD_OK, left: i32::from(left) },
            Ok(TriesLeft::Blocked) => Self { status: MYNACARD_OK, left: 0 },
            Ok(TriesLeft::AlreadyVerified | TriesLeft::NotTold) => {
                Self { status: MYNACARD_OK, left: -1 }
            }
            Err(error) => Self { status: code(error), left: -1 },
        }
    }
}

/// The tries left of every key that is known, each for itself.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_all_tries {
    /// 照合番号B of the card-face application.
    pub face_b: mynacard_tries,
    /// 照合番号B of the text application.
    pub text_b: mynacard_tries,
    /// PIN of the text application.
    pub text_pin: mynacard_tries,
    /// PIN of the authentication key.
    pub authentication_pin: mynacard_tries,
    /// Password of the signature key.
    pub signature_password: mynacard_tries,
}

/// What a driver of mynacard_driver_new_tries has found. Codes: MYNACARD_BOUNDARY_ABSENT before the
/// end and when it was taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_tries(
    driver: *mut mynacard_driver,
    out_tries: *mut mynacard_all_tries,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_tries) }?;
        let driver = handle::get(driver)?;
        let all = driver.take_outcome(|outcome| match outcome {
            Outcome::Tries(tries) => Ok(tries),
            other => Err(other),
        })?;
        out.write(mynacard_all_tries {
            face_b: all.face_b.into(),
            text_b: all.text_b.into(),
            text_pin: all.text_pin.into(),
            authentication_pin: all.authentication_pin.into(),
            signature_password: all.signature_password.into(),
        });
        Ok(())
    })
}

/// What a card says of itself without any number. Nothing of it is signed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_card_facts {
    /// MYNACARD_OK if `expiry` and `municipality` were read, or why not.
    pub card_status: mynacard_result,
    /// The card's last day (有効期限); zeros if not read, or none.
    pub expiry: mynacard_date,
    /// The issuing municipality (市区町村コード): five ASCII digits and a zero; zeros if not
    /// read, or none.
    pub municipality: [u8; 6],
    /// MYNACARD_OK if the next two were read, or why not.
    pub certificates_status: mynacard_result,
    /// 1 if the signature certificate is there; never for holders under 15.
    pub signature_certificate: u32,
    /// 1 if the authentication certificate is there.
    pub authentication_certificate: u32,
}

/// What a driver of mynacard_driver_new_facts has found. Codes: MYNACARD_BOUNDARY_ABSENT before the
/// end and when it was taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_facts(
    driver: *mut mynacard_driver,
    out_facts: *mut mynacard_card_facts,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_facts) }?;
        let driver = handle::get(driver)?;
        let facts = driver.take_outcome(|outcome| match outcome {
            Outcome::Facts(facts) => Ok(facts),
            other => Err(other),
        })?;
        let mut told = mynacard_card_facts {
            card_status: MYNACARD_OK,
            expiry: mynacard_date { year: 0, month: 0, day: 0 },
            municipality: [0; 6],
            certificates_status: MYNACARD_OK,
            signature_certificate: 0,
            authentication_certificate: 0,
        };
        match &facts.card_info {
            Ok(info) => {
                told.expiry = info.expiry().ok().into();
                let digits =
                    told.municipality.iter_mut().zip(info.municipality().into_iter().flatten());
                digits.for_each(|(place, digit)| *place = *digit);
            }
            Err(error) => told.card_status = code(*error),
        }
        match facts.availability {
            Ok(there) => {
                told.signature_certificate = u32::from(there.signature);
                told.authentication_certificate = u32::from(there.authentication);
            }
            Err(error) => told.certificates_status = code(error),
        }
        out.write(told);
        Ok(())
    })
}

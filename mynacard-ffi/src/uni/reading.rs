//! What was read, part by part, and what can be asked without any number.

use std::sync::Arc;

use mynacard_core::applet::jpki;
use mynacard_core::card::{self, TriesLeft};
use mynacard_core::error::Misuse;
use mynacard_core::field::{self, Text};
use mynacard_core::map::{Beside, OtherCard};
use mynacard_core::reading::{self, CardReading, Token};

use super::error::{MynacardFault, code_of, guarded};
use super::face::CardFace;
use super::plain::{CalendarDay, NotUnderstood, RegisteredSex, Statistics};
use crate::error::BoundaryFault;
use crate::kept::{KeptReading, log_line, value_of};

/// What was read from one card, wiped with its last reference. An encounter or a driver that goes on
/// with it takes out what was read: it is then empty (`BoundaryFault::Absent`).
#[derive(uniffi::Object)]
pub struct Reading(pub(super) KeptReading);

/// A part of a reading.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum ReadingPart {
    /// The card face: photo, birth date, sex, expiry.
    Face,
    /// The four attributes (基本4情報) as text.
    Attributes,
    /// The authentication certificate (利用者証明用電子証明書).
    Certificate,
    /// The chip's answer to the challenge.
    Proof,
    /// The text application's answer to it.
    TextProof,
}

#[uniffi::export]
impl Reading {
    /// What became of a part: none if it was read, else the code of why not. `BoundaryFault::Absent`: it was not
    /// in the plan, or an earlier part made it pointless.
    ///
    /// Errors: `BoundaryFault::Absent` when the reading was taken out.
    pub fn status(&self, part: ReadingPart) -> Result<Option<u16>, MynacardFault> {
        guarded(|| {
            self.0.look(|it| {
                Ok(match part {
                    ReadingPart::Face => code_of(value_of(it.face())),
                    ReadingPart::Attributes => code_of(value_of(it.attributes())),
                    ReadingPart::Certificate => code_of(value_of(it.certificate())),
                    ReadingPart::Proof => code_of(value_of(it.live_signature())),
                    ReadingPart::TextProof => code_of(value_of(it.text_live_signature())),
                })
            })
        })
    }

    /// A sentence for the log on why a part was not read, with the operation and the card's status word; empty
    /// if it was read. Nothing personal is in it. Errors: `BoundaryFault::Absent` when the reading was taken out.
    pub fn log_line(&self, part: ReadingPart) -> Result<String, MynacardFault> {
        guarded(|| {
            self.0.look(|it| {
                Ok(match part {
                    ReadingPart::Face => log_line(it.face()),
                    ReadingPart::Attributes => log_line(it.attributes()),
                    ReadingPart::Certificate => log_line(it.certificate()),
                    ReadingPart::Proof => log_line(it.live_signature()),
                    ReadingPart::TextProof => log_line(it.text_live_signature()),
                })
            })
        })
    }

    /// The card face. Errors: as [`Reading::status`].
    pub fn face(&self) -> Result<Arc<CardFace>, MynacardFault> {
        guarded(|| self.0.look(|it| Ok(CardFace::keep(Arc::clone(value_of(it.face())?)))))
    }

    /// Name (氏名), exactly as on the card. May hold characters that a font lacks: then show the picture of the
    /// name; none if it is no text that is understood. Errors: as [`Reading::status`].
    pub fn name(&self) -> Result<Option<String>, MynacardFault> {
        guarded(|| self.0.look(|it| Ok(text(value_of(it.attributes())?.name()))))
    }

    /// Address (住所), exactly as on the card; none if it is no text that is understood. Errors: as
    /// [`Reading::status`].
    pub fn address(&self) -> Result<Option<String>, MynacardFault> {
        guarded(|| self.0.look(|it| Ok(text(value_of(it.attributes())?.address()))))
    }

    /// Birth date (生年月日) of the attributes; none if the chip has none that is a day of the calendar. Errors: as
    /// [`Reading::status`].
    pub fn birth_date(&self) -> Result<Option<CalendarDay>, MynacardFault> {
        guarded(|| {
            self.0.look(|it| {
                let birth = value_of(it.attributes())?.birth_date().ok();
                Ok(birth.map(|birth| birth.date().into()))
            })
        })
    }

    /// Sex (性別) of the attributes; none if the chip has another code. Errors: as [`Reading::status`].
    pub fn sex(&self) -> Result<Option<RegisteredSex>, MynacardFault> {
        guarded(|| self.0.look(|it| Ok(value_of(it.attributes())?.sex().ok().map(Into::into))))
    }

    /// Those of the attributes that were not understood. Errors: as [`Reading::status`].
    pub fn not_understood(&self) -> Result<Vec<NotUnderstood>, MynacardFault> {
        guarded(|| {
            self.0.look(|it| {
                Ok(value_of(it.attributes())?.not_understood().map(Into::into).collect())
            })
        })
    }

    /// The authentication certificate, X.509 DER. Errors: as [`Reading::status`].
    pub fn certificate(&self) -> Result<Vec<u8>, MynacardFault> {
        guarded(|| self.0.look(|it| Ok(value_of(it.certificate())?.to_vec())))
    }

    /// What the reading has cost, over all taps. Errors: `BoundaryFault::Absent` when it was taken out.
    pub fn statistics(&self) -> Result<Statistics, MynacardFault> {
        guarded(|| self.0.look(|it| Ok(it.statistics().into())))
    }

    /// Tries that the reading has spent, over both counters, as far as the card has answered.
    /// Errors: `BoundaryFault::Absent` when it was taken out.
    pub fn tries_spent(&self) -> Result<u8, MynacardFault> {
        guarded(|| self.0.look(|it| Ok(it.tries_spent())))
    }

    /// The VERIFY that opened, or did not open, the face or the attributes.
    ///
    /// Errors: `BoundaryFault::Absent` if there was none, or its answer was lost (the part's status is then
    /// `CredentialFault::OutcomeUnknown`: a try may be spent); `Misuse::OutOfRange` for another part.
    pub fn verification(&self, part: ReadingPart) -> Result<Verification, MynacardFault> {
        guarded(|| {
            let found = self.0.look(|it| match part {
                ReadingPart::Face => Ok(it.face_verification()),
                ReadingPart::Attributes => Ok(it.text_verification()),
                _ => Err(Misuse::OutOfRange.into()),
            })?;
            Ok(found.ok_or(BoundaryFault::Absent)?.into())
        })
    }
}

impl Reading {
    pub(super) fn keep(reading: CardReading) -> Arc<Self> {
        Arc::new(Self(KeptReading::new(reading)))
    }
}

/// What became of a VERIFY.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum VerifyOutcome {
    /// Right. The counter is back at its maximum.
    Accepted,
    /// The card said that the key was open already; nothing was sent, and the digits were not checked.
    AlreadyOpen,
    /// Wrong. One try is spent.
    Rejected,
    /// Blocked, before or by this try. Only a municipal office unlocks it.
    Blocked,
    /// Not tried, because fewer tries are left than the floor. Nothing is spent.
    RefusedByFloor,
}

/// A VERIFY with its circumstances.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Record)]
pub struct Verification {
    /// What became of it.
    pub outcome: VerifyOutcome,
    /// Tries left before it; none if the card told no number.
    pub left_before: Option<u8>,
    /// Tries left after it, the last number the card gave; none if it gave none. A success restores the counter
    /// to its maximum, which the card does not state.
    pub left: Option<u8>,
    /// Tries that it cost: 0 or 1.
    pub spent: u8,
    /// The floor in force.
    pub floor: u8,
    /// Whether the plan had allowed even the last try to be spent.
    pub allowed_last_tries: bool,
}

impl From<card::Verification> for Verification {
    fn from(verification: card::Verification) -> Self {
        Self {
            outcome: match verification.outcome {
                card::VerifyOutcome::Accepted => VerifyOutcome::Accepted,
                card::VerifyOutcome::AlreadyVerified => VerifyOutcome::AlreadyOpen,
                card::VerifyOutcome::Rejected { .. } => VerifyOutcome::Rejected,
                card::VerifyOutcome::Blocked => VerifyOutcome::Blocked,
                card::VerifyOutcome::RefusedByFloor { .. } => VerifyOutcome::RefusedByFloor,
            },
            left_before: verification.left_before,
            left: verification.tries_left(),
            spent: verification.tries_spent(),
            floor: verification.floor.tries(),
            allowed_last_tries: verification.allowed_last_tries(),
        }
    }
}

/// What lies on the reader.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum TokenKind {
    /// A card that is none of ours.
    Foreign,
    /// A My Number Card (個人番号カード): the only one that this service takes.
    Card,
    /// The card before it (住民基本台帳カード).
    JukiCard,
    /// An Android phone.
    AndroidPhone,
    /// An iPhone.
    IPhone,
    /// A token of JPKI with a label that is not known.
    Unknown,
    /// A residence card (在留カード, 特別永住者証明書) that is no My Number Card. Confidence B.
    ResidenceCard,
    /// A driving licence (運転免許証). Confidence B.
    DrivingLicence,
    /// A passport (旅券) or another travel document.
    Passport,
}

impl From<Token> for TokenKind {
    fn from(token: Token) -> Self {
        match token {
            Token::Foreign(card) => match card {
                OtherCard::ResidenceCard => Self::ResidenceCard,
                OtherCard::DrivingLicence => Self::DrivingLicence,
                OtherCard::Passport => Self::Passport,
                OtherCard::JukiCard => Self::JukiCard,
                _ => Self::Foreign,
            },
            Token::Jpki(info) => match info.kind() {
                jpki::TokenKind::Card => Self::Card,
                jpki::TokenKind::JukiCard => Self::JukiCard,
                jpki::TokenKind::AndroidPhone => Self::AndroidPhone,
                jpki::TokenKind::IPhone => Self::IPhone,
                _ => Self::Unknown,
            },
        }
    }
}

/// What lies on the reader, and what else is on it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Record)]
pub struct Identified {
    /// What it is.
    pub kind: TokenKind,
    /// Whether a My Number Card is a residence card too (特定在留カード). Confidence C.
    pub residence_permit: bool,
    /// Whether a My Number Card is a driving licence too (マイナ免許証). Confidence B.
    pub driving_licence: bool,
}

impl From<reading::Identified> for Identified {
    fn from(identified: reading::Identified) -> Self {
        Self {
            kind: identified.token.into(),
            residence_permit: identified.beside.contains(&Beside::ResidencePermit),
            driving_licence: identified.beside.contains(&Beside::DrivingLicence),
        }
    }
}

/// The tries left of one key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Record)]
pub struct KeyTries {
    /// The code of why nothing is known; none if the card answered.
    pub fault: Option<u16>,
    /// Tries left, 0 if blocked; none if the card does not tell.
    pub left: Option<u8>,
}

impl From<Result<TriesLeft, mynacard_core::Error>> for KeyTries {
    fn from(tries: Result<TriesLeft, mynacard_core::Error>) -> Self {
        match tries {
            Ok(TriesLeft::Count(left)) => Self { fault: None, left: Some(left) },
            Ok(TriesLeft::Blocked) => Self { fault: None, left: Some(0) },
            Ok(TriesLeft::AlreadyVerified | TriesLeft::NotTold) => Self { fault: None, left: None },
            Err(error) => Self { fault: Some(error.code()), left: None },
        }
    }
}

/// The tries left of every key that is known, each for itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Record)]
pub struct AllTries {
    /// 照合番号B of the card-face application.
    pub face_b: KeyTries,
    /// 照合番号B of the text application.
    pub text_b: KeyTries,
    /// PIN of the text application.
    pub text_pin: KeyTries,
    /// PIN of the authentication key.
    pub authentication_pin: KeyTries,
    /// Password of the signature key.
    pub signature_password: KeyTries,
}

impl From<reading::Tries> for AllTries {
    fn from(all: reading::Tries) -> Self {
        Self {
            face_b: all.face_b.into(),
            text_b: all.text_b.into(),
            text_pin: all.text_pin.into(),
            authentication_pin: all.authentication_pin.into(),
            signature_password: all.signature_password.into(),
        }
    }
}

/// Which certificates there are.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Record)]
pub struct Availability {
    /// The signature certificate; never for holders under 15.
    pub signature: bool,
    /// The authentication certificate.
    pub authentication: bool,
}

fn text(value: Result<&Text, &field::NotUnderstood>) -> Option<String> {
    value.ok().map(|text| text.as_str().to_owned())
}

/// What a card says of itself without any number. Nothing of it is signed.
#[derive(Clone, uniffi::Record)]
pub struct CardFacts {
    /// The code of why the next two were not read; none if they were.
    pub card_fault: Option<u16>,
    /// The card's last day (有効期限).
    pub expiry: Option<CalendarDay>,
    /// The issuing municipality (市区町村コード), five digits.
    pub municipality: Option<String>,
    /// The code of why the next was not read; none if it was.
    pub certificates_fault: Option<u16>,
    /// Which certificates there are.
    pub certificates: Option<Availability>,
}

impl From<reading::CardFacts> for CardFacts {
    fn from(facts: reading::CardFacts) -> Self {
        let info = facts.card_info.as_ref().ok();
        let there = facts.availability.as_ref().ok();
        Self {
            card_fault: facts.card_info.as_ref().err().map(|error| error.code()),
            expiry: info.and_then(|info| info.expiry().ok()).map(Into::into),
            municipality: info
                .and_then(|info| info.municipality().ok())
                .map(|digits| String::from_utf8_lossy(digits).into_owned()),
            certificates_fault: facts.availability.as_ref().err().map(|error| error.code()),
            certificates: there.map(|there| Availability {
                signature: there.signature,
                authentication: there.authentication,
            }),
        }
    }
}

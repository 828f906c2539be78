//! Everything that a host can ask about what was read, in numbers and stable names.

use data_encoding::HEXLOWER;
use mynacard::error::{BoundaryFault, Error};
use mynacard::session::Outcome;
use mynacard_core::Timestamp;
use mynacard_core::applet::face::CardFace;
use mynacard_core::applet::jpki::TokenKind;
use mynacard_core::calendar::{Date, Moment};
use mynacard_core::card::{TriesLeft, Verification, VerifyOutcome};
use mynacard_core::exchange;
use mynacard_core::field::{DecodeLimits, Image, Photo, Sex};
use mynacard_core::map::{Beside, OtherCard};
use mynacard_core::reading::{
    CardFacts, CardReading, Examined, Identified, Part, Token, Tries as AllTries,
};
use mynacard_core::trust::verdict::Value;
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Authenticity, Clock, Doubt, Liveness, Report, Roots, Verdict};

use super::expect::{
    Attributes, Certificate, Expect, Face, Facts, Left, Picture, Pictures, Proven, Reading,
    Statistics, Status, TokenFound, Tries, Trust, Verifications, Verified,
};

impl From<exchange::Statistics> for Statistics {
    fn from(from: exchange::Statistics) -> Self {
        let exchange::Statistics { exchanges, bytes_sent, bytes_received } = from;
        Self { exchanges, bytes_sent, bytes_received }
    }
}

impl Expect {
    /// What has come out of a driver, and what it has spent; a reading is examined for it.
    #[must_use]
    pub fn of(
        outcome: Outcome,
        spent: Statistics,
        roots: &Roots,
        clock: Clock,
    ) -> (Self, Option<CardReading>) {
        let mut expect = Self {
            resumed: None,
            reading: None,
            token: None,
            tries: None,
            facts: None,
            statistics: spent,
        };
        let (resumed, reading) = match outcome {
            Outcome::Token(token) => {
                expect.token = Some(token.as_ref().into());
                return (expect, None);
            }
            Outcome::Tries(tries) => {
                expect.tries = Some(tries.as_ref().into());
                return (expect, None);
            }
            Outcome::Facts(facts) => {
                expect.facts = Some(facts.as_ref().into());
                return (expect, None);
            }
            Outcome::Reading(reading) => (None, reading),
            Outcome::Resumed(Ok(reading)) => (Some(0), reading),
            Outcome::Resumed(Err(stopped)) => (Some(stopped.error.code()), stopped.reading),
        };
        let (expect, reading) = Self::of_reading(resumed, *reading, roots, clock);
        (expect, Some(reading))
    }

    /// What a reading holds, and what it has cost over all taps.
    pub(super) fn of_reading(
        resumed: Option<u16>,
        reading: CardReading,
        roots: &Roots,
        clock: Clock,
    ) -> (Self, CardReading) {
        let card = reading.examine(None, roots, clock, &NoRevocationSource);
        let expect = Self {
            resumed,
            reading: Some(Reading::of(&card)),
            token: None,
            tries: None,
            facts: None,
            statistics: card.reading().statistics().into(),
        };
        (expect, card.into_reading())
    }
}

impl Reading {
    fn of(card: &Examined) -> Self {
        let (reading, report) = (card.reading(), card.report());
        let errors = Status {
            face: error_of(reading.face()),
            attributes: error_of(reading.attributes()),
            certificate: error_of(reading.certificate()),
            proof: error_of(reading.live_signature()),
        };
        Self {
            status: errors.map(|error| error.map_or(0, |error| error.code())),
            log: errors.map(|error| error.map_or_else(String::new, |error| error.to_string())),
            verification: Verifications {
                face: reading.face_verification().map(Verified::from),
                attributes: reading.text_verification().map(Verified::from),
            },
            tries_spent: reading.tries_spent(),
            face: reading.face().value().map(|face| Face::of(face)),
            attributes: reading.attributes().value().map(|attributes| Attributes {
                name: attributes.name().map_or_else(|_| String::new(), |it| it.as_str().to_owned()),
                address: attributes
                    .address()
                    .map_or_else(|_| String::new(), |it| it.as_str().to_owned()),
                birth_date: attributes
                    .birth_date()
                    .map_or_else(|_| String::new(), |it| iso(it.date())),
                sex: attributes.sex().map_or(NOT_UNDERSTOOD, Sex::code),
            }),
            certificate: reading.certificate().value().map(|der| {
                let facts = report.certificate().facts.as_ref();
                let millis = |it: Moment| it.timestamp().map(Timestamp::unix_millis);
                Certificate {
                    sha256: sha256(der),
                    serial: facts.map(|facts| facts.serial.hex()),
                    not_before_unix_millis: facts.and_then(|facts| millis(facts.not_before)),
                    not_after_unix_millis: facts.and_then(|facts| millis(facts.not_after)),
                }
            }),
            trust: Trust::of(report),
        }
    }
}

impl<T> Status<T> {
    fn map<U>(&self, f: impl Fn(&T) -> U) -> Status<U> {
        Status {
            face: f(&self.face),
            attributes: f(&self.attributes),
            certificate: f(&self.certificate),
            proof: f(&self.proof),
        }
    }
}

/// Why a part was not read; none if it was.
fn error_of<T>(part: &Part<T>) -> Option<Error> {
    let absent = || BoundaryFault::Absent.into();
    match part {
        Part::Read(_) => None,
        Part::Failed(error) => Some((*error).into()),
        Part::Refused(verification) => Some(verification.fault().map_or_else(absent, Error::from)),
        Part::NotAttempted => Some(absent()),
    }
}

impl From<Verification> for Verified {
    fn from(from: Verification) -> Self {
        let number = |tries: Option<u8>| tries.map_or(-1, i32::from);
        Self {
            outcome: match from.outcome {
                VerifyOutcome::Accepted => 1,
                VerifyOutcome::AlreadyVerified => 2,
                VerifyOutcome::Rejected { .. } => 3,
                VerifyOutcome::Blocked => 4,
                VerifyOutcome::RefusedByFloor { .. } => 5,
            },
            left_before: number(from.left_before),
            left: number(from.tries_left()),
            spent: from.tries_spent(),
            floor: from.floor.tries(),
            allowed_last_tries: from.allowed_last_tries(),
        }
    }
}

impl Face {
    fn of(face: &CardFace) -> Self {
        Self {
            birth_date: face.birth_date().map_or_else(|_| String::new(), |it| iso(it.date())),
            sex: face.sex().map_or(NOT_UNDERSTOOD, Sex::code),
            expiry: face.expiry().map_or_else(|_| String::new(), iso),
            pictures: Pictures {
                photo: Picture::of(face.photo().map(Photo::image)),
                name: Picture::of(face.name_image()),
                address: Picture::of(face.address_image()),
                security_code: Picture::of(face.security_code_image()),
            },
        }
    }
}

impl Picture {
    fn of(image: Option<Image<'_>>) -> Self {
        let mut picture = Self {
            code: BoundaryFault::Absent.code(),
            width: None,
            height: None,
            format: None,
            pixels_sha256: None,
            file_sha256: image.map(|image| sha256(image.bytes())),
        };
        match image.map(|image| image.decode(&DecodeLimits::DEFAULT)) {
            Some(Ok(pixels)) => {
                picture.code = 0;
                picture.width = Some(pixels.width());
                picture.height = Some(pixels.height());
                picture.format = Some(pixels.format().bytes());
                picture.pixels_sha256 = Some(sha256(pixels.data()));
            }
            Some(Err(error)) => picture.code = error.code(),
            None => {}
        }
        picture
    }
}

impl Trust {
    fn of(report: &Report) -> Self {
        Self {
            verdict: match report.verdict() {
                Verdict::GenuineLive => 1,
                Verdict::GenuineNotLive => 2,
                Verdict::TestLive => 3,
                Verdict::TestNotLive => 4,
                Verdict::Unverified => 5,
                Verdict::IssuerUnknown => 6,
                Verdict::Contradictory => 7,
                Verdict::Forged => 8,
                Verdict::Revoked => 9,
            },
            key: report.verdict().key().to_owned(),
            not_live: match report.live() {
                Liveness::Live => None,
                Liveness::NotLive { why } => Some(why.key().to_owned()),
            },
            findings: report.findings().iter().map(|it| it.key().to_owned()).collect(),
            values: VALUES
                .iter()
                .map(|(name, value)| {
                    let authenticity = report.of(*value);
                    let why = authenticity.why();
                    let status = match authenticity {
                        Authenticity::Unsigned => 1,
                        Authenticity::Doubted(Doubt::NotChecked { .. }) => 2,
                        Authenticity::Doubted(Doubt::IssuerUnknown { .. }) => 3,
                        Authenticity::Doubted(Doubt::Forged { .. }) => 4,
                        Authenticity::Genuine(_) => 5,
                    };
                    ((*name).to_owned(), Proven { status, why })
                })
                .collect(),
        }
    }
}

const VALUES: [(&str, Value); 12] = [
    ("photo", Value::Photo),
    ("face_birth_date", Value::FaceBirthDate),
    ("face_sex", Value::FaceSex),
    ("name_picture", Value::NamePicture),
    ("address_picture", Value::AddressPicture),
    ("expiry", Value::FaceExpiry),
    ("security_code", Value::SecurityCode),
    ("name", Value::Name),
    ("address", Value::Address),
    ("birth_date", Value::BirthDate),
    ("sex", Value::Sex),
    ("certificate", Value::Certificate),
];

impl From<Result<&Identified, &mynacard_core::Error>> for TokenFound {
    fn from(identified: Result<&Identified, &mynacard_core::Error>) -> Self {
        match identified {
            Ok(Identified { token, beside }) => Self {
                code: 0,
                kind: Some(match token {
                    Token::Foreign(card) => match card {
                        OtherCard::ResidenceCard => 6,
                        OtherCard::DrivingLicence => 7,
                        OtherCard::Passport => 8,
                        OtherCard::JukiCard => 2,
                        _ => 0,
                    },
                    Token::Jpki(info) => match info.kind() {
                        TokenKind::Card => 1,
                        TokenKind::JukiCard => 2,
                        TokenKind::AndroidPhone => 3,
                        TokenKind::IPhone => 4,
                        _ => 5,
                    },
                }),
                residence_permit: Some(beside.contains(&Beside::ResidencePermit)),
                driving_licence: Some(beside.contains(&Beside::DrivingLicence)),
            },
            Err(error) => Self {
                code: error.code(),
                kind: None,
                residence_permit: None,
                driving_licence: None,
            },
        }
    }
}

impl From<&AllTries> for Tries {
    fn from(all: &AllTries) -> Self {
        Self {
            face_b: all.face_b.into(),
            text_b: all.text_b.into(),
            text_pin: all.text_pin.into(),
            authentication_pin: all.authentication_pin.into(),
            signature_password: all.signature_password.into(),
        }
    }
}

impl From<Result<TriesLeft, mynacard_core::Error>> for Left {
    fn from(tries: Result<TriesLeft, mynacard_core::Error>) -> Self {
        match tries {
            Ok(TriesLeft::Count(left)) => Self { status: 0, left: left.into() },
            Ok(TriesLeft::Blocked) => Self { status: 0, left: 0 },
            Ok(TriesLeft::AlreadyVerified | TriesLeft::NotTold) => Self { status: 0, left: -1 },
            Err(error) => Self { status: error.code(), left: -1 },
        }
    }
}

impl From<&CardFacts> for Facts {
    fn from(facts: &CardFacts) -> Self {
        let card = facts.card_info.as_ref();
        let there = facts.availability.as_ref();
        let digits = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            card_status: card.err().map_or(0, |error| error.code()),
            expiry: card.ok().and_then(|info| info.expiry().ok()).map(iso),
            municipality: card.ok().and_then(|info| info.municipality().ok()).map(|it| digits(it)),
            certificates_status: there.err().map_or(0, |error| error.code()),
            signature_certificate: there.is_ok_and(|there| there.signature),
            authentication_certificate: there.is_ok_and(|there| there.authentication),
        }
    }
}

/// In place of a sex that was not understood.
const NOT_UNDERSTOOD: u8 = 255;

fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref())
}

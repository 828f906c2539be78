//! How a command ended: a word for the JSON output, and the exit status.

use std::process::ExitCode;

use mynacard_core::Error;
use mynacard_core::applet::face::CardFace;
use mynacard_core::applet::text::Attributes;
use mynacard_core::card::VerifyOutcome;
use mynacard_core::error::{CardFault, CredentialFault};
use mynacard_core::field::{DecodeLimits, Image, NotUnderstood, Photo};
use mynacard_core::reading::CardReading;

/// How a command ended. Exit status 2 is left to wrong arguments.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// Everything asked for was read and understood (0).
    Complete,
    /// It could not be done (1).
    Failed,
    /// The card rejected the number; one try is spent (3).
    Rejected,
    /// The key is blocked (4).
    Blocked,
    /// Too few tries left; none was spent (5).
    RefusedByFloor,
    /// Some parts were read and understood, others not (6).
    Partial,
    /// A smartphone, not a card (7).
    Phone,
    /// Not a My Number Card (8).
    NotOurs,
    /// The link to the card failed (9).
    LinkLost,
    /// The answer to a VERIFY was lost: a try may be spent (10).
    Unknown,
    /// The number cannot be one; the card was not asked (11).
    ImpossibleNumber,
}

impl Outcome {
    /// The outcome of a reading in which this failed.
    pub(crate) fn of(reading: &CardReading, failures: &Failures) -> Self {
        let failures = || failures.all().map(|(_, error)| error);
        // That a try may be spent comes before everything else.
        if failures().any(|error| error == CredentialFault::OutcomeUnknown.into()) {
            return Self::Unknown;
        }
        let refused = [reading.face_verification(), reading.text_verification()]
            .into_iter()
            .flatten()
            .find(|verification| !verification.is_open());
        if let Some(verification) = refused {
            match verification.outcome {
                VerifyOutcome::Rejected { left: 0 } => return Self::Blocked,
                VerifyOutcome::Rejected { .. } => return Self::Rejected,
                VerifyOutcome::Blocked => return Self::Blocked,
                VerifyOutcome::RefusedByFloor { .. } => return Self::RefusedByFloor,
                VerifyOutcome::Accepted | VerifyOutcome::AlreadyVerified => {}
            }
        }
        if let Some(lost) = failures().find(|error| matches!(error, Error::Link(_))) {
            return Self::of_error(&lost);
        }
        match failures().next() {
            None if not_understood(reading).next().is_some() => Self::Partial,
            None => Self::Complete,
            Some(_) if has_any_part(reading) => Self::Partial,
            Some(error) => Self::of_error(&error),
        }
    }

    /// The outcome that an error means.
    pub(crate) fn of_error(error: &Error) -> Self {
        match error {
            Error::Link(_) => Self::LinkLost,
            Error::Card(card) if card.fault == CardFault::PhoneToken => Self::Phone,
            Error::Card(card) if card.fault == CardFault::ApplicationMissing => Self::NotOurs,
            Error::Credential(CredentialFault::OutcomeUnknown) => Self::Unknown,
            _ => Self::Failed,
        }
    }

    /// The word in the JSON output.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Blocked => "blocked",
            Self::RefusedByFloor => "refused-by-floor",
            Self::Partial => "partial",
            Self::Phone => "phone",
            Self::NotOurs => "not-ours",
            Self::LinkLost => "link-lost",
            Self::Unknown => "outcome-unknown",
            Self::ImpossibleNumber => "impossible-number",
        }
    }

    /// The exit status.
    pub(crate) fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Complete => 0,
            Self::Failed => 1,
            Self::Rejected => 3,
            Self::Blocked => 4,
            Self::RefusedByFloor => 5,
            Self::Partial => 6,
            Self::Phone => 7,
            Self::NotOurs => 8,
            Self::LinkLost => 9,
            Self::Unknown => 10,
            Self::ImpossibleNumber => 11,
        })
    }
}

/// What failed, part by part, in the order of reading; pictures are parts of their own.
pub(crate) struct Failures(Vec<(&'static str, Error)>);

impl Failures {
    /// Looks at every part, and decodes every picture. That a chip does not prove itself is for the
    /// verdict to say, not a failure to read; but a link that was lost then is one.
    pub(crate) fn of(reading: &CardReading) -> Self {
        let lost = |error: &Error| matches!(error, Error::Link(_));
        let live = reading.live_signature().error().filter(lost);
        let text_live =
            reading.text_key().error().or(reading.text_live_signature().error()).filter(lost);
        let mut failures: Vec<_> =
            reading.face().error().map(|error| ("face", error)).into_iter().collect();
        if let Some(face) = reading.face().value() {
            for (part, _, image) in pictures(face) {
                let undecoded = image.decode(&DecodeLimits::DEFAULT).err();
                failures.extend(undecoded.map(|error| (part, error)));
            }
        }
        let later = [
            ("live", live),
            ("face-certificate", reading.face_certificate().error()),
            ("attributes", reading.attributes().error()),
            ("integrity", reading.integrity().error()),
            ("text-certificate", reading.text_certificate().error()),
            ("text-live", text_live),
            ("certificate", reading.certificate().error()),
        ];
        failures.extend(later.into_iter().filter_map(|(part, error)| Some((part, error?))));
        Self(failures)
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, Error)> {
        self.0.iter().copied()
    }

    /// Why this part failed, if it did.
    pub(crate) fn why(&self, part: &str) -> Option<Error> {
        self.all().find_map(|(failed, error)| (failed == part).then_some(error))
    }
}

/// The pictures that the card has: the part of the report, the name of the file that shows it, itself.
pub(crate) fn pictures<'a>(
    face: &'a CardFace,
) -> impl Iterator<Item = (&'static str, &'static str, Image<'a>)> {
    [
        ("photo", "photo.png", face.photo().map(Photo::image)),
        ("name-picture", "name.png", face.name_image()),
        ("address-picture", "address.png", face.address_image()),
        ("security-code-picture", "security-code.png", face.security_code_image()),
    ]
    .into_iter()
    .filter_map(|(part, name, image)| Some((part, name, image?)))
}

/// The values that were read and not understood, by part.
pub(crate) fn not_understood(
    reading: &CardReading,
) -> impl Iterator<Item = (&'static str, &NotUnderstood)> {
    let face = reading.face().value().into_iter().flat_map(|face| face.not_understood());
    let text = reading.attributes().value().into_iter().flat_map(Attributes::not_understood);
    face.map(|value| ("face", value)).chain(text.map(|value| ("attributes", value)))
}

/// Whether there is anything to show.
pub(crate) fn has_any_part(reading: &CardReading) -> bool {
    reading.face().value().is_some()
        || reading.attributes().value().is_some()
        || reading.certificate().value().is_some()
}

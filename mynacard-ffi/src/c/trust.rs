//! Trust, from C: roots, the verdict on a card, and how each value was authenticated.

use std::sync::Arc;

use mynacard_core::error::Misuse;
use mynacard_core::trust::live::Liveness;
use mynacard_core::trust::roots::TestCardsAccepted;
use mynacard_core::trust::verdict::Value;
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Authenticity, Clock, Doubt, Report, Roots, Verdict};

use super::boundary::{Out, elements, guarded, value};
use super::handle::{self, Handle};
use super::reading::mynacard_reading;
use super::result::mynacard_result;
use super::types::{mynacard_str, timestamp};
use crate::error::{BoundaryFault, Error};

/// Roots of trust. Make them once: making them parses every certificate. Any thread may use them,
/// several at once too.
pub struct mynacard_roots {
    _opaque: [u8; 0],
}

impl Handle for mynacard_roots {
    type Object = Roots;
}

/// What is known about the trust in one card. It does not change: any thread may use it, several at
/// once too.
pub struct mynacard_report {
    _opaque: [u8; 0],
}

impl Handle for mynacard_report {
    type Object = ReportObject;
}

/// A report with the reasons of its values in words that C can look at.
pub(crate) struct ReportObject {
    pub(crate) report: Report,
    reasons: Vec<String>,
}

/// Gives roots a handle.
pub(crate) fn give(
    out: Out<'_, *mut mynacard_roots>,
    roots: Result<Roots, impl Into<Error>>,
) -> Result<(), Error> {
    out.write(handle::open(Arc::new(roots.map_err(Into::into)?))?);
    Ok(())
}

/// The roots of cards issued to the public. Those of the card's own certificates are
/// community-sourced: the issuer has never published them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_roots_production(
    out_roots: *mut *mut mynacard_roots,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        give(unsafe { Out::new(out_roots) }?, Ok::<_, Error>(Roots::production()))
    })
}

/// The roots of test cards, which are nobody's. For tests and demonstrations only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_roots_test_cards(
    out_roots: *mut *mut mynacard_roots,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        give(unsafe { Out::new(out_roots) }?, Ok::<_, Error>(Roots::test(TestCardsAccepted)))
    })
}

/// The caller's own roots from a JSON file. Codes: MYNACARD_ROOTS_...
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_roots_from_json(
    json: *const u8,
    length: usize,
    out_roots: *mut *mut mynacard_roots,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_roots) }?;
        // SAFETY: `length` bytes by the contract of this interface.
        give(out, Roots::from_json(unsafe { elements(json, length) }?))
    })
}

/// Frees roots. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_roots_free(roots: *mut mynacard_roots) -> mynacard_result {
    guarded(|| Ok(handle::close(roots)?))
}

/// What the host knows about the time.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum mynacard_clock_kind {
    /// Nothing: dates are not judged.
    MYNACARD_CLOCK_UNKNOWN = 0,
    /// The time, from a clock that the host vouches for.
    MYNACARD_CLOCK_TRUSTED = 1,
    /// The time, from a clock that may be wrong: dates are judged by it, and the report says so.
    MYNACARD_CLOCK_UNTRUSTED = 2,
}

/// The host's clock.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_clock {
    /// One of `enum mynacard_clock_kind`.
    pub kind: u32,
    /// Milliseconds since 1970-01-01T00:00:00Z; 0 for an unknown clock.
    pub unix_millis: u64,
}

fn clock(from: mynacard_clock) -> Result<Clock, Misuse> {
    match from.kind {
        0 => Ok(Clock::Unknown),
        1 => Ok(Clock::Trusted(timestamp(from.unix_millis)?)),
        2 => Ok(Clock::Untrusted(timestamp(from.unix_millis)?)),
        _ => Err(Misuse::OutOfRange),
    }
}

/// Checks everything that was read, and keeps what came of it with the reading: an encounter goes by
/// that, and by nothing else. The report is for looking at; it may be null. Examining again replaces it.
/// Effect on the card: none. Free the report with mynacard_report_free.
///
/// Codes: MYNACARD_BOUNDARY_ABSENT if the reading was taken out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_reading_examine(
    reading: *mut mynacard_reading,
    roots: *const mynacard_roots,
    clock: *const mynacard_clock,
    out_report: *mut *mut mynacard_report,
) -> mynacard_result {
    guarded(|| {
        let out = if out_report.is_null() {
            None
        } else {
            // SAFETY: a place for a handle by the contract of this interface.
            Some(unsafe { Out::new(out_report) }?)
        };
        // SAFETY: the contract of this interface; the structure has no invalid bit patterns.
        let clock = self::clock(unsafe { value(clock) }?)?;
        let object = handle::get(reading)?;
        let roots = handle::get(roots)?;
        let report = object
            .kept
            .examine(|reading| reading.examine(None, &roots, clock, &NoRevocationSource))?;
        if let Some(out) = out {
            let reasons = VALUES.iter().map(|(_, value)| report.of(*value).why()).collect();
            out.write(handle::open(Arc::new(ReportObject { report, reasons }))?);
        }
        Ok(())
    })
}

/// Frees a report. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_report_free(report: *mut mynacard_report) -> mynacard_result {
    guarded(|| Ok(handle::close(report)?))
}

/// The verdict on a card.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum mynacard_verdict {
    /// Genuine, and this chip is the one it was issued to.
    MYNACARD_VERDICT_GENUINE_LIVE = 1,
    /// Genuine records, but this chip did not prove that they are its own.
    MYNACARD_VERDICT_GENUINE_NOT_LIVE = 2,
    /// A test card, live. Never a person's.
    MYNACARD_VERDICT_TEST_LIVE = 3,
    /// Records of a test card, without proof by the chip.
    MYNACARD_VERDICT_TEST_NOT_LIVE = 4,
    /// Nothing failed, but too little was checked to say more.
    MYNACARD_VERDICT_UNVERIFIED = 5,
    /// An issuer is not among the roots.
    MYNACARD_VERDICT_ISSUER_UNKNOWN = 6,
    /// Parts contradict each other.
    MYNACARD_VERDICT_CONTRADICTORY = 7,
    /// Something was altered or made up.
    MYNACARD_VERDICT_FORGED = 8,
    /// The authentication certificate has been revoked.
    MYNACARD_VERDICT_REVOKED = 9,
}

impl From<Verdict> for mynacard_verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::GenuineLive => Self::MYNACARD_VERDICT_GENUINE_LIVE,
            Verdict::GenuineNotLive => Self::MYNACARD_VERDICT_GENUINE_NOT_LIVE,
            Verdict::TestLive => Self::MYNACARD_VERDICT_TEST_LIVE,
            Verdict::TestNotLive => Self::MYNACARD_VERDICT_TEST_NOT_LIVE,
            Verdict::Unverified => Self::MYNACARD_VERDICT_UNVERIFIED,
            Verdict::IssuerUnknown => Self::MYNACARD_VERDICT_ISSUER_UNKNOWN,
            Verdict::Contradictory => Self::MYNACARD_VERDICT_CONTRADICTORY,
            Verdict::Forged => Self::MYNACARD_VERDICT_FORGED,
            Verdict::Revoked => Self::MYNACARD_VERDICT_REVOKED,
        }
    }
}

/// Something to tell the crew. Valid for ever.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_statement {
    /// Stable name for machines.
    pub key: mynacard_str,
    /// In Japanese.
    pub ja: mynacard_str,
    /// In English.
    pub en: mynacard_str,
}

fn statement(key: &'static str, ja: &'static str, en: &'static str) -> mynacard_statement {
    mynacard_statement { key: key.into(), ja: ja.into(), en: en.into() }
}

/// The verdict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_report_verdict(
    report: *const mynacard_report,
    out_verdict: *mut mynacard_verdict,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the value by the contract of this interface.
        let out = unsafe { Out::new(out_verdict) }?;
        out.write(handle::get(report)?.report.verdict().into());
        Ok(())
    })
}

/// The verdict in words.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_report_verdict_statement(
    report: *const mynacard_report,
    out_statement: *mut mynacard_statement,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_statement) }?;
        let verdict = handle::get(report)?.report.verdict();
        out.write(statement(verdict.key(), verdict.ja(), verdict.en()));
        Ok(())
    })
}

/// Whether the chip proved itself live: MYNACARD_BOUNDARY_ABSENT if it did, since there is nothing to
/// say then; else MYNACARD_OK and why not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_report_not_live(
    report: *const mynacard_report,
    out_statement: *mut mynacard_statement,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_statement) }?;
        match handle::get(report)?.report.live() {
            Liveness::Live => Err(BoundaryFault::Absent.into()),
            Liveness::NotLive { why } => {
                out.write(statement(why.key(), why.ja(), why.en()));
                Ok(())
            }
        }
    })
}

/// What else is to be known, from index 0 on. Codes: MYNACARD_BOUNDARY_ABSENT behind the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_report_finding(
    report: *const mynacard_report,
    index: usize,
    out_statement: *mut mynacard_statement,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_statement) }?;
        let object = handle::get(report)?;
        let finding = object.report.findings().get(index).ok_or(BoundaryFault::Absent)?;
        out.write(statement(finding.key(), finding.ja(), finding.en()));
        Ok(())
    })
}

/// A value on a card, to ask a report about.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum mynacard_value {
    /// The photo.
    MYNACARD_VALUE_PHOTO = 1,
    /// Face: birth date.
    MYNACARD_VALUE_FACE_BIRTH_DATE = 2,
    /// Face: sex.
    MYNACARD_VALUE_FACE_SEX = 3,
    /// The picture of the name.
    MYNACARD_VALUE_NAME_PICTURE = 4,
    /// The picture of the address.
    MYNACARD_VALUE_ADDRESS_PICTURE = 5,
    /// Expiry: never signed.
    MYNACARD_VALUE_EXPIRY = 6,
    /// The picture of the security code: never signed.
    MYNACARD_VALUE_SECURITY_CODE = 7,
    /// Attributes: name.
    MYNACARD_VALUE_NAME = 8,
    /// Attributes: address.
    MYNACARD_VALUE_ADDRESS = 9,
    /// Attributes: birth date.
    MYNACARD_VALUE_BIRTH_DATE = 10,
    /// Attributes: sex.
    MYNACARD_VALUE_SEX = 11,
    /// Everything in the authentication certificate.
    MYNACARD_VALUE_CERTIFICATE = 12,
}

const VALUES: [(u32, Value); 12] = [
    (mynacard_value::MYNACARD_VALUE_PHOTO as u32, Value::Photo),
    (mynacard_value::MYNACARD_VALUE_FACE_BIRTH_DATE as u32, Value::FaceBirthDate),
    (mynacard_value::MYNACARD_VALUE_FACE_SEX as u32, Value::FaceSex),
    (mynacard_value::MYNACARD_VALUE_NAME_PICTURE as u32, Value::NamePicture),
    (mynacard_value::MYNACARD_VALUE_ADDRESS_PICTURE as u32, Value::AddressPicture),
    (mynacard_value::MYNACARD_VALUE_EXPIRY as u32, Value::FaceExpiry),
    (mynacard_value::MYNACARD_VALUE_SECURITY_CODE as u32, Value::SecurityCode),
    (mynacard_value::MYNACARD_VALUE_NAME as u32, Value::Name),
    (mynacard_value::MYNACARD_VALUE_ADDRESS as u32, Value::Address),
    (mynacard_value::MYNACARD_VALUE_BIRTH_DATE as u32, Value::BirthDate),
    (mynacard_value::MYNACARD_VALUE_SEX as u32, Value::Sex),
    (mynacard_value::MYNACARD_VALUE_CERTIFICATE as u32, Value::Certificate),
];

/// How a value was authenticated.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum mynacard_authenticity_status {
    /// The card never signs it.
    MYNACARD_AUTHENTICITY_UNSIGNED = 1,
    /// Nothing was checked.
    MYNACARD_AUTHENTICITY_NOT_CHECKED = 2,
    /// The issuer is not among the roots, so nothing could be checked.
    MYNACARD_AUTHENTICITY_ISSUER_UNKNOWN = 3,
    /// The check failed.
    MYNACARD_AUTHENTICITY_FORGED = 4,
    /// Signed, and the signature leads to a root. Not: that this chip is present.
    MYNACARD_AUTHENTICITY_GENUINE = 5,
}

/// How a value was authenticated, and why.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_authenticity {
    /// The outcome.
    pub status: mynacard_authenticity_status,
    /// Why, as a stable name; what is genuine names its roots. Valid until the report is freed.
    pub why: mynacard_str,
}

const fn status_of(authenticity: &Authenticity) -> mynacard_authenticity_status {
    match authenticity {
        Authenticity::Unsigned => mynacard_authenticity_status::MYNACARD_AUTHENTICITY_UNSIGNED,
        Authenticity::Doubted(Doubt::NotChecked { .. }) => {
            mynacard_authenticity_status::MYNACARD_AUTHENTICITY_NOT_CHECKED
        }
        Authenticity::Doubted(Doubt::IssuerUnknown { .. }) => {
            mynacard_authenticity_status::MYNACARD_AUTHENTICITY_ISSUER_UNKNOWN
        }
        Authenticity::Doubted(Doubt::Forged { .. }) => {
            mynacard_authenticity_status::MYNACARD_AUTHENTICITY_FORGED
        }
        Authenticity::Genuine(_) => mynacard_authenticity_status::MYNACARD_AUTHENTICITY_GENUINE,
    }
}

/// How a value, one of `enum mynacard_value`, was authenticated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_report_of(
    report: *const mynacard_report,
    value: u32,
    out_authenticity: *mut mynacard_authenticity,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_authenticity) }?;
        let object = handle::get(report)?;
        let at = VALUES.iter().position(|(code, _)| *code == value).ok_or(Misuse::OutOfRange)?;
        let (_, asked) = VALUES.get(at).ok_or(Misuse::OutOfRange)?;
        let why = object.reasons.get(at).ok_or(Misuse::OutOfRange)?;
        let status = status_of(&object.report.of(*asked));
        out.write(mynacard_authenticity { status, why: why.as_str().into() });
        Ok(())
    })
}

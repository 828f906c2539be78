//! A reading as JSON and as text.

use std::fmt::{Display, Write};

use mynacard_core::applet::face::CardFace;
use mynacard_core::calendar::EraDate;
use mynacard_core::card::{TriesLeft, Verification, VerifyOutcome};
use mynacard_core::error::CredentialFault;
use mynacard_core::exchange::Statistics;
use mynacard_core::field::{BirthDate, Dimensions, NotUnderstood, Photo, Sex, Text};
use mynacard_core::reading::{CardReading, Tries};
use mynacard_core::trust::x509::{CertificateFacts, NoRevocationSource, check_authentication};
use mynacard_core::trust::{Clock, Roots};
use mynacard_core::{CardTransport, Error};
use serde_json::{Value, json};

use crate::outcome::{Failures, Outcome, not_understood};
use crate::reader::Link;

/// The reading as one JSON object. `tries` are the last numbers that the card gave: before a VERIFY
/// that succeeded, after one that did not.
pub(crate) fn as_json(
    reading: &CardReading,
    failures: &Failures,
    spent: Statistics,
    link: &Link,
) -> Value {
    let attributes = reading.attributes().value().map(|attributes| {
        json!({
            "name": attributes.name().ok().map(Text::as_str),
            "address": attributes.address().ok().map(Text::as_str),
            "birth_date": attributes.birth_date().ok().map(|it| it.date().to_string()),
            "sex": attributes.sex().ok().map(Sex::code),
        })
    });
    let certificate = facts(reading).map(|facts| {
        json!({
            "serial_hex": facts.serial.hex(),
            "not_before": facts.not_before.to_string(),
            "not_after": facts.not_after.to_string(),
        })
    });
    let errors: Vec<Value> = failures
        .all()
        .map(|(part, error)| {
            let info = error.info();
            json!({
                "part": part,
                "code": info.code,
                "error": error.to_string(),
                "advice_ja": info.advice_ja,
                "advice_en": info.advice_en,
            })
        })
        .collect();
    json!({
        "outcome": Outcome::of(reading, failures).word(),
        "face": reading.face().value().map(|face| face_json(face, failures)),
        "attributes": attributes,
        "certificate": certificate,
        "tries": {
            "face_b": tries(reading.face_verification()),
            "text_b": tries(reading.text_verification()),
        },
        "tries_spent": reading.tries_spent(),
        "last_tries_allowed": reading.last_tries_allowed(),
        "digits_not_checked": verifications(reading)
            .any(|(_, v)| v.outcome == VerifyOutcome::AlreadyVerified),
        "not_understood": not_understood(reading)
            .map(|(part, value)| {
                json!({
                    "part": part,
                    "object": value.object(),
                    "why": value.why().to_string(),
                    "said": value.shown().as_str(),
                })
            })
            .collect::<Vec<Value>>(),
        "errors": errors,
        "note": link.note(),
        "link": link.time_json(),
        "exchanges": spent.exchanges,
        "bytes_sent": spent.bytes_sent,
        "bytes_received": spent.bytes_received,
        "longest_answer": CardTransport::link(link).longest_answer(),
    })
}

fn face_json(face: &CardFace, failures: &Failures) -> Value {
    let photo = face.photo().map(|photo| match photo_size(photo, failures) {
        Ok(size) => json!({ "width": size.width, "height": size.height }),
        Err(error) => json!({ "error": error.to_string() }),
    });
    json!({
        "birth_date": face.birth_date().ok().map(|it| it.date().to_string()),
        "sex": face.sex().ok().map(Sex::code),
        "expiry": face.expiry().ok().map(|it| it.to_string()),
        "photo": photo,
    })
}

/// The size of a photo that decodes, or why it does not.
fn photo_size(photo: Photo<'_>, failures: &Failures) -> Result<Dimensions, Error> {
    failures.why("photo").map_or_else(|| photo.dimensions(), Err)
}

/// A value for people; one that is not understood as the card has it.
fn shown<T, S: Display>(value: Result<T, &NotUnderstood>, show: impl FnOnce(T) -> S) -> String {
    value.map_or_else(|said| said.japanese().to_string(), |value| show(value).to_string())
}

fn tries(verification: Option<Verification>) -> Option<u8> {
    verification.and_then(|verification| verification.tries_left())
}

fn verifications(reading: &CardReading) -> impl Iterator<Item = (&'static str, Verification)> {
    [("face", reading.face_verification()), ("text", reading.text_verification())]
        .into_iter()
        .filter_map(|(name, verification)| Some((name, verification?)))
}

/// What the certificate says of itself; nothing is checked here.
fn facts(reading: &CardReading) -> Option<CertificateFacts> {
    let der = reading.certificate().value()?;
    check_authentication(der, &Roots::production(), Clock::Unknown, &NoRevocationSource).facts
}

/// A number that cannot be one, as one JSON object. `tries` are those that are left.
pub(crate) fn impossible_as_json(fault: CredentialFault, tries: &Tries, link: &Link) -> Value {
    let info = fault.info();
    json!({
        "outcome": Outcome::ImpossibleNumber.word(),
        "face": null,
        "attributes": null,
        "certificate": null,
        "last_tries_allowed": false,
        "digits_not_checked": false,
        "tries": { "face_b": counted(&tries.face_b), "text_b": counted(&tries.text_b) },
        "tries_spent": 0,
        "not_understood": [],
        "errors": [{
            "part": "number",
            "code": info.code,
            "error": fault.to_string(),
            "advice_ja": info.advice_ja,
            "advice_en": info.advice_en,
        }],
        "note": link.note(),
        "link": link.time_json(),
        "exchanges": tries.statistics.exchanges,
        "bytes_sent": tries.statistics.bytes_sent,
        "bytes_received": tries.statistics.bytes_received,
        "longest_answer": CardTransport::link(link).longest_answer(),
    })
}

/// A number that cannot be one, for people.
pub(crate) fn impossible_as_text(fault: CredentialFault, tries: &Tries) -> String {
    let left = |tries| counted(tries).map_or("?".to_owned(), |left| left.to_string());
    format!(
        "{fault}; no try was made (残り 券面 {} 回, 文字情報 {} 回)\n  {}\n",
        left(&tries.face_b),
        left(&tries.text_b),
        fault.info().advice_ja
    )
}

fn counted(left: &Result<TriesLeft, Error>) -> Option<u8> {
    match left {
        Ok(TriesLeft::Count(left)) => Some(*left),
        Ok(TriesLeft::Blocked) => Some(0),
        _ => None,
    }
}

/// The reading for people. Nothing in it has been checked; `mynacard verify` does that.
pub(crate) fn as_text(
    reading: &CardReading,
    failures: &Failures,
    spent: Statistics,
    link: &Link,
) -> String {
    let mut text = link.note().map(|note| format!("{note}\n")).unwrap_or_default();
    // Writing to a string cannot fail.
    let _ = write_text(&mut text, reading, failures, spent);
    text
}

fn write_text(
    out: &mut String,
    reading: &CardReading,
    failures: &Failures,
    spent: Statistics,
) -> std::fmt::Result {
    if let Some(attributes) = reading.attributes().value() {
        writeln!(out, "氏名      {}", shown(attributes.name(), Text::printable))?;
        writeln!(out, "住所      {}", shown(attributes.address(), Text::printable))?;
    }
    if let Some(face) = reading.face().value() {
        let birth = |birth: &BirthDate| {
            let era = EraDate::of(birth.date()).map(|era| format!(" ({era})"));
            format!("{}{}", birth.date(), era.unwrap_or_default())
        };
        writeln!(out, "生年月日  {}", shown(face.birth_date(), birth))?;
        writeln!(out, "性別      {}", shown(face.sex(), Sex::japanese))?;
        writeln!(out, "有効期限  {}", shown(face.expiry(), |date| date))?;
        match face.photo().map(|photo| photo_size(photo, failures)) {
            None => writeln!(out, "顔写真    なし")?,
            Some(Ok(size)) => writeln!(out, "顔写真    {}x{}", size.width, size.height)?,
            Some(Err(error)) => writeln!(out, "顔写真    {error}")?,
        }
    }
    if let Some(facts) = facts(reading) {
        writeln!(out, "電子証明書 {} ({} まで)", facts.serial.hex(), facts.not_after)?;
    }
    for (part, verification) in verifications(reading) {
        if verification.allowed_last_tries() {
            writeln!(out, "{part}: 残り回数の下限を解除して照合 (last tries allowed)")?;
        }
        if verification.outcome == VerifyOutcome::AlreadyVerified {
            writeln!(out, "{part}: 番号は照合されていません (digits not checked)")?;
        }
        if let Some(fault) = verification.fault() {
            let left = tries(Some(verification)).map_or("?".to_owned(), |left| left.to_string());
            writeln!(out, "{part}: {fault} (残り {left} 回)\n  {}", fault.info().advice_ja)?;
        }
    }
    for (part, error) in failures.all() {
        writeln!(out, "{part}: {error}\n  {}", error.info().advice_ja)?;
    }
    writeln!(
        out,
        "{} ({} exchanges, {} bytes sent, {} received)",
        Outcome::of(reading, failures).word(),
        spent.exchanges,
        spent.bytes_sent,
        spent.bytes_received
    )
}

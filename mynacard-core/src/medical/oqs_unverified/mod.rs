//! Replies of the eligibility system (オンライン資格確認等システム) in XML, **unverified**.
//!
//! The official layout (外部インターフェイス仕様書 別紙3-1) is behind a login. What is read here is what
//! public code reads (YUKI-ENT/OQSDrug2): element names of medicines and care acts (薬剤・診療情報)
//! and of check-ups (特定健診情報), in Shift_JIS or UTF-8. It was never held against the service, and
//! no public sample of the emergency summary (救急用サマリー) exists. Hence the name of this room, and
//! [`Origin::UnverifiedLayout`](super::Origin::UnverifiedLayout) on what comes out of it.
//!
//! - An element that is not known is kept as an unknown item, with the section and the day it stood in.
//! - Operations and dialyses are not told apart from other care acts: public code does not say how.
//! - A visit is what a receipt of an institution that is no pharmacy shows, by day.
//! - Attributes and comments say nothing.
//! - A reply is bounded in bytes, depth, tags, attributes and text. A document type, an entity of its
//!   own or a processing instruction is refused unread.

mod checkups;
mod medicines;
mod tree;

use core::fmt;

use super::MedicalFault;
use super::collected::Collected;
use super::item::UnknownItem;
use super::scope::Section;
use super::text::PersonalText;
use super::when::When;
use crate::field::Sex;
use tree::Element;
use zeroize::Zeroizing;

pub use tree::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_NAMESPACES, MAX_REPLY, MAX_TAGS, MAX_TEXT};

/// What a reply is.
#[derive(Debug)]
#[non_exhaustive]
pub enum Reply {
    /// Data about this person; hold them against the card before using them.
    Read(Holder),
    /// The service answered that it has no result (`ResultCode` other than `1`).
    NoResult,
}

/// The person that a reply is about, as far as it says.
#[derive(Clone)]
pub struct Holder {
    /// Name (氏名).
    pub name: Option<PersonalText>,
    /// Birth date, if it is written in eight digits; with `00` for a month or a day that is not known.
    pub birth: Option<Zeroizing<[u8; 8]>>,
    /// Sex (性別区分), if registered.
    pub sex: Option<Sex>,
}

impl Holder {
    /// Checks that the reply is about the holder of the card. Names are not compared: their
    /// characters differ between the systems. The birth date is compared digit by digit, as the card has it:
    /// that both write a day that is not known as `00` is an assumption (C).
    ///
    /// Errors: [`MedicalFault::OtherPatient`] when the birth date is another or not stated, or the sex
    /// is another.
    pub fn check(&self, birth: &[u8; 8], sex: Option<Sex>) -> Result<(), MedicalFault> {
        let born_then = self.birth.as_ref().is_some_and(|stated| **stated == *birth);
        let other_sex = self.sex.zip(sex).is_some_and(|(stated, known)| stated != known);
        if born_then && !other_sex { Ok(()) } else { Err(MedicalFault::OtherPatient) }
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Holder(…)")
    }
}

/// Reads one reply and adds what it says to `found`, whose view is from then on marked as of an
/// unverified layout. A reply that cannot be read to its end adds nothing.
///
/// Errors: the [`MedicalFault`] that describes what is wrong; nothing of the content is in it.
pub fn read_into(found: &mut Collected, reply: &[u8]) -> Result<Reply, MedicalFault> {
    let text = tree::decode(reply)?;
    let document = tree::parse(&text)?;
    let root = Element::root(&document);
    if root.name() != "XmlMsg" {
        return Err(MedicalFault::Missing);
    }
    let header = root.child("MessageHeader")?.ok_or(MedicalFault::Missing)?;
    let body = root.child("MessageBody")?.ok_or(MedicalFault::Missing)?;
    for part in [header, body] {
        if part.text_of("ResultCode")?.is_some_and(|code| code != "1") {
            return Ok(Reply::NoResult);
        }
    }
    let holder = holder(header)?;
    let mut read = Collected::new();
    read.unverified = true;
    for part in body.children() {
        section(&mut read, part)?;
    }
    found.absorb(read)?;
    Ok(Reply::Read(holder))
}

fn holder(header: Element<'_>) -> Result<Holder, MedicalFault> {
    let (person, birth, sex) = match header.child("QuaInf")? {
        Some(person) => (person, "Birth", "AdmGendCode"),
        None => {
            let person = header.child("QualificationsInfo")?.ok_or(MedicalFault::Missing)?;
            (person, "Birthday", "AdministrativeGenderCode")
        }
    };
    let birth = person.text_of(birth)?;
    Ok(Holder {
        name: person.text_of("Name")?.and_then(PersonalText::some),
        birth: birth.and_then(|text| eight_digits(text.as_bytes())),
        sex: match person.text_of(sex)? {
            Some("1") => Some(Sex::Male),
            Some("2") => Some(Sex::Female),
            _ => None,
        },
    })
}

/// The eight digits of a birth date of which at least the year is known.
pub fn eight_digits(said: &[u8]) -> Option<Zeroizing<[u8; 8]>> {
    let digits = <[u8; 8]>::try_from(said).ok().map(Zeroizing::new)?;
    let is_known = digits.iter().all(u8::is_ascii_digit) && !digits.starts_with(b"0000");
    is_known.then_some(digits)
}

/// Reads what is known, looks into what holds something, and keeps the rest as unknown.
fn section(found: &mut Collected, part: Element<'_>) -> Result<(), MedicalFault> {
    match part.name() {
        "ResultCode" | "MessageContents" => Ok(()),
        "SpecificHealthCheckupInfo" => checkups::read(found, part),
        _ if medicines::read(found, part)? => Ok(()),
        _ => {
            unknown_texts(found, part, Section::Elsewhere, None)?;
            part.children().try_for_each(|part| section(found, part))
        }
    }
}

/// Keeps every text in an element that is not known, and in the elements in it.
fn unknown(
    found: &mut Collected,
    element: Element<'_>,
    section: Section,
    when: Option<When>,
) -> Result<(), MedicalFault> {
    unknown_texts(found, element, section, when)?;
    element.children().try_for_each(|child| unknown(found, child, section, when))
}

fn unknown_texts(
    found: &mut Collected,
    element: Element<'_>,
    section: Section,
    when: Option<When>,
) -> Result<(), MedicalFault> {
    element.texts().filter_map(PersonalText::some).try_for_each(|text| {
        let mut item = UnknownItem::new(section, PersonalText::new(element.name()), text);
        item.when = when;
        found.add_unknown(item)
    })
}

/// Keeps what an element holds beside what is known of it.
fn unknown_beside(
    found: &mut Collected,
    element: Element<'_>,
    known: &[&str],
    section: Section,
    when: Option<When>,
) -> Result<(), MedicalFault> {
    let mut beside = element.children().filter(|child| !known.contains(&child.name()));
    beside.try_for_each(|child| unknown(found, child, section, when))
}

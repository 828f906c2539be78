//! Applications that this crate knows by name and never opens: what may lie beside the My Number Card's
//! own, and what tells another card. Each is asked for by SELECT alone; nothing is read there, and no
//! credential is presented.
//!
//! An identifier that a card does not know costs one exchange and nothing else.

use super::Application;

/// What may lie on a My Number Card beside its own applications.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Beside {
    /// 在留AP: the card is a 特定在留カード or 特定特別永住者証明書 (since June 2026), in law a My Number
    /// Card like any other.
    ResidencePermit,
    /// 免許AP: the card is a マイナ免許証 too (since March 2025).
    DrivingLicence,
}

impl Beside {
    /// All of them, in the order in which they are asked for.
    pub const ALL: [Self; 2] = [Self::ResidencePermit, Self::DrivingLicence];

    /// The application identifier (AID). Sources: the readers of other programs for these cards, not a
    /// text of the issuer (confidence C for 在留AP, B for 免許AP).
    #[must_use]
    pub const fn aid(self) -> &'static [u8] {
        match self {
            Self::ResidencePermit => &RESIDENCE,
            Self::DrivingLicence => &LICENCE_BESIDE,
        }
    }
}

impl Beside {
    /// What the card is with it, in Japanese.
    #[must_use]
    pub const fn name_ja(self) -> &'static str {
        match self {
            Self::ResidencePermit => "特定在留カード等",
            Self::DrivingLicence => "マイナ免許証",
        }
    }
}

/// A card without JPKI (公的個人認証AP), as far as its applications tell.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum OtherCard {
    /// Not known.
    Unknown,
    /// 在留カード or 特別永住者証明書 that is no My Number Card.
    ResidenceCard,
    /// 運転免許証.
    DrivingLicence,
    /// 旅券 or another travel document of ICAO 9303.
    Passport,
    /// 住民基本台帳カード, whose last ones ended in 2025.
    JukiCard,
}

impl OtherCard {
    /// Those that can be told.
    pub const KNOWN: [Self; 4] =
        [Self::ResidenceCard, Self::DrivingLicence, Self::Passport, Self::JukiCard];

    /// The application identifiers (AID) of which one tells it; none for a card that is not known.
    ///
    /// Sources: ICAO 9303-10 (A); the readers of other programs (B for the licence, whose first folder it
    /// is, and for 在留カード; C for 住基AP, which a My Number Card has too).
    #[must_use]
    pub const fn aids(self) -> &'static [&'static [u8]] {
        match self {
            Self::Unknown => &[],
            Self::ResidenceCard => &[&RESIDENCE_FIRST_FOLDER, &RESIDENCE],
            Self::DrivingLicence => &[&LICENCE],
            Self::Passport => &[&[0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01]],
            Self::JukiCard => &[&[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01]],
        }
    }
}

impl OtherCard {
    /// What it is, in Japanese.
    #[must_use]
    pub const fn name_ja(self) -> &'static str {
        match self {
            Self::Unknown => "不明なカード",
            Self::ResidenceCard => "在留カード等",
            Self::DrivingLicence => "運転免許証",
            Self::Passport => "旅券",
            Self::JukiCard => "住民基本台帳カード",
        }
    }
}

/// 在留AP: on a 特定在留カード, and on a 在留カード of the second generation without a My Number Card.
const RESIDENCE: [u8; 16] = aid(&[0xD3, 0x92, 0xF0, 0x00, 0x4F, 0x01]);
/// Its first folder, which a 在留カード has too that is older than 在留AP.
const RESIDENCE_FIRST_FOLDER: [u8; 16] = aid(&[0xD3, 0x92, 0xF0, 0x00, 0x4F, 0x02]);
/// The first folder of a 運転免許証.
const LICENCE: [u8; 16] = aid(&[0xA0, 0x00, 0x00, 0x02, 0x31, 0x01]);
/// 免許AP.
const LICENCE_BESIDE: [u8; 16] = aid(&[0xA0, 0x00, 0x00, 0x02, 0x31, 0x06]);

/// An identifier of full length, which ends in zeros.
const fn aid(start: &[u8; 6]) -> [u8; 16] {
    let mut whole = [0; 16];
    let (head, _) = whole.split_at_mut(6);
    head.copy_from_slice(start);
    whole
}

/// Whether an identifier is of one of them: it may be selected, and opens nothing.
pub(crate) fn is_beside(aid: &[u8]) -> bool {
    Beside::ALL.into_iter().any(|beside| beside.aid() == aid)
        || OtherCard::KNOWN.into_iter().any(|card| card.aids().contains(&aid))
}

/// Every identifier (AID) that a reading or [`identify`](crate::reading::identify) may select, with the
/// Japanese name of what it stands for, in the order in which they are worth naming to a reader that looks
/// for them: iOS wants the list beforehand, and selects the first that answers.
pub fn aids() -> impl Iterator<Item = (&'static [u8], &'static str)> {
    let own = [Application::Face, Application::Text, Application::Jpki, Application::Common];
    let beside = Beside::ALL.into_iter().map(|it| (it.aid(), it.name_ja()));
    let others = OtherCard::KNOWN
        .into_iter()
        .flat_map(|card| card.aids().iter().map(move |aid| (*aid, card.name_ja())));
    let mut named = Vec::new();
    own.into_iter().map(|it| (it.aid(), it.name_ja())).chain(beside).chain(others).filter(
        move |(aid, _)| {
            let is_new = !named.contains(aid);
            named.push(*aid);
            is_new
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_five_to_sixteen_bytes_and_none_is_the_start_of_another() {
        let all: Vec<_> = aids().map(|(aid, _)| aid).collect();
        assert_eq!(all.len(), 10);
        for (at, aid) in all.iter().enumerate() {
            assert!((5..=16).contains(&aid.len()));
            // A card takes the start of an identifier for the whole.
            assert!(
                all.iter()
                    .skip(at + 1)
                    .all(|other| { !aid.starts_with(other) && !other.starts_with(aid) })
            );
        }
    }
}

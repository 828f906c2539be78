//! What tells one card from another within an encounter.

use core::fmt;

use ring::digest::{SHA256, digest};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Identity of a card within its encounter, for a source to be bound to
/// ([`Encounter::card`](crate::encounter::Encounter::card)). Wiped on drop, never printed; a log sees only
/// a salted commitment to it.
#[derive(Clone, Eq, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct CardId([u8; 32]);

impl CardId {
    /// From a SHA-256 of what identifies the card, as kept by a back end that is asked about it.
    #[must_use]
    pub const fn from_hash(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn of(bytes: &[u8]) -> Self {
        let hash = digest(&SHA256, bytes);
        Self(hash.as_ref().try_into().unwrap_or_default())
    }
}

impl fmt::Debug for CardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardId(..)")
    }
}

/// Everything by which a reading tells its card. A card that is read again may show less of it, or more.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct Marks {
    /// Of the card's public key, which no two cards share.
    key: Option<CardId>,
    /// Of the authentication certificate, which no two cards share either, but anybody can copy.
    certificate: Option<CardId>,
}

/// Whether two readings are of one card.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sameness {
    Same,
    Other,
    /// They have nothing in common that could be compared.
    Unclear,
}

impl Marks {
    /// From the card's public key and its certificate, as far as they were read; none without either.
    pub(crate) fn of(key: Option<&[u8]>, certificate: Option<&[u8]>) -> Option<Self> {
        let marks = Self { key: key.map(CardId::of), certificate: certificate.map(CardId::of) };
        marks.first().is_some().then_some(marks)
    }

    /// The strongest mark.
    pub(crate) fn first(&self) -> Option<&CardId> {
        self.key.as_ref().or(self.certificate.as_ref())
    }

    /// Compares by the strongest mark that both have.
    pub(crate) fn compare(&self, other: &Self) -> Sameness {
        let pairs = [(&self.key, &other.key), (&self.certificate, &other.certificate)];
        let both = pairs.into_iter().find_map(|pair| match pair {
            (Some(one), Some(other)) => Some(one == other),
            _ => None,
        });
        match both {
            Some(true) => Sameness::Same,
            Some(false) => Sameness::Other,
            None => Sameness::Unclear,
        }
    }

    /// Whether the other has all of these marks.
    pub(crate) fn is_part_of(&self, other: &Self) -> bool {
        let pairs = [(&self.key, &other.key), (&self.certificate, &other.certificate)];
        pairs.into_iter().all(|(one, other)| one.is_none() || one == other)
    }

    /// Adds what another reading of the same card showed.
    pub(crate) fn merge(&mut self, other: Self) {
        self.key = self.key.take().or(other.key);
        self.certificate = self.certificate.take().or(other.certificate);
    }
}

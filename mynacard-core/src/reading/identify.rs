//! What lies on the reader. Asked by SELECT, never by ATR (card-spec §1, A).

use crate::applet::jpki::{TokenInfo, TokenKind};
use crate::card::Card;
use crate::driver::Driver;
use crate::error::{Error, Misuse};
use crate::exchange::{Limits, Link, Phase};
use crate::map::{Application, Beside, OtherCard, TOKEN_INFO};

/// What lies on the reader.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Token {
    /// A card or phone with JPKI on it; its information says which.
    Jpki(TokenInfo),
    /// A card that is none of ours.
    Foreign(OtherCard),
}

impl Token {
    /// Whether it is a My Number Card made of plastic, the only one that this service takes.
    #[must_use]
    pub const fn is_card(&self) -> bool {
        matches!(self, Self::Jpki(info) if matches!(info.kind(), TokenKind::Card))
    }

    /// Whether it is a smartphone.
    #[must_use]
    pub const fn is_phone(&self) -> bool {
        matches!(self, Self::Jpki(info) if info.kind().is_phone())
    }
}

/// What lies on the reader, and what else is on it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identified {
    /// What it is.
    pub token: Token,
    /// What lies on a My Number Card beside its own applications; empty for everything else.
    pub beside: Vec<Beside>,
}

/// A driver that finds out what lies on the reader. No card at all is a link fault.
///
/// Errors: [`Misuse::LinkBusy`]. Card effect: selects the JPKI application, then asks by SELECT for what
/// may lie beside it, or for what tells another card; no VERIFY.
pub fn identify(
    link: &Link,
    limits: Limits,
) -> Result<Driver<'static, Result<Identified, Error>>, Misuse> {
    Driver::new(link, limits, |mut card| async move {
        let token = find_token(&mut card).await?;
        let mut beside = Vec::new();
        if token.is_card() {
            for application in Beside::ALL {
                if card.answers_to(application.aid()).await? {
                    beside.push(application);
                }
            }
        }
        Ok(Identified { token, beside })
    })
}

/// A driver that tells a My Number Card from anything else, and asks for nothing beside it: two exchanges
/// for a card, a SELECT for each kind of card that is none of ours.
///
/// Errors: [`Misuse::LinkBusy`]. Card effect: selects the JPKI application; no VERIFY.
pub fn recognise(
    link: &Link,
    limits: Limits,
) -> Result<Driver<'static, Result<Token, Error>>, Misuse> {
    Driver::new(link, limits, |mut card| async move { find_token(&mut card).await })
}

/// The flow itself. Errors: link, limits, a token information that does not parse.
pub(super) async fn find_token(card: &mut Card) -> Result<Token, Error> {
    card.progress(Phase::Identify, 0, 0);
    match card.select(Application::Jpki).await {
        Ok(()) => {}
        // Foreign cards refuse with all sorts of words.
        Err(Error::Card(error)) if error.status.is_some() => {
            return Ok(Token::Foreign(find_other_card(card).await?));
        }
        Err(error) => return Err(error),
    }
    let bytes = card.read_start(&TOKEN_INFO).await?;
    Ok(Token::Jpki(TokenInfo::parse(&bytes)?))
}

async fn find_other_card(card: &mut Card) -> Result<OtherCard, Error> {
    for kind in OtherCard::KNOWN {
        for aid in kind.aids() {
            if card.answers_to(aid).await? {
                return Ok(kind);
            }
        }
    }
    Ok(OtherCard::Unknown)
}

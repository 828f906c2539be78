//! What lies on the reader. Asked by SELECT, never by ATR (card-spec §1, A).

use crate::applet::jpki::{TokenInfo, TokenKind};
use crate::card::Card;
use crate::driver::Driver;
use crate::error::{Error, Misuse};
use crate::exchange::{Limits, Link, Phase};
use crate::map::{Application, TOKEN_INFO};

/// What lies on the reader.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Token {
    /// A card or phone with JPKI on it; its information says which.
    Jpki(TokenInfo),
    /// A card that is none of ours.
    Foreign,
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

/// A driver that finds out what lies on the reader. No card at all is a link fault.
///
/// Errors: [`Misuse::LinkBusy`]. Card effect: selects the JPKI application; no VERIFY.
pub fn identify(
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
        Err(Error::Card(error)) if error.status.is_some() => return Ok(Token::Foreign),
        Err(error) => return Err(error),
    }
    let bytes = card.read_start(&TOKEN_INFO).await?;
    Ok(Token::Jpki(TokenInfo::parse(&bytes)?))
}

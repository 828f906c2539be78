//! A response: data and status word.

use core::fmt;

use zeroize::Zeroizing;

use super::StatusWord;
use crate::error::{CardError, CardFault};

/// Response APDU: up to 65,536 bytes of data, and the status word. Wiped on drop.
pub struct Response {
    data: Zeroizing<Vec<u8>>,
    status: StatusWord,
}

impl Response {
    /// Splits the bytes of an answer into data and status word.
    ///
    /// Errors: [`CardFault::NotAResponse`] when there are fewer than two bytes, or more than
    /// 65,538. Some readers report success with no bytes when the card is pulled.
    pub fn parse(bytes: &[u8]) -> Result<Self, CardError> {
        match bytes {
            [data @ .., sw1, sw2] if data.len() <= 65_536 => Ok(Self {
                data: Zeroizing::new(data.to_vec()),
                status: StatusWord::new(u16::from_be_bytes([*sw1, *sw2])),
            }),
            _ => Err(CardError {
                fault: CardFault::NotAResponse,
                operation: "response",
                status: None,
            }),
        }
    }

    /// The data, without the status word.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The data, moved out; still wiped on drop.
    #[must_use]
    pub fn into_data(self) -> Zeroizing<Vec<u8>> {
        self.data
    }

    /// The status word.
    #[must_use]
    pub const fn status(&self) -> StatusWord {
        self.status
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({} bytes, {})", self.data.len(), self.status)
    }
}

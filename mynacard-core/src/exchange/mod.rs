//! What passes between a flow and a card: the link and who drives it, the mailbox of one driver, the
//! number guard and the limits under every flow, and the trait that every reader implements.

mod channel;
mod guard;
mod limits;
mod link;
mod transport;

pub(crate) use channel::{Channel, Note};
pub use limits::{Capabilities, Limits, Phase, Progress, Statistics};
pub use link::Link;
pub use transport::{AsyncCardTransport, CardTransport};

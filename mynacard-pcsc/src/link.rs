//! The link to one card.

use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{CardTransport, Link};
use pcsc::{Card, Context, Disposition, Error, Protocols, ReaderState, ShareMode, State};
use zeroize::{Zeroize, Zeroizing};

use crate::atr::Interface;
use crate::cancel::Cancellation;
use crate::fault::{During, link_fault, may_pass, without_service};
use crate::length::ExtendedLength;
use crate::reader::{ReaderName, establish};

/// Between two attempts to connect.
const BREATH: Duration = Duration::from_millis(100);

/// Whether other programs may use the card meanwhile.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Sharing {
    /// Nobody else can connect. What a reading needs that presents a number: as long as the card
    /// holds it for verified, whoever reaches the card reads what it opened.
    #[default]
    Exclusive,
    /// Others may be connected too, but have to wait: the whole link is one transaction. Connecting
    /// waits for as long as another program's transaction lasts, without a limit of its own.
    /// Windows resets a card whose transaction sends nothing for five seconds.
    Shared,
}

/// How to connect.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ConnectOptions {
    /// Whether other programs may use the card meanwhile.
    pub sharing: Sharing,
    /// How to decide on extended length.
    pub extended_length: ExtendedLength,
    /// What stops a reading over this link before its next command.
    pub cancellation: Cancellation,
    /// How long to try again while another program holds the card, or the card does not come up:
    /// zero unless the caller says otherwise. Programs of the system look at every new card for a
    /// second or two (see the crate's page), and a power-up can fail. Nothing was presented yet, so
    /// trying again costs no try. [`Readers::open`](crate::Readers::open) has a time of its own.
    pub patience: Duration,
}

impl ConnectOptions {
    /// Exclusive, extended length as the driver says.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, shared with other programs or not.
    #[must_use]
    pub fn sharing(self, sharing: Sharing) -> Self {
        Self { sharing, ..self }
    }

    /// The same with another way to decide on extended length.
    #[must_use]
    pub fn extended_length(self, extended_length: ExtendedLength) -> Self {
        Self { extended_length, ..self }
    }

    /// The same, trying for so long while the card is held by another program or does not come up.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The same, stopped by a clone of this.
    #[must_use]
    pub fn cancellation(self, cancellation: &Cancellation) -> Self {
        Self { cancellation: cancellation.clone(), ..self }
    }
}

/// The link to one card, from connecting until it is dropped or fails.
///
/// After its first fault it sends nothing more and repeats that fault: what lies on the reader
/// then may be another card. For the next tap connect anew.
///
/// When it is dropped the card loses its power, and with it everything that was verified; a reset
/// would leave that (measured on a card, card-spec §2.1, B).
pub struct PcscTransport {
    context: Context,
    reader: ReaderName,
    /// Taken when the link ends.
    card: Option<Card>,
    atr: Vec<u8>,
    link: Link,
    cancellation: Cancellation,
    buffer: Zeroizing<Vec<u8>>,
    fault: Option<LinkFault>,
}

impl PcscTransport {
    pub(crate) fn connect(
        reader: &ReaderName,
        options: &ConnectOptions,
    ) -> Result<Self, LinkFault> {
        let begun = Instant::now();
        loop {
            match Self::attempt(reader, options) {
                Err(_) if options.cancellation.is_cancelled() => return Err(LinkFault::Cancelled),
                Err(fault) if may_pass(fault) && begun.elapsed() < options.patience => {
                    thread::sleep(BREATH);
                }
                outcome => return outcome,
            }
        }
    }

    /// Connects, with nothing sent to the card.
    pub(crate) fn attempt(
        reader: &ReaderName,
        options: &ConnectOptions,
    ) -> Result<Self, LinkFault> {
        let mode = match options.sharing {
            Sharing::Exclusive => ShareMode::Exclusive,
            Sharing::Shared => ShareMode::Shared,
        };
        let during_connect = |error| link_fault(error, During::Connect);
        let context = establish()?;
        let mut card = context
            .connect(reader.as_c_str(), mode, Protocols::T0 | Protocols::T1)
            .map_err(during_connect)?;
        if options.sharing == Sharing::Shared {
            let transaction = card.transaction().map_err(during_connect)?;
            // It ends when the card is disconnected, and is not to end before.
            std::mem::forget(transaction);
        }
        let atr = card.status2_owned().map_err(during_connect)?.atr().to_vec();
        Ok(Self {
            context,
            reader: reader.clone(),
            link: Link::new(options.extended_length.capabilities(&card)),
            card: Some(card),
            atr,
            cancellation: options.cancellation.clone(),
            buffer: Zeroizing::new(vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED]),
            fault: None,
        })
    }

    /// The reader.
    #[must_use]
    pub fn reader(&self) -> &ReaderName {
        &self.reader
    }

    /// The ATR of the card, as the reader gives it. It identifies no card and no person.
    #[must_use]
    pub fn atr(&self) -> &[u8] {
        &self.atr
    }

    /// How the card is connected, as far as the ATR tells.
    #[must_use]
    pub fn interface(&self) -> Interface {
        Interface::of(&self.atr)
    }

    /// What ended this link, if anything did.
    #[must_use]
    pub fn fault(&self) -> Option<LinkFault> {
        self.fault
    }

    /// Ends the link and takes the card's power. Dropping does the same without telling.
    ///
    /// Errors: [`LinkFault`], where the card or its reader had gone before. Card effect: everything
    /// verified is forgotten.
    pub fn disconnect(mut self) -> Result<(), LinkFault> {
        self.end().map_err(|error| link_fault(error, During::Exchange))
    }

    fn end(&mut self) -> Result<(), Error> {
        match self.card.take() {
            Some(card) => card.disconnect(Disposition::UnpowerCard).map_err(|(_, error)| error),
            None => Ok(()),
        }
    }

    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        if self.cancellation.is_cancelled() {
            return Err(LinkFault::Cancelled);
        }
        let Some(card) = &self.card else { return Err(LinkFault::Lost) };
        match card.transmit(command, &mut self.buffer) {
            Ok(answer) if answer.len() >= 2 => {
                response.extend_from_slice(answer);
                let used = answer.len();
                if let Some(answer) = self.buffer.get_mut(..used) {
                    answer.zeroize();
                }
                Ok(())
            }
            // Some drivers report success without an answer when the card has just gone.
            Ok(_) => Err(self.what_happened(Error::NotTransacted)),
            Err(error) => Err(self.what_happened(error)),
        }
    }

    /// The fault behind a failed exchange. Where the code only says that it failed, the reader's
    /// state tells whether it is still there.
    fn what_happened(&self, error: Error) -> LinkFault {
        let fault = link_fault(error, During::Exchange);
        if fault != LinkFault::Lost && error != Error::InvalidHandle {
            return fault;
        }
        let mut states = [ReaderState::new(self.reader.as_c_str(), State::UNAWARE)];
        match self.context.get_status_change(Duration::ZERO, &mut states) {
            Ok(()) if states.iter().all(|state| is_gone(state.event_state())) => {
                LinkFault::ReaderGone
            }
            Err(error @ (Error::NoService | Error::ServiceStopped | Error::InvalidHandle)) => {
                match link_fault(error, During::Exchange) {
                    LinkFault::Transport => without_service(During::Exchange, cfg!(windows)),
                    fault => fault,
                }
            }
            Err(Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable) => {
                LinkFault::ReaderGone
            }
            Ok(()) | Err(_) => fault,
        }
    }
}

fn is_gone(state: State) -> bool {
    state.intersects(State::UNKNOWN | State::UNAVAILABLE | State::IGNORE)
}

impl CardTransport for PcscTransport {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let outcome = self.exchange(command, response);
        if let Err(fault) = outcome {
            self.fault = Some(fault);
            self.buffer.zeroize();
        }
        outcome
    }

    fn link(&self) -> &Link {
        &self.link
    }
}

impl Drop for PcscTransport {
    fn drop(&mut self) {
        // Fails where the card has gone, and then it has no power either.
        let _ = self.end();
    }
}

/// Says which reader, never what went over it.
impl fmt::Debug for PcscTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PcscTransport")
            .field("reader", &self.reader.to_string())
            .field("interface", &self.interface())
            .field("link", &self.link)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

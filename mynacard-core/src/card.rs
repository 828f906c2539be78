//! Operations on files and keys: select, read, tries left, verify, sign.
//!
//! A [`Card`] remembers what is selected, so that nothing is selected twice, and what the card
//! turned out not to support, so that nothing is tried twice in vain.

mod verification;

use core::fmt;

pub use verification::{Floor, TriesLeft, Verification, VerifyOutcome};
use zeroize::Zeroizing;

use crate::apdu::{Command, Expected, Response, StatusWord};
use crate::credential::VerificationNumberB;
use crate::error::{
    CardFault, CredentialFault, Error, LimitFault, Malformed, MalformedReason, Misuse,
};
use crate::exchange::{Channel, Note, Phase, Progress, Statistics};
use crate::map::{Application, Content, Fid, FileSpec, KeyRef};
use crate::tlv::Header;

/// The card, as a flow sees it. Only a [`Driver`](crate::driver::Driver) makes one.
pub struct Card {
    channel: Channel,
    torn: Option<TornFile>,
}

/// The start of a file whose reading a lost link has cut off. Wiped on drop.
pub(crate) struct TornFile {
    application: Application,
    fid: Fid,
    bytes: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for TornFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TornFile({} bytes)", self.bytes.len())
    }
}

impl TornFile {
    /// What was read of this file, if it is the one.
    pub(crate) fn bytes_of(&self, file: &FileSpec) -> Option<&[u8]> {
        (self.application == file.application && self.fid == file.fid).then_some(&self.bytes)
    }
}

impl Card {
    pub(crate) fn new(channel: Channel) -> Self {
        Self { channel, torn: None }
    }

    /// Takes what a lost link has left of a file.
    pub(crate) fn take_torn(&mut self) -> Option<TornFile> {
        self.torn.take()
    }

    /// Lets the next reading of that file go on from there. The caller has proof that it is the same
    /// card.
    pub(crate) fn continue_from(&mut self, torn: TornFile) {
        self.torn = Some(torn);
    }

    /// What has been spent so far.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        self.channel.statistics()
    }

    /// Tells the host what the reading is busy with.
    pub fn progress(&self, phase: Phase, bytes_done: usize, bytes_expected: usize) {
        self.channel.show(Note::Progress(Progress { phase, bytes_done, bytes_expected }));
    }

    /// Selects an application, unless it is selected.
    ///
    /// Errors: [`CardFault::ApplicationMissing`], link, limits. Card effect: changes the current
    /// application; keys verified in another one are forgotten by the card.
    pub async fn select(&mut self, application: Application) -> Result<(), Error> {
        const OPERATION: &str = "SELECT application";
        if self.channel.application() == Some(application) {
            return Ok(());
        }
        let command = Command::new(0x00, 0xA4, 0x04, 0x0C).with_data(application.aid())?;
        let response = self.channel.transmit(command).await?;
        match self.gather(response).await?.1 {
            // The guard is the one who says what is selected.
            StatusWord::Ok | StatusWord::Warning(_)
                if self.channel.application() == Some(application) =>
            {
                Ok(())
            }
            // Foreign cards refuse with all sorts of words.
            status @ (StatusWord::FileNotFound
            | StatusWord::WrongP1P2
            | StatusWord::WrongParameter(_)
            | StatusWord::WrongLength
            | StatusWord::ClassFunction(_)
            | StatusWord::Conditions
            | StatusWord::NotAllowed(_)
            | StatusWord::InstructionNotSupported
            | StatusWord::ClassNotSupported
            | StatusWord::Other(_)) => {
                Err(CardFault::ApplicationMissing.during(OPERATION, Some(status)))
            }
            status => Err(CardFault::UnexpectedStatus.during(OPERATION, Some(status))),
        }
    }

    /// Whether an application is there that is not opened, by one SELECT.
    ///
    /// Errors: link, limits, [`Misuse::ForbiddenCommand`] for an identifier that is not in the
    /// [`map`](crate::map). Card effect: leaves the current application.
    pub(crate) async fn answers_to(&mut self, aid: &[u8]) -> Result<bool, Error> {
        let command = Command::new(0x00, 0xA4, 0x04, 0x0C).with_data(aid)?;
        let status = self.channel.transmit(command).await?.status();
        Ok(matches!(status, StatusWord::Ok | StatusWord::Warning(_) | StatusWord::MoreAvailable(_)))
    }

    /// Selects a file of the current application, unless it is selected.
    async fn select_file(&mut self, fid: Fid, operation: &'static str) -> Result<(), Error> {
        if self.channel.file() == Some(fid) {
            return Ok(());
        }
        let command = Command::new(0x00, 0xA4, 0x02, 0x0C).with_data(&[0x00, fid.value()])?;
        let response = self.channel.transmit(command).await?;
        match self.gather(response).await?.1 {
            StatusWord::Ok => Ok(()),
            status @ StatusWord::FileNotFound => {
                Err(CardFault::FileMissing.during(operation, Some(status)))
            }
            status => Err(CardFault::UnexpectedStatus.during(operation, Some(status))),
        }
    }

    /// Asks how many tries a key has left.
    ///
    /// Errors: application or key missing, link, limits. Card effect: selects the key; free, the
    /// counter does not change (card-spec §2, JICSAP 6.4.9(5), A).
    pub async fn tries_left(&mut self, key: KeyRef) -> Result<TriesLeft, Error> {
        const OPERATION: &str = "query of the tries left";
        self.select(key.application()).await?;
        // Face 0011 and text 0011 are two keys: which one it is stands on the selection alone.
        if self.channel.is_warned() && !key.takes_number_b() {
            return Err(CardFault::UnexpectedStatus.during(OPERATION, None));
        }
        self.select_file(key.fid(), OPERATION).await?;
        let response = self.channel.transmit(Command::new(0x00, 0x20, 0x00, 0x80)).await?;
        match response.status() {
            StatusWord::Ok => Ok(TriesLeft::AlreadyVerified),
            StatusWord::TriesLeft(0) | StatusWord::Blocked(_) => Ok(TriesLeft::Blocked),
            StatusWord::TriesLeft(left) => Ok(TriesLeft::Count(left)),
            StatusWord::NoMatch => Ok(TriesLeft::NotTold),
            status => Err(CardFault::UnexpectedStatus.during(OPERATION, Some(status))),
        }
    }

    /// Asks for the tries left, and if there are at least as many as the floor, verifies 照合番号B.
    ///
    /// A key that says it is open already would take any digits for right. So the application is left
    /// and selected again first; what is open even then is [`VerifyOutcome::AlreadyVerified`], and the
    /// digits were not checked.
    ///
    /// Errors: [`CredentialFault::OutcomeUnknown`] when the answer was lost or is none that a
    /// VERIFY has: a try may be spent; [`CredentialFault::CounterUnreadable`]; application or key
    /// missing, [`Misuse::WrongCredential`] for a key that takes no such number, link, limits: nothing is
    /// spent. Card effect: spends one try if the number is wrong, restores the counter if it is right.
    pub async fn verify(
        &mut self,
        key: KeyRef,
        number: &VerificationNumberB,
        floor: Floor,
    ) -> Result<Verification, Error> {
        if !key.takes_number_b() {
            return Err(Misuse::WrongCredential.into());
        }
        let verification = |outcome, left_before| Verification { key, outcome, left_before, floor };
        let mut tries = self.tries_left(key).await?;
        if tries == TriesLeft::AlreadyVerified {
            self.leave(key.application()).await?;
            tries = self.tries_left(key).await?;
        }
        let left = match tries {
            TriesLeft::Count(left) if left < floor.tries() => {
                let outcome = VerifyOutcome::RefusedByFloor { left, floor: floor.tries() };
                return Ok(verification(outcome, Some(left)));
            }
            TriesLeft::Count(left) => left,
            TriesLeft::Blocked => return Ok(verification(VerifyOutcome::Blocked, Some(0))),
            TriesLeft::AlreadyVerified => {
                return Ok(verification(VerifyOutcome::AlreadyVerified, None));
            }
            TriesLeft::NotTold => return Err(CredentialFault::CounterUnreadable.into()),
        };
        let command = Command::new(0x00, 0x20, 0x00, 0x80).with_data(number.expose())?;
        let response = match self.channel.transmit(command).await {
            Ok(response) => response,
            Err(nothing_was_sent @ (Error::Misuse(_) | Error::Limit(LimitFault::Exchanges))) => {
                return Err(nothing_was_sent);
            }
            Err(_) => return Err(CredentialFault::OutcomeUnknown.into()),
        };
        let outcome = match response.status() {
            StatusWord::Ok => VerifyOutcome::Accepted,
            StatusWord::TriesLeft(left) => VerifyOutcome::Rejected { left },
            StatusWord::Blocked(_) => VerifyOutcome::Blocked,
            _ => return Err(CredentialFault::OutcomeUnknown.into()),
        };
        Ok(verification(outcome, Some(left)))
    }

    /// Leaves an application, so that the card forgets which of its keys were verified.
    async fn leave(&mut self, application: Application) -> Result<(), Error> {
        let other = match application {
            Application::Jpki => Application::Face,
            _ => Application::Jpki,
        };
        match self.select(other).await {
            // Refused, it may still have left: what is selected is not known then.
            Ok(()) | Err(Error::Card(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Has the current application's own key sign what it is given, padded as it is (PKCS#1 v1.5).
    ///
    /// Errors: link, limits, [`CardFault::UnexpectedStatus`]. Card effect: none. Source: card-spec
    /// §2 and §5; `80 2A 00 00` is B in its command form, A in its use.
    pub async fn sign(
        &mut self,
        application: Application,
        digest_info: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        const OPERATION: &str = "signature with the card's own key";
        self.select(application).await?;
        let command = Command::new(0x80, 0x2A, 0x00, 0x00)
            .with_data(digest_info)?
            .expecting(Expected::Short(256))?;
        let response = self.channel.transmit(command).await?;
        match self.gather(response).await? {
            (signature, StatusWord::Ok) => Ok(signature),
            (_, status) => Err(CardFault::UnexpectedStatus.during(OPERATION, Some(status))),
        }
    }

    /// Reads the object in a file: its header first, then exactly the rest.
    ///
    /// Errors: file missing, access denied, [`CardFault::ShortFile`], malformed header, link,
    /// limits. Card effect: changes the current application and file.
    pub async fn read(
        &mut self,
        file: &FileSpec,
        phase: Phase,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut bytes = match self.torn.take_if(|torn| torn.bytes_of(file).is_some()) {
            Some(torn) => torn.bytes,
            None => Zeroizing::new(Vec::with_capacity(file.first_read.max(512))),
        };
        let result = self.read_on(file, phase, &mut bytes).await;
        match result {
            Ok(()) => Ok(bytes),
            Err(error) => {
                if matches!(error, Error::Link(_)) && !bytes.is_empty() {
                    let (application, fid) = (file.application, file.fid);
                    self.torn = Some(TornFile { application, fid, bytes });
                }
                Err(error)
            }
        }
    }

    /// Reads on from what there is, until the object is whole.
    async fn read_on(
        &mut self,
        file: &FileSpec,
        phase: Phase,
        bytes: &mut Zeroizing<Vec<u8>>,
    ) -> Result<(), Error> {
        self.select(file.application).await?;
        let mut wanted = file.first_read;
        let total = loop {
            match object_size(bytes, file)? {
                Some(total) => break total,
                None if bytes.is_empty() => {}
                None => wanted = LONGEST_HEADER,
            }
            let block = self.read_block(file, bytes.len(), wanted, Beyond::NotKnown).await?;
            bytes.extend_from_slice(&block);
        };
        if total > self.channel.limits().file {
            return Err(LimitFault::ObjectSize.into());
        }
        make_room_for(total, bytes);
        self.progress(phase, bytes.len().min(total), total);
        while bytes.len() < total {
            let rest = total - bytes.len();
            let block = self.read_block(file, bytes.len(), rest, Beyond::IsThere).await?;
            bytes.extend_from_slice(&block);
            self.progress(phase, bytes.len().min(total), total);
        }
        bytes.truncate(total);
        Ok(())
    }

    /// Reads the start of a file that holds no object: as many bytes as are known to matter.
    ///
    /// Errors: as [`Card::read`]. Card effect: changes the current application and file.
    pub async fn read_start(&mut self, file: &FileSpec) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.select(file.application).await?;
        let count = file.first_read;
        let mut bytes = Zeroizing::new(Vec::with_capacity(count));
        while bytes.len() < count {
            let rest = count - bytes.len();
            let block = self.read_block(file, bytes.len(), rest, Beyond::NotKnown).await?;
            bytes.extend_from_slice(&block);
        }
        Ok(bytes)
    }

    /// Reads one record of a record file.
    ///
    /// Errors: as [`Card::read`]. Card effect: changes the current application and file.
    pub async fn read_record(
        &mut self,
        file: &FileSpec,
        record: u8,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.select(file.application).await?;
        let command = Command::new(0x00, 0xB2, record, (file.fid.value() << 3) | 0x04)
            .expecting(Expected::Short(256))?;
        let response = self.channel.transmit(command).await?;
        match self.gather(response).await? {
            (data, StatusWord::Ok) => Ok(data),
            (_, status) => Err(read_error(file, status)),
        }
    }

    /// Reads 1 to `wanted` bytes from `offset`. What card or reader turns out not to carry is learnt for the
    /// link: extended length, refused in whatever way, falls back on short blocks once; blocks that are too long
    /// (`6700`, `6Cxx`) become shorter once. One answer that does not fit, amid an object, is asked for again.
    async fn read_block(
        &mut self,
        file: &FileSpec,
        offset: usize,
        wanted: usize,
        beyond: Beyond,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut count = wanted;
        // What was refused, until a shorter block shows that its length was the reason.
        let mut is_shortened = false;
        let mut may_repeat = beyond == Beyond::IsThere && offset > 0;
        loop {
            count = count.clamp(1, self.channel.most_data());
            let by_short_id = self.channel.file() != Some(file.fid);
            if by_short_id && (!self.channel.takes_short_ids() || offset > 0xFF) {
                self.select_file(file.fid, file.name).await?;
                continue;
            }
            let command = read_command(file, offset, count, by_short_id)?;
            let response = self.channel.transmit(command).await?;
            let (data, status) = self.gather(response).await?;
            match status {
                StatusWord::Ok | StatusWord::Warning(_) if data.len() > count => {
                    return Err(CardFault::NotAResponse.during(file.name, Some(status)));
                }
                StatusWord::Ok | StatusWord::Warning(_) if !data.is_empty() => {
                    if is_shortened {
                        self.channel.carries_only(count);
                    }
                    self.channel.advanced(true)?;
                    let mut data = data;
                    // A card may insist on giving more than was wanted (`6Cxx`).
                    data.truncate(wanted);
                    return Ok(data);
                }
                StatusWord::WrongExpected(available) => {
                    let available = if available == 0 { 256 } else { usize::from(available) };
                    // At a file's end it says how much is left, amid an object how much is carried.
                    is_shortened = beyond == Beyond::IsThere
                        && available < count
                        && available >= SHORTEST_BLOCK;
                    count = available;
                }
                StatusWord::FileNotFound | StatusWord::AccessDenied => {
                    return Err(read_error(file, status));
                }
                StatusWord::WrongP1P2
                | StatusWord::WrongParameter(0x81)
                | StatusWord::WrongStructure
                | StatusWord::NoCurrentFile
                | StatusWord::WrongOffset
                    if by_short_id && count <= 256 =>
                {
                    self.channel.refuses_short_ids();
                }
                _ if count > 256 => (count, is_shortened) = (256, true),
                StatusWord::WrongLength if shorter(count).is_some() => {
                    (count, is_shortened) = (shorter(count).unwrap_or(1), true);
                }
                _ if may_repeat => may_repeat = false,
                status => return Err(read_error(file, status)),
            }
            self.channel.advanced(false)?;
        }
    }

    /// Fetches what a `61xx` announces, until the card has said everything.
    async fn gather(&self, response: Response) -> Result<(Zeroizing<Vec<u8>>, StatusWord), Error> {
        let mut status = response.status();
        let mut data = response.into_data();
        while let StatusWord::MoreAvailable(count) = status {
            let expected = Expected::Short(if count == 0 { 256 } else { u16::from(count) });
            let command = Command::new(0x00, 0xC0, 0x00, 0x00).expecting(expected)?;
            let more = self.channel.transmit(command).await?;
            self.channel.advanced(!more.data().is_empty())?;
            status = more.status();
            make_room_for(data.len() + more.data().len(), &mut data);
            data.extend_from_slice(more.data());
        }
        Ok((data, status))
    }
}

/// Whether there is more in the file than what is asked for.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Beyond {
    NotKnown,
    /// The object says so.
    IsThere,
}

/// The next block to be tried after one that is too long for card or reader (192 was seen, gmrtd#410).
fn shorter(count: usize) -> Option<usize> {
    [192, 128, 64, 32].into_iter().find(|shorter| *shorter < count)
}

/// Less than this is no block that a card or reader carries, but an answer gone wrong or a file's end.
const SHORTEST_BLOCK: usize = 32;

/// No header on this card is longer: three bytes of tag, four of length.
const LONGEST_HEADER: usize = 7;

/// READ BINARY by short identifier, which also selects the file, or from the current file.
fn read_command(
    file: &FileSpec,
    offset: usize,
    count: usize,
    by_short_id: bool,
) -> Result<Command, Error> {
    if offset > 0x7FFF {
        return Err(LimitFault::ObjectSize.into());
    }
    let [.., high, low] = offset.to_be_bytes();
    let p1 = if by_short_id { 0x80 | file.fid.value() } else { high };
    let expected = match u16::try_from(count) {
        Ok(short @ ..=256) => Expected::Short(short),
        _ => Expected::Extended(u32::try_from(count).unwrap_or(u32::MAX)),
    };
    Ok(Command::new(0x00, 0xB0, p1, low).expecting(expected)?)
}

/// How many bytes the object at the start of a file takes; none while its header is incomplete.
fn object_size(bytes: &[u8], file: &FileSpec) -> Result<Option<usize>, Malformed> {
    let fault = |why| Malformed { object: file.name, at: 0, why };
    match Header::parse(bytes) {
        Ok(header) if Content::Object(header.tag()) == file.content => Ok(Some(header.total())),
        Ok(_) => Err(fault(MalformedReason::UnexpectedTag)),
        Err(MalformedReason::Truncated) if bytes.len() < LONGEST_HEADER => Ok(None),
        Err(_) if matches!(bytes, [0x00, 0x00, ..] | [0xFF, 0xFF, ..]) => {
            Err(fault(MalformedReason::Empty))
        }
        Err(why) => Err(fault(why)),
    }
}

/// Moves the bytes, once, to a buffer that need not move again to grow to `total`; the old one is
/// wiped.
fn make_room_for(total: usize, bytes: &mut Zeroizing<Vec<u8>>) {
    if bytes.capacity() < total {
        let mut larger = Zeroizing::new(Vec::with_capacity(total));
        larger.extend_from_slice(bytes);
        *bytes = larger;
    }
}

fn read_error(file: &FileSpec, status: StatusWord) -> Error {
    let fault = match status {
        StatusWord::FileNotFound | StatusWord::RecordNotFound => CardFault::FileMissing,
        StatusWord::AccessDenied => CardFault::AccessDenied,
        StatusWord::WrongOffset | StatusWord::Ok | StatusWord::Warning(_) => CardFault::ShortFile,
        _ => CardFault::UnexpectedStatus,
    };
    fault.during(file.name, Some(status))
}

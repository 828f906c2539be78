//! Reads and writes the lines of a log, in the one form that the module above describes.

use ring::digest;

use super::cursor::{Cursor, Stop};
use super::id::finish;
use super::{Commitment, Event, LogId, LogKind, Occurrence, ShortId, hex, moment};
use crate::Timestamp;

/// The longest line without its line feed: no line of this format reaches it.
pub(super) const LINE_MAX: usize = 1024;

const FORMAT: &str = r#","format":"mynacard-audit/1","drill":"#;

/// A line as it was read: borrowed from its text, its form checked, nothing else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Sequence number: the header has 0.
    pub(super) seq: u64,
    /// When.
    pub(super) at: Timestamp,
    /// What.
    pub(super) code: Event,
    /// What is particular to this kind of line.
    pub(super) content: Content<'a>,
    pub(super) prev: &'a [u8],
    pub(super) seal: &'a [u8],
    /// Length of the sealed bytes.
    pub(super) body: usize,
    /// Length of the whole line without its line feed.
    pub(super) len: usize,
}

/// What is particular to a kind of line, as far as it is looked at again; hexadecimal values as
/// digits. Crew, device, encounter and card are only checked for their form.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content<'a> {
    /// The first line.
    Header {
        drill: bool,
        /// 32 digits.
        log: &'a [u8],
    },
    /// Something happened in an encounter.
    Entry,
    /// A signed checkpoint.
    Checkpoint {
        /// 32 digits.
        log: &'a [u8],
        /// 128 digits.
        signature: &'a [u8],
        /// Length of the signed bytes.
        signed: usize,
    },
}

impl<'a> Line<'a> {
    /// Reads the line at the beginning of `text`; what follows it is not looked at.
    #[inline]
    pub(super) fn read(text: &'a [u8]) -> Result<Self, Stop> {
        let mut cursor = Cursor::new(text);
        cursor.literal(r#"{"seq":"#)?;
        let seq = cursor.number()?;
        cursor.literal(r#","at":""#)?;
        let at = cursor.moment()?;
        cursor.literal(r#"","code":"#)?;
        let code = u16::try_from(cursor.number()?).ok().and_then(Event::from_code);
        let code = code.ok_or(Stop::Bad)?;
        cursor.literal(r#","event":""#)?;
        cursor.literal(code.name())?;
        cursor.literal("\"")?;
        let mut content = match code {
            Event::LogOpened => Self::header(&mut cursor)?,
            Event::Checkpoint => {
                cursor.literal(r#","log":""#)?;
                let log = cursor.hex(32)?;
                Self::device(&mut cursor)?;
                Content::Checkpoint { log, signature: &[], signed: 0 }
            }
            _ => Self::entry(&mut cursor)?,
        };
        if matches!(content, Content::Header { .. }) != (seq == 0) {
            return Err(Stop::Bad);
        }
        cursor.literal(r#","prev":""#)?;
        let prev = cursor.hex(64)?;
        cursor.literal("\"")?;
        if let Content::Checkpoint { signature, signed, .. } = &mut content {
            *signed = cursor.at();
            cursor.literal(r#","signature":""#)?;
            *signature = cursor.hex(128)?;
            cursor.literal("\"")?;
        }
        let body = cursor.at();
        cursor.literal(r#","seal":""#)?;
        let seal = cursor.hex(64)?;
        cursor.literal("\"}")?;
        Ok(Self { seq, at, code, content, prev, seal, body, len: cursor.at() })
    }

    fn header(cursor: &mut Cursor<'a>) -> Result<Content<'a>, Stop> {
        cursor.literal(FORMAT)?;
        let drill = cursor.boolean()?;
        cursor.literal(r#","log":""#)?;
        let log = cursor.hex(32)?;
        Self::device(cursor)?;
        Ok(Content::Header { drill, log })
    }

    fn entry(cursor: &mut Cursor<'a>) -> Result<Content<'a>, Stop> {
        cursor.literal(r#","encounter":""#)?;
        cursor.hex(32)?;
        cursor.literal(r#"","crew":""#)?;
        cursor.short_id()?;
        Self::device(cursor)?;
        cursor.literal(r#","card":"#)?;
        if cursor.takes("\"") {
            cursor.hex(64)?;
            cursor.literal("\"")?;
        } else {
            cursor.literal("null")?;
        }
        Ok(Content::Entry)
    }

    fn device(cursor: &mut Cursor<'a>) -> Result<(), Stop> {
        cursor.literal(r#"","device":""#)?;
        cursor.short_id()?;
        cursor.literal("\"")
    }
}

/// The sequence number at the beginning of a torn line, if that much of it is there.
pub(super) fn torn_seq(text: &[u8]) -> Option<u64> {
    let mut cursor = Cursor::new(text);
    cursor.literal(r#"{"seq":"#).ok()?;
    cursor.number().ok()
}

/// The two hashes of a line: of its sealed bytes, and of the whole line.
#[inline]
pub(super) fn hashes(text: &[u8], body: usize, len: usize) -> ([u8; 32], [u8; 32]) {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(text.get(..body).unwrap_or_default());
    let sealed = finish(context.clone());
    context.update(text.get(body..len).unwrap_or_default());
    (sealed, finish(context))
}

/// The hash of the sealed bytes of a line that has no seal yet.
pub(super) fn sealed_hash(body: &str) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(body.as_bytes());
    finish(context)
}

fn start(seq: u64, at: Timestamp, code: Event) -> String {
    let mut body = String::with_capacity(512);
    body.push_str(r#"{"seq":"#);
    body.push_str(&seq.to_string());
    body.push_str(r#","at":""#);
    moment::push(&mut body, at);
    body.push_str(r#"","code":"#);
    body.push_str(&code.code().to_string());
    body.push_str(r#","event":""#);
    body.push_str(code.name());
    body.push('"');
    body
}

fn push_device_and_prev(body: &mut String, device: ShortId, prev: &[u8; 32]) {
    push_device(body, device);
    push_prev(body, prev);
}

fn push_device(body: &mut String, device: ShortId) {
    body.push_str(r#"","device":""#);
    body.push_str(device.as_str());
    body.push('"');
}

fn push_prev(body: &mut String, prev: &[u8; 32]) {
    body.push_str(r#","prev":""#);
    hex::push(body, prev);
    body.push('"');
}

/// The sealed bytes of a header.
pub(super) fn header_body<K: LogKind>(at: Timestamp, log: LogId, device: ShortId) -> String {
    let mut body = start(0, at, Event::LogOpened);
    body.push_str(FORMAT);
    body.push_str(if K::DRILL { "true" } else { "false" });
    body.push_str(r#","log":""#);
    hex::push(&mut body, log.as_bytes());
    push_device_and_prev(&mut body, device, &[0; 32]);
    body
}

/// The sealed bytes of an entry.
pub(super) fn entry_body<K: LogKind>(
    seq: u64,
    prev: &[u8; 32],
    device: ShortId,
    occurrence: &Occurrence<K>,
) -> String {
    let mut body = start(seq, occurrence.at, occurrence.event);
    body.push_str(r#","encounter":""#);
    hex::push(&mut body, occurrence.encounter.as_bytes());
    body.push_str(r#"","crew":""#);
    body.push_str(occurrence.crew.as_str());
    push_device(&mut body, device);
    body.push_str(r#","card":"#);
    match occurrence.card.as_ref().map(Commitment::as_bytes) {
        Some(card) => {
            body.push('"');
            hex::push(&mut body, card);
            body.push('"');
        }
        None => body.push_str("null"),
    }
    push_prev(&mut body, prev);
    body
}

/// The signed bytes of a checkpoint.
pub(super) fn checkpoint_body(
    seq: u64,
    prev: &[u8; 32],
    at: Timestamp,
    log: LogId,
    device: ShortId,
) -> String {
    let mut body = start(seq, at, Event::Checkpoint);
    body.push_str(r#","log":""#);
    hex::push(&mut body, log.as_bytes());
    push_device_and_prev(&mut body, device, prev);
    body
}

/// Turns the signed bytes of a checkpoint into its sealed bytes.
pub(super) fn push_signature(body: &mut String, signature: &[u8; 64]) {
    body.push_str(r#","signature":""#);
    hex::push(body, signature);
    body.push('"');
}

/// Turns sealed bytes into a whole line, without its line feed.
pub(super) fn push_seal(body: &mut String, seal: &[u8; 32]) {
    body.push_str(r#","seal":""#);
    hex::push(body, seal);
    body.push_str("\"}");
}

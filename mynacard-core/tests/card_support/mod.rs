//! What the card tests share: a card that plays back a script, and files to put into it.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of this")]

use std::collections::VecDeque;

use mynacard_core::credential::VerificationNumberB;
use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{AsyncCardTransport, Capabilities, CardTransport, Link};

/// The number of the published test card; well formed, and nobody's.
pub const NUMBER: &[u8] = b"55021720352285";

pub fn number() -> VerificationNumberB {
    VerificationNumberB::from_digits(NUMBER).expect("the number is well formed")
}

/// A link that nobody has.
pub fn free_link() -> Link {
    Link::new(Capabilities::SHORT)
}

/// Plays back answers in order, whatever is asked, and keeps what was asked.
pub struct Script {
    pub link: Link,
    pub sent: Vec<Vec<u8>>,
    answers: VecDeque<Result<Vec<u8>, LinkFault>>,
    last: Result<Vec<u8>, LinkFault>,
}

impl Script {
    /// After the last answer the card is gone.
    pub fn new(answers: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self {
            link: Link::new(Capabilities::SHORT),
            sent: Vec::new(),
            answers: answers.into_iter().map(Ok).collect(),
            last: Err(LinkFault::Lost),
        }
    }

    /// After the last answer the card repeats this one for ever.
    pub fn then_always(mut self, answer: Vec<u8>) -> Self {
        self.last = Ok(answer);
        self
    }

    pub fn extended(mut self) -> Self {
        self.link = Link::new(Capabilities::EXTENDED);
        self
    }

    /// The commands' headers, for comparison with what a reading should do.
    pub fn headers(&self) -> Vec<[u8; 4]> {
        self.sent.iter().map(|command| header(command)).collect()
    }

    /// How many VERIFY commands carried a secret, and so could have cost a try.
    pub fn tries_risked(&self) -> usize {
        self.sent.iter().filter(|command| risks_a_try(command)).count()
    }

    fn answer(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkFault> {
        self.sent.push(command.to_vec());
        self.answers.pop_front().unwrap_or_else(|| self.last.clone())
    }
}

impl CardTransport for Script {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        response.extend_from_slice(&self.answer(command)?);
        Ok(())
    }

    fn link(&self) -> &Link {
        &self.link
    }
}

impl AsyncCardTransport for Script {
    async fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        CardTransport::transmit(self, command, response)
    }

    fn link(&self) -> &Link {
        &self.link
    }
}

pub fn header(command: &[u8]) -> [u8; 4] {
    *command.first_chunk().expect("a command has a header")
}

/// Whether a command is a VERIFY that carries a secret.
pub fn risks_a_try(command: &[u8]) -> bool {
    header(command)[1] == 0x20 && command.len() > 5
}

/// An answer with data.
pub fn ok(data: &[u8]) -> Vec<u8> {
    with_status(data, 0x9000)
}

/// An answer without data.
pub fn sw(status: u16) -> Vec<u8> {
    with_status(&[], status)
}

pub fn with_status(data: &[u8], status: u16) -> Vec<u8> {
    [data, &status.to_be_bytes()].concat()
}

/// One BER-TLV object with a two-byte length, as the card writes its large ones.
pub fn tlv(tag: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).expect("test objects are small").to_be_bytes();
    [&tag.to_be_bytes(), &[0x82][..], &length, value].concat()
}

/// A certificate-like DER object of this many bytes in all.
pub fn der(total: usize) -> Vec<u8> {
    let length = u16::try_from(total - 4).expect("test objects are small").to_be_bytes();
    let mut bytes = vec![0x30, 0x82, length[0], length[1]];
    bytes.extend((4..total).map(|at| u8::try_from(at % 251).expect("below 251")));
    bytes
}

/// A card face (face 0002) with a photo of this many bytes, which is none that decodes.
pub fn face_file(photo_bytes: usize) -> Vec<u8> {
    with_offset_table(
        0xDF21,
        &[
            tlv(0xDF22, b"19800217"),
            tlv(0xDF23, b"1"),
            tlv(0xDF24, &[0x90; 16]),
            tlv(0xDF25, &[0x89; 20]),
            tlv(0xDF26, &[0x89; 20]),
            tlv(0xDF27, &vec![0x5A; photo_bytes]),
            tlv(0xDF28, &[0x28; 256]),
            tlv(0xDF29, b"20350217"),
            tlv(0xDF2A, &[0x89; 20]),
        ],
    )
}

/// Four attributes (text 0002).
pub fn attributes_file() -> Vec<u8> {
    with_offset_table(
        0xDF21,
        &[
            tlv(0xDF22, "見本　太郎".as_bytes()),
            tlv(0xDF23, "見本県見本市一－二－三".as_bytes()),
            tlv(0xDF24, b"19800217"),
            tlv(0xDF25, b"1"),
        ],
    )
}

fn with_offset_table(tag: u16, objects: &[Vec<u8>]) -> Vec<u8> {
    // Outer header 5 bytes, then the table with its own header of 5.
    let mut at = 5 + 5 + 2 * objects.len();
    let mut table = Vec::new();
    for object in objects {
        table.extend_from_slice(&u16::try_from(at).expect("test files are small").to_be_bytes());
        at += object.len();
    }
    tlv(0xFF20, &[tlv(tag, &table), objects.concat()].concat())
}

/// The answers to reading a file in blocks of 256.
pub fn blocks(file: &[u8]) -> Vec<Vec<u8>> {
    file.chunks(256).map(ok).collect()
}

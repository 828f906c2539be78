//! What looking at one's own memory takes: needles that nobody holds in clear, the writable memory of
//! this process, and a card in a process of its own.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{Capabilities, CardTransport, Link};
use mynacard_sim::VirtualCard;
use zeroize::Zeroizing;

/// How a process is told to be the card.
pub(crate) const CARD: &str = "--be-the-card";

/// What covers the byte at this place of something personal.
fn cover(at: usize) -> u8 {
    u8::try_from(at * 37 % 251).expect("below 251") ^ 0xA5
}

/// Something personal, covered, so that a search for it does not find itself.
pub(crate) struct Covered {
    pub(crate) name: String,
    bytes: Vec<u8>,
}

impl Covered {
    /// In clear, wiped on drop.
    pub(crate) fn clear(&self) -> Zeroizing<Vec<u8>> {
        let mut clear = Zeroizing::new(Vec::with_capacity(self.bytes.len()));
        clear.extend(self.bytes.iter().enumerate().map(|(at, byte)| byte ^ cover(at)));
        clear
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        let Some(first) = self.bytes.first().map(|byte| byte ^ cover(0)) else { return false };
        let mut from = 0;
        while let Some(step) = bytes[from..].iter().position(|byte| *byte == first) {
            let candidate = &bytes[from + step..];
            let mut pairs = candidate.iter().zip(&self.bytes).enumerate();
            if candidate.len() >= self.bytes.len()
                && pairs.all(|(at, (byte, covered))| *byte == covered ^ cover(at))
            {
                return true;
            }
            from += step + 1;
        }
        false
    }
}

/// Searches all memory that this process can write to.
pub(crate) struct Scanner {
    memory: File,
    buffer: Vec<u8>,
}

/// Longer than any needle.
const OVERLAP: usize = 256;

impl Scanner {
    pub(crate) fn new() -> Self {
        let memory = File::open("/proc/self/mem").expect("one's own memory");
        Self { memory, buffer: vec![0; 1 << 20] }
    }

    /// The names of what was found, and in what kind of memory, and how many bytes were searched.
    pub(crate) fn find(&mut self, needles: &[Covered]) -> (Vec<String>, usize) {
        let maps = fs::read_to_string("/proc/self/maps").expect("the map of one's own memory");
        let (mut found, mut searched) = (Vec::new(), 0);
        for line in maps.lines() {
            let mut columns = line.split_whitespace();
            let (range, rights) = (columns.next().expect("a range"), columns.next());
            if !rights.is_some_and(|rights| rights.starts_with("rw")) {
                continue;
            }
            let kind = columns.nth(3).unwrap_or("anonymous");
            let address = |text: &str| u64::from_str_radix(text, 16).expect("an address");
            let (start, end) = range.split_once('-').expect("a range");
            let (mut at, end) = (address(start), address(end));
            while at < end {
                let size = self.buffer.len().min(usize::try_from(end - at).expect("64 bits"));
                let own = self.buffer.as_ptr() as u64;
                let own = own..own + self.buffer.len() as u64;
                if self.memory.read_exact_at(&mut self.buffer[..size], at).is_err() {
                    break;
                }
                // What was just read lies in this buffer, which is no find.
                for (offset, byte) in self.buffer[..size].iter_mut().enumerate() {
                    if own.contains(&(at + offset as u64)) {
                        *byte = 0;
                    }
                }
                searched += size;
                for needle in needles {
                    if needle.is_in(&self.buffer[..size]) {
                        found.push(format!("{} in {kind}", needle.name));
                    }
                }
                self.buffer[..size].fill(0);
                let step = if at + size as u64 == end { size } else { size - OVERLAP };
                at += step as u64;
            }
        }
        found.sort();
        found.dedup();
        (found, searched)
    }
}

/// The card's process, seen from the tablet's.
pub(crate) struct Reader {
    child: Child,
    to: ChildStdin,
    from: ChildStdout,
    pub(crate) exchanges: usize,
    link: Link,
    /// The exchange at which the link is lost.
    pub(crate) lost_at: Option<usize>,
}

/// Instead of a command's length: the card loses its power.
const POWER_OFF: u32 = u32::MAX;

impl Reader {
    pub(crate) fn start() -> Self {
        let this = std::env::current_exe().expect("this program");
        let mut child = Command::new(this)
            .arg(CARD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process for the card");
        let to = child.stdin.take().expect("piped");
        let from = child.stdout.take().expect("piped");
        let link = Link::new(Capabilities::EXTENDED);
        Self { child, to, from, exchanges: 0, link, lost_at: None }
    }

    /// What the card's process has to say before it is a card: everything personal, covered.
    pub(crate) fn needles(&mut self) -> Vec<Covered> {
        (0..self.number()).map(|_| self.needle()).collect()
    }

    fn needle(&mut self) -> Covered {
        let name = self.bytes();
        Covered { name: String::from_utf8(name).expect("a name"), bytes: self.bytes() }
    }

    fn number(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.from.read_exact(&mut bytes).expect("the card answers");
        u32::from_be_bytes(bytes)
    }

    fn bytes(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; self.number() as usize];
        self.from.read_exact(&mut bytes).expect("the card answers");
        bytes
    }

    /// Takes the card away and places it again: another connection, which carries this.
    pub(crate) fn place_again(&mut self, capabilities: Capabilities) {
        self.to.write_all(&POWER_OFF.to_be_bytes()).expect("the card listens");
        self.link = Link::new(capabilities);
    }

    pub(crate) fn stop(mut self) {
        drop(self.to);
        let status = self.child.wait().expect("the card ends");
        assert!(status.success());
    }
}

impl CardTransport for Reader {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        if self.lost_at == Some(self.exchanges) {
            return Err(LinkFault::Lost);
        }
        self.exchanges += 1;
        let length = u32::try_from(command.len()).expect("short");
        self.to.write_all(&length.to_be_bytes()).expect("the card listens");
        self.to.write_all(command).expect("the card listens");
        let length = self.number() as usize;
        response.resize(length, 0);
        self.from.read_exact(response).expect("the card answers");
        Ok(())
    }

    fn link(&self) -> &Link {
        &self.link
    }
}

/// The card's process: says what must not be found, then answers commands until it is left alone.
pub(crate) fn be_the_card(mut card: VirtualCard, personal: &[(&str, &[u8])]) {
    let (mut to, mut from) = (std::io::stdout().lock(), std::io::stdin().lock());
    let count = u32::try_from(personal.len()).expect("a few");
    let mut head = Vec::from(count.to_be_bytes());
    for (name, bytes) in personal {
        let covered: Vec<u8> =
            bytes.iter().enumerate().map(|(at, byte)| byte ^ cover(at)).collect();
        for part in [name.as_bytes(), &covered] {
            let length = u32::try_from(part.len()).expect("short");
            head.extend_from_slice(&length.to_be_bytes());
            head.extend_from_slice(part);
        }
    }
    to.write_all(&head).and_then(|()| to.flush()).expect("somebody listens");
    let mut say = |bytes: &[u8]| {
        let length = u32::try_from(bytes.len()).expect("short");
        to.write_all(&length.to_be_bytes()).expect("somebody listens");
        to.write_all(bytes).expect("somebody listens");
        to.flush().expect("somebody listens");
    };
    let mut length = [0; 4];
    while from.read_exact(&mut length).is_ok() {
        match u32::from_be_bytes(length) {
            POWER_OFF => card.power_off(),
            length => {
                let mut command = vec![0; length as usize];
                from.read_exact(&mut command).expect("a whole command");
                say(&card.transmit(&command));
            }
        }
    }
}

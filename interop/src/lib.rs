//! A smart card stack of one's own: a real `pcscd` with its `vpcd` readers, for one test.
//!
//! The daemon gets its socket handed over as from systemd, so that any number of them run side by
//! side and none touches the machine's own. Programs find it by `PCSCLITE_CSOCK_NAME`, which
//! `libpcsclite` reads once in a process: so each test runs in a process of its own.
//!
//! ```text
//! #[test]
//! fn a_card_is_read() {
//!     alone("a_card_is_read", Slots::Two, |stack| { … });
//! }
//! ```
#![forbid(unsafe_code)]
#![allow(clippy::expect_used, reason = "what tests stand on may fail loudly")]

use std::env;
use std::fs::{self, File};
use std::io::{self, Write};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use mynacard_core::error::LinkFault;
use mynacard_pcsc::{Cancellation, ConnectOptions, PcscTransport, ReaderName, Readers};
use mynacard_sim::VirtualCard;
use mynacard_sim::vpcd::{Atr, VirtualReader};
use tempfile::TempDir;

const SOCKET: &str = "PCSCLITE_CSOCK_NAME";
const FOLDER: &str = "MYNACARD_INTEROP_FOLDER";
const PORT: &str = "MYNACARD_INTEROP_PORT";
const DAEMON: &str = "MYNACARD_INTEROP_DAEMON";
/// Where Debian puts the driver.
const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

/// How long anything may take that usually takes under a second.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How many slots the stack's virtual reader has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Slots {
    /// There is no reader.
    None,
    /// A virtual reader with its two slots.
    Two,
}

/// Runs the body in a process of its own with a stack of its own.
///
/// `name` is the test's own, as the test harness knows it.
pub fn alone(name: &str, slots: Slots, body: impl FnOnce(&Stack)) {
    if let Some(stack) = Stack::from_environment() {
        return body(&stack);
    }
    let daemon = Daemon::start(slots).expect("pcscd starts");
    let test = env::current_exe().expect("this program has a file");
    let mut again = Command::new(test);
    again.args([name, "--exact", "--nocapture", "--include-ignored"]);
    let output = daemon.stack().pass_on(&mut again).output().expect("the test starts again");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "{said}\n{name} failed; pcscd said:\n{}", daemon.log());
}

/// As [`alone`] for a program: runs its body in a process of its own, whose exit status this gives.
///
/// Errors: the daemon or the process does not start.
pub fn program_alone(slots: Slots, body: impl FnOnce(&Stack)) -> io::Result<()> {
    if let Some(stack) = Stack::from_environment() {
        body(&stack);
        return Ok(());
    }
    let daemon = Daemon::start(slots)?;
    let mut again = Command::new(env::current_exe()?);
    again.args(env::args_os().skip(1));
    let status = daemon.stack().pass_on(&mut again).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
}

/// Where a stack is to be found.
#[derive(Clone, Debug)]
pub struct Stack {
    folder: PathBuf,
    port: u16,
    daemon: u32,
}

impl Stack {
    fn from_environment() -> Option<Self> {
        Some(Self {
            folder: env::var_os(FOLDER)?.into(),
            port: env::var(PORT).ok()?.parse().ok()?,
            daemon: env::var(DAEMON).ok()?.parse().ok()?,
        })
    }

    /// Gives a program what it needs to find this stack.
    fn pass_on<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env(SOCKET, socket(&self.folder))
            .env(FOLDER, &self.folder)
            .env(PORT, self.port.to_string())
            .env(DAEMON, self.daemon.to_string())
    }

    /// A folder for this test, removed with the stack.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A slot of the virtual reader, 0 or 1, still without a card.
    #[must_use]
    pub fn slot(&self, slot: u16) -> VirtualReader {
        self.slot_with(slot, Atr::Contact)
    }

    /// The same for a card with another ATR.
    #[must_use]
    pub fn slot_with(&self, slot: u16, atr: Atr) -> VirtualReader {
        VirtualReader::new(&format!("127.0.0.1:{}", self.port + slot), atr)
    }

    /// The port on which a slot takes its card.
    #[must_use]
    pub fn port(&self, slot: u16) -> u16 {
        self.port + slot
    }

    /// The name of a slot's reader, as soon as the daemon has it.
    #[must_use]
    pub fn reader(&self, slot: usize) -> ReaderName {
        let readers = || Readers.names().ok().and_then(|names| names.get(slot).cloned());
        patiently(readers).expect("the daemon lists its readers")
    }

    /// Puts a card into the first slot and waits until the daemon has noticed.
    #[must_use]
    pub fn with_card(&self, card: VirtualCard) -> VirtualReader {
        let reader = self.reader(0);
        let slot = self.slot(0);
        slot.insert(card).expect("the reader takes a card");
        wait_for_card(&reader).expect("the daemon notices the card");
        slot
    }

    /// Connects to the card in the first slot.
    ///
    /// Errors: as [`Readers::connect`].
    pub fn connect(&self, options: &ConnectOptions) -> Result<PcscTransport, LinkFault> {
        Readers.connect(&self.reader(0), options)
    }

    /// Ends the daemon.
    pub fn end_daemon(&self) {
        let pid = self.daemon.to_string();
        let status = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(status.is_ok_and(|status| status.success()));
    }

    /// Runs another program against this stack and gives what it says, both outputs together.
    #[must_use]
    pub fn run(&self, words: &[&str]) -> (ExitStatus, String) {
        self.run_with(words, "")
    }

    /// The same with something on its standard input.
    #[must_use]
    pub fn run_with(&self, words: &[&str], input: &str) -> (ExitStatus, String) {
        let (program, arguments) = words.split_first().expect("a program");
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = self.pass_on(&mut command).spawn().expect("the program is installed");
        // One that does not listen may have ended by now.
        let _ = running.stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
        let output = running.wait_with_output().expect("the program ends");
        let said = [output.stdout, output.stderr].concat();
        (output.status, String::from_utf8_lossy(&said).into_owned())
    }

    /// The same for a program that must succeed.
    #[must_use]
    pub fn run_well(&self, words: &[&str]) -> String {
        let (status, said) = self.run(words);
        assert!(status.success(), "{words:?} gave {status}:\n{said}");
        said
    }

    /// Another program, to be run against this stack.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        self.pass_on(&mut command);
        command
    }

    /// Starts another program against this stack, silently.
    #[must_use]
    pub fn start(&self, words: &[&str]) -> Running {
        let (program, arguments) = words.split_first().expect("a program");
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Running(self.pass_on(&mut command).spawn().expect("the program is installed"))
    }
}

/// A program that ends with this value.
#[derive(Debug)]
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until a card lies on this reader.
///
/// Errors: as [`Readers::wait_for_card`].
pub fn wait_for_card(reader: &ReaderName) -> Result<ReaderName, LinkFault> {
    Readers.wait_for_card(Some(reader), Some(PATIENCE), &Cancellation::new())
}

/// Asks until there is an answer, for [`PATIENCE`] at most.
pub fn patiently<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        match ask() {
            None if Instant::now() < end => thread::sleep(Duration::from_millis(10)),
            answer => return answer,
        }
    }
}

/// A running `pcscd`, with a folder of its own that nobody else can look into.
struct Daemon {
    child: Child,
    folder: TempDir,
    port: u16,
}

impl Daemon {
    fn start(slots: Slots) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("mynacard-").tempdir()?;
        let path = folder.path();
        fs::create_dir(readers(path))?;
        let port = free_ports()?;
        write_readers(path, slots, port)?;
        // The daemon insists on this folder for its own files, and makes it if it may.
        let _ = fs::create_dir_all("/run/pcscd");
        let listener = UnixListener::bind(socket(path))?;
        let log = File::create_new(path.join("log"))?;
        // The shell moves the socket to where the daemon looks for it.
        let script = "exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\"";
        let child = Command::new("sh")
            .args(["-c", script, "sh", "pcscd", "--foreground", "--info", "--config"])
            .arg(readers(path))
            .stdin(OwnedFd::from(listener))
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        Ok(Self { child, folder, port })
    }

    fn stack(&self) -> Stack {
        Stack { folder: self.folder.path().to_owned(), port: self.port, daemon: self.child.id() }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).stderr(Stdio::null()).status();
        if patiently(|| self.child.try_wait().ok().flatten()).is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("socket")
}

fn readers(folder: &Path) -> PathBuf {
    folder.join("readers")
}

fn write_readers(folder: &Path, slots: Slots, port: u16) -> io::Result<()> {
    let list = match slots {
        Slots::None => String::new(),
        Slots::Two => format!(
            "FRIENDLYNAME \"Test Reader\"\nDEVICENAME /dev/null:{port}\nLIBPATH {DRIVER}\n\
             CHANNELID 0x{port:X}\n"
        ),
    };
    fs::write(readers(folder).join("vpcd"), list)
}

/// The first of two free ports in a row.
fn free_ports() -> io::Result<u16> {
    for _ in 0..100 {
        let first = TcpListener::bind(("0.0.0.0", 0))?;
        let port = first.local_addr()?.port();
        if port < u16::MAX && TcpListener::bind(("0.0.0.0", port + 1)).is_ok() {
            return Ok(port);
        }
    }
    Err(io::ErrorKind::AddrInUse.into())
}

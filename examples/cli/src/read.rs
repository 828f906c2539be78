//! `mynacard read`.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use mynacard_core::applet::KeyRef;
use mynacard_core::error::CredentialFault;
use mynacard_core::exchange::{self, CardTransport, Limits, Progress, run_with};
use mynacard_core::field::{DecodeLimits, Image};
use mynacard_core::reading::{CardReading, Plan, read, read_tries};
use mynacard_core::trust::Challenge;

use crate::ended::Ended;
use crate::outcome::Outcome;
use crate::reader::{Link, LinkArguments};
use crate::report::{as_json, as_text, impossible_as_json, impossible_as_text};
use crate::secret::CodeB;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    reading: ReadingArguments,
    /// Write the photo, the pictures and the certificate into this new or empty folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// What every command that reads a card takes.
#[derive(Args)]
pub(crate) struct ReadingArguments {
    #[command(flatten)]
    link: LinkArguments,
    #[command(flatten)]
    code_b: CodeB,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Spend a try although fewer than this are left (normally 3). Only a municipal office unlocks.
    #[arg(long, value_name = "TRIES", default_value_t = KeyRef::FaceNumberB.default_floor())]
    floor: u8,
}

/// What came of reading.
pub(crate) enum Reading {
    /// The card was read, as far as that went.
    Done(Box<CardReading>, Box<Link>),
    /// The number cannot be one, and the card was asked for its tries left only.
    ImpossibleNumber,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Ended> {
    if let Some(folder) = &arguments.out {
        make_empty(folder)?;
    }
    match arguments.reading.read(None)? {
        Reading::ImpossibleNumber => Ok(Outcome::ImpossibleNumber.into()),
        Reading::Done(reading, link) => {
            arguments.reading.show(&reading, &link);
            if let Some(folder) = &arguments.out {
                write_files(folder, &reading)?;
            }
            Ok(Outcome::of(&reading).into())
        }
    }
}

impl ReadingArguments {
    /// Reads the card, with everything that verifying it needs.
    pub(crate) fn read(&self, challenge: Option<Challenge>) -> Result<Reading> {
        let number = self.code_b.number(&self.link.reader)?;
        let mut link = self.link.open()?;
        let number = match number {
            Ok(number) => number,
            Err(fault) => {
                self.show_impossible(fault, &mut link)?;
                return Ok(Reading::ImpossibleNumber);
            }
        };
        let (face_floor, text_floor) = (self.floor, self.floor);
        let text_proof = challenge.is_some();
        let plan = Plan { face_floor, text_floor, challenge, text_proof, ..Plan::all() };
        let mut driver = read(link.capabilities(), Limits::default(), number, plan);
        let bar = Bar::new(link.is_traced());
        let meter = link.meter();
        let show = |progress: Progress| {
            if let Some(meter) = &meter {
                meter.enter(progress.phase);
            }
            bar.show(progress);
        };
        let reading = run_with(&mut driver, &mut link, show, |_| {})?;
        bar.clear();
        Ok(Reading::Done(Box::new(reading), Box::new(link)))
    }

    /// Shows what was read, on standard output.
    pub(crate) fn show(&self, reading: &CardReading, link: &Link) {
        if self.json {
            println!("{:#}", as_json(reading, link));
        } else {
            print!("{}{}", as_text(reading, link), link.time_text());
        }
    }

    /// Whether JSON is wanted.
    pub(crate) const fn json(&self) -> bool {
        self.json
    }

    /// Says why the number cannot be one, and how many tries are left: asking is free.
    fn show_impossible(&self, fault: CredentialFault, link: &mut Link) -> Result<()> {
        let mut driver = read_tries(link.capabilities(), Limits::default());
        let tries = exchange::run(&mut driver, link)?;
        if self.json {
            println!("{:#}", impossible_as_json(fault, &tries, link));
        } else {
            print!("{}", impossible_as_text(fault, &tries));
        }
        Ok(())
    }
}

fn make_empty(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    if fs::read_dir(folder)?.next().is_some() {
        bail!("{} is not empty", folder.display());
    }
    Ok(())
}

fn write_files(folder: &Path, reading: &CardReading) -> Result<()> {
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    };
    let write_png = |name: &str, image: Option<&Image>| match image {
        None => Ok(()),
        Some(image) => match image.decode(&DecodeLimits::DEFAULT).and_then(|p| p.to_png()) {
            Ok(png) => write(name, &png),
            Err(error) => {
                eprintln!("{name}: {error}");
                Ok(())
            }
        },
    };
    if let Some(face) = reading.face.value() {
        if let Some(photo) = face.photo() {
            write("photo.jp2", photo.bytes())?;
            write_png("photo.png", Some(photo.image()))?;
        }
        write_png("name.png", face.name_image())?;
        write_png("address.png", face.address_image())?;
        write_png("security-code.png", face.security_code_image())?;
    }
    if let Some(certificate) = reading.certificate.value() {
        write("authentication.cer", certificate)?;
    }
    Ok(())
}

/// A progress bar on standard error, where that is a terminal.
struct Bar(Option<ProgressBar>);

impl Bar {
    fn new(trace: bool) -> Self {
        let wanted = io::stderr().is_terminal() && !trace;
        let style = ProgressStyle::with_template("{bar:30} {pos:>5}/{len:<5} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(wanted.then(|| ProgressBar::new(0).with_style(style)))
    }

    fn show(&self, progress: Progress) {
        if let Some(bar) = &self.0 {
            bar.set_length(progress.bytes_expected as u64);
            bar.set_position(progress.bytes_done as u64);
            bar.set_message(progress.phase.advice_ja());
        }
    }

    fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

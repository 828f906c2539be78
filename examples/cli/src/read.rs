//! `mynacard read`.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use mynacard_core::card::Floor;
use mynacard_core::driver::run_with;
use mynacard_core::error::CredentialFault;
use mynacard_core::exchange::{CardTransport, Limits, Progress};
use mynacard_core::field::{DecodeLimits, ImageKind};
use mynacard_core::reading::{CardReading, Plan, read, read_tries};
use mynacard_core::run as run_driver;
use mynacard_core::trust::Challenge;
use mynacard_folder::{FolderError, PrivateFolder};

use crate::ended::Ended;
use crate::out::say;
use crate::outcome::{Failures, Outcome, pictures};
use crate::reader::{Link, LinkArguments};
use crate::report::{as_json, as_text, impossible_as_json, impossible_as_text};
use crate::secret::CodeB;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    reading: ReadingArguments,
    /// Write the photo, the pictures and the certificate into this new or empty folder, for its owner
    /// alone. One folder holds one card: nothing is written over. Without it nothing is written to disk.
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
    /// Spend no try unless at least this many are left: 2 to 15; 0 is the default, 3. Only a municipal
    /// office unlocks.
    #[arg(long, value_name = "TRIES", default_value = "0", value_parser = floor)]
    floor: Floor,
    /// Spend even the last try: wrong digits then lock the card until a municipal office unlocks it. The
    /// output says so.
    #[arg(long, conflicts_with = "floor")]
    allow_last_tries: bool,
    /// Do not have the chip prove that name and address are its own (fewer exchanges).
    #[arg(long)]
    without_text_proof: bool,
}

fn floor(tries: &str) -> Result<Floor, String> {
    let tries: u8 = tries.parse().map_err(|_| "a number of tries".to_owned())?;
    Floor::new(tries).map_err(|_| {
        "2 to 15, or 0 for the default; to spend even the last try say --allow-last-tries"
            .to_owned()
    })
}

/// What came of reading.
pub(crate) enum Reading {
    /// The card was read, as far as that went.
    Done(Box<CardReading>, Box<Link>),
    /// The number cannot be one, and the card was asked for its tries left only.
    ImpossibleNumber,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Ended> {
    // Before the card is touched; if nothing comes of it, the folder goes again.
    let folder = arguments.out.as_deref().map(PrivateFolder::open).transpose()?;
    match arguments.reading.read(None)? {
        Reading::ImpossibleNumber => Ok(Outcome::ImpossibleNumber.into()),
        Reading::Done(reading, link) => {
            let failures = Failures::of(&reading);
            arguments.reading.show(&reading, &failures, &link)?;
            if let Some(folder) = folder {
                write_files(folder, &reading)?;
            }
            Ok(Outcome::of(&reading, &failures).into())
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
        let floor = if self.allow_last_tries { Floor::LAST_TRIES_ALLOWED } else { self.floor };
        let plan = Plan {
            face_floor: floor,
            text_floor: floor,
            challenge,
            text_proof: !self.without_text_proof,
            ..Plan::all()
        };
        let mut driver = read(link.link(), Limits::default(), number, plan)?;
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
    pub(crate) fn show(
        &self,
        reading: &CardReading,
        failures: &Failures,
        link: &Link,
    ) -> Result<()> {
        let spent = reading.statistics();
        if self.json {
            say!("{:#}\n", as_json(reading, failures, spent, link))?;
        } else {
            say!("{}{}", as_text(reading, failures, spent, link), link.time_text())?;
        }
        Ok(())
    }

    /// Whether JSON is wanted.
    pub(crate) const fn json(&self) -> bool {
        self.json
    }

    /// Says why the number cannot be one, and how many tries are left: asking is free.
    fn show_impossible(&self, fault: CredentialFault, link: &mut Link) -> Result<()> {
        let mut driver = read_tries(link.link(), Limits::default())?;
        let tries = run_driver(&mut driver, link)?;
        if self.json {
            say!("{:#}\n", impossible_as_json(fault, &tries, link))?;
        } else {
            say!("{}", impossible_as_text(fault, &tries))?;
        }
        Ok(())
    }
}

/// Writes all of them, or none.
fn write_files(mut folder: PrivateFolder, reading: &CardReading) -> Result<(), FolderError> {
    if let Some(face) = reading.face().value() {
        let as_it_is = face.photo().map(|photo| (photo_file(photo.kind()), photo.bytes()));
        if let Some((name, bytes)) = as_it_is {
            folder.write(name, bytes)?;
        }
        for (_, name, image) in pictures(face) {
            let png = image.decode(&DecodeLimits::DEFAULT).and_then(|pixels| pixels.to_png());
            // What does not decode is among the failures already.
            if let Ok(png) = png
                && as_it_is.is_none_or(|(written, _)| written != name)
            {
                folder.write(name, &png)?;
            }
        }
    }
    if let Some(certificate) = reading.certificate().value() {
        folder.write("authentication.cer", certificate)?;
    }
    folder.keep();
    Ok(())
}

/// The photo as it is on the chip, called after what its bytes are.
const fn photo_file(kind: ImageKind) -> &'static str {
    match kind {
        ImageKind::Jp2 => "photo.jp2",
        ImageKind::Jpeg2000Codestream => "photo.j2k",
        ImageKind::Png => "photo.png",
        ImageKind::Jpeg => "photo.jpg",
        _ => "photo.bin",
    }
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

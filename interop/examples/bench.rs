//! Ours beside others on the same virtual card through the same daemon, as one table.
//!
//! Exchanges, bytes and modelled times come from the card's own log, so that everybody is measured by
//! the same measure. Ends with an error when ours is slower than it is to be.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a measurement")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use interop::{Slots, Stack, patiently, program_alone};
use myna_card::Pin;
use myna_card::ap::jpki::JpkiAp;
use myna_card::ap::surface::SurfaceAp;
use myna_card::ap::text::{Attributes, TextAp};
use myna_card::transport::pcsc::{Sharing, connect_any};
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::driver::run_with;
use mynacard_core::exchange::{CardTransport, Limits};
use mynacard_core::reading::{Plan, read};
use mynacard_core::trust::Challenge;
use mynacard_pcsc::{ConnectOptions, ExtendedLength};
use mynacard_sim::link::LinkModel;
use mynacard_sim::vpcd::VirtualReader;
use mynacard_sim::{LogEntry, Profile};

const NONCE: &[u8] = b"sixteen bytes and more of nonce";
/// An odd number, of which the middle one counts.
const RUNS: usize = 9;

/// What one way of reading has cost, up to a mark.
#[derive(Clone, Default)]
struct Way {
    log: Vec<LogEntry>,
    wall: Duration,
}

/// To the first face, and to everything with its proof.
struct Costs {
    face: Way,
    whole: Way,
}

struct Bench<'a> {
    stack: &'a Stack,
    slot: &'a VirtualReader,
    profile: &'static Profile,
}

fn main() -> ExitCode {
    let mut is_fast_enough = false;
    let outcome = program_alone(Slots::Two, |stack| {
        is_fast_enough = bench(stack);
        if !is_fast_enough {
            std::process::exit(1);
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-interop: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench(stack: &Stack) -> bool {
    let profile = Profile::adult();
    let slot = stack.with_card(profile.card());
    let bench = Bench { stack, slot: &slot, profile };
    let short = bench.median(|| bench.ours(ExtendedLength::Never));
    let extended = bench.median(|| bench.ours(ExtendedLength::Assume));
    let peer = bench.median(|| bench.myna_card());
    let must = bench.must_travel();
    if std::env::args().any(|argument| argument == "--exchanges") {
        exchanges("mynacard, extended", &extended.whole);
        exchanges("myna-card", &peer.whole);
    }

    println!("card `{}` through pcscd and vpcd; modelled times in ms\n", profile.name());
    heading();
    row("mynacard, short", "first face", &short.face);
    row("mynacard, extended", "first face", &extended.face);
    row("myna-card 3.3.4", "first face", &peer.face);
    bare_row("bare bytes", "first face", must.0);
    row("mynacard, short", "whole, with proof", &short.whole);
    row("mynacard, extended", "whole, with proof", &extended.whole);
    row("myna-card 3.3.4", "whole, with proof", &peer.whole);
    bare_row("bare bytes", "whole, with proof", must.1);
    row("mynacard, short", "certificate alone", &bench.our_certificate(ExtendedLength::Never));
    row("mynacard, extended", "certificate alone", &bench.our_certificate(ExtendedLength::Assume));
    row("myna-card 3.3.4", "certificate alone", &bench.their_certificate());
    row("OpenSC 0.23", "certificate alone", &bench.opensc_certificate());
    println!("\nOpenSC reads neither the face nor the attributes. Bare: the objects' bytes alone.");

    println!("\nours with extended length beside the peer, were the assumptions others:");
    for (reader, signature) in
        [(2.0, 55.0), (4.0, 140.0), (4.0, 350.0), (8.0, 350.0), (12.0, 140.0)]
    {
        let under = |model: LinkModel, ours: &Way, theirs: &Way| {
            let mut model = model;
            (model.reader, model.card.signature) = (reader * 1e3, signature);
            modelled(ours, &model) / modelled(theirs, &model)
        };
        println!(
            "reader {reader:>2} ms, signature {signature:>3} ms: first face {:.2} and {:.2}, whole {:.2} and {:.2}",
            under(LinkModel::nfc106(), &extended.face, &peer.face),
            under(LinkModel::nfc424(), &extended.face, &peer.face),
            under(LinkModel::nfc106(), &extended.whole, &peer.whole),
            under(LinkModel::nfc424(), &extended.whole, &peer.whole),
        );
    }
    println!();
    let (slow, fast) = (LinkModel::nfc106(), LinkModel::nfc424());
    [
        ("first face at 106 kbit/s", &extended.face, &peer.face, &slow, 0.75),
        ("first face at 424 kbit/s", &extended.face, &peer.face, &fast, 0.75),
        ("whole at 106 kbit/s", &extended.whole, &peer.whole, &slow, 0.90),
        ("whole at 424 kbit/s", &extended.whole, &peer.whole, &fast, 0.70),
    ]
    .into_iter()
    .map(|(what, ours, theirs, model, most)| {
        let ratio = modelled(ours, model) / modelled(theirs, model);
        let verdict = if ratio <= most { "met" } else { "MISSED" };
        println!("{what}: {ratio:.2} of the peer's time, to be at most {most:.2}: {verdict}");
        ratio <= most
    })
    .filter(|is_met| !is_met)
    .count()
        == 0
}

impl Bench<'_> {
    /// The way of the run with the middle wall time; what travels is the same in all of them.
    fn median(&self, run: impl Fn() -> Costs) -> Costs {
        let mut runs: Vec<Costs> = (0..RUNS).map(|_| run()).collect();
        runs.sort_by_key(|costs| costs.whole.wall);
        let mut middle = runs.swap_remove(RUNS / 2);
        let mut faces: Vec<_> = runs.iter().map(|costs| costs.face.wall).collect();
        faces.sort();
        middle.face.wall = faces[faces.len() / 2];
        middle
    }

    fn log(&self) -> Vec<LogEntry> {
        self.slot.with_card(|card| card.card().log().to_vec()).unwrap()
    }

    /// What has happened since.
    fn since(&self, before: usize, start: Instant) -> Way {
        let wall = start.elapsed();
        Way { log: self.log().split_off(before), wall }
    }

    fn link(&self, extended: ExtendedLength) -> mynacard_pcsc::PcscTransport {
        let options = ConnectOptions::new().extended_length(extended);
        patiently(|| self.stack.connect(&options).ok()).unwrap()
    }

    fn number(&self) -> VerificationNumberB {
        VerificationNumberB::from_digits(self.profile.code_b().unwrap().as_bytes()).unwrap()
    }

    fn ours(&self, extended: ExtendedLength) -> Costs {
        let mut link = self.link(extended);
        let plan = Plan::all().with_challenge(Challenge::new(NONCE).unwrap());
        let mut driver = read(link.link(), Limits::default(), self.number(), plan).unwrap();
        let (before, start) = (self.log().len(), Instant::now());
        let mut face = Way::default();
        let on_part = |_| face = self.since(before, start);
        let reading = run_with(&mut driver, &mut link, |_| {}, on_part).unwrap();
        let whole = self.since(before, start);
        assert_eq!(reading.errors().next(), None);
        assert!(
            reading.live_signature().value().is_some() && reading.certificate().value().is_some()
        );
        Costs { face, whole }
    }

    fn our_certificate(&self, extended: ExtendedLength) -> Way {
        let mut link = self.link(extended);
        let plan = Plan::certificate_only();
        let mut driver = read(link.link(), Limits::default(), self.number(), plan).unwrap();
        let (before, start) = (self.log().len(), Instant::now());
        let reading = run_with(&mut driver, &mut link, |_| {}, |_| {}).unwrap();
        assert!(reading.certificate().value().is_some());
        self.since(before, start)
    }

    /// The same parts through the peer's interface, nothing read twice.
    fn myna_card(&self) -> Costs {
        let mut card = patiently(|| connect_any(Sharing::Exclusive).ok()).unwrap();
        let code = || Pin::new(self.profile.code_b().unwrap()).unwrap();
        let (before, start) = (self.log().len(), Instant::now());
        let mut surface = SurfaceAp::select(&mut card).unwrap();
        surface.verify_code_b(&code()).unwrap();
        surface.read_card_face().unwrap();
        let face = self.since(before, start);
        surface.sign(NONCE).unwrap();
        surface.read_certificate().unwrap();
        let mut text = TextAp::select(&mut card).unwrap();
        text.verify_code_b(&code()).unwrap();
        Attributes::parse(&text.read_ef(2).unwrap()).unwrap();
        text.read_integrity_record().unwrap();
        text.read_certificate().unwrap();
        JpkiAp::select(&mut card).unwrap().read_auth_certificate_der().unwrap();
        let whole = self.since(before, start);
        card.transport_mut().power_cycle().unwrap();
        Costs { face, whole }
    }

    fn their_certificate(&self) -> Way {
        let mut card = patiently(|| connect_any(Sharing::Exclusive).ok()).unwrap();
        let (before, start) = (self.log().len(), Instant::now());
        JpkiAp::select(&mut card).unwrap().read_auth_certificate_der().unwrap();
        self.since(before, start)
    }

    /// A whole process, with its start and with the card's detection.
    fn opensc_certificate(&self) -> Way {
        let (before, start) = (self.log().len(), Instant::now());
        let _ = self.stack.run_well(&["pkcs15-tool", "--read-certificate", "1"]);
        self.since(before, start)
    }

    /// Bytes of the objects alone: number and face; beside them the challenge and its answer, the
    /// certificates, number and attributes, the record that proves them.
    fn must_travel(&self) -> (u64, u64) {
        use mynacard_sim::Application::{Face, Jpki, Text};
        let builder = self.profile.builder();
        let size =
            |application, file| builder.file_content(application, file).unwrap().len() as u64;
        let face = 14 + size(Face, 2);
        let proof = 51 + 256 + size(Face, 4);
        let attributes = 14 + size(Text, 2) + size(Text, 3) + size(Text, 4);
        (face, face + proof + attributes + size(Jpki, 0x0A))
    }
}

fn modelled(way: &Way, model: &LinkModel) -> f64 {
    let time: Duration = way.log.iter().map(|entry| model.logged(entry)).sum();
    time.as_secs_f64() * 1e3
}

/// Every exchange: header, bytes, modelled time.
fn exchanges(reader: &str, way: &Way) {
    println!("{reader}: header, bytes sent and received, status, ms at 106 kbit/s");
    for entry in &way.log {
        let [cla, ins, p1, p2] = entry.header;
        let time = LinkModel::nfc106().logged(entry).as_secs_f64() * 1e3;
        let LogEntry { sent, received, status, .. } = entry;
        println!(
            "  {cla:02X} {ins:02X} {p1:02X} {p2:02X} {sent:>5} {received:>6} {status:04X} {time:>7.1}"
        );
    }
}

fn heading() {
    println!(
        "{:<20}{:<20}{:>10}{:>8}{:>10}{:>9}{:>9}",
        "reader", "until", "exchanges", "bytes", "wall ms", "nfc106", "nfc424"
    );
}

fn row(reader: &str, until: &str, way: &Way) {
    let bytes: usize = way.log.iter().map(|entry| entry.sent + entry.received).sum();
    println!(
        "{reader:<20}{until:<20}{:>10}{bytes:>8}{:>10.2}{:>9.0}{:>9.0}",
        way.log.len(),
        way.wall.as_secs_f64() * 1e3,
        modelled(way, &LinkModel::nfc106()),
        modelled(way, &LinkModel::nfc424()),
    );
}

fn bare_row(reader: &str, until: &str, bytes: u64) {
    let bare = |model: LinkModel| model.bare(bytes).as_secs_f64() * 1e3;
    println!(
        "{reader:<20}{until:<20}{:>10}{bytes:>8}{:>10}{:>9.0}{:>9.0}",
        "",
        "",
        bare(LinkModel::nfc106()),
        bare(LinkModel::nfc424()),
    );
}

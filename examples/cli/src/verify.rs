//! `mynacard verify`.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use mynacard_core::Timestamp;
use mynacard_core::exchange::{CardTransport, Limits};
use mynacard_core::reading::read_facts;
use mynacard_core::run as run_driver;
use mynacard_core::trust::roots::TestCardsAccepted;
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Authenticity, Challenge, Clock, Liveness, Report, Roots, Verdict};
use mynacard_sim::PublicRoots;
use serde_json::{Value, json};

use crate::ended::Ended;
use crate::out::say;
use crate::outcome::{Failures, Outcome, has_any_part};
use crate::read::{Reading, ReadingArguments};
use crate::report;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    reading: ReadingArguments,
    /// Which roots to trust: production, test, sim, or a JSON file of your own.
    #[arg(long, default_value = "production", value_name = "ROOTS")]
    roots: RootsName,
    /// The time to judge dates by, RFC 3339. Without it the system's clock, which nobody vouches for.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

#[derive(Clone, Debug)]
enum RootsName {
    Production,
    Test,
    Simulator,
    File(PathBuf),
}

impl FromStr for RootsName {
    type Err = std::convert::Infallible;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(match name {
            "production" => Self::Production,
            "test" => Self::Test,
            "sim" => Self::Simulator,
            file => Self::File(file.into()),
        })
    }
}

impl RootsName {
    fn roots(&self) -> Result<Roots> {
        match self {
            Self::Production => Ok(Roots::production()),
            Self::Test => Ok(Roots::test(TestCardsAccepted)),
            Self::Simulator => Ok(Roots::from_json(PublicRoots::test().to_json().as_bytes())?),
            Self::File(path) => {
                let json = fs::read(path)
                    .with_context(|| format!("cannot read the roots in {}", path.display()))?;
                Roots::from_json(&json).map_err(|fault| anyhow!("{}: {fault}", path.display()))
            }
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Ended> {
    let roots = arguments.roots.roots()?;
    let clock = match &arguments.at {
        Some(text) => Clock::Trusted(
            text.parse().map_err(|_| anyhow!("--at takes a time such as 2026-04-01T09:00:00Z"))?,
        ),
        None => system_clock(),
    };
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce).map_err(|error| anyhow!("no random numbers: {error}"))?;
    let challenge = Challenge::new(&nonce)?;
    let (reading, mut link) = match arguments.reading.read(Some(challenge))? {
        Reading::Done(reading, link) => (reading, link),
        Reading::ImpossibleNumber => return Ok(Outcome::ImpossibleNumber.into()),
    };
    let failures = Failures::of(&reading);
    let outcome = Outcome::of(&reading, &failures);
    if !has_any_part(&reading) {
        arguments.reading.show(&reading, &failures, &link)?;
        return Ok(outcome.into());
    }
    let mut spent = reading.statistics();
    // Over a link that is gone there is nothing to ask.
    let facts = if matches!(outcome, Outcome::LinkLost | Outcome::Unknown) {
        None
    } else {
        let mut driver = read_facts(link.link(), Limits::default())?;
        let facts = run_driver(&mut driver, &mut link)?;
        spent += driver.statistics();
        Some(facts)
    };
    let card = reading.examine(facts.as_ref(), &roots, clock, &NoRevocationSource);
    let (reading, report) = (card.reading(), card.report());
    if arguments.reading.json() {
        let mut object = report::as_json(reading, &failures, spent, &link);
        if let Some(object) = object.as_object_mut() {
            object.insert("verdict".to_owned(), json!(report.verdict().key()));
            object.insert("advice_ja".to_owned(), json!(report.verdict().ja()));
            object.insert("advice_en".to_owned(), json!(report.verdict().en()));
            object.insert("clock".to_owned(), json!(report.clock().key()));
            object.insert("trust".to_owned(), trust_json(report));
        }
        say!("{object:#}\n")?;
    } else {
        let read = report::as_text(reading, &failures, spent, &link);
        say!("{read}{}", as_text(report))?;
    }
    Ok(ended(outcome, report.verdict()))
}

/// What could not be read must not pass for what was verified; but an alarm comes before it.
fn ended(outcome: Outcome, verdict: Verdict) -> Ended {
    let alarm = matches!(verdict, Verdict::Forged | Verdict::Contradictory | Verdict::Revoked);
    match outcome {
        Outcome::Complete => Ended::with(verdict_exit(verdict)),
        Outcome::Partial if verdict != Verdict::GenuineLive => Ended::with(verdict_exit(verdict)),
        _ if alarm => Ended::with(verdict_exit(verdict)),
        unread => unread.into(),
    }
}

fn system_clock() -> Clock {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let millis = now.and_then(|now| u64::try_from(now.as_millis()).ok());
    let timestamp = millis.and_then(|millis| Timestamp::from_unix_millis(millis).ok());
    timestamp.map_or(Clock::Unknown, Clock::Untrusted)
}

fn trust_json(report: &Report) -> Value {
    let part = |authenticity: &Authenticity| json!({ "status": authenticity.status(), "why": authenticity.why() });
    let live = match report.live() {
        Liveness::Live => json!({ "status": "live", "why": null }),
        Liveness::NotLive { why } => json!({ "status": "not-live", "why": why.key() }),
    };
    let certificate = report.certificate();
    let findings: Vec<Value> = report
        .findings()
        .iter()
        .map(|finding| json!({ "key": finding.key(), "ja": finding.ja(), "en": finding.en() }))
        .collect();
    json!({
        "face": part(report.face()),
        "attributes": part(report.attributes()),
        "certificate": {
            "status": certificate.authenticity.status(),
            "why": certificate.authenticity.why(),
            "validity": certificate.validity.key(),
            "revocation": certificate.revocation.key(),
        },
        "live": live,
        "expiry": part(&Authenticity::Unsigned),
        "findings": findings,
    })
}

fn as_text(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_text(&mut text, report);
    text
}

fn write_text(out: &mut String, report: &Report) -> std::fmt::Result {
    let lines = [
        ("face       券面・顔写真", report.face()),
        ("attributes 基本4情報", report.attributes()),
        ("certificate 電子証明書", &report.certificate().authenticity),
    ];
    writeln!(out)?;
    for (name, authenticity) in lines {
        writeln!(out, "{name}: {} ({})", authenticity.status(), authenticity.why())?;
    }
    match report.live() {
        Liveness::Live => writeln!(out, "live       ICチップの応答: live")?,
        Liveness::NotLive { why } => {
            writeln!(out, "live       ICチップの応答: not-live ({})", why.key())?;
        }
    }
    writeln!(out, "expiry     有効期限: unsigned")?;
    for finding in report.findings() {
        writeln!(out, "- {}", finding.ja())?;
        writeln!(out, "  {}", finding.en())?;
    }
    writeln!(out, "\n{}", report.verdict().key())?;
    writeln!(out, "  {}", report.verdict().ja())?;
    writeln!(out, "  {}", report.verdict().en())
}

/// One exit status a verdict.
fn verdict_exit(verdict: Verdict) -> ExitCode {
    ExitCode::from(match verdict {
        Verdict::GenuineLive => 0,
        Verdict::GenuineNotLive => 20,
        Verdict::TestLive => 21,
        Verdict::TestNotLive => 22,
        Verdict::Unverified => 23,
        Verdict::IssuerUnknown => 24,
        Verdict::Contradictory => 25,
        Verdict::Forged => 26,
        Verdict::Revoked => 27,
    })
}

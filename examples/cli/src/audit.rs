//! `mynacard audit`: are logs still what the tablets wrote, and what do they say happened.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use data_encoding::HEXLOWER_PERMISSIVE;
use mynacard_core::audit::{
    Checkpoint, Evidence, Funnel, SealKey, Summary, Tail, Verdict, Verifier, VerifyingKey,
    whole_lines,
};
use serde_json::{Value, json};

use crate::ended::Ended;
use crate::outcome::Outcome;

/// Bytes that one thread verifies at a time.
const PIECE: usize = 1 << 20;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Find every line that was removed, changed, reordered, inserted or sealed again.
    Verify(VerifyArguments),
    /// Count what happened over any number of logs: how many encounters, how many views, why not.
    Summary(SummaryArguments),
}

#[derive(Args)]
struct VerifyArguments {
    /// The log, JSON Lines.
    log: PathBuf,
    /// File with the log's first seal key, 64 hex digits. Without it only the chain and the
    /// signatures speak.
    #[arg(long, value_name = "FILE")]
    seal_key: Option<PathBuf>,
    /// File with the tablet's public key for checkpoints, 64 hex digits.
    #[arg(long, value_name = "FILE")]
    tablet_key: Option<PathBuf>,
    /// File with a checkpoint line that was kept elsewhere; may be given several times.
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct SummaryArguments {
    /// The logs, JSON Lines. Their chains are checked; seals are not.
    #[arg(required = true)]
    logs: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Ended> {
    match &arguments.action {
        Action::Verify(arguments) => verify(arguments),
        Action::Summary(arguments) => summarize(arguments),
    }
}

fn verify(arguments: &VerifyArguments) -> Result<Ended> {
    let seal_key = arguments.seal_key.as_deref().map(key).transpose()?;
    let tablet_key = arguments.tablet_key.as_deref().map(key).transpose()?;
    let checkpoint_key = tablet_key.map(VerifyingKey::from_bytes);
    let mut checkpoints = Vec::new();
    for path in &arguments.checkpoint {
        let Some(key) = &checkpoint_key else {
            bail!("--checkpoint needs --tablet-key, to see that the tablet signed it");
        };
        checkpoints.push(checkpoint(path, key)?);
    }
    let seal_key = seal_key.map(SealKey::from_random);
    let evidence = Evidence { seal_key, checkpoint_key, checkpoints };
    let verdict = verify_file(&arguments.log, evidence)?;
    if arguments.json {
        println!("{:#}", as_json(&verdict));
    } else {
        print_verdict(&verdict);
    }
    Ok(ended(verdict.is_intact()))
}

fn summarize(arguments: &SummaryArguments) -> Result<Ended> {
    let mut summary = Summary::default();
    for path in &arguments.logs {
        let verdict = verify_file(path, Evidence::default())?;
        if !verdict.is_intact() {
            eprintln!("{}: not intact; see `mynacard audit verify`", path.display());
        }
        summary.add(&verdict);
    }
    if arguments.json {
        let object = json!({
            "logs": summary.logs,
            "not_intact": summary.not_intact,
            "real": funnel_json(&summary.real),
            "drill": funnel_json(&summary.drill),
        });
        println!("{object:#}");
    } else {
        println!("{} logs, {} not intact", summary.logs, summary.not_intact);
        print_funnel("実活動 real", &summary.real);
        print_funnel("訓練 drill", &summary.drill);
    }
    Ok(ended(summary.not_intact == 0))
}

/// Exit status 1 for a log that is not intact.
fn ended(intact: bool) -> Ended {
    if intact { Outcome::Complete.into() } else { Ended::with(ExitCode::FAILURE) }
}

/// Verifies a log of any length on all cores, a few pieces in memory at a time.
pub(crate) fn verify_file(path: &Path, evidence: Evidence) -> Result<Verdict> {
    let mut file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut verifier = Verifier::new(evidence);
    let mut planner = verifier.planner();
    let mut rest = Vec::new();
    loop {
        let mut pieces = Vec::with_capacity(threads);
        while pieces.len() < threads {
            match next_piece(&mut file, &mut rest)? {
                Some(piece) => pieces.push(piece),
                None => break,
            }
        }
        if pieces.is_empty() {
            break;
        }
        let chunks: Vec<_> = pieces.iter().map(|piece| planner.plan(piece)).collect();
        let outcomes: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> = chunks
                .into_iter()
                .zip(&pieces)
                .map(|(chunk, piece)| scope.spawn(move || chunk.verify(piece)))
                .collect();
            running.into_iter().map(|thread| thread.join().ok()).collect()
        });
        for (piece, outcome) in pieces.iter().zip(outcomes) {
            verifier.merge(piece, outcome.context("a verifying thread failed")?);
        }
    }
    verifier.feed(&rest);
    Ok(verifier.finish())
}

/// The next whole lines, about [`PIECE`] bytes; none at the end, when `rest` holds what is torn.
fn next_piece(file: &mut File, rest: &mut Vec<u8>) -> Result<Option<Vec<u8>>> {
    let mut piece = std::mem::take(rest);
    loop {
        let before = piece.len();
        let wanted = u64::try_from(PIECE)?;
        file.by_ref().take(wanted).read_to_end(&mut piece)?;
        let end = whole_lines(&piece);
        let at_end = piece.len() == before;
        if end > 0 {
            *rest = piece.split_off(end);
            return Ok(Some(piece));
        }
        if at_end {
            *rest = piece;
            return Ok(None);
        }
    }
}

fn key(path: &Path) -> Result<[u8; 32]> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the key in {}", path.display()))?;
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| anyhow!("{} does not hold 64 hex digits", path.display()))
}

fn checkpoint(path: &Path, key: &VerifyingKey) -> Result<Checkpoint> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the checkpoint in {}", path.display()))?;
    Checkpoint::read(text.trim_end(), key).map_err(|fault| anyhow!("{}: {fault}", path.display()))
}

fn as_json(verdict: &Verdict) -> Value {
    let findings: Vec<Value> = verdict
        .findings
        .iter()
        .map(|finding| {
            let info = finding.what.info();
            json!({
                "line": finding.line,
                "seq": finding.seq,
                "count": finding.count,
                "code": info.code,
                "what": finding.what.to_string(),
                "advice_ja": info.advice_ja,
            })
        })
        .collect();
    json!({
        "intact": verdict.is_intact(),
        "drill": verdict.drill,
        "lines": verdict.lines,
        "taken": verdict.taken,
        "sealed": verdict.sealed,
        "signatures": verdict.signatures,
        "signed_to": verdict.signed_to,
        "first_at": verdict.first_at.map(|at| at.to_string()),
        "last_at": verdict.last_at.map(|at| at.to_string()),
        "torn_tail": matches!(verdict.tail, Tail::Torn { .. }),
        "findings": findings,
        "found": verdict.found,
    })
}

fn print_verdict(verdict: &Verdict) {
    let kind = if verdict.drill { "訓練 drill" } else { "実活動 real" };
    println!("{kind}: {} lines, {} taken", verdict.lines, verdict.taken);
    if !verdict.sealed {
        println!("no seal key: a log rewritten as a whole is not found out");
    }
    println!("{} checkpoints with a good signature", verdict.signatures);
    if let Tail::Torn { bytes } = verdict.tail {
        println!("the last line is torn ({bytes} bytes), as a loss of power leaves it");
    }
    for finding in &verdict.findings {
        println!("{finding}\n  {}", finding.what.info().advice_ja);
    }
    println!("{}", if verdict.is_intact() { "intact 改ざんなし" } else { "NOT INTACT 改ざんあり" });
}

fn funnel_json(funnel: &Funnel) -> Value {
    let ways: Vec<Value> = funnel
        .ways_out()
        .filter(|(_, count)| *count > 0)
        .map(|(code, count)| json!({ "code": code.code(), "name": code.name(), "count": count }))
        .collect();
    json!({
        "encounters": funnel.encounters(),
        "permits": funnel.permits(),
        "unended": funnel.unended(),
        "ways_out": ways,
    })
}

fn print_funnel(title: &str, funnel: &Funnel) {
    let encounters = funnel.encounters();
    if encounters == 0 {
        return;
    }
    println!("\n{title}: {encounters} encounters, {} permits", funnel.permits());
    for (code, count) in funnel.ways_out().filter(|(_, count)| *count > 0) {
        let share = 100.0 * count as f64 / encounters as f64;
        println!("{count:>8}  {share:>5.1} %  {}  {}", code.label_ja(), code.name());
    }
    if funnel.unended() > 0 {
        println!("{:>8}           終了の記録なし  no end recorded", funnel.unended());
    }
}

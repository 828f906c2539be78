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
    Checkpoint, Funnel, LogEvidence, LogVerdict, SealKey, Summary, Tail, Verifier, VerifyingKey,
    whole_lines,
};
use serde_json::{Value, json};

use crate::ended::Ended;
use crate::out::say;
use crate::outcome::Outcome;

/// Bytes that one thread verifies at a time.
const PIECE: usize = 1 << 20;
/// Bytes kept of a line that does not end: more than any line of a log has, so that it is found out,
/// and a file without line ends cannot fill the memory.
const ENDLESS: usize = 4096;

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
    let evidence = LogEvidence { seal_key, checkpoint_key, checkpoints };
    let verdict = verify_file(&arguments.log, evidence)?;
    if arguments.json {
        say!("{:#}\n", as_json(&verdict))?;
    } else {
        print_verdict(&verdict)?;
    }
    Ok(ended(verdict.is_intact()))
}

fn summarize(arguments: &SummaryArguments) -> Result<Ended> {
    let mut summary = Summary::default();
    for path in &arguments.logs {
        let verdict = verify_file(path, LogEvidence::default())?;
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
        say!("{object:#}\n")?;
    } else {
        say!("{} logs, {} not intact\n", summary.logs, summary.not_intact)?;
        print_funnel("実活動 real", &summary.real)?;
        print_funnel("訓練 drill", &summary.drill)?;
    }
    Ok(ended(summary.not_intact == 0))
}

/// Exit status 30 for a log that is not intact; 1 is for one that could not be looked at.
fn ended(intact: bool) -> Ended {
    if intact { Outcome::Complete.into() } else { Ended::with(ExitCode::from(30)) }
}

/// Verifies a log of any length on all cores, a few pieces in memory at a time.
pub(crate) fn verify_file(path: &Path, evidence: LogEvidence) -> Result<LogVerdict> {
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
        piece.truncate(ENDLESS);
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

fn as_json(verdict: &LogVerdict) -> Value {
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

fn print_verdict(verdict: &LogVerdict) -> Result<()> {
    let kind = if verdict.drill { "訓練 drill" } else { "実活動 real" };
    say!("{kind}: {} lines, {} taken\n", verdict.lines, verdict.taken)?;
    if let Tail::Torn { bytes } = verdict.tail {
        say!("the last line is torn ({bytes} bytes), as a loss of power leaves it\n")?;
        say!("  最終行が書きかけです。電源断によるもので、改ざんではありません。\n")?;
    }
    for finding in &verdict.findings {
        say!("{finding}\n  {}\n", finding.what.info().advice_ja)?;
    }
    say!("{}", limits(verdict))?;
    say!("{}\n", conclusion(verdict))?;
    Ok(())
}

/// What this verification could not have found out.
fn limits(verdict: &LogVerdict) -> String {
    let mut text = String::new();
    if !verdict.sealed {
        text.push_str("no seal key: a log rewritten as a whole is not found out\n");
        text.push_str("  封印鍵がないため、全体が書き換えられていても分かりません。\n");
    }
    let unsigned = match verdict.signed_to {
        Some(seq) => verdict.lines.saturating_sub(seq.saturating_add(1)),
        None => verdict.lines,
    };
    let signatures = verdict.signatures;
    text.push_str(&format!("{signatures} checkpoints with a good signature"));
    if unsigned > 0 {
        text.push_str(&format!(
            "; none over the last {unsigned} lines, so whether more followed cannot be told\n  \
             最後の{unsigned}行には署名がなく、その後の行が切り取られていても分かりません。"
        ));
    }
    text.push('\n');
    text
}

/// The last line: no more than was verified.
const fn conclusion(verdict: &LogVerdict) -> &'static str {
    match (verdict.is_intact(), verdict.sealed) {
        (true, true) => "intact 改ざんなし",
        (true, false) => "consistent 行のつながりに矛盾なし",
        (false, _) => "NOT INTACT 改ざん・欠落あり",
    }
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

fn print_funnel(title: &str, funnel: &Funnel) -> Result<()> {
    let encounters = funnel.encounters();
    if encounters == 0 {
        return Ok(());
    }
    say!("\n{title}: {encounters} encounters, {} permits\n", funnel.permits())?;
    for (code, count) in funnel.ways_out().filter(|(_, count)| *count > 0) {
        let share = 100.0 * count as f64 / encounters as f64;
        say!("{count:>8}  {share:>5.1} %  {}  {}\n", code.label_ja(), code.name())?;
    }
    if funnel.unended() > 0 {
        say!("{:>8}           終了の記録なし  no end recorded\n", funnel.unended())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use mynacard_core::Timestamp;
    use mynacard_core::audit::{AuditLog, Drill, Ed25519Signer, LogId, ShortId};
    use ring::rand::SystemRandom;
    use ring::signature::Ed25519KeyPair;

    use super::*;

    const FIRST: [u8; 32] = [7; 32];

    /// A log of its header and, if wanted, a checkpoint; verified with or without its seal key.
    fn verified(signed: bool, sealed: bool) -> LogVerdict {
        let now = Timestamp::from_unix_millis(1_800_000_000_000).expect("in range");
        let device = ShortId::new("tablet-01").expect("short");
        let log = LogId::from_random([1; 16]);
        let mut log = AuditLog::<Drill>::create(log, device, SealKey::from_random(FIRST), now);
        let header = log.own_line().expect("free").expect("the header");
        let (ticket, mut text) = (header.ticket, header.text.to_owned());
        log.confirm(ticket).expect("pending");
        let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        let signer = Ed25519Signer::from_pkcs8(pair.as_ref()).expect("a key");
        if signed {
            text.push_str(log.checkpoint(now, &signer).expect("signed").text);
        }
        let mut verifier = Verifier::new(LogEvidence {
            seal_key: sealed.then(|| SealKey::from_random(FIRST)),
            checkpoint_key: Some(signer.verifying_key()),
            ..LogEvidence::default()
        });
        verifier.feed(text.as_bytes());
        verifier.finish()
    }

    #[test]
    fn a_file_without_line_ends_does_not_fill_the_memory() {
        let mut file = tempfile::tempfile().expect("a file");
        file.set_len(64 * PIECE as u64).expect("long");
        let mut rest = Vec::new();
        assert!(next_piece(&mut file, &mut rest).expect("read").is_none());
        assert!((2048..=PIECE + ENDLESS).contains(&rest.len()), "{}", rest.len());
        assert!(rest.capacity() <= 4 * PIECE, "{}", rest.capacity());
        let mut verifier = Verifier::new(LogEvidence::default());
        verifier.feed(&rest);
        assert!(!verifier.finish().is_intact());
    }

    #[test]
    fn no_more_is_concluded_than_was_verified() {
        let signed = verified(true, true);
        assert_eq!(conclusion(&signed), "intact 改ざんなし");
        assert_eq!(limits(&signed), "1 checkpoints with a good signature\n");
        let unsigned = verified(false, true);
        assert!(limits(&unsigned).contains("最後の1行には署名がなく"), "{}", limits(&unsigned));
        let unsealed = verified(true, false);
        assert!(!conclusion(&unsealed).contains("改ざんなし"));
        assert!(limits(&unsealed).contains("no seal key"));
    }
}

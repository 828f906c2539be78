//! Every way to tamper with a log is found, at its place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod audit_support;
mod encounter_support;

use audit_support::{Host, START, at, chained, id, sealed, signer, verify};
use mynacard_core::Timestamp;
use mynacard_core::audit::{
    AuditLog, Checkpoint, Event, LogEvidence, LogFinding, Real, SealState, Tail, Tamper, Verifier,
};

/// Thirteen lines: header, one encounter, checkpoint, another one, checkpoint.
fn small(log: u8) -> (Host, Vec<Checkpoint>) {
    let mut host = Host::new(log);
    let signer = signer(1);
    let mut kept = Vec::new();
    let mut keep = |line: String| {
        kept.push(Checkpoint::read(&line, &signer.verifying_key()).unwrap());
    };
    host.encounter(0, 10_000);
    keep(host.checkpoint(20_000, &signer));
    host.encounter(3, 30_000);
    keep(host.checkpoint(40_000, &signer));
    (host, kept)
}

fn first(text: &str, evidence: LogEvidence) -> Option<LogFinding> {
    verify(text.as_bytes(), evidence).findings.first().copied()
}

fn what_and_line(findings: &[LogFinding]) -> Vec<(Tamper, u64, Option<u64>, u64)> {
    findings.iter().map(|found| (found.what, found.line, found.seq, found.count)).collect()
}

#[test]
fn an_untouched_log_is_intact_and_counted() {
    let (host, kept) = small(1);
    for evidence in [
        LogEvidence { checkpoints: kept.clone(), ..sealed(1) },
        LogEvidence { checkpoints: kept, ..chained() },
        LogEvidence::default(),
    ] {
        let signed = evidence.checkpoint_key.is_some();
        let verdict = verify(host.text.as_bytes(), evidence);
        assert!(verdict.is_intact(), "{:?}", verdict.findings);
        assert_eq!((verdict.lines, verdict.taken, verdict.tail), (13, 13, Tail::Whole));
        assert_eq!((verdict.log, verdict.drill), (Some(host.log.id()), false));
        assert_eq!(verdict.signatures, if signed { 2 } else { 0 });
        assert_eq!(verdict.signed_to, signed.then_some(12));
        assert_eq!((verdict.first_at, verdict.last_at), (Some(at(0)), Some(at(40_000))));
        assert_eq!((verdict.funnel.encounters(), verdict.funnel.permits()), (2, 1));
        let ways: Vec<_> = verdict.funnel.ways_out().collect();
        assert_eq!(ways, [(Event::HandedOver, 1), (Event::EndRefused, 1)]);
        assert_eq!(verdict.funnel.unended(), 0);
    }
}

#[test]
fn every_changed_byte_is_found_at_its_line() {
    // A line of each kind, with and without a card.
    let mut host = Host::new(1);
    host.encounter(3, 10_000);
    host.checkpoint(20_000, &signer(1));
    let last_seal = host.text.len() - "\"}\n".len() - 64..host.text.len() - "\"}\n".len();
    let mut bytes = host.text.clone().into_bytes();
    let (mut line, mut tried) = (1, 0);
    for place in 0..bytes.len() {
        let was = bytes[place];
        for now in [was ^ 1, was ^ 4, was ^ 0x20, was ^ 0x80, b'\n', b'0'] {
            if now == was {
                continue;
            }
            tried += 1;
            bytes[place] = now;
            let found = verify(&bytes, sealed(1)).findings.first().copied();
            let found = found.unwrap_or_else(|| panic!("byte {place} of line {line} as {now:#x}"));
            assert_eq!(found.line, line, "byte {place} as {now:#x}: {found:?}");
            match verify(&bytes, chained()).findings.first() {
                Some(found) => assert!([line, line + 1].contains(&found.line), "{found:?}"),
                // Only the very last seal is covered by nothing but its own key.
                None => assert!(last_seal.contains(&place), "byte {place} as {now:#x}"),
            }
        }
        bytes[place] = was;
        line += u64::from(was == b'\n');
    }
    println!("{tried} changed bytes, all found");
}

#[test]
fn every_removed_line_is_found() {
    let (host, kept) = small(1);
    let lines = host.lines();
    for gone in 0..lines.len() {
        let text: String = lines
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != gone)
            .map(|(_, line)| &**line)
            .collect();
        let place = gone as u64;
        for evidence in [sealed(1), chained()] {
            let cut = gone + 1 == lines.len();
            let missing = (Tamper::Missing, place + 1, Some(place), 1);
            let expected = if cut { vec![] } else { vec![missing] };
            let verdict = verify(text.as_bytes(), evidence.clone());
            assert_eq!(what_and_line(&verdict.findings), expected, "line {}", gone + 1);
            let with_kept = LogEvidence { checkpoints: kept.clone(), ..evidence };
            assert!(!verify(text.as_bytes(), with_kept).is_intact());
        }
    }
}

#[test]
fn every_repeated_moved_or_swapped_line_is_found() {
    let (host, _) = small(1);
    let lines = host.lines();
    for evidence in [sealed(1), chained()] {
        for place in 0..lines.len() {
            let mut twice = lines.clone();
            twice.insert(place + 1, lines[place].clone());
            let verdict = verify(twice.concat().as_bytes(), evidence.clone());
            let place = place as u64;
            let expected = [(Tamper::OutOfPlace, place + 2, Some(place), 1)];
            assert_eq!(what_and_line(&verdict.findings), expected);
        }
        for place in 0..lines.len() - 1 {
            let mut swapped = lines.clone();
            swapped.swap(place, place + 1);
            let verdict = verify(swapped.concat().as_bytes(), evidence.clone());
            let place = place as u64;
            let missing = (Tamper::Missing, place + 1, Some(place), 1);
            let moved = (Tamper::OutOfPlace, place + 2, Some(place), 1);
            assert_eq!(what_and_line(&verdict.findings), [missing, moved]);
        }
        let mut moved = lines.clone();
        let line = moved.remove(3);
        moved.insert(9, line);
        let verdict = verify(moved.concat().as_bytes(), evidence.clone());
        let expected = [(Tamper::Missing, 4, Some(3), 1), (Tamper::OutOfPlace, 10, Some(3), 1)];
        assert_eq!(what_and_line(&verdict.findings), expected);
    }
}

#[test]
fn a_line_or_a_tail_of_another_log_is_found() {
    let (host, _) = small(1);
    let (mut other, _) = small(2);
    other.encounter(2, 50_000);
    let (lines, foreign) = (host.lines(), other.lines());
    for place in 1..lines.len() {
        let number = place as u64;
        let mut inserted = lines.clone();
        inserted.insert(place, foreign[place].clone());
        let verdict = verify(inserted.concat().as_bytes(), sealed(1));
        let expected = [(Tamper::Inserted, number + 1, Some(number), 1)];
        assert_eq!(what_and_line(&verdict.findings), expected);
        assert!(!verify(inserted.concat().as_bytes(), chained()).is_intact());

        let replaced = [&lines[..place], &foreign[place..=place], &lines[place + 1..]].concat();
        let found = first(&replaced.concat(), sealed(1)).unwrap();
        assert_eq!((found.what, found.line), (Tamper::Altered, number + 1));

        let spliced = [&lines[..place], &foreign[place..]].concat().concat();
        let found = first(&spliced, sealed(1)).unwrap();
        assert_eq!((found.what, found.line), (Tamper::Altered, number + 1));
        let found = first(&spliced, chained()).unwrap();
        assert_eq!((found.what, found.line), (Tamper::ChainBroken, number + 1));
    }
    let found = first(&other.text, sealed(1)).unwrap();
    assert_eq!((found.what, found.line), (Tamper::Altered, 1), "a whole other log");
}

#[test]
fn a_log_cut_at_any_byte_is_torn_and_not_tampered_with() {
    let (host, kept) = small(1);
    let bytes = host.text.as_bytes();
    for evidence in [sealed(1), chained()] {
        for cut in 1..=bytes.len() {
            let verdict = verify(&bytes[..cut], evidence.clone());
            assert!(verdict.is_intact(), "cut at {cut}: {:?}", verdict.findings);
            let whole = bytes[..cut].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let expected = match cut - whole {
                0 => Tail::Whole,
                _ if bytes[cut] == b'\n' => Tail::NoLineFeed,
                bytes => Tail::Torn { bytes },
            };
            assert_eq!(verdict.tail, expected, "cut at {cut}");

            // What was kept elsewhere tells how far it must reach.
            let with_kept = LogEvidence { checkpoints: kept.clone(), ..evidence.clone() };
            let verdict = verify(&bytes[..cut], with_kept);
            let next = verdict.taken;
            let expected: Vec<_> = (next <= 12)
                .then_some((Tamper::CutTail, next + 1, Some(next), 13 - next))
                .into_iter()
                .collect();
            assert_eq!(what_and_line(&verdict.findings), expected, "cut at {cut}");
        }
        let empty = verify(b"", evidence.clone());
        assert_eq!(what_and_line(&empty.findings), [(Tamper::Missing, 1, Some(0), 1)]);
    }
}

#[test]
fn a_torn_line_that_is_not_what_was_being_written_is_tampering() {
    let (host, _) = small(1);
    let lines = host.lines();
    let start = lines[..5].concat();
    let torn = &lines[5][..140];
    assert!(verify(format!("{start}{torn}").as_bytes(), sealed(1)).is_intact());
    for wrong in [
        torn.replace("crew", "crow"),
        torn.replacen("\"seq\":5", "\"seq\":4", 1),
        torn.replacen("\"seq\":5", "\"seq\":6", 1),
        torn.replacen("-", "/", 1),
        format!("{torn}\n"),
        torn.to_uppercase(),
    ] {
        let verdict = verify(format!("{start}{wrong}").as_bytes(), sealed(1));
        assert_eq!(verdict.findings[0].line, 6, "{wrong}");
    }
    // Somebody went on writing behind a torn line.
    let verdict = verify([&start, torn, &lines[5..].concat()].concat().as_bytes(), sealed(1));
    let expected = [(Tamper::NotCanonical, 6, None, 1)];
    assert_eq!(what_and_line(&verdict.findings), expected);
}

/// A state with the place of one and the key of another.
fn with_key_of(place: &SealState, key: &SealState) -> SealState {
    let mut bytes = place.as_bytes().to_vec();
    bytes[58..90].copy_from_slice(&key.as_bytes()[58..90]);
    SealState::from_bytes(&bytes).unwrap()
}

#[test]
fn what_was_sealed_again_with_a_later_key_is_found() {
    let (host, _) = small(1);
    let lines = host.lines();
    // Whoever takes the tablet after `stolen` lines has that key, and none before.
    for stolen in 2..lines.len() {
        for rewritten in 1..stolen {
            let state = with_key_of(&host.states[rewritten - 1], &host.states[stolen - 1]);
            let mut forged = Host {
                log: AuditLog::resume(&state).unwrap(),
                text: lines[..rewritten].concat(),
                states: vec![],
            };
            forged.encounter(7, 30_000);
            let found = first(&forged.text, sealed(1)).unwrap();
            assert_eq!((found.what, found.line), (Tamper::LaterKey, rewritten as u64 + 1));
            assert_eq!(found.key_of, Some(stolen as u64));
        }
    }
}

#[test]
fn whoever_has_the_key_is_stopped_by_a_checkpoint_that_was_kept() {
    let (host, kept) = small(1);
    // The key of line 5 is stolen; all that follows is written anew, signed with another key.
    let log: AuditLog<Real> = AuditLog::resume(&host.states[4]).unwrap();
    let mut forged = Host { log, text: host.lines()[..5].concat(), states: vec![] };
    forged.encounter(7, 10_000);
    forged.checkpoint(20_000, &signer(2));
    forged.encounter(0, 30_000);
    let verdict = verify(forged.text.as_bytes(), sealed(1));
    assert_eq!(what_and_line(&verdict.findings), [(Tamper::BadSignature, 10, Some(9), 1)]);
    let blind = LogEvidence { checkpoint_key: None, ..sealed(1) };
    assert!(verify(forged.text.as_bytes(), blind.clone()).is_intact(), "nothing else speaks");
    let with_kept = LogEvidence { checkpoints: kept, ..blind };
    let found = first(&forged.text, with_kept).unwrap();
    assert_eq!((found.what, found.line, found.seq), (Tamper::CheckpointMismatch, 8, Some(7)));
}

#[test]
fn only_a_good_checkpoint_is_kept() {
    let (mut host, _) = small(1);
    let line = host.checkpoint(50_000, &signer(1));
    assert!(Checkpoint::read(&line, &signer(1).verifying_key()).is_ok());
    assert!(Checkpoint::read(&line, &signer(2).verifying_key()).is_err());
    assert!(Checkpoint::read(&host.lines()[3], &signer(1).verifying_key()).is_err());
    let seal = line.find("\"seal\"").unwrap();
    for place in 0..seal {
        let mut bytes = line.clone().into_bytes();
        bytes[place] ^= 1;
        let text = String::from_utf8(bytes).unwrap();
        assert!(Checkpoint::read(&text, &signer(1).verifying_key()).is_err(), "byte {place}");
    }
}

#[test]
fn a_hostile_log_costs_bounded_time_and_memory() {
    let line = "x".repeat(100_000);
    let digits = format!("{{\"seq\":{}", "9".repeat(100_000));
    let (host, _) = small(1);
    let far = format!("\"seq\":{}", u64::MAX);
    let jump = host.lines()[3].trim_end().replacen("\"seq\":3", &far, 1);
    let mut verifier = Verifier::new(sealed(1));
    for _ in 0..3000 {
        for text in [&line, &digits, &jump] {
            verifier.feed(text.as_bytes());
            verifier.feed(b"\n");
        }
    }
    let verdict = verifier.finish();
    assert_eq!((verdict.findings.len(), verdict.taken), (1000, 0));
    assert_eq!(verdict.found, 9000);
}

#[test]
fn the_pieces_in_which_a_log_is_read_do_not_matter() {
    let (host, _) = small(1);
    let mut bytes = host.text.clone().into_bytes();
    bytes[1500] ^= 1;
    let whole = format!("{:?}", verify(&bytes, sealed(1)));
    for size in [1, 2, 7, 64, 399, 400, 401, 1024] {
        let mut verifier = Verifier::new(sealed(1));
        bytes.chunks(size).for_each(|piece| verifier.feed(piece));
        assert_eq!(format!("{:?}", verifier.finish()), whole, "pieces of {size}");
    }
}

#[test]
fn a_clock_that_was_set_back_is_said_and_is_not_tampering() {
    let mut host = Host::new(1);
    host.encounter(1, 50_000);
    host.encounter(1, 10_000);
    let verdict = verify(host.text.as_bytes(), sealed(1));
    assert!(verdict.is_intact());
    assert_eq!(verdict.clock_steps_back, 1);
    assert_eq!(verdict.last_at, Timestamp::from_unix_millis(START + 12_000).ok());
}

#[test]
fn every_line_is_json_with_known_keys_and_nothing_personal() {
    let (host, _) = small(1);
    for line in host.lines() {
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        let object = value.as_object().unwrap();
        for key in object.keys() {
            let known = [
                "seq",
                "at",
                "code",
                "event",
                "format",
                "drill",
                "log",
                "encounter",
                "crew",
                "device",
                "card",
                "prev",
                "signature",
                "seal",
            ];
            assert!(known.contains(&&**key), "{key}");
        }
        let code = u16::try_from(object["code"].as_u64().unwrap()).unwrap();
        assert_eq!(Event::from_code(code).unwrap().name(), object["event"]);
    }
    let printed = format!("{:?} {:?} {:?}", host.log, host.states, sealed(1));
    for secret in ["5b5b", "91, 91", "5B5B"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert_eq!(format!("{:?}", id("C-17")), "ShortId(C-17)");
}

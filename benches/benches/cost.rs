//! Exchanges, bytes and memory of a whole reading: counted, so the same in every run.
//!
//! The work: face 0002 and 0004, text 0002, 0003 and 0004, the authentication certificate, one
//! challenge, a free try query before each VERIFY.
#![allow(clippy::expect_used, reason = "a bench may fail loudly")]

use std::process::ExitCode;

use mynacard_conformance::{
    Link, PeerLink, TEST_CARD_NUMBER_B, peer_reads, published_card, we_read,
};
use mynacard_core::field::DecodeLimits;
use mynacard_core::reading::Plan;
use mynacard_core::trust::Challenge;
use mynacard_sim::{Profile, Traffic, VirtualCard};
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const NONCE: &[u8] = b"drawn by lot for the count";

/// Most exchanges with blocks of 256 bytes, with extended length, and most bytes of heap.
const MOST_SHORT: u64 = 38;
const MOST_EXTENDED: u64 = 20;
const MOST_HEAP: usize = 4 * 1024 * 1024;

/// What one reading cost, and how many bytes more than before it the heap held at most.
struct Cost {
    traffic: Traffic,
    heap: usize,
}

/// Reads what the peer reads too, and decodes the photo.
fn ours(mut link: Link, number: &str) -> Cost {
    let challenge = Challenge::new(NONCE).expect("long enough");
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let plan = Plan::all().with_challenge(challenge).without_text_proof();
    let reading = we_read(&mut link, number, plan);
    let reading = reading.expect("well formed");
    let face = reading.face().value().expect("read");
    let pixels = face.photo().expect("a photo").decode(&DecodeLimits::DEFAULT).expect("decodes");
    assert!(pixels.width() > 0 && reading.certificate().value().is_some());
    Cost { traffic: link.card.traffic(), heap: HEAP.peak_usage() - before }
}

/// Reads the same; it does not decode.
fn theirs(card: VirtualCard, number: &str) -> Cost {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let (reading, link) = peer_reads(PeerLink(card), number, NONCE).expect("digits");
    assert!(reading.certificate.is_ok());
    Cost { traffic: link.0.traffic(), heap: HEAP.peak_usage() - before }
}

fn row(who: &str, cost: &Cost, peer: &Cost) {
    let Cost { traffic, heap } = cost;
    let ratio = traffic.exchanges as f64 / peer.traffic.exchanges as f64;
    println!(
        "{who:<34}{:>10}{:>8}{:>10}{ratio:>8.2}{:>12} KiB",
        traffic.exchanges,
        traffic.bytes_sent,
        traffic.bytes_received,
        heap.div_ceil(1024)
    );
}

fn main() -> ExitCode {
    let adult = Profile::adult();
    let cards = [
        ("published test card", published_card().expect("downloaded"), TEST_CARD_NUMBER_B),
        ("profile `adult`", adult.card(), adult.code_b().expect("a card has one")),
    ];
    let mut within = true;
    for (name, card, number) in cards {
        let peer = theirs(card.clone(), number);
        let short = ours(Link::short(card.clone()), number);
        let extended = ours(Link::extended(card.clone()), number);
        println!("{name:<34} exchanges    sent  received   ratio   peak heap");
        row("  mynacard, 256-byte reads", &short, &peer);
        row("  mynacard, extended length", &extended, &peer);
        row("  myna-card 3.3.4", &peer, &peer);
        println!();
        within &= short.heap.max(extended.heap) <= MOST_HEAP;
        within &= extended.traffic.exchanges <= MOST_EXTENDED;
        if number == TEST_CARD_NUMBER_B {
            within &= short.traffic.exchanges <= MOST_SHORT;
        }
    }
    println!(
        "The heap of ours includes the decoded photo; both include the virtual card's answers."
    );
    if within {
        return ExitCode::SUCCESS;
    }
    println!(
        "Over a bound: {MOST_SHORT} and {MOST_EXTENDED} exchanges, {MOST_HEAP} bytes of heap."
    );
    ExitCode::FAILURE
}

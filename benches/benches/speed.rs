//! How long parsing, decoding and a whole reading take, beside others doing the same.
#![allow(clippy::expect_used, reason = "a bench may fail loudly")]

use criterion::Criterion;
use mynacard_benches::{Samples, ratio};
use mynacard_conformance::{
    Link, PeerLink, TEST_CARD_NUMBER_B, peer_reads, published_card, published_files, we_read,
};
use mynacard_core::applet::face::CardFace;
use mynacard_core::field::{DecodeLimits, Photo};
use mynacard_core::reading::Plan;
use zeroize::Zeroizing;

/// Parsing a card face should take no longer than this, in microseconds.
const PARSE_TARGET: f64 = 5.0;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let files = published_files().expect("the published files are downloaded");
    let face = files.get("surface-0002.bin").expect("published");
    let parsed = CardFace::parse(Zeroizing::new(face.clone())).expect("parses");
    let photo = parsed.photo().expect("a photo");
    parse(&mut criterion, face);
    decode(&mut criterion, &photo);
    whole_reading(&mut criterion);
    criterion.final_summary();
}

/// Ours copies the file first and wipes everything afterwards, which is part of its price.
fn parse(criterion: &mut Criterion, face: &[u8]) {
    let (ours, theirs) = (Samples::default(), Samples::default());
    let mut group = criterion.benchmark_group("parse a card face");
    group.bench_function("mynacard", |bencher| {
        bencher.iter_custom(|count| {
            ours.measure(count, || CardFace::parse(Zeroizing::new(face.to_vec())))
        });
    });
    group.bench_function("myna-card", |bencher| {
        bencher.iter_custom(|count| {
            theirs.measure(count, || myna_card::ap::surface::CardFace::parse(face))
        });
    });
    group.finish();
    if let (Some(fastest), Some(ratio)) = (ours.fastest(), ratio(&ours, &theirs)) {
        let micros = fastest.as_secs_f64() * 1e6;
        let verdict = if micros < PARSE_TARGET { "within" } else { "OVER" };
        println!("parse a card face: {micros:.2} µs, {verdict} {PARSE_TARGET} µs");
        println!("parse a card face: mynacard / myna-card = {ratio:.2}\n");
    }
}

fn decode(criterion: &mut Criterion, photo: &Photo) {
    let ours_once = photo.decode(&DecodeLimits::DEFAULT).expect("decodes");
    assert_eq!(ours_once.data(), openjpeg(photo.bytes()), "the two decoders disagree");
    let (ours, theirs) = (Samples::default(), Samples::default());
    let mut group = criterion.benchmark_group("decode the photo");
    group.sample_size(30);
    group.bench_function("mynacard", |bencher| {
        bencher.iter_custom(|count| {
            ours.measure(count, || photo.decode(&DecodeLimits::DEFAULT).expect("decodes"))
        });
    });
    group.bench_function("OpenJPEG", |bencher| {
        bencher.iter_custom(|count| theirs.measure(count, || openjpeg(photo.bytes())));
    });
    group.finish();
    if let Some(ratio) = ratio(&ours, &theirs) {
        println!("decode the photo (378 x 472): mynacard / OpenJPEG = {ratio:.2}\n");
    }
}

/// The photo's grey values, one thread.
fn openjpeg(photo: &[u8]) -> Vec<u8> {
    let image = jpeg2k::Image::from_bytes(photo).expect("decodes");
    let grey = image.components().first().expect("one component");
    assert!(grey.precision() == 8 && !grey.is_signed());
    grey.data().iter().map(|value| *value as u8).collect()
}

/// Over a virtual card, so without the link's time: what the two libraries themselves cost.
fn whole_reading(criterion: &mut Criterion) {
    let card = published_card().expect("downloaded");
    let (ours, theirs) = (Samples::default(), Samples::default());
    let mut group = criterion.benchmark_group("read a whole card");
    group.sample_size(30);
    group.bench_function("mynacard", |bencher| {
        bencher.iter_custom(|count| {
            ours.measure(count, || {
                we_read(&mut Link::short(card.clone()), TEST_CARD_NUMBER_B, Plan::all())
            })
        });
    });
    group.bench_function("myna-card", |bencher| {
        bencher.iter_custom(|count| {
            theirs.measure(count, || peer_reads(PeerLink(card.clone()), TEST_CARD_NUMBER_B, b"n"))
        });
    });
    group.finish();
    if let Some(ratio) = ratio(&ours, &theirs) {
        println!("read a whole card, link excluded: mynacard / myna-card = {ratio:.2}\n");
    }
}

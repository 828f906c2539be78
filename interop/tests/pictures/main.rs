//! Every kind of JPEG 2000 that a card could carry, beside OpenJPEG: decoded alike, or refused for a
//! reason that is written down in `docs/pictures.md`.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

mod boxes;
mod openjpeg;
mod variants;

use mynacard_core::field::{DecodeLimits, Photo, PixelFormat, Pixels};

use self::openjpeg::Plane;
use self::variants::{Expected, Variant, variants};

/// What a variant came to.
#[derive(Debug, Eq, PartialEq)]
enum Outcome {
    /// Decoded, and nowhere further from OpenJPEG's picture than this, of 255.
    Decoded(u8),
    /// Not shown; whether OpenJPEG shows it.
    Refused { shown_by_openjpeg: bool },
}

fn run(variant: &Variant) -> Outcome {
    let photo = Photo::from_object(&variant.file).expect("a picture");
    let theirs = openjpeg::decode(&variant.file);
    let Ok(ours) = photo.decode(&DecodeLimits::DEFAULT) else {
        return Outcome::Refused { shown_by_openjpeg: theirs.is_some() };
    };
    let theirs = theirs.unwrap_or_else(|| panic!("{}: OpenJPEG does not show it", variant.name));
    Outcome::Decoded(distance(&ours, &theirs, variant))
}

/// The greatest difference of any sample, with theirs brought to our layout and to 8 bits.
fn distance(ours: &Pixels, theirs: &[Plane], variant: &Variant) -> u8 {
    let to_8_bits = |plane: &Plane, at: usize| {
        let greatest = f64::from((1_u32 << plane.depth) - 1);
        (f64::from(plane.samples[at]) * 255.0 / greatest).round() as u8
    };
    let pixels = ours.width() as usize * ours.height() as usize;
    assert!(
        theirs.iter().all(|plane| plane.samples.len() == pixels),
        "{}: another size",
        variant.name
    );
    let layout: &[Option<usize>] = match (theirs.len(), ours.format()) {
        (1, PixelFormat::Grey8) => &[Some(0)],
        (2, PixelFormat::Rgba8) => &[Some(0), Some(0), Some(0), Some(1)],
        (3, PixelFormat::Rgba8) => &[Some(0), Some(1), Some(2), None],
        (4, PixelFormat::Rgba8) => &[Some(0), Some(1), Some(2), Some(3)],
        (channels, format) => panic!("{}: {channels} channels and {format:?}", variant.name),
    };
    let shown = ours.data().chunks_exact(layout.len()).enumerate();
    let differences = shown.flat_map(|(at, pixel)| {
        pixel.iter().zip(layout).map(move |(value, plane)| {
            let expected = plane.map_or(u8::MAX, |plane| to_8_bits(&theirs[plane], at));
            value.abs_diff(expected)
        })
    });
    differences.max().expect("a picture has pixels")
}

#[test]
fn every_variant_is_shown_as_openjpeg_shows_it_or_refused_for_a_reason() {
    let variants = variants();
    let (mut equal, mut near, mut refused) = (0, 0, Vec::new());
    let mut wrong = Vec::new();
    for variant in &variants {
        let outcome = run(variant);
        let name = &variant.name;
        match (&outcome, &variant.expected) {
            (Outcome::Decoded(0), Expected::Equal) => equal += 1,
            (Outcome::Decoded(most), Expected::Within(tolerance)) if most <= tolerance => near += 1,
            (Outcome::Refused { shown_by_openjpeg }, Expected::Refused(reason)) => {
                let theirs = if *shown_by_openjpeg { "shown" } else { "refused too" };
                refused.push(format!("  {name}: {reason} (OpenJPEG: {theirs})"));
            }
            (outcome, expected) => wrong.push(format!("{name}: {outcome:?}, not {expected:?}")),
        }
    }
    println!(
        "pictures: {} variants, {} decoded ({equal} equal to OpenJPEG, {near} within the tolerance \
         for lossy coding), {} refused:\n{}",
        variants.len(),
        equal + near,
        refused.len(),
        refused.join("\n"),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(variants.len() >= 60 && equal + near >= 60);
}

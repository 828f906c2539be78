//! Pictures: what decodes, what is refused before decoding, and that no bytes hurt.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

use std::path::Path;

use mynacard_core::error::{Error, LimitFault, Malformed, MalformedReason};
use mynacard_core::field::{
    DecodeLimits, Dimensions, Image, ImageKind, Photo, PixelFormat, Pixels,
};
use proptest::prelude::*;

const BAD_PHOTO: Error =
    Error::Malformed(Malformed { object: "face/DF27", at: 0, why: MalformedReason::BadImage });

fn data(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/images");
    std::fs::read(folder.join(name)).expect("test data are there")
}

fn photo(bytes: &[u8]) -> Photo<'_> {
    Photo::from_object(bytes).expect("not filler")
}

fn decode(bytes: &[u8]) -> Result<Pixels, Error> {
    photo(bytes).decode(&DecodeLimits::DEFAULT)
}

/// Puts other bytes at the first place where the codestream has these.
fn patched(name: &str, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = data(name);
    let at = bytes.windows(from.len()).position(|window| window == from).expect("pattern is there");
    bytes[at..at + to.len()].copy_from_slice(to);
    bytes
}

#[test]
fn lossless_jpeg_2000_decodes_to_the_drawing() {
    for (name, drawn) in [
        ("grey.jp2", "grey.png"),
        ("grey.j2k", "grey.png"),
        ("tiled.jp2", "grey.png"),
        ("precincts.jp2", "grey.png"),
        ("rgb.jp2", "rgb.png"),
    ] {
        let (got, expected) = (decode(&data(name)), decode(&data(drawn)).expect("decodes"));
        assert_eq!(got.as_ref(), Ok(&expected), "{name}");
        assert_eq!((expected.width(), expected.height()), (62, 77));
    }
    assert_eq!(decode(&data("grey.jp2")).expect("decodes").format(), PixelFormat::Grey8);
    assert_eq!(decode(&data("rgb.jp2")).expect("decodes").format(), PixelFormat::Rgba8);
}

#[test]
fn lossy_jpeg_2000_decodes_to_nearly_the_drawing() {
    let lossy = decode(&data("lossy.jp2")).expect("decodes");
    let drawn = decode(&data("grey.png")).expect("decodes");
    let error: u32 =
        lossy.data().iter().zip(drawn.data()).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    assert!(error / (62 * 77) < 12, "mean error {}", error / (62 * 77));
}

#[test]
fn every_png_form_decodes() {
    let name = decode(&data("name.png")).expect("decodes");
    assert_eq!((name.width(), name.height(), name.format()), (60, 12, PixelFormat::Grey8));
    assert!(name.data().iter().all(|&value| value == 0 || value == 255));
    assert!(name.data().contains(&0) && name.data().contains(&255));
    assert_eq!(decode(&data("palette.png")).expect("decodes").format(), PixelFormat::Rgba8);
    assert_eq!(decode(&data("alpha.png")).expect("decodes").format(), PixelFormat::Rgba8);
    assert_eq!(decode(&data("grey16.png")).expect("decodes").format(), PixelFormat::Grey8);
}

#[test]
fn png_made_of_pixels_decodes_to_the_same_pixels() {
    for name in ["grey.jp2", "rgb.jp2", "name.png", "alpha.png"] {
        let pixels = decode(&data(name)).expect("decodes");
        let file = pixels.to_png().expect("encodes");
        assert_eq!(photo(&file).kind(), ImageKind::Png);
        assert_eq!(decode(&file), Ok(pixels), "{name}");
    }
}

#[test]
fn kind_and_size_are_known_without_decoding() {
    for (name, kind) in [
        ("grey.jp2", ImageKind::Jp2),
        ("grey.j2k", ImageKind::Jpeg2000Codestream),
        ("grey.png", ImageKind::Png),
    ] {
        let file = data(name);
        let photo = photo(&file);
        assert_eq!(photo.kind(), kind);
        assert_eq!(photo.dimensions(), Ok(Dimensions { width: 62, height: 77 }));
        assert_eq!(photo.bytes(), data(name), "kept as they are");
    }
    for (bytes, kind) in
        [(&b"GIF89a"[..], ImageKind::Unknown), (b"\xFF\xD8\xFF\xE0", ImageKind::Jpeg)]
    {
        let other = photo(bytes);
        assert_eq!(other.kind(), kind);
        assert_eq!(other.dimensions(), Err(BAD_PHOTO));
        assert_eq!(other.decode(&DecodeLimits::DEFAULT), Err(BAD_PHOTO));
    }
}

#[test]
fn no_picture_is_a_value() {
    for unused in [&[][..], &[0; 16], &[0xFF; 16]] {
        assert_eq!(Photo::from_object(unused), None);
        assert_eq!(Image::from_object("face/DF25", unused), None);
    }
}

#[test]
fn limits_hold_before_decoding() {
    let limits = DecodeLimits::DEFAULT;
    for name in ["grey.jp2", "grey.png"] {
        let file = data(name);
        let photo = photo(&file);
        for tight in [
            DecodeLimits { max_side: 76, ..limits },
            DecodeLimits { max_pixels: 62 * 77 - 1, ..limits },
        ] {
            assert_eq!(photo.decode(&tight), Err(Error::Limit(LimitFault::Pixels)), "{name}");
        }
        let few = DecodeLimits { max_bytes: photo.bytes().len() - 1, ..limits };
        assert_eq!(photo.decode(&few), Err(Error::Limit(LimitFault::ObjectSize)));
        let exact = DecodeLimits { max_side: 77, max_pixels: 62 * 77, max_tiles: 1, ..limits };
        assert!(photo.decode(&exact).is_ok());
    }
    let file = data("tiled.jp2");
    let tiled = photo(&file);
    let few_tiles = DecodeLimits { max_tiles: 5, ..limits };
    assert_eq!(tiled.decode(&few_tiles), Err(Error::Limit(LimitFault::Pixels)));
}

#[test]
fn headers_that_ask_for_too_much_are_refused() {
    let huge = 0x7FFF_FFFF_u32.to_be_bytes();
    let width = 62_u32.to_be_bytes();
    let too_large = Err(Error::Limit(LimitFault::Pixels));
    // The first width is that of `ihdr` in a JP2 file, so the bare codestream is patched.
    assert_eq!(decode(&patched("grey.j2k", &width, &huge)), too_large);
    let mut png = data("grey.png");
    png[16..20].copy_from_slice(&huge);
    assert_eq!(decode(&png), too_large);

    let siz = data("grey.j2k")[..49].to_vec();
    assert_eq!(siz[..4], [0xFF, 0x4F, 0xFF, 0x51]);
    let with = |at: usize, value: &[u8]| {
        let mut bytes = data("grey.j2k");
        bytes[at..at + value.len()].copy_from_slice(value);
        decode(&bytes)
    };
    let one = 1_u32.to_be_bytes();
    assert_eq!(with(24, &[one, one].concat()), too_large, "tiles of one sample");
    assert_eq!(with(16, &width), Err(BAD_PHOTO), "an image that starts where it ends");
    assert_eq!(
        with(16, &63_u32.to_be_bytes()),
        Err(BAD_PHOTO),
        "an image that starts behind its end"
    );
    assert_eq!(with(32, &one), Err(BAD_PHOTO), "tiles that start inside of the image");
    assert_eq!(with(24, &[0; 4]), Err(BAD_PHOTO), "tiles of no width");
    assert_eq!(with(40, &[0x40, 0]), Err(BAD_PHOTO), "16,384 components");
    assert_eq!(with(42, &[37]), Err(BAD_PHOTO), "38 bits");
    assert_eq!(with(43, &[0]), Err(BAD_PHOTO), "no subsampling there is");
    assert_eq!(with(43, &[5]), Err(BAD_PHOTO), "subsampling by 5");
    let far = [0x7FFF_FFFF_u32, 77, 0x7FFF_FFFF - 62, 0, 0x7FFF_FFFF, 77].map(u32::to_be_bytes);
    assert_eq!(with(8, &far.concat()), Err(BAD_PHOTO), "a small image far out on the grid");

    let cod = data("grey.j2k").windows(2).position(|two| two == [0xFF, 0x52]).expect("COD");
    assert_eq!(with(cod + 6, &[0, 0]), Err(BAD_PHOTO), "no layer");
    assert_eq!(with(cod + 6, &[0xFF, 0xFF]), Err(BAD_PHOTO), "65,535 layers");
    assert_eq!(with(cod + 9, &[33]), Err(BAD_PHOTO), "33 decompositions");
    assert_eq!(with(cod + 10, &[8, 8]), Err(BAD_PHOTO), "code-blocks of 1024 x 1024");
    assert_eq!(with(cod + 10, &[255, 0]), Err(BAD_PHOTO), "code-blocks of 2^257 x 4");
    let qcd = data("grey.j2k").windows(2).position(|two| two == [0xFF, 0x5C]).expect("QCD");
    assert_eq!(with(qcd + 4, &[0xE0, 0xF8]), Err(BAD_PHOTO), "37 bit-planes");

    // Precincts and code-blocks, as small as there are: what the decoder would make room for is
    // counted. Half a gigabyte for two kilobytes, if it were let.
    let side = 700_u32.to_be_bytes();
    let mut large = data("grey.j2k");
    for at in [8, 12, 24, 28] {
        large[at..at + 4].copy_from_slice(&side);
    }
    let length = usize::from(large[cod + 3]);
    let levels = usize::from(large[cod + 9]);
    large[cod + 3] += u8::try_from(levels).expect("few") + 1;
    large[cod + 4] |= 1;
    let too_large = Error::Limit(LimitFault::Pixels);
    for (precinct, block, layers, refused) in [
        (0xFF, 4, 1, false),
        (0xFF, 0, 1, false),
        (0x11, 4, 1, true),
        (0x00, 4, 1, true),
        (0xFF, 0, 32, true),
        (0x55, 0, 9, true),
    ] {
        let mut bytes = large.clone();
        let end = cod + 2 + length;
        bytes.splice(end..end, std::iter::repeat_n(precinct, levels + 1));
        bytes[cod + 7] = layers;
        bytes[cod + 10..cod + 12].fill(block);
        let got = decode(&bytes).err();
        let what = format!("precincts {precinct:02X}, blocks {block}, {layers} layers");
        match precinct {
            0 => assert_eq!(got, BAD_PHOTO.into(), "{what}"),
            _ => assert_eq!(got == Some(too_large), refused, "{what}: {got:?}"),
        }
    }

    // A tile-part whose header says COD again would replace what was checked.
    let mut bytes = data("grey.j2k");
    let sot = bytes.windows(2).position(|two| two == [0xFF, 0x90]).expect("SOT");
    let length = u16::from_be_bytes([bytes[cod + 2], bytes[cod + 3]]);
    let mut second = bytes[cod..cod + 2 + usize::from(length)].to_vec();
    second[9] = 32;
    bytes.splice(sot + 12..sot + 12, second.clone());
    let part = u32::from_be_bytes(bytes[sot + 6..sot + 10].try_into().expect("four"));
    let part = part + u32::try_from(second.len()).expect("small");
    bytes[sot + 6..sot + 10].copy_from_slice(&part.to_be_bytes());
    assert_eq!(decode(&bytes), Err(BAD_PHOTO));
}

#[test]
fn cut_pictures_are_refused() {
    for name in ["grey.jp2", "grey.j2k", "tiled.jp2", "rgb.jp2", "name.png"] {
        let whole = data(name);
        for end in 1..whole.len() {
            // Only the end marker is missing, and the tile-parts say that they are all.
            let unmarked = end == whole.len() - 2 && !name.ends_with("png");
            if unmarked {
                assert_eq!(decode(&whole[..end]), decode(&whole), "{name}");
                continue;
            }
            // An IEND cut off a PNG takes no pixel away, and a decoder may overlook it.
            if name.ends_with("png") && end >= whole.len() - 12 {
                continue;
            }
            let cut = Photo::from_object(&whole[..end]);
            let got = cut.map(|photo| photo.decode(&DecodeLimits::DEFAULT));
            assert!(matches!(got, None | Some(Err(_))), "{name} cut at {end}");
        }
    }
}

/// A JP2 file around a codestream, with these boxes behind `ihdr`.
fn boxed(codestream: &[u8], boxes: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let a_box = |kind: &[u8; 4], contents: &[u8]| {
        let length = u32::try_from(contents.len() + 8).expect("small").to_be_bytes();
        [&length[..], kind, contents].concat()
    };
    let header: Vec<u8> = boxes.iter().flat_map(|(kind, contents)| a_box(kind, contents)).collect();
    let header = [a_box(b"ihdr", &[0; 14]), header].concat();
    let signature = a_box(b"jP  ", b"\r\n\x87\n");
    [signature, a_box(b"jp2h", &header), a_box(b"jp2c", codestream)].concat()
}

#[test]
fn boxes_say_what_channels_mean() {
    let grey = data("grey.j2k");
    let drawn = decode(&grey).expect("decodes");
    let with = |boxes: &[(&[u8; 4], &[u8])]| decode(&boxed(&grey, boxes));
    let colour_one: &[u8] = &[0, 1, 0, 0, 0, 0, 0, 1];
    assert_eq!(with(&[(b"cdef", colour_one)]).as_ref(), Ok(&drawn), "it says nothing new");
    for (what, definitions) in [
        ("no such channel", &[0, 1, 0, 1, 0, 0, 0, 1][..]),
        ("no such colour", &[0, 1, 0, 0, 0, 0, 0, 4]),
        ("colour of the whole image", &[0, 1, 0, 0, 0, 0, 0, 0]),
        ("opacity and nothing else", &[0, 1, 0, 0, 0, 1, 0, 0]),
        ("a tail", &[0, 1, 0, 0, 0, 0, 0, 1, 0]),
        ("cut", &[0, 1, 0, 0, 0, 0, 0]),
    ] {
        assert_eq!(with(&[(b"cdef", definitions)]), Err(BAD_PHOTO), "{what}");
    }
    // Each value of the drawing stands for itself in red, its double in green, none in blue.
    let entries: Vec<u8> =
        (0..=255_u8).flat_map(|value| [value, value.wrapping_mul(2), 0]).collect();
    let palette = [&[1, 0, 3, 7, 7, 7][..], &entries].concat();
    let mapping = [0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 2];
    let coloured = with(&[(b"pclr", &palette), (b"cmap", &mapping)]).expect("decodes");
    assert_eq!(coloured.format(), PixelFormat::Rgba8);
    for (pixel, value) in coloured.data().chunks_exact(4).zip(drawn.data()) {
        assert_eq!(pixel, [*value, value.wrapping_mul(2), 0, 255]);
    }
    for (what, palette, mapping) in [
        ("no entries", &[0, 0, 3, 7, 7, 7][..], &mapping[..]),
        ("cut", &palette[..700], &mapping),
        ("17 bits", &[0, 1, 1, 16, 0, 0, 0], &[0, 0, 1, 0]),
        ("signed", &[0, 1, 1, 0x87, 0], &[0, 0, 1, 0]),
        (
            "more columns than colours and opacity",
            &[0, 1, 5, 7, 7, 7, 7, 7, 0, 0, 0, 0, 0],
            &mapping,
        ),
        ("mapping cut", &palette, &mapping[..11]),
        (
            "mapping of a component that is not there",
            &palette,
            &[0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 2],
        ),
        ("columns out of order", &palette, &[0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 2]),
        ("mapping of another kind", &palette, &[0, 0, 2, 0, 0, 0, 1, 1, 0, 0, 1, 2]),
    ] {
        assert_eq!(with(&[(b"pclr", palette), (b"cmap", mapping)]), Err(BAD_PHOTO), "{what}");
    }
    assert_eq!(with(&[(b"pclr", &palette)]), Err(BAD_PHOTO), "nothing says what it is for");
    assert_eq!(with(&[(b"colr", &[1, 0, 0, 0, 0, 0, 12])]), Err(BAD_PHOTO), "CMYK");
}

#[test]
fn a_tile_left_out_is_no_picture() {
    let mut bytes = data("tiled.jp2");
    let starts: Vec<usize> = (0..bytes.len() - 1)
        .filter(|at| bytes[*at..].starts_with(&[0xFF, 0x90, 0, 0x0A]))
        .collect();
    assert_eq!(starts.len(), 6);
    bytes.drain(starts[2]..starts[3]);
    assert_eq!(decode(&bytes), Err(BAD_PHOTO));
}

#[test]
fn nothing_of_a_picture_is_printed() {
    let file = data("grey.jp2");
    let photo = photo(&file);
    assert_eq!(format!("{photo:?}"), "Photo(Jp2)");
    let file = data("name.png");
    let name = Image::from_object("face/DF25", &file).expect("a picture");
    assert_eq!(format!("{name:?}"), "Image(face/DF25 Png)");
    let pixels = photo.decode(&DecodeLimits::DEFAULT).expect("decodes");
    assert_eq!(format!("{pixels:?}"), "Pixels(62x77 Grey8)");
}

const EVERY: [&str; 18] = [
    "grey.jp2",
    "grey.j2k",
    "lossy.jp2",
    "rgb.jp2",
    "tiled.jp2",
    "precincts.jp2",
    "name.png",
    "alpha.png",
    "palette.png",
    // One of each other kind, which fuzzing starts from too.
    "../../../../fuzz/corpus/image/layers.j2k",
    "../../../../fuzz/corpus/image/luminance.jp2",
    "../../../../fuzz/corpus/image/offsets.j2k",
    "../../../../fuzz/corpus/image/opacity16.j2k",
    "../../../../fuzz/corpus/image/orders.j2k",
    "../../../../fuzz/corpus/image/palette.jp2",
    "../../../../fuzz/corpus/image/region.j2k",
    "../../../../fuzz/corpus/image/thin.j2k",
    "../../../../fuzz/corpus/image/unmarked.j2k",
];

#[test]
fn every_picture_that_mutations_start_from_decodes() {
    for name in EVERY {
        assert!(decode(&data(name)).is_ok(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_hurt(bytes in proptest::collection::vec(any::<u8>(), 1..400), start in 0..3_usize) {
        let magic: &[u8] = [&b"\0\0\0\x0CjP  "[..], b"\xFF\x4F\xFF\x51", b"\x89PNG\r\n\x1A\n"][start];
        if let Some(photo) = Photo::from_object(&[magic, &bytes].concat()) {
            let _ = photo.dimensions();
            let _ = photo.decode(&DecodeLimits::DEFAULT);
        }
    }

    #[test]
    fn no_mutation_hurts(
        file in 0..EVERY.len(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = data(EVERY[file]);
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()) + 1);
        }
        if let Some(photo) = Photo::from_object(&bytes)
            && let Ok(pixels) = photo.decode(&DecodeLimits::DEFAULT)
        {
                let size = Dimensions { width: pixels.width(), height: pixels.height() };
                prop_assert_eq!(photo.dimensions(), Ok(size));
                prop_assert!(pixels.data().len() <= 4 * 524_288);
        }
    }
}

//! A picture decodes to what its header says, within the limits, and its PNG shows the same pixels.
//! A decoder that panics is a finding here, although the library would catch it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynacard_core::field::{DecodeLimits, Image};

/// Small enough for thousands of pictures a second.
const LIMITS: DecodeLimits =
    DecodeLimits { max_bytes: 4_096, max_side: 128, max_pixels: 8_192, max_tiles: 4 };

fuzz_target!(|bytes: &[u8]| {
    let Some(image) = Image::from_object("any", bytes) else {
        return;
    };
    assert_eq!(image.bytes(), bytes);
    let stated = image.dimensions();
    let Ok(pixels) = image.decode(&LIMITS) else {
        return;
    };
    let size = stated.expect("a picture that decodes has a header");
    assert_eq!((pixels.width(), pixels.height()), (size.width, size.height));
    assert!(size.width <= LIMITS.max_side && size.height <= LIMITS.max_side);
    assert!(size.width * size.height <= LIMITS.max_pixels);
    let expected = size.width as usize * size.height as usize * pixels.format().bytes();
    assert_eq!(pixels.data().len(), expected);

    let png = pixels.to_png().expect("every picture can be shown");
    let again = Image::from_object("png", &png).expect("a PNG is not blank");
    let shown = again.decode(&DecodeLimits::DEFAULT).expect("our own PNG decodes");
    assert_eq!(shown.data(), pixels.data());
});

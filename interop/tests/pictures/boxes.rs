//! The boxes of a JP2 file that `opj_compress` does not write.

/// A box with its contents.
pub(crate) fn a_box(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    let length = u32::try_from(contents.len() + 8).expect("small").to_be_bytes();
    [&length[..], kind, contents].concat()
}

/// `colr` with an enumerated colour space: 12 CMYK, 16 sRGB, 17 grey, 18 sYCC.
pub(crate) fn space(number: u32) -> Vec<u8> {
    a_box(b"colr", &[&[1, 0, 0][..], &number.to_be_bytes()].concat())
}

/// `cdef`: channel, type (0 colour, 1 opacity, 2 opacity multiplied in) and association for each.
pub(crate) fn definitions(entries: &[[u16; 3]]) -> Vec<u8> {
    let count = u16::try_from(entries.len()).expect("few").to_be_bytes();
    let entries = entries.iter().flatten().flat_map(|value| value.to_be_bytes());
    a_box(b"cdef", &count.into_iter().chain(entries).collect::<Vec<_>>())
}

/// `pclr`: the depth of each column, and the entries.
pub(crate) fn palette(depths: &[u8], entries: &[Vec<u16>]) -> Vec<u8> {
    let mut contents = u16::try_from(entries.len()).expect("few").to_be_bytes().to_vec();
    contents.push(u8::try_from(depths.len()).expect("few"));
    contents.extend(depths.iter().map(|depth| depth - 1));
    for entry in entries {
        for (value, depth) in entry.iter().zip(depths) {
            let bytes = value.to_be_bytes();
            contents.extend(if *depth > 8 { &bytes[..] } else { &bytes[1..] });
        }
    }
    a_box(b"pclr", &contents)
}

/// `cmap`: component, type (0 as it is, 1 by the palette) and column for each channel.
pub(crate) fn mapping(entries: &[(u16, u8, u8)]) -> Vec<u8> {
    let entry = |(component, kind, column): &(u16, u8, u8)| {
        [&component.to_be_bytes()[..], &[*kind, *column]].concat()
    };
    a_box(b"cmap", &entries.iter().flat_map(entry).collect::<Vec<_>>())
}

/// A JP2 file around a codestream, with these boxes behind `ihdr`.
pub(crate) fn wrapped(codestream: &[u8], boxes: &[Vec<u8>]) -> Vec<u8> {
    let four = |at: usize| codestream[at..at + 4].to_vec();
    let size = |end: usize, start: usize| {
        let value = |at| u32::from_be_bytes(four(at).try_into().expect("four"));
        value(end) - value(start)
    };
    let (width, height) = (size(8, 16), size(12, 20));
    let components = [codestream[40], codestream[41]];
    let depth = codestream[42];
    let ihdr =
        [&height.to_be_bytes()[..], &width.to_be_bytes(), &components, &[depth, 7, 0, 0]].concat();
    let header = [a_box(b"ihdr", &ihdr), boxes.concat()].concat();
    [
        a_box(b"jP  ", b"\r\n\x87\n"),
        a_box(b"ftyp", b"jp2 \0\0\0\0jp2 "),
        a_box(b"jp2h", &header),
        a_box(b"jp2c", codestream),
    ]
    .concat()
}

//! The matrix.

use super::boxes::{a_box, definitions, mapping, palette, space, wrapped};
use super::openjpeg::Drawing;

/// A file, and what is expected of it.
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) file: Vec<u8>,
    pub(crate) expected: Expected,
}

/// What is expected of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    /// Every sample as OpenJPEG has it.
    Equal,
    /// No sample further off than this, of 255: two decoders round a lossy picture, or its
    /// chrominance, each in its own way.
    Within(u8),
    /// Not shown, and why.
    Refused(&'static str),
}

use Expected::{Equal, Refused, Within};

const GREY: Drawing =
    Drawing { width: 61, height: 79, channels: 1, depth: 8, signed: false, subsampling: "" };
const COLOUR: Drawing = Drawing { channels: 3, ..GREY };

/// All of them.
pub(crate) fn variants() -> Vec<Variant> {
    let mut all = Vec::new();
    coded(&mut all);
    sampled(&mut all);
    described(&mut all);
    ended(&mut all);
    all
}

fn variant(name: &str, file: Vec<u8>, expected: Expected) -> Variant {
    Variant { name: name.to_owned(), file, expected }
}

/// How the codestream is coded.
fn coded(all: &mut Vec<Variant>) {
    let mut add = |drawing: Drawing, args: &str, ending: &str, expected: Expected| {
        let name = format!("{} x {} bit, {ending} {args}", drawing.channels, drawing.depth);
        all.push(variant(&name, drawing.encode(args, ending), expected));
    };
    for ending in ["jp2", "j2k"] {
        add(GREY, "", ending, Equal);
        add(COLOUR, "", ending, Equal);
    }
    for args in [
        "-n 1",
        "-n 2",
        "-n 4",
        "-b 4,4",
        "-b 8,8",
        "-b 4,64",
        "-b 64,8",
        "-b 16,32",
        "-c [16,16] -n 4",
        "-c [8,8] -n 4",
        "-c [32,16],[8,8],[4,4] -n 3",
        "-c [4,4] -b 4,4 -n 3 -r 2",
        "-c [2,2] -n 2 -r 2",
        "-t 16,16 -n 4",
        "-t 17,23 -b 8,8 -n 4",
        "-p RLCP -c [16,16] -b 8,8 -n 4",
        "-p RPCL -c [16,16] -b 8,8 -n 4",
        "-p PCRL -c [16,16] -b 8,8 -n 4",
        "-p CPRL -c [16,16] -b 8,8 -n 4",
        "-SOP",
        "-EPH",
        "-SOP -EPH -c [16,16] -n 4",
        "-PLT",
        "-TLM",
        "-M 1",
        "-M 2",
        "-M 4",
        "-M 8",
        "-M 16",
        "-M 32",
        "-M 63",
        "-TP R",
        "-TP L -r 20,10,1",
        "-TP C -t 32,32",
        "-r 40,20,10,5,1 -p RLCP",
        "-ROI c=0,U=5",
        "-ROI c=0,U=12",
        "-GuardBits 1",
        "-GuardBits 4",
        "-d 3,5",
        "-d 100,200 -T 90,190 -t 32,32 -n 3",
        "-d 7,9 -T 3,1 -t 20,24 -n 4 -c [16,16] -b 8,8 -p PCRL",
        "-s 2,2",
        "-POC T1=0,0,1,3,1,RPCL/T1=3,0,1,6,1,LRCP",
    ] {
        add(GREY, args, "j2k", Equal);
    }
    for args in ["-b 4,4", "-t 24,24 -n 4 -c [16,16]", "-p CPRL -TP C", "-r 20,10,1 -d 5,6"] {
        add(COLOUR, args, "jp2", Equal);
    }
    for args in [
        "-I",
        "-I -b 8,8 -c [16,16] -n 4",
        "-I -t 20,20 -n 4",
        "-I -r 8",
        "-I -M 1 -r 20,8",
        "-I -d 5,7 -n 3",
    ] {
        add(GREY, args, "jp2", Within(1));
        add(COLOUR, args, "jp2", Within(1));
    }
    add(COLOUR, "-mct 0", "j2k", Equal);
    // Its encoder calls them sYCC in a file without the transform.
    add(COLOUR, "-mct 0", "jp2", Within(1));
    add(GREY, &layers(32), "j2k", Equal);
    add(GREY, &layers(33), "j2k", Refused("more than 32 layers: the decoder takes no more"));
}

/// So many layers, the last one lossless.
fn layers(count: usize) -> String {
    let rates = (1..=count).rev().map(|rate| rate.to_string()).collect::<Vec<_>>();
    format!("-r {}", rates.join(","))
}

/// Depths, signs, numbers of components, subsampling.
fn sampled(all: &mut Vec<Variant>) {
    let mut add = |name: &str, drawing: Drawing, args: &str, expected: Expected| {
        let name = format!("{name} {args}");
        for ending in ["jp2", "j2k"] {
            let file = drawing.encode(args, ending);
            all.push(variant(&format!("{name} ({ending})"), file, expected));
        }
    };
    for depth in [1, 2, 4, 7, 10, 12, 16] {
        add(&format!("grey, {depth} bit"), Drawing { depth, ..GREY }, "", Equal);
    }
    add("colour, 12 bit", Drawing { depth: 12, ..COLOUR }, "", Equal);
    add("colour, 16 bit", Drawing { depth: 16, ..COLOUR }, "", Equal);
    add("grey, 16 bit", Drawing { depth: 16, ..GREY }, "-I", Within(1));
    add("signed grey", Drawing { signed: true, ..GREY }, "", Equal);
    add("signed grey, 12 bit", Drawing { signed: true, depth: 12, ..GREY }, "", Equal);
    add("grey and opacity", Drawing { channels: 2, ..GREY }, "", Equal);
    add("grey and opacity, 16 bit", Drawing { channels: 2, depth: 16, ..GREY }, "", Equal);
    add("colour and opacity", Drawing { channels: 4, ..GREY }, "", Equal);
    add("colour and opacity, 16 bit", Drawing { channels: 4, depth: 16, ..GREY }, "-b 8,8", Equal);
    add(
        "five components",
        Drawing { channels: 5, ..GREY },
        "",
        Refused("more than four components"),
    );
    for (name, subsampling) in [("4:2:0", "1x1:2x2:2x2"), ("4:2:2", "1x1:2x1:2x1")] {
        let thin = Drawing { width: 62, height: 80, subsampling, ..COLOUR };
        add(name, thin, "-mct 0", Within(2));
    }
    let odd = Drawing { subsampling: "1x1:1x1:2x2", ..COLOUR };
    let reason = "components of differing sizes that are not luminance and chrominance";
    let file = odd.encode("-mct 0", "j2k");
    all.push(variant("1x1, 1x1, 2x2", file, Refused(reason)));
}

/// What the boxes say: channels, palettes, colour spaces.
fn described(all: &mut Vec<Variant>) {
    let codestream = |drawing: Drawing| drawing.encode("", "j2k");
    let grey = codestream(GREY);
    let colour = codestream(COLOUR);
    let two = codestream(Drawing { channels: 2, ..GREY });
    let four = codestream(Drawing { channels: 4, ..GREY });
    let mut add = |name: &str, stream: &[u8], boxes: &[Vec<u8>], expected: Expected| {
        let file = wrapped(stream, boxes);
        all.push(variant(name, file, expected));
    };
    let [grey_space, rgb] = [space(17), space(16)];
    let colours = [[0, 0, 1], [1, 0, 2], [2, 0, 3]];
    add(
        "cdef that says nothing new, grey",
        &grey,
        &[grey_space.clone(), definitions(&[[0, 0, 1]])],
        Equal,
    );
    add(
        "cdef that says nothing new, colour",
        &colour,
        &[rgb.clone(), definitions(&colours)],
        Equal,
    );
    let swapped = definitions(&[[0, 0, 3], [1, 0, 2], [2, 0, 1]]);
    add("cdef, blue first", &colour, &[rgb.clone(), swapped], Equal);
    add(
        "cdef, grey and opacity",
        &two,
        &[grey_space.clone(), definitions(&[[0, 0, 1], [1, 1, 0]])],
        Equal,
    );
    let opaque = definitions(&[[0, 0, 1], [1, 0, 2], [2, 0, 3], [3, 1, 0]]);
    add("cdef, colour and opacity", &four, &[rgb.clone(), opaque.clone()], Equal);
    let multiplied = definitions(&[[0, 0, 1], [1, 0, 2], [2, 0, 3], [3, 2, 0]]);
    add(
        "cdef, opacity multiplied in",
        &four,
        &[rgb.clone(), multiplied],
        Refused("opacity multiplied into the colours"),
    );
    let twice = definitions(&[[0, 0, 1], [1, 0, 1], [2, 0, 3]]);
    add(
        "cdef, one colour twice",
        &colour,
        &[rgb.clone(), twice],
        Refused("channel definitions that contradict themselves"),
    );
    let nowhere = definitions(&[[0, 0, 1], [7, 1, 0]]);
    add(
        "cdef, of a channel that is not there",
        &grey,
        &[grey_space.clone(), nowhere],
        Refused("channel definitions that contradict themselves"),
    );

    add("no colr", &grey, &[], Equal);
    add("grey called sRGB", &grey, std::slice::from_ref(&rgb), Equal);
    add("colour called grey", &colour, std::slice::from_ref(&grey_space), Equal);
    add("sYCC", &colour, &[space(18)], Within(2));
    add("CMYK", &four, &[space(12)], Refused("a colour space that would need a conversion"));
    add("boxes that nobody knows", &grey, &[grey_space.clone(), a_box(b"xyz ", b"?")], Equal);
    add(
        "resolution",
        &grey,
        &[grey_space.clone(), a_box(b"res ", &a_box(b"resc", &[0, 1, 0, 1, 0, 1, 0, 1, 0, 0]))],
        Equal,
    );

    looked_up(&mut add, &grey, &opaque);
}

/// Palettes, whose indices are the drawing's samples.
fn looked_up(add: &mut impl FnMut(&str, &[u8], &[Vec<u8>], Expected), grey: &[u8], opaque: &[u8]) {
    let rgb = space(16);
    let entries = |columns: u16, count: u16| -> Vec<Vec<u16>> {
        let value = |entry: u16, column: u16| (entry * (3 + column) + 40 * column) % 256;
        (0..count).map(|entry| (0..columns).map(|column| value(entry, column)).collect()).collect()
    };
    let each =
        |columns: u8| mapping(&(0..columns).map(|column| (0, 1, column)).collect::<Vec<_>>());
    let three = palette(&[8; 3], &entries(3, 256));
    add("palette", grey, &[rgb.clone(), three.clone(), each(3)], Equal);
    add(
        "palette of one column",
        grey,
        &[space(17), palette(&[8], &entries(1, 256)), each(1)],
        Equal,
    );
    add(
        "palette, index beyond it",
        grey,
        &[rgb.clone(), palette(&[8; 3], &entries(3, 100)), each(3)],
        Equal,
    );
    let four = palette(&[8; 4], &entries(4, 256));
    add("palette with opacity", grey, &[rgb.clone(), four, each(4), opaque.to_vec()], Equal);
    let blue_first = definitions(&[[0, 0, 3], [1, 0, 2], [2, 0, 1]]);
    add("palette and cdef", grey, &[rgb.clone(), three.clone(), each(3), blue_first], Equal);
    let as_it_is = mapping(&[(0, 0, 0), (0, 1, 1), (0, 1, 2)]);
    add("palette, one channel as it is", grey, &[rgb.clone(), three.clone(), as_it_is], Equal);
    add(
        "palette without mapping",
        grey,
        &[rgb.clone(), three.clone()],
        Refused("a palette of which nothing says what it is for"),
    );
    let crossed = mapping(&[(0, 1, 2), (0, 1, 1), (0, 1, 0)]);
    add(
        "palette, columns crossed",
        grey,
        &[rgb.clone(), three.clone(), crossed],
        Refused("columns of a palette out of order"),
    );
    let elsewhere = mapping(&[(9, 1, 0), (0, 1, 1), (0, 1, 2)]);
    add(
        "palette of a component that is not there",
        grey,
        &[rgb.clone(), three, elsewhere],
        Refused("a palette for a component that is not there"),
    );
    add(
        "palette of no entries",
        grey,
        &[rgb, palette(&[8; 3], &[]), each(3)],
        Refused("a palette without entries"),
    );
}

/// How the file ends, or does not.
fn ended(all: &mut Vec<Variant>) {
    let mut add = |name: &str, file: Vec<u8>, expected: Expected| {
        all.push(variant(name, file, expected));
    };
    let cut = |file: &[u8], bytes: usize| file[..file.len() - bytes].to_vec();
    let plain = GREY.encode("", "j2k");
    let tiled = GREY.encode("-t 32,32", "j2k");
    let parts = GREY.encode("-TP R", "j2k");
    add("no end marker", cut(&plain, 2), Equal);
    add("no end marker, tiles", cut(&tiled, 2), Equal);
    add("no end marker, tile-parts", cut(&parts, 2), Equal);
    add("no end marker, JP2", wrapped(&cut(&plain, 2), &[space(17)]), Equal);
    add("no end marker, cut off a JP2", cut(&wrapped(&plain, &[space(17)]), 2), Equal);
    let sot = plain.windows(2).position(|two| two == [0xFF, 0x90]).expect("a tile-part");
    let with_plm = [&plain[..sot], &[0xFF, 0x57, 0, 3, 0], &plain[sot..]].concat();
    add(
        "lengths of packets in the main header",
        with_plm,
        Refused("PLM: the decoder does not know it"),
    );
    // COC and QCC of the only component say what COD and QCD say for all.
    let segment = |marker: u8| {
        let at = plain.windows(2).position(|two| two == [0xFF, marker]).expect("a segment");
        &plain[at + 4..at + 2 + usize::from(plain[at + 3])]
    };
    let own = [
        &[0xFF, 0x53, 0, 9, 0, 0][..],
        &segment(0x52)[5..],
        &[0xFF, 0x5D, 0, 3 + u8::try_from(segment(0x5C).len()).expect("few"), 0],
        segment(0x5C),
    ];
    let with_own = [&plain[..sot], &own.concat(), &plain[sot..]].concat();
    add("parameters of a component's own", with_own, Equal);
    add("bytes behind the end marker", [&plain[..], &[0; 9]].concat(), Equal);
    let mut to_the_end = wrapped(&plain, &[space(17)]);
    let start = to_the_end.len() - plain.len() - 8;
    to_the_end[start..start + 4].fill(0);
    add("a codestream box without length", to_the_end, Equal);
    let cut_reason = "the picture is cut";
    add("cut in the data", cut(&plain, 20), Refused(cut_reason));
    let last = parts.windows(2).rposition(|two| two == [0xFF, 0x90]).expect("a tile-part");
    add("the last tile-part cut off", parts[..last].to_vec(), Refused(cut_reason));
    let last = tiled.windows(2).rposition(|two| two == [0xFF, 0x90]).expect("a tile");
    add(
        "a tile left out",
        [&tiled[..last], &[0xFF, 0xD9]].concat(),
        Refused("a tile is not there"),
    );
}

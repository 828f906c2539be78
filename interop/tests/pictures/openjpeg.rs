//! OpenJPEG's own programs, and drawings for them.

use std::fs;
use std::process::{Command, Output};

/// A drawing: smooth, with edges and a little grain, so that every band has something in it.
#[derive(Clone, Copy)]
pub(crate) struct Drawing {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) channels: usize,
    /// Bits of a sample.
    pub(crate) depth: u32,
    pub(crate) signed: bool,
    /// As `opj_compress -F` takes it, such as `1x1:2x2:2x2`; empty for none.
    pub(crate) subsampling: &'static str,
}

impl Drawing {
    /// Planes one after the other, samples of 8 or 16 bits, most significant byte first.
    fn raw(&self) -> Vec<u8> {
        let mut raw = Vec::new();
        let steps = self.subsampling.split(':').map(step).collect::<Vec<_>>();
        for channel in 0..self.channels {
            let (dx, dy) = steps.get(channel).copied().unwrap_or((1, 1));
            for y in 0..self.height.div_ceil(dy) {
                for x in 0..self.width.div_ceil(dx) {
                    self.push(&mut raw, self.value(channel, x * dx, y * dy));
                }
            }
        }
        raw
    }

    fn value(&self, channel: usize, x: usize, y: usize) -> u32 {
        let greatest = (1_u64 << self.depth) - 1;
        let slope = (x * 2 + y * (channel + 1) * 3) % 256;
        let disc = (x as i64 - 30).pow(2) + (y as i64 - 25).pow(2) < 200 + 90 * channel as i64;
        let grain = (x * 7 + y * 13 + channel * 5) % 9;
        let of_255 = if disc { 250 - slope / 4 } else { slope } + grain / 2;
        let fine = (x * 31 + y * 17) as u64 % (greatest / 255 + 1);
        u32::try_from((of_255.min(255) as u64 * greatest / 255 + fine).min(greatest)).expect("fits")
    }

    fn push(&self, raw: &mut Vec<u8>, value: u32) {
        let value = value.wrapping_sub(if self.signed { 1 << (self.depth - 1) } else { 0 });
        let bytes = value.to_be_bytes();
        raw.extend(if self.depth > 8 { &bytes[2..] } else { &bytes[3..] });
    }

    /// Encodes it; `args` as `opj_compress` takes them.
    pub(crate) fn encode(&self, args: &str, ending: &str) -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a folder");
        let output = folder.path().join(format!("out.{ending}"));
        let mut command = Command::new("opj_compress");
        command.arg("-o").arg(&output).arg("-i");
        let Self { width, height, channels, depth, .. } = self;
        if depth % 2 == 1 {
            // It takes no raw input of an odd depth; those drawings have one channel.
            let input = folder.path().join("in.pgx");
            let header = format!("PG ML + {depth} {width} {height}\n");
            fs::write(&input, [header.as_bytes(), &self.raw()].concat()).expect("written");
            command.arg(input);
        } else {
            let input = folder.path().join("in.raw");
            fs::write(&input, self.raw()).expect("written");
            let sign = if self.signed { 's' } else { 'u' };
            let at = if self.subsampling.is_empty() { "" } else { "@" };
            let form =
                format!("{width},{height},{channels},{depth},{sign}{at}{}", self.subsampling);
            command.arg(input).args(["-F", &form]);
        }
        let ran = command.args(args.split_whitespace()).output().expect("opj_compress starts");
        assert!(ran.status.success() && output.exists(), "{args}: {}", said(&ran));
        fs::read(&output).expect("read")
    }
}

fn step(of: &str) -> (usize, usize) {
    let parsed = of.split_once('x').and_then(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)));
    parsed.unwrap_or((1, 1))
}

/// One channel of what OpenJPEG shows: depth, and samples from black on.
pub(crate) struct Plane {
    pub(crate) depth: u32,
    pub(crate) samples: Vec<u32>,
}

/// What `opj_decompress` makes of a file; none where it refuses. Pictures without an end marker too,
/// which it calls partial.
pub(crate) fn decode(file: &[u8]) -> Option<Vec<Plane>> {
    let folder = tempfile::tempdir().expect("a folder");
    let ending = if file.starts_with(&[0xFF, 0x4F]) { "j2k" } else { "jp2" };
    let input = folder.path().join(format!("in.{ending}"));
    fs::write(&input, file).expect("written");
    let mut command = Command::new("opj_decompress");
    command.arg("-allow-partial").arg("-i").arg(&input).arg("-o");
    let ran = command.arg(folder.path().join("out.pgx")).output().expect("opj_decompress starts");
    let plane = |number: usize| fs::read(folder.path().join(format!("out_{number}.pgx"))).ok();
    let planes = (0..).map_while(plane).map(|file| pgx(&file)).collect::<Vec<_>>();
    (ran.status.success() && !planes.is_empty()).then_some(planes)
}

/// A PGX file, such as `PG ML + 8 61 79`, a line end, and the samples.
fn pgx(file: &[u8]) -> Plane {
    let end = file.iter().position(|byte| *byte == b'\n').expect("a header");
    let header = String::from_utf8_lossy(&file[..end]).into_owned();
    let words = header.split_whitespace().collect::<Vec<_>>();
    let ["PG", "ML", sign, depth, _, _] = words[..] else { panic!("{header}") };
    let depth: u32 = depth.parse().expect("a number");
    let offset = if sign == "-" { 1 << (depth - 1) } else { 0 };
    let samples = file[end + 1..].chunks_exact(if depth > 8 { 2 } else { 1 }).map(|sample| {
        let value = sample.iter().fold(0_u32, |value, byte| value << 8 | u32::from(*byte));
        value.wrapping_add(offset) & ((1 << depth) - 1)
    });
    Plane { depth, samples: samples.collect() }
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said)).concat()
}

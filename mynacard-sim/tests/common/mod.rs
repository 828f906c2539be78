//! What the tests have in common: a terminal that speaks bytes.
#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "tests")]

use mynacard_sim::{Application, VirtualCard};

pub(crate) const OK: u16 = 0x9000;

/// Sends one command and takes data and status word apart.
pub(crate) fn send(card: &mut VirtualCard, command: &[u8]) -> (Vec<u8>, u16) {
    let mut response = card.transmit(command);
    let sw = u16::from_be_bytes([response[response.len() - 2], response[response.len() - 1]]);
    response.truncate(response.len() - 2);
    (response, sw)
}

pub(crate) fn status(card: &mut VirtualCard, command: &[u8]) -> u16 {
    send(card, command).1
}

pub(crate) fn select(card: &mut VirtualCard, application: Application) -> u16 {
    let command = [&[0x00, 0xA4, 0x04, 0x0C, 0x0A], &application.aid()[..]].concat();
    status(card, &command)
}

pub(crate) fn select_isd(card: &mut VirtualCard) -> u16 {
    let aid = mynacard_sim::ISSUER_SECURITY_DOMAIN_AID;
    status(card, &[&[0x00, 0xA4, 0x04, 0x0C, 0x07], &aid[..]].concat())
}

pub(crate) fn select_ef(card: &mut VirtualCard, id: u16) -> u16 {
    let [hi, lo] = id.to_be_bytes();
    status(card, &[0x00, 0xA4, 0x02, 0x0C, 0x02, hi, lo])
}

/// VERIFY against the key EF that is selected first.
pub(crate) fn verify(card: &mut VirtualCard, key: u16, secret: &str) -> u16 {
    assert_eq!(select_ef(card, key), OK);
    let head = [0x00, 0x20, 0x00, 0x80, secret.len() as u8];
    status(card, &[&head[..], secret.as_bytes()].concat())
}

pub(crate) fn query(card: &mut VirtualCard, key: u16) -> u16 {
    status(card, &[0x00, 0x20, 0x00, 0x80 | key as u8])
}

/// First byte of a file, or the status word that refuses it.
pub(crate) fn probe(card: &mut VirtualCard, file: u16) -> u16 {
    status(card, &[0x00, 0xB0, 0x80 | file as u8, 0x00, 0x01])
}

/// A whole file by 256-byte reads, filler included.
pub(crate) fn read_all(card: &mut VirtualCard, file: u16) -> Vec<u8> {
    assert_eq!(select_ef(card, file), OK);
    let mut out = Vec::new();
    loop {
        let [hi, lo] = (out.len() as u16).to_be_bytes();
        match send(card, &[0x00, 0xB0, hi, lo, 0x00]) {
            (part, OK) => out.extend(part),
            (_, 0x6B00) => return out,
            (_, sw) => panic!("{sw:04X}"),
        }
    }
}

pub(crate) fn sign(card: &mut VirtualCard, p1: u8, p2: u8, data: &[u8]) -> (Vec<u8>, u16) {
    let head = [0x80, 0x2A, p1, p2, data.len() as u8];
    send(card, &[&head[..], data, &[0x00]].concat())
}

/// Value of the object `tag` among those in `bytes`, for two-byte tags of this card.
pub(crate) fn object(bytes: &[u8], tag: u16) -> Option<Vec<u8>> {
    let mut at = 0;
    while at + 3 <= bytes.len() {
        let two = bytes[at] & 0x1F == 0x1F;
        let here =
            if two { u16::from_be_bytes([bytes[at], bytes[at + 1]]) } else { bytes[at].into() };
        at += if two { 2 } else { 1 };
        let (octets, start) = match bytes[at] {
            0x81 => (1, at + 2),
            0x82 => (2, at + 3),
            _ => (0, at + 1),
        };
        let length = match octets {
            0 => usize::from(bytes[at]),
            1 => usize::from(bytes[at + 1]),
            _ => usize::from(u16::from_be_bytes([bytes[at + 1], bytes[at + 2]])),
        };
        if here == tag {
            return Some(bytes[start..start + length].to_vec());
        }
        at = start + length;
    }
    None
}

/// Folder of the peer crate's published test-card files, as cargo has downloaded it.
pub(crate) fn fixtures() -> std::path::PathBuf {
    let run = |program: &str, arguments: &[&str]| {
        let output = std::process::Command::new(program)
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        output.status.success().then_some(output.stdout)
    };
    let version = String::from_utf8(run("rustc", &["-vV"]).unwrap()).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let cargo = env!("CARGO");
    // Packages of other platforms and members may not have been downloaded yet.
    let wanted = ["metadata", "--format-version", "1", "--filter-platform", host];
    let json = run(cargo, &[&wanted[..], &["--offline"]].concat())
        .or_else(|| run(cargo, &wanted))
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let package = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == "myna-card" && package["version"] == "3.3.4")
        .unwrap();
    let manifest = std::path::Path::new(package["manifest_path"].as_str().unwrap());
    manifest.parent().unwrap().join("tests/fixtures")
}

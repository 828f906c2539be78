//! Makes the keys of the synthetic test hierarchy: `cargo run -p mynacard-sim --example make_keys`.
//!
//! Keys that exist already are kept, so that signatures stay the same from one release to the next;
//! delete a file under `data/keys` to have it made anew. A new name must then be added to the
//! table in `src/keys.rs`. Making one key takes up to some seconds.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use rsa::pkcs8::EncodePrivateKey;
use rsa::{BigUint, RsaPrivateKey};

/// Issuers, shared card keys and the forger's keys.
const COMMON: [&str; 17] = [
    "face-root",
    "text-root",
    "mf-root",
    "face-municipality",
    "text-municipality",
    "mf-intermediate",
    "mf-leaf",
    "auth-ca-1",
    "auth-ca-2",
    "sign-ca-1",
    "common-0019",
    "session-0006",
    "rogue-root",
    "rogue-municipality",
    "rogue-ca",
    "rogue-card",
    "rogue-exponent-3",
];

/// Cards with all four card keys.
const CARDS: [&str; 9] = [
    "adult",
    "child",
    "foreign",
    "long-name",
    "two-line-address",
    "expired-certificate",
    "no-pins",
    "nearly-locked",
    "old-chip",
];

/// Phones hold the keys of the two certificates only.
const PHONES: [&str; 2] = ["phone", "iphone"];

/// Keys on P-384: an authority, and the holder of its certificate.
const ON_P384: [&str; 2] = ["auth-ca-3", "p384-chain-auth"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/keys");
    fs::create_dir_all(&folder)?;
    let mut names: Vec<String> = COMMON.iter().map(ToString::to_string).collect();
    for card in CARDS {
        names.extend(["face", "text", "auth", "sign"].map(|kind| format!("{card}-{kind}")));
    }
    names.extend(["face", "text"].map(|kind| format!("p384-chain-{kind}")));
    for phone in PHONES {
        names.extend(["auth", "sign"].map(|kind| format!("{phone}-{kind}")));
    }
    names.push("rogue-1024".to_owned());
    for name in names {
        let path = folder.join(format!("{name}.der"));
        if path.exists() {
            continue;
        }
        let bits = if name == "rogue-1024" { 1024 } else { 2048 };
        let exponent = if name == "rogue-exponent-3" { 3u32 } else { 65537 };
        let key =
            RsaPrivateKey::new_with_exp(&mut rand::thread_rng(), bits, &BigUint::from(exponent))?;
        File::create_new(&path)?.write_all(key.to_pkcs8_der()?.as_bytes())?;
        println!("{name}");
    }
    for name in ON_P384 {
        let path = folder.join(format!("{name}.der"));
        if !path.exists() {
            let key = p384::SecretKey::random(&mut rand::thread_rng()).to_pkcs8_der()?;
            File::create_new(&path)?.write_all(key.as_bytes())?;
            println!("{name}");
        }
    }
    Ok(())
}

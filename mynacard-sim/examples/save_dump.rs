//! Writes a profile's files into a new folder: `cargo run -p mynacard-sim --example save_dump adult DIR`.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use mynacard_sim::{Profile, PublicRoots};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().ok_or("profile's name missing")?;
    let folder = PathBuf::from(arguments.next().ok_or("folder missing")?);
    let profile = Profile::find(&name).ok_or("no such profile")?;
    fs::create_dir(&folder)?;
    for (name, content) in profile.to_files() {
        File::create_new(folder.join(name))?.write_all(&content)?;
    }
    // What a verifier must trust to find the card genuine.
    let roots = PublicRoots::test().to_json();
    File::create_new(folder.join("roots.json"))?.write_all(roots.as_bytes())?;
    Ok(())
}

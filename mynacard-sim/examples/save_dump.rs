//! Writes a profile's files into a folder: `cargo run -p mynacard-sim --example save_dump adult DIR`.

use mynacard_sim::{Profile, PublicRoots};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().ok_or("profile's name missing")?;
    let folder = arguments.next().ok_or("folder missing")?;
    let profile = Profile::find(&name).ok_or("no such profile")?;
    std::fs::create_dir_all(&folder)?;
    for (name, content) in profile.to_files() {
        std::fs::write(std::path::Path::new(&folder).join(name), content)?;
    }
    // What a verifier must trust to find the card genuine.
    std::fs::write(
        std::path::Path::new(&folder).join("roots.json"),
        PublicRoots::test().to_json(),
    )?;
    Ok(())
}

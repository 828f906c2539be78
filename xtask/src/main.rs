//! `cargo xtask`: the chores of this repository.
//!
//! `cargo xtask test` runs the tests of every language. A new suite is one entry in `suites.rs`, a
//! tool that it needs one entry in `needs.rs`.
#![forbid(unsafe_code)]

mod bindings;
mod c;
mod cross;
mod fuzz;
mod install;
mod interop;
mod kotlin;
mod lint;
mod needs;
mod project;
mod readme;
mod report;
mod suites;
mod swift;
mod test;
mod trixie;
mod windows;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::bindings::Build;
use crate::project::{Line, Project};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The chores of this repository")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Runs the tests of every language; says first what it has to install, and asks
    Test(TestArgs),
    /// Runs the tests through the real smart card daemon: `test --only interop`
    Interop(InteropArgs),
    /// Runs the smart card daemon with a virtual reader, for `mynacard sim --vpcd` and any PC/SC program
    VirtualReader(InteropArgs),
    /// Measures our reader beside others through the real smart card daemon, as one table
    BenchInterop,
    /// Writes what is generated and checked in: C header, page of errors, codes of each language, recordings
    Generate,
    /// Measures what a call and a whole reading cost in C, Kotlin and Swift, each beside Rust, in one run
    BenchBindings,
    /// Makes the Kotlin and Swift sources from the built library, into the build folder
    Bindings(BindingsArgs),
}

#[derive(Debug, Args)]
struct InteropArgs {
    /// Installs what is missing without asking (as CI=true does)
    #[arg(long, short)]
    yes: bool,
}

#[derive(Debug, Args)]
struct BindingsArgs {
    /// For a library that is optimised
    #[arg(long)]
    release: bool,
    /// For a library with the virtual card in it, to develop and test without a reader
    #[arg(long)]
    sim: bool,
}

#[derive(Debug, Args)]
struct TestArgs {
    /// Lists the suites and stops
    #[arg(long)]
    list: bool,
    /// Runs these suites alone, named with commas or one option each
    #[arg(long, value_name = "SUITE", value_delimiter = ',')]
    only: Vec<String>,
    /// Installs what is missing without asking (as CI=true does)
    #[arg(long, short)]
    yes: bool,
}

fn main() -> ExitCode {
    let done = match Cli::parse().chore {
        Chore::Test(args) => test::run(&args),
        Chore::Interop(InteropArgs { yes }) => {
            test::run(&TestArgs { list: false, only: vec!["interop".to_owned()], yes })
        }
        Chore::VirtualReader(InteropArgs { yes }) => interop::virtual_reader(yes),
        Chore::BenchInterop => return interop::bench(),
        Chore::BenchBindings => Project::find().and_then(|it| bench_bindings(&it)).map(|()| true),
        Chore::Generate => generate().map(|()| true),
        Chore::Bindings(BindingsArgs { release, sim }) => make_bindings(Build { release, sim }),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::from(2)
        }
    }
}

/// Makes the sources and says where they are.
fn make_bindings(build: Build) -> Result<bool, String> {
    let made = bindings::make(&Project::find()?, build)?;
    println!("{}", made.display());
    Ok(true)
}

/// Measures the interfaces from Rust, then each language with what it adds.
///
/// Errors: the command that failed.
fn bench_bindings(project: &Project) -> Result<(), String> {
    let features = ["--features", "uniffi,sim"];
    let words = [&["cargo", "bench", "--package", "mynacard-ffi"], &features[..]].concat();
    project.run(&Line::new(&words))?;
    kotlin::bench(project)?;
    swift::bench(project)
}

/// Has the tests that compare generated files write them.
///
/// Errors: a sentence, when it fails or when not started by cargo.
fn generate() -> Result<(), String> {
    let project = Project::find()?;
    // One test each that writes: others of the same file would read what is half written.
    for (package, file, test) in [
        ("mynacard-ffi", "generated", ""),
        ("mynacard-conformance", "replay", "the_recordings_are_what_the_simulator_makes"),
    ] {
        let words = ["cargo", "test", "--quiet", "--package", package, "--test", file, test];
        project.run(&Line::new(&words).with_env("MYNACARD_GENERATE", "1"))?;
    }
    Ok(())
}

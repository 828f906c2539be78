//! Where the 14 digits come from: a file or standard input, never an argument that others could see
//! in the list of processes.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::error::CredentialFault;
use zeroize::Zeroizing;

use crate::reader::Reader;

/// Longest file that can hold 14 digits with separators.
const LONGEST: u64 = 256;

/// Where the 14 printed digits (照合番号B) come from.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct CodeB {
    /// File that holds the 14 printed digits.
    #[arg(long, value_name = "FILE")]
    code_b_file: Option<PathBuf>,
    /// Read the 14 printed digits from standard input.
    #[arg(long)]
    code_b_stdin: bool,
}

impl CodeB {
    /// The number, or why it cannot be one. A virtual card's own is known.
    pub(crate) fn number(
        &self,
        reader: &Reader,
    ) -> Result<Result<VerificationNumberB, CredentialFault>> {
        let digits = match (&self.code_b_file, self.code_b_stdin) {
            (Some(path), _) => {
                let file = fs::File::open(path)
                    .with_context(|| format!("cannot open {}", path.display()))?;
                read_digits(file)?
            }
            (None, true) => read_digits(io::stdin().lock())?,
            (None, false) => match reader.known_code_b() {
                Some(digits) => Zeroizing::new(digits.to_owned()),
                None => bail!("give the 14 printed digits by --code-b-file or --code-b-stdin"),
            },
        };
        Ok(VerificationNumberB::from_digits(digits.trim().as_bytes()))
    }
}

fn read_digits(source: impl Read) -> Result<Zeroizing<String>> {
    let mut digits = Zeroizing::new(String::with_capacity(LONGEST as usize));
    source.take(LONGEST).read_to_string(&mut digits).context("cannot read the digits")?;
    Ok(digits)
}

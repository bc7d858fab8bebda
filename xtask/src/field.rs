//! `cargo xtask field`: faults that paginated APIs are known for, and what the judge makes of each.
//!
//! The faults lie in `conformance/field`; the table is the output of the example of that name.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::root;

/// The options of the chore.
#[derive(Debug, clap::Args)]
pub(crate) struct Field {
    /// Judge with the seeds from 1 to this number; the table must be the same for each
    #[arg(long, default_value_t = 1, value_name = "N")]
    seeds: u64,
    /// Only faults whose name has this text
    #[arg(
        long,
        default_value = "",
        value_name = "TEXT",
        hide_default_value = true
    )]
    only: String,
    /// Write the table into this file, too
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

impl Field {
    /// Prints the table. An error if too many faults are missed, or a correct server is blamed.
    pub(crate) fn run(&self) -> Result<(), String> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(root());
        cargo.args([
            "run",
            "--quiet",
            "-p",
            "conformance",
            "--example",
            "field",
            "--",
        ]);
        cargo.args(["--seeds", &self.seeds.to_string()]);
        if !self.only.is_empty() {
            cargo.args(["--only", &self.only]);
        }
        let output = cargo
            .stderr(std::process::Stdio::inherit())
            .output()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        print!("{text}");
        if let Some(file) = &self.write {
            let written = fs::write(file, text.as_bytes());
            written.map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        }
        if output.status.success() {
            return Ok(());
        }
        Err(
            "too many faults were missed, a correct server was blamed, or a seed changed the table"
                .to_owned(),
        )
    }
}

//! `cargo xtask fuzz`: builds the fuzzer, and runs it with the same arguments.

use std::path::Path;
use std::process::Command;

use crate::program::target;
use crate::root;
use crate::step::step;

/// The time for each target in `cargo xtask verify`.
const SHORT: &str = "3s";

/// The options of the chore.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Fuzz {
    /// What the fuzzer is told, as in `--target document --for 10m`; `--help` lists all of it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

impl Fuzz {
    /// Tries inputs. An error if one of them breaks a target.
    pub(crate) fn run(&self) -> Result<(), String> {
        let mut build = Command::new(env!("CARGO"));
        build.current_dir(root());
        build.args([
            "build",
            "--locked",
            "--quiet",
            "--workspace",
            "--bin",
            "fuzz",
        ]);
        ended(&mut build, "the fuzzer cannot be built")?;
        let mut fuzz = Command::new(target("debug")?.join("fuzz"));
        ended(fuzz.args(&self.words), "see above for what was found")
    }
}

/// The step of `cargo xtask verify`: each target for a short time, with the built fuzzer.
pub(crate) fn shortly(programs: &Path) -> Result<(), String> {
    let mut fuzz = Command::new(programs.join("fuzz"));
    step("random inputs", fuzz.args(["--for", SHORT]), 0)?;
    Ok(())
}

fn ended(command: &mut Command, otherwise: &str) -> Result<(), String> {
    let status = command.status();
    let status = status.map_err(|error| format!("cannot run the fuzzer: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(otherwise.to_owned())
    }
}

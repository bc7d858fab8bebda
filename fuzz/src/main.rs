//! `fuzz`: tries random inputs on the targets of this crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    fuzz::run(fuzz::TARGETS)
}

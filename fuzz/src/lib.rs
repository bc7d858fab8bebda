//! Random inputs for everything that reads what is not trusted: documents, overlays, scenarios, requests, cursors,
//! control requests, and answers of servers that are judged.
//!
//! A [`Target`] is a function of bytes. It may refuse its input, but it must not panic, take long, or take much memory.
//! Inputs are changed copies of small files in `seeds/TARGET`. The same seed number gives the same inputs.
//!
//! No compiler's instrumentation guides the choice, so that all of it runs on a stable compiler. Another engine, such
//! as libFuzzer, can call the same functions.

mod finding;
mod mutator;
mod options;
mod seeds;
mod supervisor;
mod target;
mod targets;
mod worker;

use std::process::ExitCode;

use clap::Parser as _;

pub use finding::{Finding, Limits};
pub use mutator::Mutator;
pub use seeds::Seeds;
pub use target::Target;
pub use targets::TARGETS;

/// Runs the command line for these targets. Returns 0 if nothing was found, 1 if something was, and 2 if the command
/// is wrong.
pub fn run(targets: &'static [Target]) -> ExitCode {
    let options = options::Options::parse();
    let done = if options.is_worker() {
        worker::run(targets, &options)
    } else {
        supervisor::run(targets, &options)
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            openapi::output::tell(&format!("error: {reason}\n"));
            ExitCode::from(2)
        }
    }
}

//! The laws as tests of a user's own crate. Each law is a test in `cargo test` and in nextest.
//!
//! A test target without the standard harness, in the user's `Cargo.toml`:
//!
//! ```toml
//! [[test]]
//! name = "conformance"
//! harness = false
//! ```
//!
//! and in `tests/conformance.rs` a `main` that ends in [`run_tests`].

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use openapi::Contract;

use crate::report::{Report, Style};
use crate::{Facts, Law, Level, Notice, Options, Subject, judge};

/// Judges `subject` by every law. Each law is a test with the name `timeline::law`.
///
/// Arguments are those of `cargo test`: filters, `--list`, `--test-threads`. A MUST fails if it is broken,
/// or if it is in force and unjudged. A SHOULD fails only if `strict`. A law that is not in force passes,
/// because the contract does not ask for it.
pub fn run_tests(
    judged: Vec<(Contract, Facts)>,
    subject: &Arc<dyn Subject>,
    options: &Options,
    strict: bool,
) -> ExitCode {
    let mut trials = Vec::new();
    for (contract, facts) in judged {
        let basis = Arc::new((contract, facts));
        for law in options.selected() {
            trials.push(trial(&basis, law, subject, options, strict));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn trial(
    basis: &Arc<(Contract, Facts)>,
    law: &'static Law,
    subject: &Arc<dyn Subject>,
    options: &Options,
    strict: bool,
) -> Trial {
    let (basis, subject) = (Arc::clone(basis), Arc::clone(subject));
    let options = Options {
        laws: vec![law.id.to_owned()],
        shard: None,
        ..options.clone()
    };
    let name = format!("{}::{}", basis.0.name(), law.id);
    let test = move || {
        let (contract, facts) = &*basis;
        let judgement = judge(contract, facts, &*subject, &options, &mut |_: Notice<
            '_,
        >| {});
        let finding = &judgement.findings[0];
        if !finding.fails(strict) && !finding.leaves_open() {
            return Ok(());
        }
        let report = Report::new(
            "http://localhost",
            options.seed,
            strict,
            vec![(contract, facts, judgement.clone())],
            std::time::Duration::ZERO,
        );
        Err(Failed::from(report.terminal(Style::default())))
    };
    let kind = match law.level {
        Level::Must => "must",
        Level::Should => "should",
        Level::Info => "info",
    };
    Trial::test(name, test).with_kind(kind)
}

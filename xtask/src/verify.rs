//! `cargo xtask verify`: every check that must pass before a change goes in.
//!
//! Each step prints one line with its time. The first step that fails ends the run and prints its command.
//! Only cargo is needed; cargo-nextest, cargo-deny, python3, node, nginx and chromium are used if they are
//! installed.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use clap::{Args, ValueEnum};
use openapi::Document;

use crate::balanced;
use crate::browser;
use crate::clients;
use crate::foreign;
use crate::fuzz;
use crate::program::{Serving, target};
use crate::root;
use crate::sdks;
use crate::servers;
use crate::step::{Output, absent, step};

/// The law that the lying server breaks.
const LIE: &str = "cursor-is-exclusive";

/// The judge's exit codes if every MUST is upheld, and if a law is broken.
const UPHELD: i32 = 0;
const BROKEN: i32 = 1;

/// The options of `cargo xtask verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Build, and run only this part
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Judge servers of others in every condition and with more seeds, and build what is slow to build (an hour)
    #[arg(long)]
    full: bool,
}

/// A part that runs the built programs together with programs of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The judge on servers of others
    Servers,
    /// The judge on lists of public libraries
    Foreign,
    /// Clients of others on the mock
    Clients,
    /// Two mocks behind a proxy
    Balanced,
    /// The mock's console in a browser
    Console,
}

impl Verify {
    /// Runs every step that is asked for.
    pub(crate) fn run(&self) -> Result<(), String> {
        let _alone = alone()?;
        let began = Instant::now();
        if self.only.is_none() {
            sources()?;
        }
        step(
            "build",
            &mut cargo("build --locked --workspace --bins --examples"),
            0,
        )?;
        let programs = target("debug")?;
        if self.only.is_none() {
            end_to_end(&programs)?;
            fuzz::shortly(&programs)?;
        }
        let wanted = |part: Part| self.only.is_none_or(|only| only == part);
        if wanted(Part::Servers) {
            servers::judged(&programs.join("conformance"), self.full)?;
        }
        if wanted(Part::Foreign) {
            foreign::judged(&programs.join("conformance"), self.full)?;
        }
        if wanted(Part::Clients) {
            clients::walked(&programs)?;
            sdks::walked(&programs)?;
        }
        if wanted(Part::Balanced) {
            balanced::judged(&programs)?;
        }
        if wanted(Part::Console) {
            browser::driven(&programs)?;
        }
        println!("\nverified in {:.0} s", began.elapsed().as_secs_f64());
        Ok(())
    }
}

/// Waits until no other run uses the target folder: logs, reports and files of tests have the same names there. The
/// lock ends with the file that is returned, or with the process.
fn alone() -> Result<File, String> {
    let path = target("xtask")?.join("verify.lock");
    let failed = |error: std::io::Error| format!("cannot lock {}: {error}", path.display());
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .map_err(failed)?;
    let file = File::create(&path).map_err(failed)?;
    if file.try_lock().is_err() {
        println!("waiting for another run in this target folder");
        file.lock().map_err(failed)?;
    }
    Ok(file)
}

/// The checks of the sources: format, lints, tests, documentation, dependencies.
fn sources() -> Result<(), String> {
    step("format", &mut cargo("fmt --all --check"), 0)?;
    step(
        "lints",
        &mut cargo("clippy --locked --workspace --all-targets -- -D warnings"),
        0,
    )?;
    step(
        "lints of the mock's core, without its server",
        &mut cargo("clippy --locked -p mock-server --lib --no-default-features -- -D warnings"),
        0,
    )?;
    step(
        "lints of the judge's library, without its program",
        &mut cargo("clippy --locked -p conformance --lib --no-default-features -- -D warnings"),
        0,
    )?;
    tests()?;
    let mut docs = cargo("doc --locked --workspace --no-deps");
    step("docs", docs.env("RUSTDOCFLAGS", "-D warnings"), 0)?;
    if is_installed("deny") {
        step("dependencies", &mut cargo("deny --locked check"), 0)?;
    } else {
        absent("dependencies", "cargo-deny");
    }
    Ok(())
}

/// The tests. They also check that overlays, scenarios and subjects fit their schemas, that goldens and
/// generated files are fresh, and that no crate imports what it must not.
fn tests() -> Result<(), String> {
    let runner = if is_installed("nextest") {
        "nextest run --locked --workspace --no-fail-fast --status-level fail --failure-output final"
    } else {
        absent("faster tests", "cargo-nextest");
        "test --locked --workspace --lib --bins --tests --examples --no-fail-fast"
    };
    // A changed snapshot fails instead of being written.
    let unchanged = |words: &str| {
        let mut command = cargo(words);
        command.env("INSTA_UPDATE", "no");
        command
    };
    let name = "tests, goldens, schemas, generated files";
    counted(&step(name, &mut unchanged(runner), 0)?);
    counted(&step(
        "examples in the docs",
        &mut unchanged("test --locked --workspace --doc"),
        0,
    )?);
    Ok(())
}

/// Prints the number of tests that a runner reports.
fn counted(output: &Output) {
    let summary = |line: &&str| {
        line.trim_start().starts_with("Summary [") || line.starts_with("test result:")
    };
    for line in output.text.lines().filter(summary) {
        println!("        {}", line.trim());
    }
}

/// The built judge, over sockets: it upholds the mock and catches a liar.
fn end_to_end(programs: &Path) -> Result<(), String> {
    let judge = programs.join("conformance");
    let serving = ["--listen", "127.0.0.1:0"];
    let mut mock = Command::new(programs.join("mock-server"));
    mock.current_dir(root())
        .args(serving)
        .args(["--log", "off"]);
    let mock = Serving::start(&mut mock)?;
    judged(
        "the mock keeps the documents",
        &mut check(&judge, &mock.url),
        UPHELD,
    )?;
    for example in ["in_process", "over_http"] {
        let mut laws_as_tests = Command::new(programs.join("examples").join(example));
        laws_as_tests
            .current_dir(root())
            .env("SUBJECT_URL", &mock.url);
        let name = format!("each law as a test, {}", example.replace('_', " "));
        counted(&step(&name, &mut laws_as_tests, UPHELD)?);
    }
    let mut liar = Command::new(&judge);
    liar.current_dir(root())
        .args(["lie", LIE, "--upstream", &mock.url])
        .args(serving);
    let liar = Serving::start(&mut liar)?;
    // Only this law is judged. Laws of growth would wait for growth, and were judged above.
    let mut check = check(&judge, &liar.url);
    let broken = judged(
        "a lying server is caught",
        check.args(["--law", LIE]),
        BROKEN,
    )?;
    if broken.text.contains(LIE) {
        Ok(())
    } else {
        Err(format!(
            "something was broken, but {LIE} was not named:\n{}",
            broken.text
        ))
    }
}

fn check(judge: &Path, url: &str) -> Command {
    let mut check = Command::new(judge);
    let subject = ["--subject", "conformance/subjects/default-world.yaml"];
    check.current_dir(root()).args(["check", url]).args(subject);
    check
}

/// The step that judges a server by every bundled document. The report must show each of them.
fn judged(name: &str, check: &mut Command, code: i32) -> Result<Output, String> {
    let report = target("xtask")?
        .join(name.replace(' ', "-"))
        .with_extension("json");
    check
        .arg("--report")
        .arg(format!("json={}", report.display()));
    let output = step(name, check, code)?;
    let text = fs::read_to_string(&report).map_err(|error| format!("no report: {error}"))?;
    for document in Document::bundled().map_err(|problem| problem.to_string())? {
        if !text.contains(&format!("\"{}\"", document.name())) {
            return Err(format!("{} was not judged", document.name()));
        }
    }
    let lines: Vec<_> = output
        .text
        .lines()
        .filter(|line| !line.is_empty())
        .collect();
    for line in &lines[lines.len().saturating_sub(2)..] {
        println!("        {line}");
    }
    Ok(output)
}

/// `cargo` with these arguments, in the repository's folder.
fn cargo(words: &str) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root()).args(words.split(' '));
    command
}

/// Whether cargo has this subcommand.
fn is_installed(subcommand: &str) -> bool {
    let mut version = cargo(&format!("{subcommand} --version"));
    let quiet = version
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

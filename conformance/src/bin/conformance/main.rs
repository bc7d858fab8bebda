//! The command line of the suite.
//!
//! Exit codes: 0 every MUST is upheld, 1 a law is broken, 2 wrong call or unreadable file, 3 could not judge.

// They panic if the output is full or closed. `openapi::output` says so, or goes on.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod basing;
mod check;
mod durations;
mod ending;
mod examples;
mod explain;
mod infer;
mod laws;
mod lie;
mod loading;
mod replay;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use conformance::report::harmless;
use openapi::{Document, Source, output};

/// Check that an HTTP server with paginated event timelines keeps its OpenAPI document.
#[derive(Debug, Parser)]
#[command(version, about, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes:
  0  every MUST was upheld
  1  a law was broken
  2  called wrongly, or a file cannot be read
  3  could not judge: the server cannot be reached, or a MUST in force was left unjudged

A run that gets SIGINT or SIGTERM ends with a report of what was judged; a second signal ends it at once, with 130.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge a server
    Check(check::Check),
    /// Repeat the counterexamples of a report or of a regressions file
    Replay(replay::Replay),
    /// List the laws
    Laws,
    /// Explain a law, or what the operations of a document promise
    Explain(explain::Explain),
    /// Hold the examples in documents to the laws that they can show, without a server
    Examples(examples::Examples),
    /// Say how the lists of a document seem to page, as an overlay
    Infer(infer::Infer),
    /// Serve an honest server's answers with one law broken, to check that your gate catches it
    Lie(lie::Lie),
    /// Print the JSON Schema of a file format
    Schema(laws::SchemaOf),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let subject_file = arguments.command.subject_file();
    let done = match arguments.command {
        Command::Check(check) => check.run(),
        Command::Replay(replay) => replay.run(),
        Command::Laws => laws::list(),
        Command::Explain(explain) => explain.run(),
        Command::Examples(examples) => examples.run(),
        Command::Infer(infer) => infer.run(),
        Command::Lie(lie) => lie.run(),
        Command::Schema(schema) => schema.run(),
    };
    done.unwrap_or_else(|problem| {
        let rendered = format!("{:?}", miette::Report::new(problem));
        // It may quote the file, and the file may hold tokens.
        let subject_file = subject_file.and_then(|path| Source::open(&path).ok());
        let subject_file = subject_file.as_ref().map_or("", Source::text);
        output::tell(&format!("{}\n", harmless(&rendered, subject_file)));
        ExitCode::from(2)
    })
}

impl Command {
    /// The path of the subject file, if the command reads one.
    fn subject_file(&self) -> Option<PathBuf> {
        let target = match self {
            Self::Check(check) => &check.target,
            Self::Replay(replay) => &replay.target,
            Self::Laws
            | Self::Explain(_)
            | Self::Examples(_)
            | Self::Infer(_)
            | Self::Lie(_)
            | Self::Schema(_) => return None,
        };
        target.subject.clone()
    }
}

/// Prints the warnings about each document on standard error.
fn warn(documents: &[Document]) {
    for warning in documents.iter().flat_map(Document::warnings) {
        let rendered = format!("{:?}", miette::Report::new(warning.clone()));
        output::tell(&format!("{}\n", harmless(&rendered, "")));
    }
}

//! Chores of this repository, in Rust, so that they need nothing beyond cargo.

mod balanced;
mod bench;
mod browser;
mod clients;
mod codegen;
mod collections;
mod corpus;
mod field;
mod foreign;
mod fuzz;
mod hostile;
mod labels;
mod packages;
mod program;
mod schemas;
mod sdks;
mod servers;
mod soak;
mod step;
mod verify;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

/// Chores of this repository
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Chore {
    /// Everything that must hold before a change goes in; what CI runs
    Verify(verify::Verify),
    /// Write the files that are generated from code
    Codegen,
    /// CPU time and memory of the mock, beside servers that do less, and of the judge (Linux)
    Bench(bench::Bench),
    /// Serve each document of a folder as it is, and hold every answer to it
    Corpus(corpus::Corpus),
    /// Find the collections of a folder of documents, and hold the mock to what is created there
    Collections(collections::Collections),
    /// Hold what is guessed of the paging of a folder of documents to what a person reads there
    Labels(labels::Labels),
    /// Make values for each schema of the JSON Schema Test Suite, and validate them
    Schemas(schemas::Schemas),
    /// The table of faults that paginated APIs are known for: caught, missed, or a correct server blamed
    Field(field::Field),
    /// Try random inputs on everything that reads what is not trusted
    Fuzz(fuzz::Fuzz),
    /// Send requests that break the rules of HTTP to a mock
    Hostile(hostile::Hostile),
    /// Keep a mock under mixed load, and watch its memory and open files (Linux)
    Soak(soak::Soak),
    /// Walk lists of the mock with published SDKs
    Clients(sdks::Clients),
}

fn main() -> ExitCode {
    let done = match Chore::parse() {
        Chore::Verify(verify) => verify.run(),
        Chore::Codegen => codegen::run(),
        Chore::Bench(bench) => bench.run(),
        Chore::Corpus(corpus) => corpus.run(),
        Chore::Collections(collections) => collections.run(),
        Chore::Labels(labels) => labels.run(),
        Chore::Schemas(schemas) => schemas.run(),
        Chore::Field(field) => field.run(),
        Chore::Fuzz(fuzz) => fuzz.run(),
        Chore::Hostile(hostile) => hostile.run(),
        Chore::Soak(soak) => soak.run(),
        Chore::Clients(clients) => clients.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// The repository's folder.
fn root() -> &'static Path {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder
        .parent()
        .expect("a member lies in the workspace's folder")
}

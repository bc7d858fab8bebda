//! `cargo xtask corpus FOLDER`: the mock on a folder of documents, without anything said about them.
//!
//! Each operation gets a valid request. The answer is held to the document by a validator of its own (`checked`),
//! which shares no code with the mock beyond the loading of the document.

mod asked;
mod checked;
mod outcome;
mod starting;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::{Mock, Plan};
use openapi::{Document, Names, Source};

use self::asked::Client;
pub(crate) use self::checked::Checker;
pub(crate) use self::outcome::Outcome;
use self::outcome::Tally;
use self::starting::Start;

/// The share of the operations that must be answered validly.
const SHARE: f64 = 0.99;

/// What is tried.
#[derive(Debug, Args)]
pub(crate) struct Corpus {
    /// A folder with OpenAPI documents
    folder: PathBuf,
    /// How many seeds each operation is asked with
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// Only the documents whose names contain this text
    #[arg(long)]
    only: Option<String>,
    /// Do not start the program; its CPU time and memory are left out
    #[arg(long)]
    no_start: bool,
    /// How many failing operations are listed for each document
    #[arg(long, default_value_t = 5)]
    list: usize,
    /// Write every outcome to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What came of one document.
pub(crate) struct Row {
    pub(crate) name: String,
    /// Why the mock does not start.
    pub(crate) refused: Option<String>,
    pub(crate) tally: Tally,
    pub(crate) start: Option<Start>,
}

impl Corpus {
    /// Prints a table; fails if a bar is missed.
    pub(crate) fn run(&self) -> Result<(), String> {
        let mut rows = Vec::new();
        for path in self.documents()? {
            let row = self.row(&path);
            table::progress(&row, self.list);
            rows.push(row);
        }
        table::print(&rows);
        if let Some(file) = &self.json {
            let text = table::json(&rows).to_string();
            fs::write(file, text)
                .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        }
        verdict(&rows)
    }

    /// The OpenAPI documents of the folder, by name.
    fn documents(&self) -> Result<Vec<PathBuf>, String> {
        let entries = fs::read_dir(&self.folder);
        let entries =
            entries.map_err(|error| format!("cannot read {}: {error}", self.folder.display()))?;
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let mut paths: Vec<_> = paths.filter(|path| self.is_wanted(path)).collect();
        paths.sort();
        if paths.is_empty() {
            return Err(format!("no document in {}", self.folder.display()));
        }
        Ok(paths)
    }

    fn is_wanted(&self, path: &Path) -> bool {
        let name = file_name(path);
        let extension = path.extension().and_then(|one| one.to_str());
        let is_named = self.only.as_ref().is_none_or(|part| name.contains(part));
        is_named && matches!(extension, Some("json" | "yaml" | "yml")) && name != "manifest.json"
    }

    fn row(&self, path: &Path) -> Row {
        let mut row = Row {
            name: file_name(path),
            refused: None,
            tally: Tally::default(),
            start: None,
        };
        match self.tally(path) {
            Ok(tally) => row.tally = tally,
            Err(reason) => row.refused = Some(reason),
        }
        if row.refused.is_none() && !self.no_start {
            match starting::start(path, row.tally.target.as_deref().unwrap_or("/")) {
                Ok(start) => row.start = Some(start),
                Err(reason) => row.refused = Some(reason),
            }
        }
        row
    }

    fn tally(&self, path: &Path) -> Result<Tally, String> {
        let said = |problem: openapi::Problem| problem.to_string();
        let source = Source::open(path).map_err(said)?;
        let document = Document::read(source, &[]).map_err(said)?;
        let checker = Checker::new(&document);
        let epoch: Timestamp = "2026-01-05T09:00:00Z".parse().expect("a moment");
        let mut mocks = Vec::new();
        for seed in 1..=self.seeds {
            let scenario = Scenario::bundled()
                .map_err(said)?
                .limited_to(&Names::of(&[]));
            let plan = Plan::of(std::slice::from_ref(&document), scenario, seed, epoch);
            mocks.push(plan.and_then(Mock::new).map_err(said)?);
        }
        let mut tally = Tally::default();
        for operation in document.operations() {
            let check = checker.operation(&operation.pointer);
            let outcomes = mocks.iter().zip(1..).map(|(mock, seed)| {
                // What an earlier operation deleted is there again.
                mock.reset();
                let client = Client {
                    document: &document,
                    operation,
                    seed,
                };
                let request = match client.request(mock, epoch) {
                    Ok(request) => request,
                    Err(reason) => return Outcome::Unasked(reason),
                };
                if operation.method == "GET" {
                    tally
                        .target
                        .get_or_insert_with(|| request.uri().to_string());
                }
                let answer = mock_server::answer(mock, &request, epoch);
                match check.judge(&operation.method, answer) {
                    Outcome::Refused(reason) => {
                        Outcome::Refused(format!("{}: {reason}", request.uri()))
                    }
                    outcome => outcome,
                }
            });
            let worst = outcomes
                .max()
                .unwrap_or_else(|| Outcome::Unasked(String::new()));
            tally.count(&format!("{} {}", operation.method, operation.path), worst);
        }
        Ok(tally)
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Which bars are missed.
fn verdict(rows: &[Row]) -> Result<(), String> {
    let mut missed = Vec::new();
    let refused = rows.iter().filter(|row| row.refused.is_some()).count();
    if refused > 0 {
        missed.push(format!("{refused} documents are not served"));
    }
    let all = Tally::sum(rows.iter().map(|row| &row.tally));
    if all.invalid > 0 {
        missed.push(format!(
            "{} operations answer with an invalid body",
            all.invalid
        ));
    }
    if all.share() < SHARE {
        let (share, bar) = (all.share() * 100.0, SHARE * 100.0);
        missed.push(format!(
            "{share:.2} % of the operations are answered validly, and the bar is {bar:.0} %"
        ));
    }
    if all.refused > 0 {
        missed.push(format!("{} valid requests are refused", all.refused));
    }
    if missed.is_empty() {
        Ok(())
    } else {
        Err(missed.join("; "))
    }
}

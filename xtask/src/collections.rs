//! `cargo xtask collections FOLDER`: the collections that are found in a folder of documents, and whether what is
//! created in each is listed, read and deleted by the mock.
//!
//! Each answer is held to its document by the validator of `corpus`, which shares no code with the mock.

mod trip;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::{Mock, Plan};
use openapi::{Act, Collection, Document, Names, Source};

use self::trip::Trip;
use crate::corpus::Checker;

/// Where the documents are.
#[derive(Debug, Args)]
pub(crate) struct Collections {
    /// A folder with OpenAPI documents
    folder: PathBuf,
    /// Only the documents whose names contain this text
    #[arg(long)]
    only: Option<String>,
    /// Show each collection, and why its operations belong to it
    #[arg(long)]
    reasons: bool,
}

/// What came of one document.
#[derive(Default)]
struct Row {
    collections: usize,
    /// By [`ACTS`].
    acts: [usize; 5],
    /// Those that create, read, list and delete.
    whole: usize,
    /// Those of them whose round trip was valid.
    valid: usize,
    failed: Vec<String>,
}

/// What is counted.
const ACTS: [Act; 5] = [
    Act::Create,
    Act::Read,
    Act::Replace,
    Act::Patch,
    Act::Delete,
];

impl Collections {
    /// Prints a table; fails if a round trip does.
    pub(crate) fn run(&self) -> Result<(), String> {
        println!(
            "| document | collections | create | read | replace | patch | delete | all four | round trip |"
        );
        println!("|---|---|---|---|---|---|---|---|---|");
        let (mut documents, mut failed) = (0, 0);
        for path in self.documents()? {
            let row = self.row(&path)?;
            let acts: Vec<_> = row.acts.iter().map(ToString::to_string).collect();
            println!(
                "| {} | {} | {} | {} | {} |",
                file_name(&path),
                row.collections,
                acts.join(" | "),
                row.whole,
                row.valid
            );
            for reason in &row.failed {
                eprintln!("  {reason}");
            }
            documents += usize::from(row.valid > 0 && row.failed.is_empty());
            failed += row.failed.len();
        }
        println!(
            "\n{documents} documents have a collection with all four, and no round trip fails there"
        );
        match failed {
            0 => Ok(()),
            failed => Err(format!("{failed} round trips fail")),
        }
    }

    /// The documents of the folder, by name.
    fn documents(&self) -> Result<Vec<PathBuf>, String> {
        let entries = fs::read_dir(&self.folder);
        let entries =
            entries.map_err(|error| format!("cannot read {}: {error}", self.folder.display()))?;
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let is_wanted = |path: &PathBuf| {
            let name = file_name(path);
            let extension = path.extension().and_then(|one| one.to_str());
            let is_named = self.only.as_ref().is_none_or(|part| name.contains(part));
            is_named
                && matches!(extension, Some("json" | "yaml" | "yml"))
                && name != "manifest.json"
        };
        let mut paths: Vec<_> = paths.filter(is_wanted).collect();
        paths.sort();
        Ok(paths)
    }

    fn row(&self, path: &Path) -> Result<Row, String> {
        let said = |problem: openapi::Problem| problem.to_string();
        let document = Document::read(Source::open(path).map_err(said)?, &[]).map_err(said)?;
        let epoch: Timestamp = "2026-01-05T09:00:00Z".parse().expect("a moment");
        let scenario = Scenario::bundled().map_err(said)?;
        let scenario = scenario.limited_to(&Names::of(&[]));
        let plan = Plan::of(std::slice::from_ref(&document), scenario, 1, epoch);
        let mock = plan.and_then(Mock::new).map_err(said)?;
        let contracts: Vec<_> = mock.contracts().cloned().collect();
        let found = document.collections(&contracts);
        let mut row = Row {
            collections: found.len(),
            ..Row::default()
        };
        let checker = Checker::new(&document);
        for collection in &found {
            if self.reasons {
                eprintln!("{collection:?}");
            }
            let has = |act: Act| collection.member(act).is_some();
            for (count, act) in row.acts.iter_mut().zip(ACTS) {
                *count += usize::from(has(act));
            }
            if !(has(Act::Create) && has(Act::Read) && has(Act::Delete)) {
                continue;
            }
            row.whole += 1;
            let trip = Trip {
                mock: &mock,
                document: &document,
                collection,
                checker: &checker,
                epoch,
            };
            match trip.run() {
                Ok(()) => row.valid += 1,
                Err(reason) => row.failed.push(format!("{}: {reason}", name(collection))),
            }
        }
        Ok(row)
    }
}

fn name(collection: &Collection) -> String {
    collection.list.operation().path.to_string()
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

//! `cargo xtask labels FOLDER`: what is guessed of how operations page, beside what a person reads there, and which of
//! the lists page when the mock serves their documents without any file.
//!
//! `labels.yaml` says of operations of public documents whether and how they page. It has names and places only.
//! The documents stay where they are.

mod reading;
mod score;
mod served;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use openapi::{Document, Source};

use self::reading::{Label, Reading};
use self::score::Score;
use self::served::Served;

/// The labels, by document and operation.
const LABELS: &str = include_str!("../labels.yaml");

/// Where the documents are.
#[derive(Debug, Args)]
pub(crate) struct Labels {
    /// A folder with the documents that the labels name
    folder: PathBuf,
    /// Only the documents whose names contain this text
    #[arg(long)]
    only: Option<String>,
}

impl Labels {
    /// Prints what differs and the score; fails if a bar is missed.
    pub(crate) fn run(&self) -> Result<(), String> {
        let said = |problem: openapi::Problem| problem.to_string();
        let labels: BTreeMap<String, BTreeMap<String, Label>> =
            Source::new("labels.yaml", LABELS).read().map_err(said)?;
        let is_wanted = |name: &String| self.only.as_ref().is_none_or(|part| name.contains(part));
        let mut score = Score::default();
        for (name, operations) in labels.iter().filter(|(name, _)| is_wanted(name)) {
            let source = Source::open(&self.folder.join(name)).map_err(said)?;
            let document = Document::read(source, &[]).map_err(said)?;
            let mut guessed = Reading::all(&document);
            let mut misread = BTreeMap::new();
            for (operation, label) in operations {
                let known = document.operations().iter();
                if !known.map(reading::named).any(|known| known == *operation) {
                    return Err(format!("{name} has no operation `{operation}`"));
                }
                let guessed = guessed.remove(operation);
                let wrong = score.count(name, operation, label, guessed.as_ref());
                misread.insert(operation, wrong);
            }
            let paging = operations
                .iter()
                .filter(|(_, label)| label.pages().is_some());
            let paging: Vec<_> = paging.map(|(operation, _)| operation).collect();
            let served = Served::of(&document, &paging)?;
            for operation in paging {
                let is_sure = operations[operation]
                    .pages()
                    .is_some_and(|pages| pages.sure);
                // Pages that the document does not describe are of no use.
                let walk = match misread.get(operation) {
                    Some(Some(wrong)) => Err(format!("{wrong}, so other pages are served")),
                    _ => served.walk(operation),
                };
                score.walk(name, operation, is_sure, &walk);
            }
        }
        score.print();
        score.verdict()
    }
}

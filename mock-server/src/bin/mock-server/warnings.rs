//! The warnings about documents, for people.

use std::collections::HashSet;

use mock_server::Mock;
use openapi::{Contract, Document, ServerChoice, output};

/// How many doubtful lists are named.
const SHOWN: usize = 3;

/// Prints what is ignored in the documents of a mock, and how many lists are assumed to page.
pub(crate) fn of_mock(mock: &Mock) {
    print(mock.documents().iter());
    shadowed(mock.documents(), mock.server());
    let contracts: Vec<Contract> = mock.contracts().cloned().collect();
    for document in mock.documents() {
        if let Some(warning) = document.unread_paging(&contracts) {
            output::tell(&format!("{:?}\n", miette::Report::new(warning)));
        }
    }
    let assumed = contracts.iter().filter(|one| !one.reasons().is_empty());
    match assumed.count() {
        0 => {}
        count => {
            output::tell(&format!(
                "lists without `x-pagination` that page as their parameters look: {count}\n"
            ));
        }
    }
    let doubtful: Vec<_> = contracts.iter().filter(|one| one.is_doubtful()).collect();
    if !doubtful.is_empty() {
        let shown = doubtful.iter().take(SHOWN).map(|one| {
            let operation = one.operation();
            format!("{} {}", operation.method, operation.path)
        });
        let shown = shown.collect::<Vec<_>>().join(", ");
        let more = match doubtful.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        output::tell(&format!(
            "of these, lists that may page in another way: {shown}{more}; say it with `x-pagination` in an overlay\n"
        ));
    }
}

/// Prints the warnings about each document on standard error, once.
pub(crate) fn print<'d>(documents: impl Iterator<Item = &'d Document>) {
    let mut seen = HashSet::new();
    for document in documents.filter(|document| seen.insert(document.source().name())) {
        for warning in document.warnings() {
            output::tell(&format!("{:?}\n", miette::Report::new(warning.clone())));
        }
    }
}

/// Prints the warnings about operations that no request reaches.
pub(crate) fn shadowed(documents: &[Document], server: &ServerChoice) {
    for warning in server.shadowed(documents) {
        output::tell(&format!("{:?}\n", miette::Report::new(warning)));
    }
}

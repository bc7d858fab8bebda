//! The warnings about documents, for people.

use std::collections::HashSet;

use openapi::Document;

/// Prints the warnings about each document on standard error, once.
pub(crate) fn print<'d>(documents: impl Iterator<Item = &'d Document>) {
    let mut seen = HashSet::new();
    for document in documents.filter(|document| seen.insert(document.source().name())) {
        for warning in document.warnings() {
            eprintln!("{:?}", miette::Report::new(warning.clone()));
        }
    }
}

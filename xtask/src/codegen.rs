//! `cargo xtask codegen`: files that are generated from code. Their freshness is a test of each crate.

use std::fs;

use crate::root;

/// Writes every generated file that is not as it should be.
pub(crate) fn run() -> Result<(), String> {
    let files = openapi::published_files().map(|(path, text)| (format!("openapi/{path}"), text));
    let files = files.into_iter().chain(
        conformance::published_files().map(|(path, text)| (format!("conformance/{path}"), text)),
    );
    for (path, text) in files {
        let place = root().join(&path);
        if fs::read_to_string(&place).is_ok_and(|written| written == text) {
            println!("fresh    {path}");
            continue;
        }
        fs::write(&place, text).map_err(|error| format!("cannot write {path}: {error}"))?;
        println!("written  {path}");
    }
    Ok(())
}

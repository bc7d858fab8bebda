//! `cargo xtask codegen`: files that are generated from code. Their freshness is a test of each crate.

use std::fs;

use crate::root;

/// Writes every generated file that is not as it should be.
pub(crate) fn run() -> Result<(), String> {
    for (path, text) in files()? {
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

/// Each generated file, by its path in the repository, and what it must hold.
fn files() -> Result<Vec<(String, String)>, String> {
    // The golden answers lie with the fixtures, for any suite to use; the mock gives them.
    let goldens = mock_server::published_files().map_err(|problem| problem.to_string())?;
    let folders = [
        ("openapi", openapi::published_files().to_vec()),
        ("fixtures", fixtures::published_files().to_vec()),
        ("fixtures", goldens),
        ("conformance", conformance::published_files().to_vec()),
    ];
    let files = folders.into_iter().flat_map(|(folder, files)| {
        let placed = move |(path, text)| (format!("{folder}/{path}"), text);
        files.into_iter().map(placed)
    });
    Ok(files.collect())
}

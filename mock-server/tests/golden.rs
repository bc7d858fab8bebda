//! Golden files hold the mock's answers, byte for byte.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use mock_server::published_files;

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

#[test]
fn golden_files_are_fresh() {
    for (path, text) in published_files().unwrap() {
        let written = fs::read_to_string(fixtures().join(path)).unwrap_or_default();
        assert!(
            written == text,
            "fixtures/{path} is stale: run `cargo xtask codegen` and read what changed"
        );
    }
}

#[test]
fn every_file_in_the_folder_is_held_to() {
    let held: BTreeSet<_> = published_files()
        .unwrap()
        .into_iter()
        .map(|(path, _)| path.to_owned())
        .collect();
    let there: BTreeSet<_> = fs::read_dir(fixtures().join("golden"))
        .unwrap()
        .map(|entry| format!("golden/{}", entry.unwrap().file_name().display()))
        .collect();
    assert_eq!(held, there);
}

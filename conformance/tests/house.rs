//! What holds of the house itself: files are named after laws, generated files are fresh, and nobody
//! imports what they must not.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use conformance::{catalogue, published_files};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

#[test]
fn each_law_has_a_file_of_its_name_and_each_file_a_law() {
    let folder = root().join("conformance/src/laws");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let laws: BTreeSet<String> = catalogue::LAWS
        .iter()
        .map(|law| catalogue::file(law.id))
        .collect();
    assert_eq!(files, laws);
    assert_eq!(laws.len(), catalogue::LAWS.len(), "an id stands twice");
}

#[test]
fn laws_of_one_group_stand_together() {
    let mut groups: Vec<_> = catalogue::LAWS.iter().map(|law| law.group).collect();
    groups.dedup();
    let mut sorted = groups.clone();
    sorted.sort_unstable();
    assert_eq!(groups, sorted);
}

#[test]
fn published_files_are_fresh() {
    for (path, text) in published_files() {
        let written = fs::read_to_string(root().join("conformance").join(path)).unwrap_or_default();
        assert!(
            written == text,
            "{path} is stale: run `cargo xtask codegen`"
        );
    }
}

/// The workspace's crates that a crate depends on, in this section of its manifest.
fn ours(name: &str, section: &str) -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join(name).join("Cargo.toml")).unwrap();
    let crates = ["openapi", "fixtures", "mock-server", "conformance", "xtask"];
    let lines = manifest
        .lines()
        .skip_while(|line| *line != format!("[{section}]"))
        .skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| crates.contains(name))
        .map(str::to_owned)
        .collect()
}

#[test]
fn imports_point_one_way_and_the_judge_shares_no_brain_with_the_accused() {
    let set = |names: &[&str]| {
        names
            .iter()
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(ours("openapi", "dependencies"), set(&[]));
    assert_eq!(ours("openapi", "dev-dependencies"), set(&[]));
    assert_eq!(ours("fixtures", "dependencies"), set(&["openapi"]));
    assert_eq!(
        ours("mock-server", "dependencies"),
        set(&["fixtures", "openapi"])
    );
    assert_eq!(ours("conformance", "dependencies"), set(&["openapi"]));
}

#[test]
fn no_source_of_the_engine_names_what_only_documents_may() {
    let names = [
        "training_job_id",
        "public_id",
        "has_more",
        "latest_seq",
        "first_id",
        "last_id",
        "image_url",
        "event_type",
    ];
    for name in ["openapi", "fixtures", "mock-server", "conformance"] {
        let mut folders = vec![root().join(name).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let text = fs::read_to_string(&path).unwrap();
                    let code = text.split("#[cfg(test)]").next().unwrap();
                    let code: String = code
                        .lines()
                        .filter(|line| !line.trim_start().starts_with("//"))
                        .collect();
                    // A law is named as the sentence that holds, which may sound like a field.
                    let code = catalogue::LAWS
                        .iter()
                        .fold(code, |code, law| code.replace(&catalogue::file(law.id), ""));
                    let found = names.iter().find(|name| code.contains(*name));
                    assert_eq!(found, None, "{}", path.display());
                }
            }
        }
    }
}

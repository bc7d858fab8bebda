//! Each way to break is found, kept in a file, and found again with that file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An empty folder of one test.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Tries a file on one of the liars.
fn tried(target: &str, input: &Path, found: &Path) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_fuzz-liars"));
    program.args(["--target", target, "--memory", "32", "--seconds", "1"]);
    program.arg("--input").arg(input).arg("--found").arg(found);
    program.output().unwrap()
}

#[test]
fn each_way_to_break_is_found_and_found_again() {
    for (target, says) in [
        ("panics", "it panicked"),
        ("hides", "on another thread"),
        ("hangs", "it took more than 1 s"),
        ("grows", "it took more than 32 MiB"),
        ("overflows", "it ended the process"),
    ] {
        let folder = folder(target);
        let (input, found) = (folder.join("input"), folder.join("found"));
        fs::write(&input, "a break").unwrap();
        let first = tried(target, &input, &found);
        let said = String::from_utf8(first.stderr).unwrap();
        assert_eq!(first.status.code(), Some(1), "{target}: {said}");
        assert!(said.contains(says), "{target}: {said}");
        let kept: Vec<_> = fs::read_dir(&found).unwrap().collect();
        assert_eq!(kept.len(), 1, "{target}: {kept:?}");
        let kept = kept.into_iter().next().unwrap().unwrap().path();
        assert_eq!(fs::read_to_string(&kept).unwrap(), "a break");
        let line = format!(
            "again: cargo xtask fuzz --target {target} --input {}",
            kept.display()
        );
        assert!(said.contains(&line), "{said}");
        let again = tried(target, &kept, &found);
        assert_eq!(again.status.code(), Some(1), "{target}");
    }
}

#[test]
fn honest_targets_and_harmless_inputs_are_spared() {
    let folder = folder("spared");
    let (input, found) = (folder.join("input"), folder.join("found"));
    for (target, text) in [("honest", "break"), ("panics", "whole"), ("hangs", "")] {
        fs::write(&input, text).unwrap();
        let output = tried(target, &input, &found);
        assert!(output.status.success(), "{target}: {output:?}");
        assert_eq!(fs::read_dir(&found).unwrap().count(), 0, "{target}");
    }
}

#[test]
fn an_unknown_target_and_a_missing_file_are_errors_with_a_cure() {
    let folder = folder("wrong");
    let output = tried("nobody", &folder, &folder);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("there are panics, hides"), "{said}");
    let output = tried("honest", &folder.join("missing"), &folder);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

//! Outputs that cannot be written.

#![cfg(target_os = "linux")]

use std::fs::File;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn full() -> Stdio {
    File::options()
        .write(true)
        .open("/dev/full")
        .unwrap()
        .into()
}

fn program(arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_conformance"));
    program.args(arguments);
    program
}

fn check(output: &Output, arguments: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
}

#[test]
fn a_full_disk_ends_a_command_with_2_and_a_line() {
    for arguments in [
        &["laws"][..],
        &["explain"],
        &["examples"],
        &["infer", "openapi.yaml"],
        &["schema", "report"],
    ] {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("full_disk");
        std::fs::create_dir_all(&folder).unwrap();
        let document = "openapi: 3.1.0\ninfo: { title: a, version: '1' }\npaths: {}\n";
        std::fs::write(folder.join("openapi.yaml"), document).unwrap();
        let output = program(arguments)
            .current_dir(&folder)
            .stdout(full())
            .output()
            .unwrap();
        check(&output, arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("cannot write to standard output"), "{said}");
        // Nothing can be said then, and nothing panics.
        let output = program(arguments)
            .current_dir(&folder)
            .stdout(full())
            .stderr(full())
            .output()
            .unwrap();
        check(&output, arguments);
    }
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let mut child = program(&["laws"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

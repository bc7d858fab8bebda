//! Outputs that cannot be written.

#![cfg(target_os = "linux")]

use std::fs::{self, File, Permissions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: a, version: '1' }
paths:
  /pins:
    get:
      operationId: pins
      parameters: [{ name: cursor, in: query, schema: { type: string } }, { name: limit, in: query, schema: { type: integer } }]
      responses: { 200: { description: d, content: { application/json: { schema: { type: object, properties: { items: { type: array, items: { type: object, properties: { id: { type: string } } } }, next_cursor: { type: string } } } } } } }
";

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

/// A list of one item.
const ANSWER: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 23\r\nconnection: close\r\n\r\n{\"items\":[{\"id\":\"a\"}]}\n";

/// The URL of a server that answers each request with a list of one item.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let lines = BufReader::new(&stream).lines();
            let mut lines = lines.map_while(Result::ok);
            if lines.any(|line| line.is_empty()) {
                let _ = stream.write_all(ANSWER.as_bytes());
            }
        }
    });
    url
}

/// A folder of this name with a document, and nothing else.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("openapi.yaml"), DOCUMENT).unwrap();
    folder
}

#[test]
fn a_report_that_cannot_be_written_is_a_line_and_2() {
    let (url, folder) = (server(), folder("unwritable_reports"));
    let judge = |arguments: &[&str]| {
        let mut check = program(&["check", &url, "--wait", "0s", "--law", "walks-end"]);
        check.args(["--document", "openapi.yaml"]);
        check.args(arguments).current_dir(&folder);
        check
    };
    fs::write(folder.join("file"), "").unwrap();
    for form in ["json", "junit", "markdown", "html", "github"] {
        // A full disk, a folder that is not there, and a file in the place of a folder.
        for path in ["/dev/full", "nowhere/report", "file/report"] {
            let report = format!("{form}={path}");
            let arguments = ["--report", &report];
            let output = judge(&arguments).output().unwrap();
            check(&output, &arguments);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains("cannot write "), "{report}: {said}");
            assert!(said.contains(path), "{report}: {said}");
        }
    }
    let arguments = ["--save", "file/findings"];
    let output = judge(&arguments).output().unwrap();
    check(&output, &arguments);
    let output = judge(&[]).stdout(full()).output().unwrap();
    check(&output, &["standard output"]);
    let silent = judge(&[]).stdout(full()).stderr(full()).output().unwrap();
    check(&silent, &["both"]);
    let names = fs::read_dir(&folder).unwrap();
    let mut names: Vec<_> = names.map(|one| one.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["file", "openapi.yaml"], "something was left");
}

#[test]
fn a_folder_that_may_not_be_written_keeps_the_report_that_it_has() {
    let (url, folder) = (server(), folder("read_only_reports"));
    let reports = folder.join("reports");
    fs::create_dir_all(&reports).unwrap();
    let report = reports.join("report.json");
    fs::write(&report, "the last report").unwrap();
    let allow = |mode| fs::set_permissions(&reports, Permissions::from_mode(mode)).unwrap();
    allow(0o555);
    // The superuser may write everywhere, and then there is nothing to see.
    let may_write = fs::write(reports.join("probe"), "").is_ok();
    let arguments = ["--report", "json=reports/report.json"];
    let output = program(&["check", &url, "--wait", "0s", "--law", "walks-end"])
        .args(["--document", "openapi.yaml"])
        .args(arguments)
        .current_dir(&folder)
        .output()
        .unwrap();
    // The next run of this test removes it.
    allow(0o755);
    let text = fs::read_to_string(&report).unwrap();
    if may_write {
        assert_ne!(text, "the last report");
    } else {
        check(&output, &arguments);
        assert_eq!(text, "the last report");
    }
}

#[test]
fn a_liar_whose_greeting_cannot_be_written_ends() {
    let folder = folder("unwritable_greeting");
    let arguments = ["lie", "walks-end", "--upstream", "http://127.0.0.1:9"];
    let output = program(&arguments)
        .args(["--document", "openapi.yaml", "--listen", "127.0.0.1:0"])
        .current_dir(&folder)
        .stdout(full())
        .output()
        .unwrap();
    check(&output, &arguments);
}

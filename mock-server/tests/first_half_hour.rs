//! `docs/first-half-hour.md`, done as it is written: its commands are typed, and what comes back is held
//! against what it says.
//!
//! For people the mock listens on port 4010 and is run by cargo; here it is the built program on any free
//! port. The rest is typed as it stands, which needs a shell, curl and sed.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

const DOCUMENT: &str = include_str!("../../docs/first-half-hour.md");
const RUN: &str = "cargo run -q -p mock-server --";
const ADDRESS: &str = "127.0.0.1:4010";
const PATIENCE: Duration = Duration::from_secs(20);

/// A command of the document, and what it says that comes back.
#[derive(Debug)]
struct Typed {
    command: String,
    expected: String,
}

fn typed() -> Vec<Typed> {
    let mut found: Vec<Typed> = Vec::new();
    let mut inside = false;
    for line in DOCUMENT.lines() {
        match (inside, line) {
            (false, "```console") => inside = true,
            (true, "```") => inside = false,
            (true, _) => {
                if let Some(command) = line.strip_prefix("$ ") {
                    found.push(Typed {
                        command: command.to_owned(),
                        expected: String::new(),
                    });
                    continue;
                }
                let last = found.last_mut().expect("output stands below a command");
                last.expected += line;
                last.expected.push('\n');
            }
            (false, _) => {}
        }
    }
    found
}

/// Whether `text` is `pattern` with something, or nothing, in place of each `…`.
fn fits(pattern: &str, text: &str) -> bool {
    let pattern = pattern.trim().replace("\n…\n", "\n…");
    let mut pieces = pattern.split('…');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.trim().strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<_> = pieces.collect();
    let Some(last) = pieces.pop() else {
        return rest.is_empty();
    };
    for piece in pieces {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

/// The folder that the reader is in; gone with its test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = format!("first-half-hour-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The mock in the first terminal, and what it has printed.
struct Terminal {
    child: Child,
    lines: Receiver<String>,
    printed: String,
}

impl Terminal {
    fn open(folder: &Folder, command: &str) -> Self {
        let arguments = command.strip_prefix(RUN).expect(command);
        let mut child = Command::new(env!("CARGO_BIN_EXE_mock-server"))
            .args(arguments.split_whitespace())
            .args(["--listen", "127.0.0.1:0", "--log", "off"])
            .current_dir(&folder.0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (told, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = told.send(line);
            }
        });
        Self {
            child,
            lines,
            printed: String::new(),
        }
    }

    /// Reads on until what was printed fits; the address that it is at.
    fn shows(&mut self, expected: &str) -> String {
        let mut address = String::new();
        let end = Instant::now() + PATIENCE;
        while address.is_empty() || !fits(expected, &self.printed) {
            let left = end.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left);
            let line =
                line.unwrap_or_else(|_| panic!("expected\n{expected}\nin\n{}", self.printed));
            if let Some(told) = line.strip_prefix("listening on http://") {
                told.clone_into(&mut address);
            }
            let line = if address.is_empty() {
                line
            } else {
                line.replace(&address, ADDRESS)
            };
            self.printed += &line;
            self.printed.push('\n');
        }
        address
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the shell prints for `command`, with the mock where the document has it.
fn shell(folder: &Folder, command: &str, address: &str) -> String {
    let program = env!("CARGO_BIN_EXE_mock-server");
    let command = command.replace(RUN, program).replace(ADDRESS, address);
    let output = Command::new("sh")
        .args(["-c", &command])
        .current_dir(&folder.0)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{command}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    text.replace('\r', "").replace(address, ADDRESS)
}

/// Whether a command only looks, so that it may be repeated until what was done before shows.
fn only_looks(command: &str) -> bool {
    command.starts_with("curl ") && command.contains("/__mock/") && !command.contains(" -X ")
}

#[test]
fn the_first_half_hour_goes_as_it_is_written() {
    if Command::new("curl").arg("--version").output().is_err() {
        println!("left out: there is no curl to type");
        return;
    }
    let folder = Folder::new();
    let mut terminal: Option<Terminal> = None;
    let mut address = ADDRESS.to_owned();
    let typed = typed();
    for Typed { command, expected } in &typed {
        if expected.starts_with("listening on ") {
            let opened = terminal.insert(Terminal::open(&folder, command));
            address = opened.shows(expected);
            continue;
        }
        let end = Instant::now() + PATIENCE;
        loop {
            let text = shell(&folder, command, &address);
            if fits(expected, &text) {
                break;
            }
            let again = only_looks(command) && Instant::now() < end;
            assert!(again, "{command}\nprints\n{text}\ninstead of\n{expected}");
        }
    }
    assert!(terminal.is_some(), "the mock was never started");
    assert!(typed.len() > 15, "{} commands", typed.len());
}

#[test]
fn a_pattern_fits_only_what_it_says() {
    for (pattern, text, expect) in [
        ("a…c", "abc", true),
        ("a…c", "ac", true),
        ("a…c", "acd", false),
        ("a…c…e", "abcde", true),
        ("a…x…e", "abcde", false),
        ("abc", "abcd", false),
        ("", "", true),
        ("", "a", false),
        ("one\n…\nfour", "one\ntwo\nthree\nfour", true),
    ] {
        assert_eq!(fits(pattern, text), expect, "{pattern} {text}");
    }
}

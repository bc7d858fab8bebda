//! The state file of a process that is killed while it writes: the last whole state is there.
//!
//! `STATE_KILLS=1000 cargo nextest run -p mock-server --test killed` kills a thousand times.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use openapi::Source;
use serde_json::Value;

const NOTES: &str = "
openapi: 3.1.0
info: { title: Notes, version: '1' }
paths:
  /notes:
    get: { operationId: listNotes, responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Note' } } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { text: { type: string } } } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } } }
  /notes/{id}:
    get: { parameters: [{ name: id, in: path, required: true, schema: { type: integer } }], responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }, 404: { description: '' } } }
components:
  schemas:
    Note: { type: object, required: [id, text], properties: { id: { type: integer, readOnly: true }, text: { type: string } } }
";

/// A mock on a free port, killed when it is dropped.
struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(document: &Path, state: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mock-server"))
            .arg(document)
            .args(["--listen", "127.0.0.1:0", "--log", "off", "--seed", "1"])
            .args(["--auth", "any", "--state"])
            .arg(state)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        while !line.starts_with("listening on ") {
            line.clear();
            assert_ne!(lines.read_line(&mut line).unwrap(), 0, "it did not start");
        }
        let address = line.trim().trim_start_matches("listening on http://");
        Self {
            address: address.to_owned(),
            child,
        }
    }

    /// Creates a note.
    fn create(&self, text: &str) {
        let body = format!("{{\"text\":\"{text}\"}}");
        let head = "POST /notes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n";
        let mut socket = TcpStream::connect(&self.address).unwrap();
        write!(socket, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // On Unix this is SIGKILL: the process cannot finish anything.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The texts of the notes in a state file.
fn texts(state: &Path) -> Vec<String> {
    let state: Value = Source::open(state).unwrap().read().unwrap();
    assert_eq!(state["version"], 1);
    let lists = state["lists"].as_array().unwrap();
    let Some(list) = lists.first() else {
        return Vec::new();
    };
    let changes = &list["changes"];
    let kept = changes["kept"].as_array().unwrap();
    assert_eq!(changes["added"].as_array().unwrap().len(), kept.len());
    let texts = kept
        .iter()
        .map(|one| one["item"]["text"].as_str().unwrap().to_owned());
    texts.collect()
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("killed_while_writing");
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_process_that_is_killed_leaves_the_last_whole_state() {
    let kills = std::env::var("STATE_KILLS").ok();
    let kills: usize = kills.map_or(3, |kills| kills.parse().unwrap());
    let (document, state) = (folder().join("notes.yaml"), folder().join("state.yaml"));
    fs::write(&document, NOTES).unwrap();
    let _ = fs::remove_file(&state);
    let long = "x".repeat(2000);
    for round in 0..kills {
        // It starts, so that what the last one left is a state.
        let running = Running::start(&document, &state);
        let before = texts(&state);
        let written = fs::read(&state).unwrap();
        let mut sent = Vec::new();
        // Creates notes until they are in the file, and then some more, so that the end comes at another moment of
        // the next writing each time.
        let mut more = None;
        while more != Some(0) {
            let text = format!("{round}-{}-{long}", sent.len());
            running.create(&text);
            sent.push(text);
            more = match more {
                Some(more) => Some(more - 1),
                None => (fs::read(&state).unwrap() != written).then_some(round * 7 % 40),
            };
        }
        drop(running);
        let after = texts(&state);
        assert!(after.len() > before.len(), "round {round}");
        let (old, new) = after.split_at(before.len());
        assert_eq!(old, before, "round {round}");
        assert!(sent.starts_with(new), "round {round}");
        if after.len() > 400 {
            fs::remove_file(&state).unwrap();
        }
    }
}

//! Files that are edited while the program serves them.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The longest wait for an event that must come, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

const JOB: &str = "/v1/jobs/01JADA00000000000000000012/events";
const NOBODYS: &str = "/v1/jobs/01JADA0000000000000000XXXX/events";

/// A mock on a free port, ended with its test.
struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(arguments: &[&Path], flags: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mock-server"))
            .args(["--listen", "127.0.0.1:0", "--log", "off"])
            .args(flags)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.strip_prefix("listening on http://").expect(&first);
        let address = address.to_owned();
        Self { child, address }
    }

    /// Status and body.
    fn get(&self, target: &str) -> (u16, Value) {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        let head = "Host: localhost\r\nConnection: close\r\nAuthorization: Bearer token-of-ada\r\n";
        write!(socket, "GET {target} HTTP/1.1\r\n{head}\r\n").unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let body = serde_json::from_str(body).unwrap_or_default();
        (head[9..12].parse().unwrap(), body)
    }

    /// Asks until the answer is the expected one, or the wait is too long.
    fn wait(&self, target: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let (_, body) = self.get(target);
            if wanted(&body) {
                return body;
            }
            assert!(begun.elapsed() < PATIENCE, "{target} says {body}");
        }
    }

    fn problem(&self) -> String {
        let said = self.wait("/__mock/scenario", |said| said["problem"].is_string());
        said["problem"].as_str().unwrap().to_owned()
    }

    /// Ends the program, and returns its standard error.
    fn end(mut self) -> String {
        self.child.kill().unwrap();
        let mut said = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn world(events: &str) -> String {
    format!(
        "like: default\nowners:\n  - {{ name: ada, token: token-of-ada }}\ntimelines:\n  job-timeline:\n    jobs:\n      - {{ id: 01JADA00000000000000000012, owner: ada, events: {events} }}\n"
    )
}

fn length(page: &Value) -> usize {
    page["events"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_broken_edit_leaves_the_last_good_world_serving_until_it_is_mended() {
    let file = folder("scenario").join("world.yaml");
    fs::write(&file, world("3")).unwrap();
    let mock = Running::start(&[], &["--scenario", file.to_str().unwrap()]);
    assert_eq!(length(&mock.get(JOB).1), 3);
    let (_, said) = mock.get("/__mock/scenario");
    assert_eq!(
        (&said["name"], &said["file"], &said["problem"]),
        (&json!("world"), &json!(file), &Value::Null)
    );

    fs::write(&file, world("many")).unwrap();
    let problem = mock.problem();
    assert!(problem.contains("world.yaml:7:"), "{problem}");
    assert!(problem.ends_with("; correct the value"), "{problem}");
    assert_eq!(length(&mock.get(JOB).1), 3);

    fs::write(&file, world("5")).unwrap();
    mock.wait(JOB, |page| length(page) == 5);
    assert_eq!(mock.get("/__mock/scenario").1["problem"], Value::Null);
    let said = mock.end();
    assert!(said.contains("world.yaml:7:"), "{said}");
}

#[test]
fn a_file_that_is_saved_by_renaming_another_one_is_seen() {
    let folder = folder("renamed");
    let file = folder.join("world.yaml");
    fs::write(&file, world("3")).unwrap();
    let mock = Running::start(&[], &["--scenario", file.to_str().unwrap()]);
    for events in ["4", "5"] {
        let other = folder.join("world.yaml~");
        fs::write(&other, world(events)).unwrap();
        fs::rename(&other, &file).unwrap();
        mock.wait(JOB, |page| length(page).to_string() == events);
    }
}

#[test]
fn an_edited_overlay_is_served_or_reported() {
    let folder = folder("overlay");
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let (document, overlay) = (
        folder.join("job-timeline.yaml"),
        folder.join("job-timeline.overlay.yaml"),
    );
    fs::copy(sources.join("documents/job-timeline.yaml"), &document).unwrap();
    let text = sources.join("overlays/job-timeline.overlay.yaml");
    let text = fs::read_to_string(text).unwrap();
    fs::write(&overlay, &text).unwrap();
    let mock = Running::start(&[&document], &["--overlay", overlay.to_str().unwrap()]);
    let told = |body: &Value| body["error"]["message"].as_str().map(str::to_owned);
    assert_eq!(told(&mock.get(NOBODYS).1).unwrap(), "Job not found");

    fs::write(&overlay, text.replace("style: since", "style: sense")).unwrap();
    let problem = mock.problem();
    assert!(problem.contains("job-timeline.overlay.yaml:"), "{problem}");
    assert_eq!(told(&mock.get(NOBODYS).1).unwrap(), "Job not found");

    let mended = text.replace("message: Job not found", "message: Nowhere");
    fs::write(&overlay, mended).unwrap();
    mock.wait(NOBODYS, |body| {
        told(body).is_some_and(|told| told == "Nowhere")
    });
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_watched_where_that_is_not_wanted() {
    let file = folder("unwatched").join("world.yaml");
    fs::write(&file, world("3")).unwrap();
    let watches = |flags: &[&str]| {
        let mock = Running::start(&[], flags);
        let open = fs::read_dir(format!("/proc/{}/fd", mock.child.id())).unwrap();
        let mut open = open.filter_map(|entry| fs::read_link(entry.unwrap().path()).ok());
        open.any(|target| target.to_string_lossy().contains("inotify"))
    };
    let scenario = file.to_str().unwrap();
    assert!(watches(&["--scenario", scenario]));
    assert!(!watches(&["--scenario", scenario, "--no-watch"]));
    assert!(!watches(&["--scenario", "stalled-job"]));
}

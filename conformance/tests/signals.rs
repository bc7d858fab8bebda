//! A run that is told to end writes a report of what was judged, and a second signal ends it at once.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

const SUBJECT: &str = "
callers:
  ada: { token: token-of-ada }
timelines:
  wandb-training:
    - { id: 0a000000-0000-4000-8000-000000000021, owner: ada, events: 21 }
";

/// A server that answers each request with 503, or with nothing. It tells of each request.
fn serve(answers: bool) -> (String, Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let mut silent = Vec::new();
        for mut stream in listener.incoming().map_while(Result::ok) {
            let lines = BufReader::new(&stream).lines();
            if lines.map_while(Result::ok).any(|line| line.is_empty()) {
                let _ = tell.send(());
            }
            if answers {
                let head = "HTTP/1.1 503 Busy\r\nretry-after: 3000\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                let _ = stream.write_all(head.as_bytes());
            } else {
                silent.push(stream);
            }
        }
    });
    (url, told)
}

/// The judge of a server, with limits that are longer than any test; and the file of its report.
fn judge(name: &str, url: &str) -> (Child, BufReader<ChildStderr>, PathBuf) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("signal_{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let (subject, report) = (folder.join("subject.yaml"), folder.join("report.json"));
    fs::write(&subject, SUBJECT).unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_conformance"));
    check
        .args(["check", url, "--timeout", "100m", "--wait", "0s"])
        .arg("--subject")
        .arg(subject)
        .arg("--report")
        .arg(format!("json={}", report.display()));
    let check = check.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = check.spawn().unwrap();
    let said = BufReader::new(child.stderr.take().unwrap());
    (child, said, report)
}

fn signal(child: &Child, name: &str) {
    let mut kill = Command::new("kill");
    kill.arg(format!("-{name}")).arg(child.id().to_string());
    assert!(kill.status().unwrap().success());
}

/// Reads what the judge says until it says that it ends.
fn says_so(said: &mut BufReader<ChildStderr>) {
    let mut lines = said.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("ending with a report")));
}

#[test]
fn the_first_signal_ends_a_run_with_a_report() {
    for name in ["INT", "TERM"] {
        let (url, asked) = serve(true);
        let (mut child, mut said, report) = judge(name, &url);
        // The server tells it to wait for 50 minutes.
        asked.recv().unwrap();
        signal(&child, name);
        says_so(&mut said);
        assert_eq!(child.wait().unwrap().code(), Some(3), "{name}");
        let text = fs::read_to_string(report).unwrap();
        assert!(text.contains("the run was told to end"), "{name}: {text}");
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        let findings = report["timelines"][0]["findings"].as_array().unwrap();
        assert!(findings.len() > 60, "{name}: {}", findings.len());
    }
}

#[test]
fn the_second_signal_ends_a_run_at_once() {
    let (url, asked) = serve(false);
    let (mut child, mut said, report) = judge("twice", &url);
    asked.recv().unwrap();
    signal(&child, "TERM");
    says_so(&mut said);
    signal(&child, "TERM");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(!report.exists());
}

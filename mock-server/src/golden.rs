//! Golden files: requests to the bundled mock and its answers, byte for byte.
//!
//! A file holds an HTTP/1.1 request, an empty line, and its answer. To add one, write the request, name the
//! file here, and run `cargo xtask codegen`. Any test suite can use the files: they are plain text, and none
//! needs another.

use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use openapi::Problem;

use crate::answer::Answer;
use crate::mock::Mock;
use crate::page::answer;

/// The seed of the world in the golden files.
const SEED: u64 = 1;
/// The epoch of that world, and the moment of each request.
const NOW: &str = "2026-01-05T09:00:00Z";

macro_rules! golden {
    ($($name:literal)*) => {
        [$((
            concat!("golden/", $name, ".http"),
            include_str!(concat!("../../fixtures/golden/", $name, ".http")),
        )),*]
    };
}

/// Each golden file: its path inside the folder of `fixtures`, and the text that it must hold.
pub fn published_files() -> Result<Vec<(&'static str, String)>, Problem> {
    let files = golden!(
        "head"
        "options"
        "other-method"
        "other-path"
        "timeline-behind-a-gap"
        "timeline-behind-a-number"
        "timeline-behind-the-end"
        "timeline-empty"
        "timeline-foreign-job"
        "timeline-number-refused"
        "timeline-unknown-job"
        "timeline-whole"
        "timeline-without-credentials"
        "training-behind-the-end"
        "training-empty"
        "training-failed"
        "training-first-page"
        "training-foreign-cursor"
        "training-foreign-job"
        "training-full-last-page"
        "training-last-page"
        "training-limit-no-number"
        "training-limit-refused"
        "training-running"
        "training-ten-million-second-page"
        "training-unknown-cursor"
        "training-unknown-job"
        "training-without-credentials"
    );
    let now: Timestamp = NOW.parse().expect("it is a time of RFC 3339");
    let mock = Mock::bundled(SEED, now)?;
    let refreshed = files.into_iter().map(|(path, text)| {
        let exchange = exchange(&mock, text, now);
        let exchange = exchange.map_err(|message| {
            Problem::new(format!("fixtures/{path}: {message}"))
                .cure("begin the file with `GET /path HTTP/1.1`, headers, and an empty line")
        })?;
        Ok((path, exchange))
    });
    refreshed.collect()
}

/// The request at the head of `text`, and its answer.
fn exchange(mock: &Mock, text: &str, now: Timestamp) -> Result<String, String> {
    let head = text.split("\n\n").next().unwrap_or_default();
    let request = parsed(head)?;
    Ok(format!("{head}\n\n{}", shown(answer(mock, &request, now))))
}

fn parsed(head: &str) -> Result<Request<Bytes>, String> {
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Err("the request line is missing".to_owned());
    };
    let mut request = Request::builder().method(method).uri(target);
    for line in lines {
        let (name, value) = line
            .split_once(": ")
            .ok_or_else(|| format!("`{line}` is not a header"))?;
        request = request.header(name, value);
    }
    request
        .body(Bytes::new())
        .map_err(|error| error.to_string())
}

fn shown(answer: Answer) -> String {
    let mut text = format!("HTTP/1.1 {}\n", answer.status);
    for (name, value) in &answer.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        text.extend([name.as_str(), ": ", &value, "\n"]);
    }
    let body = answer.into_bytes();
    text.push('\n');
    text.push_str(&String::from_utf8_lossy(&body));
    if !body.is_empty() {
        text.push('\n');
    }
    text
}

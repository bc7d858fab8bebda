//! Answers of a server that is judged.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use conformance::report::{Form, Report};
use conformance::{Budget, Facts, Lost, Options, Reply, Request, judge_all};
use http::HeaderMap;
use openapi::{Contract, Source};

use super::world::{ROOMS, first_line, text};

/// The facts of the judge about the lists of all dialects.
static FACTS: LazyLock<Vec<(Contract, Facts)>> = LazyLock::new(|| {
    let mut file =
        "callers: { ada: { token: token-of-ada }, eve: { token: token-of-eve } }\ntimelines:\n"
            .to_owned();
    for contract in ROOMS.contracts().expect("the dialects have contracts") {
        file += &format!(
            "  {}: [{{ id: 00000000-0000-4000-8000-000000000001, owner: ada, events: 5 }}]\n",
            contract.name()
        );
    }
    Facts::of(
        std::slice::from_ref(&*ROOMS),
        &Source::new("subject.yaml", file),
    )
    .expect("the facts fit the dialects")
});

/// Reads an answer from the bytes of a connection.
pub(super) fn answer(bytes: &[u8]) {
    let request = Request {
        method: "GET".to_owned(),
        target: "/".to_owned(),
        headers: Vec::new(),
        body: Bytes::new(),
    };
    let _ = Reply::read(bytes, &request);
}

/// Judges a server that gives these answers in turn, and writes reports of it. They are divided by lines of `---`.
pub(super) fn judge(bytes: &[u8]) {
    let text = text(bytes);
    let replies: Vec<_> = text.split("\n---\n").filter_map(reply).collect();
    if replies.is_empty() {
        return;
    }
    let count = AtomicUsize::new(0);
    let subject = |_: &Request| -> Result<Reply, Lost> {
        let turn = count.fetch_add(1, Ordering::Relaxed);
        Ok(replies[turn % replies.len()].clone())
    };
    let options = Options {
        cases: 2,
        shrinks: 0,
        budget: Budget {
            requests: 60,
            time: Duration::from_secs(3),
            patience: Duration::ZERO,
            wait: Duration::ZERO,
        },
        ..Options::default()
    };
    let start = bytes.first().map_or(0, |byte| usize::from(*byte));
    let one = &FACTS[start % FACTS.len()];
    let judged = [(&one.0, &one.1)];
    let mut judgements = judge_all(&judged, &subject, &options, &mut |_| {});
    let judgement = judgements.swap_remove(0);
    let judged = vec![(&one.0, &one.1, judgement)];
    let report = Report::new("http://server", 1, false, judged, Duration::ZERO);
    for form in [Form::Json, Form::Junit, Form::Markdown, Form::Html] {
        report.written(form);
    }
}

/// An answer: a status, lines of headers, an empty line, and a body.
fn reply(text: &str) -> Option<Reply> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let (status, lines) = first_line(head);
    let mut headers = HeaderMap::new();
    for (name, value) in lines.lines().filter_map(|line| line.split_once(": ")) {
        let name = http::HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.append(name, value.parse().ok()?);
    }
    Some(Reply {
        status: status
            .trim()
            .parse()
            .ok()
            .filter(|status| (200..600).contains(status))?,
        headers,
        body: Bytes::from(body.to_owned()),
    })
}

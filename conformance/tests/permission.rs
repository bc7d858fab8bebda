//! The judge only reads unless it is allowed to do more. What may change data comes last.

use std::sync::Mutex;

use bytes::Bytes;
use conformance::{Facts, Lost, Options, Reply, Request, UnsafeMethods, Verdict, judge_all};
use openapi::{Contract, Document, Source};

const FILE: &str = include_str!("../subjects/default-world.yaml");

/// The methods of all requests of a run over both bundled documents, and the laws that are not in force
/// because of a missing permission.
fn methods(permission: UnsafeMethods) -> (Vec<String>, Vec<&'static str>) {
    let now = jiff::Timestamp::now();
    let mock = mock_server::Mock::bundled(1, now).unwrap();
    let sent = Mutex::new(Vec::new());
    let subject = |request: &Request| -> Result<Reply, Lost> {
        sent.lock().unwrap().push(request.method.clone());
        let mut asked = http::Request::builder()
            .method(request.method.as_str())
            .uri(&request.target);
        for (name, value) in &request.headers {
            asked = asked.header(name, value);
        }
        let lost = |error: http::Error| Lost::new(error.to_string());
        let answer = mock_server::answer(&mock, &asked.body(Bytes::new()).map_err(lost)?, now);
        let (status, headers) = (answer.status.as_u16(), answer.headers.clone());
        Ok(Reply {
            status,
            headers,
            body: answer.into_bytes(),
        })
    };
    let documents = Document::bundled().unwrap();
    let facts = Facts::of(&documents, &Source::new("subject.yaml", FILE)).unwrap();
    let allowed = |(contract, facts): (Contract, Facts)| {
        assert_eq!(facts.unsafe_methods(), UnsafeMethods::Allow);
        (contract, facts.with_unsafe_methods(permission))
    };
    let facts: Vec<_> = facts.into_iter().map(allowed).collect();
    let pairs: Vec<_> = facts
        .iter()
        .map(|(contract, facts)| (contract, facts))
        .collect();
    let options = Options {
        cases: 4,
        ..Options::default()
    };
    let judgements = judge_all(&pairs, &subject, &options, &mut |_| {});
    assert_eq!(judgements.len(), pairs.len());
    let findings = judgements.iter().flat_map(|one| &one.findings);
    let refused = findings.filter(|one| {
        matches!(&one.verdict, Verdict::NotInForce { reason } if reason.contains("--unsafe-methods allow"))
    });
    let refused = refused.map(|one| one.law.id).collect();
    (sent.into_inner().unwrap(), refused)
}

fn may_change_data(method: &str) -> bool {
    !["GET", "HEAD", "OPTIONS"].contains(&method)
}

#[test]
fn without_permission_no_law_sends_a_method_that_may_change_data() {
    let (methods, refused) = methods(UnsafeMethods::Refuse);
    assert!(
        !methods.iter().any(|method| may_change_data(method)),
        "{methods:?}"
    );
    let laws = ["other-methods-are-405", "other-methods-change-nothing"];
    assert_eq!(refused, laws.repeat(2));
}

#[test]
fn with_permission_such_methods_come_after_everything_else_of_all_timelines() {
    let (methods, refused) = methods(UnsafeMethods::Allow);
    assert_eq!(refused, [""; 0]);
    let first = methods
        .iter()
        .position(|method| may_change_data(method))
        .unwrap();
    let behind = methods.len() - first;
    assert!(behind < 60, "{behind} requests of {}", methods.len());
}

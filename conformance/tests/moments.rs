//! A bad moment of a server is no breach, and costs only the cases that it concerns.

mod in_process;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use conformance::{
    Connection, Finding, Judgement, Lost, Moment, Outlook, Reply, Request, Shrinking, Subject,
    Terms, Verdict, outlook,
};

use in_process::{judged, mock};

/// The mock, and what becomes of a request before the mock answers it.
struct Troubled<F> {
    mock: Arc<dyn Subject>,
    trouble: F,
}

impl<F: Fn(&Request, Connection) -> Option<Result<Reply, Lost>> + Send + Sync> Subject
    for Troubled<F>
{
    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        self.send_on(request, Terms::default())
    }

    fn send_on(&self, request: &Request, terms: Terms) -> Result<Reply, Lost> {
        let trouble = (self.trouble)(request, terms.connection);
        trouble.unwrap_or_else(|| self.mock.send(request))
    }
}

/// The judgements of the mock, after this trouble with its requests.
fn judged_with(
    faults: &[&str],
    laws: &[&str],
    trouble: impl Fn(&Request, Connection) -> Option<Result<Reply, Lost>> + Send + Sync + 'static,
) -> Vec<Judgement> {
    let mock = mock("default", faults);
    let troubled: Arc<dyn Subject> = Arc::new(Troubled { mock, trouble });
    judged(&troubled, laws)
}

fn findings(judgements: &[Judgement]) -> impl Iterator<Item = &Finding> {
    judgements.iter().flat_map(|one| &one.findings)
}

fn upheld(judgements: &[Judgement]) -> usize {
    let is = |one: &&Finding| matches!(one.verdict, Verdict::Upheld { .. });
    findings(judgements).filter(is).count()
}

/// An answer that asks to wait no time at all.
fn busy(status: u16) -> Reply {
    let mut headers = http::HeaderMap::new();
    headers.insert("retry-after", http::HeaderValue::from_static("0"));
    Reply {
        status,
        headers,
        body: bytes::Bytes::new(),
    }
}

/// Whether the request is for the control path, or for a hook.
fn is_control(request: &Request) -> bool {
    request.target.contains("/__mock/")
}

#[test]
fn a_server_that_is_busy_all_the_time_is_unjudged_and_asked_a_few_times_only() {
    for (status, hint) in [(429, "--rate"), (503, "status 503")] {
        let asked = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&asked);
        let judgements = judged_with(&[], &[], move |request, _| {
            (!is_control(request)).then(|| {
                counted.fetch_add(1, Ordering::Relaxed);
                Ok(busy(status))
            })
        });
        assert_eq!(outlook(&judgements, true), Outlook::NotJudged);
        let mut reasons = 0;
        for finding in findings(&judgements) {
            if let Verdict::Unjudged { reason } = &finding.verdict {
                assert!(
                    reason.contains("GET /") && reason.contains(hint),
                    "{reason}"
                );
                reasons += 1;
            }
        }
        assert!(reasons > 100, "{reasons}");
        assert!(asked.load(Ordering::Relaxed) < 80, "{asked:?}");
        let answers = &judgements[0].moments.answers;
        assert!(answers[&Moment::Busy(status)] > 10, "{answers:?}");
    }
}

#[test]
fn one_request_without_an_answer_is_waited_for_once_and_costs_no_other_law_its_verdict() {
    for lost in [Lost::late("timed out"), Lost::new("connection reset")] {
        let waited = Arc::new(Mutex::new(HashMap::new()));
        let (counts, reason) = (Arc::clone(&waited), lost.reason.clone());
        let judgements = judged_with(&[], &[], move |request, _| {
            let hangs = request.target.contains("limit=2&") || request.target.ends_with("limit=2");
            hangs.then(|| {
                let mut counts = counts.lock().unwrap();
                *counts.entry(request.clone()).or_insert(0) += 1;
                Err(lost.clone())
            })
        });
        for finding in findings(&judgements) {
            assert!(!finding.fails(true), "{finding:#?}");
        }
        assert!(upheld(&judgements) > 120, "{}", upheld(&judgements));
        let waited = waited.lock().unwrap();
        assert!(!waited.is_empty());
        // A late answer is not waited for again; a closed connection may be a moment.
        let most = if reason == "timed out" { 1 } else { 6 };
        for (request, times) in &*waited {
            assert!(*times <= most, "{times}: {request:?}");
        }
    }
}

#[test]
fn a_largest_page_without_an_answer_leaves_smaller_ones_to_judge_by() {
    let judgements = judged_with(&[], &[], |request, _| {
        let largest =
            request.target.contains("limit=100&") || request.target.ends_with("limit=100");
        largest.then(|| Err(Lost::late("timed out")))
    });
    for finding in findings(&judgements) {
        assert!(!finding.fails(true), "{finding:#?}");
    }
    assert!(upheld(&judgements) > 110, "{}", upheld(&judgements));
}

#[test]
fn a_wrong_answer_that_is_seen_once_is_an_intermittent_breach() {
    let wrong = Arc::new(AtomicU64::new(1));
    let judgements = judged_with(&[], &["owner-is-served"], move |request, _| {
        let once = !is_control(request) && !request.target.contains('?');
        (once && wrong.swap(0, Ordering::Relaxed) == 1).then(|| Ok(busy(404)))
    });
    let broken = findings(&judgements).find_map(|one| match &one.verdict {
        Verdict::Broken(found) => Some(found),
        _ => None,
    });
    assert_eq!(broken.unwrap().shrinking, Shrinking::NotSeenAgain);
    assert_eq!(outlook(&judgements, false), Outlook::Broken);
}

#[test]
fn a_request_is_repeated_on_a_fresh_connection() {
    let closed = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&closed);
    // Every kept connection is closed before it carries a second request.
    let judgements = judged_with(&[], &[], move |request, connection| {
        let kept = connection == Connection::Kept && !is_control(request);
        kept.then(|| {
            counted.fetch_add(1, Ordering::Relaxed);
            Err(Lost::new("connection closed before message completed"))
        })
    });
    assert_eq!(outlook(&judgements, true), Outlook::Upheld);
    assert!(closed.load(Ordering::Relaxed) > 1_000);
}

#[test]
fn a_hook_is_sent_once_on_a_fresh_connection_and_its_failure_ends_no_other_law() {
    let sent = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&sent);
    let fails = move |request: &Request, connection: Connection| {
        let hook = request.method == "POST" && is_control(request);
        hook.then(|| {
            assert_eq!(connection, Connection::Fresh);
            counted.fetch_add(1, Ordering::Relaxed);
            Err(Lost::new("connection reset"))
        })
    };
    let law = ["old-events-keep-their-place"];
    let judgements = judged_with(&[], &law, fails.clone());
    let Verdict::Unjudged { reason } = &judgements[0].findings[0].verdict else {
        panic!("{:#?}", judgements[0].findings[0].verdict);
    };
    assert!(reason.contains("`append`"), "{reason}");
    // There is one case for each resource that grows.
    assert_eq!(sent.swap(0, Ordering::Relaxed), 4);
    let judgements = judged_with(&["repeat"], &[], fails);
    assert_eq!(outlook(&judgements, false), Outlook::Broken);
    assert!(upheld(&judgements) > 40, "{}", upheld(&judgements));
}

#[test]
fn a_breach_that_rests_on_a_bad_moment_and_is_not_seen_again_is_flaky() {
    let left = Arc::new(AtomicU64::new(3));
    let law = ["hostile-input-never-breaks-the-server"];
    let judgements = judged_with(&[], &law, move |request, _| {
        let struck = request.target.contains("%00")
            && left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    left.checked_sub(1)
                })
                .is_ok();
        struck.then(|| Ok(busy(503)))
    });
    assert_eq!(outlook(&judgements, false), Outlook::Upheld);
    let flaky: u64 = judgements.iter().map(|one| one.moments.flaky).sum();
    assert_eq!(flaky, 1);
    let mut notes = findings(&judgements).flat_map(|one| &one.notes);
    assert!(notes.any(|note| note.starts_with("flaky")));
}

#[test]
fn a_server_that_fails_each_time_on_hostile_input_is_still_caught() {
    let law = ["hostile-input-never-breaks-the-server"];
    for answer in [Ok(busy(503)), Err(Lost::new("connection reset"))] {
        let judgements = judged_with(&[], &law, move |request, _| {
            request.target.contains("%00").then(|| answer.clone())
        });
        assert_eq!(outlook(&judgements, false), Outlook::Broken);
    }
}

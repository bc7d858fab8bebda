//! A run as a whole is repeatable, hides secrets, ends, and reports the laws that it could not judge.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use conformance::report::{Form, Report};
use conformance::{
    Budget, Facts, Finding, Jobs, Judgement, Lost, Options, Outlook, Reply, Request, Subject,
    Verdict, catalogue, judge, outlook,
};
use openapi::{Contract, Document, Source};

const FILE: &str = include_str!("../subjects/default-world.yaml");

/// The start of 2026, the time of the stopped clocks of mock and judge.
const NOW: Duration = Duration::from_hours(24 * 20_454);

fn facts_of(file: &str) -> Vec<(Contract, Facts)> {
    let documents = Document::bundled().unwrap();
    Facts::of(&documents, &Source::new("subject.yaml", file)).unwrap()
}

fn mock() -> impl Subject {
    let now = jiff::Timestamp::UNIX_EPOCH + NOW;
    let mock = mock_server::Mock::bundled(1, now).unwrap();
    move |request: &Request| {
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
    }
}

fn options() -> Options {
    Options {
        cases: 6,
        clock: || SystemTime::UNIX_EPOCH + NOW,
        ..Options::default()
    }
}

fn run(subject: &dyn Subject, options: &Options) -> Vec<Judgement> {
    let pairs = facts_of(FILE);
    pairs
        .iter()
        .map(|(contract, facts)| judge(contract, facts, subject, options, &mut |_| {}))
        .collect()
}

/// Every format of the report of one run.
fn written(file: &str, subject: &dyn Subject, options: &Options) -> Vec<String> {
    let pairs = facts_of(file);
    let judged = pairs
        .iter()
        .map(|(contract, facts)| {
            (
                contract,
                facts,
                judge(contract, facts, subject, options, &mut |_| {}),
            )
        })
        .collect();
    let report = Report::new(
        "http://localhost",
        options.seed,
        false,
        judged,
        Duration::ZERO,
    );
    let terminal = report.terminal(conformance::report::Style {
        colours: false,
        verbose: true,
    });
    Form::ALL
        .iter()
        .map(|(_, form)| report.written(*form))
        .chain([terminal])
        .collect()
}

/// A server that serves one event too many, so that there is something to report.
fn greedy(honest: impl Subject) -> impl Subject {
    move |request: &Request| {
        let reply = honest.send(request)?;
        let body = reply.json().filter(|_| reply.status == 200);
        let Some(mut body) = body else {
            return Ok(reply);
        };
        for list in body
            .as_object_mut()
            .into_iter()
            .flatten()
            .filter_map(|(_, value)| value.as_array_mut())
        {
            list.extend(list.first().cloned());
        }
        Ok(reply.with_json(&body))
    }
}

#[test]
fn one_seed_is_one_report() {
    // The law that measures time reports how long an answer took.
    let steady = |mut options: Options| {
        let laws = catalogue::LAWS.iter();
        let laws = laws.filter(|law| !law.conduct.measures_time);
        options.laws = laws.map(|law| law.id.to_owned()).collect();
        options
    };
    let once = written(FILE, &greedy(mock()), &steady(options()));
    let again = written(FILE, &greedy(mock()), &steady(options()));
    assert_eq!(once, again);
    let at_once = Options {
        jobs: Jobs::Always(6),
        ..steady(options())
    };
    let (once, again) = (
        written(FILE, &greedy(mock()), &at_once),
        written(FILE, &greedy(mock()), &at_once),
    );
    assert_eq!(once, again);
}

#[test]
fn another_seed_draws_other_cases() {
    let count = |seed| {
        let asked = AtomicU64::new(0);
        let (mock, sent) = (mock(), std::sync::Mutex::new(BTreeSet::new()));
        let counting = |request: &Request| {
            asked.fetch_add(1, Ordering::Relaxed);
            sent.lock().unwrap().insert(request.target.clone());
            mock.send(request)
        };
        let laws = vec!["every-key-is-a-cursor".to_owned()];
        run(
            &counting,
            &Options {
                seed,
                laws,
                ..options()
            },
        );
        sent.into_inner().unwrap()
    };
    assert_eq!(count(1), count(1));
    assert_ne!(count(1), count(2));
}

#[test]
fn a_token_shows_in_no_report_even_if_the_server_repeats_it() {
    const PLANTED: &str = "planted\"token&of-ada";
    let file = FILE.replace("token-of-ada", "'planted\"token&of-ada'");
    let honest = mock();
    let talkative = greedy(move |request: &Request| {
        let mut known = request.clone();
        let mut said = String::new();
        for (_, value) in &mut known.headers {
            said += value;
            *value = value.replace(PLANTED, "token-of-ada");
        }
        let reply = honest.send(&known)?;
        let body = reply.json();
        Ok(match body {
            Some(mut body) => {
                body["repeated"] = said.into();
                reply.with_json(&body)
            }
            None => reply,
        })
    });
    let reports = written(&file, &talkative, &options());
    assert_eq!(reports.len(), 6);
    for report in reports {
        // Annotations have no transcript, so there is nothing to hide.
        let has_transcript = !report.starts_with("::");
        assert_eq!(report.contains("ADA_TOKEN"), has_transcript);
        for part in ["planted", "token&of", "token&amp;of", "of-ada"] {
            let shown = report
                .find(part)
                .map(|at| &report[at.saturating_sub(80)..report.len().min(at + 80)]);
            assert_eq!(shown, None);
        }
    }
}

#[test]
fn shards_are_disjoint_and_together_hold_every_law() {
    let mut seen: Vec<&str> = Vec::new();
    for shard in 1..=4 {
        let options = Options {
            shard: Some((shard, 4)),
            ..options()
        };
        seen.extend(options.selected().iter().map(|law| law.id));
    }
    let all: Vec<&str> = catalogue::LAWS.iter().map(|law| law.id).collect();
    assert_eq!(seen.len(), all.len());
    assert_eq!(
        seen.into_iter().collect::<BTreeSet<_>>(),
        all.into_iter().collect()
    );
}

fn verdicts(judgements: &[Judgement], is: fn(&Verdict) -> bool) -> usize {
    let findings = judgements.iter().flat_map(|judgement| &judgement.findings);
    findings
        .filter(|finding: &&Finding| is(&finding.verdict))
        .count()
}

#[test]
fn a_lost_subject_is_not_judged_further_and_earlier_verdicts_are_reported() {
    let asked = AtomicU64::new(0);
    let mock = mock();
    let dying = |request: &Request| match asked.fetch_add(1, Ordering::Relaxed) {
        turn if turn < 300 => mock.send(request),
        _ => Err(Lost::new("connection refused")),
    };
    let judgements = run(&dying, &options());
    assert_eq!(outlook(&judgements, false), Outlook::NotJudged);
    assert!(
        verdicts(&judgements, |verdict| matches!(
            verdict,
            Verdict::Upheld { .. }
        )) > 5
    );
    assert!(
        verdicts(&judgements, |verdict| matches!(
            verdict,
            Verdict::Unreachable { .. }
        )) > 50
    );
    // A lost subject gets no more requests: for each timeline, one is repeated, and so is the plain one.
    assert!(asked.into_inner() < 330);
}

#[test]
fn laws_beyond_the_budget_are_unjudged_and_never_upheld() {
    let budget = Budget {
        requests: 100,
        ..Budget::default()
    };
    let judgements = run(
        &mock(),
        &Options {
            budget,
            ..options()
        },
    );
    assert!(judgements.iter().all(|judgement| judgement.requests <= 100));
    assert_eq!(outlook(&judgements, false), Outlook::NotJudged);
    assert_eq!(
        verdicts(&judgements, |verdict| matches!(verdict, Verdict::Broken(_))),
        0
    );
}

#[test]
fn the_default_run_stays_within_ten_thousand_requests() {
    let judgements = run(
        &mock(),
        &Options {
            cases: Options::default().cases,
            ..options()
        },
    );
    let requests: u64 = judgements.iter().map(|judgement| judgement.requests).sum();
    assert!(requests <= 10_000, "{requests}");
    assert_eq!(outlook(&judgements, false), Outlook::Upheld);
}

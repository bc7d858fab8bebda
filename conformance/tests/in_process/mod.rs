//! The mock in process, with every hook, no socket, and a stopped clock.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use conformance::{Facts, Judgement, Options, Request, Service, Subject, judge};
use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::{Clock, Fault, Mock, Plan, Rim};
use openapi::{Contract, Document, Source};

/// The start of 2026, the time of the stopped clocks of mock and judge.
const NOW: Duration = Duration::from_hours(24 * 20_454);
/// The base URL that the mock uses for itself.
const BASE: &str = "http://127.0.0.1:4010";

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH + NOW
}

/// The mock in a ready scenario, with these faults. It answers whole URLs, too.
pub(crate) fn mock(scenario: &str, faults: &[&str]) -> Arc<dyn Subject> {
    let documents = Document::bundled().unwrap();
    let contracts = documents.iter().flat_map(|one| one.contracts().unwrap());
    let scenario = Scenario::ready(scenario).unwrap().unwrap();
    let plan = Plan::new(contracts.collect(), scenario, 1, now()).unwrap();
    let mock = Mock::new(plan).unwrap();
    let faults: Vec<Fault> = faults.iter().map(|text| text.parse().unwrap()).collect();
    let rim = Rim::new(Arc::new(mock), Clock::new(Arc::new(now))).with_faults(1, faults);
    let service = Service::new(rim.router()).unwrap();
    Arc::new(move |request: &Request| {
        let target = request.target.strip_prefix(BASE);
        let target = target.unwrap_or(&request.target).to_owned();
        service.send(&Request {
            target,
            ..request.clone()
        })
    })
}

/// The subject file that the mock itself serves, with its hooks.
fn facts_of(mock: &Arc<dyn Subject>) -> Vec<(Contract, Facts)> {
    let file = mock.send(&Request {
        method: "GET".to_owned(),
        target: "/__mock/subject.yaml".to_owned(),
        headers: Vec::new(),
        body: Bytes::new(),
    });
    let file = String::from_utf8(file.unwrap().body.to_vec()).unwrap();
    let documents = Document::bundled().unwrap();
    let facts = Facts::of(&documents, &Source::new("subject.yaml", file)).unwrap();
    let with_hooks = |(contract, facts): (Contract, Facts)| {
        let hooks = facts.hook_requests().over(BASE, mock);
        (contract, facts.with_hooks(hooks))
    };
    facts.into_iter().map(with_hooks).collect()
}

/// Judges the mock by these laws, or by all if there are none, for each of its timelines.
pub(crate) fn judged(mock: &Arc<dyn Subject>, laws: &[&str]) -> Vec<Judgement> {
    let options = Options {
        cases: 4,
        laws: laws.iter().map(ToString::to_string).collect(),
        clock: || SystemTime::UNIX_EPOCH + NOW,
        ..Options::default()
    };
    let judgements = facts_of(mock)
        .into_iter()
        .map(|(contract, facts)| judge(&contract, &facts, &**mock, &options, &mut |_| {}));
    judgements.collect()
}

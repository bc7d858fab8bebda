//! The means of the laws' own tests: the mock as the honest server, and what a liar is caught with.

use std::fmt::Write as _;

use openapi::{Contract, Document, Source};

use crate::{
    Counterexample, Facts, Law, Liar, Lost, Notice, Options, Reply, Request, Subject, Verdict,
    judge,
};

/// The contracts of the bundled documents, with what is known of the mock's default world.
pub(crate) fn contracts() -> Vec<(Contract, Facts)> {
    let documents = Document::bundled().unwrap();
    let contracts: Vec<_> = documents
        .iter()
        .flat_map(|document| document.contracts().unwrap())
        .collect();
    let file = Source::new(
        "default-world.yaml",
        include_str!("../subjects/default-world.yaml"),
    );
    Facts::read(&file, &contracts, |_| None).unwrap()
}

/// The mock, in process, with its clock stopped.
pub(crate) fn honest() -> impl Subject {
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let mock = mock_server::Mock::bundled(1, now).unwrap();
    move |request: &Request| {
        let mut asked = http::Request::builder()
            .method(request.method.as_str())
            .uri(&request.target);
        for (name, value) in &request.headers {
            asked = asked.header(name, value);
        }
        let asked = asked.body(bytes::Bytes::new()).map_err(|error| Lost {
            reason: error.to_string(),
        })?;
        let answer = mock_server::answer(&mock, &asked, now);
        let (status, headers) = (answer.status.as_u16(), answer.headers.clone());
        Ok(Reply {
            status,
            headers,
            body: answer.into_bytes().into(),
        })
    }
}

/// Holds `subject` to one law.
pub(crate) fn verdict(
    law: &Law,
    contract: &Contract,
    facts: &Facts,
    subject: &dyn Subject,
) -> Verdict {
    let options = Options {
        laws: vec![law.id.to_owned()],
        ..Options::default()
    };
    let mut judgement = judge(contract, facts, subject, &options, &mut |_: Notice<'_>| {});
    judgement.findings.remove(0).verdict
}

/// Proves a law: the mock upholds it for every contract that it is in force for, and its liar is caught
/// there. What the liar is caught with is for a snapshot.
pub(crate) fn caught(law: &'static Law) -> String {
    let mut text = String::new();
    for (contract, facts) in contracts() {
        let honest = honest();
        match verdict(law, &contract, &facts, &honest) {
            Verdict::Upheld { .. } => {}
            Verdict::NotInForce { .. } => continue,
            other => panic!(
                "the mock does not uphold {} of {}: {other:#?}",
                law.id,
                contract.name()
            ),
        }
        let liar = Liar::new(contract.clone(), law, honest);
        match verdict(law, &contract, &facts, &liar) {
            Verdict::Broken(found) => text += &told(&contract, &found),
            other => panic!(
                "the liar about {} of {} got away: {other:#?}",
                law.id,
                contract.name()
            ),
        }
    }
    assert!(!text.is_empty(), "{} is in force for no contract", law.id);
    text
}

/// Proves a tolerance: a server that answers as `correct` does, with the mock at hand, breaks nothing.
pub(crate) fn tolerated(
    law: &Law,
    correct: impl Fn(&Contract, &dyn Subject, &Request) -> Result<Reply, Lost> + Send + Sync,
) {
    for (contract, facts) in contracts() {
        let honest = honest();
        let subject = |request: &Request| correct(&contract, &honest, request);
        let found = verdict(law, &contract, &facts, &subject);
        assert!(
            !matches!(found, Verdict::Broken(_) | Verdict::Unreachable { .. }),
            "a correct server of {} breaks {}: {found:#?}",
            contract.name(),
            law.id
        );
    }
}

fn told(contract: &Contract, found: &Counterexample) -> String {
    let mut text = format!("{}: {}\n", contract.name(), found.case);
    let _ = writeln!(
        text,
        "  expected {}\n  actual   {}",
        found.breach.expected, found.breach.actual
    );
    for exchange in &found.exchanges {
        let Request { method, target, .. } = &exchange.request;
        let _ = writeln!(text, "  {method} {target} -> {}", exchange.reply.status);
    }
    text
}

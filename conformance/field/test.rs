//! The faults of the field: each is caught, and its twin spared, in a dialect of its own, and the deepest ones in all.

#[path = "field.rs"]
mod field;

use conformance::lie::{Lie, Lied};
use conformance::{Budget, Liar, Lost, Options, Reply, Request, Verdict, judge};

use field::trial::{Seen, tried};
use field::{all, dialects};

#[test]
fn each_fault_is_caught_and_its_twin_is_spared() {
    let (mut missed, mut blamed) = (Vec::new(), Vec::new());
    let faults = all();
    assert!(faults.len() >= 60, "{}", faults.len());
    for (number, fault) in faults.iter().enumerate() {
        assert!(!fault.report.is_empty(), "{}", fault.name);
        // Each fault is tried in one dialect that has it; `cargo xtask field` tries all.
        let count = dialects::ALL.len();
        let mut turn = (0..count).map(|step| dialects::ALL[(number + step) % count]);
        let trial = turn.find_map(|(name, document)| {
            let trial = tried(fault, document, 1);
            (trial.seen != Seen::NotThere).then_some((name, trial))
        });
        let (name, trial) = trial.expect("every fault fits a dialect");
        if trial.seen == Seen::Missed {
            missed.push(format!("{} in {name}", fault.name));
        }
        if !trial.blamed.is_empty() {
            blamed.push(format!(
                "the twin of {} in {name}: {:?}",
                fault.name, trial.blamed
            ));
        }
    }
    assert!(blamed.is_empty(), "{blamed:#?}");
    assert!(missed.len() * 20 <= faults.len(), "{missed:#?}");
}

#[test]
fn faults_behind_tokens_do_not_depend_on_the_seed() {
    let (_, tokens) = dialects::ALL[1];
    for name in [
        "the limit is ignored behind a cursor",
        "no login behind a cursor",
        "a cursor decides whose items are shown",
        "a long list is empty",
        "the newest first",
        "the same page behind the third cursor",
    ] {
        let faults = all();
        let fault = faults
            .iter()
            .find(|fault| fault.name == name)
            .expect("it is one");
        for seed in 1..=3 {
            let trial = tried(fault, tokens, seed);
            assert!(
                matches!(trial.seen, Seen::Caught(..)),
                "{name}, seed {seed}: {trial:?}"
            );
        }
    }
}

/// A list that silently ends behind ten thousand items, as a search engine's window does.
const WALL: Lie = |lied, request| {
    const MOST: i128 = 10_000;
    let reply = lied.ask(request)?;
    let body = reply.json().unwrap_or_default();
    let items = lied.contract.items(&body).unwrap_or_default();
    let shown: Vec<_> = items
        .iter()
        .filter(|item| {
            item["number"]
                .as_i64()
                .is_some_and(|number| i128::from(number) <= MOST)
        })
        .cloned()
        .collect();
    if !lied.is_page(&reply) || shown.len() == items.len() {
        return Ok(reply);
    }
    if shown.is_empty() {
        return Ok(lied.empty_page(request, reply));
    }
    Ok(conformance::lie::edit_json(reply, |body| {
        lied.fill(body, shown, false);
    }))
};

/// The mock as it is.
fn honest(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    lied.ask(request)
}

#[test]
fn a_wall_at_ten_thousand_of_twelve_thousand_is_found_within_two_hundred_requests() {
    for (name, document) in dialects::ALL {
        let document = document.replace("maximum: 20", "maximum: 100");
        let deep = "owners: [{ name: mia, token: token-of-mia-7f3a }]\ntimelines:\n  scans:\n    life: { first: {}, steps: [{}] }\n    pace: { every: 5s }\n    jobs: [{ id: deep, owner: mia, events: 12000 }]\n";
        let options = Options {
            laws: vec!["declared-events-are-served".to_owned()],
            clock: dialects::clock,
            budget: Budget {
                requests: 200,
                ..Budget::default()
            },
            ..Options::default()
        };
        let verdict = |lie: Lie| {
            let (contract, facts, mock) = dialects::mock_of(&document, deep);
            let server = Liar::new(contract.clone(), lie, mock);
            judge(&contract, &facts, &server, &options, &mut |_| {})
                .findings
                .remove(0)
                .verdict
        };
        let found = verdict(WALL);
        assert!(matches!(found, Verdict::Broken(_)), "{name}: {found:#?}");
        let found = verdict(honest);
        assert!(
            matches!(found, Verdict::Upheld { .. }),
            "{name}: {found:#?}"
        );
    }
}

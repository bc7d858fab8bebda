//! A table of the laws that each liar breaks.
//!
//! A liar should break its own law and only laws that follow from it. The snapshot lists for each liar the
//! other laws that it breaks. So a review of a new law shows its overlaps.

use std::fmt::Write as _;
use std::time::SystemTime;

use crate::testing::{NOW, contracts, hooked};
use crate::{Group, Law, Level, Liar, Options, Verdict, catalogue, judge};

/// The laws that each liar of a group breaks, one line for every contract.
fn overlaps(group: Group) -> String {
    let mut text = String::new();
    for law in catalogue::LAWS.iter().filter(|law| law.group == group) {
        let _ = writeln!(text, "{}", law.id);
        for (contract, facts) in contracts() {
            let judged = |options: &Options| {
                let (honest, hooks) = hooked(facts.hooks());
                let facts = facts.clone().with_hooks(hooks);
                let liar = Liar::new(contract.clone(), law.lie, honest);
                judge(&contract, &facts, &liar, options, &mut |_| {})
            };
            let judgement = judged(&options());
            let findings = judgement.findings.iter();
            let broken = findings.filter(|one| matches!(one.verdict, Verdict::Broken(_)));
            let others: Vec<_> = broken
                .map(|finding| finding.law)
                .filter(|other| other.id != law.id)
                .map(described)
                .collect();
            // By itself, with as many cases as users draw.
            let alone = judged(&Options {
                laws: vec![law.id.to_owned()],
                cases: Options::default().cases,
                ..options()
            });
            let own = &alone.findings[0].verdict;
            let caught = matches!(own, Verdict::Broken(_) | Verdict::NotInForce { .. });
            let own = own.word();
            assert!(caught || !law.conduct.is_steady(), "{}: {own}", law.id);
            let own = if law.conduct.is_steady() {
                own
            } else {
                "not judged"
            };
            let _ = writeln!(
                text,
                "  {} {own}; also {}",
                contract.name(),
                listed(&others)
            );
        }
    }
    text
}

fn options() -> Options {
    // The tests of the laws that are not steady prove them.
    let steady = catalogue::LAWS.iter().filter(|law| law.conduct.is_steady());
    Options {
        laws: steady.map(|law| law.id.to_owned()).collect(),
        cases: 12,
        shrinks: 0,
        clock: || SystemTime::UNIX_EPOCH + NOW,
        ..Options::default()
    }
}

fn described(law: &Law) -> String {
    match law.level {
        Level::Must => law.id.to_owned(),
        level => format!("{} ({})", law.id, level.word()),
    }
}

fn listed(laws: &[String]) -> String {
    if laws.is_empty() {
        "nothing".to_owned()
    } else {
        laws.join(", ")
    }
}

#[test]
fn liars_about_shape() {
    insta::assert_snapshot!(overlaps(Group::Shape));
}

#[test]
fn liars_about_the_envelope() {
    insta::assert_snapshot!(overlaps(Group::Envelope));
}

#[test]
fn liars_about_limits() {
    insta::assert_snapshot!(overlaps(Group::Limit));
}

#[test]
fn liars_about_cursors() {
    insta::assert_snapshot!(overlaps(Group::Cursor));
}

#[test]
fn liars_about_walks() {
    insta::assert_snapshot!(overlaps(Group::Walk));
}

#[test]
fn liars_about_growth() {
    insta::assert_snapshot!(overlaps(Group::Growth));
}

#[test]
fn liars_about_missing_resources() {
    insta::assert_snapshot!(overlaps(Group::MissingResource));
}

#[test]
fn liars_about_authentication() {
    insta::assert_snapshot!(overlaps(Group::Authentication));
}

#[test]
fn liars_about_refusals() {
    insta::assert_snapshot!(overlaps(Group::Refusal));
}

#[test]
fn liars_about_changes() {
    insta::assert_snapshot!(overlaps(Group::Changes));
}

#[test]
fn liars_about_values() {
    insta::assert_snapshot!(overlaps(Group::Values));
}

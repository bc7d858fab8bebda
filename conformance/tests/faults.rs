//! The judge sees each fault as a breach, and sees nothing of a fault that is off.

mod in_process;

use conformance::{Judgement, Outlook, Verdict, outlook};

use in_process::{judged, mock};

const BOTH: &[&str] = &["job-timeline", "wandb-training"];

/// The timelines for which one of the laws was broken.
fn broken(judgements: &[Judgement]) -> Vec<&str> {
    let breaks = |one: &&Judgement| {
        let mut findings = one.findings.iter();
        findings.any(|found| matches!(found.verdict, Verdict::Broken(_)))
    };
    let broken = judgements.iter().filter(breaks);
    let mut broken: Vec<_> = broken.map(|one| one.contract.as_str()).collect();
    broken.sort_unstable();
    broken
}

/// A mock with `fault` breaks this law, on these timelines and on no others; without it on none.
fn check(fault: &str, law: &str, timelines: &[&str]) {
    let struck = judged(&mock("default", &[fault]), &[law]);
    assert_eq!(broken(&struck), timelines, "{fault}, {law}");
    let honest = judged(&mock("default", &[]), &[law]);
    assert!(broken(&honest).is_empty(), "{law}");
}

#[test]
fn an_injected_status_is_undeclared() {
    for status in ["429", "500", "503"] {
        check(
            &format!("status={status}@every=2"),
            "status-is-declared",
            BOTH,
        );
    }
    check(
        "status=500@10%",
        "hostile-input-never-breaks-the-server",
        BOTH,
    );
}

#[test]
fn an_injected_declared_refusal_keeps_out_the_owner() {
    check("status=404@every=5", "owner-is-served", BOTH);
    check("status=401@every=5", "owner-is-served", BOTH);
}

#[test]
fn a_repeated_page_has_a_cursor_that_is_not_exclusive() {
    check("repeat", "cursor-is-exclusive", BOTH);
    check("repeat@every=2", "reading-twice-reads-the-same", BOTH);
    let (one, training) = ("repeat@operation=wandb-training", &["wandb-training"]);
    check(one, "walks-join-without-gap-or-repeat", training);
    check(one, "cursor-is-exclusive", training);
}

#[test]
fn a_vanished_cursor_is_an_item_key_that_is_unknown() {
    check("vanish", "every-key-is-a-cursor", BOTH);
    check(
        "vanish",
        "has-more-until-nothing-remains",
        &["wandb-training"],
    );
    check(
        "vanish@every=3",
        "tail-reader-sees-each-new-event-once",
        BOTH,
    );
}

#[test]
fn expired_pictures_do_not_open() {
    check("expired", "urls-are-fresh", &["job-timeline"]);
    check("expired", "urls-open", &["job-timeline"]);
    check("expired@job=nobody's", "urls-open", &[]);
}

#[test]
fn an_answer_that_breaks_off_is_not_whole() {
    check("truncate", "answers-are-whole", BOTH);
    // One that breaks off now and then is asked for again.
    check("truncate@80%", "answers-are-whole", BOTH);
}

#[test]
fn nothing_is_judged_without_an_answer() {
    let judgements = judged(&mock("default", &["drop"]), &["answers-match-their-schema"]);
    assert_eq!(outlook(&judgements, false), Outlook::NotJudged);
    for judgement in &judgements {
        let Verdict::Unreachable { reason } = &judgement.findings[0].verdict else {
            panic!("{:?}", judgement.findings[0].verdict);
        };
        assert_eq!(reason, "broken off on purpose");
    }
}

/// These faults break no law, so the judge reports nothing.
fn check_nothing(faults: &[&str]) {
    let judgements = judged(&mock("default", faults), &[]);
    assert_eq!(broken(&judgements), [""; 0], "{faults:?}");
    assert_eq!(outlook(&judgements, false), Outlook::Upheld, "{faults:?}");
}

#[test]
fn late_or_slow_answers_break_no_law() {
    check_nothing(&["latency=1ms..3ms@every=40", "slow=50MB/s@10%"]);
}

#[test]
fn a_fault_that_is_off_breaks_no_law() {
    check_nothing(&[]);
    let never = [
        "status=500@0%",
        "truncate@0%",
        "drop@0%",
        "expired@0%",
        "repeat@0%",
        "vanish@job=nobody's",
    ];
    check_nothing(&never);
}

use std::time::SystemTime;

use super::*;
use crate::testing::{NOW, contracts, hooked};
use crate::{Liar, Options, catalogue, judge};

/// Every format of the report about a server that breaks this law and others.
fn written(law: &str) -> Vec<(&'static str, String)> {
    let law = catalogue::law(law).unwrap();
    let (contract, facts) = contracts()
        .into_iter()
        .find(|(contract, _)| contract.limit().is_some())
        .unwrap();
    let (honest, hooks) = hooked(facts.hooks());
    let facts = facts.with_hooks(hooks);
    let liar = Liar::new(contract.clone(), law.lie, honest);
    let steady = catalogue::LAWS.iter().filter(|law| law.conduct.is_steady());
    let options = Options {
        cases: 12,
        laws: steady.map(|law| law.id.to_owned()).collect(),
        clock: || SystemTime::UNIX_EPOCH + NOW,
        ..Options::default()
    };
    let judgement = judge(&contract, &facts, &liar, &options, &mut |_| {});
    let judged = vec![(&contract, &facts, judgement)];
    let report = Report::new("http://localhost", 1, false, judged, Duration::ZERO);
    let formats = Form::ALL
        .iter()
        .map(|(name, form)| (*name, report.written(*form)));
    formats
        .chain([("terminal", report.terminal(Style::default()))])
        .collect()
}

#[test]
fn every_format_has_the_cause_first_and_shows_what_is_lost() {
    let (cause, follower) = (
        "walks-join-without-gap-or-repeat",
        "smaller-page-is-a-prefix",
    );
    for (format, report) in written(cause) {
        let place = |text: &str| {
            report
                .find(text)
                .unwrap_or_else(|| panic!("{format} has no {text}"))
        };
        assert!(place(cause) < place(follower), "{format}");
        match format {
            "json" => {
                let json: serde_json::Value = serde_json::from_str(&report).unwrap();
                let timeline = &json["timelines"][0];
                assert_eq!(timeline["causes"].as_array().unwrap().len(), 1);
                assert_eq!(timeline["causes"][0]["law"], cause);
                let findings = timeline["findings"].as_array().unwrap();
                let of = |law| findings.iter().find(|one| one["law"] == law).unwrap();
                assert_eq!(of(follower)["follows_from"], cause);
                let pages = &of(cause)["counterexample"]["walk"]["pages"];
                let mut pages = pages.as_array().unwrap().iter();
                assert!(pages.any(|page| page["lost"] != serde_json::json!([])));
            }
            "html" => assert!(place("<svg") < place("</svg>") && place("is lost") > 0),
            "github" => assert!(place("likely follows from") > place("likely follow from it")),
            _ => {
                assert!(place("likely f") > place(cause), "{format}");
                place("is lost");
            }
        }
    }
}

#[test]
fn a_repeated_item_is_shown() {
    for (format, report) in written("keys-are-unique-on-a-page") {
        let shown = report.contains("repeated");
        assert!(shown || format == "github", "{format}: {report}");
    }
}

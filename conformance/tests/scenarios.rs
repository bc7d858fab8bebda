//! The ready scenarios of the mock are judged with every hook.
//!
//! Every law is upheld, except for those that the contract does not ask for. None is unjudged or not in
//! force because data is missing.

mod in_process;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use conformance::{Judgement, Verdict};
use fixtures::Scenario;

use in_process::{judged, mock};

/// The laws that the contracts do not ask for, by timeline.
///
/// They are not in force even for the scenario that has all data.
static NOT_ASKED_FOR: LazyLock<BTreeSet<(String, &str)>> =
    LazyLock::new(|| not_in_force(&judged(&mock("default", &[]), &[])));

fn not_in_force(judgements: &[Judgement]) -> BTreeSet<(String, &'static str)> {
    let findings = judgements
        .iter()
        .flat_map(|one| one.findings.iter().map(|found| (&one.contract, found)));
    findings
        .filter(|(_, found)| matches!(found.verdict, Verdict::NotInForce { .. }))
        .map(|(contract, found)| (contract.clone(), found.law.id))
        .collect()
}

fn check(scenario: &str) {
    let judgements = judged(&mock(scenario, &[]), &[]);
    assert_eq!(judgements.len(), 2, "{scenario}");
    for judgement in &judgements {
        for found in &judgement.findings {
            let settled = matches!(
                found.verdict,
                Verdict::Upheld { .. } | Verdict::NotInForce { .. }
            );
            let (law, contract) = (found.law.id, &judgement.contract);
            assert!(
                settled,
                "{scenario}, {contract}, {law}: {:#?}",
                found.verdict
            );
        }
    }
    assert_eq!(not_in_force(&judgements), *NOT_ASKED_FOR, "{scenario}");
}

macro_rules! scenarios {
    ($($test:ident: $name:literal)*) => {
        $(#[test]
        fn $test() {
            check($name);
        })*

        #[test]
        fn no_ready_scenario_is_left_out() {
            assert_eq!(Scenario::ready_names(), [$($name),*]);
        }
    };
}

scenarios! {
    the_default_world_keeps_the_contract: "default"
    an_empty_account_keeps_the_contract: "empty-account"
    a_long_job_keeps_the_contract: "long-job"
    a_failed_job_keeps_the_contract: "failed-job"
    a_stalled_job_keeps_the_contract: "stalled-job"
    a_thousand_jobs_keep_the_contract: "thousand-jobs"
    unpleasant_data_keeps_the_contract: "unpleasant"
}

//! Whether a liar is caught does not depend on the seed.

use super::dialects::{ALL, made_up, mock, options};
use crate::{Liar, Options, Verdict, judge};

#[test]
fn another_seed_catches_the_same_liars() {
    // So many seeds are compared with the first one in each run; a variable asks for more.
    let last = std::env::var("CONFORMANCE_SEEDS");
    let last: u64 = last.map_or(3, |last| last.parse().expect("a number of seeds"));
    let mut odd = Vec::new();
    for document in ALL {
        let (contract, facts, honest) = mock(document, &made_up());
        let all = judge(
            &contract,
            &facts,
            &honest,
            &options(Vec::new()),
            &mut |_| {},
        );
        let findings = all.findings.into_iter();
        let upheld = findings.filter(|one| matches!(one.verdict, Verdict::Upheld { .. }));
        for law in upheld.map(|one| one.law) {
            let word = |seed: u64| {
                let (_, _, honest) = mock(document, &made_up());
                let liar = Liar::new(contract.clone(), law.lie, honest);
                let options = Options {
                    seed,
                    shrinks: 0,
                    ..options(vec![law.id.to_owned()])
                };
                let found = judge(&contract, &facts, &liar, &options, &mut |_| {});
                found.findings[0].verdict.word()
            };
            let first = word(1);
            odd.extend(
                (2..=last)
                    .filter(|seed| word(*seed) != first)
                    .map(|seed| (law.id, seed)),
            );
        }
    }
    assert!(odd.is_empty(), "{odd:?}");
}

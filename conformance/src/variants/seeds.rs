//! Whether a liar is caught does not depend on the seed.

use super::dialects::{ALL, made_up, mock, options};
use crate::{Liar, Options, Verdict, judge};

#[test]
fn another_seed_catches_the_same_liars() {
    /// The seeds to compare with the first one.
    const OTHERS: std::ops::RangeInclusive<u64> = 2..=3;
    /// Its liar lies only behind odd numbers that at least three events follow, and its pairs are drawn.
    const BY_CHANCE: &str = "later-cursor-reads-a-suffix";
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
                OTHERS
                    .filter(|seed| word(*seed) != first)
                    .map(|seed| (law.id, seed)),
            );
        }
    }
    odd.retain(|(law, _)| *law != BY_CHANCE);
    assert!(odd.is_empty(), "{odd:?}");
}

//! Whether a law is upheld, and whether its liar is caught, does not depend on the seed.

use openapi::Contract;

use super::dialects::{ALL, made_up, mock, options};
use super::{answers, requests};
use crate::testing::{contracts, hooked};
use crate::{Facts, Law, Liar, Lost, Options, Reply, Request, Subject, Verdict, catalogue, judge};

/// The number of seeds that each run compares with the first one; a variable asks for more.
fn last_seed() -> u64 {
    let last = std::env::var("CONFORMANCE_SEEDS");
    last.map_or(3, |last| last.parse().expect("a number of seeds"))
}

/// The documents to judge: a few in each run, and all dialects where a variable asks for more seeds.
fn documents() -> Vec<(&'static str, &'static str)> {
    let others = requests::ALL.into_iter().chain(answers::ALL);
    let is_long = last_seed() > 3;
    let names = ["token", "page", "body", "changes"];
    let usual = names.into_iter().zip(ALL);
    usual.chain(others.filter(|_| is_long)).collect()
}

/// The verdict of each law on a subject, in one word.
fn words(
    contract: &Contract,
    facts: &Facts,
    subject: &dyn Subject,
    options: &Options,
) -> Vec<(&'static str, &'static str)> {
    let judgement = judge(contract, facts, subject, options, &mut |_| {});
    let findings = judgement.findings.iter();
    findings
        .filter(|one| one.law.conduct.is_steady())
        .map(|one| (one.law.id, one.verdict.word()))
        .collect()
}

/// The verdict on a subject by one law, in one word.
fn word(
    contract: &Contract,
    facts: &Facts,
    subject: &dyn Subject,
    law: &Law,
    seed: u64,
) -> &'static str {
    let options = Options {
        seed,
        shrinks: 0,
        ..options(vec![law.id.to_owned()])
    };
    let found = judge(contract, facts, subject, &options, &mut |_| {});
    found.findings[0].verdict.word()
}

#[test]
fn another_seed_catches_the_same_liars() {
    let mut odd = Vec::new();
    let mut compare = |name: &str, law: &Law, word: &dyn Fn(u64) -> &'static str| {
        let first = word(1);
        let mut seeds = 2..=last_seed();
        odd.extend(
            seeds
                .find(|seed| word(*seed) != first)
                .map(|seed| (name.to_owned(), law.id, seed)),
        );
    };
    for (name, document) in documents() {
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
            compare(name, law, &|seed| {
                let (_, _, honest) = mock(document, &made_up());
                let liar = Liar::new(contract.clone(), law.lie, honest);
                word(&contract, &facts, &liar, law, seed)
            });
        }
    }
    let is_long = last_seed() > 3;
    for (contract, facts) in contracts().into_iter().filter(|_| is_long) {
        for law in catalogue::LAWS.iter().filter(|law| law.conduct.is_steady()) {
            compare(&contract.name(), law, &|seed| {
                let (honest, hooks) = hooked(facts.hooks());
                let liar = Liar::new(contract.clone(), law.lie, honest);
                word(
                    &contract,
                    &facts.clone().with_hooks(hooks),
                    &liar,
                    law,
                    seed,
                )
            });
        }
    }
    assert!(odd.is_empty(), "{odd:?}");
}

#[test]
fn another_seed_upholds_the_same_laws() {
    let mut odd = Vec::new();
    let mut compare = |name: &str, word: &dyn Fn(u64) -> Vec<(&'static str, &'static str)>| {
        let first = word(1);
        assert!(first.iter().any(|(_, word)| *word == "upheld"), "{first:?}");
        for seed in 2..=last_seed() {
            let pairs = first.iter().zip(word(seed));
            let differ = pairs.filter(|(one, other)| *one != other);
            odd.extend(differ.map(|(one, other)| (name.to_owned(), seed, *one, other.1)));
        }
    };
    let of_seed = |seed: u64| Options {
        seed,
        ..options(Vec::new())
    };
    for (name, document) in documents() {
        let (contract, facts, honest) = mock(document, &made_up());
        compare(name, &|seed| {
            words(&contract, &facts, &honest, &of_seed(seed))
        });
    }
    for (contract, facts) in contracts() {
        let honest = crate::testing::honest();
        let send = |request: &Request| -> Result<Reply, Lost> { honest.send(request) };
        compare(&contract.name(), &|seed| {
            words(&contract, &facts, &send, &of_seed(seed))
        });
    }
    assert!(odd.is_empty(), "{odd:?}");
}

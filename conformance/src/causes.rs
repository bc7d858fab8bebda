//! One fault of a server breaks several laws. This finds the laws that are probably the cause of the others.
//!
//! The knowledge is the table of laws and liars: the laws that a server breaks if it is made to break one. A
//! review of that table is a review of what is said here, so it is the snapshot of the tests in `matrix.rs`.
//! It is a guess, and reports call it one.

use std::collections::{BTreeMap, HashSet};
use std::sync::OnceLock;

use crate::verdict::{Finding, Verdict};
use crate::{Law, Level, catalogue};

/// The table, by the groups of the laws that the liars break.
const TABLE: [&str; 11] = [
    include_str!("snapshots/conformance__matrix__liars_about_shape.snap"),
    include_str!("snapshots/conformance__matrix__liars_about_the_envelope.snap"),
    include_str!("snapshots/conformance__matrix__liars_about_limits.snap"),
    include_str!("snapshots/conformance__matrix__liars_about_cursors.snap"),
    include_str!("snapshots/conformance__matrix__liars_about_walks.snap"),
    include_str!("snapshots/conformance__matrix__liars_about_growth.snap"),
    include_str!("snapshots/conformance__matrix__liars_about_missing_resources.snap"),
    include_str!("snapshots/conformance__matrix__liars_about_authentication.snap"),
    include_str!("snapshots/conformance__matrix__liars_about_refusals.snap"),
    include_str!("snapshots/conformance__matrix__liars_about_values.snap"),
    include_str!("snapshots/conformance__matrix__liars_about_changes.snap"),
];

/// The laws that a liar breaks besides its own, once for each contract that it lied about.
type Rows = BTreeMap<&'static str, Vec<HashSet<&'static str>>>;

/// A broken law, and the broken laws that likely follow from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// The law's id.
    pub law: &'static str,
    /// The ids of the laws that likely follow from it, in the catalogue's order.
    pub follows: Vec<&'static str>,
}

/// The causes of all breaches in `findings`: those that fail first, else in the catalogue's order.
///
/// Each broken law is one of them, or follows from one. A law that is only observed is never a cause.
pub fn causes(findings: &[Finding]) -> Vec<Headline> {
    let is_broken = |one: &&Finding| matches!(one.verdict, Verdict::Broken(_));
    let broken: Vec<&Finding> = findings.iter().filter(is_broken).collect();
    let weighty: Vec<&Finding> = broken
        .iter()
        .filter(|one| one.level != Level::Info)
        .copied()
        .collect();
    let judged = findings
        .iter()
        .filter(|one| matches!(one.verdict, Verdict::Upheld { .. } | Verdict::Broken(_)));
    let scene = Scene {
        judged: judged.map(|one| one.law.id).collect(),
        broken: broken.iter().map(|one| one.law.id).collect(),
    };
    let mut chosen = scene.fewest(&weighty);
    chosen.sort_by_key(|one| std::cmp::Reverse(one.level));
    let is_chosen = |law: &Law| chosen.iter().any(|one| one.law.id == law.id);
    let mut causes: Vec<Headline> = chosen
        .iter()
        .map(|one| Headline {
            law: one.law.id,
            follows: Vec::new(),
        })
        .collect();
    for follower in broken.iter().filter(|one| !is_chosen(one.law)) {
        let id = follower.law.id;
        let explains = |cause: &&mut Headline| scene.row(cause.law).contains(id);
        // `max_by` keeps the last of equal ones.
        let candidates = causes.iter_mut().rev().filter(explains);
        let near = |cause: &Headline| scene.nearness(&[cause.law]);
        let nearest = candidates.max_by(|one, other| near(one).total_cmp(&near(other)));
        if let Some(cause) = nearest {
            cause.follows.push(id);
        }
    }
    causes
}

/// The laws of a run whose verdicts say something.
struct Scene {
    judged: HashSet<&'static str>,
    broken: HashSet<&'static str>,
}

impl Scene {
    /// The fewest laws from which all others follow. Of several such choices it is the nearest to the table.
    fn fewest<'f>(&self, broken: &[&'f Finding]) -> Vec<&'f Finding> {
        /// The greatest number of causes for which every choice is tried.
        const TRIED: usize = 3;
        /// With more broken laws, there would be too many choices.
        const MANY: usize = 40;
        let follows = |one: &Finding, from: &[&Finding]| {
            let causes = from.iter().filter(|cause| cause.level != Level::Info);
            let mut causes = causes.map(|cause| cause.law.id);
            causes.any(|cause| cause == one.law.id || self.row(cause).contains(one.law.id))
        };
        let explain_all = |chosen: &[&Finding]| broken.iter().all(|one| follows(one, chosen));
        if broken.len() <= MANY {
            for count in 0..=TRIED {
                let choices = choices(broken, count);
                let choices = choices.into_iter().filter(|chosen| explain_all(chosen));
                // `min_by` keeps the first of equal ones.
                let best = choices.min_by(|one, other| self.rank(one).total_cmp(&self.rank(other)));
                if let Some(best) = best {
                    return best;
                }
            }
        }
        let mut chosen: Vec<&Finding> = Vec::new();
        while !explain_all(&chosen) {
            let left = broken.iter().filter(|one| !follows(one, &chosen));
            let left: Vec<_> = left.copied().collect();
            let explained =
                |cause: &Finding| left.iter().filter(|one| follows(one, &[cause])).count();
            let candidates = broken.iter().rev();
            let best = candidates.max_by(|one, other| {
                let (more, less) = (explained(one), explained(other));
                let ranks = || self.rank(&[*other]).total_cmp(&self.rank(&[*one]));
                more.cmp(&less).then_with(ranks)
            });
            chosen.extend(best);
        }
        chosen.sort_by_key(|one| broken.iter().position(|known| known.law.id == one.law.id));
        chosen
    }

    /// How bad a choice of causes is: each that is no MUST counts most, and then the distance to the table.
    fn rank(&self, chosen: &[&Finding]) -> f64 {
        let lesser = chosen.iter().filter(|one| one.level != Level::Must).count();
        let ids: Vec<_> = chosen.iter().map(|one| one.law.id).collect();
        let lesser = f64::from(u32::try_from(lesser).unwrap_or(u32::MAX));
        2.0 * lesser - self.nearness(&ids)
    }

    /// The nearness of the broken laws to those that these causes break, from 0 to 1 (their Jaccard index).
    fn nearness(&self, causes: &[&'static str]) -> f64 {
        let mut expected: HashSet<&'static str> = causes.iter().copied().collect();
        for cause in causes {
            let rows = rows().get(cause).into_iter().flatten();
            let rows = rows.map(|row| {
                row.intersection(&self.judged)
                    .copied()
                    .collect::<HashSet<_>>()
            });
            let nearest = rows.max_by(|one, other| {
                let near = |row: &HashSet<_>| jaccard(row, &self.broken);
                near(one).total_cmp(&near(other))
            });
            expected.extend(nearest.unwrap_or_default());
        }
        jaccard(&expected, &self.broken)
    }

    /// The broken laws that may follow from `cause`.
    fn row(&self, cause: &str) -> HashSet<&'static str> {
        let rows = rows().get(cause).into_iter().flatten();
        let mut row: HashSet<_> = rows.flatten().copied().collect();
        // The table does not try laws whose verdicts may differ from run to run. They repeat what the other laws of
        // their group say, for several clients or while time passes.
        let group = |id: &str| catalogue::law(id).map(|law| law.group);
        let groups: Vec<_> = row.iter().copied().chain([cause]).map(group).collect();
        let unsteady = catalogue::LAWS
            .iter()
            .filter(|law| !law.conduct.is_steady());
        row.extend(
            unsteady
                .filter(|law| groups.contains(&Some(law.group)))
                .map(|law| law.id),
        );
        row.intersection(&self.broken).copied().collect()
    }
}

fn jaccard(one: &HashSet<&'static str>, other: &HashSet<&'static str>) -> f64 {
    let size = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let all = one.union(other).count();
    size(one.intersection(other).count()) / size(all.max(1))
}

/// All choices of `count` of these, in their order.
fn choices<'f>(from: &[&'f Finding], count: usize) -> Vec<Vec<&'f Finding>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, first) in from.iter().enumerate() {
        for mut choice in choices(&from[index + 1..], count - 1) {
            choice.insert(0, *first);
            all.push(choice);
        }
    }
    all
}

/// The table, read.
fn rows() -> &'static Rows {
    static ROWS: OnceLock<Rows> = OnceLock::new();
    ROWS.get_or_init(|| {
        let mut rows = Rows::new();
        let mut law = "";
        // The head of a snapshot ends with the second line of three hyphens.
        let tables = TABLE
            .iter()
            .filter_map(|text| text.splitn(3, "---\n").nth(2));
        for line in tables.flat_map(str::lines) {
            if !line.starts_with(' ') {
                law = line;
                continue;
            }
            let also = line.split_once("; also ").map_or("", |(_, also)| also);
            let also = also.split(", ").filter_map(|one| one.split(' ').next());
            let also = also.filter(|one| *one != "nothing").collect();
            rows.entry(law).or_default().push(also);
        }
        rows
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{Counterexample, Shrinking};
    use crate::{Breach, Case};

    fn finding(law: &'static Law, broken: bool) -> Finding {
        let found = || Counterexample {
            case: Case::default(),
            breach: Breach {
                expected: String::new(),
                actual: String::new(),
                citation: None,
            },
            exchanges: Vec::new(),
            shrinking: Shrinking::Smallest,
        };
        Finding {
            law,
            level: law.level,
            lowered: None,
            citation: String::new(),
            verdict: if broken {
                Verdict::Broken(Box::new(found()))
            } else {
                Verdict::Upheld { cases: 1 }
            },
            scope: crate::Scope::default(),
            notes: std::collections::BTreeSet::new(),
            accepted: None,
            picture: None,
        }
    }

    /// The causes if these laws are broken, and all others are upheld.
    fn check(broken: &[&str], expect: &[(&str, usize)]) {
        let laws = catalogue::LAWS.iter();
        let findings: Vec<_> = laws
            .map(|law| finding(law, broken.contains(&law.id)))
            .collect();
        let causes = causes(&findings);
        let found: Vec<_> = causes
            .iter()
            .map(|one| (one.law, one.follows.len()))
            .collect();
        assert_eq!(found, expect, "{causes:#?}");
    }

    #[test]
    fn the_table_names_each_law_and_no_other() {
        let laws: HashSet<_> = catalogue::LAWS.iter().map(|law| law.id).collect();
        assert_eq!(rows().keys().copied().collect::<HashSet<_>>(), laws);
        let named: HashSet<_> = rows().values().flatten().flatten().copied().collect();
        assert!(named.is_subset(&laws), "{named:?}");
    }

    #[test]
    fn a_liar_has_one_cause() {
        for (law, variants) in rows() {
            for row in variants.iter().filter(|row| row.len() > 2) {
                let broken: Vec<_> = row.iter().copied().chain([*law]).collect();
                let laws = catalogue::LAWS.iter();
                let findings: Vec<_> = laws
                    .map(|law| finding(law, broken.contains(&law.id)))
                    .collect();
                let causes = causes(&findings);
                assert_eq!(causes.len(), 1, "{law}: {causes:?}");
            }
        }
    }

    #[test]
    fn the_cause_is_the_law_from_which_the_others_follow() {
        check(&[], &[]);
        check(&["walks-end"], &[("walks-end", 0)]);
        check(
            &[
                "smaller-page-is-a-prefix",
                "walks-join-without-gap-or-repeat",
                "growth-during-a-walk-loses-nothing",
                "pages-are-full-while-more-remain",
            ],
            &[("walks-join-without-gap-or-repeat", 3)],
        );
        check(
            &[
                "limit-defaults-as-documented",
                "cursor-is-exclusive",
                "every-key-is-a-cursor",
                "last-key-leads-to-an-empty-page",
                "walks-join-without-gap-or-repeat",
                "has-more-until-nothing-remains",
                "growth-during-a-walk-loses-nothing",
            ],
            &[("cursor-is-exclusive", 6)],
        );
    }

    #[test]
    fn a_law_that_is_not_in_the_table_follows_from_its_group() {
        check(
            &[
                "concurrent-walks-do-not-interfere",
                "walks-join-without-gap-or-repeat",
            ],
            &[("walks-join-without-gap-or-repeat", 1)],
        );
    }

    #[test]
    fn two_faults_are_two_causes() {
        check(
            &[
                "422-matches-its-schema",
                "422-says-what-is-wrong",
                "unknown-resource-is-404",
                "foreign-and-unknown-look-alike",
                "answers-match-their-schema",
            ],
            &[
                ("unknown-resource-is-404", 1),
                ("422-matches-its-schema", 2),
            ],
        );
    }

    #[test]
    fn a_law_that_is_only_observed_follows_or_stands_alone() {
        check(
            &[
                "foreign-resource-is-404",
                "status-is-declared",
                "times-follow-the-order",
            ],
            &[("foreign-resource-is-404", 1)],
        );
    }
}

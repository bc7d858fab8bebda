//! A plan says before a run what the run may send.

use std::fmt;

use openapi::Contract;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Facts, Law, Options, UnsafeMethods};

/// What a run may send at most. As text it is one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Plan {
    /// The greatest number of requests for each timeline. `null` if there is no limit.
    pub requests: Option<u64>,
    /// The resources to which hooks may add events.
    pub hooks: Vec<Additions>,
    /// Whether POST, PUT, PATCH, DELETE and TRACE may be sent.
    pub may_change_data: bool,
}

/// The resources of one timeline to which hooks may add events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Additions {
    /// The timeline's name.
    pub timeline: String,
    /// The names of the resources.
    pub resources: Vec<String>,
}

impl Plan {
    /// The plan of a run with these options.
    pub fn of(judged: &[(&Contract, &Facts)], options: &Options) -> Self {
        let laws = options.selected();
        let some_law = |is: fn(&Law) -> bool| laws.iter().any(|law| is(law));
        let adds = some_law(|law| law.conduct.adds_events);
        let changes = some_law(|law| law.conduct.may_change_data);
        let additions = |(contract, facts): &(&Contract, &Facts)| {
            let hooks = facts.hooks();
            let used = adds && (hooks.can_append() || hooks.can_hide());
            let growing = facts.resources().iter().filter(|one| one.grows && used);
            let resources: Vec<_> = growing.map(|one| one.name.clone()).collect();
            let timeline = contract.name();
            (!resources.is_empty()).then_some(Additions {
                timeline,
                resources,
            })
        };
        let allowed = |(_, facts): &(&Contract, &Facts)| {
            changes && facts.unsafe_methods() == UnsafeMethods::Allow
        };
        Self {
            requests: Some(options.budget.requests).filter(|most| *most < u64::MAX),
            hooks: judged.iter().filter_map(additions).collect(),
            may_change_data: judged.iter().any(allowed),
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.requests {
            Some(most) => write!(out, "sends at most {most} requests for each timeline; ")?,
            None => out.write_str("sends any number of requests; ")?,
        }
        for (index, additions) in self.hooks.iter().enumerate() {
            let before = if index == 0 {
                "hooks add events to "
            } else {
                ", "
            };
            write!(out, "{before}{additions}")?;
        }
        match (self.hooks.is_empty(), self.may_change_data) {
            (true, false) => out.write_str("only reads"),
            (false, false) => out.write_str("; all other requests only read"),
            (is_first, true) => {
                let before = if is_first { "" } else { "; " };
                write!(
                    out,
                    "{before}POST, PUT, PATCH, DELETE and TRACE may change data (`unsafe-methods: allow`)"
                )
            }
        }
    }
}

impl fmt::Display for Additions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// The number of resources to name.
        const NAMED: usize = 3;
        let named: Vec<_> = self.resources.iter().take(NAMED).cloned().collect();
        write!(out, "{} ({}", self.timeline, named.join(", "))?;
        match self.resources.len().saturating_sub(NAMED) {
            0 => out.write_str(")"),
            more => write!(out, " and {more} more)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;
    use crate::testing::{contracts, hooked};

    fn check(options: &Options, permission: UnsafeMethods, with_hooks: bool, expect: &str) {
        let facts = contracts().into_iter().map(|(contract, facts)| {
            let facts = facts.with_unsafe_methods(permission);
            let (_, hooks) = hooked(facts.hooks());
            let facts = if with_hooks {
                facts.with_hooks(hooks)
            } else {
                facts
            };
            (contract, facts)
        });
        let facts: Vec<_> = facts.collect();
        let judged: Vec<_> = facts
            .iter()
            .map(|(contract, facts)| (contract, facts))
            .collect();
        assert_eq!(Plan::of(&judged, options).to_string(), expect);
    }

    #[test]
    fn a_plan_says_how_much_is_sent_and_what_may_change() {
        let options = Options::default();
        let (refuse, allow) = (UnsafeMethods::Refuse, UnsafeMethods::Allow);
        check(
            &options,
            refuse,
            false,
            "sends any number of requests; only reads",
        );
        check(
            &options,
            allow,
            false,
            "sends any number of requests; POST, PUT, PATCH, DELETE and TRACE may change data \
             (`unsafe-methods: allow`)",
        );
        let few = Options {
            budget: Budget {
                requests: 500,
                ..Budget::default()
            },
            ..Options::default()
        };
        let hooks = "job-timeline (01JADA0000000000000000FEED, 01JGRACE00000000000000FEED), \
                     wandb-training (0a000000-0000-4000-8000-00000000feed, \
                     0b000000-0000-4000-8000-00000000feed)";
        check(
            &few,
            refuse,
            true,
            &format!(
                "sends at most 500 requests for each timeline; hooks add events to {hooks}; all other requests \
                 only read"
            ),
        );
        check(
            &options,
            allow,
            true,
            &format!(
                "sends any number of requests; hooks add events to {hooks}; POST, PUT, PATCH, DELETE and TRACE \
                 may change data (`unsafe-methods: allow`)"
            ),
        );
    }

    #[test]
    fn laws_that_are_not_judged_change_nothing() {
        let options = Options {
            laws: vec!["owner-is-served".to_owned()],
            ..Options::default()
        };
        let expect = "sends any number of requests; only reads";
        check(&options, UnsafeMethods::Allow, true, expect);
    }
}

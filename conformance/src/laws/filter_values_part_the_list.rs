//! The values of a parameter that filters part the list.

use std::collections::BTreeMap;

use openapi::{Chooses, Promise};
use serde_json::Value;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, never_occurs, not_in_force};
use crate::session::Session;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "filter-values-part-the-list",
    group: Group::Walk,
    title: "each item of a list is in the list of exactly one value of a parameter that filters",
    why: "a client that reads the list value by value misses items, or meets some twice",
    level: Level::Info,
    basis: Basis::Inferred(
        "the values of an enumeration exclude each other, and the parameter takes no others",
    ),
    citation: |contract| contract.cite("/parameters"),
    cases: |session| {
        session.needs(Promise::Pages)?;
        let filters = filters(session);
        if filters.is_empty() {
            return not_in_force("no parameter of the query has a few values to filter by");
        }
        let (id, _) = draw::longest(session)?;
        let cases = filters.into_iter().filter_map(|(name, values)| {
            let first = values.into_iter().next()?;
            Some(Case::of(&id).send(&name, first))
        });
        Ok(Cases::Each(cases.collect()))
    },
    holds: |session, case| {
        let filters = filters(session);
        let Some((name, values)) = filters
            .iter()
            .find(|(name, _)| case.sent.iter().any(|(sent, _)| sent == name))
        else {
            return moot("the contract has no such parameter");
        };
        let plain = Case {
            sent: Vec::new(),
            ..case.clone()
        };
        let Some(all) = session.filtered(&plain)? else {
            return moot("the list is too long to be read whole");
        };
        let mut parts: BTreeMap<String, &String> = BTreeMap::new();
        let mut leaves_out = false;
        for value in values {
            let Some(part) = session.filtered(&plain.clone().send(name, value))? else {
                return moot("the list is too long to be read whole");
            };
            if part == all {
                // Such a value means that nothing is left out.
                continue;
            }
            leaves_out |= !part.is_empty();
            for key in part {
                if let Some(other) = parts.insert(key.clone(), value) {
                    return broken(
                        "lists that share no item",
                        format!("{key} for {name}={other} and for {name}={value}"),
                    );
                }
            }
        }
        if !leaves_out {
            return never_occurs("no parameter leaves out some items and not all");
        }
        let lost = all.iter().find(|key| !parts.contains_key(*key));
        let strange = parts.keys().find(|key| !all.contains(key));
        if lost.is_none() && strange.is_none() {
            return Ok(());
        }
        if session.filtered(&plain)?.as_ref() != Some(&all) {
            return moot("the list changed meanwhile");
        }
        let odd = match (lost, strange) {
            (Some(key), _) => format!("{key} is in none of them"),
            (None, Some(key)) => format!("{key} is not in the list without the parameter"),
            (None, None) => return Ok(()),
        };
        broken(
            format!("each item in the list of one value of `{name}`"),
            odd,
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Leaves the first item of each page out where a parameter filters.
        let paging = lied.contract.paging();
        let query = request.query();
        let filters = query.iter().any(|(name, _)| !paging.asks_by(name));
        lied.edit_served(request, |items| {
            if filters && items.len() > 1 {
                items.remove(0);
            }
        })
    },
};

/// The parameters of the query that may filter, each with all the values that it takes.
fn filters(session: &Session<'_>) -> Vec<(String, Vec<String>)> {
    /// The greatest number of values of a parameter, because each costs a walk.
    const MOST: usize = 8;
    let all = |name: &str| {
        let mut parameters = session.contract().parameters();
        let schema = &parameters.find(|one| one.name == *name)?.schema;
        let values = schema.keyword("enum")?.as_array()?.iter();
        let texts = values
            .filter_map(Value::as_str)
            .filter(|one| !one.is_empty());
        Some(texts.map(str::to_owned).collect::<Vec<_>>())
    };
    // One that says the order leaves nothing out.
    let mut known = session.contract().list_filters();
    known.retain(|one| matches!(one.chooses, Chooses::Order | Chooses::Direction));
    let sorts = |name: &str| known.iter().any(|one| one.parameter.name == *name);
    let mut may_filter = session.filters();
    may_filter.retain(|(name, _)| !sorts(name));
    let found = may_filter.into_iter().map(|(name, two)| {
        let values = all(&name).unwrap_or_else(|| two.into());
        (name, values)
    });
    found.filter(|(_, values)| values.len() <= MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::Verdict;
    use crate::variants::filters::{caught, sorted};

    #[test]
    fn a_server_whose_filters_lose_an_item_is_caught() {
        insta::assert_snapshot!(caught(&LAW, false));
    }

    #[test]
    fn a_parameter_that_names_the_order_leaves_nothing_out() {
        let found = sorted(&LAW);
        assert!(matches!(found, Verdict::NotInForce { .. }), "{found:#?}");
    }
}

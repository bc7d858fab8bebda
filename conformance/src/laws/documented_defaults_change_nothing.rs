//! A parameter that is sent with its documented default changes nothing.

use openapi::{Location, Parameter};
use serde_json::Value;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::{Session, difference};
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "documented-defaults-change-nothing",
    group: Group::Refusal,
    title: "a parameter that is sent with its documented default returns the same items as the request without it",
    why: "a client that states the default, or leaves it out to save bytes, reads another list than it means to",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/parameters"),
    cases: |session| {
        let defaults = defaults(session);
        if defaults.is_empty() {
            return not_in_force("no parameter of the query but the limit documents a default");
        }
        let (id, _) = draw::longest(session)?;
        let cases = defaults
            .into_iter()
            .map(|(name, text)| Case::of(&id).send(&name, text));
        Ok(Cases::Each(cases.collect()))
    },
    holds: |session, case| {
        let plain = Case {
            sent: Vec::new(),
            ..case.clone()
        };
        let plain = session.ask(&plain)?;
        let before = session.page_or_moot(&plain)?;
        let exchange = session.send_case(case)?;
        // A parameter may depend on another one, or on what the caller may do.
        let status = exchange.reply.status;
        if (400..500).contains(&status) {
            session.note(format!(
                "a documented default is refused with status {status}"
            ));
            return moot("the documented default is refused");
        }
        let page = session.read_or_moot(&exchange)?;
        let after = session.page_or_moot(&plain)?;
        if before.keys != after.keys {
            return moot("the list changed meanwhile");
        }
        if page.keys == before.keys {
            return Ok(());
        }
        broken(
            format!(
                "the {} items of the page without the parameter",
                before.keys.len()
            ),
            difference(&before.keys, &page.keys),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Takes another parameter than those of paging for a filter, whatever its value is.
        let paging = lied.contract.paging();
        let query = request.query();
        let filters = query.iter().any(|(name, _)| !paging.asks_by(name));
        lied.edit_served(request, |items| {
            if filters && !items.is_empty() {
                items.remove(0);
            }
        })
    },
};

/// The parameters of the query with a documented default, and the default as text. The limit has a law of its own.
fn defaults(session: &Session<'_>) -> Vec<(String, String)> {
    /// The greatest number of them, because each costs some requests.
    const MOST: usize = 8;
    let paging = session.contract().paging();
    let is_own = |parameter: &Parameter| {
        // A cursor's default is a place in a list, and both ways of paging do not mix.
        let is_given = session.resources().iter().flat_map(|one| &one.parameters);
        let mut is_given = is_given.filter(|one| one.name == parameter.name);
        !paging.asks_by(&parameter.name) && is_given.next().is_none()
    };
    let parameters = session.contract().parameters().filter(|one| {
        one.location == Location::Query && !one.required && one.is_plain() && is_own(one)
    });
    let found = parameters.filter_map(|one| {
        let text = match one.schema.keyword("default")? {
            Value::String(text) => text.clone(),
            value @ (Value::Bool(_) | Value::Number(_)) => value.to_string(),
            _ => return None,
        };
        let is_good = !text.is_empty() && one.read(&text).is_ok();
        is_good.then(|| (one.name.clone(), text))
    });
    found.take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::filters::caught;

    #[test]
    fn a_server_that_filters_by_a_documented_default_is_caught() {
        insta::assert_snapshot!(caught(&LAW, false));
    }
}

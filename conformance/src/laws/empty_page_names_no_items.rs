//! A page without items names no first and no last item.

use openapi::{Contract, Selector};
use serde_json::Value;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::outcome::{broken, moot, not_in_force};
use crate::session::PageEnd;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "empty-page-names-no-items",
    group: Group::Envelope,
    title: "a page without items leaves out the keys of its first and last item, or has the defaults there",
    why: "a client that continues from the key of an item that does not exist starts in the wrong place",
    level: Level::Should,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/echo"),
    cases: |session| {
        if echoes(session.contract()).is_empty() {
            return not_in_force("a page may leave out no key of its items");
        }
        draw::ends(session).map(Cases::Each)
    },
    holds: |session, case| {
        let page = session.page_or_moot(&session.ask(case)?)?;
        if !page.keys.is_empty() {
            return moot("the page has items");
        }
        for echo in echoes(session.contract()) {
            let schema = session.contract().body().at(echo);
            let default = schema.as_ref().and_then(|schema| schema.keyword("default"));
            match echo.get(&page.body) {
                None | Some(Value::Null) => {}
                named if named == default => {}
                Some(named) => {
                    let default = default.map_or(String::new(), |default| format!("{default} or "));
                    return broken(format!("{default}nothing at `{echo}`"), named.to_string());
                }
            }
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Sends the request's cursor, or the resource's id, as an item's key.
        let asked = lied.asked(request);
        lied.edit_page(request, |body| {
            if lied.items(body).is_empty() {
                for echo in echoes(lied.contract) {
                    let name = asked.cursor.as_ref().unwrap_or(&asked.id);
                    *place(body, echo) = name.clone().into();
                }
            }
        })
    },
};

/// The places that repeat the keys of a page's ends, and that the schema lets an empty page leave out.
fn echoes(contract: &Contract) -> Vec<&Selector> {
    [PageEnd::First, PageEnd::Last]
        .into_iter()
        .filter_map(|end| end.echo(contract).ok())
        .filter(|echo| !must_be_there(contract, echo))
        .collect()
}

/// Whether an empty page, too, must have a text at this place, and no documented one.
fn must_be_there(contract: &Contract, echo: &Selector) -> bool {
    let schema = contract.body().at(echo);
    let free = schema.is_some_and(|schema| {
        schema.keyword("default").is_some() || schema.types().contains(&"null")
    });
    !free
        && echo
            .root()
            .is_some_and(|name| contract.body().requires(name))
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_repeats_the_cursor_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}

//! A body that names its resource names the requested one.

use openapi::{Contract, Selector};
use serde_json::Value;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::outcome::{broken, never_occurs, not_in_force};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "resource-is-echoed",
    group: Group::Shape,
    title: "the resource that the body names is the requested one",
    why: "a client that stores answers by their id stores this one under another resource",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/parent/echo"),
    cases: |session| {
        if echo(session.contract()).is_none() {
            return not_in_force("the body does not repeat the resource's id");
        }
        draw::pages(session, 0, 0).map(Cases::Drawn)
    },
    holds: |session, case| {
        let page = session.page_or_moot(&session.ask(case)?)?;
        let named = echo(session.contract()).and_then(|echo| echo.get(&page.body));
        let id = session.id_of(&case.resource);
        match named.and_then(Value::as_str) {
            None => never_occurs("no body that was read names its resource"),
            Some(named) if named.eq_ignore_ascii_case(&id) => Ok(()),
            Some(named) => broken(id, named),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        lied.edit_page(request, |body| {
            if let Some(echo) = echo(lied.contract) {
                let id = lied.asked(request).id;
                let other = if id.ends_with('0') { '1' } else { '0' };
                let stem: String = id
                    .chars()
                    .take(id.chars().count().saturating_sub(1))
                    .collect();
                *place(body, echo) = format!("{stem}{other}").into();
            }
        })
    },
};

fn echo(contract: &Contract) -> Option<&Selector> {
    contract.pagination().parent.as_ref()?.echo.as_ref()
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_names_another_resource_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}

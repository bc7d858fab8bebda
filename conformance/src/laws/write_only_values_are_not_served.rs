//! No page has a value that the document says is only for requests.

use openapi::{Contract, Schema};
use serde_json::json;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "write-only-values-are-not-served",
    group: Group::Shape,
    title: "no page has a value of a `writeOnly` property",
    why: "such a value is a secret: a password, or a key that is shown once",
    level: Level::Should,
    basis: Basis::Document,
    citation: |contract| {
        let schema = write_only(contract).into_iter().next();
        schema.map_or_else(String::new, |schema| {
            contract.document().cite(schema.pointer())
        })
    },
    cases: |session| {
        if write_only(session.contract()).is_empty() {
            return not_in_force("no schema of a page is `writeOnly`");
        }
        draw::pages(session, 1, 1).map(Cases::Drawn)
    },
    holds: |session, case| {
        let exchange = session.send_case(case)?;
        let page = session.read_or_moot(&exchange)?;
        let body = session.contract().body();
        let marked = body.markings(&page.body, KEYWORD).into_iter();
        // A null tells nothing.
        let mut served = marked.filter(|one| *one.says == true && !one.value.is_null());
        match served.next() {
            None => Ok(()),
            // The value may be a secret, so it is not shown.
            Some(marking) => broken(
                format!("no value at {}", marking.instance),
                "a value of the `writeOnly` property",
            ),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let item = lied.contract.item();
        let secret = item.properties().into_iter().find(|name| {
            let property = item.property(name);
            property.is_some_and(|schema| schema.is_write_only())
        });
        lied.edit_items(request, |items| {
            for item in items {
                if let Some(name) = &secret {
                    item[name.as_str()] = json!("a secret");
                }
            }
        })
    },
};

const KEYWORD: &str = "writeOnly";

fn write_only(contract: &Contract) -> Vec<Schema> {
    let mut schemas = contract.body().saying(KEYWORD);
    schemas.retain(Schema::is_write_only);
    schemas
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::keywords::caught;

    #[test]
    fn a_server_that_serves_passwords_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}

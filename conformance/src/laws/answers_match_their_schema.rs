//! Every body is valid against the schema of its status, formats included.

use openapi::Schema;
use serde_json::json;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::session::Watch;
use crate::{Breach, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "answers-match-their-schema",
    group: Group::Shape,
    title: "every body is valid against the schema that is declared for its status, formats included",
    why: "generated clients fail to read anything else",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.document().cite(contract.body().pointer()),
    cases: |session| draw::pages(session, 0, 0).map(Cases::Drawn),
    holds: |session, case| session.watched(case, WATCH),
    watch: Some(WATCH),
    conduct: Conduct::READS,
    lie: |lied, request| {
        // A list where an item must have another type, in a property that no other law is about.
        let schema = lied.contract.item();
        let key = &lied.contract.pagination().key;
        let misfit = schema.properties().into_iter().find(|name| {
            let property = schema.property(name).filter(|_| schema.requires(name));
            let bare = |one: &Schema| {
                let said = ["format", "enum", "const"];
                said.iter().all(|keyword| one.keyword(keyword).is_none())
            };
            let other_than_a_list = |one: Schema| bare(&one) && !one.types().contains(&"array");
            key.root() != Some(name) && property.is_some_and(other_than_a_list)
        });
        lied.edit_items(request, |items| {
            for item in items.iter_mut() {
                match &misfit {
                    Some(name) => item[name.as_str()] = json!([1.5]),
                    None => *crate::lie::place(item, key) = json!(1.5),
                }
            }
        })
    },
};

const WATCH: Watch = |contract, exchange| {
    if !exchange.is_ordinary(contract) {
        return None;
    }
    let reply = &exchange.reply;
    let media = contract
        .operation()
        .response(reply.status)?
        .media(reply.header("content-type")?)?;
    let schema = media.schema.as_ref()?;
    // This is quicker than a search for what is wrong.
    if exchange.fits(schema) {
        return None;
    }
    let expected = || format!("a body as {}", contract.document().cite(schema.pointer()));
    let Some(body) = exchange.json() else {
        return Some(Breach {
            expected: expected(),
            actual: format!("status {}, a body that is not JSON", reply.status),
        });
    };
    let violation = schema.violations(&body).into_iter().next()?;
    Some(Breach {
        expected: expected(),
        actual: format!("status {}, {violation}", reply.status),
    })
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_with_a_value_of_another_type_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}

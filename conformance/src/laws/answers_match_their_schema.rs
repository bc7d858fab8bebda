//! Every body is valid against the schema of its status, formats included.

use openapi::{Schema, is_json};
use serde_json::{Value, json};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::session::{Exchange, Watch};
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
    let reply = &exchange.reply;
    if !exchange.is_ordinary(contract) || openapi::has_no_body(reply.status) {
        return None;
    }
    let sent = reply.header("content-type")?;
    let declared = contract.operation().response(reply.status)?;
    let schema = declared.media(sent)?.schema.as_ref()?;
    let violation = violation(schema, exchange, sent)?;
    let cited = contract.document().cite(schema.pointer());
    let breach = Breach::of(
        format!("a body as {cited}"),
        format!("status {}, {violation}", reply.status),
    );
    Some(breach.citing(cited))
};

/// The first way in which a body breaks its schema. Media types without a known syntax break none.
fn violation(schema: &Schema, exchange: &Exchange, content_type: &str) -> Option<String> {
    if !is_json(content_type) {
        return text_violation(schema, exchange);
    }
    // This is quicker than a search for what is wrong.
    if exchange.fits(schema) {
        return None;
    }
    let Some(body) = exchange.json() else {
        return Some("a body that is not JSON".to_owned());
    };
    let violation = schema.violations(&body).into_iter().next();
    violation.map(|violation| violation.to_string())
}

/// As [`violation`], of a body that is a text, if the schema is one of texts.
fn text_violation(schema: &Schema, exchange: &Exchange) -> Option<String> {
    let text = std::str::from_utf8(&exchange.reply.body).ok()?;
    let is_of_texts = schema.types() == ["string"];
    let violations = is_of_texts.then(|| schema.violations(&Value::from(text)))?;
    violations.first().map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_with_a_value_of_another_type_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}

//! A property with a single allowed value has that value, or is left out.

use std::collections::HashMap;

use openapi::{Contract, Schema};
use serde_json::{Value, json};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, never_occurs, not_in_force};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "constants-keep-their-value",
    group: Group::Shape,
    title: "a property with a single allowed value, such as a type tag, has that value or is left out",
    why: "clients distinguish kinds of bodies by such properties, and read a body with another value as another kind",
    level: Level::Should,
    basis: Basis::Document,
    citation: |contract| {
        let place = constants(contract).into_iter().next();
        place.map_or_else(String::new, |schema| {
            contract.document().cite(schema.pointer())
        })
    },
    cases: |session| {
        if constants(session.contract()).is_empty() {
            return not_in_force("no property of a page has a single allowed value");
        }
        draw::pages(session, 0, 0).map(Cases::Drawn)
    },
    holds: |session, case| {
        let page = session.page_or_moot(&session.ask(case)?)?;
        let found = found(session.contract(), &page.body);
        if found.is_empty() {
            return never_occurs("no page that was read has such a property");
        }
        match found.iter().find(|(_, constant, value)| constant != value) {
            None => Ok(()),
            Some((place, constant, value)) => {
                broken(format!("{constant} at {place}"), format!("{value}"))
            }
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        lied.edit_page(request, |body| {
            for (place, ..) in found(lied.contract, body) {
                if let Some(value) = body.pointer_mut(&place) {
                    *value = json!("something else");
                }
            }
        })
    },
};

/// The schemas of a page that allow one value only.
fn constants(contract: &Contract) -> Vec<Schema> {
    let mut schemas: Vec<_> = ["const", "enum", "default"]
        .into_iter()
        .flat_map(|keyword| contract.body().saying(keyword))
        .collect();
    schemas.retain(|schema| constant(schema).is_some());
    schemas
}

/// Every place of a page with such a schema: the value it must have, and the value it has.
fn found(contract: &Contract, body: &Value) -> Vec<(String, Value, Value)> {
    let mut known = HashMap::new();
    ["const", "enum", "default"]
        .into_iter()
        .flat_map(|keyword| {
            let is_wanted = |says: &Value, _: &Value| may_be_constant(keyword, says);
            contract.body().markings_where(body, keyword, is_wanted)
        })
        .filter_map(|marking| {
            let place = marking.schema.pointer().to_owned();
            let constant = known
                .entry(place)
                .or_insert_with(|| constant(&marking.schema));
            Some((marking.instance, constant.clone()?, marking.value.clone()))
        })
        .collect()
}

/// Whether a schema that says this with the keyword may be a [`constant`]. Most sets have several values.
fn may_be_constant(keyword: &str, says: &Value) -> bool {
    match keyword {
        "enum" => says.as_array().is_some_and(|set| set.len() == 1),
        "default" => says.is_string(),
        _ => true,
    }
}

/// The only value that a schema allows: a `const`, an `enum` of one value, or a type tag.
///
/// A type tag is a string with a default and no other constraint.
fn constant(schema: &Schema) -> Option<Value> {
    if let Some(constant) = schema.keyword("const") {
        return Some(constant.clone());
    }
    if let Some(set) = schema.keyword("enum") {
        let set = set.as_array()?;
        return set.first().filter(|_| set.len() == 1).cloned();
    }
    let default = schema.keyword("default")?;
    let word = default.as_str().is_some_and(|word| !word.is_empty());
    let bare = schema.types() == ["string"] && schema.keyword("format").is_none();
    (word && bare).then(|| default.clone())
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_with_another_type_tag_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}

//! Which values the path of a list may have: those that another list hands out.
//!
//! `links` of the document go first, then paths, then names, then schemas that parameter and property share.

use std::sync::Arc;

use openapi::{Document, Operation, Schema, Selector, Step, join, tokens};
use serde_json::Value;

use super::RESOURCES;

/// A list that was read, whose items may name resources.
pub(super) struct Above<'c> {
    pub(super) operation: &'c Operation,
    /// The values of the parameters of its path.
    pub(super) path: Vec<String>,
    pub(super) body: Arc<Value>,
    /// Where its items lie.
    pub(super) list: Selector,
    /// The key of each item; empty for an item without one.
    pub(super) keys: Vec<String>,
}

/// The list of a body, as far as its schema shows.
pub(super) struct Shown<'c> {
    document: &'c Document,
    pub(super) operation: &'c Operation,
    item: Schema,
    /// The operation that reads one item, and the parameter of its path for it.
    reader: Option<(&'c Operation, &'c str)>,
}

impl<'c> Shown<'c> {
    pub(super) fn of(document: &'c Document, operation: &'c Operation, item: Schema) -> Self {
        let mut operations = document.operations().iter();
        let reader = operations.find_map(|one| {
            let parameter = one.path.parameter_below(&operation.path)?;
            (one.method == "GET").then_some((one, parameter))
        });
        Self {
            document,
            operation,
            item,
            reader,
        }
    }
}

/// How the items of one list name the resources of another.
enum Relation {
    /// Each parameter, and the runtime expression for its value (OpenAPI 3.1, 4.8.20.4).
    Link(Vec<(String, String)>),
    /// The property, or the key where there is none, is the value of this parameter.
    Property(String, Option<String>),
}

/// Whether the items of `list` may name resources of `operation`.
pub(super) fn may_name(operation: &Operation, list: &Shown<'_>) -> bool {
    relation(operation, list).is_some()
}

/// The values of the path of `operation`, for up to a few resources, by the first of these lists that names some.
pub(super) fn paths(operation: &Operation, lists: &[(Shown<'_>, Above<'_>)]) -> Vec<Vec<Value>> {
    let found = lists.iter().filter_map(|(shown, above)| {
        let (relation, rank) = relation(operation, shown)?;
        let paths = by(&relation, operation, above);
        (!paths.is_empty()).then_some((rank, paths))
    });
    let best = found.min_by_key(|(rank, _)| *rank);
    best.map(|(_, paths)| paths).unwrap_or_default()
}

/// How the items of a list name resources of `operation`, the surest way first.
fn relation(operation: &Operation, list: &Shown<'_>) -> Option<(Relation, u8)> {
    if let Some(linked) = linked(operation, list) {
        return Some((Relation::Link(linked), 0));
    }
    let known: Vec<_> = list.operation.path.parameters().collect();
    let mut own = operation
        .path
        .parameters()
        .filter(|name| !known.contains(name));
    let (name, None) = (own.next()?, own.next()) else {
        return None;
    };
    // What the list's own path says must be in the other path, too.
    let wanted: Vec<_> = operation.path.parameters().collect();
    if known.iter().any(|one| !wanted.contains(one)) {
        return None;
    }
    let path = list.operation.path.to_string();
    let path = path.trim_end_matches('/');
    let wanted = operation.path.to_string();
    let outer = wanted.split_once(&format!("{{{name}}}"));
    let is_outer = outer.is_some_and(|(outer, _)| outer.trim_end_matches('/') == path);
    let called = path.rsplit('/').next().unwrap_or_default();
    let properties = list.item.properties();
    let own = properties.iter().find(|one| plain(one) == plain(name));
    if is_outer || is_called(called, name) {
        let rank = if is_outer { 1 } else { 2 };
        return Some((Relation::Property(name.to_owned(), own.cloned()), rank));
    }
    let shared = shared(operation, name, &list.item)?;
    Some((Relation::Property(name.to_owned(), Some(shared)), 3))
}

/// What a link of the list, or of the operation that reads one of its items, says of the parameters of `operation`.
fn linked(operation: &Operation, list: &Shown<'_>) -> Option<Vec<(String, String)>> {
    let own = of_link(operation, list.document, list.operation, None);
    own.or_else(|| {
        let (reader, parameter) = list.reader?;
        of_link(operation, list.document, reader, Some(parameter))
    })
}

/// The start of an expression that means the item of a list, in the words of the operation that reads it alone.
const ITEM: &str = "item#";

fn of_link(
    operation: &Operation,
    document: &Document,
    from: &Operation,
    item: Option<&str>,
) -> Option<Vec<(String, String)>> {
    let response = from.response(200)?;
    let links = document
        .at(&join(&response.pointer, "links"))?
        .as_object()?;
    links.values().find_map(|link| {
        let link = match link.get("$ref").and_then(Value::as_str) {
            Some(place) => document.at(place)?,
            None => link,
        };
        let text = |name: &str| link.get(name).and_then(Value::as_str);
        let leads = text("operationId") == Some(&operation.id)
            || text("operationRef") == Some(&operation.pointer);
        let said = link.get("parameters")?.as_object().filter(|_| leads)?;
        let found = operation.path.parameters().map(|name| {
            let value = said.get(name).or_else(|| said.get(&format!("path.{name}")));
            let text = value?.as_str()?;
            let text = match item {
                Some(item) if text == format!("$request.path.{item}") => ITEM.to_owned(),
                Some(_) => text.replacen("$response.body#", ITEM, 1),
                None => text.to_owned(),
            };
            Some((name.to_owned(), text))
        });
        found.collect()
    })
}

/// The property of an item that has the same schema as the parameter, by reference.
fn shared(operation: &Operation, name: &str, item: &Schema) -> Option<String> {
    let wanted = &operation.parameter(openapi::Location::Path, name)?.schema;
    let at = wanted.resolved();
    if at.pointer() == wanted.pointer() {
        return None;
    }
    let mut properties = item.properties().into_iter();
    properties.find(|property| {
        let schema = item.property(property);
        schema.is_some_and(|schema| schema.resolved().pointer() == at.pointer())
    })
}

fn by(relation: &Relation, operation: &Operation, above: &Above<'_>) -> Vec<Vec<Value>> {
    let items = above.list.get(&above.body).and_then(Value::as_array);
    let count = items.map_or(0, Vec::len);
    let known = |name: &str| {
        let mut names = above.operation.path.parameters();
        let place = names.position(|one| one == name)?;
        above
            .path
            .get(place)
            .map(|value| Value::from(value.as_str()))
    };
    let key = |place: usize| above.keys.get(place).map(|key| Value::from(key.as_str()));
    let value = |name: &str, place: usize| -> Option<Value> {
        let item = items?.get(place)?;
        let value = match relation {
            Relation::Link(expressions) => {
                let (_, said) = expressions.iter().find(|(known, _)| known == name)?;
                if said == ITEM {
                    key(place)?
                } else if let Some(pointer) = said.strip_prefix(ITEM) {
                    item.pointer(pointer)?.clone()
                } else if let Some(pointer) = said.strip_prefix("$response.body#") {
                    above.body.pointer(&at_place(pointer, place))?.clone()
                } else if let Some(name) = said.strip_prefix("$request.path.") {
                    known(name)?
                } else if said.starts_with('$') {
                    return None;
                } else {
                    Value::from(said.as_str())
                }
            }
            Relation::Property(own, property) if own == name => {
                let at = property.as_ref().map(|name| Step::Name(name.clone()));
                let at = at.map(|step| Selector::default().then(&[step]));
                let found = at.and_then(|at| at.get(item).cloned());
                found.or_else(|| key(place))?
            }
            Relation::Property(..) => known(name)?,
        };
        is_id(&value).then_some(value)
    };
    let paths = (0..count).filter_map(|place| {
        let names = operation.path.parameters();
        names
            .map(|name| value(name, place))
            .collect::<Option<Vec<_>>>()
    });
    let mut found: Vec<Vec<Value>> = Vec::new();
    for path in paths {
        if !found.contains(&path) {
            found.push(path);
        }
        if found.len() == RESOURCES {
            break;
        }
    }
    found
}

/// A pointer to something of the first item, as one to the same of another.
fn at_place(pointer: &str, place: usize) -> String {
    let mut is_found = false;
    let steps = tokens(pointer).into_iter().map(|step| {
        if !is_found && step == "0" {
            is_found = true;
            return place.to_string();
        }
        step
    });
    steps.fold(String::new(), |at, step| join(&at, &step))
}

/// Whether a value can be an id. A whole item is none.
fn is_id(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty() && !text.starts_with('{'),
        Value::Number(number) => number.is_u64(),
        _ => false,
    }
}

/// Whether a list is called as a parameter is: `boards` and `board_id`.
fn is_called(list: &str, parameter: &str) -> bool {
    let (list, parameter) = (plain(list), plain(parameter));
    let stem = ["id", "uid", "sid", "gid"]
        .iter()
        .find_map(|ending| parameter.strip_suffix(ending));
    let stem = stem.unwrap_or(&parameter);
    !stem.is_empty() && (list == format!("{stem}s") || list == stem)
}

pub(super) fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

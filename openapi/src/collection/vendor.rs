//! Vendors' words for what an operation does with the items of a list, where they mean the same as `x-collection`.
//!
//! They are read for operations whose paths do not say it: neither that of the list, nor that of one of its items.

use std::collections::HashMap;

use serde_json::Value;

use super::look::{listed, success};
use super::shape::{is_of_item, of_item, shape};
use crate::collection_role::{CollectionRole, Does};
use crate::{Document, Operation, Schema, join};

const ENTITY: &str = "x-speakeasy-entity";
const ENTITY_OPERATION: &str = "x-speakeasy-entity-operation";
const FERN_GROUP: &str = "x-fern-sdk-group-name";
const FERN_METHOD: &str = "x-fern-sdk-method-name";

/// What a vendor's word says of an operation.
struct Word {
    /// The kind of items.
    of: String,
    /// What is done with them, in the vendor's word.
    does: String,
    /// The name of the extension.
    by: &'static str,
}

/// What vendors' words say of the operations of a document, each by its index and with the extension's name.
pub(super) fn roles(document: &Document) -> Vec<(usize, CollectionRole, &'static str)> {
    let operations = document.operations().iter().enumerate();
    let words = operations.flat_map(|(index, operation)| {
        let words = words(document, operation).into_iter();
        words.map(move |word| (index, word))
    });
    let words: Vec<_> = words.collect();
    let lists = if words.is_empty() {
        Vec::new()
    } else {
        lists(document)
    };
    let mut known = HashMap::new();
    let roles = words.iter().filter_map(|(index, word)| {
        let operation = &document.operations()[*index];
        let does = does(&word.does, &operation.method)?;
        let list = known.entry((word.by, word.of.as_str()));
        let list = list.or_insert_with(|| list_of(&lists, &words, word));
        let list = &document.operations()[(*list)?];
        let (own, of_list) = (shape(&operation.path), shape(&list.path));
        let is_plain = own == of_list || own == of_item(&of_list);
        let has_key = operation.path.parameters().next().is_some() || does == Does::Create;
        (!is_plain && has_key).then(|| {
            let role = CollectionRole {
                list: Some(list.id.clone()),
                ..CollectionRole::of(does)
            };
            (*index, role, word.by)
        })
    });
    let mut roles: Vec<_> = roles.collect();
    // The first word counts of an operation that has several.
    roles.dedup_by_key(|(index, _, _)| *index);
    roles
}

/// The words that stand at an operation.
fn words(document: &Document, operation: &Operation) -> Vec<Word> {
    let at = |name| document.at(&join(&operation.pointer, name));
    let mut words = Vec::new();
    for text in at(ENTITY_OPERATION).map(texts).unwrap_or_default() {
        let mut parts = text.split('#');
        let (Some(of), Some(all)) = (parts.next(), parts.next()) else {
            continue;
        };
        words.extend(all.split(',').map(|does| Word {
            of: of.trim().to_owned(),
            does: does.trim().to_lowercase(),
            by: ENTITY_OPERATION,
        }));
    }
    let group = at(FERN_GROUP).map(texts).unwrap_or_default().join(".");
    let method = at(FERN_METHOD).and_then(Value::as_str);
    words.extend(method.filter(|_| !group.is_empty()).map(|does| Word {
        of: group,
        does: does.to_lowercase(),
        by: FERN_METHOD,
    }));
    words
}

/// The texts in a value: it is one, has some as elements, or as values.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        Value::Object(values) => values.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// What a vendor's word means beside a method; `None` if it means nothing here, or the list itself.
fn does(word: &str, method: &str) -> Option<Does> {
    match (word, method) {
        ("create", "POST" | "PUT") => Some(Does::Create),
        ("read" | "get" | "retrieve", "GET") => Some(Does::Read),
        ("update", "PATCH" | "POST") | ("patch", _) => Some(Does::Patch),
        ("update", "PUT") | ("replace", _) => Some(Does::Replace),
        ("delete" | "remove", "DELETE" | "POST") => Some(Does::Delete),
        _ => None,
    }
}

/// The operations that answer with lists, by their index, and what describes the items.
fn lists(document: &Document) -> Vec<(usize, Schema)> {
    let operations = document.operations().iter().enumerate();
    let gets = operations
        .filter(|(_, operation)| operation.method == "GET" && !is_of_item(&shape(&operation.path)));
    let lists = gets.filter_map(|(index, operation)| Some((index, listed(&success(operation)?)?)));
    lists.collect()
}

/// The only list of the items that a word is about.
fn list_of(lists: &[(usize, Schema)], words: &[(usize, Word)], word: &Word) -> Option<usize> {
    let reads = ["list", "read", "get"];
    let is_said = |index: usize| {
        words.iter().any(|(other, one)| {
            let is_same = (one.by, &one.of) == (word.by, &word.of);
            *other == index && is_same && reads.contains(&&*one.does)
        })
    };
    let mut found = lists
        .iter()
        .filter(|(index, items)| is_said(*index) || is_entity(items, &word.of));
    let (list, _) = found.next()?;
    found.next().is_none().then_some(*list)
}

/// Whether a schema is said to describe items of this kind.
fn is_entity(items: &Schema, of: &str) -> bool {
    items
        .keyword(ENTITY)
        .is_some_and(|said| texts(said).contains(&of))
}

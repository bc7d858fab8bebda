//! What an operation looks like to which nobody gave `x-pagination`.
//!
//! Codecs make proposals from it. A name is only a hint: types and places must fit, too.

use serde_json::Value;

use crate::{Location, Operation, Parameter, Schema, Selector, Step};

/// How deep the fields beside the items are looked for.
const DEPTH: usize = 3;
/// How many fields are looked at.
const FIELDS: usize = 200;

/// Names of the property that tells items apart, the surest first.
const KEYS: [&str; 7] = ["id", "uuid", "uid", "sid", "gid", "key", "token"];
/// Names of the list, where a body has several.
const LISTS: [&str; 8] = [
    "data", "items", "results", "entries", "records", "values", "elements", "edges",
];
/// Parts of the names of parameters that say which page is wanted.
const PLACES: [&str; 13] = [
    "cursor", "page", "token", "after", "before", "since", "offset", "skip", "marker", "iterator",
    "continu", "start", "from",
];
/// Names of the parameter that counts items.
const LIMITS: [&str; 13] = [
    "limit",
    "perpage",
    "pagesize",
    "pagelimit",
    "maxresults",
    "maxitems",
    "size",
    "take",
    "top",
    "first",
    "pageitems",
    "itemsperpage",
    "resultsperpage",
];

/// An operation that answers with a list of objects.
pub(crate) struct Look<'o> {
    pub(crate) operation: &'o Operation,
    /// Where the list lies in the body.
    pub(crate) items: Selector,
    /// The schema of an item.
    pub(crate) item: Schema,
    /// Where an item's key lies, relative to the item.
    pub(crate) key: Selector,
    /// The schema of the key.
    pub(crate) key_schema: Schema,
    /// The parameter that counts items.
    pub(crate) limit: Option<&'o Parameter>,
    /// The fields beside the items: the place, its words, and the schema.
    fields: Vec<(Selector, String, Schema)>,
}

impl<'o> Look<'o> {
    /// A look at `operation`; `None` if it does not answer with a list of objects that have keys.
    pub(crate) fn at(operation: &'o Operation) -> Option<Self> {
        if !matches!(operation.method.as_str(), "GET" | "QUERY") {
            return None;
        }
        if !operation.parameters.iter().any(is_place) {
            return None;
        }
        let body = operation.response(200)?.json()?.schema.clone()?;
        let mut fields = Vec::new();
        let mut lists = Vec::new();
        let root = Selector::default();
        if let Some(item) = objects(&body) {
            lists.push((root, String::new(), item));
        } else {
            walk(&body, &root, "", DEPTH, &mut fields, &mut lists);
        }
        let (items, _, item) = one_list(lists)?;
        let (name, key_schema) = key(&item)?;
        let mut look = Self {
            operation,
            items,
            item,
            key: Selector::default().then(&[Step::Name(name)]),
            key_schema,
            limit: None,
            fields,
        };
        look.limit = look.parameter(&LIMITS, "integer");
        Some(look)
    }

    /// The query parameter with one of these names, the first name first, that takes this type.
    pub(crate) fn parameter(&self, names: &[&str], kind: &'static str) -> Option<&'o Parameter> {
        let operation: &'o Operation = self.operation;
        let query = || {
            let parameters = operation.parameters.iter();
            parameters.filter(|one| one.location == Location::Query)
        };
        names.iter().find_map(|name| {
            query().find(|one| plain(&one.name) == *name && one.schema.types().contains(&kind))
        })
    }

    /// The field beside the items whose place ends in one of these words and that has this type.
    pub(crate) fn field(&self, words: &[&str], kind: &'static str) -> Option<&Selector> {
        let found = words.iter().find_map(|word| {
            let mut fields = self.fields.iter();
            fields.find(|(_, place, schema)| {
                place.ends_with(word) && schema.types().contains(&kind) && !is_url(schema)
            })
        });
        found.map(|(place, _, _)| place)
    }

    /// Whether the answer declares a `Link` header.
    pub(crate) fn has_links(&self) -> bool {
        let response = self.operation.response(200);
        let mut headers = response.into_iter().flat_map(|one| &one.headers);
        headers.any(|header| header.name.eq_ignore_ascii_case("link"))
    }

    /// Where the last item's key lies in the body.
    pub(crate) fn last_key(&self) -> Selector {
        let last = self.items.clone().then(&[Step::Last]);
        last.then(self.key.steps())
    }
}

/// Whether a parameter takes a date or a time, by its format or its description. Such a parameter filters.
pub(crate) fn is_time(parameter: &Parameter) -> bool {
    let written = parameter.schema.elsewhere(parameter.pointer.clone());
    let description = written.keyword("description").and_then(Value::as_str);
    let description = description.unwrap_or_default().to_ascii_lowercase();
    let format = parameter.schema.keyword("format").and_then(Value::as_str);
    let is_format = format.is_some_and(|format| format.starts_with("date") || format == "time");
    let words = ["date", "timestamp", "iso 8601", "iso-8601", "unix"];
    is_format || words.iter().any(|word| description.contains(word))
}

/// Whether a parameter may say which page is wanted, by its name.
pub(crate) fn is_place(parameter: &Parameter) -> bool {
    let name = plain(&parameter.name);
    parameter.location == Location::Query && PLACES.iter().any(|word| name.contains(word))
}

/// A name without case and punctuation: `page[size]` is `pagesize`.
pub(crate) fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The property that tells items apart: one with a usual name, else the first required one that ends in `id`.
fn key(item: &Schema) -> Option<(String, Schema)> {
    let names = item.properties();
    let usual = KEYS
        .iter()
        .find_map(|key| names.iter().find(|name| plain(name) == *key));
    let ends = |name: &&String| plain(name).ends_with("id") && item.requires(name);
    let name = usual.or_else(|| names.iter().find(ends))?;
    let schema = item.property(name)?;
    let types = schema.types();
    let is_key = types.contains(&"string") || types.contains(&"integer");
    is_key.then(|| (name.clone(), schema))
}

/// The schema of the items, if `schema` is a list of objects.
fn objects(schema: &Schema) -> Option<Schema> {
    let items = schema.items()?;
    items.types().contains(&"object").then_some(items)
}

/// The only list, or the only one with a usual name.
fn one_list(lists: Vec<(Selector, String, Schema)>) -> Option<(Selector, String, Schema)> {
    let only = |mut lists: Vec<_>| {
        let last = lists.pop();
        last.filter(|_| lists.is_empty())
    };
    if lists.len() < 2 {
        return only(lists);
    }
    let usual = lists
        .into_iter()
        .filter(|(_, words, _)| LISTS.contains(&words.as_str()));
    only(usual.collect())
}

fn walk(
    schema: &Schema,
    at: &Selector,
    words: &str,
    depth: usize,
    fields: &mut Vec<(Selector, String, Schema)>,
    lists: &mut Vec<(Selector, String, Schema)>,
) {
    for name in schema.properties() {
        let Some(property) = schema.property(&name).filter(|_| fields.len() < FIELDS) else {
            continue;
        };
        let place = at.clone().then(&[Step::Name(name.clone())]);
        let words = format!("{words}{}", plain(&name));
        if let Some(item) = objects(&property) {
            lists.push((place, words, item));
            continue;
        }
        if depth > 1 {
            walk(&property, &place, &words, depth - 1, fields, lists);
        }
        fields.push((place, words, property));
    }
}

fn is_url(schema: &Schema) -> bool {
    let format = schema.keyword("format").and_then(Value::as_str);
    format.is_some_and(|format| format.starts_with("ur") || format.starts_with("iri"))
}

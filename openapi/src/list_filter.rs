//! Parameters that choose which items a list shows, and in which order.
//!
//! Nothing in a document says what such a parameter does, so names are read carefully. A parameter filters only if it
//! is optional, asks for no page, and is named after a property of an item whose types agree with its own; or if it
//! has one of the names by which services search and sort.

use serde_json::Value;

use crate::{Contract, Location, Parameter, Schema};

/// A parameter that chooses items, or their order.
#[derive(Debug, Clone)]
pub struct ListFilter {
    /// The parameter.
    pub parameter: Parameter,
    /// What it chooses by.
    pub chooses: Chooses,
}

/// What a parameter chooses by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chooses {
    /// The items whose property with this name has the value, or one of the values. If the value is an object, its
    /// properties are bounds: `gt`, `gte`, `lt`, `lte`.
    Equal(String),
    /// The items whose property with this name lies on this side of the value.
    Within(String, Side),
    /// The items that have each word in one of their texts.
    Search,
    /// The order: names of properties, each with a direction, or a direction alone.
    Order,
    /// The direction of the order.
    Direction,
}

/// A side of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Greater.
    Above,
    /// Greater or equal.
    From,
    /// Less.
    Below,
    /// Less or equal.
    UpTo,
}

/// Names of the words to search for, in lower case and without punctuation.
const SEARCHES: [&str; 7] = [
    "q",
    "search",
    "query",
    "searchterm",
    "searchquery",
    "keyword",
    "keywords",
];
/// Names of the properties to sort by.
const ORDERS: [&str; 8] = [
    "sort",
    "sortby",
    "sorton",
    "sortfield",
    "sortkey",
    "orderby",
    "ordering",
    "orderfield",
];
/// Names of the direction of the order.
const DIRECTIONS: [&str; 9] = [
    "order",
    "direction",
    "dir",
    "sortorder",
    "sortdir",
    "sortdirection",
    "orderdirection",
    "orderdir",
    "sorttype",
];
/// What stands behind a property's name if its parameter is a bound.
const BEHIND: [(&str, Side); 12] = [
    ("after", Side::Above),
    ("gt", Side::Above),
    ("gte", Side::From),
    ("since", Side::From),
    ("from", Side::From),
    ("min", Side::From),
    ("before", Side::Below),
    ("lt", Side::Below),
    ("lte", Side::UpTo),
    ("until", Side::UpTo),
    ("to", Side::UpTo),
    ("max", Side::UpTo),
];
/// What stands before it.
const BEFORE: [(&str, Side); 4] = [
    ("min", Side::From),
    ("max", Side::UpTo),
    ("minimum", Side::From),
    ("maximum", Side::UpTo),
];
/// What names of moments end with, and names of their bounds need not.
const MOMENTS: [&str; 5] = ["at", "on", "date", "time", "timestamp"];

impl Side {
    /// The side that a property of an object of bounds means, as `gte` in `created[gte]`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "gt" => Self::Above,
            "gte" => Self::From,
            "lt" => Self::Below,
            "lte" => Self::UpTo,
            _ => return None,
        })
    }
}

impl Contract {
    /// The parameters that choose which items the list shows, or their order, in the order of the document.
    ///
    /// Nothing is kept between calls.
    pub fn list_filters(&self) -> Vec<ListFilter> {
        let paging = self.paging();
        let optional = self.operation().parameters.iter().filter(|parameter| {
            let asks = paging.asks_by(&parameter.name);
            parameter.location == Location::Query && !parameter.required && !asks
        });
        let optional: Vec<_> = optional.collect();
        if optional.is_empty() {
            return Vec::new();
        }
        let fields = Fields(self.item().named());
        let found = optional.into_iter().filter_map(|parameter| {
            Some(ListFilter {
                chooses: fields.chosen_by(parameter)?,
                parameter: parameter.clone(),
            })
        });
        found.collect()
    }

    /// The property of an item that a name in a request means, as `created` means `created_at`.
    pub fn field_meant(&self, name: &str) -> Option<String> {
        Fields(self.item().named()).meant(name)
    }
}

/// The properties of an item.
struct Fields(Vec<(String, Schema)>);

impl Fields {
    fn chosen_by(&self, parameter: &Parameter) -> Option<Chooses> {
        let name = folded(&parameter.name);
        if let Some((field, schema)) = self.named(&parameter.name) {
            return agrees(&parameter.schema, schema).then(|| Chooses::Equal(field.clone()));
        }
        let text = single(&parameter.schema).contains(&"string");
        if SEARCHES.contains(&name.as_str()) {
            return parameter.takes("string").then_some(Chooses::Search);
        }
        if ORDERS.contains(&name.as_str()) || DIRECTIONS.contains(&name.as_str()) {
            let is_direction = DIRECTIONS.contains(&name.as_str());
            let kind = if is_direction {
                Chooses::Direction
            } else {
                Chooses::Order
            };
            return (text && self.orders(&parameter.schema)).then_some(kind);
        }
        self.bound(&name, &parameter.schema)
    }

    /// The property with this name, or with the plural of its name if the parameter has several values.
    fn named(&self, name: &str) -> Option<&(String, Schema)> {
        let wanted = folded(name);
        let mut fields = self.0.iter();
        fields.find(|(field, _)| {
            let field = folded(field);
            field == wanted || format!("{field}s") == wanted || format!("{field}es") == wanted
        })
    }

    /// The property that a name means, which may lack the end of a moment's name.
    fn meant(&self, name: &str) -> Option<String> {
        let wanted = folded(name);
        let exact = self.0.iter().find(|(field, _)| folded(field) == wanted);
        let moment = || {
            let mut fields = self.0.iter();
            fields.find(|(field, _)| {
                let field = folded(field);
                let mut ends = MOMENTS.iter().filter_map(|end| field.strip_suffix(end));
                ends.any(|stem| stem == wanted)
            })
        };
        exact.or_else(moment).map(|(field, _)| field.clone())
    }

    /// A bound of a number or of a moment.
    fn bound(&self, name: &str, schema: &Schema) -> Option<Chooses> {
        let behind = BEHIND.iter().filter_map(|(word, side)| {
            let stem = name.strip_suffix(word)?;
            Some((stem, *side))
        });
        let before = BEFORE.iter().filter_map(|(word, side)| {
            let stem = name.strip_prefix(word)?;
            Some((stem, *side))
        });
        let mut stems = behind.chain(before).filter(|(stem, _)| !stem.is_empty());
        stems.find_map(|(stem, side)| {
            let field = self.meant(stem)?;
            let (_, own) = self.0.iter().find(|(name, _)| *name == field)?;
            let numbers = is_number(own) && is_number(schema);
            let moments = is_moment(own) && schema.types().contains(&"string");
            (numbers || moments).then_some(Chooses::Within(field, side))
        })
    }

    /// Whether values of a parameter can say an order: they are free, or some name a property or a direction.
    fn orders(&self, schema: &Schema) -> bool {
        let items = schema.items();
        let words = schema.keyword("enum").cloned();
        let words = words.or_else(|| items.as_ref()?.keyword("enum").cloned());
        let Some(Value::Array(words)) = words else {
            return true;
        };
        let mut texts = words.iter().filter_map(Value::as_str);
        texts.any(|text| {
            is_direction(text).is_some()
                || sort_keys(text).is_some_and(|keys| {
                    let mut keys = keys.iter();
                    keys.all(|(name, _)| name.is_empty() || self.meant(name).is_some())
                })
                || self.meant(text).is_some()
        })
    }
}

/// The names and directions that a text for an order has: `-created`, `name:asc,size desc`, `created_desc`. A name is
/// empty if there is a direction only. A direction is `true` if the order descends. `None` if the text is empty.
pub fn sort_keys(text: &str) -> Option<Vec<(String, Option<bool>)>> {
    let mut keys: Vec<(String, Option<bool>)> = Vec::new();
    for part in text.split([',', ';']).map(str::trim) {
        if let Some(descends) = is_direction(part) {
            // `name,asc` is one key.
            match keys.last_mut() {
                Some((_, direction @ None)) => *direction = Some(descends),
                _ => keys.push((String::new(), Some(descends))),
            }
            continue;
        }
        let (name, sign) = match part.strip_prefix('-') {
            Some(name) => (name, Some(true)),
            None => (part.trim_start_matches('+'), None),
        };
        let split = name.rsplit_once([':', ' ', '.', '_', '-', '|']);
        let ending = split.and_then(|(name, end)| Some((name, is_direction(end)?)));
        match ending {
            Some((name, descends)) => keys.push((name.to_owned(), Some(descends))),
            None if name.is_empty() => {}
            None => keys.push((name.to_owned(), sign)),
        }
    }
    (!keys.is_empty()).then_some(keys)
}

/// Whether a word is a direction, and whether that descends.
fn is_direction(word: &str) -> Option<bool> {
    match folded(word).as_str() {
        "asc" | "ascending" => Some(false),
        "desc" | "descending" => Some(true),
        _ => None,
    }
}

/// Whether the values of a parameter can be those of a property: they share a type that is neither object nor array.
fn agrees(parameter: &Schema, field: &Schema) -> bool {
    let (sent, own) = (single(parameter), single(field));
    let is_bounds = || {
        let named = parameter.named();
        !named.is_empty() && named.iter().all(|(name, _)| Side::named(name).is_some())
    };
    let shared = |kind: &&str| {
        own.contains(kind)
            || (*kind == "integer" && own.contains(&"number"))
            || (*kind == "number" && own.contains(&"integer"))
    };
    sent.iter().any(shared) || (is_bounds() && (is_number(field) || is_moment(field)))
}

/// The types of single values that a schema allows, also those of the items of an array.
fn single(schema: &Schema) -> Vec<&'static str> {
    let mut types = schema.types();
    if types.contains(&"array")
        && let Some(items) = schema.items()
    {
        types.extend(items.types());
    }
    if types.is_empty() {
        let words = schema.keyword("enum").and_then(Value::as_array);
        types.extend(
            words
                .into_iter()
                .flatten()
                .filter(|word| word.is_string())
                .map(|_| "string"),
        );
    }
    types.retain(|kind| !matches!(*kind, "array" | "object" | "null"));
    types
}

fn is_number(schema: &Schema) -> bool {
    let types = schema.types();
    types.contains(&"integer") || types.contains(&"number")
}

fn is_moment(schema: &Schema) -> bool {
    let format = schema.keyword("format").and_then(Value::as_str);
    matches!(format, Some("date" | "date-time"))
}

/// A name without the marks in which styles of names differ.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|one| one.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Source};

    /// What the parameters of a list choose by; each is a name and a schema in YAML.
    fn chosen(parameters: &[(&str, &str)]) -> Vec<(String, Chooses)> {
        let parameters = parameters
            .iter()
            .map(|(name, schema)| format!("{{ name: '{name}', in: query, schema: {schema} }}"));
        let parameters = parameters.collect::<Vec<_>>().join(", ");
        let text = format!(
            "
openapi: 3.1.0
info: {{ title: Tasks, version: '1' }}
paths:
  /tasks:
    get:
      operationId: listTasks
      x-pagination: {{ style: offset, items: $.items, key: $.id, request: {{ offset: {{ in: query, name: offset }}, limit: {{ in: query, name: limit }} }}, totals: {{ items: $.total }} }}
      parameters: [{{ name: offset, in: query, schema: {{ type: integer, minimum: 0 }} }}, {{ name: limit, in: query, schema: {{ type: integer, minimum: 1 }} }}, {parameters}]
      responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ type: object, required: [items, total], properties: {{ total: {{ type: integer }}, items: {{ type: array, items: {{ type: object, required: [id], properties: {{
        id: {{ type: string }}, title: {{ type: string }}, done: {{ type: boolean }}, status: {{ enum: [open, closed] }}, size: {{ type: integer }}, owner: {{ type: object }},
        labels: {{ type: array, items: {{ type: string }} }}, created_at: {{ type: string, format: date-time }}, offset: {{ type: integer }} }} }} }} }} }} }} }} }} }}
"
        );
        let document = Document::read(Source::new("tasks.yaml", text), &[]).unwrap();
        let contract = document.contracts().unwrap().remove(0);
        let found = contract.list_filters().into_iter();
        found.map(|one| (one.parameter.name, one.chooses)).collect()
    }

    #[test]
    fn parameters_filter_that_are_named_after_a_property_of_their_type() {
        let equal = |field: &str| Some(Chooses::Equal(field.to_owned()));
        let within = |field: &str, side| Some(Chooses::Within(field.to_owned(), side));
        for (name, schema, expect) in [
            ("done", "{ type: boolean }", equal("done")),
            ("done", "{ type: integer }", None),
            ("status", "{ type: string }", equal("status")),
            (
                "statuses",
                "{ type: array, items: { type: string } }",
                equal("status"),
            ),
            (
                "labels[]",
                "{ type: array, items: { type: string } }",
                equal("labels"),
            ),
            ("owner", "{ type: string }", None),
            ("colour", "{ type: string }", None),
            ("size", "{ type: integer }", equal("size")),
            ("min_size", "{ type: integer }", within("size", Side::From)),
            ("size[lt]", "{ type: number }", within("size", Side::Below)),
            ("size__lte", "{ type: integer }", within("size", Side::UpTo)),
            (
                "createdAfter",
                "{ type: string, format: date-time }",
                within("created_at", Side::Above),
            ),
            (
                "created_at_before",
                "{ type: string }",
                within("created_at", Side::Below),
            ),
            ("created_after", "{ type: boolean }", None),
            ("title_after", "{ type: string }", None),
            (
                "created_at",
                "{ type: object, properties: { gte: { type: string }, lt: { type: string } } }",
                equal("created_at"),
            ),
            ("q", "{ type: string }", Some(Chooses::Search)),
            ("q", "{ type: integer }", None),
            ("sort", "{ type: string }", Some(Chooses::Order)),
            (
                "sort",
                "{ enum: [title, -created], type: string }",
                Some(Chooses::Order),
            ),
            ("sort", "{ enum: [best, worst], type: string }", None),
            ("order", "{ enum: [asc, desc] }", Some(Chooses::Direction)),
            ("order", "{ enum: [first, last], type: string }", None),
        ] {
            let found = chosen(&[(name, schema)]).pop().map(|(_, chooses)| chooses);
            assert_eq!(found, expect, "{name}: {schema}");
        }
    }

    #[test]
    fn a_parameter_that_asks_for_a_page_filters_nothing() {
        assert_eq!(chosen(&[]), []);
    }

    #[test]
    fn orders_are_read_in_every_spelling() {
        let key = |name: &str, descends| (name.to_owned(), descends);
        for (text, expect) in [
            ("title", vec![key("title", None)]),
            ("-created_at", vec![key("created_at", Some(true))]),
            ("+title", vec![key("title", None)]),
            (
                "title:asc,size desc",
                vec![key("title", Some(false)), key("size", Some(true))],
            ),
            ("created_desc", vec![key("created", Some(true))]),
            ("title,desc", vec![key("title", Some(true))]),
            ("desc", vec![key("", Some(true))]),
        ] {
            assert_eq!(sort_keys(text), Some(expect), "{text}");
        }
        assert_eq!(sort_keys(""), None);
    }
}

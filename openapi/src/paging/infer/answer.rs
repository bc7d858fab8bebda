//! What a good answer of an operation holds: lists, and the fields beside them.

use serde_json::Value;

use super::asked::{description, purpose};
use super::words::{plain, says, words};
use crate::{Media, Operation, Response, Schema, Selector, Step};

/// How deep the fields beside the items are looked for.
const DEPTH: usize = 3;
/// How many fields are looked at.
const FIELDS: usize = 200;

/// A good answer.
pub(crate) struct Answer {
    /// The lists in its body, in the document's order.
    pub(crate) lists: Vec<List>,
    /// The fields outside the lists.
    pub(crate) fields: Vec<Field>,
    /// Whether it declares a `Link` header.
    pub(crate) has_links: bool,
    /// The header that counts all items.
    pub(crate) total_header: Option<String>,
}

/// A list in a body.
pub(crate) struct List {
    pub(crate) at: Selector,
    /// Its name, without case and punctuation; empty for the whole body.
    pub(crate) name: String,
    /// The schemas of an item, those that always hold first; empty if only an example shows it.
    pub(crate) item: Vec<Schema>,
    /// Whether its items are objects.
    pub(crate) has_objects: bool,
    /// Whether its items are lists of objects.
    pub(crate) has_groups: bool,
    /// What a vendor's extension says that it is for.
    pub(crate) purpose: String,
}

/// A field outside the lists.
pub(crate) struct Field {
    pub(crate) at: Selector,
    /// Its name, without case and punctuation.
    pub(crate) name: String,
    /// The names on the way to it, and its own, without case and punctuation, in one.
    pub(crate) way: String,
    /// The words of its name.
    pub(crate) words: Vec<String>,
    /// Its description, as a sentence of words.
    pub(crate) said: String,
    /// Its types.
    pub(crate) types: Vec<&'static str>,
    /// Its format.
    pub(crate) format: String,
    /// Whether only an example shows it.
    pub(crate) is_example: bool,
    /// What a vendor's extension says that it is for.
    pub(crate) purpose: String,
}

impl Answer {
    /// The answer of a request that is fulfilled; `None` if it is no JSON.
    pub(crate) fn of(operation: &Operation) -> Option<Self> {
        let response = operation.page_answer()?;
        let is_refusal =
            response.status == "default" && operation.statuses().any(|one| one.starts_with('2'));
        if is_refusal {
            return None;
        }
        let media = response.json()?;
        let mut answer = Self {
            lists: Vec::new(),
            fields: Vec::new(),
            has_links: response
                .headers
                .iter()
                .any(|one| one.name.eq_ignore_ascii_case("link")),
            total_header: total_header(response),
        };
        if let Some(schema) = &media.schema {
            let at = Selector::default();
            if let Some(list) = List::of(schema, &at, "") {
                answer.lists.push(list.within(schema));
            } else {
                answer.walk(schema, schema, &at, "", DEPTH);
            }
        }
        answer.read_example(media);
        Some(answer)
    }

    fn walk(&mut self, root: &Schema, schema: &Schema, at: &Selector, way: &str, depth: usize) {
        for (name, property) in schema.named() {
            if self.fields.len() > FIELDS {
                return;
            }
            let place = at.clone().then(&[Step::Name(name.clone())]);
            if let Some(list) = List::of(&property, &place, &name) {
                self.lists.push(list.within(root));
                continue;
            }
            let way = format!("{way}{}", plain(&name));
            if depth > 1 {
                self.walk(root, &property, &place, &way, depth - 1);
            }
            let format = property.keyword("format").and_then(Value::as_str);
            self.fields.push(Field {
                at: place,
                way,
                name: plain(&name),
                words: words(&name),
                said: description(&property),
                types: property.types(),
                format: format.unwrap_or_default().to_owned(),
                is_example: false,
                purpose: purpose(&property).unwrap_or_default(),
            });
        }
    }

    /// Adds what only the example of the body shows.
    fn read_example(&mut self, media: &Media) {
        let Some(example) = &media.example else {
            return;
        };
        let at = Selector::default();
        if example.is_array() && self.lists.is_empty() {
            self.lists.extend(List::shown(example, &at, ""));
        }
        self.show(example, &at, "", DEPTH);
    }

    fn show(&mut self, example: &Value, at: &Selector, way: &str, depth: usize) {
        let members = example.as_object();
        for (name, value) in members.into_iter().flatten() {
            if self.fields.len() > FIELDS {
                return;
            }
            let place = at.clone().then(&[Step::Name(name.clone())]);
            let is_known = self.lists.iter().any(|list| list.at == place)
                || self.fields.iter().any(|field| field.at == place);
            if let Some(list) = List::shown(value, &place, name) {
                if !is_known {
                    self.lists.push(list);
                }
                continue;
            }
            let way = format!("{way}{}", plain(name));
            if depth > 1 {
                self.show(value, &place, &way, depth - 1);
            }
            if !is_known {
                self.fields.push(Field {
                    at: place,
                    way,
                    name: plain(name),
                    words: words(name),
                    said: String::new(),
                    types: vec![kind(value)],
                    format: String::new(),
                    is_example: true,
                    purpose: String::new(),
                });
            }
        }
    }
}

/// The header with the number of all items.
fn total_header(response: &Response) -> Option<String> {
    const NAMES: [&str; 6] = [
        "xtotalcount",
        "xtotal",
        "totalcount",
        "xpaginationtotalcount",
        "xtotalitems",
        "xtotalresults",
    ];
    let mut headers = response.headers.iter();
    let header = headers.find(|header| NAMES.contains(&plain(&header.name).as_str()))?;
    Some(header.name.clone())
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl List {
    /// The list that values of `schema` are, if they are lists of things that may be items.
    fn of(schema: &Schema, at: &Selector, name: &str) -> Option<Self> {
        let mut parts = schema.parts().into_iter();
        let item = parts.find_map(|part| part.items())?;
        let types = item.types();
        let is_object = |types: &[&str]| types.contains(&"object");
        let has_objects = is_object(&types) || types.is_empty() && !item.value().is_array();
        let has_objects = has_objects || !item.named().is_empty();
        let of_objects = |one: &Schema| is_object(&one.types()) || !one.named().is_empty();
        let mut parts = item.parts().into_iter();
        let element = parts.find_map(|part| part.items());
        Some(Self {
            at: at.clone(),
            name: plain(name),
            has_groups: element.is_some_and(|element| of_objects(&element)),
            item: vec![item],
            has_objects,
            purpose: purpose(schema).unwrap_or_default(),
        })
    }

    /// The same list, with every schema that the body has for an item: one branch may refine another.
    fn within(mut self, body: &Schema) -> Self {
        let item = self.at.clone().then(&[Step::Last]);
        self.item = body.all_at(item.steps());
        let is_object =
            |item: &Schema| item.types().contains(&"object") || !item.named().is_empty();
        self.has_objects |= self.item.iter().any(is_object);
        self
    }

    /// The list that an example is.
    fn shown(value: &Value, at: &Selector, name: &str) -> Option<Self> {
        let items = value.as_array()?;
        Some(Self {
            at: at.clone(),
            name: plain(name),
            item: Vec::new(),
            has_objects: items.first().is_some_and(Value::is_object),
            has_groups: false,
            purpose: String::new(),
        })
    }
}

impl Field {
    /// Whether its name has one of these words.
    pub(crate) fn has(&self, words: &[&str]) -> bool {
        self.words.iter().any(|word| words.contains(&word.as_str()))
    }

    /// Whether its description has one of these phrases.
    pub(crate) fn says(&self, phrases: &[&str]) -> bool {
        says(&self.said, phrases)
    }

    /// Whether it holds texts. A schema without a type may.
    pub(crate) fn is_text(&self) -> bool {
        let others = ["integer", "number", "boolean", "array", "object"];
        self.types.contains(&"string")
            || !self.types.iter().any(|one| others.contains(one)) && !self.is_example
    }

    /// Whether it holds true or false.
    pub(crate) fn is_flag(&self) -> bool {
        self.types.contains(&"boolean")
    }

    /// Whether it holds whole numbers.
    pub(crate) fn is_count(&self) -> bool {
        self.types.contains(&"integer") || self.types.contains(&"number")
    }

    /// The place of the object that has it.
    pub(crate) fn parent(&self) -> &[Step] {
        let steps = self.at.steps();
        &steps[..steps.len().saturating_sub(1)]
    }
}

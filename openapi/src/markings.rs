//! Where a schema says something about a value: walking both side by side.

use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

use serde_json::Value;

use crate::{Schema, join};

/// A value, and the schema that speaks of it with the keyword asked for.
#[derive(Debug, Clone)]
pub struct Marking<'a> {
    /// Where the value lies in the body, as a JSON pointer without `#`.
    pub instance: String,
    /// The value.
    pub value: &'a Value,
    /// The keyword's value.
    pub says: Value,
    /// Where the schema stands.
    pub schema: Schema,
}

impl Schema {
    /// Every place in `value` where the schema says `keyword`, in the order of the value.
    ///
    /// `$ref`, `allOf`, `properties`, `additionalProperties` and `items` are followed; of `anyOf` and
    /// `oneOf` those branches that the value is valid for.
    pub fn markings<'a>(&self, value: &'a Value, keyword: &str) -> Vec<Marking<'a>> {
        let mut walk = Walk {
            keyword,
            said: HashMap::new(),
            found: Vec::new(),
        };
        walk.visit(self, value, &Place::Root);
        walk.found
    }

    /// The schemas that say `keyword`, among this one and all that it is made of; the nearest first.
    pub fn saying(&self, keyword: &str) -> Vec<Schema> {
        let mut met = HashSet::new();
        let mut found = Vec::new();
        let mut open = VecDeque::from([self.clone()]);
        while let Some(schema) = open.pop_front() {
            if !met.insert(schema.pointer().to_owned()) {
                continue;
            }
            let properties = schema.properties();
            open.extend(properties.iter().filter_map(|name| schema.property(name)));
            open.extend(schema.items());
            open.extend(schema.subschema("additionalProperties"));
            for list in ["allOf", "anyOf", "oneOf"] {
                open.extend(schema.branches(list));
            }
            if schema.keyword(keyword).is_some() {
                found.push(schema);
            }
        }
        found
    }
}

/// One walk of a value and its schema, side by side. What a schema says is looked up once, however many
/// values it speaks of: a page holds many items of one schema.
struct Walk<'k, 'v> {
    keyword: &'k str,
    said: HashMap<String, Rc<Said>>,
    found: Vec<Marking<'v>>,
}

/// What matters of a schema.
struct Said {
    schema: Schema,
    says: Option<Value>,
    parts: Vec<Schema>,
    choices: Vec<Schema>,
    properties: HashMap<String, Schema>,
    others: Option<Schema>,
    items: Option<Schema>,
}

/// Where a value lies, from the inside out; written down only where something is found.
enum Place<'p> {
    Root,
    Field(&'p Place<'p>, &'p str),
    Item(&'p Place<'p>, usize),
}

impl<'v> Walk<'_, 'v> {
    fn visit(&mut self, schema: &Schema, value: &'v Value, place: &Place<'_>) {
        let said = self.said(schema);
        if let Some(says) = &said.says {
            self.found.push(Marking {
                instance: place.pointer(),
                value,
                says: says.clone(),
                schema: said.schema.clone(),
            });
        }
        let chosen = said.choices.iter().filter(|choice| choice.is_valid(value));
        for part in said.parts.iter().chain(chosen) {
            self.visit(part, value, place);
        }
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    let schema = said.properties.get(name).or(said.others.as_ref());
                    if let Some(schema) = schema {
                        self.visit(schema, field, &Place::Field(place, name));
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if let Some(schema) = &said.items {
                        self.visit(schema, item, &Place::Item(place, index));
                    }
                }
            }
            _ => {}
        }
    }

    fn said(&mut self, schema: &Schema) -> Rc<Said> {
        if let Some(said) = self.said.get(schema.pointer()) {
            return Rc::clone(said);
        }
        let choices = ["anyOf", "oneOf"].into_iter();
        let properties = schema.properties().into_iter();
        let said = Rc::new(Said {
            says: schema.keyword(self.keyword).cloned(),
            parts: schema.branches("allOf"),
            choices: choices.flat_map(|list| schema.branches(list)).collect(),
            properties: properties
                .filter_map(|name| schema.property(&name).map(|property| (name, property)))
                .collect(),
            others: schema.subschema("additionalProperties"),
            items: schema.items(),
            schema: schema.clone(),
        });
        self.said
            .insert(schema.pointer().to_owned(), Rc::clone(&said));
        said
    }
}

impl Place<'_> {
    fn pointer(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Field(outer, name) => join(&outer.pointer(), name),
            Self::Item(outer, index) => join(&outer.pointer(), &index.to_string()),
        }
    }
}

/// Whether `text` is a ULID: 26 characters of Crockford's base 32, the first one 0 to 7, so that it fits
/// 128 bits. Letters of either case.
pub fn ulid_is_well_formed(text: &str) -> bool {
    text.len() == 26
        && text.starts_with(|first: char| ('0'..='7').contains(&first))
        && text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric()
                && !matches!(byte.to_ascii_uppercase(), b'I' | b'L' | b'O' | b'U')
        })
}

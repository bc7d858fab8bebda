//! Where a schema says something about a value: walking both side by side.

use std::collections::{HashSet, VecDeque};

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
        let mut markings = Vec::new();
        self.mark(value, "", keyword, &mut markings);
        markings
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

    fn mark<'a>(
        &self,
        value: &'a Value,
        instance: &str,
        keyword: &str,
        found: &mut Vec<Marking<'a>>,
    ) {
        if let Some(says) = self.keyword(keyword) {
            found.push(Marking {
                instance: instance.to_owned(),
                value,
                says: says.clone(),
                schema: self.clone(),
            });
        }
        for branch in self.branches("allOf") {
            branch.mark(value, instance, keyword, found);
        }
        for keyword_of_choice in ["anyOf", "oneOf"] {
            for branch in self.branches(keyword_of_choice) {
                if branch.is_valid(value) {
                    branch.mark(value, instance, keyword, found);
                }
            }
        }
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    let schema = self
                        .property(name)
                        .or_else(|| self.subschema("additionalProperties"));
                    if let Some(schema) = schema {
                        schema.mark(field, &join(instance, name), keyword, found);
                    }
                }
            }
            Value::Array(items) => {
                if let Some(schema) = self.items() {
                    for (index, item) in items.iter().enumerate() {
                        schema.mark(item, &join(instance, &index.to_string()), keyword, found);
                    }
                }
            }
            _ => {}
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

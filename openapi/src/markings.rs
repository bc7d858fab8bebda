//! Where a schema says something about a value: walking both side by side.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::chart::{Chart, Spot};
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
        let chart = self.chart(keyword);
        let mut walk = Walk {
            root: self,
            chart: &chart,
            found: Vec::new(),
        };
        walk.visit(0, value, &Place::Root);
        walk.found
    }

    /// The places of `keyword` in this schema and its parts.
    fn chart(&self, keyword: &str) -> Arc<Chart> {
        let draw = || Arc::new(drawn(self, keyword));
        self.tree().chart(self.pointer(), keyword, draw)
    }

    /// The schemas that say `keyword`, among this one and all that it is made of; the nearest first.
    pub fn saying(&self, keyword: &str) -> Vec<Schema> {
        let chart = self.chart(keyword);
        let saying = chart.0.iter().filter(|spot| spot.says.is_some());
        saying
            .map(|spot| self.elsewhere(spot.pointer.clone()))
            .collect()
    }
}

/// The chart of `schema` for `keyword`.
fn drawn(schema: &Schema, keyword: &str) -> Chart {
    let mut open = Open {
        places: HashMap::new(),
        schemas: Vec::new(),
    };
    open.place(schema.clone());
    let mut spots = Vec::new();
    while let Some(schema) = open.schemas.get(spots.len()).cloned() {
        spots.push(open.spot(&schema, keyword));
    }
    Chart::new(spots)
}

/// The schemas that were met, in the order in which they were.
struct Open {
    places: HashMap<String, usize>,
    schemas: Vec<Schema>,
}

impl Open {
    /// Where `schema` is in the chart.
    fn place(&mut self, schema: Schema) -> usize {
        let next = self.schemas.len();
        let place = *self
            .places
            .entry(schema.pointer().to_owned())
            .or_insert(next);
        if place == next {
            self.schemas.push(schema);
        }
        place
    }

    fn spot(&mut self, schema: &Schema, keyword: &str) -> Spot {
        let properties = schema.properties().into_iter().filter_map(|name| {
            let property = schema.property(&name)?;
            Some((name, Some(self.place(property))))
        });
        let properties = properties.collect();
        let items = schema.items().map(|items| self.place(items));
        let others = schema.subschema("additionalProperties");
        let others = others.map(|others| self.place(others));
        let mut branches = |list| -> Vec<usize> {
            let branches = schema.branches(list).into_iter();
            branches.map(|branch| self.place(branch)).collect()
        };
        Spot {
            parts: branches("allOf"),
            choices: [branches("anyOf"), branches("oneOf")].concat(),
            says: schema.keyword(keyword).cloned(),
            properties,
            others,
            items,
            pointer: schema.pointer().to_owned(),
        }
    }
}

/// One walk of a value and its schema, side by side.
struct Walk<'c, 'v> {
    root: &'c Schema,
    chart: &'c Chart,
    found: Vec<Marking<'v>>,
}

/// Where a value lies, from the inside out; written down only where something is found.
enum Place<'p> {
    Root,
    Field(&'p Place<'p>, &'p str),
    Item(&'p Place<'p>, usize),
}

impl<'v> Walk<'_, 'v> {
    fn visit(&mut self, place: usize, value: &'v Value, lies: &Place<'_>) {
        let spot = &self.chart.0[place];
        if let Some(says) = &spot.says {
            self.found.push(Marking {
                instance: lies.pointer(),
                value,
                says: says.clone(),
                schema: self.root.elsewhere(spot.pointer.clone()),
            });
        }
        let valid = |way: &&usize| {
            let pointer = self.chart.0[**way].pointer.clone();
            self.root.elsewhere(pointer).is_valid(value)
        };
        let chosen: Vec<usize> = spot.choices.iter().filter(valid).copied().collect();
        for part in spot.parts.iter().copied().chain(chosen) {
            self.visit(part, value, lies);
        }
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    let declared = spot.properties.get(name).copied();
                    if let Some(way) = declared.unwrap_or(spot.others) {
                        self.visit(way, field, &Place::Field(lies, name));
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if let Some(way) = spot.items {
                        self.visit(way, item, &Place::Item(lies, index));
                    }
                }
            }
            _ => {}
        }
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

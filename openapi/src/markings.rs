//! Where a schema says something about a value: walking both side by side.

use std::collections::HashMap;

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
        let chart = self.chart(keyword);
        let mut walk = Walk {
            chart: &chart,
            found: Vec::new(),
        };
        walk.visit(0, value, &Place::Root);
        walk.found
    }

    /// The schemas that say `keyword`, among this one and all that it is made of; the nearest first.
    pub fn saying(&self, keyword: &str) -> Vec<Schema> {
        let chart = self.chart(keyword);
        let saying = chart.0.iter().filter(|spot| spot.says.is_some());
        saying.map(|spot| spot.schema.clone()).collect()
    }
}

/// A schema and all that it is made of, the nearest first, and where among them a keyword is said. Ways
/// that lead to no such place are left out: most of a page need not be looked at.
pub(crate) struct Chart(Vec<Spot>);

/// One schema of a [`Chart`]; others are named by their places in it.
struct Spot {
    schema: Schema,
    says: Option<Value>,
    parts: Vec<usize>,
    choices: Vec<usize>,
    /// All that are declared; where nothing is said below one, none.
    properties: HashMap<String, Option<usize>>,
    others: Option<usize>,
    items: Option<usize>,
}

impl Chart {
    /// The chart of `schema` for `keyword`.
    pub(crate) fn of(schema: &Schema, keyword: &str) -> Self {
        let mut open = Open {
            places: HashMap::new(),
            schemas: Vec::new(),
        };
        open.place(schema.clone());
        let mut spots = Vec::new();
        while let Some(schema) = open.schemas.get(spots.len()).cloned() {
            spots.push(open.spot(schema, keyword));
        }
        let mut chart = Self(spots);
        chart.prune();
        chart
    }

    /// Leaves out the ways that lead to nothing.
    fn prune(&mut self) {
        let mut leads: Vec<bool> = self.0.iter().map(|spot| spot.says.is_some()).collect();
        loop {
            let more: Vec<usize> = (0..leads.len())
                .filter(|place| !leads[*place] && self.0[*place].ways().any(|way| leads[way]))
                .collect();
            if more.is_empty() {
                break;
            }
            for place in more {
                leads[place] = true;
            }
        }
        for spot in &mut self.0 {
            spot.parts.retain(|way| leads[*way]);
            spot.choices.retain(|way| leads[*way]);
            let properties = spot.properties.values_mut();
            for way in properties.chain([&mut spot.others, &mut spot.items]) {
                *way = way.filter(|way| leads[*way]);
            }
        }
    }
}

impl Spot {
    fn ways(&self) -> impl Iterator<Item = usize> {
        let several = self.parts.iter().chain(&self.choices).copied();
        let properties = self.properties.values().copied();
        several.chain(properties.chain([self.others, self.items]).flatten())
    }
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

    fn spot(&mut self, schema: Schema, keyword: &str) -> Spot {
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
            schema,
        }
    }
}

/// One walk of a value and its schema, side by side.
struct Walk<'c, 'v> {
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
                schema: spot.schema.clone(),
            });
        }
        let valid = |way: &&usize| self.chart.0[**way].schema.is_valid(value);
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

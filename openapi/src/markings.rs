//! Where a schema says something about a value: walking both side by side.

use serde_json::Value;

use crate::chart::{Chart, MadeOf, Mark};
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
        self.charted(keyword, |chart, start| {
            let mut walk = Walk {
                root: self,
                chart,
                marks: chart.marks(keyword),
                found: Vec::new(),
            };
            walk.visit(start, value, &Place::Root);
            walk.found
        })
    }

    /// The schemas that say `keyword`, among this one and all that it is made of; the nearest first.
    pub fn saying(&self, keyword: &str) -> Vec<Schema> {
        self.charted(keyword, |chart, start| {
            let saying = chart.saying(start, keyword).into_iter();
            saying
                .map(|pointer| self.elsewhere(pointer.to_owned()))
                .collect()
        })
    }

    /// Calls `look` with the document's chart and the place of this schema in it.
    fn charted<T>(&self, keyword: &str, look: impl FnOnce(&Chart, usize) -> T) -> T {
        let says = |pointer: &str| {
            let schema = self.elsewhere(pointer.to_owned());
            schema.keyword(keyword).cloned()
        };
        let read = |pointer: &str| parts(&self.elsewhere(pointer.to_owned()));
        self.tree()
            .charted(self.pointer(), keyword, read, says, look)
    }
}

/// What `schema` is made of.
fn parts(schema: &Schema) -> MadeOf {
    let pointer = |schema: Schema| schema.pointer().to_owned();
    let branches = |keyword: &str| {
        let branches = schema.branches(keyword).into_iter();
        branches.map(pointer).collect::<Vec<_>>()
    };
    let properties = schema.properties().into_iter().filter_map(|name| {
        let property = schema.property(&name)?;
        Some((name, pointer(property)))
    });
    MadeOf {
        properties: properties.collect(),
        items: schema.items().map(pointer),
        others: schema.subschema("additionalProperties").map(pointer),
        parts: branches("allOf"),
        choices: [branches("anyOf"), branches("oneOf")].concat(),
    }
}

/// One walk of a value and its schema, side by side.
struct Walk<'c, 'v> {
    root: &'c Schema,
    chart: &'c Chart,
    /// What the schemas of the chart have to do with the keyword.
    marks: &'c [Mark],
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
        let spot = self.chart.spot(place);
        match &self.marks[place] {
            Mark::Nothing => return,
            Mark::Leads => {}
            Mark::Says(says) => self.found.push(Marking {
                instance: lies.pointer(),
                value,
                says: Value::clone(says),
                schema: self.root.elsewhere(spot.pointer.clone()),
            }),
        }
        for part in &spot.parts {
            self.visit(*part, value, lies);
        }
        for choice in &spot.choices {
            let pointer = || self.chart.spot(*choice).pointer.clone();
            let leads = !matches!(self.marks[*choice], Mark::Nothing);
            if leads && self.root.elsewhere(pointer()).is_valid(value) {
                self.visit(*choice, value, lies);
            }
        }
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    let declared = spot.properties.get(name).copied();
                    if let Some(way) = declared.or(spot.others) {
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

//! Where a schema says something about a value: walking both side by side.

use std::sync::Arc;

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
    /// The keyword's value, which the document keeps once: a long `enum` is said of many values of a body.
    pub says: Arc<Value>,
    /// Where the schema stands.
    pub schema: Schema,
}

impl Schema {
    /// Every place in `value` where the schema says `keyword`, in the order of the value.
    ///
    /// `$ref`, `allOf`, `properties`, `additionalProperties` and `items` are followed; of `anyOf` and
    /// `oneOf` those branches that the value is valid for.
    pub fn markings<'a>(&self, value: &'a Value, keyword: &str) -> Vec<Marking<'a>> {
        self.markings_where(value, keyword, |_, _| true)
    }

    /// As [`Schema::markings`], of those places only for which `wanted` returns true, given what the keyword says
    /// and the value.
    pub fn markings_where<'a>(
        &self,
        value: &'a Value,
        keyword: &str,
        wanted: impl Fn(&Value, &Value) -> bool,
    ) -> Vec<Marking<'a>> {
        self.charted(keyword, |chart, start| {
            let mut walk = Walk {
                root: self,
                chart,
                marks: chart.marks(keyword),
                wanted: &wanted,
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
    let end = schema.resolved();
    let (own, behind) = (schema.value(), end.value());
    let branches = |keyword: &str| {
        let branches = behind.get(keyword).and_then(Value::as_array);
        let list = join(end.pointer(), keyword);
        let places = 0..branches.map_or(0, Vec::len);
        places
            .map(|place| join(&list, &place.to_string()))
            .collect::<Vec<_>>()
    };
    let objects = [own, behind].map(Value::as_object).into_iter().flatten();
    let keywords = objects.flatten().map(|(keyword, _)| keyword.clone());
    let others = behind.get("additionalProperties");
    MadeOf {
        keywords: keywords.collect(),
        properties: schema.own_properties(),
        items: schema.items().map(|items| items.pointer().to_owned()),
        others: others
            .filter(|others| others.is_object())
            .map(|_| join(end.pointer(), "additionalProperties")),
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
    wanted: &'c dyn Fn(&Value, &Value) -> bool,
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
            Mark::Says(says) if !(self.wanted)(says, value) => {}
            Mark::Says(says) => self.found.push(Marking {
                instance: lies.pointer(),
                value,
                says: Arc::clone(says),
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

//! A schema without its `$ref`s: each is another keyword, which names the place where the reference leads.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Tree;
use super::compiled::Defect;
use crate::keys::Inside;
use crate::version::Version;
use crate::{dialect, join};

/// The keyword that takes the place of `$ref`. Its value is the pointer of the schema that the reference leads to.
pub(crate) const REFERENCE: &str = "eventline-reference";

/// How many references may follow each other without a step into the value: a longer chain would fill the stack.
const DEPTH: usize = 256;

/// The keywords whose schemas speak of the value itself, and not of a part of it.
const IN_PLACE: [&str; 9] = [
    "allOf",
    "anyOf",
    "dependencies",
    "dependentSchemas",
    "else",
    "if",
    "not",
    "oneOf",
    "then",
];

/// The keywords that need to know which parts of the value other schemas have spoken of.
const COLLECTING: [&str; 2] = ["unevaluatedItems", "unevaluatedProperties"];

/// What is compiled for a schema.
pub(crate) struct Unreferenced {
    /// The schema. If several were put together, each stands under `$defs`, and the first one is referred to.
    pub(crate) schema: Value,
    /// Where they stand in the document.
    pub(crate) places: Vec<String>,
    /// The schemas that a value is handed on to.
    pub(crate) targets: Vec<String>,
}

impl Unreferenced {
    /// Reads the schema at `pointer`.
    pub(crate) fn read(tree: &Tree, pointer: &str) -> Result<Self, Defect> {
        let mut reader = Reader {
            tree,
            root: pointer.to_owned(),
            places: vec![pointer.to_owned()],
            targets: Vec::new(),
        };
        let mut schemas = Vec::new();
        while let Some(place) = reader.places.get(schemas.len()).cloned() {
            let read = dialect::for_validators(&tree.root, tree.version, &place);
            let mut schema = read.ok_or_else(|| Defect {
                pointer: place.clone(),
                message: "there is no schema".to_owned(),
            })?;
            let around = Around {
                inside: Inside::Object,
                in_place: true,
                collecting: !schemas.is_empty(),
            };
            reader.visit(&mut schema, &place, around)?;
            schemas.push(schema);
        }
        let Reader {
            places, targets, ..
        } = reader;
        let schema = match schemas.len() {
            1 => schemas.remove(0),
            _ => together(schemas),
        };
        Ok(Self {
            schema,
            places,
            targets,
        })
    }
}

/// The schemas under `$defs`, and a reference to the first one.
fn together(schemas: Vec<Value>) -> Value {
    let numbered = schemas.into_iter().enumerate();
    let numbered = numbered.map(|(number, schema)| (number.to_string(), schema));
    let all = [
        ("$ref".to_owned(), Value::from("#/$defs/0")),
        ("$defs".to_owned(), Value::Object(numbered.collect())),
    ];
    Value::Object(all.into_iter().collect())
}

struct Reader<'t> {
    tree: &'t Tree,
    root: String,
    places: Vec<String>,
    targets: Vec<String>,
}

/// What is known of a place within a schema.
#[derive(Clone, Copy)]
struct Around {
    inside: Inside,
    /// Whether what stands here speaks of the whole schema's value.
    in_place: bool,
    /// Whether a keyword of [`COLLECTING`] must see what stands here.
    collecting: bool,
}

impl Reader<'_> {
    fn visit(&mut self, value: &mut Value, at: &str, around: Around) -> Result<(), Defect> {
        match value {
            Value::Object(fields) => self.object(fields, at, around),
            Value::Array(items) => items.iter_mut().enumerate().try_for_each(|(index, item)| {
                let inside = Inside::Object;
                self.visit(
                    item,
                    &join(at, &index.to_string()),
                    Around { inside, ..around },
                )
            }),
            _ => Ok(()),
        }
    }

    fn object(
        &mut self,
        fields: &mut Map<String, Value>,
        at: &str,
        mut around: Around,
    ) -> Result<(), Defect> {
        let is_schema = around.inside == Inside::Object;
        if is_schema {
            around.collecting |= COLLECTING
                .iter()
                .any(|keyword| fields.contains_key(*keyword));
            self.reference(fields, at, around)?;
        }
        for (key, part) in fields.iter_mut() {
            if !part.is_object() && !part.is_array() {
                continue;
            }
            let inside = around.inside.of(key, part);
            if inside == Inside::Data || (is_schema && key == REFERENCE) {
                continue;
            }
            // What stands under a name is where its list of names is.
            let same = !is_schema || IN_PLACE.contains(&key.as_str());
            let around = Around {
                inside,
                in_place: around.in_place && same,
                collecting: around.collecting && same,
            };
            self.visit(part, &join(at, key), around)?;
        }
        Ok(())
    }

    /// Replaces the reference of a schema.
    fn reference(
        &mut self,
        fields: &mut Map<String, Value>,
        at: &str,
        around: Around,
    ) -> Result<(), Defect> {
        let keyword = ["$ref", "$dynamicRef"].into_iter().find(|keyword| {
            let written = fields.get(*keyword);
            written.is_some_and(Value::is_string)
        });
        let Some(keyword) = keyword else {
            return Ok(());
        };
        let written = fields.shift_remove(keyword).unwrap_or_default();
        let written = written.as_str().unwrap_or_default();
        if self.tree.version == Version::V3_0 {
            // JSON Schema draft 4: what stands beside a reference is ignored.
            fields.clear();
        }
        let Some(target) = self.tree.root.target(written) else {
            let pointer = join(&dialect::written(&self.tree.root, at), keyword);
            let message = format!("`{keyword}: {written}` leads nowhere");
            return Err(Defect { pointer, message });
        };
        if around.collecting {
            let known = self.places.iter().position(|place| *place == target);
            let number = known.unwrap_or_else(|| {
                self.places.push(target);
                self.places.len() - 1
            });
            fields.insert("$ref".to_owned(), format!("#/$defs/{number}").into());
            return Ok(());
        }
        // A schema that comes back to itself without a step into the value says nothing.
        if !around.in_place || !self.comes_back(&target, at)? {
            self.targets.push(target.clone());
            fields.insert(REFERENCE.to_owned(), target.into());
        }
        Ok(())
    }

    /// Whether the schema at `target` hands the same value back to the one that is read.
    fn comes_back(&self, target: &str, at: &str) -> Result<bool, Defect> {
        let mut seen = HashSet::from([target.to_owned()]);
        let mut layer = vec![target.to_owned()];
        for _ in 0..DEPTH {
            if seen.contains(&self.root) {
                return Ok(true);
            }
            let mut next = Vec::new();
            for place in layer {
                let schema = self.tree.at(&place);
                if let Some(schema) = schema {
                    in_place_targets(self.tree, schema, Inside::Object, &mut next);
                }
            }
            next.retain(|place| seen.insert(place.clone()));
            if next.is_empty() {
                return Ok(seen.contains(&self.root));
            }
            layer = next;
        }
        Err(Defect {
            pointer: dialect::written(&self.tree.root, at),
            message: format!("more than {DEPTH} references follow each other"),
        })
    }
}

/// The places to which `schema` hands its own value on.
fn in_place_targets(tree: &Tree, schema: &Value, inside: Inside, targets: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            let is_schema = inside == Inside::Object;
            if is_schema {
                let written = ["$ref", "$dynamicRef"].map(|keyword| fields.get(keyword));
                let written = written.into_iter().flatten().filter_map(Value::as_str);
                targets.extend(written.filter_map(|reference| tree.root.target(reference)));
            }
            for (key, part) in fields {
                if !is_schema || IN_PLACE.contains(&key.as_str()) {
                    in_place_targets(tree, part, inside.of(key, part), targets);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                in_place_targets(tree, item, Inside::Object, targets);
            }
        }
        _ => {}
    }
}

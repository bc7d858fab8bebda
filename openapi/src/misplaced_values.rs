//! Values in a document that break the schema they stand in: of `example`, `examples`, `default` and `enum`.
//!
//! Made-up answers pass over them. A schema is compiled only if its own keywords do not show that the value is right.
//! A large document still takes seconds, so programs look at one operation at a time, or if a person asks.

use std::collections::{HashSet, VecDeque};

use serde_json::Value;

use crate::source::Misfit;
use crate::{Document, Media, Operation, Problem, Schema, join};

/// The number of warnings about a whole document. A last one counts the others.
const SHOWN: usize = 40;

/// The number of schemas that are looked at for one operation, and of those that are compiled.
const FEW: [usize; 2] = [1_000, 64];

/// A value that breaks the schema it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MisplacedValue {
    /// Where the value stands, as a JSON pointer into the document.
    pub pointer: String,
    /// A sentence that says what is wrong.
    pub message: String,
}

impl Document {
    /// Warnings about all values of `example`, `examples`, `default` and `enum` that break their schema.
    ///
    /// It takes up to seconds for a document of some megabytes.
    pub fn misplaced_values(&self) -> Vec<Problem> {
        let mut walk = Walk::new([usize::MAX; 2]);
        for operation in self.operations() {
            walk.operation(self, operation);
        }
        let more = walk.found.len().saturating_sub(SHOWN);
        let misfits = walk.found.into_iter().take(SHOWN).map(|found| Misfit {
            pointer: found.pointer,
            message: found.message,
            cure: "correct the value or the schema; answers pass over the value".to_owned(),
        });
        let mut warnings = self.tree().warnings(misfits.collect(), SHOWN);
        if more > 0 {
            let message = format!("{}: {more} more values break their schema", self.name());
            let problem = Problem::new(message).cure("correct those above first");
            warnings.push(problem.into_warning());
        }
        warnings
    }

    /// The values that an operation's answers, and requests for it, pass over.
    ///
    /// Of the schemas that it leads to, only the nearest are looked at, so that it takes some milliseconds at most.
    pub fn misplaced_values_of(&self, operation: &Operation) -> Vec<MisplacedValue> {
        let mut walk = Walk::new(FEW);
        walk.operation(self, operation);
        walk.found
    }
}

/// A walk through schemas, the nearest first, each once.
struct Walk {
    seen: HashSet<String>,
    open: VecDeque<Schema>,
    found: Vec<MisplacedValue>,
    /// The number of schemas that are still looked at, and of those that are still compiled.
    left: [usize; 2],
}

impl Walk {
    fn new(left: [usize; 2]) -> Self {
        Self {
            seen: HashSet::new(),
            open: VecDeque::new(),
            found: Vec::new(),
            left,
        }
    }

    fn operation(&mut self, document: &Document, operation: &Operation) {
        for response in &operation.responses {
            self.bodies(document, &response.media);
        }
        if let Some(body) = document.request_body(operation) {
            self.bodies(document, &body.media);
        }
        let parameters = operation.parameters.iter();
        self.open.extend(parameters.map(|one| one.schema.clone()));
        while let Some(schema) = self.open.pop_front() {
            if !self.seen.insert(schema.pointer().to_owned()) {
                continue;
            }
            let [looks, _] = &mut self.left;
            match looks.checked_sub(1) {
                Some(less) => *looks = less,
                None => return,
            }
            self.values(&schema);
            self.inner(&schema);
        }
    }

    /// The examples of bodies, and their schemas.
    fn bodies(&mut self, document: &Document, bodies: &[Media]) {
        for media in bodies {
            self.open.extend(media.item_schema.clone());
            let Some(schema) = &media.schema else {
                continue;
            };
            self.open.push_back(schema.clone());
            if !self.seen.insert(media.pointer.clone()) {
                continue;
            }
            if let Some(example) = &media.example {
                let pointer = join(&media.pointer, "example");
                self.check(schema, ("example", &pointer), example);
            }
            for (name, example) in document.examples(media) {
                let pointer = join(&join(&media.pointer, "examples"), name);
                self.check(schema, ("example", &pointer), example);
            }
        }
    }

    fn values(&mut self, schema: &Schema) {
        let written = schema.value();
        for keyword in ["example", "default"] {
            if let Some(value) = written.get(keyword) {
                let pointer = join(schema.pointer(), keyword);
                self.check(schema, (keyword, &pointer), value);
            }
        }
        for keyword in ["examples", "enum"] {
            let values = written.get(keyword).and_then(Value::as_array);
            for (place, value) in values.into_iter().flatten().enumerate() {
                let list = join(schema.pointer(), keyword);
                let pointer = join(&list, &place.to_string());
                self.check(schema, (keyword, &pointer), value);
            }
        }
    }

    fn check(&mut self, schema: &Schema, (keyword, pointer): (&str, &str), value: &Value) {
        let [_, compiles] = &mut self.left;
        if is_plainly_valid(schema.value(), value) || *compiles == 0 {
            return;
        }
        *compiles -= 1;
        if schema.is_valid(value) {
            return;
        }
        let violations = schema.violations(value);
        let why = violations.first();
        let why = why.map_or("it is invalid", |one| one.message.as_str());
        self.found.push(MisplacedValue {
            pointer: pointer.to_owned(),
            message: format!("a value of `{keyword}` breaks its schema: {why}"),
        });
    }

    /// Opens the schemas inside one, and the one that its `$ref` leads to.
    fn inner(&mut self, schema: &Schema) {
        let written = schema.value();
        if written.get("$ref").is_some() {
            self.open.push_back(schema.resolved());
        }
        let mut open = |pointer| self.open.push_back(schema.elsewhere(pointer));
        for keyword in ["properties", "patternProperties"] {
            let named = written.get(keyword).and_then(Value::as_object);
            for (name, _) in named.into_iter().flatten() {
                open(join(&join(schema.pointer(), keyword), name));
            }
        }
        for keyword in ["allOf", "anyOf", "oneOf", "prefixItems"] {
            let several = written.get(keyword).and_then(Value::as_array);
            for place in 0..several.map_or(0, Vec::len) {
                open(join(&join(schema.pointer(), keyword), &place.to_string()));
            }
        }
        for keyword in ["items", "additionalProperties"] {
            if written.get(keyword).is_some_and(Value::is_object) {
                open(join(schema.pointer(), keyword));
            }
        }
    }
}

/// Whether a schema says nothing but its type, and perhaps an `enum`, and the value suits them. Most values do.
fn is_plainly_valid(schema: &Value, value: &Value) -> bool {
    const NOTES: [&str; 10] = [
        "type",
        "enum",
        "description",
        "title",
        "example",
        "examples",
        "default",
        "nullable",
        "readOnly",
        "deprecated",
    ];
    let Some(keywords) = schema.as_object() else {
        return false;
    };
    let is_note = |keyword: &String| NOTES.contains(&keyword.as_str()) || keyword.starts_with("x-");
    let is_of_type = match schema.get("type").and_then(Value::as_str) {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        _ => false,
    };
    let set = schema.get("enum").map(Value::as_array);
    let is_in_set = set.is_none_or(|set| set.is_some_and(|set| set.contains(value)));
    is_of_type && is_in_set && keywords.keys().all(is_note)
}

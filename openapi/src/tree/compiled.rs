//! One schema, compiled by itself.
//!
//! A `$ref` is not compiled into the schema that holds it. It is a keyword of its own ([`REFERENCE`]) that asks the
//! compiled schema it leads to, which the document compiles once, when a value first reaches it. So the cost follows
//! what is asked and not the document, and a flaw in one schema spoils no other.
//!
//! `unevaluatedProperties` and `unevaluatedItems` must know what the schemas behind a `$ref` evaluated. Beside these
//! keywords, the schemas behind references are compiled in.

use std::sync::{Arc, OnceLock, Weak};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Keyword, ValidationError, Validator};
use serde_json::Value;

use super::unreferenced::{REFERENCE, Unreferenced};
use super::{Tree, asked};
use crate::{Problem, ulid};

/// A schema of a document, compiled when it is first used.
pub(crate) struct Compiled {
    pointer: String,
    built: OnceLock<Result<Built, Defect>>,
    /// Why it, or a schema that it refers to, cannot be used.
    pub(crate) defect: OnceLock<Option<Problem>>,
}

/// What a schema was compiled to.
pub(crate) struct Built {
    validator: Validator,
    /// Where the schemas that were compiled in stand; the first one is the schema itself.
    places: Vec<String>,
    /// The schemas that values are handed on to.
    targets: Vec<String>,
    /// The keywords that were passed over.
    flaws: Vec<Defect>,
}

/// Why a schema cannot be used.
#[derive(Debug, Clone)]
pub(crate) struct Defect {
    /// Where the document says what is wrong.
    pub(crate) pointer: String,
    pub(crate) message: String,
}

impl Compiled {
    pub(crate) fn new(pointer: &str) -> Self {
        Self {
            pointer: pointer.to_owned(),
            built: OnceLock::new(),
            defect: OnceLock::new(),
        }
    }

    /// The compiled schema, or why it cannot be compiled.
    pub(crate) fn built(&self, tree: &Arc<Tree>) -> Result<&Built, &Defect> {
        let built = self.built.get_or_init(|| Built::new(tree, &self.pointer));
        built.as_ref()
    }

    /// Whether `value` is valid; a schema that cannot be used accepts everything.
    pub(crate) fn is_valid(&self, tree: &Arc<Tree>, value: &Value) -> bool {
        self.built(tree)
            .map_or(true, |built| built.validator.is_valid(value))
    }
}

/// How many wrong keywords of one schema are passed over.
const PASSED_OVER: usize = 64;

impl Built {
    /// Compiles the schema at `pointer`. A keyword that is written wrongly is passed over: the others stand.
    fn new(tree: &Arc<Tree>, pointer: &str) -> Result<Self, Defect> {
        let Unreferenced {
            mut schema,
            places,
            targets,
        } = Unreferenced::read(tree, pointer)?;
        let mut flaws = Vec::new();
        loop {
            let error = match validator(tree, &schema) {
                Ok(validator) => {
                    return Ok(Self {
                        validator,
                        places,
                        targets,
                        flaws,
                    });
                }
                Err(error) => error,
            };
            let path = error.instance_path().as_str().to_owned();
            let flaw = Defect {
                pointer: place(&places, &path),
                message: error.to_string(),
            };
            if flaws.len() == PASSED_OVER || !taken_out(&mut schema, &path) {
                return Err(flaw);
            }
            flaws.push(flaw);
        }
    }

    /// The keywords that were passed over, because they are written wrongly.
    pub(crate) fn flaws(&self) -> &[Defect] {
        &self.flaws
    }

    /// Every way in which `value` breaks the schema.
    pub(crate) fn errors<'v>(&'v self, value: &'v Value) -> Vec<ValidationError<'v>> {
        self.validator.iter_errors(value).collect()
    }

    /// Where the keyword that an error names stands, as validators read the document.
    pub(crate) fn location(&self, error: &ValidationError<'_>) -> String {
        place(&self.places, error.schema_path().as_str())
    }

    /// The schemas that values are handed on to.
    pub(crate) fn targets(&self) -> &[String] {
        &self.targets
    }
}

fn validator(tree: &Arc<Tree>, schema: &Value) -> Result<Validator, Box<ValidationError<'static>>> {
    let weak = Arc::downgrade(tree);
    let built = jsonschema::options()
        .with_draft(tree.version.draft())
        .offline()
        .should_validate_formats(true)
        .with_format("ulid", ulid::ulid_is_well_formed)
        .with_keyword(REFERENCE, move |_, target, _| {
            Ok(Box::new(Reference::new(&weak, target)))
        })
        .build(schema);
    built.map_err(Box::new)
}

/// Takes the keyword at `path` out of a schema; false if it must stay. A list that repeats itself is kept
/// without its repeats.
///
/// An empty `enum` stays, because it says that no value is valid.
fn taken_out(schema: &mut Value, path: &str) -> bool {
    let Some((outer, key)) = path.rsplit_once('/') else {
        return false;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    match schema.pointer_mut(outer) {
        Some(Value::Object(fields)) => {
            if fields.get_mut(&key).is_some_and(without_repeats) {
                return true;
            }
            let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
            let says_nothing = key == "enum" && fields.get("enum").is_some_and(is_empty);
            !says_nothing && fields.shift_remove(&key).is_some()
        }
        Some(Value::Array(items)) => {
            let index = key.parse().ok().filter(|index| *index < items.len());
            index.map(|index: usize| items.remove(index)).is_some()
        }
        _ => false,
    }
}

/// Whether `value` is a list that had repeats, which are gone now.
fn without_repeats(value: &mut Value) -> bool {
    let Value::Array(items) = value else {
        return false;
    };
    let before = items.len();
    let mut kept = Vec::new();
    for item in std::mem::take(items) {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    *items = kept;
    items.len() < before
}

/// The schema that a value was handed on to, where an error says only that it is not valid there.
pub(crate) fn handed_on<'e>(error: &'e ValidationError<'_>) -> Option<&'e str> {
    match error.kind() {
        ValidationErrorKind::Custom { keyword, message } if keyword == REFERENCE => Some(message),
        _ => None,
    }
}

/// The place of the document that is `path` of what was compiled.
fn place(places: &[String], path: &str) -> String {
    match places {
        [only] => format!("{only}{path}"),
        several => {
            let inner = path.strip_prefix("/$defs/").unwrap_or_default();
            let (number, below) = inner.split_at(inner.find('/').unwrap_or(inner.len()));
            let place = number
                .parse()
                .ok()
                .and_then(|number: usize| several.get(number));
            format!(
                "{}{below}",
                place.or(several.first()).map_or("#", String::as_str)
            )
        }
    }
}

/// A `$ref`: a value is valid if it is valid for the schema that the reference leads to.
struct Reference {
    /// The document keeps its compiled schemas, so they do not keep it.
    tree: Weak<Tree>,
    target: String,
    compiled: OnceLock<Weak<Compiled>>,
}

impl Reference {
    fn new(tree: &Weak<Tree>, target: &Value) -> Self {
        Self {
            tree: Weak::clone(tree),
            target: target.as_str().unwrap_or_default().to_owned(),
            compiled: OnceLock::new(),
        }
    }
}

impl<'i> Keyword<'i> for Reference {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if Keyword::is_valid(self, instance) {
            Ok(())
        } else {
            Err(ValidationError::custom(&self.target))
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        // A document that is gone asks nothing.
        let Some(tree) = self.tree.upgrade() else {
            return true;
        };
        let known = || Arc::downgrade(&tree.compiled(&self.target));
        let compiled = self.compiled.get_or_init(known).upgrade();
        compiled.is_none_or(|compiled| {
            let schema = Arc::as_ptr(&compiled).addr();
            asked::once(schema, instance, || compiled.is_valid(&tree, instance))
        })
    }
}

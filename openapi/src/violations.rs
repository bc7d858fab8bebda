//! The ways in which a value breaks a schema, each with its place in the document.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::dialect;
use crate::tree::{Built, handed_on};
use crate::tree::{Tree, asked};

/// One way in which a value breaks a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// The keyword that failed: `minimum`, `type`, `format`.
    pub keyword: String,
    /// Where in the value, as a JSON pointer without `#`; empty for the value itself.
    pub instance: String,
    /// Where in the document the keyword stands.
    pub pointer: String,
    /// The keyword's value: the bound, the type, the set.
    pub expected: Value,
    /// A sentence.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.instance.is_empty() {
            "/"
        } else {
            &self.instance
        };
        write!(out, "at {place}: {} ({})", self.message, self.pointer)
    }
}

/// Every way in which `value` breaks the schema at `pointer`; none if the schema cannot be used.
pub(crate) fn of(tree: &Arc<Tree>, pointer: &str, value: &Value) -> Vec<Violation> {
    let mut violations = Vec::new();
    let search = Search {
        tree,
        instance: "",
        left: &Cell::new(SCHEMAS),
    };
    asked::together(|| search.schema(pointer, value, &mut violations));
    violations
}

/// The number of schemas that are searched for the violations of one value. Those of a schema that refers to others
/// may double at each level.
const SCHEMAS: usize = 10_000;

/// A search for violations of a part of a value.
struct Search<'s> {
    tree: &'s Arc<Tree>,
    /// Where the part lies in the whole value.
    instance: &'s str,
    /// How many schemas may still be searched.
    left: &'s Cell<usize>,
}

impl Search<'_> {
    fn schema(&self, pointer: &str, value: &Value, violations: &mut Vec<Violation>) {
        let Some(left) = self.left.get().checked_sub(1) else {
            return;
        };
        self.left.set(left);
        let compiled = self.tree.compiled(pointer);
        if let Ok(built) = compiled.built(self.tree) {
            for error in built.errors(value) {
                self.error(built, &error, violations);
            }
        }
    }

    /// Adds the violations that an error stands for.
    ///
    /// A reference says only that its schema is broken, so that schema is asked. An `anyOf` that the document does
    /// not have was put around a `$ref` for the validator, and a discriminator chooses a branch. So the errors of
    /// the branch are what the document says.
    fn error(&self, built: &Built, error: &ValidationError<'_>, violations: &mut Vec<Violation>) {
        if let Some(target) = handed_on(error) {
            let instance = format!("{}{}", self.instance, error.instance_path().as_str());
            let inner = Search {
                instance: &instance,
                ..*self
            };
            return inner.schema(target, error.instance(), violations);
        }
        let (ValidationErrorKind::AnyOf { context }
        | ValidationErrorKind::OneOfNotValid { context }) = error.kind()
        else {
            return violations.push(self.violation(built, error));
        };
        match self.chosen(built, &built.location(error), context) {
            Some(errors) => {
                for error in errors {
                    self.error(built, error, violations);
                }
            }
            None => violations.push(self.violation(built, error)),
        }
    }

    /// The errors of the branch that is meant, of the list of branches at `at`.
    fn chosen<'e, 'v>(
        &self,
        built: &Built,
        at: &str,
        branches: &'e [Vec<ValidationError<'v>>],
    ) -> Option<&'e [ValidationError<'v>]> {
        if self.tree.at(at).is_none() {
            return branches.last().map(Vec::as_slice);
        }
        let is_tagged = |index| self.tree.at(&format!("{at}/{index}/allOf")).is_none();
        let is_of_other = |index, error: &ValidationError<'_>| {
            let tag = format!("{at}/{index}/allOf/0/");
            built.location(error).starts_with(&tag)
        };
        let branches = branches.iter().enumerate();
        let mut branches = branches.filter(|(index, errors)| {
            is_tagged(*index) && !errors.iter().any(|error| is_of_other(*index, error))
        });
        let (first, second) = (branches.next(), branches.next());
        let only = first.filter(|_| second.is_none());
        only.map(|(_, errors)| errors.as_slice())
    }

    fn violation(&self, built: &Built, error: &ValidationError<'_>) -> Violation {
        let pointer = dialect::written(&self.tree.root, &built.location(error));
        Violation {
            keyword: error.kind().keyword().to_owned(),
            expected: self.tree.at(&pointer).cloned().unwrap_or_default(),
            instance: format!("{}{}", self.instance, error.instance_path().as_str()),
            message: error.to_string(),
            pointer,
        }
    }
}

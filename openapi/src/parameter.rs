//! A parameter of an operation, and how its text becomes a value.
//!
//! [`Parameter::write`] and [`Parameter::find`] know every notation: lists, objects, and values with a media
//! type. [`Parameter::read`] reads the decoded text of a parameter that is neither.

mod deep;
mod encoding;
mod find;
mod notation;
mod part;
mod sample;
mod shape;
mod write;

use std::sync::Arc;

use serde_json::Value;

pub use self::find::WrongValue;
pub use self::notation::{Notation, ParameterStyle};
pub(crate) use self::part::Part;
pub use self::shape::truth;
use self::shape::{Shape, typed};

use crate::{Location, Schema, Violation};

/// A parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name, as the document spells it.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
    /// Whether a request without it is refused.
    pub required: bool,
    /// What its value must be.
    pub schema: Schema,
    /// Where the document declares it.
    pub pointer: String,
    /// How its value is written as text.
    pub notation: Notation,
    /// Whether it may be an object whose properties have names of their own in the query.
    pub(crate) spreads: bool,
    /// The other parameters of the query, if this one takes all names that are none of theirs.
    pub(crate) beside: Arc<[Parameter]>,
    /// Which part of the text under its name it is.
    pub(crate) part: Part,
}

impl Parameter {
    /// The value that `text` stands for, if the schema accepts it.
    ///
    /// A text has no type: it is read as the most specific type that the schema knows (integer, number,
    /// boolean), and as a string otherwise. Integers beyond 64 bits are read as floats, so that bounds
    /// still apply to them.
    pub fn read(&self, text: &str) -> Result<Value, Vec<Violation>> {
        let value = self.typed(text);
        let violations = self.schema.violations(&value);
        if violations.is_empty() {
            Ok(value)
        } else {
            Err(violations)
        }
    }

    /// Whether OpenAPI ignores this definition: HTTP and the document's other parts say what these headers hold.
    ///
    /// OpenAPI 3.1, 4.8.12.1: definitions of the headers `Accept`, `Content-Type` and `Authorization`.
    pub fn is_ignored(&self) -> bool {
        const IGNORED: [&str; 3] = ["accept", "content-type", "authorization"];
        let is_called = |name: &&str| self.name.eq_ignore_ascii_case(name);
        self.location == Location::Header && IGNORED.iter().any(is_called)
    }

    /// Whether values of this type are accepted.
    pub fn takes(&self, kind: &str) -> bool {
        self.schema.types().contains(&kind)
    }

    pub(crate) fn typed(&self, text: &str) -> Value {
        let types = self.schema.types();
        if types.is_empty() {
            return Shape::of(&self.schema).typed(text);
        }
        typed(&types, text)
    }
}

//! An operation that pages, without its document.
//!
//! The document keeps it, so that each contract is read once.

use crate::{Certainty, Operation, Paging, Schema, Selector, Step, ValidationErrors};

/// All of a contract but its document, which keeps it.
pub(crate) struct Paged {
    pub(crate) operation: Of,
    pub(crate) paging: Paging,
    pub(crate) validation_errors: Option<ValidationErrors>,
    pub(crate) body: Schema,
    /// The schema of an item; `None` until it was checked that there is one.
    pub(crate) item: Option<Schema>,
    pub(crate) emptiness: Emptiness,
    pub(crate) name: String,
    /// Why it seems to page like this; empty if the document says it.
    pub(crate) reasons: Vec<(&'static str, String)>,
    /// How sure that is; `None` if the document says it.
    pub(crate) certainty: Option<Certainty>,
}

/// The operation that pages.
pub(crate) enum Of {
    /// An operation of the document, by its index there: documents may have tens of thousands.
    Document(usize),
    /// An operation that the document does not have.
    Own(Box<Operation>),
}

/// How a page without items may say so, besides with an empty list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Emptiness {
    /// It leaves the list out, because the schema does not require it.
    pub(crate) absent: bool,
    /// It has null in the place of the list.
    pub(crate) null: bool,
}

impl Emptiness {
    /// What the schema of a page allows at the place of its list.
    pub(crate) fn of(body: &Schema, items: &Selector) -> Self {
        let mut absent = false;
        let mut schema = Some(body.clone());
        for step in items.steps() {
            if let (Some(known), Step::Name(name)) = (&schema, step) {
                absent |= !known.requires(name);
                schema = known.property(name);
            }
        }
        let null = schema.is_some_and(|list| list.types().contains(&"null"));
        Self { absent, null }
    }
}

//! An operation that pages, without its document.
//!
//! The document keeps it, so that each contract is read once.

use crate::{Operation, Paging, Schema, ValidationErrors};

/// All of a contract but its document, which keeps it.
pub(crate) struct Paged {
    pub(crate) operation: Operation,
    pub(crate) paging: Paging,
    pub(crate) validation_errors: Option<ValidationErrors>,
    pub(crate) body: Schema,
    pub(crate) name: String,
}

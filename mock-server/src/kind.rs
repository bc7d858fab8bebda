//! The kinds of operations that are served.
//!
//! Each kind has what its answers need besides the operation itself, which `route` keeps for all kinds.

use std::sync::OnceLock;

use http::HeaderValue;
use openapi::Contract;

use crate::example::Example;

/// What an operation does.
#[derive(Debug)]
pub(crate) enum Kind {
    /// It pages through timelines.
    Timeline(Box<TimelineRoute>),
    /// It answers with an example of what the document declares.
    Example(Box<Example>),
}

/// An operation that pages through timelines.
#[derive(Debug)]
pub(crate) struct TimelineRoute {
    /// Its index among the world's contracts.
    pub(crate) place: usize,
    pub(crate) contract: Contract,
    /// The contract's name.
    pub(crate) name: String,
    /// The media type of a page, as a header value.
    pub(crate) media_type: HeaderValue,
    has_presigned_urls: OnceLock<bool>,
    /// Whether a page that is a part of the list is answered with 206.
    pub(crate) serves_parts: bool,
    /// The answer without pages, for an operation that is only assumed to page.
    pub(crate) example: Option<Example>,
}

impl TimelineRoute {
    pub(crate) fn new(place: usize, contract: Contract, example: Example) -> Self {
        let operation = contract.operation();
        let media = operation.page_answer().and_then(|response| response.json());
        let media_type = media.map_or("application/json", |media| media.served_as());
        Self {
            place,
            name: contract.name(),
            media_type: HeaderValue::from_str(media_type)
                .unwrap_or(HeaderValue::from_static("application/json")),
            has_presigned_urls: OnceLock::new(),
            serves_parts: contract.declares_parts(),
            example: (!contract.reasons().is_empty()).then_some(example),
            contract,
        }
    }

    /// Whether an item may hold URLs that expire.
    pub(crate) fn has_presigned_urls(&self) -> bool {
        let says = || !self.contract.item().saying("x-presigned").is_empty();
        *self.has_presigned_urls.get_or_init(says)
    }
}

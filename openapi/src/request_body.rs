//! The body that requests of an operation have.

use crate::media_type::essence;
use crate::response;
use crate::{Document, Media, Operation};

/// The body that requests of an operation have.
#[derive(Debug, Clone)]
pub struct RequestBody {
    /// Whether a request without it is refused.
    pub required: bool,
    /// The bodies that it may be.
    pub media: Vec<Media>,
    /// Where the document declares it.
    pub pointer: String,
}

impl RequestBody {
    /// The declared body for a `Content-Type`: of this media type, else of its range, else of `*/*`.
    pub fn media(&self, content_type: &str) -> Option<&Media> {
        response::declared_for(&self.media, &essence(content_type))
    }
}

impl Document {
    /// The body that requests of `operation` have; `None` if the document declares none.
    ///
    /// It is read at each call, because most uses of a document need no bodies of requests.
    pub fn request_body(&self, operation: &Operation) -> Option<RequestBody> {
        RequestBody::read(self.tree(), &operation.pointer)
    }

    /// The examples of a body under `examples`, by their names, in the document's order.
    pub fn examples<'d>(&'d self, media: &Media) -> Vec<(&'d str, &'d serde_json::Value)> {
        let list = crate::join(&media.pointer, "examples");
        let named = self.at(&list).and_then(serde_json::Value::as_object);
        let named = named.into_iter().flatten().filter_map(|(name, _)| {
            let at = self.tree().follow(&crate::join(&list, name));
            let example = self.at(&at)?;
            let value = ["value", "dataValue"]
                .into_iter()
                .find_map(|key| example.get(key));
            Some((name.as_str(), value?))
        });
        named.collect()
    }
}

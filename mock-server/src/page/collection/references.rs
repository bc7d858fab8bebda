//! What the body of a request refers to must be there, and belong to the caller.
//!
//! A body that names nothing is refused as the document declares refusals of bodies, else as it declares what is
//! missing. If it declares neither, the body is taken.

use fixtures::Unseen;
use http::StatusCode;
use openapi::{Selector, key_text};
use serde_json::{Map, Value};

use super::record::Record;
use super::{Asked, OfCollection, PathValues, Refusal, tag};
use crate::request_body;

impl OfCollection<'_> {
    /// Refuses a body whose fields name an item of another list that the caller does not have. `key` is that of the
    /// item which is changed, if the body changes one.
    ///
    /// What the path names and the conditions of the request come first.
    pub(super) fn check_references(
        &self,
        fields: &Map<String, Value>,
        (key, path): (Option<&str>, PathValues<'_>),
    ) -> Result<(), Refusal> {
        let unknown = self.unknown_references(fields);
        if unknown.is_empty() {
            return Ok(());
        }
        let timeline = self.look(path)?;
        let mut old = Map::new();
        if let Some(key) = key {
            let Some(place) = self.find(&timeline, key)? else {
                return Ok(());
            };
            let record = Record::at(&timeline, place);
            tag::check(self.asked.request, self.asked.route, &record)?;
            old = record.fields;
        }
        // What an item has already names something that was there.
        let is_new = |pointer: &str| {
            let name = openapi::tokens(pointer)
                .into_iter()
                .next()
                .unwrap_or_default();
            old.get(&name) != fields.get(&name)
        };
        let new = unknown.into_iter().filter(|(pointer, _)| is_new(pointer));
        let new: Vec<_> = new.collect();
        let route = self.asked.route;
        let invalid = StatusCode::from_u16(route.invalid_status()).unwrap_or_default();
        if new.is_empty() {
            Ok(())
        } else if route.declares(invalid) {
            let base = self.member.body.as_ref().map(Selector::pointer);
            let base = base.unwrap_or_default();
            let errors = new.into_iter().map(|(pointer, value)| {
                request_body::names_nothing(format!("{base}{pointer}"), value)
            });
            Err(Refusal::Invalid(errors.collect()))
        } else if route.declares(StatusCode::NOT_FOUND) {
            Err(Refusal::Unseen(Unseen::Missing))
        } else {
            Ok(())
        }
    }

    /// The fields that name nothing, each as a JSON pointer with its value.
    fn unknown_references(&self, fields: &Map<String, Value>) -> Vec<(String, Value)> {
        let references = self.asked.mock.collections().references(self.store);
        let fields = Value::Object(fields.clone());
        let unknown = references.filter_map(|(place, other)| {
            let value = place.get(&fields)?;
            let key = key_text(value)?;
            let Asked {
                mock,
                caller,
                captures,
                now,
                ..
            } = self.asked;
            let path = other.path_below(captures)?;
            let is_known = mock.is_defective(other)
                || mock
                    .look(other, caller, &path, now)
                    .is_ok_and(|timeline| timeline.find(&key).is_some());
            (!is_known).then(|| (place.pointer(), value.clone()))
        });
        unknown.collect()
    }
}

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
use crate::collections::Store;
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
        let old = Value::Object(old);
        let is_new = |unknown: &Unknown<'_>| match unknown.place.get(&old) {
            Some(Value::Array(old)) => !old.contains(&unknown.value),
            old => old != Some(&unknown.value),
        };
        let new: Vec<_> = unknown.into_iter().filter(is_new).collect();
        let route = self.asked.route;
        let invalid = StatusCode::from_u16(route.invalid_status()).unwrap_or_default();
        if new.is_empty() {
            Ok(())
        } else if route.declares(invalid) {
            let base = self.member.body.as_ref().map(Selector::pointer);
            let base = base.unwrap_or_default();
            let errors = new.into_iter().map(|unknown| {
                let pointer = format!("{base}{}", unknown.pointer);
                request_body::names_nothing(pointer, unknown.value)
            });
            Err(Refusal::Invalid(errors.collect()))
        } else if route.declares(StatusCode::NOT_FOUND) {
            Err(Refusal::Unseen(Unseen::Missing))
        } else {
            Ok(())
        }
    }

    /// What names nothing in the fields of a body.
    fn unknown_references(&self, fields: &Map<String, Value>) -> Vec<Unknown<'_>> {
        let references = self.asked.mock.collections().references(self.store);
        let fields = Value::Object(fields.clone());
        let mut unknown = Vec::new();
        for (place, other) in references {
            let pointer = place.pointer();
            let named: Vec<_> = match place.get(&fields) {
                None => continue,
                Some(Value::Array(several)) => {
                    let several = several.iter().enumerate();
                    several
                        .map(|(index, value)| (format!("{pointer}/{index}"), value))
                        .collect()
                }
                Some(value) => vec![(pointer, value)],
            };
            let new = named.into_iter().filter_map(|(pointer, value)| {
                let is_unknown = self.is_there(other, value) == Some(false);
                is_unknown.then(|| Unknown {
                    place,
                    pointer,
                    value: value.clone(),
                })
            });
            unknown.extend(new);
        }
        unknown
    }

    /// Whether the caller has the item of another list with this key; `None` if the value is no key, or if the path
    /// does not lead to the list.
    fn is_there(&self, other: &Store, key: &Value) -> Option<bool> {
        let key = key_text(key)?;
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
        Some(is_known)
    }
}

/// A value in a body that names nothing.
struct Unknown<'c> {
    /// The property.
    place: &'c Selector,
    /// The value itself, which may be an element of it.
    pointer: String,
    value: Value,
}

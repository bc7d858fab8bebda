//! Several new items in one request: the body is a list of them, or has a list where it could have one.
//!
//! All of them are created, or none.

use openapi::{Step, key_text};
use serde_json::{Map, Value};

use super::record::{self, Record};
use super::{OfCollection, Refusal};
use crate::answer::Answer;
use crate::example::success;

impl OfCollection<'_> {
    /// The properties of each new item; `None` if the body has no list of objects.
    pub(super) fn several(&self, sent: Option<&Value>) -> Option<Vec<Map<String, Value>>> {
        let (sent, place) = (sent?, self.member.body.as_ref()?);
        let list = match place.steps() {
            [] => sent.as_array()?,
            [Step::Name(name)] if sent.get(name).is_none() => {
                let mut lists = sent.as_object()?.values().filter_map(Value::as_array);
                lists.next().filter(|_| lists.next().is_none())?
            }
            _ => return None,
        };
        let all = list.iter().map(|one| one.as_object().cloned());
        all.collect::<Option<Vec<_>>>()
            .filter(|all| !all.is_empty())
    }

    /// The answer that shows the new items; `None` if no valid one does.
    pub(super) fn create_all(
        &self,
        sent: Option<&Value>,
        all: &[Map<String, Value>],
    ) -> Result<Option<Answer>, Refusal> {
        let shapes = self.shapes();
        let made = self.edit(self.asked.captures, |timeline| {
            let mut timeline = timeline.clone();
            let (mut edits, mut records) = (Vec::new(), Vec::new());
            for fields in all {
                let Some((edit, (record, ..))) = self.next(&timeline, &shapes, fields)? else {
                    return Ok(None);
                };
                timeline = timeline.edited(edit.clone());
                edits.push(edit);
                records.push(record);
            }
            let value = self.shown_list(&records);
            Ok(value.map(|value| (edits, (value, records))))
        })?;
        for record in made.iter().flat_map(|(_, records)| records) {
            let key = record.fields.get(&self.store.collection.key);
            if let Some(key) = key.and_then(key_text) {
                self.begin_events(&key);
            }
        }
        let answer = made.map(|(value, _)| self.answer_with(sent, Some(&value)));
        answer.transpose()
    }

    fn shown_list(&self, records: &[Record]) -> Option<Value> {
        let (_, response) = success(self.asked.route.operation())?;
        let schema = response.json()?.schema.as_ref()?;
        let locale = self.asked.mock.plan.scenario.locale();
        record::shown_list(schema, records, self.noise("several"), locale)
    }
}

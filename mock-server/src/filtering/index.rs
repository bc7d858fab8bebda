//! The index of a list: of each property that was asked for, the value of every item.
//!
//! A computed item never changes, so its values are read once. The values of items that were added or changed are read
//! again after each change.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use fixtures::{Selection, Timeline};
use serde_json::Value;

use super::wanted::{TEXTS, Wanted};

/// How many selections are kept.
const KEPT: usize = 8;

/// The index of a list.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// The values of every place, by the property.
    columns: HashMap<String, Vec<Value>>,
    /// How many places were read.
    places: u64,
    /// The places of items that were added or changed.
    changed: Vec<u64>,
    /// The number of edits, and of items that became something else, when it was last read.
    edits: Option<(u64, u64)>,
    /// The last selections: what was wanted, whether the newest item came first, and what was chosen.
    kept: Vec<(Wanted, bool, Arc<Selection>)>,
}

impl Index {
    /// How many values it holds.
    pub(super) fn values(&self) -> usize {
        self.columns.values().map(Vec::len).sum()
    }

    /// The items of the list that are wanted.
    pub(super) fn select(
        &mut self,
        timeline: &Timeline,
        wanted: &Wanted,
        edits: u64,
    ) -> Arc<Selection> {
        self.read(timeline, wanted, edits);
        let newest_first = timeline.is_newest_first();
        let mut kept = self.kept.iter();
        if let Some((.., known)) =
            kept.find(|(known, first, _)| known == wanted && *first == newest_first)
        {
            return Arc::clone(known);
        }
        let selection = Arc::new(self.selection(timeline, wanted));
        if self.kept.len() >= KEPT {
            self.kept.remove(0);
        }
        self.kept
            .push((wanted.clone(), newest_first, Arc::clone(&selection)));
        selection
    }

    /// Reads what it does not have yet.
    fn read(&mut self, timeline: &Timeline, wanted: &Wanted, edits: u64) {
        let places = timeline.places();
        if places < self.places {
            // The clock was set back.
            *self = Self::default();
        }
        let edits = (edits, timeline.turned());
        if self.edits != Some(edits) || self.places != places {
            self.kept.clear();
            let changed = timeline.changed_places();
            let old = std::mem::replace(&mut self.changed, changed);
            let again: HashSet<u64> = old.iter().chain(&self.changed).copied().collect();
            let names: Vec<String> = self.columns.keys().cloned().collect();
            let read = self.places;
            for place in again.into_iter().filter(|place| *place < read) {
                self.read_item(timeline, &names, place);
            }
            for place in self.places..places {
                self.read_item(timeline, &names, place);
            }
            (self.places, self.edits) = (places, Some(edits));
        }
        let new = wanted
            .columns()
            .filter(|name| !self.columns.contains_key(*name));
        let new: Vec<String> = new.map(ToOwned::to_owned).collect();
        if !new.is_empty() {
            for place in 0..places {
                self.read_item(timeline, &new, place);
            }
        }
    }

    fn read_item(&mut self, timeline: &Timeline, names: &[String], place: u64) {
        if names.is_empty() {
            return;
        }
        let item: Value = serde_json::from_slice(&timeline.event_at(place)).unwrap_or_default();
        let place = usize::try_from(place).unwrap_or_default();
        for name in names {
            let value = if name == TEXTS {
                let mut texts = String::new();
                collect(&item, &mut texts);
                texts.into()
            } else {
                item.get(name).cloned().unwrap_or_default()
            };
            let column = self.columns.entry(name.clone()).or_default();
            match column.get_mut(place) {
                Some(here) => *here = value,
                None => column.push(value),
            }
        }
    }

    fn selection(&self, timeline: &Timeline, wanted: &Wanted) -> Selection {
        let at = |place: u64| {
            let place = usize::try_from(place).unwrap_or_default();
            move |name: &str| {
                let column = self.columns.get(name).and_then(|column| column.get(place));
                column.unwrap_or(&Value::Null)
            }
        };
        let removed: HashSet<u64> = timeline.removed_places().into_iter().collect();
        let is_chosen = |place: u64| !removed.contains(&place) && wanted.wants(at(place));
        if !wanted.sorts() {
            return Selection::of((0..self.places).filter(|place| is_chosen(*place)).collect());
        }
        let mut order: Vec<u64> = (0..self.places).collect();
        order.sort_by(|one, other| wanted.sorted(at(*one), at(*other)));
        if timeline.is_newest_first() {
            order.reverse();
        }
        Selection::in_order(order, is_chosen)
    }
}

/// Appends the texts of an item, in lower case.
fn collect(value: &Value, texts: &mut String) {
    match value {
        Value::String(text) => {
            texts.extend(text.chars().flat_map(char::to_lowercase));
            texts.push('\n');
        }
        Value::Array(several) => several.iter().for_each(|one| collect(one, texts)),
        Value::Object(fields) => fields.values().for_each(|one| collect(one, texts)),
        _ => {}
    }
}

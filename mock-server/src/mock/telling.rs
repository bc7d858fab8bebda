//! The items of collections that the scenario tells: they are there as if a client had created them at the epoch.

use fixtures::{Caller, Edit, KeptItem, Timeline, ToldItems, Unfit, Unseen};
use openapi::{Problem, Step, join, key_text};
use serde_json::{Map, Value};

use super::Mock;
use crate::collections::Store;

/// Why an item is not told: a JSON pointer below its list in the scenario, what is wrong, and the cure.
struct Untold {
    pointer: String,
    message: String,
    cure: String,
}

impl Untold {
    fn new(pointer: &str, message: impl Into<String>, cure: &str) -> Self {
        Self {
            pointer: pointer.to_owned(),
            message: message.into(),
            cure: cure.to_owned(),
        }
    }
}

impl From<Unseen> for Untold {
    fn from(_: Unseen) -> Self {
        let message = "the list is not there: its path leads to nothing that the owner has";
        Self::new("", message, "correct `path` or `owner`")
    }
}

impl Mock {
    /// Creates the items that the scenario tells. Fails with the place and the cure if one does not suit the document.
    pub(super) fn tell(&self) -> Result<(), Problem> {
        for (items, place) in self.plan.scenario.told() {
            self.tell_items(items).map_err(|wrong| {
                let at = format!("{place}{}", wrong.pointer);
                self.plan
                    .scenario
                    .problem(&at, wrong.message)
                    .cure(wrong.cure)
            })?;
        }
        Ok(())
    }

    /// Does the same for a scenario that was served before. Its items suit the documents.
    pub(super) fn tell_again(&self) {
        let told = self.tell();
        debug_assert!(told.is_ok(), "they suited before");
    }

    fn tell_items(&self, items: &ToldItems) -> Result<(), Untold> {
        let store = self.list_told(&items.list)?;
        let caller = self.caller_told(items.owner.as_deref())?;
        let path = path_told(store, items)?;
        if items.told.is_empty() {
            let message = "`told` is empty";
            return Err(Untold::new(
                "/told",
                message,
                "name an item, or take the list out",
            ));
        }
        self.edit(store, caller, &path, self.plan.epoch, |timeline| {
            let mut timeline = if items.only {
                timeline.without_computed()
            } else {
                timeline.clone()
            };
            let mut edits = Vec::new();
            for (place, fields) in items.told.iter().enumerate() {
                let edit = told(store, &timeline, fields);
                let edit = edit.map_err(|wrong| Untold {
                    pointer: format!("/told/{place}{}", wrong.pointer),
                    ..wrong
                })?;
                timeline = timeline.edited(edit.clone());
                edits.push(edit);
            }
            Ok::<_, Untold>(Some((edits, ())))
        })
        .map(drop)
    }

    fn list_told(&self, name: &str) -> Result<&Store, Untold> {
        let stores = || {
            let stores = self.collections().stores();
            stores.filter(|store| store.events.is_none() && !self.is_defective(store))
        };
        let has_name = |store: &&Store| {
            let list = &store.collection.list;
            let operation = list.operation();
            list.name() == name || operation.id == name || operation.path.to_string() == name
        };
        let mut found = stores().filter(has_name);
        match (found.next(), found.next()) {
            (Some(store), None) => Ok(store),
            (Some(_), Some(_)) => {
                let message = format!("`list` is `{name}`, and several documents have such a list");
                let names = stores()
                    .filter(has_name)
                    .map(|store| store.collection.list.name());
                let cure = format!("write one of {}", names.collect::<Vec<_>>().join(", "));
                Err(Untold::new("/list", message, &cure))
            }
            (None, _) => {
                let message = format!("`list` is `{name}`, and no collection has it");
                let names = stores().map(|store| store.collection.list.operation().id.clone());
                let names: Vec<_> = names.collect();
                let cure = if names.is_empty() {
                    "take it out: the documents have no collections".to_owned()
                } else {
                    format!("write one of {}", names.join(", "))
                };
                Err(Untold::new("/list", message, &cure))
            }
        }
    }

    fn caller_told(&self, owner: Option<&str>) -> Result<Caller, Untold> {
        let Some(owner) = owner else {
            return Ok(Caller::Owner(0));
        };
        let mut owners = self.world.owners();
        let place = owners.position(|(name, _)| name == owner);
        place.map(Caller::Owner).ok_or_else(|| {
            let message = format!("`owner` is `{owner}`, which is not among `owners`");
            Untold::new("/owner", message, "name one of `owners`, or leave it out")
        })
    }
}

/// The values in the path of a list.
fn path_told<'s>(store: &'s Store, items: &ToldItems) -> Result<Vec<(&'s str, String)>, Untold> {
    let parameters = store.collection.list.operation().path.parameters();
    let path = parameters.map(|name| {
        let value = items.at(name).ok_or_else(|| {
            let message = format!("`path` has no `{name}`, which the path of the list has");
            let cure = format!("write `path: {{ {name}: ... }}`");
            Untold::new("", message, &cure)
        })?;
        Ok((name, value.to_owned()))
    });
    let path = path.collect::<Result<Vec<_>, Untold>>()?;
    let mut unknown = items.parameters();
    match unknown.find(|name| path.iter().all(|(known, _)| known != name)) {
        None => Ok(path),
        Some(name) => {
            let message = format!("`{name}` is no parameter in the path of the list");
            Err(Untold::new(&join("/path", name), message, "take it out"))
        }
    }
}

/// The change that creates an item with these properties. What the schema requires besides is as it is computed.
fn told(store: &Store, timeline: &Timeline, fields: &Map<String, Value>) -> Result<Edit, Untold> {
    let collection = &store.collection;
    let unfit = |unfit: &Unfit| {
        let message = format!("the list takes no item here: {unfit}");
        Untold::new("", message, "take it out, or tell it of another list")
    };
    let computed = timeline.next_item().map_err(|error| unfit(&error))?;
    let computed: Map<String, Value> = serde_json::from_slice(&computed).unwrap_or_default();
    let key = collection.key.as_str();
    let own = fields
        .get(key)
        .filter(|own| Some(*own) != computed.get(key));
    let order = collection.list.pagination().order.by.as_ref();
    let ordered = order.and_then(|place| match place.steps() {
        [Step::Name(name)] => Some(name.as_str()),
        _ => None,
    });
    let by_value = collection.list.paging().compares_values().then_some(key);
    for name in ordered.into_iter().chain(by_value) {
        if fields
            .get(name)
            .is_some_and(|told| Some(told) != computed.get(name))
        {
            let message = format!("`{name}` follows from the place of the item in its list");
            return Err(Untold::new(&join("", name), message, "leave it out"));
        }
    }
    let schema = collection.list.item();
    let mut item = fields.clone();
    for name in schema.required().into_iter().chain([key.to_owned()]) {
        if let (false, Some(value)) = (item.contains_key(&name), computed.get(&name)) {
            item.insert(name, value.clone());
        }
    }
    let whole = Value::Object(item.clone());
    if let Some(violation) = schema.violations(&whole).first() {
        let message = format!("the item does not suit the document: {violation}");
        let cure = "correct it, or leave it out to have it made up";
        return Err(Untold::new(&violation.instance, message, cure));
    }
    let Some(text) = item.get(key).and_then(key_text) else {
        let message = format!("`{key}` is neither a text nor a number");
        return Err(Untold::new(
            &join("", key),
            message,
            "correct it, or leave it out",
        ));
    };
    let kept = KeptItem {
        record: item,
        listed: whole.to_string().into_bytes(),
        key: own.cloned(),
        later: Vec::new(),
    };
    timeline.create(kept, &text).map_err(|error| match error {
        Unfit::Taken(_) => {
            let message = format!("`{key}` is `{text}`, and another item of the list has it");
            Untold::new(&join("", key), message, "give each item a key of its own")
        }
        other => unfit(&other),
    })
}

//! Where an item lies in a body, by the properties that its schema has.

use std::collections::HashSet;

use serde_json::Value;

use crate::{Operation, RequestBody, Schema, Selector, Step};

/// How many properties a body must share with an item to be taken for one, if the item has as many.
const SHARED: usize = 2;

/// Names of properties that tell items apart beside their id.
const TELLING: [&str; 8] = [
    "code", "email", "handle", "login", "name", "slug", "username", "version",
];

/// What names of the state of an item end with.
const STATES: [&str; 3] = ["status", "state", "phase"];

/// What is known of the items of a list.
pub(super) struct Item {
    schema: Schema,
    key: String,
    names: HashSet<String>,
}

impl Item {
    pub(super) fn new(schema: &Schema, key: &str) -> Self {
        let names = schema.named().into_iter().map(|(name, _)| name);
        Self {
            names: names.collect(),
            schema: schema.resolved(),
            key: key.to_owned(),
        }
    }

    /// Where a value of `schema` holds the item: it is the item, or has it in the only property that can.
    pub(super) fn place(&self, schema: &Schema) -> Option<Selector> {
        if self.is(schema) {
            return Some(Selector::default());
        }
        let inner = schema.named().into_iter();
        let mut inner = inner.filter(|(_, schema)| self.is(schema));
        let (name, _) = inner.next()?;
        let step = Step::Name(name);
        inner
            .next()
            .is_none()
            .then(|| Selector::default().then(&[step]))
    }

    fn is(&self, schema: &Schema) -> bool {
        if schema.resolved().pointer() == self.schema.pointer() {
            return true;
        }
        let named = schema.named();
        let shared = named.iter().filter(|(name, _)| self.names.contains(name));
        named.iter().any(|(name, _)| *name == self.key)
            && shared.count() >= SHARED.min(self.names.len())
    }

    /// Where a body of a request has properties of the item.
    pub(super) fn asked(&self, body: &RequestBody) -> Option<Selector> {
        let media = body.media.iter().find(|media| media.is_json());
        let schema = media.or(body.media.first())?.schema.as_ref()?;
        if self.shares(schema) {
            return Some(Selector::default());
        }
        let inner = schema.named().into_iter();
        let (name, _) = inner.into_iter().find(|(_, schema)| self.shares(schema))?;
        Some(Selector::default().then(&[Step::Name(name)]))
    }

    fn shares(&self, schema: &Schema) -> bool {
        let named = schema.named();
        named.iter().any(|(name, _)| self.names.contains(name))
    }

    /// Whether a path parameter can be the key of an item, by its name and its schema.
    pub(super) fn takes(&self, name: &str, parameter: &Schema) -> bool {
        let names = self.names.iter().map(String::as_str);
        if meant(name, names).is_some_and(|meant| meant != self.key) {
            return false;
        }
        let (sent, own) = (parameter.types(), self.key_types());
        let is_number = |types: &[&str]| types.contains(&"integer") || types.contains(&"number");
        if sent.is_empty() || own.is_empty() || is_number(&sent) == is_number(&own) {
            return true;
        }
        // A number is sent as a text where its name says so; another text names no number.
        sent.contains(&"string") && folded(name).ends_with(&folded(&self.key))
    }

    /// The property that an act with this name sets, and its value: `cancel` sets `status` to `cancelled`.
    pub(super) fn set_by(&self, verb: &str) -> Option<(String, Value)> {
        let forms = participles(&folded(verb));
        let named = self.schema.named();
        let states = named.iter().filter(|(name, _)| {
            let name = folded(name);
            STATES.iter().any(|state| name.ends_with(state))
        });
        let mut words = states.flat_map(|(name, schema)| {
            let words = schema.keyword("enum").and_then(Value::as_array);
            let words = words.cloned().unwrap_or_default().into_iter();
            words.map(move |word| (name.clone(), word))
        });
        let means = |word: &Value| {
            word.as_str()
                .is_some_and(|word| forms.contains(&folded(word)))
        };
        let state = words.find(|(_, word)| means(word));
        state.or_else(|| {
            let mut flags = named
                .iter()
                .filter(|(_, schema)| schema.types() == ["boolean"]);
            let (name, _) = flags.find(|(name, _)| forms[1..].contains(&folded(name)))?;
            Some((name.clone(), true.into()))
        })
    }

    fn key_types(&self) -> Vec<&'static str> {
        let named = self.schema.named().into_iter();
        let mut keys = named.filter(|(name, _)| *name == self.key);
        keys.next()
            .map(|(_, schema)| schema.types())
            .unwrap_or_default()
    }
}

/// A verb, and what has been done when it was: `cancel`, `canceled`, `cancelled`.
fn participles(verb: &str) -> Vec<String> {
    let mut forms = vec![verb.to_owned()];
    match verb.chars().last() {
        Some('e') => forms.push(format!("{verb}d")),
        Some('y') => forms.push(format!("{}ied", &verb[..verb.len() - 1])),
        Some(last) => forms.push(format!("{verb}{last}ed")),
        None => {}
    }
    forms.push(format!("{verb}ed"));
    forms
}

/// The property of an item, of those with these names, that a path parameter is named after: `slug` by `team_slug`.
pub(super) fn meant<'n>(
    parameter: &str,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Option<&'n str> {
    let wanted = folded(parameter);
    let exact = names.clone().find(|name| folded(name) == wanted);
    let is_telling = |name: &&str| TELLING.contains(&folded(name).as_str());
    let ends = |name: &&str| wanted.ends_with(&folded(name));
    exact.or_else(|| names.filter(is_telling).find(ends))
}

/// A name without the marks in which styles of names differ: `petId` and `pet_id` are one.
pub(super) fn folded(name: &str) -> String {
    let letters = name.chars().filter(|one| one.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The schema of the items in an answer: it is an array, or has one as the only property that is.
pub(super) fn listed(answer: &Schema) -> Option<Schema> {
    answer.items().or_else(|| {
        let inner = answer.named().into_iter();
        let mut lists = inner.filter_map(|(_, schema)| schema.items());
        lists.next().filter(|_| lists.next().is_none())
    })
}

/// The schema of the JSON body with which an operation succeeds, by its least status from 200 to 299.
pub(super) fn success(operation: &Operation) -> Option<Schema> {
    let statuses = operation.statuses().filter_map(|one| one.parse().ok());
    let least = statuses.filter(|status| (200..300).contains(status)).min();
    let response = operation.response(least.unwrap_or(200))?;
    response.json()?.schema.clone()
}

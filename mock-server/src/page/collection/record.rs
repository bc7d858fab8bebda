//! An item's properties, and the schemas that show them.

use std::collections::{BTreeSet, HashMap};

use fixtures::{Fake, Locale, Noise, Timeline};
use openapi::{Schema, Selector};
use serde_json::{Map, Value};

/// How many changes are tried one by one if not all of them suit.
const MOST: usize = 64;

/// A field, and its new value; `None` takes it out.
pub(super) type Change = (String, Option<Value>);

/// An item's properties, also those that not every answer shows.
pub(super) struct Record {
    pub(super) fields: Map<String, Value>,
    /// Whether they are all that is known. If not, answers may show more, which is made up.
    pub(super) is_kept: bool,
}

impl Record {
    /// The record of the item at a place of a list.
    pub(super) fn at(timeline: &Timeline, place: u64) -> Self {
        match timeline.kept_record(place) {
            Some(fields) => Self {
                fields: fields.clone(),
                is_kept: true,
            },
            None => Self {
                fields: object(&timeline.event_at(place)),
                is_kept: false,
            },
        }
    }
}

/// The object that a text of JSON is.
pub(super) fn object(text: &[u8]) -> Map<String, Value> {
    serde_json::from_slice(text).unwrap_or_default()
}

/// The schemas that an item must suit.
pub(super) struct Shapes {
    /// That of the item in its list.
    listed: Schema,
    /// Those of the item in other answers.
    shown: Vec<Schema>,
    /// The properties that requests may set, and their schemas; `None` if requests declare none.
    asked: Option<HashMap<String, Schema>>,
    /// The properties that answers show, and their schemas.
    properties: HashMap<String, Schema>,
    required: BTreeSet<String>,
    key: String,
}

impl Shapes {
    pub(super) fn new(
        listed: Schema,
        shown: impl Iterator<Item = Schema>,
        asked: Option<Schema>,
        key: String,
    ) -> Self {
        let mut seen = BTreeSet::from([listed.resolved().pointer().to_owned()]);
        let shown = shown.filter(|one| seen.insert(one.resolved().pointer().to_owned()));
        let shown: Vec<_> = shown.collect();
        let mut properties = HashMap::new();
        let mut required = BTreeSet::new();
        for schema in std::iter::once(&listed).chain(&shown) {
            for (name, property) in schema.named() {
                if schema.requires(&name) {
                    required.insert(name.clone());
                }
                properties.entry(name).or_insert(property);
            }
        }
        Self {
            asked: asked.map(|asked| asked.named().into_iter().collect()),
            listed,
            shown,
            properties,
            required,
            key,
        }
    }

    /// The schema of a property that answers show.
    pub(super) fn property(&self, name: &str) -> Option<&Schema> {
        self.properties.get(name)
    }

    /// The properties that answers show, and their schemas.
    pub(super) fn properties(&self) -> impl Iterator<Item = (&String, &Schema)> {
        self.properties.iter()
    }

    /// Whether some answer must have this property.
    pub(super) fn requires(&self, name: &str) -> bool {
        self.required.contains(name)
    }

    /// Whether a request may set this property: it declares it, and no schema says that it is the server's.
    pub(super) fn takes(&self, name: &str) -> bool {
        let says = |schema: &Schema| schema.keyword("readOnly") == Some(&Value::Bool(true));
        let own = self.asked.as_ref().and_then(|asked| asked.get(name));
        own.is_some_and(|own| !says(own)) && !self.property(name).is_some_and(says)
    }

    /// Whether a change may touch this property: it is not the key, and not the server's.
    pub(super) fn may_change(&self, name: &str) -> bool {
        let says = |schema: &Schema| schema.keyword("readOnly") == Some(&Value::Bool(true));
        let own = self.asked.as_ref().and_then(|asked| asked.get(name));
        name != self.key && !own.into_iter().chain(self.property(name)).any(says)
    }

    /// The fields of a computed item, and what answers show beside them.
    pub(super) fn whole(
        &self,
        mut fields: Map<String, Value>,
        noise: Noise,
        locale: Locale,
    ) -> Map<String, Value> {
        for schema in &self.shown {
            fill(&mut fields, schema, noise, locale);
        }
        fields
    }

    /// The item as its list shows it; `None` if that would not be valid.
    pub(super) fn listed(&self, fields: &Map<String, Value>) -> Option<Value> {
        let listed = Value::Object(declared(fields, &self.listed));
        self.listed.is_valid(&listed).then_some(listed)
    }

    /// The fields with these changes, as far as they suit the schemas.
    pub(super) fn settle(
        &self,
        fields: Map<String, Value>,
        changes: &[Change],
    ) -> Map<String, Value> {
        let mut all = fields.clone();
        for change in changes {
            put(&mut all, change);
        }
        // A schema that the item breaks already cannot be suited by a change.
        let suited = self.shown.iter().filter(|schema| suits(&fields, schema));
        let suited: Vec<_> = suited.chain([&self.listed]).collect();
        if suited.iter().all(|schema| suits(&all, schema)) {
            return all;
        }
        let mut settled = fields;
        for change in changes.iter().take(MOST) {
            let mut next = settled.clone();
            put(&mut next, change);
            if suited.iter().all(|schema| suits(&next, schema)) {
                settled = next;
            }
        }
        settled
    }
}

/// Whether fields are valid, as far as a schema declares them.
fn suits(fields: &Map<String, Value>, schema: &Schema) -> bool {
    schema.is_valid(&Value::Object(declared(fields, schema)))
}

fn put(fields: &mut Map<String, Value>, (name, value): &Change) {
    match value {
        Some(value) => {
            fields.insert(name.clone(), value.clone());
        }
        None => {
            fields.remove(name);
        }
    }
}

/// The fields that a schema declares; all if it declares none.
fn declared(fields: &Map<String, Value>, schema: &Schema) -> Map<String, Value> {
    let named = schema.named();
    if named.is_empty() {
        return fields.clone();
    }
    // They stand in the order of the schema, and behind them those that it requires and does not describe.
    let known = named.into_iter().filter_map(|(name, _)| {
        let value = fields.get(&name)?.clone();
        Some((name, value))
    });
    let mut known: Map<_, _> = known.collect();
    for name in schema.required() {
        if let (false, Some(value)) = (known.contains_key(&name), fields.get(&name)) {
            known.insert(name, value.clone());
        }
    }
    known
}

/// Adds made-up values for the properties of a schema that are missing.
fn fill(fields: &mut Map<String, Value>, schema: &Schema, noise: Noise, locale: Locale) {
    let named = schema.named().into_iter().map(|(name, _)| name);
    // A schema may require what it does not describe.
    let mut wanted = named.chain(schema.required());
    if wanted.all(|name| fields.contains_key(&name)) {
        return;
    }
    let fake = Fake::new(schema).of_locale(locale);
    if let Ok(Value::Object(made)) = fake.valid(noise.at(schema.resolved().pointer())) {
        for (name, value) in made {
            fields.entry(name).or_insert(value);
        }
    }
}

/// A body of `schema` that shows a record at `place`; `None` if no valid one does.
pub(super) fn shown(
    schema: &Schema,
    place: &Selector,
    record: &Record,
    noise: Noise,
    locale: Locale,
) -> Option<Value> {
    let inner = schema.at(place)?;
    let mut fields = declared(&record.fields, &inner);
    if !record.is_kept {
        fill(&mut fields, &inner, noise, locale);
    }
    if !inner.is_valid(&Value::Object(fields.clone())) {
        fields = nearest(&fields, &inner, noise, locale)?;
    }
    let item = Value::Object(fields);
    if place.steps().is_empty() {
        return schema.is_valid(&item).then_some(item);
    }
    let at = place.pointer();
    let fake = Fake::new(schema).of_locale(locale);
    let made = fake.valid(noise.at(schema.resolved().pointer())).ok();
    let around = made.into_iter().chain([Value::Object(Map::new())]);
    let mut bodies = around.filter_map(|mut body| {
        if let Some(here) = body.pointer_mut(&at) {
            *here = item.clone();
        } else {
            let name = openapi::tokens(&at).pop()?;
            body.as_object_mut()?.insert(name, item.clone());
        }
        Some(body)
    });
    bodies.find(|body| schema.is_valid(body))
}

/// A body of `schema` that shows several records: the list of them, or an object with it in one property. `None` if
/// no valid one does.
pub(super) fn shown_list(
    schema: &Schema,
    records: &[Record],
    noise: Noise,
    locale: Locale,
) -> Option<Value> {
    let list = |items: &Schema| -> Value {
        let items = records
            .iter()
            .map(|one| Value::Object(declared(&one.fields, items)));
        items.collect()
    };
    if let Some(body) = schema.items().map(|items| list(&items)) {
        return schema.is_valid(&body).then_some(body);
    }
    let fake = Fake::new(schema).of_locale(locale);
    let made = fake.valid(noise.at(schema.resolved().pointer())).ok();
    let around = made.and_then(|made| made.as_object().cloned());
    schema.named().into_iter().find_map(|(name, property)| {
        let items = list(&property.items()?);
        let mut bodies = [around.clone().unwrap_or_default(), Map::new()]
            .into_iter()
            .map(|mut body| {
                body.insert(name.clone(), items.clone());
                Value::Object(body)
            });
        bodies.find(|body| schema.is_valid(body))
    })
}

/// A valid object with as many of the fields as it can have, the others made up.
fn nearest(
    fields: &Map<String, Value>,
    schema: &Schema,
    noise: Noise,
    locale: Locale,
) -> Option<Map<String, Value>> {
    let fake = Fake::new(schema).of_locale(locale);
    let made = fake.valid(noise.at(schema.resolved().pointer())).ok()?;
    let mut nearest = made.as_object()?.clone();
    for (name, value) in fields.iter().take(MOST) {
        let mut next = nearest.clone();
        next.insert(name.clone(), value.clone());
        if schema.is_valid(&Value::Object(next.clone())) {
            nearest = next;
        }
    }
    Some(nearest)
}

//! Lists in bodies have a few items, so that clients see what a list looks like.

use fixtures::{Fake, Noise};
use openapi::Schema;
use serde_json::Value;

/// The least number of items in a list, and how many more it may have. The schema may allow fewer.
const FEWEST: u64 = 3;
const MORE: u64 = 3;

/// Adds items to the list that a body is, or to the only list of objects in it, as long as it stays valid.
///
/// `fake` returns the generator of a schema.
pub(super) fn lengthen<F>(body: &mut Value, schema: &Schema, noise: Noise, fake: F)
where
    F: Fn(&Schema) -> std::sync::Arc<Fake>,
{
    let Some((place, list)) = list(body, schema) else {
        return;
    };
    let Some(items) = list.items() else {
        return;
    };
    let length = body
        .pointer(&place)
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let wanted = FEWEST + noise.at("length").below(MORE);
    let missing = wanted.saturating_sub(length as u64);
    if missing == 0 {
        return;
    }
    let fake = fake(&items);
    let made = (0..missing).map_while(|number| fake.valid(noise.at("item").number(number)).ok());
    let mut longer = body.clone();
    if let Some(list) = longer.pointer_mut(&place).and_then(Value::as_array_mut) {
        list.extend(made);
    }
    if schema.is_valid(&longer) {
        *body = longer;
    }
}

/// The place of the list and its schema.
fn list(body: &Value, schema: &Schema) -> Option<(String, Schema)> {
    if body.is_array() {
        return Some((String::new(), schema.clone()));
    }
    let is_list = |(name, value): (&String, &Value)| {
        let list = schema.property(name)?;
        let of_objects = list.items()?.types().contains(&"object");
        (value.is_array() && of_objects).then(|| (openapi::join("", name), list))
    };
    let mut lists = body.as_object()?.iter().filter_map(is_list);
    match (lists.next(), lists.next()) {
        (only, None) => only,
        _ => None,
    }
}

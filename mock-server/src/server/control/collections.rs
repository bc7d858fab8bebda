//! The collections, and what was changed by hand in them, which can be taken back item by item.

use fixtures::{Difference, Unseen};
use http::StatusCode;
use openapi::Member;
use serde_json::{Value, json};

use super::forms::Fields;
use super::{Call, Control, Refused, json_answer};
use crate::answer::Answer;
use crate::collections::Store;
use crate::mock::{ChangedItem, Mock};
use crate::parameters::decoded;

/// How many changed items an answer has if the request does not say.
const SOME: usize = 100;
/// How many changed items an answer has at most.
const MOST: usize = 1000;

/// Every collection that is served.
pub(super) fn list(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let mock = &control.mock;
    let served = mock.collections().served();
    let shown = served
        .iter()
        .map(|(name, store)| described(mock, &served, name, store));
    let body = json!({ "collections": shown.collect::<Vec<_>>() });
    Ok(json_answer(StatusCode::OK, &body))
}

/// One collection, with the fields of its items.
pub(super) fn one(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let mock = &control.mock;
    let served = mock.collections().served();
    let (name, store) = named(&served, call)?;
    let mut shown = described(mock, &served, name, store);
    // To know it the items are looked at, which takes long for all collections of a large document.
    shown["served"] = Value::from(!mock.is_defective(store));
    let item = store.collection.list.item();
    shown["fields"] = Value::from(Fields::default().of_object(&item));
    Ok(json_answer(StatusCode::OK, &shown))
}

/// The items that were changed by hand.
pub(super) fn changes(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let mock = &control.mock;
    let served = mock.collections().served();
    let (_, store) = named(&served, call)?;
    let asked = Asked::of(call)?;
    let wanted = |list: &[String]| asked.wants(store, list);
    let now = control.clock.now();
    let (items, count) = if asked.keys.is_empty() {
        mock.changed_items(store, wanted, (asked.after, asked.limit), now)
    } else {
        let items = mock.changed_among(store, wanted, &asked.keys, now);
        let count = items.len();
        (items, count)
    };
    let behind = asked.after.saturating_add(asked.limit);
    let next = (asked.keys.is_empty() && behind < count).then_some(behind);
    let changes: Vec<_> = items.iter().map(|item| shown(mock, store, item)).collect();
    let body = json!({ "changes": changes, "count": count, "next": next });
    Ok(json_answer(StatusCode::OK, &body))
}

/// Takes back what was last done to an item.
pub(super) fn undo(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let mock = &control.mock;
    let served = mock.collections().served();
    let (name, store) = named(&served, call)?;
    let asked = Asked::of(call)?;
    if asked.pages() {
        let message = "`after`, `limit` and `key` say which changes to show".to_owned();
        let cure = "leave them out; the path names the item";
        return Err(Refused(StatusCode::BAD_REQUEST, message, cure));
    }
    let key = call.capture("key");
    let keys = [key.to_owned()];
    let wanted = |list: &[String]| asked.wants(store, list);
    let now = control.clock.now();
    let unchanged = || {
        let message = format!("`{key}` was not changed by hand, or is no key in {name}");
        let cure = "see /__mock/collections/NAME/changes for all changes";
        Refused(StatusCode::NOT_FOUND, message, cure)
    };
    let found = mock.changed_among(store, wanted, &keys, now);
    let item = match found.as_slice() {
        [] => return Err(unchanged()),
        [item] => item,
        _ => {
            let message = format!("`{key}` was changed in several lists");
            let cure =
                "add the values of the list's path, as in `?path[org]=acme`, or `owner=NAME`";
            return Err(Refused(StatusCode::CONFLICT, message, cure));
        }
    };
    let undone = mock.undo(store, &item.list, key, now);
    let undone = undone.map_err(|_: Unseen| unchanged())?;
    let undone = undone.ok_or_else(unchanged)?;
    let left = mock.changed_among(store, |list| *list == *item.list, &keys, now);
    let left = left.first().map(|item| word(item.difference));
    let body = json!({ "undone": word(undone), "left": left });
    Ok(json_answer(StatusCode::OK, &body))
}

/// What a request for changes asks for.
struct Asked {
    path: Vec<(String, String)>,
    owner: Option<String>,
    keys: Vec<String>,
    after: usize,
    limit: usize,
    /// Whether it says which changes to show.
    pages: bool,
}

impl Asked {
    fn of(call: &Call<'_>) -> Result<Self, Refused> {
        let mut asked = Self {
            path: call.resource().path,
            owner: None,
            keys: Vec::new(),
            after: 0,
            limit: SOME,
            pages: false,
        };
        let query = call.plain_query();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, text) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, text) = (decoded(name), decoded(text));
            let number = |least: usize, most: usize| {
                let number = text.parse().ok().filter(|one| (least..=most).contains(one));
                number.ok_or_else(|| {
                    let message =
                        format!("`{name}` is `{text}`, not a number from {least} to {most}");
                    let cure =
                        "send `limit=100`, and `after=100` for what comes behind the first hundred";
                    Refused(StatusCode::BAD_REQUEST, message, cure)
                })
            };
            match &*name {
                "owner" => asked.owner = Some(text.into_owned()),
                "key" if asked.keys.len() < MOST => asked.keys.push(text.into_owned()),
                "key" => {
                    let message = format!("`key` is there more than {MOST} times");
                    let cure = "ask for fewer keys at once";
                    return Err(Refused(StatusCode::BAD_REQUEST, message, cure));
                }
                "after" => asked.after = number(0, usize::MAX)?,
                "limit" => asked.limit = number(1, MOST)?,
                _ => {
                    let message = format!("`{name}` is not a known query");
                    let cure = "send `path[NAME]=VALUE`, `owner`, `key`, `after` and `limit` only";
                    return Err(Refused(StatusCode::BAD_REQUEST, message, cure));
                }
            }
            asked.pages |= name != "owner";
        }
        Ok(asked)
    }

    fn pages(&self) -> bool {
        self.pages
    }

    /// Whether it asks for the changes of the list with this key.
    fn wants(&self, store: &Store, list: &[String]) -> bool {
        let (path, owner) = place(store, list);
        let has = |(name, value): &(String, String)| {
            path.iter()
                .any(|(known, own)| known == name && own == value)
        };
        self.path.iter().all(has)
            && self
                .owner
                .as_deref()
                .is_none_or(|wanted| owner == Some(wanted))
    }
}

/// The values of the path of the list with this key, or the name of its owner.
fn place<'l>(store: &'l Store, list: &'l [String]) -> (Vec<(&'l str, &'l str)>, Option<&'l str>) {
    let names: Vec<_> = store
        .collection
        .list
        .operation()
        .path
        .parameters()
        .collect();
    if names.len() == list.len() {
        let values = list.iter().map(String::as_str);
        return (names.into_iter().zip(values).collect(), None);
    }
    (Vec::new(), list.first().map(String::as_str))
}

fn named<'s>(
    served: &'s [(String, &'s Store)],
    call: &Call<'_>,
) -> Result<(&'s str, &'s Store), Refused> {
    let name = call.capture("name");
    let found = served.iter().find(|(known, _)| known == name);
    found
        .map(|(name, store)| (name.as_str(), *store))
        .ok_or_else(|| {
            let message = format!("no collection is named `{name}`");
            let cure = "see /__mock/collections for all names";
            Refused(StatusCode::NOT_FOUND, message, cure)
        })
}

fn described(mock: &Mock, served: &[(String, &Store)], name: &str, store: &Store) -> Value {
    let collection = &store.collection;
    let (list, document) = (&collection.list, collection.list.document());
    let operations = collection.members.iter();
    let operations = operations.map(|member| operation(mock, store, member));
    let [added, changed, removed] = mock.count_changed(store);
    json!({
        "name": name,
        "document": document.name(),
        "title": document.at("#/info/title").and_then(Value::as_str).unwrap_or(document.name()),
        "summary": list.operation().summary,
        "timeline": (!collection.is_whole).then(|| list.name()),
        "key": collection.key,
        "items": list.pagination().items.list,
        "path": path(mock, served, store),
        "operations": operations.collect::<Vec<_>>(),
        "changes": { "added": added, "changed": changed, "removed": removed },
    })
}

/// The parameters of the list's path, each with the collection whose keys it takes.
fn path(mock: &Mock, served: &[(String, &Store)], store: &Store) -> Vec<Value> {
    let mut above = Vec::new();
    let mut parent = mock.collections().parent(store);
    while let Some(store) = parent {
        above.push((store.width(), store));
        parent = mock.collections().parent(store);
    }
    let parameters = store.collection.list.operation().path.parameters();
    let shown = parameters.enumerate().map(|(place, parameter)| {
        let of = above.iter().find(|(width, _)| *width == place);
        let of = of.and_then(|(_, store)| {
            let mut served = served.iter();
            let (name, _) = served.find(|(_, one)| std::ptr::eq(*one, *store))?;
            Some(name)
        });
        json!({ "name": parameter, "of": of })
    });
    shown.collect()
}

fn operation(mock: &Mock, store: &Store, member: &Member) -> Value {
    let document = store.collection.list.document();
    let operation = document.operation_of(member);
    let base = mock.base_path(document, operation);
    json!({
        "does": member.act.word(),
        "operation": operation.id,
        "method": operation.method,
        "path": format!("{base}{}", operation.path),
        "summary": operation.summary,
        "item": member.item,
        "body": member.body,
        "elsewhere": member.is_elsewhere,
    })
}

fn shown(mock: &Mock, store: &Store, item: &ChangedItem) -> Value {
    let (path, owner) = place(store, &item.list);
    let path = path.into_iter();
    let path = path.map(|(name, value)| (name.to_owned(), Value::from(value)));
    let owner = owner.filter(|owner| mock.world().owners().any(|(name, _)| name == *owner));
    json!({
        "change": word(item.difference),
        "key": item.key,
        "path": Value::Object(path.collect()),
        "owner": owner,
        "item": item.item,
    })
}

fn word(difference: Difference) -> &'static str {
    match difference {
        Difference::Added => "added",
        Difference::Changed => "changed",
        Difference::Removed => "removed",
    }
}

//! A parameter that names the properties which an answer shows: `fields=id,title`.
//!
//! Required properties and the key stay, so that the answer stays valid.

use bytes::Bytes;
use http::Request;
use openapi::{Location, Parameter, Schema, Selector, Step};
use serde_json::Value;

use crate::answer::{Answer, Body};
use crate::kind::Kind;
use crate::mock::Mock;
use crate::route::Route;

/// Names of the parameter, in lower case and without punctuation.
const NAMES: [&str; 4] = ["fields", "optfields", "select", "selectfields"];
/// The longest list of items, in items, whose properties are left out.
const LONGEST: u64 = 10_000;

/// Where the items of an answer lie, and what describes them.
struct Shown {
    /// The item, or the list of items.
    place: Selector,
    /// The item, in an element of the list.
    inside: Selector,
    item: Schema,
    key: Option<String>,
}

/// The same answer, without the properties of its items that the request does not ask for.
pub(crate) fn of(
    mock: &Mock,
    route: &Route,
    request: &Request<Bytes>,
    mut answer: Answer,
) -> Answer {
    let query = request
        .uri()
        .query()
        .filter(|query| query.contains("elect") || query.contains("ields"));
    let is_whole = match &answer.body {
        Body::Whole(_) => true,
        Body::Stream(page) => page.left() <= LONGEST,
    };
    let Some(query) = query.filter(|_| answer.status.is_success() && is_whole) else {
        return answer;
    };
    let parameters = route.operation().parameters.iter();
    let wanted = parameters
        .filter(|parameter| is_named_so(parameter))
        .find_map(|parameter| wanted(parameter, query));
    let shown = wanted
        .as_ref()
        .and_then(|_| shown(mock, route, answer.status.as_u16()));
    let (Some(wanted), Some(shown)) = (wanted, shown) else {
        return answer;
    };
    let body = std::mem::replace(&mut answer.body, Body::Whole(Bytes::new()));
    let bytes = match body {
        Body::Whole(bytes) => bytes,
        Body::Stream(page) => page.into_bytes().into(),
    };
    let projected = shown.projected(&bytes, &wanted);
    answer.body = Body::Whole(projected.unwrap_or(bytes));
    answer
}

fn is_named_so(parameter: &Parameter) -> bool {
    let letters = parameter.name.chars().filter(char::is_ascii_alphanumeric);
    let name: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    parameter.location == Location::Query && !parameter.required && NAMES.contains(&&*name)
}

/// The properties that a request names; `None` if it names none, or sends the default.
fn wanted(parameter: &Parameter, query: &str) -> Option<Vec<String>> {
    let value = parameter.find(query).ok().flatten()?;
    if parameter.schema.keyword("default") == Some(&value) {
        return None;
    }
    let texts = match &value {
        Value::String(text) => vec![text.as_str()],
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let names = texts.iter().flat_map(|text| text.split([',', ' ']));
    // Of `owner.name` the whole `owner` stays.
    let names = names.filter_map(|name| name.split(['.', '/', '(']).next());
    let names: Vec<String> = names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    (!names.is_empty()).then_some(names)
}

/// Where an answer of a route has items.
fn shown(mock: &Mock, route: &Route, status: u16) -> Option<Shown> {
    let of_list = |list: &openapi::Contract| Shown {
        place: list.pagination().items.list.clone(),
        inside: list.pagination().items.inside.clone(),
        item: list.item(),
        key: match list.pagination().key.steps() {
            [Step::Name(name)] => Some(name.clone()),
            _ => None,
        },
    };
    if let Kind::Timeline(paged) = &route.kind {
        return Some(of_list(&paged.contract));
    }
    let member = mock.collections().member(route);
    if let Some((store, member)) = member
        && member.act == openapi::Act::List
    {
        return Some(of_list(&store.collection.list));
    }
    let place = match &member {
        Some((_, member)) => member.item.clone()?,
        None => route.item.as_ref().map(|_| Selector::default())?,
    };
    let schema = route.operation().response(status)?.json()?.schema.clone()?;
    Some(Shown {
        item: schema.at(&place)?,
        inside: Selector::default(),
        key: member.map(|(store, _)| store.collection.key.clone()),
        place,
    })
}

impl Shown {
    /// The same body with these properties; `None` if no item can have one of them, or if the body has no items.
    fn projected(&self, body: &[u8], wanted: &[String]) -> Option<Bytes> {
        let named = self.item.named();
        let known = |name: &String| named.iter().any(|(known, _)| known == name);
        if !wanted.iter().any(known) {
            return None;
        }
        let mut body: Value = serde_json::from_slice(body).ok()?;
        match body.pointer_mut(&self.place.pointer())? {
            Value::Array(items) => {
                for item in items {
                    self.leave(item.pointer_mut(&self.inside.pointer())?, wanted);
                }
            }
            item => self.leave(item, wanted),
        }
        Some(body.to_string().into())
    }

    /// Takes the properties out of an item that the request does not name, as far as the item stays valid.
    fn leave(&self, item: &mut Value, wanted: &[String]) {
        let Value::Object(properties) = &*item else {
            return;
        };
        let mut left = properties.clone();
        left.retain(|name, _| {
            wanted.contains(name) || self.key.as_ref() == Some(name) || self.item.requires(name)
        });
        let left = Value::Object(left);
        if self.item.is_valid(&left) {
            *item = left;
        }
    }
}

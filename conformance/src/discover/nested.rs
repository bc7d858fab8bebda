//! Lists below other lists: the ids in their paths are handed out by the lists that contain them, or by a list that
//! does not page.

use std::sync::Arc;

use bytes::Bytes;
use openapi::{Contract, Operation, Schema, Selector, Step};
use serde_json::Value;

use super::ids::{Above, Shown, may_name, paths, plain};
use super::{Found, Search};
use crate::session::sign_with;
use crate::subject::{Request, target};

/// How deep lists lie below one another at most.
const DEPTH: usize = 4;
/// How many lists that do not page are asked at most.
const ASKED: usize = 20;

/// A list that was read, and what its schema shows.
type Source<'c> = (Shown<'c>, Above<'c>);

impl Search<'_> {
    /// Opens the lists below those that were found, level by level.
    pub(super) fn go_below<'c>(&mut self, contracts: &'c [Contract], found: &mut Vec<Found<'c>>) {
        let mut waiting: Vec<_> = contracts
            .iter()
            .filter(|one| one.operation().path.parameters().next().is_some())
            .collect();
        let mut sources: Vec<_> = found.iter().map(source).collect();
        let mut are_asked = false;
        for _ in 0..=DEPTH {
            let (ready, later): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|one| !paths(one.operation(), &sources).is_empty());
            waiting = later;
            if ready.is_empty() {
                if are_asked {
                    break;
                }
                are_asked = true;
                sources.extend(self.lists_without_pages(contracts, &waiting));
                continue;
            }
            let opened: Vec<_> = ready
                .into_iter()
                .filter_map(|one| self.open_at(one, &paths(one.operation(), &sources)))
                .collect();
            sources.extend(opened.iter().map(source));
            found.extend(opened);
        }
        for contract in waiting {
            let parameter = contract
                .operation()
                .path
                .parameters()
                .last()
                .unwrap_or_default()
                .to_owned();
            let why = format!("no list that was read hands out values of `{parameter}`");
            self.leave_out(contract, &why, "a resource of it in a subject file");
        }
    }

    /// The lists that do not page, need no parameter, and may name resources of those that wait.
    fn lists_without_pages<'c>(
        &self,
        contracts: &'c [Contract],
        waiting: &[&'c Contract],
    ) -> Vec<Source<'c>> {
        let Some(first) = waiting.first() else {
            return Vec::new();
        };
        let pages = |operation: &Operation| {
            let mut paged = contracts.iter().map(Contract::operation);
            paged.any(|one| one.pointer == operation.pointer)
        };
        let document = first.document();
        let operations = document.operations().iter();
        let plain = operations.filter(|one| {
            one.method == "GET"
                && one.path.parameters().next().is_none()
                && !one.parameters.iter().any(|parameter| parameter.required)
                && !pages(one)
        });
        let useful = plain.filter_map(|operation| {
            let (list, item) = list_of(operation)?;
            let shown = Shown::of(document, operation, item);
            let mut waiting = waiting.iter();
            let is_wanted = waiting.any(|one| may_name(one.operation(), &shown));
            is_wanted.then_some((shown, list))
        });
        let in_time = useful.take_while(|_| self.time_left().is_some());
        let read = in_time.take(ASKED).filter_map(|(shown, list)| {
            let body = self.read_plainly(shown.operation)?;
            let keys = list
                .get(&body)
                .and_then(Value::as_array)?
                .iter()
                .map(key_of);
            let above = Above {
                operation: shown.operation,
                path: Vec::new(),
                keys: keys.collect(),
                body: Arc::new(body),
                list,
            };
            Some((shown, above))
        });
        read.collect()
    }

    /// The JSON body of a good answer to an operation that takes no parameters.
    fn read_plainly(&self, operation: &Operation) -> Option<Value> {
        let mut request = Request {
            method: "GET".to_owned(),
            target: target(&operation.path.expand(|_| String::new()), &[]),
            headers: vec![("accept".to_owned(), "application/json".to_owned())],
            body: Bytes::new(),
        };
        sign_with(&mut request, operation, None, self.token.as_deref());
        let reply = self.subject.send(&request).ok()?;
        (reply.status == 200).then(|| reply.json()).flatten()
    }
}

/// A list that was found, as a source of ids.
fn source<'c>(found: &Found<'c>) -> Source<'c> {
    let (document, operation) = (found.contract.document(), found.contract.operation());
    let shown = Shown::of(document, operation, found.contract.item());
    let above = Above {
        operation,
        path: found.resource.path.clone(),
        body: Arc::clone(&found.page.body),
        list: found.contract.pagination().items.list.clone(),
        keys: found.page.cursors.clone(),
    };
    (shown, above)
}

/// The list in the 200 answer of an operation: the whole body, or a property of it; and the schema of an item.
fn list_of(operation: &Operation) -> Option<(Selector, Schema)> {
    let body = operation.response(200)?.json()?.schema.as_ref()?;
    let whole = body.items().map(|item| (Selector::default(), item));
    whole.or_else(|| {
        body.properties().iter().find_map(|name| {
            let item = body.property(name)?.items()?;
            let at = Selector::default().then(&[Step::Name(name.clone())]);
            (!item.properties().is_empty()).then_some((at, item))
        })
    })
}

/// What usually tells an item apart.
fn key_of(item: &Value) -> String {
    const KEYS: [&str; 5] = ["id", "uuid", "uid", "key", "name"];
    let found = KEYS.iter().find_map(|key| {
        let mut members = item.as_object()?.iter();
        members.find(|(name, _)| plain(name) == *key)
    });
    match found {
        Some((_, Value::String(text))) => text.clone(),
        Some((_, Value::Number(number))) => number.to_string(),
        _ => String::new(),
    }
}

//! Lies: an honest server, looked at through one, breaks one law.
//!
//! A lie is written against the contract, like the laws, so that it turns any honest server into a liar:
//! the mock in this project's tests, or a team's own server behind `conformance lie`.

mod callers;
mod memory;
mod parameters;
mod relist;

use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderValue;
use openapi::{Contract, Parameter, Position, Promise, Selector, Step};
use serde_json::Value;

use self::memory::Memory;
use crate::naming::Naming;
use crate::session::number;
use crate::subject::{Lost, Reply, Request, Subject};
use crate::unknown;

/// How a request is answered, with an honest server at hand.
pub type Lie = fn(&Lied<'_>, &Request) -> Result<Reply, Lost>;

/// What a lie has at hand.
pub struct Lied<'a> {
    /// The contract that is broken.
    pub contract: &'a Contract,
    /// The number of this request, from zero: a lie may be told only now and then.
    pub turn: u64,
    /// The request before this one.
    pub previous: Option<Request>,
    memory: &'a Memory,
    honest: &'a dyn Subject,
}

/// What a request asks for, in the contract's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The name of the resource.
    pub resource: String,
    /// The resource's id, as it stands in the path.
    pub id: String,
    /// The cursor, as sent.
    pub cursor: Option<String>,
    /// Where the page starts.
    pub at: Position,
    /// The limit, where it is a number.
    pub limit: Option<u64>,
}

/// An honest server whose answers go through a lie.
pub struct Liar<S> {
    contract: Contract,
    lie: Lie,
    honest: S,
    turns: AtomicU64,
    memory: Memory,
}

impl<S: Subject> Liar<S> {
    /// `honest`, seen through `lie`: [`Law::lie`](crate::Law::lie) of the law to break.
    pub fn new(contract: Contract, lie: Lie, honest: S) -> Self {
        Self {
            contract,
            lie,
            honest,
            turns: AtomicU64::new(0),
            memory: Memory::default(),
        }
    }
}

impl<S: Subject> Subject for Liar<S> {
    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        let turn = self.turns.fetch_add(1, Ordering::Relaxed);
        let lied = Lied {
            contract: &self.contract,
            turn,
            previous: self.memory.follow(request),
            memory: &self.memory,
            honest: &self.honest,
        };
        if lied.concerns(request) {
            (self.lie)(&lied, request)
        } else {
            lied.ask(request)
        }
    }
}

impl Lied<'_> {
    /// The honest answer.
    pub fn ask(&self, request: &Request) -> Result<Reply, Lost> {
        let reply = self.honest.send(request)?;
        if reply.status == 200 {
            self.remember(request, &reply);
        }
        Ok(reply)
    }

    /// Asks again for what was last served to anybody.
    pub fn read_again(&self) -> Result<(), Lost> {
        let served = self.memory.last_served();
        served.map_or(Ok(()), |served| self.honest.send(&served).map(drop))
    }

    /// Remembers who was let in where.
    fn remember(&self, request: &Request, reply: &Reply) {
        if !self.concerns(request) || request.method != self.contract.operation().method {
            return;
        }
        let name = self.asked(request).resource;
        if self.memory.served(&name).is_some() || self.is_page(reply) {
            self.memory.let_in(name, request);
        }
    }

    /// Whether the request is for the contract's operation, by any method.
    fn concerns(&self, request: &Request) -> bool {
        self.contract
            .operation()
            .path
            .captures(request.path())
            .is_some()
    }

    /// What the request asks for.
    pub fn asked(&self, request: &Request) -> Asked {
        let limit = self.contract.limit().and_then(|limit| request.text(limit));
        let naming = Naming::of(self.contract);
        let captures = self.contract.operation().path.captures(request.path());
        let captures = captures.into_iter().flatten();
        let values: Vec<_> = captures.map(|(_, value)| value).collect();
        Asked {
            id: naming.id(&values).to_owned(),
            resource: Naming::name(&values),
            cursor: request.text(self.contract.paging().place()),
            at: request.page(self.contract).at,
            limit: limit.and_then(|limit| limit.parse().ok()),
        }
    }

    /// The request's path in the usual encoding.
    pub fn usual_path(&self, request: &Request) -> String {
        let path = &self.contract.operation().path;
        let captures = path.captures(request.path()).unwrap_or_default();
        path.expand(|name| {
            let mut values = captures.iter();
            let value = values.find(|(known, _)| *known == name);
            value.map_or_else(String::new, |(_, value)| value.clone())
        })
    }

    /// The request behind another cursor, or from the start.
    pub fn with_cursor(&self, request: &Request, text: Option<&str>) -> Request {
        request.with(self.contract.paging().place(), text)
    }

    /// The request for the page from another place.
    pub fn at(&self, request: &Request, at: &Position) -> Request {
        let start = self.with_cursor(request, None);
        let written = self.contract.paging().write(at).unwrap_or_default();
        let with = |request: Request, (parameter, text): (&Parameter, String)| {
            request.with(parameter, Some(&text))
        };
        written.into_iter().fold(start, with)
    }

    /// The request with another limit; itself where the contract has none.
    pub fn with_limit(&self, request: &Request, limit: Option<u64>) -> Request {
        match self.contract.limit() {
            Some(parameter) => {
                request.with(parameter, limit.map(|limit| limit.to_string()).as_deref())
            }
            None => request.clone(),
        }
    }

    /// Whether the answer is a page.
    pub fn is_page(&self, reply: &Reply) -> bool {
        reply.status == 200
            && reply
                .json()
                .is_some_and(|body| self.contract.items(&body).is_some())
    }

    /// The honest answer; if it is a page, with its body changed.
    pub fn edit_page(
        &self,
        request: &Request,
        edit: impl FnOnce(&mut Value),
    ) -> Result<Reply, Lost> {
        let reply = self.ask(request)?;
        Ok(if self.is_page(&reply) {
            edit_json(reply, edit)
        } else {
            reply
        })
    }

    /// The honest answer; if it is a page, with its items changed and the envelope left as it was.
    pub fn edit_items(
        &self,
        request: &Request,
        edit: impl FnOnce(&mut Vec<Value>),
    ) -> Result<Reply, Lost> {
        self.edit_page(request, |body| edit(self.items(body)))
    }

    /// Makes the envelope name the items that are there now.
    pub fn echo(&self, body: &mut Value) {
        let pagination = self.contract.pagination();
        let items = self.contract.items(body).unwrap_or_default();
        let key = |item: Option<&Value>| item.and_then(|item| pagination.key.get(item)).cloned();
        let ends = [
            (&pagination.echo.first, key(items.first())),
            (&pagination.echo.last, key(items.last())),
        ];
        for (selector, key) in ends {
            if let (Some(selector), Some(key)) = (selector, key) {
                *place(body, selector) = key;
            }
        }
    }

    /// The honest answer; if it is a page, with its items changed and the envelope naming them.
    pub fn edit_served(
        &self,
        request: &Request,
        edit: impl FnOnce(&mut Vec<Value>),
    ) -> Result<Reply, Lost> {
        self.edit_page(request, |body| {
            edit(self.items(body));
            self.echo(body);
        })
    }

    /// Whether an item is one of a few that never change, however it is read: a lie about it is the same
    /// in every answer.
    pub fn chooses(&self, item: &Value) -> bool {
        /// One of so many.
        const SHARE: u32 = 3;
        let key = self.contract.key(item).unwrap_or_default();
        let sum = key.to_ascii_lowercase().bytes().map(u32::from).sum::<u32>();
        sum % SHARE == 0
    }

    /// The items of a page.
    pub fn items<'b>(&self, body: &'b mut Value) -> &'b mut Vec<Value> {
        let list = place(body, &self.contract.pagination().items);
        list.as_array_mut().expect("only pages are edited")
    }

    /// The honest refusal of wrong parameters with its body changed; any other answer as it is.
    pub fn edit_invalid(
        &self,
        request: &Request,
        edit: impl FnOnce(&mut Value),
    ) -> Result<Reply, Lost> {
        let reply = self.ask(request)?;
        Ok(if reply.status == self.contract.invalid_status() {
            edit_json(reply, edit)
        } else {
            reply
        })
    }

    /// In place of the honest answer, a page without items.
    pub fn empty_page(&self, request: &Request, reply: Reply) -> Reply {
        let pagination = self.contract.pagination();
        let mut body = serde_json::json!({});
        *place(&mut body, &pagination.items) = serde_json::json!([]);
        self.promise(&mut body, false);
        let echo = pagination
            .parent
            .as_ref()
            .and_then(|parent| parent.echo.as_ref());
        if let Some(echo) = echo {
            *place(&mut body, echo) = Value::String(self.asked(request).id);
        }
        let mut reply = with_header(reply, "content-type", "application/json");
        reply.status = 200;
        reply.with_json(&body)
    }

    /// Whether an answer is a page without items.
    pub fn is_empty(&self, reply: &Reply) -> bool {
        let body = reply.json().unwrap_or_default();
        self.is_page(reply) && self.contract.items(&body).is_some_and(<[Value]>::is_empty)
    }

    /// The items that the request's resource begins with, as many as a page holds without a limit.
    pub fn beginning(&self, request: &Request) -> Result<Vec<Value>, Lost> {
        let plain = self.with_cursor(&self.with_limit(request, None), None);
        let body = self.ask(&plain)?.json().unwrap_or_default();
        Ok(self.contract.items(&body).unwrap_or_default().to_vec())
    }

    /// Whether the request's cursor looks real and names no item of the resource: it is another's.
    pub fn is_strange(&self, request: &Request, honest: &Reply) -> Result<bool, Lost> {
        let names = self.contract.paging().promises(Promise::CursorsNameItems);
        let Some(cursor) = self.asked(request).cursor.filter(|_| names) else {
            return Ok(false);
        };
        let beginning = self.beginning(request)?;
        let real = beginning.first().and_then(|item| self.contract.key(item));
        let shaped = real.is_some_and(|real| real.len() == cursor.len());
        let leads_on = self.is_page(honest) && !self.is_empty(honest);
        if leads_on || !shaped || unknown::is_unknown(&cursor) {
            return Ok(false);
        }
        let Some(items) = self.whole(request)? else {
            return Ok(false);
        };
        let mut keys = items.iter().filter_map(|item| self.contract.key(item));
        Ok(!keys.any(|key| key.eq_ignore_ascii_case(&cursor)))
    }

    /// Sets whether the page promises more, where the contract has a place for that.
    pub fn promise(&self, body: &mut Value, more: bool) {
        if let Some(selector) = &self.contract.pagination().next.more {
            *place(body, selector) = Value::Bool(more);
        }
    }

    /// Sets how far the page says that the timeline goes, where the contract has a place for that.
    pub fn go_as_far_as(&self, body: &mut Value, latest: Value) {
        if let Some(selector) = self.contract.paging().latest() {
            *place(body, selector) = latest;
        }
    }

    /// How far the page says that the timeline goes.
    pub fn latest(&self, body: &Value) -> Option<i64> {
        self.contract.paging().latest()?.get(body)?.as_i64()
    }

    /// Says that the timeline goes further than it does, where the contract has a place for that.
    pub fn go_further(&self, body: &mut Value, by: i64) {
        let further = self.latest(body).unwrap_or(0) + by;
        self.go_as_far_as(body, further.into());
    }

    /// The number that the request's cursor is.
    pub fn cursor_number(&self, request: &Request) -> Option<i128> {
        self.asked(request).cursor?.parse().ok()
    }

    /// The numbers of items, in order.
    pub fn numbers(&self, items: &[Value]) -> Vec<i128> {
        let numbers = items.iter().filter_map(|item| number(self.contract, item));
        numbers.collect()
    }

    /// The honest answer with this status; its body is that of an answer declared for it, if there is one.
    pub fn refuse(&self, reply: Reply, status: u16) -> Reply {
        let example = self
            .contract
            .refusal(status)
            .and_then(|media| media.example.clone());
        Reply {
            status,
            ..reply.with_json(&example.unwrap_or_else(|| serde_json::json!({})))
        }
    }
}

/// Whether an answer says that the caller is not let in.
pub fn is_shut_out(reply: &Reply) -> bool {
    matches!(reply.status, 401 | 403)
}

/// An answer with a header set.
pub fn with_header(mut reply: Reply, name: &'static str, value: &str) -> Reply {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers.insert(name, value);
    }
    reply
}

/// An answer with its JSON body changed; itself where the body is no JSON.
pub fn edit_json(reply: Reply, edit: impl FnOnce(&mut Value)) -> Reply {
    match reply.json() {
        Some(mut body) => {
            edit(&mut body);
            reply.with_json(&body)
        }
        None => reply,
    }
}

/// The value at a place, made where it is not there.
pub fn place<'v>(value: &'v mut Value, selector: &Selector) -> &'v mut Value {
    selector
        .steps()
        .iter()
        .fold(value, |value, step| match step {
            Step::Name(name) => {
                if !value.is_object() {
                    *value = serde_json::json!({});
                }
                &mut value[name.as_str()]
            }
            Step::Last => {
                if value.as_array().is_none_or(Vec::is_empty) {
                    *value = serde_json::json!([null]);
                }
                value
                    .as_array_mut()
                    .and_then(|items| items.last_mut())
                    .expect("made above")
            }
        })
}

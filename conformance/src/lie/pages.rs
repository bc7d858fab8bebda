//! Edits of pages and of their items.

use openapi::{Mark, Promise, Said, Selector, Step};
use serde_json::Value;

use super::{Lied, with_header};
use crate::session::number;
use crate::subject::{Lost, Reply, Request};
use crate::unknown;

impl Lied<'_> {
    /// Whether the answer is a page.
    pub fn is_page(&self, reply: &Reply) -> bool {
        self.contract.serves(reply.status)
            && reply
                .json()
                .is_some_and(|body| self.contract.items(&body).is_some())
    }

    /// The honest answer. If it is a page, its body is changed.
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

    /// The honest answer. If it is a page, its items are changed, but not the envelope.
    pub fn edit_items(
        &self,
        request: &Request,
        edit: impl FnOnce(&mut Vec<Value>),
    ) -> Result<Reply, Lost> {
        self.edit_page(request, |body| edit(self.items(body)))
    }

    /// Makes the envelope name the current items.
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

    /// The honest answer. If it is a page, its items are changed, and the envelope names them.
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

    /// Whether an item is one of the fixed share that lies change.
    ///
    /// The choice depends on its key only, so a lie about it is the same in every answer.
    pub fn chooses(&self, item: &Value) -> bool {
        /// One of this number of items.
        const SHARE: u32 = 3;
        let key = self.contract.key(item).unwrap_or_default();
        let sum = key.to_ascii_lowercase().bytes().map(u32::from).sum::<u32>();
        sum % SHARE == 0
    }

    /// The items of a page.
    pub fn items<'b>(&self, body: &'b mut Value) -> &'b mut Vec<Value> {
        let list = place(body, &self.contract.pagination().items.list);
        if !list.is_array() {
            // An empty list may be left out.
            *list = serde_json::json!([]);
        }
        list.as_array_mut().expect("made above")
    }

    /// A page without items, in place of the honest answer.
    pub fn empty_page(&self, request: &Request, reply: Reply) -> Reply {
        let pagination = self.contract.pagination();
        let mut body = serde_json::json!({});
        *place(&mut body, &pagination.items.list) = serde_json::json!([]);
        self.promise(&mut body, false);
        let paging = self.contract.paging();
        for (selector, said) in paging.said() {
            let nothing = match said {
                Said::Next(_) | Said::Previous(_) => self.nothing(selector),
                Said::MoreBefore => Some(Value::Bool(false)),
                Said::PageNumber(first) => Some(first.into()),
                Said::Total | Said::Remaining | Said::Pages | Said::Limit | Said::Offset => {
                    Some(0.into())
                }
                Said::More | Said::Done => None,
            };
            if let Some(nothing) = nothing {
                *place(&mut body, selector) = nothing;
            }
        }
        let beside = |(place, _): &(&Selector, Mark)| place.below(&pagination.items.list).is_none();
        if let Some((selector, _)) = paging.mark().filter(beside)
            && let Some(nothing) = self.nothing(selector)
        {
            *place(&mut body, selector) = nothing;
        }
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

    /// The value at a place that leads nowhere: null, where the schema allows it.
    fn nothing(&self, selector: &Selector) -> Option<Value> {
        let schema = self.contract.body().at(selector)?;
        schema.is_valid(&Value::Null).then_some(Value::Null)
    }

    /// Whether an answer is a page without items.
    pub fn is_empty(&self, reply: &Reply) -> bool {
        let body = reply.json().unwrap_or_default();
        self.is_page(reply) && self.contract.items(&body).is_some_and(<[Value]>::is_empty)
    }

    /// The first items of the request's resource, as many as a page holds without a limit.
    pub fn beginning(&self, request: &Request) -> Result<Vec<Value>, Lost> {
        let plain = self.with_cursor(&self.with_limit(request, None), None);
        let body = self.ask(&plain)?.json().unwrap_or_default();
        Ok(self.contract.items(&body).unwrap_or_default().to_vec())
    }

    /// Whether the request's cursor looks real, but names no item of this resource.
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

    /// Sets whether the page promises more, if the contract has a place for that.
    pub fn promise(&self, body: &mut Value, more: bool) {
        let next = &self.contract.pagination().next;
        for (selector, flag) in [(&next.more, more), (&next.done, !more)] {
            if let Some(selector) = selector {
                *place(body, selector) = Value::Bool(flag);
            }
        }
    }

    /// Sets the number that the page hands out, if the contract has a place for that.
    pub fn go_as_far_as(&self, body: &mut Value, latest: Value) {
        if let Some(selector) = self.contract.paging().number() {
            *place(body, selector) = latest;
        }
    }

    /// The number that the page hands out.
    pub fn latest(&self, body: &Value) -> Option<i64> {
        self.contract.paging().number()?.get(body)?.as_i64()
    }

    /// Reports a latest number that is too great, if the contract has a place for that.
    pub fn go_further(&self, body: &mut Value, by: i64) {
        let further = self.latest(body).unwrap_or(0) + by;
        self.go_as_far_as(body, further.into());
    }

    /// The numbers of items, in order.
    pub fn numbers(&self, items: &[Value]) -> Vec<i128> {
        let numbers = items.iter().filter_map(|item| number(self.contract, item));
        numbers.collect()
    }
}

/// An answer with its JSON body changed, or unchanged if the body is no JSON.
pub fn edit_json(reply: Reply, edit: impl FnOnce(&mut Value)) -> Reply {
    match reply.json() {
        Some(mut body) => {
            edit(&mut body);
            reply.with_json(&body)
        }
        None => reply,
    }
}

/// The value at a place, which is created if it is missing.
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

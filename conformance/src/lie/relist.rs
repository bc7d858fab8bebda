//! Lies about the listing itself, with pages of another list than the honest server's.

use openapi::{Mark, PageInfo, Position, Way};
use serde_json::Value;

use super::{Lied, place};
use crate::subject::{Lost, Reply, Request};

impl Lied<'_> {
    /// The greatest number of items of a listing to rearrange. Pages of a longer one stay honest.
    const MOST: usize = 2_000;

    /// The page that an honest server would serve if `arrange` had changed its list.
    pub fn rearranged(
        &self,
        request: &Request,
        arrange: impl FnOnce(&mut Vec<Value>),
    ) -> Result<Reply, Lost> {
        let reply = self.ask(request)?;
        if !self.is_page(&reply) {
            return Ok(reply);
        }
        let Some(mut items) = self.whole(request)? else {
            return Ok(reply);
        };
        let start = self.start(&items, &reply);
        arrange(&mut items);
        let limit = self.limit(request);
        let behind = match self.asked(request).at {
            Position::Start => items,
            Position::After(key) => items.split_off(
                self.named(&items, &key)
                    .map_or(start.min(items.len()), |index| index + 1),
            ),
            Position::At(key) => {
                let named = self.named(&items, &key);
                items.split_off(named.unwrap_or(start.min(items.len())))
            }
            Position::Above(number) => self.from(items, &number, |one, number| one > number),
            Position::From(number) => self.from(items, &number, |one, number| one >= number),
            Position::Page(pages) => {
                let skipped =
                    limit.and_then(|limit| limit.checked_mul(usize::try_from(pages).ok()?));
                items.split_off(skipped.unwrap_or(items.len()).min(items.len()))
            }
            Position::Skip(skipped) => {
                let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
                items.split_off(skipped.min(items.len()))
            }
            Position::End => Vec::new(),
            // The honest server knows the place.
            Position::Before(_) => {
                let served = reply.json().unwrap_or_default();
                let served = self.contract.items(&served).unwrap_or_default().len();
                let end = (start + served).min(items.len());
                items.truncate(end);
                items.split_off(end.saturating_sub(limit.unwrap_or(end)))
            }
            Position::Token(_) | Position::Marked(_) | Position::Url(_) => {
                items.split_off(start.min(items.len()))
            }
        };
        let page: Vec<Value> = behind
            .iter()
            .take(limit.unwrap_or(usize::MAX))
            .cloned()
            .collect();
        let more = page.len() < behind.len();
        Ok(super::edit_json(reply, |body| self.fill(body, page, more)))
    }

    /// The greatest number of items of an honest page. `None` if it holds all.
    pub fn limit(&self, request: &Request) -> Option<usize> {
        let bounds = self.contract.limit_bounds()?;
        let limit = self.asked(request).limit.or(bounds.default)?;
        usize::try_from(limit).ok()
    }

    /// The number of items of the honest listing before this page.
    fn start(&self, items: &[Value], reply: &Reply) -> usize {
        let body = reply.json().unwrap_or_default();
        let first = self.contract.items(&body).and_then(<[Value]>::first);
        let first = first.and_then(|item| self.contract.key(item));
        let index = first.and_then(|key| self.named(items, &key));
        index.unwrap_or(items.len())
    }

    fn named(&self, items: &[Value], key: &str) -> Option<usize> {
        let is_it = |item: &Value| self.contract.key(item).as_deref() == Some(key);
        items.iter().position(is_it)
    }

    fn from(
        &self,
        items: Vec<Value>,
        number: &str,
        is_served: impl Fn(f64, f64) -> bool,
    ) -> Vec<Value> {
        let number = number.parse().unwrap_or(f64::INFINITY);
        let served = |item: &Value| {
            let key = self.contract.key(item).and_then(|key| key.parse().ok());
            key.is_some_and(|key| is_served(key, number))
        };
        items.into_iter().filter(served).collect()
    }

    /// A page's items, and the parts of its envelope that depend on them.
    pub fn fill(&self, body: &mut Value, page: Vec<Value>, more: bool) {
        let pagination = self.contract.pagination();
        let key = |item: Option<&Value>| item.and_then(|item| pagination.key.get(item)).cloned();
        let (first, last) = (key(page.first()), key(page.last()));
        self.promise(body, more);
        let echoes = [
            (&pagination.echo.first, first),
            (&pagination.echo.last, last.clone()),
        ];
        for (selector, key) in echoes {
            if let (Some(selector), Some(key)) = (selector, key) {
                *place(body, selector) = key;
            }
        }
        let handed_out = self.contract.paging().mark();
        let beside = handed_out.filter(|(place, _)| place.below(&pagination.items.list).is_none());
        match (beside, last) {
            (Some((selector, Mark::LastKey)), Some(last)) => *place(body, selector) = last,
            (Some((selector, Mark::LastNumber)), Some(_)) => {
                let by = pagination.order.by.as_ref().unwrap_or(&pagination.key);
                let number = page.last().and_then(|item| by.get(item));
                *place(body, selector) = number.cloned().unwrap_or_default();
            }
            (Some((selector, Mark::LastKey | Mark::Token)), _) if !more => {
                *place(body, selector) = Value::Null;
            }
            _ => {}
        }
        *self.items(body) = page;
    }

    /// The whole honest listing. `None` if it is too long.
    pub fn whole(&self, request: &Request) -> Result<Option<Vec<Value>>, Lost> {
        let maximum = self
            .contract
            .limit_bounds()
            .and_then(|bounds| bounds.maximum);
        let mut items: Vec<Value> = Vec::new();
        let mut at = Position::Start;
        while items.len() <= Self::MOST {
            let asked = self.with_limit(&self.at(request, &at), maximum);
            let reply = self.ask(&asked)?;
            let Some(body) = reply.json() else {
                return Ok(None);
            };
            items.extend_from_slice(self.contract.items(&body).unwrap_or_default());
            match self.info(&asked, &reply, &body).next {
                Way::To(next) => at = next,
                Way::End(_) | Way::Unsaid => return Ok(Some(items)),
            }
        }
        Ok(None)
    }

    /// The text of the place that the first page returns.
    pub fn handed_out(&self, request: &Request) -> Result<Option<String>, Lost> {
        let first = self.with_cursor(&self.with_limit(request, None), None);
        let reply = self.ask(&first)?;
        let body = reply.json().unwrap_or_default();
        let next = self.info(&first, &reply, &body).handed_out;
        let written = next.and_then(|next| self.contract.paging().write(&next));
        let mut texts = written.into_iter().flatten().map(|(_, text)| text);
        Ok(texts.next())
    }

    /// The texts of a page's envelope.
    pub fn info(&self, request: &Request, reply: &Reply, body: &Value) -> PageInfo {
        let said = openapi::Reply {
            headers: &reply.headers,
            body,
        };
        let paging = self.contract.paging();
        paging.info(&said, &request.page(self.contract))
    }
}

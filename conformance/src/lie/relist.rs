//! Lies about the listing itself: pages of a log that is not the honest server's.

use openapi::Style;
use serde_json::Value;

use super::{Lied, place};
use crate::subject::{Lost, Reply, Request};

impl Lied<'_> {
    /// How many items a listing may have to be rearranged; pages of a longer one stay honest.
    const MOST: usize = 2_000;

    /// The page that an honest server would serve if its log were what `arrange` makes of it.
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
        arrange(&mut items);
        let asked = self.asked(request);
        // An empty cursor is none at all, or was refused already.
        let cursor = asked.cursor.as_deref().filter(|cursor| !cursor.is_empty());
        let behind = self.behind(items, cursor);
        let default = self
            .contract
            .limit_bounds()
            .and_then(|bounds| bounds.default);
        let limit = asked
            .limit
            .or(default)
            .and_then(|limit| usize::try_from(limit).ok());
        let limit = if self.contract.limit().is_some() {
            limit
        } else {
            None
        };
        let page: Vec<Value> = behind
            .iter()
            .take(limit.unwrap_or(usize::MAX))
            .cloned()
            .collect();
        let more = page.len() < behind.len();
        Ok(super::edit_json(reply, |body| self.fill(body, page, more)))
    }

    /// A page's items, and whatever in its envelope follows from them.
    pub fn fill(&self, body: &mut Value, page: Vec<Value>, more: bool) {
        let pagination = self.contract.pagination();
        let key = |item: Option<&Value>| item.and_then(|item| pagination.key.get(item)).cloned();
        let (first, last) = (key(page.first()), key(page.last()));
        if let Some(place_of_more) = &pagination.next.more {
            *place(body, place_of_more) = more.into();
        }
        let echoes = [
            (&pagination.echo.first, first),
            (&pagination.echo.last, last),
        ];
        for (selector, key) in echoes {
            if let (Some(selector), Some(key)) = (selector, key) {
                *place(body, selector) = key;
            }
        }
        *self.items(body) = page;
    }

    /// The whole honest listing; `None` where it is too long.
    pub fn whole(&self, request: &Request) -> Result<Option<Vec<Value>>, Lost> {
        let maximum = self
            .contract
            .limit_bounds()
            .and_then(|bounds| bounds.maximum);
        let mut items: Vec<Value> = Vec::new();
        let mut cursor: Option<String> = None;
        while items.len() <= Self::MOST {
            let asked = self.with_limit(&self.with_cursor(request, cursor.as_deref()), maximum);
            let Some(body) = self.ask(&asked)?.json() else {
                return Ok(None);
            };
            let page = self.contract.items(&body).unwrap_or_default();
            items.extend(page.iter().cloned());
            let more = self.contract.limit().is_some()
                && self.contract.more(&body).unwrap_or(!page.is_empty());
            cursor = self.contract.next(&body);
            if !more || cursor.is_none() {
                return Ok(Some(items));
            }
        }
        Ok(None)
    }

    fn behind(&self, items: Vec<Value>, cursor: Option<&str>) -> Vec<Value> {
        let Some(cursor) = cursor else {
            return items;
        };
        if self.contract.pagination().style == Style::Since {
            let number = |item: &Value| {
                self.contract
                    .key(item)
                    .and_then(|key| key.parse::<f64>().ok())
            };
            let since = cursor.parse::<f64>().unwrap_or(f64::INFINITY);
            return items
                .into_iter()
                .filter(|item| number(item).is_some_and(|key| key > since))
                .collect();
        }
        let named = items
            .iter()
            .position(|item| self.contract.key(item).as_deref() == Some(cursor));
        items
            .into_iter()
            .skip(named.map_or(usize::MAX, |index| index + 1))
            .collect()
    }
}

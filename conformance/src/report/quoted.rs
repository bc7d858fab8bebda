//! The answers of a server as reports quote them: without tokens, and cut where they are long.

use std::fmt::Write as _;

use openapi::Contract;

use super::{Judged, Report, curl};
use crate::session::Exchange;
use openapi::shown::cut;

/// The longest command, in characters.
const COMMAND: usize = 16_000;
/// The greatest number of headers to quote.
const HEADERS: usize = 64;
/// The longest header, in characters.
const HEADER: usize = 500;
/// The longest body that is laid out anew, in bytes.
#[cfg(feature = "html")]
const LAID_OUT: usize = 1 << 20;
/// What is read behind a cut, in bytes. It may hold the rest of a token.
const MARGIN: usize = 1 << 16;

impl Report<'_> {
    /// An exchange as a command that sends the same request.
    pub(super) fn command(&self, judged: &Judged<'_>, exchange: &Exchange) -> String {
        let line = curl::line(judged.contract, judged.facts, &self.subject, exchange);
        let line = self.secrets.hide(&line);
        cut(&line, COMMAND, line.len())
    }

    /// The headers of an answer.
    pub(super) fn headers(&self, exchange: &Exchange) -> Vec<(String, String)> {
        let headers = exchange.reply.headers.iter().take(HEADERS);
        headers
            .map(|(name, value)| {
                let text = String::from_utf8_lossy(value.as_bytes());
                let text = self.secrets.hide(&text);
                (name.to_string(), cut(&text, HEADER, value.len()))
            })
            .collect()
    }

    /// The start of an answer's body as text: its first `most` characters.
    pub(super) fn body(&self, exchange: &Exchange, most: usize) -> String {
        let body = &exchange.reply.body;
        let read = &body[..body.len().min(4 * most + MARGIN)];
        let text = self.secrets.hide(&String::from_utf8_lossy(read));
        cut(&text, most, body.len())
    }

    /// As [`Report::body`], with JSON laid out in lines.
    #[cfg(feature = "html")]
    pub(super) fn body_laid_out(&self, exchange: &Exchange, most: usize) -> String {
        let reply = &exchange.reply;
        let json = (reply.body.len() <= LAID_OUT).then(|| reply.json());
        let Some(json) = json.flatten() else {
            return self.body(exchange, most);
        };
        let text = format!("{json:#}");
        let end = text.floor_char_boundary(4 * most + MARGIN);
        cut(&self.secrets.hide(&text[..end]), most, reply.body.len())
    }

    /// An answer on one line: a page by its keys, anything else by its body, cut.
    pub(super) fn answer(&self, contract: &Contract, exchange: &Exchange) -> String {
        const MOST: usize = 240;
        let status = exchange.reply.status;
        if let Some(page) = self.page(contract, exchange) {
            return format!("{status} {page}");
        }
        format!("{status} {}", self.body(exchange, MOST))
    }

    /// A page in the contract's words: the number of items, the first and last keys, and how to continue.
    fn page(&self, contract: &Contract, exchange: &Exchange) -> Option<String> {
        /// The number of keys to show at each end.
        const ENDS: usize = 3;
        /// The longest key, or cursor, in characters.
        const KEY: usize = 200;
        let shown = |text: &str| cut(&self.secrets.hide(text), KEY, text.len());
        let body = exchange.json()?;
        let items = contract.items(&body)?;
        let keys: Option<Vec<String>> = items.iter().map(|item| contract.key(item)).collect();
        let keys = keys?;
        let listed = |keys: &[String]| {
            let keys: Vec<_> = keys.iter().map(|key| shown(key)).collect();
            keys.join(", ")
        };
        let ends = if keys.len() <= 2 * ENDS {
            listed(&keys)
        } else {
            let (start, end) = (&keys[..ENDS], &keys[keys.len() - ENDS..]);
            format!("{} … {}", listed(start), listed(end))
        };
        let mut text = format!("a page of {}: {ends}", keys.len());
        let paging = contract.paging();
        let reply = openapi::Reply {
            headers: &exchange.reply.headers,
            body: &body,
        };
        let info = paging.info(&reply, &exchange.request.page(contract));
        if let Some(more) = info.more {
            let _ = write!(text, "; more: {more}");
        }
        let next = info.handed_out.and_then(|next| paging.write(&next));
        for (_, next) in next.unwrap_or_default() {
            let _ = write!(text, "; next: {}", shown(&next));
        }
        Some(text)
    }
}

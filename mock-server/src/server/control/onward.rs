//! How a client goes on from an answer, by the codecs that the mock and the judge share.
//!
//! The console sends what it asked and what came back. So it knows no way of paging itself.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use openapi::{End, PageRequest, Paging, Position, Reply, Way};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Call, Control, Refused, json_answer};
use crate::answer::Answer;
use crate::parameters::query_texts;

/// A request for a page, and its answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The text of the cursor's parameter.
    cursor: Option<String>,
    /// The text of the limit's parameter.
    limit: Option<String>,
    /// Names and texts of the answer's headers.
    #[serde(default)]
    headers: Vec<(String, String)>,
    /// The answer's body.
    #[serde(default)]
    body: Value,
}

/// The text of the cursor for the next page, or why there is none.
pub(super) fn onward(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let name = call.capture("timeline");
    let mut contracts = control.mock.contracts();
    let contract = contracts.find(|contract| contract.name() == name);
    let contract = contract.ok_or_else(|| {
        let message = format!("no document has timelines named `{name}`");
        let cure = "see /__mock/documents for all names";
        Refused(StatusCode::NOT_FOUND, message, cure)
    })?;
    let asked: Asked =
        serde_json::from_value(call.json()?.unwrap_or_default()).map_err(|error| {
            let cure =
                "send `cursor` and `limit` of the request, `headers` and `body` of its answer";
            Refused(StatusCode::UNPROCESSABLE_ENTITY, error.to_string(), cure)
        })?;
    let paging = contract.paging();
    let headers = headers(&asked.headers);
    let reply = Reply {
        headers: &headers,
        body: &asked.body,
    };
    let info = paging.info(&reply, &request(paging, &asked));
    let (next, end) = match &info.next {
        Way::To(at) => (text(paging, at), None),
        Way::End(end) => (None, Some(reason(*end))),
        Way::Unsaid => (None, None),
    };
    let handed_out = info.handed_out.as_ref().and_then(|at| text(paging, at));
    let body = json!({ "next": next, "handed_out": handed_out, "more": info.more, "end": end });
    Ok(json_answer(StatusCode::OK, &body))
}

/// The request as the codecs read it. A request that names no place was refused, so its page does not matter.
fn request(paging: &Paging, asked: &Asked) -> PageRequest {
    let place = &paging.place().name;
    let at = paging.read(|role| {
        let parameter = paging.parameter(role).filter(|one| one.name == *place)?;
        parameter.part_of(asked.cursor.as_ref()?)
    });
    PageRequest {
        at: at.unwrap_or_default(),
        limit: asked.limit.as_ref().and_then(|text| text.parse().ok()),
        order: None,
    }
}

/// The text with which a request asks for the page from here.
fn text(paging: &Paging, at: &Position) -> Option<String> {
    if let Position::Url(url) = at {
        let (_, query) = url.split_once('?')?;
        let query = query.split('#').next().unwrap_or_default();
        return query_texts(query, &paging.place().name).pop();
    }
    let (place, text) = paging.write(at)?.into_iter().next()?;
    place.part_in(None, Some(&text))
}

/// Headers that no answer can have are passed over.
fn headers(written: &[(String, String)]) -> HeaderMap {
    let read = written.iter().filter_map(|(name, text)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(text).ok()?))
    });
    read.collect()
}

fn reason(end: End) -> &'static str {
    match end {
        End::Said => "a field says so",
        End::EmptyPage => "the page is empty",
        End::ShortPage => "the page is not full",
        End::NoWay => "the answer names no next page",
        End::Whole => "the answer holds everything",
        End::Total => "all items are read that the total counts",
    }
}

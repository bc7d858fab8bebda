//! A page at the depth of a thousand million items, beside the first one, in every way in which requests name pages.
//!
//! The mock is asked in process: sockets would hide what a place costs.

use bytes::Bytes;
use fixtures::{Caller, Scenario, Wanted};
use http::Request;
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{Contract, Document, Problem, Source};
use serde_json::{Value, json};

use super::process::cpu_seconds;
use super::{Bench, table};

/// How many items lie before the deep page.
const DEPTH: u64 = 1_000_000_000;
/// How many items a page has.
const LIMIT: u64 = 20;
/// How much more a deep page may cost.
const BAR: f64 = 1.1;

/// A way to page: its name, its style, where a request names the place, how an answer says to go on, and more of
/// `x-pagination`.
type Way = (&'static str, &'static str, Value, Value, Value);

/// Each way in which requests name places.
fn ways() -> [Way; 11] {
    let place = |role: &str| json!({ role: { "in": "query", "name": "at" } });
    let last = json!({ "cursor": "$.data[-1:].id", "more": "$.more" });
    let counted = json!({ "more": "$.more" });
    let token = json!({ "cursor": "$.next" });
    let mut both = place("cursor");
    both["backward"] = json!({ "cursor": { "in": "query", "name": "before" } });
    let none = json!({});
    let inclusive = json!({ "cursor": { "bound": "inclusive" } });
    let by_value = json!({
        "cursor": { "unknown": "by-value" },
        "order": { "by": "$.id", "direction": "descending", "strict": true },
    });
    let by_number = json!({ "order": { "by": "$.id" } });
    let url = json!({ "url": "$.next" });
    let link = json!({ "link": "next" });
    [
        (
            "cursor",
            "cursor",
            place("cursor"),
            last.clone(),
            none.clone(),
        ),
        (
            "inclusive",
            "cursor",
            place("cursor"),
            token.clone(),
            inclusive,
        ),
        ("values", "cursor", place("cursor"), last.clone(), by_value),
        (BACKWARD, "cursor", both, last.clone(), none.clone()),
        ("since", "since", place("cursor"), last, by_number),
        ("token", "token", place("cursor"), token, none.clone()),
        (
            "offset",
            "offset",
            place("offset"),
            counted.clone(),
            none.clone(),
        ),
        ("page", "page", place("page"), counted, none.clone()),
        ("range", "range", place("range"), none.clone(), none.clone()),
        ("url", "url", none.clone(), url, none.clone()),
        ("link", "link", none.clone(), link, none),
    ]
}

/// The name of the list whose pages are named by their ends.
const BACKWARD: &str = "backward";

/// A document with a list for each way.
fn document() -> String {
    let lists = ways().into_iter().map(|(name, style, mut request, next, more)| {
        if style != "range" {
            request["limit"] = json!({ "in": "query", "name": "limit" });
        }
        let bounds = json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": LIMIT });
        let text = json!({ "type": "string" });
        let number = json!({ "type": "integer", "minimum": 0 });
        let is_counted = matches!(style, "since" | "offset" | "page");
        let at = if is_counted { number.clone() } else { text.clone() };
        let id = if style == "since" { number } else { text.clone() };
        let mut parameters = vec![json!({ "in": "query", "name": "limit", "schema": bounds })];
        if !matches!(style, "url" | "link") {
            parameters.push(json!({ "in": "query", "name": "at", "schema": at }));
        }
        if name == BACKWARD {
            parameters.push(json!({ "in": "query", "name": "before", "schema": text }));
        }
        let page = json!({
            "type": "object", "required": ["data", "more"],
            "properties": {
                "data": { "type": "array", "items": {
                    "type": "object", "required": ["id", "title", "state", "size", "owner", "created_at"],
                    "properties": {
                        "id": id,
                        "title": { "type": "string" },
                        "state": { "enum": ["queued", "running", "done"] },
                        "size": { "type": "integer", "minimum": 0 },
                        "owner": { "type": "object", "required": ["name", "email"], "properties": {
                            "name": { "type": "string" },
                            "email": { "type": "string", "format": "email" },
                        } },
                        "created_at": { "type": "string", "format": "date-time" },
                    },
                } },
                "more": { "type": "boolean" },
                "next": { "type": ["string", "null"] },
            },
        });
        let mut paging = json!({
            "name": name, "style": style, "items": "$.data", "key": "$.id", "request": request, "next": next,
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            paging[key] = value.clone();
        }
        let list = json!({ "get": {
            "operationId": name,
            "parameters": parameters,
            "responses": { "200": { "description": "A page", "content": { "application/json": { "schema": page } } } },
            "x-pagination": paging,
        } });
        (format!("/{name}"), list)
    });
    let paths: serde_json::Map<_, _> = lists.collect();
    json!({ "openapi": "3.1.0", "info": { "title": "Deep", "version": "1" }, "paths": paths })
        .to_string()
}

/// A scenario in which each list has twice as many items as lie before the deep page.
fn scenario() -> String {
    let lists = ways().into_iter().map(|(name, ..)| {
        let list = json!({
            "life": { "first": {}, "steps": [{}], "ends": {} }, "pace": { "every": "1s" },
            "jobs": [{ "owner": "ada", "events": 2 * DEPTH }],
        });
        (name.to_owned(), list)
    });
    let lists: serde_json::Map<_, _> = lists.collect();
    json!({ "owners": [{ "name": "ada", "token": "token-of-ada" }], "timelines": lists })
        .to_string()
}

/// The lists, and the mock that serves them.
struct Deep {
    mock: Mock,
    now: Timestamp,
}

impl Deep {
    fn new() -> Result<Self, String> {
        let said = |problem: Problem| problem.to_string();
        let document = Document::read(Source::new("deep.json", document()), &[]).map_err(said)?;
        let scenario = Scenario::read(Source::new("deep.yaml", scenario())).map_err(said)?;
        let now: Timestamp = "2026-01-05T09:00:00Z".parse().expect("a moment");
        let mock = Plan::of(&[document], scenario, 1, now).and_then(Mock::new);
        Ok(Self {
            mock: mock.map_err(said)?,
            now,
        })
    }

    /// The request for the page behind so many items.
    fn request(&self, contract: &Contract, depth: u64) -> Result<Request<Bytes>, String> {
        let name = contract.name();
        let timeline = self
            .mock
            .timeline(contract, Caller::Anyone, Wanted::Path(&[]), self.now);
        let timeline = timeline.ok_or_else(|| format!("`{name}` has no list"))?;
        let at = if name == BACKWARD {
            timeline.position_before(contract, depth + LIMIT)
        } else {
            timeline.position(contract, depth, Some(LIMIT))
        };
        let at = at.ok_or_else(|| format!("`{name}` cannot name a place"))?;
        let written = contract.paging().write(&at).unwrap_or_default();
        let query = written.into_iter();
        let query = query.map(|(parameter, text)| format!("&{}={text}", parameter.name));
        let target = format!("/{name}?limit={LIMIT}{}", query.collect::<String>());
        let request = Request::get(target)
            .header("host", "127.0.0.1")
            .body(Bytes::new());
        request.map_err(|error| error.to_string())
    }

    fn ask(&self, request: &Request<Bytes>) -> Result<Bytes, String> {
        let answer = answer(&self.mock, request, self.now);
        let status = answer.status;
        let body = answer.into_bytes();
        if status == 200 {
            Ok(body)
        } else {
            let body = String::from_utf8_lossy(&body).into_owned();
            Err(format!("{}: status {status}: {body}", request.uri()))
        }
    }
}

/// Each list at both depths, in turns.
pub(super) fn report(bench: &Bench) -> Result<(), String> {
    let deep = Deep::new()?;
    // A page costs some microseconds, and the clock counts hundredths of a second.
    let requests = bench.requests.saturating_mul(2);
    for contract in deep.mock.contracts() {
        let depths = [0, DEPTH].map(|depth| deep.request(contract, depth));
        let [first, last] = depths;
        let depths = [first?, last?];
        let mut times = [
            ("the first page", Vec::new()),
            ("behind 10^9 items", Vec::new()),
        ];
        for round in 0..=bench.rounds {
            for (request, (_, times)) in depths.iter().zip(&mut times) {
                let before = cpu_seconds(std::process::id())?;
                for _ in 0..requests {
                    deep.ask(request)?;
                }
                let time = (cpu_seconds(std::process::id())? - before) * 1e6 / f64::from(requests);
                times.extend((round > 0).then_some(time));
            }
        }
        let title = format!("a page of {LIMIT}, {}", contract.name());
        table::print(&format!("{title}: µs of CPU per page"), &times);
        table::bar(table::least(&times[1].1) / table::least(&times[0].1), BAR);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{DEPTH, Deep, LIMIT, ways};
    use serde_json::Value;

    #[test]
    fn the_deep_page_of_every_way_is_a_full_page_of_other_items() {
        let deep = Deep::new().unwrap();
        let mut names = Vec::new();
        for contract in deep.mock.contracts() {
            let pages = [0, DEPTH].map(|depth| {
                let request = deep.request(contract, depth).unwrap();
                let page: Value = serde_json::from_slice(&deep.ask(&request).unwrap()).unwrap();
                assert_eq!(
                    page["data"].as_array().unwrap().len() as u64,
                    LIMIT,
                    "{page}"
                );
                page["data"].clone()
            });
            assert_ne!(pages[0], pages[1], "{}", contract.name());
            names.push(contract.name());
        }
        assert_eq!(names, ways().map(|(name, ..)| name));
    }
}

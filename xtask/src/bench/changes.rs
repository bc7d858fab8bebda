//! What a list of a million computed items costs beside a hundred thousand changes, against the same list with a few.
//!
//! The mock is asked in process: sockets would hide what a change costs. A world without any change is not measured
//! for long, because each creation and each deletion is a change; so the list with few changes is reset all the time.

use std::time::Instant;

use bytes::Bytes;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{Document, Problem, Source};
use serde_json::{Value, json};

use super::{Bench, process, table};

/// How many items are computed.
const ITEMS: u64 = 1_000_000;
/// How many neighbours have two changed items before them: one is deleted, and one is patched.
const BLOCK: u64 = 30;
/// How many blocks there are. As many items as blocks are created, too.
const BLOCKS: u64 = ITEMS / BLOCK;
/// How many changes are made.
const CHANGES: u64 = 3 * BLOCKS;
/// How many items a page has.
const LIMIT: u64 = 20;
/// How many items are created or deleted before the list with few changes is reset.
const FEW: u64 = 10;
/// How much more a page without changed items may cost.
const PAGE: f64 = 1.1;
/// How much more a read, a creation and a deletion may cost.
const ITEM: f64 = 1.5;
/// Where is measured: a name, and a block with so many others behind it that each round has its own.
const PARTS: [(&str, u64); 3] = [
    ("at the start", 0),
    ("in the middle", BLOCKS / 2),
    ("at the end", BLOCKS - 2_000),
];

/// A document with one collection.
fn document() -> String {
    let task = json!({
        "type": "object", "required": ["id", "title", "state", "size", "created_at"],
        "properties": {
            "id": { "type": "string", "format": "uuid", "readOnly": true },
            "title": { "type": "string", "minLength": 1 },
            "state": { "enum": ["queued", "running", "done"], "default": "queued" },
            "size": { "type": "integer", "minimum": 0, "default": 0 },
            "created_at": { "type": "string", "format": "date-time", "readOnly": true },
        },
    });
    let fields = json!({ "type": "object", "properties": { "title": { "type": "string", "minLength": 1 }, "size": { "type": "integer", "minimum": 0 } } });
    let body = |schema: &Value| json!({ "description": "", "content": { "application/json": { "schema": schema } } });
    let sent = json!({ "required": true, "content": { "application/json": { "schema": fields } } });
    let bounds = json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": LIMIT });
    let number = json!({ "type": "integer", "minimum": 0 });
    let page = json!({
        "type": "object", "required": ["items", "total"],
        "properties": { "items": { "type": "array", "items": task }, "total": { "type": "integer" } },
    });
    let missing = json!({ "description": "" });
    json!({
        "openapi": "3.1.0", "info": { "title": "Tasks", "version": "1" },
        "paths": {
            "/tasks": {
                "get": {
                    "operationId": "tasks",
                    "parameters": [
                        { "name": "limit", "in": "query", "schema": bounds },
                        { "name": "offset", "in": "query", "schema": number },
                    ],
                    "responses": { "200": body(&page) },
                    "x-pagination": {
                        "name": "tasks", "style": "offset", "items": "$.items", "key": "$.id",
                        "request": { "offset": { "in": "query", "name": "offset" }, "limit": { "in": "query", "name": "limit" } },
                        "totals": { "items": "$.total" },

                    },
                },
                "post": { "requestBody": sent, "responses": { "201": body(&task) } },
            },
            "/tasks/{id}": {
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
                "get": { "responses": { "200": body(&task), "404": missing } },
                "patch": { "requestBody": sent, "responses": { "200": body(&task), "404": missing } },
                "delete": { "responses": { "204": { "description": "" }, "404": missing } },
            },
        },
    })
    .to_string()
}

/// A scenario in which the list has its items.
fn scenario() -> String {
    json!({
        "owners": [{ "name": "ada", "token": "token-of-ada" }],
        "timelines": { "tasks": {
            "life": { "first": {}, "steps": [{}], "ends": {} }, "pace": { "every": "1s" },
            "jobs": [{ "owner": "ada", "events": ITEMS }],
        } },
    })
    .to_string()
}

/// A mock with the list.
struct Tasks {
    mock: Mock,
    now: Timestamp,
}

impl Tasks {
    fn new() -> Result<Self, String> {
        let said = |problem: Problem| problem.to_string();
        let document = Document::read(Source::new("tasks.json", document()), &[]).map_err(said)?;
        let scenario = Scenario::read(Source::new("tasks.yaml", scenario())).map_err(said)?;
        let now: Timestamp = "2026-01-05T09:00:00Z".parse().expect("a moment");
        let mock = Plan::of(&[document], scenario, 1, now).and_then(Mock::new);
        Ok(Self {
            mock: mock.map_err(said)?,
            now,
        })
    }

    fn ask(&self, request: &Request<Bytes>) -> Result<Bytes, String> {
        let answer = answer(&self.mock, request, self.now);
        let status = answer.status;
        let body = answer.into_bytes();
        if status.is_success() {
            return Ok(body);
        }
        let body = String::from_utf8_lossy(&body).into_owned();
        let (method, target) = (request.method(), request.uri());
        Err(format!("{method} {target}: status {status}: {body}"))
    }

    /// The keys of the items, of each block.
    fn keys(&self) -> Result<Vec<Vec<String>>, String> {
        let block = |block: u64| {
            let page = self.ask(&page(block * BLOCK, BLOCK))?;
            let page: Value = serde_json::from_slice(&page).map_err(|error| error.to_string())?;
            let items = page["items"].as_array().into_iter().flatten();
            let keys = items.filter_map(|item| item["id"].as_str().map(str::to_owned));
            Ok(keys.collect())
        };
        (0..BLOCKS).map(block).collect()
    }

    /// Makes the changes.
    fn change(&self, keys: &[Vec<String>]) -> Result<(), String> {
        // In an order that no tree likes more than another.
        let blocks = keys.len();
        for index in 0..blocks {
            let block = &keys[index * 7_919 % blocks];
            self.ask(&deletion(&block[0]))?;
            self.ask(&patch(&block[1]))?;
            self.ask(&creation())?;
        }
        Ok(())
    }

    /// Microseconds that each of some requests takes.
    fn time(&self, requests: &[Request<Bytes>]) -> Result<f64, String> {
        let start = Instant::now();
        for request in requests {
            self.ask(request)?;
        }
        let count = u32::try_from(requests.len().max(1)).unwrap_or(u32::MAX);
        Ok(start.elapsed().as_secs_f64() * 1e6 / f64::from(count))
    }
}

fn page(offset: u64, limit: u64) -> Request<Bytes> {
    asked(
        "GET",
        &format!("/tasks?offset={offset}&limit={limit}"),
        &Value::Null,
    )
}

fn reading(key: &str) -> Request<Bytes> {
    asked("GET", &format!("/tasks/{key}"), &Value::Null)
}

fn patch(key: &str) -> Request<Bytes> {
    let fields = json!({ "title": "Changed" });
    asked("PATCH", &format!("/tasks/{key}"), &fields)
}

fn deletion(key: &str) -> Request<Bytes> {
    asked("DELETE", &format!("/tasks/{key}"), &Value::Null)
}

fn creation() -> Request<Bytes> {
    asked("POST", "/tasks", &json!({ "title": "New", "size": 3 }))
}

fn asked(method: &str, target: &str, body: &Value) -> Request<Bytes> {
    let request = Request::builder()
        .method(method)
        .uri(target)
        .header("host", "127.0.0.1")
        .header("content-type", "application/json");
    let body = match body {
        Value::Null => Bytes::new(),
        body => body.to_string().into(),
    };
    request.body(body).expect("keys are texts of URLs")
}

/// Both lists in turns.
pub(super) fn report(bench: &Bench) -> Result<(), String> {
    let (few, many) = (Tasks::new()?, Tasks::new()?);
    let keys = many.keys()?;
    let before = process::resident(std::process::id())?;
    many.change(&keys)?;
    let after = process::resident(std::process::id())?;
    let each = after.now.saturating_sub(before.now) / CHANGES;
    println!("\n{ITEMS} computed items, {CHANGES} changes: {each} bytes of memory for each change");
    let turns = u64::from(bench.requests / 1_000).clamp(10, 100);
    for (part, first) in PARTS {
        let block = |turn: u64| &keys[usize::try_from(first + turn).unwrap_or_default()];
        let pages = |behind: fn(u64) -> u64| -> Vec<_> {
            let block = |turn: u64| page(behind(first + turn), LIMIT);
            (0..turns).map(block).collect()
        };
        // The same items, which have moved by one place for each deleted one.
        let both = [
            pages(|block| block * BLOCK + 2),
            pages(|block| block * (BLOCK - 1) + 1),
        ];
        let title = format!("a page of {LIMIT} {part}");
        in_turns(bench, &title, PAGE, |round, times| {
            for (index, tasks) in [&few, &many].into_iter().enumerate() {
                let time = tasks.time(&both[index])?;
                times[index].extend((round > 0).then_some(time));
            }
            Ok(())
        })?;
        let reads: Vec<_> = (0..turns).map(|turn| reading(&block(turn)[20])).collect();
        in_turns(bench, &format!("a read {part}"), ITEM, |round, times| {
            for (index, tasks) in [&few, &many].into_iter().enumerate() {
                let time = tasks.time(&reads)?;
                times[index].extend((round > 0).then_some(time));
            }
            Ok(())
        })?;
    }
    for (part, first) in PARTS {
        in_turns(
            bench,
            &format!("a deletion {part}"),
            ITEM,
            |round, times| {
                let blocks = first + u64::from(round) * turns..;
                let each = few_by_few(&few, &many, turns, blocks, |block| {
                    let keys = &keys[usize::try_from(block).unwrap_or_default() % keys.len()];
                    keys[2..]
                        .iter()
                        .take(usize::try_from(FEW).unwrap_or_default())
                        .map(|key| deletion(key))
                        .collect()
                })?;
                for (times, time) in times.iter_mut().zip(each) {
                    times.extend((round > 0).then_some(time));
                }
                Ok(())
            },
        )?;
    }
    in_turns(bench, "a creation", ITEM, |round, times| {
        let each = few_by_few(&few, &many, turns, 0.., |_| {
            (0..FEW).map(|_| creation()).collect()
        })?;
        for (times, time) in times.iter_mut().zip(each) {
            times.extend((round > 0).then_some(time));
        }
        Ok(())
    })
}

/// What a request takes on each list, of so many turns; the first list is reset before each.
fn few_by_few(
    few: &Tasks,
    many: &Tasks,
    turns: u64,
    blocks: impl Iterator<Item = u64>,
    requests: impl Fn(u64) -> Vec<Request<Bytes>>,
) -> Result<[f64; 2], String> {
    let (mut sums, mut count) = ([0.0; 2], 0.0);
    for (_, block) in (0..turns).zip(blocks) {
        let requests = requests(block);
        few.mock.reset();
        sums[0] += few.time(&requests)?;
        sums[1] += many.time(&requests)?;
        count += 1.0;
    }
    Ok(sums.map(|sum| sum / count))
}

/// Measures so many rounds, and prints how the two lists compare. The first round is not counted.
fn in_turns(
    bench: &Bench,
    title: &str,
    bar: f64,
    mut measure: impl FnMut(u32, &mut [Vec<f64>; 2]) -> Result<(), String>,
) -> Result<(), String> {
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..=bench.rounds {
        measure(round, &mut times)?;
    }
    let [few, many] = times;
    let rows = [("beside few changes", few), ("beside many changes", many)];
    table::print(&format!("{title}: µs"), &rows);
    let [few, many] = rows;
    table::bar(table::least(&many.1) / table::least(&few.1), bar);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_show_the_same_unchanged_items() {
        let (few, many) = (Tasks::new().unwrap(), Tasks::new().unwrap());
        let items = |tasks: &Tasks, offset| -> Value {
            let page = tasks.ask(&page(offset, LIMIT)).unwrap();
            serde_json::from_slice::<Value>(&page).unwrap()["items"].clone()
        };
        let first = items(&few, 0);
        for (index, key) in first.as_array().unwrap()[..2].iter().enumerate() {
            let key = key["id"].as_str().unwrap();
            let change = if index == 0 {
                deletion(key)
            } else {
                patch(key)
            };
            many.ask(&change).unwrap();
        }
        many.ask(&creation()).unwrap();
        assert_eq!(items(&many, 1), items(&few, 2));
        assert_eq!(items(&many, 0)[0]["title"], "Changed");
        many.ask(&reading(first[19]["id"].as_str().unwrap()))
            .unwrap();
    }
}

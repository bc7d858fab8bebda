//! The time from the start of the mock to its first answer, on made documents of two sizes.
//!
//! Work that grows with the square of the operations shows as a ratio of four; the bar is near to two.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::connection::Connection;
use super::process::cpu_seconds;
use super::table::{self, least};
use super::{Bench, made, start_made};
use crate::program::{Serving, target};

/// The numbers of paged operations that are compared.
const OPERATIONS: [usize; 2] = [1_000, 2_000];

/// The ratio that the larger document may take at most.
const RATIO: f64 = 2.3;

/// Starts the mock on each document in each round, in turns, and prints the CPU times and their ratio.
pub(super) fn report(bench: &Bench) -> Result<(), String> {
    let mut times: [Vec<f64>; 2] = Default::default();
    for _ in 0..bench.rounds {
        for (operations, times) in OPERATIONS.iter().zip(&mut times) {
            times.push(first_answer(*operations)?);
        }
    }
    println!("\nfrom start to the first answer, in seconds of CPU");
    let times = times.map(|times| least(&times));
    for (operations, time) in OPERATIONS.iter().zip(times) {
        println!("  {operations:>5} paged operations {time:>17.2}");
    }
    table::bar(times[1] / times[0], RATIO);
    Ok(())
}

/// Starts the mock on a large document in each round, and prints the CPU times until it listens, and from there to
/// its first answers.
pub(super) fn report_many_operations(bench: &Bench) -> Result<(), String> {
    const OPERATIONS: usize = 5_000;
    /// Seconds of CPU until it listens, and more of them for a first answer.
    const BARS: [f64; 2] = [0.3, 0.05];
    const LISTS: [&str; 2] = ["/v1/kind_777/things", "/v1/kind_778/things"];
    let text = made::many_operations(OPERATIONS);
    // The key of an item is the same at each start.
    let key = first_key(&start_made("many-operations", &text)?.url, LISTS[0])?;
    let targets = [
        format!("{}/{key}", LISTS[0]),
        format!("{}?limit=100", LISTS[1]),
    ];
    let mut times: [Vec<f64>; 3] = Default::default();
    for _ in 0..bench.rounds {
        let mock = start_made("many-operations", &text)?;
        let started = cpu_seconds(mock.id())?;
        let mut before = started;
        let mut asked = vec![started];
        for target in &targets {
            let answer = Connection::open(&mock.url, "").and_then(|mut one| one.count(target));
            answer.map_err(|error| format!("the mock of a large document: {error}"))?;
            let now = cpu_seconds(mock.id())?;
            asked.push(now - before);
            before = now;
        }
        times
            .iter_mut()
            .zip(asked)
            .for_each(|(times, time)| times.push(time));
    }
    #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
    let megabytes = text.len() as f64 / 1e6;
    println!("\n{OPERATIONS} operations, {megabytes:.1} MB of JSON, in seconds of CPU");
    let [start, answer, list] = times.map(|times| least(&times));
    for (name, time, bar) in [
        ("until it listens", start, BARS[0]),
        ("more until an answer", answer, BARS[1]),
        ("more until a list of 100", list, BARS[1]),
    ] {
        let verdict = if time <= bar { "under" } else { "OVER" };
        println!("  {name:<34} {time:>8.2}   {verdict} the bar of {bar:.2}");
    }
    Ok(())
}

/// The key of the first item of a list.
fn first_key(url: &str, list: &str) -> Result<String, String> {
    let mut body = Vec::new();
    Connection::open(url, "")
        .and_then(|mut connection| connection.get(list, &mut body))
        .map_err(|error| format!("the mock of a large document: {error}"))?;
    let page: Value = serde_json::from_slice(&body).map_err(|error| format!("{list}: {error}"))?;
    let key = page.pointer("/data/0/id").and_then(Value::as_str);
    key.map(str::to_owned)
        .ok_or_else(|| format!("{list} has no key at /data/0/id"))
}

fn first_answer(operations: usize) -> Result<f64, String> {
    let file = target("xtask")?.join(format!("made-{operations}.yaml"));
    fs::create_dir_all(target("xtask")?).map_err(|error| error.to_string())?;
    fs::write(&file, made(operations)).map_err(|error| error.to_string())?;
    let mut mock = Command::new(target("release")?.join("mock-server"));
    let options = ["--listen", "127.0.0.1:0", "--log", "off", "--no-watch"];
    let mock = Serving::start(mock.args(options).arg(file))?;
    let asked = Connection::open(&mock.url, "")
        .and_then(|mut connection| connection.count(&format!("/lists/{}?limit=3", operations - 1)));
    asked.map_err(|error| format!("the mock of a made document: {error}"))?;
    cpu_seconds(mock.id())
}

/// A document with so many paged operations, each with schemas of its own.
fn made(operations: usize) -> String {
    let mut text = "openapi: 3.1.0\ninfo: { title: Made, version: '1' }\npaths:\n".to_owned();
    for number in 0..operations {
        text += &PATH.replace("NUMBER", &number.to_string());
    }
    text += "components:\n  schemas:\n";
    for number in 0..operations {
        text += &SCHEMAS.replace("NUMBER", &number.to_string());
    }
    text
}

const PATH: &str = "  /lists/NUMBER:
    get:
      operationId: listNUMBER
      parameters:
        - { name: after, in: query, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 10 } }
      responses:
        '200': { description: A page, content: { application/json: { schema: { $ref: '#/components/schemas/PageNUMBER' } } } }
        '422': { description: Wrong, content: { application/json: { schema: { required: [code], properties: { code: { type: integer } } } } } }
      x-pagination:
        style: cursor
        items: $.data
        key: $.id
        request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }
        next: { cursor: '$.data[-1:].id', more: $.more }
        lifecycle: { at: $.kind, first: [begun], terminal: [done] }
";

const SCHEMAS: &str = "    ItemNUMBER: { type: object, required: [id, kind], properties: { id: { type: string }, kind: { type: string, enum: [begun, moved, done] } } }
    PageNUMBER: { type: object, required: [data, more], properties: { data: { type: array, items: { $ref: '#/components/schemas/ItemNUMBER' } }, more: { type: boolean } } }
";

#[cfg(test)]
mod tests {
    use openapi::{Document, Source};

    use super::made;

    #[test]
    fn each_operation_of_a_made_document_pages() {
        let source = Source::new("made.yaml", made(3));
        let document = Document::read(source, &[]).unwrap();
        assert_eq!(document.contracts().unwrap().len(), 3);
        assert!(document.warnings().is_empty(), "{:?}", document.warnings());
    }
}

//! Bodies that are a sequence of values: lines of JSON, JSON text sequences, and server-sent events.

use serde_json::Value;

use super::text;

const EVENTS: &str = "text/event-stream";
const SEQUENCE: &str = "application/json-seq";
const LINES: [&str; 5] = [
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonlines",
    "application/x-json-stream",
];

/// The fields of a server-sent event.
const FIELDS: [&str; 4] = ["event", "id", "retry", "data"];

/// Whether a body of this media type is a sequence of values.
pub(crate) fn is_stream(media_type: &str) -> bool {
    media_type == EVENTS
        || media_type == SEQUENCE
        || media_type.ends_with("+json-seq")
        || LINES.contains(&media_type)
}

/// `items` as a body of `media_type`.
pub(super) fn write(media_type: &str, items: &[Value]) -> String {
    if media_type == EVENTS {
        return items.iter().map(event).collect();
    }
    let mark = if media_type.ends_with("json-seq") {
        "\u{1e}"
    } else {
        ""
    };
    items.iter().map(|item| format!("{mark}{item}\n")).collect()
}

/// A server-sent event. An object with `data` has the fields of an event; any other value is the data.
fn event(item: &Value) -> String {
    let is_event = item.get("data").is_some()
        && item
            .as_object()
            .is_some_and(|fields| fields.keys().all(|name| FIELDS.contains(&name.as_str())));
    if !is_event {
        return field("data", item) + "\n";
    }
    let fields = FIELDS
        .iter()
        .filter_map(|name| Some(field(name, item.get(*name)?)));
    fields.collect::<String>() + "\n"
}

/// A field with a line for each line of its text.
fn field(name: &str, value: &Value) -> String {
    let text = text(value);
    text.split('\n')
        .map(|line| format!("{name}: {}\n", line.trim_end_matches('\r')))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_item_is_a_line_a_text_or_an_event() {
        let items = [json!({ "a": 1 }), json!("x\ny")];
        assert_eq!(
            write("application/x-ndjson", &items),
            "{\"a\":1}\n\"x\\ny\"\n"
        );
        assert_eq!(
            write("application/json-seq", &items[..1]),
            "\u{1e}{\"a\":1}\n"
        );
        assert_eq!(
            write("text/event-stream", &items),
            "data: {\"a\":1}\n\ndata: x\ndata: y\n\n"
        );
        let event = json!({ "data": "x", "event": "tick", "id": 7 });
        assert_eq!(
            write("text/event-stream", &[event]),
            "event: tick\nid: 7\ndata: x\n\n"
        );
    }
}

//! `x-speakeasy-pagination`: its type, the inputs by their roles, and places in the answer.

use serde_json::Value;

use super::{Said, place};
use crate::join;
use crate::paging::infer::Look;

const NAME: &str = "x-speakeasy-pagination";

pub(super) fn read(look: &Look<'_>) -> Option<Said> {
    let value = look.document.at(&join(&look.operation.pointer, NAME))?;
    let output = |name: &str| place(value.get("outputs")?.get(name)?.as_str()?);
    let mut said = Said {
        by: NAME,
        items: output("results"),
        next_cursor: output("nextCursor"),
        next_url: output("nextUrl"),
        pages: output("numPages"),
        ..Said::default()
    };
    let inputs = value.get("inputs").and_then(Value::as_array);
    for input in inputs.into_iter().flatten() {
        let text = |key: &str| input.get(key).and_then(Value::as_str);
        let Some(name) = text("name") else { continue };
        let is_in_body = text("in") == Some("requestBody");
        let name = if is_in_body {
            format!("/{}", name.replace('.', "/"))
        } else {
            name.to_owned()
        };
        match text("type") {
            Some("cursor") => said.cursor = Some(name),
            Some("offset") => said.offset = Some(name),
            Some("page") => said.page = Some(name),
            Some("limit") => said.limit = Some(name),
            _ => {}
        }
    }
    Some(said)
}

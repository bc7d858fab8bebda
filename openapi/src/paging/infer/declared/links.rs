//! `links` of the answer that lead to the same operation again (OpenAPI 3.1, 4.8.20).

use serde_json::Value;

use super::Said;
use crate::paging::infer::Look;
use crate::{Selector, Step, join, tokens};

pub(super) fn read(look: &Look<'_>) -> Option<Said> {
    let response = look.operation.response(200)?;
    let links = look
        .document
        .at(&join(&response.pointer, "links"))?
        .as_object()?;
    links.values().find_map(|link| {
        let is_own = link.get("operationId").and_then(Value::as_str) == Some(&look.operation.id);
        let parameters = link.get("parameters")?.as_object().filter(|_| is_own)?;
        parameters.iter().find_map(|(name, value)| {
            let pointer = value.as_str()?.strip_prefix("$response.body#")?;
            let steps = tokens(pointer).into_iter().map(Step::Name);
            let name = name.strip_prefix("query.").unwrap_or(name);
            Some(Said {
                by: "links",
                cursor: Some(name.to_owned()),
                next_cursor: Some(Selector::default().then(&steps.collect::<Vec<_>>())),
                ..Said::default()
            })
        })
    })
}

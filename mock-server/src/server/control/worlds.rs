//! The worlds beside the usual one.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Call, Control, Refused, json_answer};
use crate::answer::Answer;
use crate::server::worlds::FOLDER;

/// The worlds that were named so far, and how many there may be: 0 if requests cannot name any.
pub(super) fn list(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let worlds = control.worlds.as_ref();
    let names = worlds.map(|worlds| worlds.names()).unwrap_or_default();
    let shown = names.into_iter().map(|name| {
        let path = format!("{FOLDER}{name}");
        json!({ "name": name, "path": path })
    });
    let most = worlds.map_or(0, |worlds| worlds.most());
    let body = json!({ "worlds": shown.collect::<Vec<Value>>(), "most": most });
    Ok(json_answer(StatusCode::OK, &body))
}

//! The facts that a web page needs to send requests as a client: tokens, and how each operation pages.
//!
//! All of them are read from the contract, so the page knows no parameter and no field by name.

use fixtures::{ARTIFACTS, Caller, Wanted};
use http::StatusCode;
use openapi::{Contract, Document, Schema};
use serde_json::{Value, json};

use super::{Call, Control, Refused, json_answer, resources};
use crate::answer::Answer;

pub(super) fn owners(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let owners = control.mock.world().owners();
    let owners: Vec<_> = owners
        .map(|(name, token)| json!({ "name": name, "token": token }))
        .collect();
    Ok(json_answer(StatusCode::OK, &json!({ "owners": owners })))
}

pub(super) fn list(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let documents: Vec<_> = control.mock.contracts().map(described).collect();
    let served = control.mock.documents().iter();
    let served: Vec<_> = served.map(Document::name).collect();
    let body = json!({ "documents": documents, "pictures": ARTIFACTS, "served": served });
    Ok(json_answer(StatusCode::OK, &body))
}

/// The document as it is served, with its overlays applied.
pub(super) fn document(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let name = call.capture("name");
    let mut documents = control.mock.documents().iter();
    let named = documents.find(|document| document.name() == name);
    let whole = named.and_then(|document| document.at("#"));
    let whole = whole.ok_or_else(|| {
        let message = format!("no document is named `{name}`");
        let cure = "see /__mock/documents for all names";
        Refused(StatusCode::NOT_FOUND, message, cure)
    })?;
    Ok(json_answer(StatusCode::OK, whole))
}

/// The cursor after so many events. It saves a walk to the end of a long timeline.
pub(super) fn cursor(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let missing = |message: &str| {
        let cure = "see /__mock/jobs for all jobs";
        Refused(StatusCode::NOT_FOUND, message.to_owned(), cure)
    };
    let query = call.plain_query();
    let behind = query.strip_prefix("behind=");
    let behind: u64 = behind.and_then(|text| text.parse().ok()).ok_or_else(|| {
        let message = format!("`{query}` is not a number of events");
        let cure = "send `behind=100` for the cursor after the first hundred events";
        Refused(StatusCode::BAD_REQUEST, message, cure)
    })?;
    let route = control.mock.named(call.capture("timeline"));
    let route = route.ok_or_else(|| missing("no document has timelines of this name"))?;
    let now = control.clock.now();
    let key = control.mock.key(route, &call.resource());
    let key = key.map_err(resources::refused)?;
    let wanted = Wanted::Key(&key);
    let timeline = control.mock.see(route, Caller::Anyone, wanted, now);
    let timeline = timeline.map_err(|_| missing("the job does not exist"))?;
    let behind = behind.min(timeline.len());
    let contract = &route.contract;
    let limit = contract.limit_bounds().and_then(|bounds| bounds.default);
    let at = timeline.position(contract, behind, limit);
    let written = at.and_then(|at| contract.paging().write(&at));
    let cursor = written.and_then(|texts| texts.into_iter().next());
    let cursor = cursor.map(|(_, text)| text);
    let body = json!({ "behind": behind, "cursor": cursor });
    Ok(json_answer(StatusCode::OK, &body))
}

fn described(contract: &Contract) -> Value {
    let (operation, paging) = (contract.operation(), contract.pagination());
    let document = contract.document();
    let cursor = contract.paging().place();
    let cursor =
        json!({ "in": cursor.location, "name": cursor.name, "type": kind(&cursor.schema) });
    let limit = contract.limit().map(|limit| {
        let bounds = contract.limit_bounds().unwrap_or_default();
        json!({
            "in": limit.location,
            "name": limit.name,
            "type": kind(&limit.schema),
            "minimum": bounds.minimum,
            "maximum": bounds.maximum,
            "default": bounds.default,
        })
    });
    let life = paging.lifecycle.as_ref();
    json!({
        "name": contract.name(),
        "document": document.name(),
        "title": title(document),
        "summary": operation.summary,
        "method": operation.method,
        "path": operation.path.to_string(),
        "parent": contract.parent().map(|parent| &parent.name),
        "cursor": cursor,
        "limit": limit,
        "items": paging.items.list,
        "key": paging.key,
        "next": paging.next.cursor,
        "link": paging.next.link,
        "more": paging.next.more,
        "type": life.map(|life| &life.at),
        "terminal": life.map_or(&[][..], |life| &life.terminal),
        "time": time(&contract.item()),
        "form": contract.paging().body_is_form(),
        "credentials": credentials(contract),
    })
}

/// The type of a parameter's values: JSON bodies tell a number from a text.
fn kind(schema: &Schema) -> &'static str {
    let mut types = schema.types().into_iter();
    types.find(|one| *one != "null").unwrap_or("string")
}

fn title(document: &Document) -> &str {
    let title = document.at("#/info/title").and_then(Value::as_str);
    title.unwrap_or_else(|| document.name())
}

/// The first property of an item that is a date and time, as a JSONPath.
fn time(item: &Schema) -> Option<String> {
    let is_moment = |schema: &Schema| {
        let format = schema.keyword("format").and_then(Value::as_str);
        format == Some("date-time")
    };
    let names = item.properties().into_iter();
    let mut moments = names.filter(|name| {
        item.property(name).is_some_and(|schema| {
            let branches = ["anyOf", "oneOf", "allOf"].map(|list| schema.branches(list));
            is_moment(&schema) || branches.iter().flatten().any(is_moment)
        })
    });
    moments.next().map(|name| format!("$['{name}']"))
}

/// The credentials of the first alternative: a place, a name and a text with `{token}` for each scheme.
fn credentials(contract: &Contract) -> Vec<Value> {
    let schemes = contract.operation().signing();
    let shown = schemes.into_iter().map(|scheme| {
        let (location, name) = scheme.place();
        json!({ "in": location, "name": name, "text": scheme.text("{token}") })
    });
    shown.collect()
}

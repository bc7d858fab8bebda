//! A `Range` header, or a parameter `range`, that asks for items by their places, where the answer says which items it
//! has; or a `Range` header that asks for them by their keys, where the answer has the next one in `Next-Range`.

use serde_json::Value;

use super::super::{Certainty, Proposal};
use super::Look;
use crate::{Location, Parameter, Response, Site, Style};

pub(super) fn propose(look: &Look<'_>) -> Option<Proposal> {
    let named = |name: &str| {
        let mut parameters = look.operation.parameters.iter();
        parameters.find(|one| match one.location {
            Location::Header => one.name.eq_ignore_ascii_case(name),
            Location::Query => one.name == name && one.takes("string"),
            _ => false,
        })
    };
    let range = named("range")?;
    let answers = [200, 206].into_iter();
    let answers: Vec<_> = answers
        .filter_map(|status| look.operation.response(status))
        .collect();
    if let Some(next) = answers.iter().find_map(|one| header(one, "next-range"))
        && range.location == Location::Header
    {
        return by_keys(look, range, next);
    }
    let said = answers.iter().find_map(|one| header(one, "content-range"));
    let declares = |status: &str| look.operation.statuses().any(|one| one == status);
    if said.is_none() && !declares("206") && !declares("416") {
        return None;
    }
    let accepted = answers.iter().find_map(|one| header(one, "accept-ranges"));
    // Some servers have the unit in a header of its own, and write ranges without it.
    let unit = match named("range-unit") {
        Some(_) => Some(String::new()),
        None => unit(look, range).or_else(|| accepted.and_then(|one| word(look, one))),
    };
    // Places of bytes are parts of a file.
    if unit.as_deref() == Some("bytes") {
        return None;
    }
    let items = look.items(None)?;
    let mut proposal = Proposal::new(look, Style::Range, &items).without_limit();
    let is_known = unit.is_some();
    proposal.pagination.range.unit = unit.unwrap_or_else(|| proposal.pagination.range.unit.clone());
    let name = range.name.clone();
    proposal.pagination.request.range = Some(match range.location {
        Location::Query => Site::Query { name },
        _ => Site::Header { name },
    });
    proposal.because(
        "style",
        format!("`{}` asks for items by their places", range.name),
    );
    let counts = |header: &&Parameter| texts(look, header).iter().any(|text| has_total(text));
    if let Some(said) = said.filter(counts) {
        let why = format!("`{}` shows the number of all items", said.name);
        proposal.pagination.totals.header = Some(said.name.clone());
        proposal.pagination.totals.items = None;
        proposal.because("totals/header", why);
    }
    Some(if is_known {
        proposal
    } else {
        proposal.at_most(Certainty::Likely)
    })
}

/// A range that begins at a key, and has a limit: `id ]k7..; max=10`. A header holds the range of the next page.
fn by_keys(look: &Look<'_>, range: &Parameter, next: &Parameter) -> Option<Proposal> {
    let items = look.items(None)?;
    let (key, _) = items.key.as_ref()?;
    let mut proposal = Proposal::new(look, Style::Cursor, &items).without_limit();
    let site = Site::Header {
        name: range.name.clone(),
    };
    proposal.pagination.request.cursor = Some(site.clone());
    proposal.pagination.request.limit = Some(site);
    proposal.pagination.next.header = Some(next.name.clone());
    let (range, next) = (&range.name, &next.name);
    proposal.because(
        "style",
        format!("`{range}` begins at a `{key}`, and has a limit"),
    );
    proposal.because(
        "next/header",
        format!("an answer declares the header `{next}`"),
    );
    let is_own = key.steps().len() == 1;
    Some(if is_own {
        proposal
    } else {
        proposal.at_most(Certainty::Likely)
    })
}

fn header<'r>(response: &'r Response, name: &str) -> Option<&'r Parameter> {
    let mut headers = response.headers.iter();
    headers.find(|one| one.name.eq_ignore_ascii_case(name))
}

/// What the document shows of a parameter or a header: defaults, examples, patterns, and its description.
fn texts(look: &Look<'_>, parameter: &Parameter) -> Vec<String> {
    let mut texts = Vec::new();
    let mut take = |value: Option<&Value>| match value {
        Some(Value::String(text)) => texts.push(text.clone()),
        Some(Value::Array(list)) => {
            texts.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        Some(Value::Object(named)) => {
            let values = named.values().filter_map(|one| one.get("value")?.as_str());
            texts.extend(values.map(str::to_owned));
        }
        _ => {}
    };
    for key in [
        "default",
        "example",
        "examples",
        "const",
        "enum",
        "pattern",
        "description",
    ] {
        take(parameter.schema.keyword(key));
        take(look.document.at(&crate::join(&parameter.pointer, key)));
    }
    texts
}

/// The unit of a range that the document shows: `items` of `items=0-24` or `^items=\d+-\d+$`, or none of `0-24`.
fn unit(look: &Look<'_>, range: &Parameter) -> Option<String> {
    let texts = texts(look, range);
    let shown = texts.iter().find_map(|text| {
        let mut parts = text.split('=');
        let mut before = parts.next()?;
        for after in parts {
            let is_place =
                after.starts_with(|first: char| first.is_ascii_digit() || "\\[<({".contains(first));
            let is_letter = |one: char| one.is_ascii_alphanumeric() || one == '-' || one == '_';
            let start = before
                .rfind(|one| !is_letter(one))
                .map_or(0, |place| place + 1);
            let word = before.get(start..).unwrap_or_default();
            if is_place && !word.is_empty() {
                return Some(word.to_owned());
            }
            before = after;
        }
        None
    });
    let is_bare =
        |text: &String| crate::range::Range::of(text).is_some_and(|one| one.unit.is_empty());
    shown.or_else(|| texts.iter().any(is_bare).then(String::new))
}

/// The only word that a header is shown to have.
fn word(look: &Look<'_>, header: &Parameter) -> Option<String> {
    let is_word =
        |text: &String| !text.is_empty() && text.bytes().all(|one| one.is_ascii_lowercase());
    texts(look, header).into_iter().find(is_word)
}

/// Whether a text shows a number behind a slash, as in `items 0-24/120`.
fn has_total(text: &str) -> bool {
    let mut behind = text.split('/').skip(1);
    behind.any(|after| after.starts_with(|first: char| first.is_ascii_digit()))
}

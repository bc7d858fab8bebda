//! The subject file of this mock: its callers, timelines and hooks, for a judge.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use fixtures::ResourceCard;
use jiff::Timestamp;
use openapi::{Contract, path_segment};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::mock::Mock;

/// The longest timeline that is listed if every answer holds the whole timeline.
const LONGEST_WHOLE: u64 = 1_000;

/// The most resources of one owner with the same note that are listed. More of them show nothing new.
const ALIKE: usize = 6;

/// The subject file, YAML.
///
/// Lists that may page in another way are left out unless `with_doubtful` is true, because a judge does not take them
/// for lists.
pub(crate) fn file(mock: &Mock, now: Timestamp, with_doubtful: bool) -> String {
    let mut out = "# The callers, timelines and hooks of this mock, as they are now.\n\
                   # Methods that the document does not declare change nothing here.\n\
                   unsafe-methods: allow\ncallers:\n"
        .to_owned();
    for (owner, token) in mock.world().owners() {
        let _ = writeln!(out, "  {}: {{ token: {} }}", quoted(owner), quoted(token));
    }
    let resources = mock.resources(now);
    let contracts = || {
        let contracts = mock.contracts();
        contracts.filter(|one| with_doubtful || !one.is_doubtful())
    };
    if contracts().next().is_none() {
        out.push_str("timelines: {}\n");
        return out;
    }
    out.push_str("timelines:\n");
    for contract in contracts() {
        let name = contract.name();
        let _ = writeln!(out, "  {}:", quoted(&name));
        let whole = contract.limit().is_none();
        let still = !resources
            .iter()
            .any(|one| one.contract == name && one.grows);
        let mut paths = HashSet::new();
        let anyone = is_for_anyone(contract);
        // Without credentials, requests of two owners for one path are the same request.
        let own = resources
            .iter()
            .filter(|one| one.contract == name && (!anyone || paths.insert(&one.path)));
        let (quick, long): (Vec<_>, Vec<_>) =
            own.partition(|one| !whole || one.events <= LONGEST_WHOLE);
        let parameters = parameters(contract);
        if !parameters.is_empty() {
            let _ = writeln!(out, "    parameters: {{ {parameters} }}\n    resources:");
        }
        if quick.is_empty() {
            out.push_str("      []\n");
        }
        let mut alike: HashMap<(&str, &str), usize> = HashMap::new();
        let mut left_out = 0;
        for one in quick {
            let count = alike.entry((&one.owner, &one.note)).or_default();
            *count += 1;
            if *count > ALIKE {
                left_out += 1;
                continue;
            }
            // If no resource grows by itself, the judge appends to those that have not ended.
            let by_hook = still && !one.ended && one.events > 0;
            let length = if one.grows || by_hook {
                "grows: true".to_owned()
            } else {
                format!("events: {}", one.events)
            };
            let (place, owner) = (place(contract, one), quoted(&one.owner));
            let _ = writeln!(out, "    - {{ {place}, owner: {owner}, {length} }}");
        }
        if left_out > 0 {
            let _ = writeln!(
                out,
                "    # {left_out} jobs are left out, because others are like them."
            );
        }
        for one in long {
            let (id, events) = (&one.id, one.events);
            let _ = writeln!(
                out,
                "    # {id} is left out, because every answer would hold its {events} events."
            );
        }
    }
    out.push_str("hooks:\n");
    for contract in contracts() {
        hooks(&mut out, contract);
    }
    out
}

/// Whether requests need no credentials.
fn is_for_anyone(contract: &Contract) -> bool {
    let security = &contract.operation().security;
    security.is_empty() || security.iter().any(Vec::is_empty)
}

/// The id of a resource, or all values of a path that has several parameters.
fn place(contract: &Contract, one: &ResourceCard) -> String {
    let id = format!("id: {}", quoted(&one.id));
    if contract.parent().is_some() && one.path.len() == 1 || one.path.is_empty() {
        return id;
    }
    let values = one.path.iter();
    let values: Vec<_> = values
        .map(|(name, value)| format!("{}: {}", quoted(name), quoted(value)))
        .collect();
    let path = format!("path: {{ {} }}", values.join(", "));
    if contract.parent().is_some() {
        path
    } else {
        format!("{id}, {path}")
    }
}

/// The required parameters that say nothing about paging, each with a sample.
fn parameters(contract: &Contract) -> String {
    let needed = contract.needed().filter(|one| contract.role(one).is_none());
    let pairs = needed.filter_map(|one| {
        let (value, _) = one.sample_value()?;
        let text = match value {
            // Before values had types here, all were texts.
            Value::Number(_) | Value::Bool(_) => quoted(&value.to_string()),
            other => other.to_string(),
        };
        Some(format!("{}: {text}", quoted(&one.name)))
    });
    pairs.collect::<Vec<_>>().join(", ")
}

fn hooks(out: &mut String, contract: &Contract) {
    let name = contract.name();
    let segment = path_segment(&name);
    let events = format!("/__mock/jobs/{segment}/{{id}}/events");
    let others = others(contract);
    let hide = format!("{events}?visibility=hidden{others}");
    let events = match others.strip_prefix('&') {
        Some(others) => format!("{events}?{others}"),
        None => events,
    };
    let _ = writeln!(out, "  {}:", quoted(&name));
    let _ = writeln!(out, "    append: {{ url: {} }}", quoted(&events));
    let body = quoted("{\"note\": \"{mark}\"}");
    let _ = writeln!(out, "    hide: {{ url: {}, body: {body} }}", quoted(&hide));
    out.push_str("    reads: { url: /__mock/reads, count: /reads }\n    open: true\n");
}

/// The query that names the path values besides the id; each begins with `&`.
fn others(contract: &Contract) -> String {
    let Some(parent) = contract.parent() else {
        return String::new();
    };
    let names = contract.operation().path.parameters();
    let others = names.filter(|name| *name != parent.name);
    let pairs = others.map(|name| {
        let key = utf8_percent_encode(&format!("path[{name}]"), NON_ALPHANUMERIC).to_string();
        format!("&{key}={{{name}}}")
    });
    pairs.collect()
}

/// A text in YAML. A JSON string is valid YAML.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

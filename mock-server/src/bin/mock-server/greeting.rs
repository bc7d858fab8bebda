//! The greeting: the mock's address, its resources and tokens, and three commands that work.

use std::fmt::Write as _;

use fixtures::{Caller, ResourceCard, Wanted};
use jiff::Timestamp;
use mock_server::Mock;
use openapi::{Contract, Document, OAuthKind, Parameter};

use crate::curl::Curl;

/// The greeting. Its first line is for programs: `listening on http://127.0.0.1:4010`.
pub(crate) fn greeting(mock: &Mock, base: &str, has_console: bool, now: Timestamp) -> String {
    let mut out = format!("listening on {base}\n");
    if has_console {
        let _ = writeln!(out, "console at {base}/__mock/");
    }
    for contract in shown(mock) {
        let operation = contract.operation();
        let name = contract.name();
        let below = mock.base_path(contract.document(), operation);
        let (method, path) = (&operation.method, &operation.path);
        let _ = writeln!(out, "\n{name}: {method} {below}{path}");
        // The start does not wait for lists that are made up when they are first read.
        if contract.reasons().is_empty() {
            table(&mut out, &mock.resources_of(contract, now));
        }
    }
    let assumed = mock.contracts().filter(|one| !one.reasons().is_empty());
    match assumed.count().saturating_sub(ASSUMED) {
        0 => {}
        more => {
            let _ = writeln!(out, "\nand {more} more lists");
        }
    }
    let operations = mock.documents().iter().flat_map(Document::operations);
    let others = operations.count() - mock.contracts().count();
    let others_are_served = others > 0;
    match (others, mock.contracts().count()) {
        (0, 0) => out.push_str("\nthe documents have no operations\n"),
        (0, _) => {}
        (others, 0) => {
            let _ = writeln!(out, "\n{others} operations");
        }
        (others, _) => {
            let _ = writeln!(out, "\nand {others} more operations");
        }
    }
    for (kind, path) in mock.oauth_endpoints() {
        let what = match kind {
            OAuthKind::Token => "tokens of OAuth 2: POST",
            OAuthKind::Authorization => "codes of OAuth 2: GET",
            OAuthKind::Discovery => "discovery of OpenID Connect: GET",
            OAuthKind::Keys => continue,
        };
        let _ = writeln!(out, "\n{what} {base}{path}");
    }
    let _ = writeln!(out, "\ntokens");
    for (owner, token) in mock.world().owners() {
        let _ = writeln!(out, "  {owner:<8} {token}");
    }
    let declared = mock.contracts().filter(|one| one.reasons().is_empty());
    let commands = declared.flat_map(|contract| commands(mock, contract, base, now));
    let is_small = mock.operations().nth(FEW).is_none();
    let others = mock
        .operations()
        .filter(|one| !one.is_declared_list() && (is_small || one.operation().method == "GET"));
    let others = others.filter_map(|one| Some(one.request(now)?.curl(base)));
    let commands: Vec<_> = commands.chain(others).take(3).collect();
    if !commands.is_empty() {
        let _ = writeln!(out, "\ntry");
    }
    for command in commands {
        let _ = writeln!(out, "  {command}");
    }
    if has_console && others_are_served {
        let _ = writeln!(
            out,
            "\nall operations, each with a URL, at {base}/__mock/operations"
        );
    }
    out.push('\n');
    out
}

/// Up to this number of operations, the greeting shows commands for all methods. Else it shows only GET.
const FEW: usize = 3;

/// How many lists are shown of those that are only assumed to page.
const ASSUMED: usize = 3;

/// The contracts that are shown: all that documents declare, and a few that are assumed.
fn shown(mock: &Mock) -> impl Iterator<Item = &Contract> {
    let declared = mock.contracts().filter(|one| one.reasons().is_empty());
    let assumed = mock.contracts().filter(|one| !one.reasons().is_empty());
    declared.chain(assumed.take(ASSUMED))
}

fn table(out: &mut String, resources: &[ResourceCard]) {
    let width = |text: &dyn Fn(&ResourceCard) -> usize| resources.iter().map(text).max();
    let id = width(&|one| name(one).len()).unwrap_or_default();
    let owner = width(&|one| one.owner.len()).unwrap_or_default();
    for resource in resources {
        let ResourceCard { events, note, .. } = resource;
        let name = name(resource);
        let grows = if resource.grows { "+" } else { " " };
        let line = format!(
            "  {name:<id$}  {:<owner$}  {events:>9}{grows} {note}",
            resource.owner
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// The path values that tell a resource from the others.
fn name(resource: &ResourceCard) -> String {
    resource.key.join("/")
}

/// Commands for the first page of an operation and the page after it.
fn commands(mock: &Mock, contract: &Contract, base: &str, now: Timestamp) -> Vec<String> {
    let resources = mock.resources_of(contract, now);
    let Some(resource) = resources.iter().find(|one| one.events > 4) else {
        return Vec::new();
    };
    let Some(timeline) = mock.timeline(contract, Caller::Anyone, Wanted::Key(&resource.key), now)
    else {
        return Vec::new();
    };
    let token = mock
        .world()
        .owners()
        .find(|(name, _)| *name == resource.owner)
        .map_or("", |(_, token)| token);
    let path = contract.operation().path.expand(|name| {
        let mut values = resource.path.iter();
        let value = values.find(|(known, _)| **known == *name);
        value.map_or_else(String::new, |(_, value)| value.clone())
    });
    let below = mock.base_path(contract.document(), contract.operation());
    let Some(plain) = Curl::new(contract, format!("{base}{below}{path}"), token) else {
        return Vec::new();
    };
    let limited = |curl: Curl| match contract.limit() {
        Some(limit) => curl.with(limit, "2"),
        None => curl,
    };
    let at = timeline.position(contract, 2, Some(2));
    let written = at.and_then(|at| contract.paging().write(&at));
    let second = written.map(|written| {
        let with = |curl: Curl, (place, text): (&Parameter, String)| curl.with(place, &text);
        limited(written.into_iter().fold(plain.clone(), with))
    });
    let first = limited(plain);
    let mut lines = vec![first.line()];
    if contract.limit().is_some() {
        lines.extend(second.map(|second| second.line()));
    } else if let Some(second) = second {
        lines = vec![second.line()];
    }
    lines
}

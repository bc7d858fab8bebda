//! The greeting: the mock's address, its resources and tokens, and three commands that work.

use std::fmt::Write as _;

use fixtures::{Caller, ResourceCard, Wanted};
use jiff::Timestamp;
use mock_server::Mock;
use openapi::{Contract, Location, Scheme};

/// The greeting. Its first line is for programs: `listening on http://127.0.0.1:4010`.
pub(crate) fn greeting(mock: &Mock, base: &str, has_console: bool, now: Timestamp) -> String {
    let mut out = format!("listening on {base}\n");
    if has_console {
        let _ = writeln!(out, "console at {base}/__mock/");
    }
    let jobs = mock.world().resources(now);
    for contract in mock.contracts() {
        let operation = contract.operation();
        let name = contract.name();
        let _ = writeln!(out, "\n{name}: {} {}", operation.method, operation.path);
        let own: Vec<_> = jobs.iter().filter(|job| job.contract == name).collect();
        table(&mut out, &own);
    }
    let _ = writeln!(out, "\ntokens");
    for (owner, token) in mock.world().owners() {
        let _ = writeln!(out, "  {owner:<8} {token}");
    }
    let _ = writeln!(out, "\ntry");
    let commands = mock
        .contracts()
        .flat_map(|contract| commands(mock, contract, &jobs, base, now));
    for command in commands.take(3) {
        let _ = writeln!(out, "  {command}");
    }
    out.push('\n');
    out
}

fn table(out: &mut String, jobs: &[&ResourceCard]) {
    let width = |text: &dyn Fn(&ResourceCard) -> usize| jobs.iter().map(|job| text(job)).max();
    let id = width(&|job| name(job).len()).unwrap_or_default();
    let owner = width(&|job| job.owner.len()).unwrap_or_default();
    for job in jobs {
        let ResourceCard { events, note, .. } = job;
        let name = name(job);
        let grows = if job.grows { "+" } else { " " };
        let line = format!(
            "  {name:<id$}  {:<owner$}  {events:>9}{grows} {note}",
            job.owner
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// The path values that tell a resource from the others.
fn name(job: &ResourceCard) -> String {
    job.key.join("/")
}

/// Commands for the first page of an operation and the page after it.
fn commands(
    mock: &Mock,
    contract: &Contract,
    jobs: &[ResourceCard],
    base: &str,
    now: Timestamp,
) -> Vec<String> {
    let name = contract.name();
    let long_enough = |job: &&ResourceCard| job.contract == name && job.events > 4;
    let Some(job) = jobs.iter().find(long_enough) else {
        return Vec::new();
    };
    let Some(timeline) = mock.timeline(contract, Caller::Anyone, Wanted::Key(&job.key), now) else {
        return Vec::new();
    };
    let token = mock
        .world()
        .owners()
        .find(|(name, _)| *name == job.owner)
        .map_or("", |(_, token)| token);
    let path = contract.operation().path.expand(|name| {
        let mut values = job.path.iter();
        let value = values.find(|(known, _)| **known == *name);
        value.map_or_else(String::new, |(_, value)| value.clone())
    });
    let limit = contract.limit().map(|limit| format!("{}=2", limit.name));
    let at = timeline.position(contract, 2, Some(2));
    let written = at.and_then(|at| contract.paging().write(&at));
    let written = written.into_iter().flatten();
    let mut places = written.filter(|(place, _)| place.location == Location::Query);
    let place = places
        .next()
        .map(|(place, text)| format!("{}={text}", place.name));
    let queries = match (limit, place) {
        (Some(limit), Some(place)) => vec![limit.clone(), format!("{place}&{limit}")],
        (limit, place) => vec![place.or(limit).unwrap_or_default()],
    };
    queries
        .into_iter()
        .map(|query| {
            let mark = if query.is_empty() { "" } else { "?" };
            let credentials = credentials(contract, token);
            format!("curl{credentials} '{base}{path}{mark}{query}'")
        })
        .collect()
}

fn credentials(contract: &Contract, token: &str) -> String {
    let scheme = contract.operation().security.iter().flatten().next();
    match scheme {
        None => String::new(),
        Some(Scheme::ApiKey(Location::Header, name)) => format!(" -H '{name}: {token}'"),
        Some(Scheme::ApiKey(_, name)) => format!(" -b '{name}={token}'"),
        Some(Scheme::Http(name)) if name != "bearer" => {
            format!(" -H 'Authorization: {name} {token}'")
        }
        Some(_) => format!(" -H 'Authorization: Bearer {token}'"),
    }
}

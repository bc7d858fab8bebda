//! The subject file of this mock: what a judge may know of it, and how it takes a hand in it.

use std::collections::HashMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use openapi::Contract;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::mock::Mock;

/// The longest timeline that a judge is sent to where every answer holds all of it.
const LONGEST_WHOLE: u64 = 1_000;

/// How many jobs of one owner with one note are named: more of the kind show nothing new.
const ALIKE: usize = 6;

/// The subject file, YAML.
pub(crate) fn file(mock: &Mock, now: Timestamp) -> String {
    let mut out =
        "# What there is to judge in this mock, as it is at the moment.\ncallers:\n".to_owned();
    for (owner, token) in mock.world().owners() {
        let _ = writeln!(out, "  {}: {{ token: {} }}", quoted(owner), quoted(token));
    }
    let jobs = mock.jobs(now);
    out.push_str("timelines:\n");
    for contract in mock.contracts() {
        let name = contract.name();
        let _ = writeln!(out, "  {}:", quoted(&name));
        let whole = contract.limit().is_none();
        let still = !jobs.iter().any(|job| job.contract == name && job.grows);
        let own = jobs.iter().filter(|job| job.contract == name);
        let (quick, long): (Vec<_>, Vec<_>) =
            own.partition(|job| !whole || job.events <= LONGEST_WHOLE);
        if quick.is_empty() {
            out.push_str("    []\n");
        }
        let mut alike: HashMap<(&str, &str), usize> = HashMap::new();
        let mut left_out = 0;
        for job in quick {
            let count = alike.entry((&job.owner, &job.note)).or_default();
            *count += 1;
            if *count > ALIKE {
                left_out += 1;
                continue;
            }
            // Where nothing grows by itself, the judge lets grow what has not ended.
            let by_hand = still && !job.ended && job.events > 0;
            let length = if job.grows || by_hand {
                "grows: true".to_owned()
            } else {
                format!("events: {}", job.events)
            };
            let (id, owner) = (quoted(&job.id), quoted(&job.owner));
            let _ = writeln!(out, "    - {{ id: {id}, owner: {owner}, {length} }}");
        }
        if left_out > 0 {
            let _ = writeln!(
                out,
                "    # Left out, for there are others like them: {left_out} jobs."
            );
        }
        for job in long {
            let (id, events) = (&job.id, job.events);
            let _ = writeln!(
                out,
                "    # Left out, for it is sent whole: {id}, {events} events."
            );
        }
    }
    out.push_str("hooks:\n");
    for contract in mock.contracts() {
        hooks(&mut out, contract);
    }
    out
}

fn hooks(out: &mut String, contract: &Contract) {
    let name = contract.name();
    let segment = utf8_percent_encode(&name, NON_ALPHANUMERIC).to_string();
    let segment = segment.replace("%2D", "-");
    let events = format!("/__mock/jobs/{segment}/{{id}}/events");
    let hide = format!("{events}?visibility=hidden");
    let _ = writeln!(out, "  {}:", quoted(&name));
    let _ = writeln!(out, "    append: {{ url: {} }}", quoted(&events));
    let body = quoted("{\"note\": \"{mark}\"}");
    let _ = writeln!(out, "    hide: {{ url: {}, body: {body} }}", quoted(&hide));
    out.push_str("    reads: { url: /__mock/reads, count: /reads }\n    open: true\n");
}

/// A text in YAML: a JSON string is one.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

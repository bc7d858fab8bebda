//! A cache that several callers share may not serve an answer to the next caller.

use http::header::{CACHE_CONTROL, EXPIRES, VARY};
use openapi::{Contract, Location};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::with_header;
use crate::outcome::not_in_force;
use crate::session::Watch;
use crate::subject::Reply;
use crate::{Breach, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "cached-answers-stay-with-their-caller",
    group: Group::Values,
    title: "where resources have owners, a page that a shared cache may keep names the header with the credentials in its Vary",
    why: "the cache does not know who asks, and serves one customer's page to the next one",
    level: Level::Should,
    basis: Basis::Standard("RFC 9111 §3.5, §4.1"),
    citation: |contract| contract.cite("/security"),
    cases: |session| {
        if credentials(session.contract()).is_none() {
            return not_in_force(
                "no credentials are in a header, so the URL or nothing names the caller",
            );
        }
        if session.contract().foreign_status().is_none() {
            return not_in_force("the contract does not say that a list belongs to one caller");
        }
        draw::plain(session).map(|case| Cases::Each(vec![case]))
    },
    holds: |session, case| session.watched(case, WATCH),
    watch: Some(WATCH),
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        Ok(with_header(reply, "cache-control", "public, max-age=60"))
    },
};

const WATCH: Watch = |contract, exchange| {
    contract.foreign_status()?;
    exchange.caller.as_ref()?;
    let name = credentials(contract)?;
    let reply = &exchange.reply;
    let is_varied = list(reply, &VARY)
        .iter()
        .any(|one| one == "*" || *one == name);
    if reply.status != 200 || is_varied || !may_be_shared(reply, &name) {
        return None;
    }
    let said = |name: &http::HeaderName| match list(reply, name).join(", ") {
        text if text.is_empty() => format!("no {name}"),
        text => format!("{name}: {text}"),
    };
    Some(Breach::of(
        format!("`vary: {name}`, or a cache-control of `private` or `no-store`"),
        format!("{}, and {}", said(&CACHE_CONTROL), said(&VARY)),
    ))
};

/// The header with the credentials, in lower case.
fn credentials(contract: &Contract) -> Option<String> {
    let mut places = contract
        .operation()
        .signing()
        .into_iter()
        .map(openapi::Scheme::place);
    let (location, name) = places.next()?;
    match location {
        Location::Header => Some(name.to_ascii_lowercase()),
        Location::Cookie => Some("cookie".to_owned()),
        Location::Query | Location::Path | Location::Body => None,
    }
}

/// Whether a shared cache may keep the answer and serve it again without asking.
fn may_be_shared(reply: &Reply, credentials: &str) -> bool {
    let directives = list(reply, &CACHE_CONTROL);
    let has = |name: &str| {
        let mut names = directives
            .iter()
            .map(|one| one.split('=').next().unwrap_or_default().trim());
        names.any(|one| one == name)
    };
    let age = |name: &str| {
        let ages = directives.iter().filter_map(|one| one.split_once('='));
        let mut ages = ages.filter(|(known, _)| known.trim() == name);
        ages.any(|(_, age)| {
            age.trim()
                .trim_matches('"')
                .parse()
                .is_ok_and(|age: u64| age > 0)
        })
    };
    if has("private") || has("no-store") || has("no-cache") {
        return false;
    }
    // What answers an `Authorization` header is kept only if the server says so.
    let is_fresh = age("s-maxage") || age("max-age") || reply.headers.contains_key(EXPIRES);
    let is_allowed = credentials != "authorization" || has("public") || age("s-maxage");
    is_allowed && is_fresh
}

/// The members of a header that is a list, in lower case.
fn list(reply: &Reply, name: &http::HeaderName) -> Vec<String> {
    let values = reply.headers.get_all(name).iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    let members = texts.flat_map(|text| text.split(','));
    members.map(|one| one.trim().to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::lie::with_header;
    use crate::testing::{caught, tolerated};

    #[test]
    fn a_server_whose_pages_are_for_the_next_caller_too_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn pages_may_be_cached_for_their_caller() {
        for control in [
            "private, max-age=60",
            "no-store",
            "max-age=60",
            "public, no-cache",
        ] {
            tolerated(&LAW, |_, honest, request| {
                Ok(with_header(honest.send(request)?, "cache-control", control))
            });
        }
    }

    #[test]
    fn a_cache_that_knows_the_credentials_may_be_shared() {
        tolerated(&LAW, |_, honest, request| {
            let reply = with_header(honest.send(request)?, "cache-control", "public, max-age=60");
            Ok(with_header(reply, "vary", "Accept-Encoding, Authorization"))
        });
    }
}

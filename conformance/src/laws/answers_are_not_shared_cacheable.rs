//! A shared cache may not keep an answer that needed credentials.

use http::HeaderValue;
use http::header::CACHE_CONTROL;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::not_in_force;
use crate::session::Watch;
use crate::{Breach, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "answers-are-not-shared-cacheable",
    group: Group::Values,
    title: "no answer to a request with credentials has `public` or `s-maxage` in its Cache-Control",
    why: "a shared cache serves such an answer to the next caller, who may be another customer",
    level: Level::Info,
    basis: Basis::Standard("RFC 9111 §3.5"),
    citation: |contract| contract.cite("/security"),
    cases: |session| {
        if session.contract().operation().security.is_empty() {
            return not_in_force("the operation needs no credentials");
        }
        draw::plain(session).map(|case| Cases::Each(vec![case]))
    },
    holds: |session, case| session.watched(case, WATCH),
    watch: Some(WATCH),
    conduct: Conduct::READS,
    lie: |lied, request| {
        let mut reply = lied.ask(request)?;
        let shared = HeaderValue::from_static("public, max-age=60");
        reply.headers.insert(CACHE_CONTROL, shared);
        Ok(reply)
    },
};

const WATCH: Watch = |contract, exchange| {
    let needed = !contract.operation().security.is_empty();
    exchange.caller.as_ref().filter(|_| needed)?;
    let values = exchange.reply.headers.get_all(CACHE_CONTROL).iter();
    let shares = |value: &str| {
        value.split(',').any(|directive| {
            let name = directive.split('=').next().unwrap_or_default().trim();
            name.eq_ignore_ascii_case("public") || name.eq_ignore_ascii_case("s-maxage")
        })
    };
    let shared = values
        .filter_map(|value| value.to_str().ok())
        .find(|value| shares(value))?;
    Some(Breach::of(
        "no `public` or `s-maxage`",
        format!("Cache-Control: {shared}"),
    ))
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_answers_may_be_shared_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}

//! A cursor means the same in every spelling of the query.

use std::fmt::Write as _;

use openapi::{Location, Position, Promise};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::not_in_force;
use crate::session::Session;
use crate::subject::Request;
use crate::{After, Case, Cases, Level, Skip, Stop};

pub(crate) const LAW: Law = Law {
    id: "spellings-of-a-cursor-agree",
    group: Group::Cursor,
    title: "a cursor whose characters are percent-encoded, in upper or lower case, reads the same page; one that is sent twice \
            does, too, or is refused",
    why: "clients and proxies may encode any character; a server that does not know the cursor then begins again",
    level: Level::Should,
    basis: Basis::Standard("RFC 3986 §2.1, §2.3, §6.2.2"),
    citation: |contract| contract.document().cite(&contract.paging().place().pointer),
    cases: |session| {
        session.needs(Promise::Pages)?;
        if session.contract().paging().place().location != Location::Query {
            return not_in_force("the cursor is not in the query");
        }
        let cases = spelled(session)?;
        if cases.is_empty() {
            return not_in_force("no request for a page in the middle names a cursor");
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let plain = Case {
            query: None,
            ..case.clone()
        };
        let plain = session.ask(&plain)?;
        let spelled = session.ask(&Case {
            after: After::Start,
            limits: Vec::new(),
            ..case.clone()
        })?;
        if is_sent_twice(case, session) {
            let status = session.send_again(&spelled)?.reply.status;
            if (400..500).contains(&status) {
                session.note(format!(
                    "a cursor that is sent twice is refused with status {status}"
                ));
                return Ok(());
            }
        }
        session.same_page(&plain, &spelled)
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Knows a cursor only as it handed it out, and else begins at the start.
        let place = lied.contract.paging().place();
        let is_usual = Request::with(request, place, request.text(place).as_deref());
        if raw(&request.target, &place.name) == raw(&is_usual.target, &place.name) {
            lied.ask(request)
        } else {
            lied.ask(&lied.at(request, &Position::Start))
        }
    },
};

/// Requests for a page in the middle of a list, whose query is written in other ways.
fn spelled(session: &Session<'_>) -> Result<Vec<Case>, Skip> {
    let (id, _) = draw::longest(session)?;
    let Some(case) = draw::behind_a_cursor(session, &id) else {
        return Ok(Vec::new());
    };
    let ask = match session.ask(&case) {
        Err(Stop::Moot(_)) => return Ok(Vec::new()),
        ask => ask?,
    };
    let name = &session.contract().paging().place().name;
    if !ask.query().iter().any(|(known, _)| known == name) {
        return Ok(Vec::new());
    }
    let written = |value: &dyn Fn(&str) -> String| {
        let pairs = ask.query().iter();
        let pairs = pairs.map(|(name, text)| format!("{}={}", named(name), value(text)));
        pairs.collect::<Vec<_>>().join("&")
    };
    let upper = written(&|text| encoded(text, true));
    let lower = written(&|text| encoded(text, false));
    let mut queries = vec![upper.clone()];
    queries.extend((lower != upper).then_some(lower));
    let again = ask.query().iter().find(|(known, _)| known == name);
    let again = again.map(|(name, text)| format!("{}={}", named(name), encoded(text, true)));
    queries.extend(again.map(|again| format!("{upper}&{again}")));
    let cases = queries.into_iter().map(|query| Case {
        query: Some(query),
        ..case.clone()
    });
    Ok(cases.collect())
}

/// Whether the case's query has the cursor twice.
fn is_sent_twice(case: &Case, session: &Session<'_>) -> bool {
    let name = named(&session.contract().paging().place().name);
    let pairs = case.query.as_deref().unwrap_or_default().split('&');
    pairs
        .filter(|pair| pair.split('=').next() == Some(&name))
        .count()
        > 1
}

/// The texts under a name in the query of a target, as they are written.
fn raw<'t>(target: &'t str, name: &str) -> Vec<&'t str> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let decoded =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy() == name;
    pairs
        .filter(|(known, _)| decoded(known))
        .map(|(_, text)| text)
        .collect()
}

/// A parameter's name, encoded only if it has to be.
fn named(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if name.bytes().all(is_plain) {
        name.to_owned()
    } else {
        encoded(name, true)
    }
}

/// Every byte percent-encoded.
fn encoded(text: &str, upper: bool) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        let _ = if upper {
            write!(encoded, "%{byte:02X}")
        } else {
            write!(encoded, "%{byte:02x}")
        };
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::{caught, tolerated};

    #[test]
    fn a_server_that_knows_a_cursor_only_as_it_made_it_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_cursor_that_is_sent_twice_may_be_refused() {
        tolerated(&LAW, |contract, honest, request| {
            let mut reply = honest.send(request)?;
            let place = contract.paging().place();
            let sent = request.query();
            if sent.iter().filter(|(name, _)| *name == place.name).count() > 1 {
                reply.status = 400;
            }
            Ok(reply)
        });
    }
}

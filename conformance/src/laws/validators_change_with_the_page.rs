//! A page with new events, or with changed ones, has other validators.

use std::time::Duration;

use serde_json::Value;

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, never_occurs};
use crate::session::{Ask, Exchange, Listing, Page, Session, done};
use crate::{After, Case, Level, Stop, draw};

pub(crate) const LAW: Law = Law {
    id: "validators-change-with-the-page",
    group: Group::Growth,
    title: "a page with a new event has another entity tag, and a request with the old tag, or with the old Last-Modified, \
            gets the new page; likewise a page with a changed event, if a hook changes one",
    why: "a client that polls with the tag that it was given never sees the new events, or the changes",
    level: Level::Must,
    basis: Basis::Standard("RFC 9110 §8.8, §13.1.2, §13.1.3"),
    citation: |contract| contract.document().cite(&contract.operation().pointer),
    cases: draw::growing,
    holds: |session, case| {
        let id = &case.resource;
        let before = session.before_growth(id, 0)?;
        let starts = starts(session, id)?;
        let mut pages = Vec::new();
        for ask in &starts {
            let exchange = session.send(ask)?;
            let page = session.read_or_moot(&exchange)?;
            let validators = validators(&exchange);
            if !validators.is_empty() {
                pages.push((ask, page, validators));
            }
        }
        let can_change = session.hooks().can_change();
        if pages.is_empty() && !can_change {
            return never_occurs("no page has an entity tag or says when it was last modified");
        }
        wait_for_another_second(session, pages.iter().flat_map(|(.., said)| said))?;
        session.grow(id, 1, before.keys.len())?;
        let grown = session.grown(id, before.keys.len() + 1)?;
        session.all_show(id, &grown, before.keys.len() + 1)?;
        let mut shows = false;
        for (ask, page, validators) in pages {
            let asked = |(condition, value): &Validator| {
                session.send(&ask.clone().header(condition, value))
            };
            let again = validators.iter().map(|one| Ok(asked(one)?.reply.status));
            let again = again.collect::<Result<Vec<_>, Stop>>()?;
            let plain = session.send(ask)?;
            let now = session.read_or_moot(&plain)?;
            if now.keys == page.keys {
                continue;
            }
            for (validator, status) in validators.iter().zip(again) {
                // The list may have changed between the two requests, so the old validator is sent once more.
                if status == 304 && asked(validator)?.reply.status == 304 {
                    let (condition, value) = validator;
                    return broken(
                        "the page with the new event",
                        format!("status 304 for `{condition}: {value}` from before it"),
                    );
                }
            }
            let tag = validators.iter().find(|(name, _)| *name == IF_NONE_MATCH);
            let tag = tag.map(|(_, tag)| tag.as_str());
            if tag.is_some() && plain.reply.header("etag") == tag {
                return broken(
                    "another entity tag for the page with the new event",
                    format!("{} again", tag.unwrap_or_default()),
                );
            }
            shows = true;
            break;
        }
        if can_change && changes_show(session, id, &starts, &before, &grown)? || shows {
            return Ok(());
        }
        never_occurs("no page with a validator that was read shows a new event, or a changed one")
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Has one tag for all pages at all times.
        let reply = lied.ask(request)?;
        if !lied.is_page(&reply) {
            return Ok(reply);
        }
        let mut reply = crate::lie::with_header(reply, "etag", TAG);
        if request.header("if-none-match") == Some(TAG) {
            reply.status = 304;
            reply.body.clear();
            reply.headers.remove(http::header::CONTENT_LENGTH);
        }
        Ok(reply)
    },
};

/// The requests for the page at the end of the list, where a new event shows, or on the first one.
fn starts(session: &Session<'_>, id: &str) -> Result<[Ask; 2], Stop> {
    let known = session.listing(id)?.keys.len();
    let end = known.checked_sub(2).map_or(After::Start, After::Item);
    let end = session.reach().fit(Case::of(id).after(end));
    Ok([session.ask(&end)?, session.ask(&Case::of(id))?])
}

/// Whether the new event shows on a page with a validator, and shows its change there. A stale validator is a breach.
fn changes_show(
    session: &Session<'_>,
    id: &str,
    starts: &[Ask],
    before: &Listing,
    grown: &Listing,
) -> Result<bool, Stop> {
    let mut grown = grown.keys.iter().zip(&grown.cursors);
    let Some((key, cursor)) = grown.find(|(key, _)| !before.keys.contains(key)) else {
        return Ok(false);
    };
    let shown = |page: &Page| {
        let place = page.keys.iter().position(|one| one == key)?;
        session.contract().items(&page.body)?.get(place).cloned()
    };
    let mut found: Option<(&Ask, Value, Vec<Validator>)> = None;
    for ask in starts {
        let exchange = session.send(ask)?;
        let page = session.read_or_moot(&exchange)?;
        let mut said = validators(&exchange);
        // A weak tag may stay if the server takes both pages for the same.
        said.retain(|(_, value)| !value.starts_with("W/"));
        if let Some(item) = shown(&page).filter(|_| !said.is_empty()) {
            found = Some((ask, item, said));
            break;
        }
    }
    let Some((ask, item, validators)) = found else {
        return Ok(false);
    };
    wait_for_another_second(session, &validators)?;
    let Some(change) = session.hooks().change(id, cursor) else {
        return Ok(false);
    };
    done("change", change)?;
    let changed = || -> Result<bool, Stop> {
        let page = session.page_or_moot(ask)?;
        Ok(shown(&page).is_some_and(|now| now != item))
    };
    if session.wait_until(changed)?.is_none() {
        return Ok(false);
    }
    for (name, validator) in &validators {
        let asked = || session.send(&ask.clone().header(name, validator));
        // Another server may lag behind for a moment, so the old validator is sent once more after the new page.
        if asked()?.reply.status == 304 && changed()? && asked()?.reply.status == 304 {
            return broken(
                "the page with the changed event",
                format!("status 304 for `{name}: {validator}` from before the change"),
            );
        }
    }
    let tag = validators.iter().find(|(name, _)| *name == IF_NONE_MATCH);
    let tag = tag.map(|(_, tag)| tag.as_str());
    let now = session.send(ask)?;
    if tag.is_some() && now.reply.header("etag") == tag && changed()? {
        return broken(
            "another entity tag for the page with the changed event",
            format!("{} again", tag.unwrap_or_default()),
        );
    }
    Ok(true)
}

/// A condition that a client sends, and the validator in it.
type Validator = (&'static str, String);

const IF_NONE_MATCH: &str = "if-none-match";
const IF_MODIFIED_SINCE: &str = "if-modified-since";

/// The validators of a page, each under the name of its condition.
fn validators(exchange: &Exchange) -> Vec<Validator> {
    let all = [
        (IF_NONE_MATCH, "etag"),
        (IF_MODIFIED_SINCE, "last-modified"),
    ];
    let said = all.into_iter().filter_map(|(condition, header)| {
        let value = exchange.reply.header(header)?;
        Some((condition, value.to_owned()))
    });
    said.collect()
}

/// Waits if one of the validators is a time, because such a time has no parts of a second.
fn wait_for_another_second<'v>(
    session: &Session<'_>,
    validators: impl IntoIterator<Item = &'v Validator>,
) -> Result<(), Stop> {
    let mut names = validators.into_iter().map(|(name, _)| *name);
    if names.any(|name| name == IF_MODIFIED_SINCE) {
        session.run().pause(SECOND)?;
    }
    Ok(())
}

/// Longer than the step of `Last-Modified`.
const SECOND: Duration = Duration::from_millis(1_100);

/// The tag of the liar.
const TAG: &str = "\"1\"";

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::lie::{Lie, with_header};
    use crate::testing::{contracts, hooked, verdict};
    use crate::{Liar, Verdict};

    /// The verdicts on the mock, seen through this lie, whose events a hook adds.
    fn found(lie: Lie) -> Vec<Verdict> {
        let judged = contracts().into_iter().map(|(contract, facts)| {
            let (honest, hooks) = hooked(facts.hooks());
            let server = Liar::new(contract.clone(), lie, honest);
            verdict(&LAW, &contract, &facts.with_hooks(hooks), &server)
        });
        judged.collect()
    }

    #[test]
    fn a_server_with_one_tag_for_all_times_is_caught() {
        let found = found(LAW.lie);
        let is_caught = |one: &Verdict| matches!(one, Verdict::Broken(_));
        assert!(found.iter().all(is_caught), "{found:#?}");
    }

    #[test]
    fn a_server_whose_tags_are_made_of_the_body_is_upheld() {
        let found = found(|lied, request| {
            let reply = lied.ask(request)?;
            let sum = reply.body.iter().fold(7_u64, |sum, byte| {
                sum.wrapping_mul(31).wrapping_add(u64::from(*byte))
            });
            let tag = format!("\"{sum:x}\"");
            let mut reply = with_header(reply, "etag", &tag);
            if request.header("if-none-match") == Some(tag.as_str()) {
                reply.status = 304;
                reply.body.clear();
            }
            Ok(reply)
        });
        let is_upheld = |one: &Verdict| matches!(one, Verdict::Upheld { .. });
        assert!(found.iter().all(is_upheld), "{found:#?}");
    }

    #[test]
    fn pages_without_tags_leave_nothing_to_judge() {
        let found = found(|lied, request| {
            let reply = lied.ask(request)?;
            Ok(reply)
        });
        let is_silent = |one: &Verdict| matches!(one, Verdict::NotInForce { .. });
        assert!(found.iter().all(is_silent), "{found:#?}");
    }
}

//! A token that was changed is refused, or leads on; it never leads back to the start.

use openapi::Position;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, never_occurs};
use crate::session::{Ask, Page, Session};
use crate::{After, Case, Cases, Level, Stop};

pub(crate) const LAW: Law = Law {
    id: "forged-token-never-restarts",
    group: Group::Cursor,
    title: "a token that was cut, lengthened or changed is refused, or returns an empty page, never the first page or an error of the server",
    why: "a client whose token was cut short reads everything again, or brings the server down",
    level: Level::Should,
    basis: Basis::Inferred("only the server makes tokens, so it knows which ones it made"),
    citation: |contract| contract.cite("/x-pagination/request/cursor"),
    cases: |session| {
        session.needs_tokens()?;
        let cases = draw::each_resource(session, 2)?;
        // The shortest page leads on in every list that is longer.
        let small = |case: Case| draw::of_shortest_page(session, case);
        Ok(Cases::Each(cases.into_iter().map(small).collect()))
    },
    holds: |session, case| {
        let first = session.page_or_moot(&session.ask(case)?)?;
        for (what, ask) in asks(session, case, &first)? {
            let exchange = session.send(&ask)?;
            let status = exchange.reply.status;
            if status >= 500 {
                return broken("a refusal, or no items", format!("{what}: status {status}"));
            }
            let Ok(page) = session.read(&exchange) else {
                continue;
            };
            if !first.keys.is_empty() && page.keys == first.keys {
                let actual = format!("{what}: the first page again");
                return broken("a refusal, or no items", actual);
            }
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Starts at the beginning if a token leads nowhere.
        let reply = lied.ask(request)?;
        let sent = lied.asked(request).cursor.is_some();
        if sent && (!lied.is_page(&reply) || lied.is_empty(&reply)) {
            return lied.ask(&lied.with_cursor(request, None));
        }
        Ok(reply)
    },
};

/// The requests with changed tokens, with what was done to each.
fn asks(
    session: &Session<'_>,
    case: &Case,
    first: &Page,
) -> Result<Vec<(&'static str, Ask)>, Stop> {
    match first.next.as_ref().filter(|_| !first.last) {
        Some(Position::Token(token) | Position::After(token)) => {
            if token.parse::<f64>().is_ok() {
                return moot("the token is a number, and any number may be one");
            }
            let asks = forged(token).into_iter().map(|(what, forged)| {
                let case = case.clone().after(After::Cursor(forged));
                Ok((what, session.ask(&case)?))
            });
            asks.collect()
        }
        Some(Position::Url(url)) => {
            let tokens = session.tokens_in(url, first, case);
            if tokens.is_empty() {
                return never_occurs("the URL of the next page has no token in its query");
            }
            let asks = tokens.iter().flat_map(|(name, token)| {
                let forged = forged(token).into_iter();
                forged.map(|(what, forged)| (what, session.ask_url_with(case, url, name, &forged)))
            });
            Ok(asks.collect())
        }
        _ => session.list_leads_nowhere(first, case),
    }
}

/// Changed tokens, with what was done to each.
fn forged(token: &str) -> Vec<(&'static str, String)> {
    let letters: Vec<char> = token.chars().collect();
    let half = letters.len() / 2;
    let text = |letters: &[char]| letters.iter().collect::<String>();
    let mut changed = letters.clone();
    if let Some(letter) = changed.get_mut(half) {
        *letter = if *letter == 'A' { 'B' } else { 'A' };
    }
    let all = [
        ("a token that is cut in half", text(&letters[..half])),
        ("a token with one letter changed", text(&changed)),
        ("a token that is written twice", format!("{token}{token}")),
    ];
    let all = all.into_iter();
    all.filter(|(_, forged)| !forged.is_empty() && forged != token)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::caught;

    #[test]
    fn a_server_that_restarts_at_a_forged_token_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}

//! Events added during a walk neither hide nor repeat older ones.

use std::collections::HashSet;

use openapi::{Position, Promise};

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{Stop, broken};
use crate::session::Session;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "growth-during-a-walk-loses-nothing",
    group: Group::Growth,
    title: "a walk during which events are added repeats nothing and loses nothing that was there before",
    why: "a live timeline grows during a walk; offsets into it shift, but cursors must not",
    level: Level::Must,
    basis: Basis::Inferred("a cursor names an item or a number, and is not a count of items"),
    citation: |contract| contract.cite("/x-pagination/cursor"),
    cases: |session| {
        session.needs(Promise::StableWhileGrowing)?;
        let limit = session
            .contract()
            .limit_bounds()
            .map(|bounds| bounds.minimum.unwrap_or(1).max(2));
        let case = |id: &str| limit.into_iter().fold(Case::of(id), Case::limit);
        Ok(Cases::Each(
            session
                .growing()?
                .iter()
                .map(|one| case(&one.name))
                .collect(),
        ))
    },
    holds: |session, case| {
        let before = session.before_growth(&case.resource, 2)?;
        let met = walk_while_it_grows(session, case, &before.keys)?;
        let mut seen = HashSet::new();
        if let Some(twice) = met.iter().find(|key| !seen.insert(key.as_str())) {
            return broken("each item once", format!("{twice} twice"));
        }
        match before.keys.iter().find(|key| !seen.contains(key.as_str())) {
            None => Ok(()),
            Some(lost) => broken(
                format!("{lost}, which was there before"),
                "a walk without it",
            ),
        }
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Starts a page one event too early while the request log has an even length.
        let asked = lied.asked(request);
        let whole = lied
            .whole(request)?
            .filter(|whole| asked.cursor.is_some() && whole.len() % 2 == 0);
        lied.edit_items(request, |items| {
            let whole = whole.unwrap_or_default();
            let first = items
                .first()
                .and_then(|first| whole.iter().position(|one| one == first));
            let earlier = first.unwrap_or(whole.len()).checked_sub(1);
            items.splice(0..0, earlier.map(|index| whole[index].clone()));
        })
    },
};

/// The keys met by a walk that adds an event after each of its first pages.
fn walk_while_it_grows(
    session: &Session<'_>,
    case: &Case,
    before: &[String],
) -> Result<Vec<String>, Stop> {
    /// The number of events added during one walk.
    ///
    /// It is enough to be seen, and small enough to wait for if no hook adds them.
    const APPENDS: usize = 3;
    let most_pages = before.len() + APPENDS + 2;
    let mut met = Vec::new();
    let mut at = Position::Start;
    for turn in 0..most_pages {
        let page = session.page(&session.ask_at(case, &at))?;
        met.extend(page.keys.iter().cloned());
        // While events are still being added, the last page is not the end.
        if page.last && turn >= APPENDS {
            break;
        }
        at = page.next.unwrap_or(at);
        if turn < APPENDS {
            session.grow(&case.resource, 1, before.len() + turn)?;
        }
    }
    Ok(met)
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_loses_an_event_when_another_comes_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}

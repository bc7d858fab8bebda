//! Pages that every run reads, because luck must not decide.

use std::collections::BTreeSet;

use crate::outcome::Skip;
use crate::session::Session;
use crate::{Case, draw};

/// Pages of the longest list: from its start and behind a cursor, with each limit that matters.
///
/// Without a limit, one page from each start.
pub(crate) fn pages(session: &Session<'_>) -> Result<Vec<Case>, Skip> {
    let (id, _) = draw::longest(session)?;
    let starts = [Some(Case::of(&id)), draw::behind_a_cursor(session, &id)];
    let starts: Vec<_> = starts.into_iter().flatten().collect();
    let Ok(limits) = limits(session) else {
        return Ok(starts);
    };
    let reach = session.reach();
    let mut pages = Vec::new();
    for start in starts {
        for limit in &limits {
            let page = reach.fit(start.clone().limit(*limit));
            if !pages.contains(&page) {
                pages.push(page);
            }
        }
    }
    Ok(pages)
}

/// The limits that matter: the least ones, those around the default, and the greatest. Not in force if there is none.
pub(crate) fn limits(session: &Session<'_>) -> Result<BTreeSet<u64>, Skip> {
    let accepted = draw::accepted(session)?;
    let bounds = session.contract().limit_bounds();
    let default = bounds.and_then(|bounds| bounds.default);
    let default = default.unwrap_or(accepted.start);
    let limits = [
        accepted.start,
        2,
        default.saturating_sub(1),
        default,
        default + 1,
        accepted.end - 1,
    ];
    let limits = limits.into_iter().filter(|limit| accepted.contains(limit));
    Ok(limits.collect())
}

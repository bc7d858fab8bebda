//! At the open end, more than one page's worth of new events is announced.

use openapi::Promise;

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::session::added;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "has-more-notices-growth",
    group: Group::Growth,
    title: "behind the last key, two new events and a page of one: more is announced",
    why: "a poller that believes the page is the last one falls behind for good",
    level: Level::Should,
    basis: Basis::Inferred("the flag speaks of the timeline as it is, not as it was"),
    citation: |contract| contract.cite("/x-pagination/next/more"),
    cases: |session| {
        let minimum = session
            .contract()
            .limit_bounds()
            .map(|bounds| bounds.minimum.unwrap_or(1));
        session.needs(Promise::MoreIsSaid)?;
        if minimum != Some(1) {
            return not_in_force("the operation has no page of one");
        }
        session.needs(Promise::ItemsNamePlaces)?;
        Ok(Cases::Each(
            session
                .growing()?
                .iter()
                .map(|one| Case::of(&one.name).limit(1))
                .collect(),
        ))
    },
    holds: |session, case| {
        let before = session.before_growth(&case.resource, 1)?;
        session.grow(&case.resource, 2, before.keys.len())?;
        let after = session.read_listing(&case.resource)?;
        added(&before.keys, &after.keys)?;
        let last = before.cursors.last().and_then(|key| session.behind(key));
        let at = last.unwrap_or_default();
        match session.page(&session.ask_at(case, &at))?.more {
            Some(true) => Ok(()),
            said => broken("more, for two events were added", format!("{said:?}")),
        }
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // The last but one of all items is said to be the last.
        let Some(items) = lied
            .whole(request)?
            .filter(|_| lied.asked(request).limit == Some(1))
        else {
            return lied.ask(request);
        };
        let last_but_one = items
            .len()
            .checked_sub(2)
            .and_then(|index| lied.contract.key(&items[index]));
        lied.edit_page(request, |body| {
            let page = lied.items(body).clone();
            if page.len() == 1 && lied.contract.key(&page[0]) == last_but_one {
                lied.fill(body, page, false);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_announces_the_end_too_early_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}

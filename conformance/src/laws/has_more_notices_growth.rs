//! At the open end, a page says that more new events follow.

use openapi::Promise;

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::session::added;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "has-more-notices-growth",
    group: Group::Growth,
    title: "after the last key and two new events, a page of one item says that more follow",
    why: "a poller that believes that the page is the last one never catches up",
    level: Level::Should,
    basis: Basis::Inferred("the flag describes the timeline at the time of the answer"),
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
        let (id, length) = (&case.resource, before.keys.len() + 2);
        session.grow(id, 2, before.keys.len())?;
        let after = session.grown(id, length)?;
        added(&before.keys, &after.keys)?;
        session.all_show(id, &after, length)?;
        let last = before.cursors.last().and_then(|key| session.behind(key));
        let at = last.unwrap_or_default();
        match session.page(&session.ask_at(case, &at))?.more {
            Some(true) => Ok(()),
            said => broken(
                "a promise of more, because two events were added",
                format!("{said:?}"),
            ),
        }
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Says that the last item but one is the last.
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

//! A cursor that is a number which items are compared with: everything greater is served.

use super::super::Proposal;
use super::Look;
use super::words::plain;
use crate::{Role, Schema, Selector, Step, Style};

pub(super) fn propose(look: &Look<'_>) -> Option<Proposal> {
    let names = ["since", "after", "afterseq", "sinceseq", "aftersequence"];
    let since = look.asked.iter().find(|one| {
        names.contains(&one.plain.as_str()) && one.is_count() && !one.is_text() && !one.is_time()
    })?;
    let mut items = look.items(None)?;
    let mut properties = items.list.item.iter().flat_map(Schema::named);
    let (name, schema) = properties.find(|(name, _)| {
        ["seq", "sequence", "sequencenumber", "seqno"].contains(&plain(name).as_str())
    })?;
    let by = Selector::default().then(&[Step::Name(name)]);
    items.key = Some((by.clone(), schema));
    let proposal = Proposal::new(look, Style::Since, &items).asking(Role::Cursor, since);
    let mut proposal =
        proposal.going_on_by_last(&by, "is the number that the parameter is compared with");
    proposal.pagination.order.by = Some(by);
    proposal.pagination.order.strict = true;
    Some(proposal)
}

//! What does not decide how a list pages, and is plain all the same: the orders that a caller can choose, the
//! operation that reads one item, and the refusal of a token that expired.

use std::collections::BTreeMap;

use super::Look;
use super::asked::Asked;
use super::words::plain;
use crate::{Direction, Expiry, Proposal, Schema, Selector, Sorting, Step, Style};

/// The status of a refusal that says that something is gone.
const GONE: u16 = 410;
/// Names of the parameter that chooses a direction.
const ORDERS: [&str; 5] = [
    "order",
    "sortorder",
    "direction",
    "sortdirection",
    "orderdirection",
];

/// The proposal with what is plain beside it.
pub(super) fn added(look: &Look<'_>, mut proposal: Proposal) -> Proposal {
    add_orders(look, &mut proposal);
    add_item_operation(look, &mut proposal);
    add_expiry(look, &mut proposal);
    proposal
}

/// A parameter that takes a word for each direction, and has one of them as its default.
fn add_orders(look: &Look<'_>, proposal: &mut Proposal) {
    let found = look.asked.iter().find_map(|asked| {
        let is_named = ORDERS.contains(&asked.plain.as_str());
        let values = directions(asked).filter(|_| is_named)?;
        let own = asked.schema.keyword("default")?.as_str()?;
        Some((asked, values.get(own)?.direction, values))
    });
    let pagination = &mut proposal.pagination;
    // A list that says how it is sorted says more.
    if pagination.order.by.is_some() {
        return;
    }
    let Some((asked, own, values)) = found else {
        return;
    };
    pagination.request.order = Some(asked.site.clone());
    pagination.order.values = values;
    pagination.order.direction = own;
    let why = format!("`{}` takes a word for each direction", asked.name);
    proposal.because("order", why);
}

/// The words of an enumeration of two, one for each direction.
fn directions(asked: &Asked) -> Option<BTreeMap<String, Sorting>> {
    let words = asked.schema.keyword("enum")?.as_array()?;
    let [one, other] = words.as_slice() else {
        return None;
    };
    let sorting = |word: &serde_json::Value| {
        let word = word.as_str()?;
        let direction = match plain(word).as_str() {
            "asc" | "ascending" => Direction::Ascending,
            "desc" | "descending" => Direction::Descending,
            _ => return None,
        };
        Some((
            word.to_owned(),
            Sorting {
                by: None,
                direction,
            },
        ))
    };
    let (one, other) = (sorting(one)?, sorting(other)?);
    (one.1.direction != other.1.direction).then(|| BTreeMap::from([one, other]))
}

/// The operation below the list that answers with the same schema as an item has, and takes the item's key.
fn add_item_operation(look: &Look<'_>, proposal: &mut Proposal) {
    let pagination = &proposal.pagination;
    let [Step::Name(key)] = pagination.key.steps() else {
        return;
    };
    let key = plain(key);
    let lists = look.answer.lists.iter();
    let mut list = lists.filter(|list| list.at == pagination.items.list);
    let Some(list) = list.next() else { return };
    let inside = pagination.items.inside.steps();
    let items: Vec<_> = list
        .item
        .iter()
        .flat_map(|item| item.all_at(inside))
        .collect();
    let is_item = |schema: &Schema| {
        let at = schema.resolved();
        items
            .iter()
            .any(|item| item.resolved().pointer() == at.pointer())
    };
    let mut operations = look.document.operations.iter();
    let found = operations.find(|one| {
        let below = one.path.parameter_below(&look.operation.path);
        one.method == "GET"
            && below.is_some_and(|name| plain(name).ends_with(&key))
            && one
                .response(200)
                .and_then(|answer| answer.json()?.schema.as_ref())
                .is_some_and(is_item)
    });
    let Some(found) = found else { return };
    let why = format!("{} answers with the schema of an item", found.path);
    proposal.pagination.item.operation = Some(found.id.clone());
    proposal.because("item/operation", why);
}

/// A refusal with status 410 that has a token where pages have it.
fn add_expiry(look: &Look<'_>, proposal: &mut Proposal) {
    let pagination = &proposal.pagination;
    let next = pagination.next.cursor.as_ref();
    let Some(next) = next.filter(|_| pagination.style == Style::Token) else {
        return;
    };
    let refusal = look.operation.response(GONE);
    let declared = refusal.filter(|one| one.status == GONE.to_string());
    let schema = declared.and_then(|one| one.json()?.schema.as_ref());
    let has = |next: &Selector| schema.is_some_and(|schema| schema.at(next).is_some());
    if !has(next) {
        return;
    }
    let why = format!("the answer {GONE} has `{next}`, too");
    let expires = Expiry {
        status: GONE,
        resume: Some(next.clone()),
    };
    proposal.pagination.cursor.expires = Some(expires);
    proposal.because("cursor/expires", why);
}

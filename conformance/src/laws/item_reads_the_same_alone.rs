//! An item that is read alone is the item of the list.

use openapi::{Act, Promise};
use serde_json::{Map, Value};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::{Exchange, Session, change, item_in};
use crate::{After, Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "item-reads-the-same-alone",
    group: Group::Values,
    title: "an item that is read alone, by its key, has the values that it has in the list",
    why: "a client that opens an item of a list sees another, or none",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| match contract.item_operation() {
        Some(_) => contract.cite("/x-pagination/item/operation"),
        None => contract.cite(""),
    },
    cases: |session| {
        if session.member(Act::Read).is_err() || session.contract().item_operation().is_some() {
            session.needs(Promise::ItemsAreReadAlone)?;
        } else if session
            .member(Act::Read)
            .is_ok_and(|read| read.is_elsewhere)
        {
            session.eases(
                "the path of an item does not name what the list belongs to, so it may be another item",
            );
        } else if !session.shows_one_schema() {
            session.eases(
                "the document has other schemas for items of the list and for an item alone",
            );
        }
        let resources = draw::resources(session, 1)?;
        let cases = resources.iter().flat_map(|(name, items)| {
            let ends = [0, items / 2, items - 1];
            ends.map(|index| Case::of(name).after(After::Item(index)))
        });
        Ok(Cases::Each(cases.collect()))
    },
    holds: |session, case| {
        let After::Item(index) = case.after else {
            return moot("the case names no item");
        };
        let listing = session.listing_of(case)?;
        let (Some(item), Some(key)) = (listing.items.get(index), listing.cursors.get(index)) else {
            return moot(format!("the listing has no item {index}"));
        };
        let Some(ask) = session.ask_item(case, key) else {
            return moot("no operation reads an item");
        };
        let exchange = session.send(&ask)?;
        let Some(departure) = departure(session, &exchange, item) else {
            return Ok(());
        };
        session.eases_if_assumed("item", "the document does not say that both show the same");
        let now = session.read_listing(&case.resource)?;
        let place = now.cursors.iter().position(|one| one == key);
        match place.and_then(|place| now.items.get(place)) {
            Some(same) if same == item => broken("the item as it is in the list", departure),
            _ => moot("the item changed meanwhile"),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // The list shows another value than the item has.
        lied.edit_items(request, |items| {
            for item in items {
                let text = item.as_object_mut().into_iter().flatten();
                let key = lied.contract.pagination().key.root();
                let mut texts = text.filter(|(name, _)| Some(name.as_str()) != key);
                if let Some((_, Value::String(text))) = texts.find(|(_, value)| value.is_string()) {
                    text.push('!');
                }
            }
        })
    },
};

/// How the item that was read alone differs from the one of the list, in the members that both have.
fn departure(session: &Session<'_>, exchange: &Exchange, item: &Value) -> Option<String> {
    let status = exchange.reply.status;
    if status != 200 {
        return Some(format!("status {status}"));
    }
    let contract = session.contract();
    let whole = || Some(exchange.json()?.as_object()?.clone());
    let alone = match session.member(Act::Read) {
        Ok(read) if contract.item_operation().is_none() => item_in(read, exchange),
        _ => whole(),
    };
    let (Value::Object(listed), Some(alone)) = (item, &alone) else {
        return None;
    };
    // A list may show less of an item, or more.
    let common = |one: &Map<String, Value>, other: &Map<String, Value>| -> Value {
        let members = one.iter().filter(|(name, _)| other.contains_key(*name));
        members
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<Map<_, _>>()
            .into()
    };
    change(contract, &common(listed, alone), &common(alone, listed))
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::caught;

    #[test]
    fn a_server_whose_list_shows_other_values_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}

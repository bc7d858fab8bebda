//! A patch changes what it names, and nothing else.

use openapi::Act;
use serde_json::Value;

use crate::draw::changes;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, never_occurs};
use crate::session::not_kept;
use crate::{Level, Stop};

pub(crate) const LAW: Law = Law {
    id: "patches-change-only-what-they-name",
    group: Group::Changes,
    title: "a patch of one property sets it, and leaves every other property that clients set as it was",
    why: "a client that renames an item loses its other values",
    level: Level::Must,
    basis: Basis::Standard("RFC 5789, 2: a set of changes; RFC 7396, 1"),
    citation: |contract| contract.cite(""),
    cases: |session| changes::own_items(session, &[Act::Patch]),
    holds: |session, case| {
        session.undoing(case, || {
            let made = session.create(case)?;
            let before = session.shown_alone(case, &made.key)?;
            let mut refused = 0;
            for (_, patch) in session.patches(&before)?.into_iter().take(TRIED) {
                let exchange = session.act(case, Act::Patch, &made.key, Some(&patch))?;
                if !(200..300).contains(&exchange.reply.status) {
                    refused = exchange.reply.status;
                    continue;
                }
                let mut after = before.clone();
                let named: Vec<_> = patch.fields.keys().cloned().collect();
                let set = session.eventually(|| {
                    after = session.shown_alone(case, &made.key)?;
                    Ok(not_kept(&named, &patch.fields, &after)
                        .is_none()
                        .then_some(()))
                })?;
                if let (None, Some(breach)) = (set, not_kept(&named, &patch.fields, &after)) {
                    return Err(Stop::Breach(breach));
                }
                let others = session.settable_by(Act::Patch).into_iter();
                let mut others = others.filter(|name| !patch.fields.contains_key(name));
                let changed = others.find(|name| before.get(name) != after.get(name));
                let Some(name) = changed else {
                    return Ok(());
                };
                let shown =
                    |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
                return broken(
                    format!("`{name}` as it was: {}", shown(before.get(&name))),
                    shown(after.get(&name)),
                );
            }
            never_occurs(format!(
                "every patch is refused; the last with status {refused}"
            ))
        })
    },
    watch: None,
    conduct: Conduct::CHANGES,
    lie: |lied, request| {
        // Takes a patch for the whole item: other values are lost. If there are none, it does nothing.
        let reply = lied.ask(request)?;
        let patched = lied.act(request).and_then(|(act, key)| {
            let patched = lied.changed(Act::Patch, &key?)?;
            (act == Act::Read).then(|| lied.sent_fields(&patched))
        });
        let Some(named) = patched else {
            return Ok(reply);
        };
        Ok(lied.edit_item(reply, Act::Read, |item| {
            let mut values: Vec<_> = item.iter_mut().collect();
            values.sort_by_key(|(name, _)| named.contains_key(*name));
            let lost = values.into_iter().find(|(name, _)| lied.is_clients(name));
            match lost.map(|(_, value)| value) {
                Some(Value::String(text)) => text.push_str("..."),
                Some(Value::Bool(is)) => *is = !*is,
                Some(value) => *value = 0.into(),
                None => {}
            }
        }))
    },
};

/// The number of patches that are tried while the server refuses them.
const TRIED: usize = 3;

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::collections::caught;

    #[test]
    fn a_server_that_loses_what_a_patch_does_not_name_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}

//! The part of a draft that says which operations share the items of a list.

use std::fmt::Write as _;

use crate::{Act, Collection, Contract, Document, Member};

impl Document {
    /// Writes an action for each operation of a collection, with the reason.
    pub(super) fn collection_actions(&self, out: &mut String, contracts: &[Contract]) {
        for collection in self.collections(contracts) {
            let list = collection.list.operation();
            let _ = writeln!(out, "  # {} {}: a collection", list.method, list.path);
            for member in &collection.members {
                self.member_action(out, &collection, member);
            }
        }
    }

    fn member_action(&self, out: &mut String, collection: &Collection, member: &Member) {
        let list = collection.list.operation();
        let operation = &self.operations()[member.operation];
        let mut said = vec![format!("does: {}", member.act.word())];
        match member.act {
            // How it pages is said by `x-pagination`, its key included.
            Act::List if !collection.is_whole => return,
            Act::List => said.push(format!("key: {}", quoted(&collection.key))),
            _ => said.push(format!("list: {}", quoted(&list.id))),
        }
        let places = [("item", &member.item), ("body", &member.body)];
        let places = places
            .into_iter()
            .filter_map(|(name, place)| Some((name, place.as_ref()?)));
        said.extend(places.map(|(name, place)| format!("{name}: {}", quoted(&place.to_string()))));
        if !member.sets.is_empty() {
            let sets: serde_json::Map<_, _> = member.sets.iter().cloned().collect();
            said.push(format!("sets: {}", serde_json::Value::Object(sets)));
        }
        let (method, path) = (&operation.method, &operation.path);
        let _ = writeln!(out, "  #   {method} {path}: {}", member.reason);
        let target = serde_json::Value::from(self.path(&operation.pointer));
        let _ = writeln!(out, "  - target: {target}");
        let _ = writeln!(
            out,
            "    update: {{ x-collection: {{ {} }} }}",
            said.join(", ")
        );
    }
}

/// A text in YAML. A JSON string is valid YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

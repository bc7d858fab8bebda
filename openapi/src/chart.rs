//! The places of one keyword in a schema and its parts.

use std::collections::HashMap;

use serde_json::Value;

/// A schema and its parts, the nearest first, each with the value that it gives the keyword.
///
/// Ways that lead to no such value are left out, because most of a page need not be looked at.
pub(crate) struct Chart(pub(crate) Vec<Spot>);

/// One schema of a [`Chart`]; it names others by their places in the chart.
pub(crate) struct Spot {
    /// Where the schema stands. The document keeps charts, so a chart does not keep the document.
    pub(crate) pointer: String,
    pub(crate) says: Option<Value>,
    pub(crate) parts: Vec<usize>,
    pub(crate) choices: Vec<usize>,
    /// All declared properties; none if the keyword does not stand below one.
    pub(crate) properties: HashMap<String, Option<usize>>,
    pub(crate) others: Option<usize>,
    pub(crate) items: Option<usize>,
}

impl Chart {
    /// The chart of these schemas.
    pub(crate) fn new(spots: Vec<Spot>) -> Self {
        let mut chart = Self(spots);
        chart.prune();
        chart
    }

    /// Leaves out the ways that lead to nothing.
    fn prune(&mut self) {
        let mut leads: Vec<bool> = self.0.iter().map(|spot| spot.says.is_some()).collect();
        loop {
            let more: Vec<usize> = (0..leads.len())
                .filter(|place| !leads[*place] && self.0[*place].ways().any(|way| leads[way]))
                .collect();
            if more.is_empty() {
                break;
            }
            for place in more {
                leads[place] = true;
            }
        }
        for spot in &mut self.0 {
            spot.parts.retain(|way| leads[*way]);
            spot.choices.retain(|way| leads[*way]);
            let properties = spot.properties.values_mut();
            for way in properties.chain([&mut spot.others, &mut spot.items]) {
                *way = way.filter(|way| leads[*way]);
            }
        }
    }
}

impl Spot {
    fn ways(&self) -> impl Iterator<Item = usize> {
        let several = self.parts.iter().chain(&self.choices).copied();
        let properties = self.properties.values().copied();
        several.chain(properties.chain([self.others, self.items]).flatten())
    }
}

//! Lists in an order that the caller chooses.

use openapi::{Role, Selector};
use serde_json::Value;

use super::sorted::contradicts;
use super::{End, Session, Walk};
use crate::{Case, Stop, draw};

impl Session<'_> {
    /// The texts that choose an order and its opposite.
    pub(crate) fn orders(&self) -> Option<[String; 2]> {
        let (one, other) = self.contract().paging().opposite_orders()?;
        Some([one, other].map(str::to_owned))
    }

    /// The keys of all items in an order, read in the largest pages; `None` if there are too many.
    pub(crate) fn listing_in_order(
        &self,
        case: &Case,
        text: &str,
    ) -> Result<Option<Vec<String>>, Stop> {
        /// The number of pages to read.
        const PAGES: usize = 40;
        let largest = draw::accepted(self).ok().map(|accepted| accepted.end - 1);
        let walk = self.walk(&self.in_order(case, text, largest), PAGES)?;
        Ok((walk.end == End::Last).then(|| walk.keys()))
    }

    /// The first pages in an order, which are small.
    pub(crate) fn walk_in_order(&self, case: &Case, text: &str) -> Result<Walk, Stop> {
        /// The number of pages to read.
        const PAGES: usize = 4;
        let smallest = draw::accepted(self).ok().map(|accepted| accepted.start);
        self.walk(&self.in_order(case, text, smallest), PAGES)
    }

    /// The texts that choose an order by a property, with the property.
    pub(crate) fn sorted_orders(&self) -> Vec<(String, Selector)> {
        let orders = self.contract().paging().sorted_orders();
        let orders = orders.map(|(text, by, _)| (text.to_owned(), by.clone()));
        orders.collect()
    }

    /// Two neighbours on the first pages in an order, if they contradict it: what they are sorted by.
    pub(crate) fn out_of_order(&self, case: &Case, text: &str) -> Result<Option<[Value; 2]>, Stop> {
        let contract = self.contract();
        let mut orders = contract.paging().sorted_orders();
        let Some((_, by, direction)) = orders.find(|(known, ..)| *known == text) else {
            return Ok(None);
        };
        let walk = self.walk_in_order(case, text)?;
        let pages = walk.pages.iter();
        let items = pages.flat_map(|page| contract.items(&page.body).unwrap_or_default());
        let items: Vec<&Value> = items.collect();
        let wrong = items
            .windows(2)
            .find(|pair| contradicts(contract, by, direction, pair[0], pair[1]));
        Ok(wrong.map(|pair| [0, 1].map(|place| by.get(pair[place]).cloned().unwrap_or_default())))
    }

    fn in_order(&self, case: &Case, text: &str, limit: Option<u64>) -> Case {
        let case = Case::of(&case.resource);
        let case = limit.into_iter().fold(case, Case::limit);
        match self.contract().paging().parameter(Role::Order) {
            Some(order) => case.send(&order.name, text),
            None => case,
        }
    }
}

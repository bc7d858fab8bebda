//! Lists in an order that the caller chooses.

use openapi::Role;

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

    fn in_order(&self, case: &Case, text: &str, limit: Option<u64>) -> Case {
        let case = Case::of(&case.resource);
        let case = limit.into_iter().fold(case, Case::limit);
        match self.contract().paging().parameter(Role::Order) {
            Some(order) => case.send(&order.name, text),
            None => case,
        }
    }
}

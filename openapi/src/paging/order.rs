//! The order that the caller chooses.
//!
//! A list can be read from both ends. A list that is sorted by another property is another list, which a contract
//! of its own can describe.

use super::{Paging, Wrong};
use crate::{Direction, Pagination, Role, Sorting, UnknownCursor, UnknownPage};

impl Paging {
    /// The order that a text of the order parameter stands for.
    pub fn sorting(&self, text: &str) -> Option<&Sorting> {
        self.parameter(Role::Order)?;
        self.pagination.order.values.get(text)
    }

    /// Two texts of the order parameter that stand for an order and for its opposite: ascending first.
    pub fn opposite_orders(&self) -> Option<(&str, &str)> {
        self.parameter(Role::Order)?;
        let values = &self.pagination.order.values;
        let with = |direction: Direction| {
            let mut found = values.iter().filter(|(_, one)| one.direction == direction);
            found.next().map(|(text, _)| text.as_str())
        };
        Some((with(Direction::Ascending)?, with(Direction::Descending)?))
    }
}

/// Checks that each order is the list's own, or that order from its other end.
pub(super) fn check(pagination: &Pagination) -> Result<(), Wrong> {
    let order = &pagination.order;
    if pagination.request.order.is_some() && order.values.is_empty() {
        return Err(Wrong {
            key: "request/order",
            message: "`request.order` needs `order.values`, and there are none".to_owned(),
            cure: "name each order by the value that is sent, as in `values: { -created: { direction: descending } }`".to_owned(),
        });
    }
    let by_value = UnknownCursor::Page(UnknownPage::ByValue);
    if pagination.request.above.is_some() && pagination.cursor.unknown != Some(by_value) {
        return Err(Wrong {
            key: "request/above",
            message: "`request.above` needs items that are compared with a value".to_owned(),
            cure: "say `cursor: { unknown: by-value }`, or take it out".to_owned(),
        });
    }
    let own = order.by.as_ref().unwrap_or(&pagination.key);
    let mut others = order.values.values().filter_map(|one| one.by.as_ref());
    if let Some(by) = others.find(|by| *by != own) {
        return Err(Wrong {
            key: "order/values",
            message: format!(
                "an order by `{by}` is not supported yet: items are sorted by `{own}`"
            ),
            cure: "name only orders by that property; requests for others get the list's own order"
                .to_owned(),
        });
    }
    Ok(())
}

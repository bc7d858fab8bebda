//! The order that the caller chooses.
//!
//! A list can be read from both ends, or sorted by another property of its items.

use super::{Paging, Wrong};
use crate::{
    Direction, Pagination, Role, Selector, Sorting, Step, Style, UnknownCursor, UnknownPage,
};

impl Paging {
    /// The order that a text of the order parameter stands for.
    pub fn sorting(&self, text: &str) -> Option<&Sorting> {
        self.parameter(Role::Order)?;
        self.pagination.order.values.get(text)
    }

    /// The property of items that an order sorts by; `None` if it is the list's own order, from either end.
    pub fn other_property<'s>(&self, sorting: &'s Sorting) -> Option<&'s str> {
        let by = sorting
            .by
            .as_ref()
            .filter(|by| *by != own(&self.pagination))?;
        match by.steps() {
            [Step::Name(name)] => Some(name.as_str()),
            _ => None,
        }
    }

    /// Each text of the order parameter that sorts by a property, with the property and the direction.
    pub fn sorted_orders(&self) -> impl Iterator<Item = (&str, &Selector, Direction)> {
        let order = &self.pagination.order;
        let is_chosen = self.parameter(Role::Order).is_some();
        let values = order.values.iter().filter(move |_| is_chosen);
        values.filter_map(|(text, one)| {
            let by = one.by.as_ref().or(order.by.as_ref())?;
            Some((text.as_str(), by, one.direction))
        })
    }

    /// Two texts of the order parameter that stand for the list's own order and for its opposite: ascending first.
    pub fn opposite_orders(&self) -> Option<(&str, &str)> {
        self.parameter(Role::Order)?;
        let values = &self.pagination.order.values;
        let with = |direction: Direction| {
            let mut found = values.iter().filter(|(_, one)| {
                one.direction == direction && self.other_property(one).is_none()
            });
            found.next().map(|(text, _)| text.as_str())
        };
        Some((with(Direction::Ascending)?, with(Direction::Descending)?))
    }
}

/// What the list is sorted by, if the caller chooses nothing.
fn own(pagination: &Pagination) -> &Selector {
    pagination.order.by.as_ref().unwrap_or(&pagination.key)
}

/// Checks that each order sorts by a property of items.
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
    let own = own(pagination);
    let others = order.values.values().filter_map(|one| one.by.as_ref());
    for by in others.filter(|by| *by != own) {
        let wrong = |message: String, cure: &str| {
            Err(Wrong {
                key: "order/values",
                message,
                cure: cure.to_owned(),
            })
        };
        if pagination.style == Style::Since {
            return wrong(
                format!("items cannot come by `{by}`: a cursor is compared with `{own}`"),
                "name only orders by that property; requests for others get the list's own order",
            );
        }
        if !matches!(by.steps(), [Step::Name(_)]) {
            return wrong(
                format!("`{by}` is no property of the item itself"),
                "name a property of the item, as in `by: $.name`",
            );
        }
    }
    Ok(())
}

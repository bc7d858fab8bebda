//! How an operation seems to page, with the reasons.

use super::look::Look;
use crate::{
    CursorRules, Echo, EndRules, ItemRules, LimitRules, Next, Order, PageNumbers, Pagination,
    Parameter, Parent, Previous, Request, Role, Selector, Site, Style, Totals,
};

/// How an operation without `x-pagination` seems to page.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What `x-pagination` would say.
    pub pagination: Pagination,
    /// The reasons: a key of `x-pagination`, and a sentence.
    pub reasons: Vec<(&'static str, String)>,
}

/// Where a boolean says that more items remain.
const MORE: [&str; 6] = [
    "hasmore",
    "hasnextpage",
    "hasnext",
    "moreresults",
    "morepages",
    "more",
];

impl Proposal {
    /// A proposal to page through what `look` sees, from the place that `place` names.
    pub(crate) fn new(look: &Look<'_>, style: Style, role: Role, place: &Parameter) -> Self {
        let mut reasons = vec![
            (
                "style",
                format!("the query parameter `{}` {}", place.name, meaning(role)),
            ),
            (
                "items",
                format!("`{}` is the list of objects in the 200 answer", look.items),
            ),
            ("key", format!("`{}` tells the items apart", look.key)),
        ];
        let site = |parameter: &Parameter| Site::Query {
            name: parameter.name.clone(),
        };
        if let Some(limit) = look.limit {
            let name = &limit.name;
            reasons.push((
                "request/limit",
                format!("`{name}` is a whole number and counts items"),
            ));
        }
        let more = look.field(&MORE, "boolean").cloned();
        if let Some(more) = &more {
            reasons.push((
                "next/more",
                format!("`{more}` is true or false beside the list"),
            ));
        }
        let path = look.operation.path.to_string();
        let parent = look.parent();
        if let Some(parent) = parent.as_ref().and_then(Parent::parameter) {
            reasons.push((
                "parent",
                format!("`{parent}` is the last parameter of {path}"),
            ));
        }
        let cursor = Some(site(place));
        let pagination = Pagination {
            name: None,
            style,
            items: look.items.clone().into(),
            key: look.key.clone(),
            request: Request {
                cursor: cursor.clone().filter(|_| role == Role::Cursor),
                page: cursor.filter(|_| role == Role::Page),
                limit: look.limit.map(site),
                ..Request::default()
            },
            page: PageNumbers::default(),
            next: Next {
                more,
                ..Next::default()
            },
            previous: Previous::default(),
            item: ItemRules::default(),
            totals: Totals::default(),
            echo: Echo::default(),
            order: Order::default(),
            cursor: CursorRules::default(),
            limit: LimitRules::default(),
            end: EndRules::default(),
            whole: None,
            volatile: Vec::new(),
            lifecycle: None,
            parent,
        };
        Self {
            pagination,
            reasons,
        }
    }

    /// The same proposal; the next cursor lies at `place`, for this reason.
    pub(crate) fn going_on_by(mut self, place: Selector, why: &str) -> Self {
        self.reasons
            .push(("next/cursor", format!("`{place}` {why}")));
        self.pagination.next.cursor = Some(place);
        self
    }
}

impl Look<'_> {
    /// The resource that the list belongs to: the one that the last parameter of the path names.
    fn parent(&self) -> Option<Parent> {
        let parameter = self.operation.path.parameters().last()?.to_owned();
        Some(Parent {
            parameter: Some(parameter),
            parameters: Vec::new(),
            echo: None,
            missing: None,
            foreign: None,
            checked: None,
        })
    }
}

fn meaning(role: Role) -> &'static str {
    match role {
        Role::Cursor => "says where to go on",
        Role::Offset => "counts the items to skip",
        Role::Page => "is the number of a page",
        Role::Range => "names a range of items",
        Role::Before => "says where a page ends",
        Role::Limit | Role::LimitBefore => "counts items",
        Role::Order => "chooses the order",
    }
}

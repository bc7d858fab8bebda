//! `x-stainless-pagination-property`: it stands at parameters and properties, and says what each is for.

use super::Said;
use crate::Operation;
use crate::paging::infer::Look;

pub(super) const NAME: &str = "x-stainless-pagination-property";

pub(super) fn is_said(operation: &Operation) -> bool {
    operation.parameters.iter().any(|parameter| {
        let written = parameter.schema.elsewhere(parameter.pointer.clone());
        written.keyword(NAME).is_some() || parameter.schema.keyword(NAME).is_some()
    })
}

pub(super) fn read(look: &Look<'_>) -> Option<Said> {
    let asked = |purposes: &[&str]| {
        let mut asked = look.asked.iter();
        let found = asked.find(|one| {
            one.purpose
                .as_deref()
                .is_some_and(|known| purposes.contains(&known))
        })?;
        Some(found.site.name().to_owned())
    };
    let field = |purposes: &[&str]| {
        let mut fields = look.answer.fields.iter();
        let found = fields.find(|one| purposes.contains(&one.purpose.as_str()))?;
        Some(found.at.clone())
    };
    let mut lists = look.answer.lists.iter();
    let said = Said {
        by: NAME,
        cursor: asked(&["next_cursor_param"]),
        offset: asked(&["offset_count_param"]),
        page: asked(&["page_number_param"]),
        limit: asked(&["page_size_param", "limit_param"]),
        items: lists
            .find(|list| list.purpose == "items")
            .map(|list| list.at.clone()),
        next_cursor: field(&["next_cursor_field"]),
        next_url: field(&["next_url_field"]),
        total: field(&["offset_count_total_field", "total_count_field"]),
        pages: field(&["total_page_count_field"]),
        more: field(&["has_next_page_field", "has_next_page"]),
    };
    let has_place = said.cursor.is_some()
        || said.offset.is_some()
        || said.page.is_some()
        || said.next_url.is_some();
    has_place.then_some(said)
}

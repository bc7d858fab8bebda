//! A page's number, counted in pages of one limit.

use super::super::{Certainty, Proposal};
use super::Look;
use super::asked::Asked;
use crate::{Role, Style};

pub(super) fn propose(look: &Look<'_>) -> Option<Proposal> {
    let page = look.asked.iter().find(|one| one.is_number())?;
    let url = look.next_url();
    let way = url
        .or_else(|| look.pages())
        .or_else(|| look.total())
        .or_else(|| look.more());
    let items = look.items(way)?;
    let mut proposal = Proposal::new(look, Style::Page, &items).asking(Role::Page, page);
    if let Some((first, why)) = first(page) {
        proposal.pagination.page.first = first;
        proposal.because("page/first", why);
    }
    if let Some(url) = url {
        proposal = proposal.going_on_by_url(look, url.at.clone());
    }
    if look.answer.has_links {
        proposal = proposal.going_on_by_link("the 200 answer declares a `Link` header");
    }
    proposal.pagination.echo.page = look.echo(page, &["currentpage", "page", "pagenumber"]);
    proposal.pagination.echo.limit = look
        .limit()
        .and_then(|limit| look.echo(limit, &["perpage", "pagesize"]));
    let is_said = page.says(&[
        "page number",
        "number of the page",
        "page to return",
        "page of",
        "page 1",
        "pagination",
        "pages",
        "page results",
        "0 based page",
    ]);
    let is_backed = look.limit().is_some() || way.is_some() || look.answer.has_links;
    // A page of a book or a document is no page of a list.
    let is_clear =
        is_backed && (page.is_count() || look.pages().is_some() || look.total().is_some());
    if is_clear || is_said && page.is_count() {
        Some(proposal)
    } else {
        let is_whole = page.is_count() && page.plain != "p";
        is_whole.then(|| {
            let mut proposal = proposal.at_most(Certainty::Likely);
            proposal.is_raised = true;
            proposal
        })
    }
}

/// The number of the first page, if the document says it, and how.
fn first(page: &Asked) -> Option<(u64, String)> {
    let name = &page.name;
    if page.says(&[
        "zero based",
        "0 based",
        "zero indexed",
        "0 indexed",
        "starts at 0",
        "starting from 0",
        "starting at 0",
        "starts from 0",
    ]) {
        return Some((0, format!("the description of `{name}` says so")));
    }
    let number = |keyword: &str| page.schema.keyword(keyword)?.as_u64();
    let found = number("minimum").filter(|first| *first == 1);
    let found = found
        .or_else(|| number("default"))
        .or_else(|| number("minimum"));
    let first = found.filter(|first| *first < 2)?;
    Some((first, format!("`{name}` starts at {first} in its schema")))
}

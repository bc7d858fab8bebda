//! What a document says of paging in the words of others: extensions of SDK generators and of servers, and links.
//!
//! Only the mechanics are there: which parameters ask for a page, and where the answer says how to go on. The rest
//! is looked for as for any other operation.

mod dropshot;
mod fern;
mod links;
mod ms;
mod speakeasy;
mod stainless;

use super::super::{Certainty, Proposal};
use super::Known;
use super::Look;
use super::look::Items;
use crate::{Operation, Role, Selector, Step, Style, join};

/// What a declaration says. Parameters are named as the document names them.
#[derive(Default)]
struct Said {
    /// Where it was said.
    by: &'static str,
    cursor: Option<String>,
    offset: Option<String>,
    page: Option<String>,
    limit: Option<String>,
    items: Option<Selector>,
    next_cursor: Option<Selector>,
    next_url: Option<Selector>,
    total: Option<Selector>,
    pages: Option<Selector>,
    more: Option<Selector>,
}

/// Everything that can be read, the most precise first.
const READERS: [fn(&Look<'_>) -> Option<Said>; 6] = [
    speakeasy::read,
    fern::read,
    stainless::read,
    dropshot::read,
    ms::read,
    links::read,
];

/// Extensions that stand at the operation.
const EXTENSIONS: [&str; 4] = [
    "x-speakeasy-pagination",
    "x-fern-pagination",
    "x-dropshot-pagination",
    "x-ms-pageable",
];

/// Whether an extension at the operation may say how it pages.
pub(super) fn is_said(document: &Known<'_>, operation: &Operation) -> bool {
    let has = |extension: &str| document.at(&join(&operation.pointer, extension)).is_some();
    EXTENSIONS.iter().any(|extension| has(extension)) || stainless::is_said(operation)
}

/// Whether the document says that an operation, which looks like a list that pages, does not page.
pub(super) fn is_denied(look: &Look<'_>) -> bool {
    ms::is_denied(look)
}

/// How the operation pages by what the document says in other words.
pub(super) fn propose(look: &Look<'_>) -> Option<Proposal> {
    READERS.iter().find_map(|read| proposal(look, &read(look)?))
}

fn proposal(look: &Look<'_>, said: &Said) -> Option<Proposal> {
    let asked = |name: &Option<String>| {
        let name = name.as_ref()?;
        look.asked
            .iter()
            .find(|one| one.name == *name || one.site.name() == name)
    };
    let guessed = look.items(None);
    let items = match &said.items {
        Some(at) => {
            let list = look.answer.lists.iter().find(|list| list.at == *at)?;
            look.items_of(list)
        }
        None => guessed?,
    };
    let place = |items: &Items<'_>| items.list.at.clone().then(&[Step::Last]);
    let is_key = said
        .next_cursor
        .as_ref()
        .is_some_and(|next| next.below(&place(&items)).is_some());
    let cursor = asked(&said.cursor).map(|one| {
        (
            Role::Cursor,
            if is_key { Style::Cursor } else { Style::Token },
            one,
        )
    });
    let offset = asked(&said.offset).map(|one| (Role::Offset, Style::Offset, one));
    let page = asked(&said.page).map(|one| (Role::Page, Style::Page, one));
    let mut proposal = match cursor.or(offset).or(page) {
        Some((role, style, one)) => Proposal::new(look, style, &items).asking(role, one),
        None if said.next_url.is_some() => Proposal::new(look, Style::Follow, &items),
        None => return None,
    };
    if let Some(limit) = asked(&said.limit) {
        proposal.pagination.request.limit = Some(limit.site.clone());
    }
    if let Some(next) = said.next_cursor.clone().filter(|_| cursor.is_some()) {
        proposal = proposal.going_on_by(next, "is the next cursor");
    }
    if let Some(url) = &said.next_url {
        proposal = proposal.going_on_by_url(look, url.clone());
    }
    let totals = &mut proposal.pagination.totals;
    totals.items = said.total.clone().or(totals.items.take());
    totals.pages = said.pages.clone().or(totals.pages.take());
    if said.more.is_some() {
        proposal.pagination.next.more.clone_from(&said.more);
    }
    proposal.because("style", format!("the document says so with `{}`", said.by));
    proposal.certainty = Certainty::Declared;
    Some(proposal)
}

/// A place as generators write it: `$.data`, `$response.data`, `$.data[-1].id`, `/data`; with `[*]` at the end or not.
fn place(text: &str) -> Option<Selector> {
    let text = text
        .strip_prefix("$response")
        .map_or(text, |rest| rest.trim_start_matches(".body"));
    let text = text.trim_start_matches('$').trim_end_matches("[*]");
    let text = text
        .replace("[(@.length-1)]", "[-1:]")
        .replace("[-1]", "[-1:]");
    let text = match text.chars().next() {
        None | Some('.' | '[') => format!("${text}"),
        Some(_) => format!("$.{text}"),
    };
    text.parse().ok()
}

/// The parameter that a request's place names: `$request.cursor` or `$request.body.cursor`.
fn requested(text: &str) -> Option<String> {
    let path = text.strip_prefix("$request.")?;
    let path = path.strip_prefix("query.").unwrap_or(path);
    match path.strip_prefix("body.") {
        Some(body) => Some(format!("/{}", body.replace('.', "/"))),
        None if path.contains('.') => Some(format!("/{}", path.replace('.', "/"))),
        None => Some(path.to_owned()),
    }
}

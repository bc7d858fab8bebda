//! The fields of an answer that say how to go on, when to stop, and how long the list is.

use super::answer::{Field, List};
use super::asked::Asked;
use super::look::Look;
use super::words::plain;
use crate::{Selector, Step};

/// Words of a field that looks back.
const BACK: [&str; 8] = [
    "prev", "previous", "first", "self", "back", "before", "current", "start",
];
/// Words of a URL.
const URLS: [&str; 6] = ["url", "uri", "href", "link", "links", "hyperlink"];
/// Names of the flag that says that more remain.
const MORE: [&str; 14] = [
    "hasmore",
    "hasnextpage",
    "hasnext",
    "moreresults",
    "morepages",
    "more",
    "hasmoreitems",
    "hasmoreresults",
    "hasmorepages",
    "nextpage",
    "istruncated",
    "truncated",
    "hasmoredata",
    "moreavailable",
];
/// Names of the flag that says that nothing remains.
const DONE: [&str; 12] = [
    "done",
    "last",
    "islast",
    "lastpage",
    "islastpage",
    "finished",
    "isdone",
    "isend",
    "endoflist",
    "eof",
    "nomore",
    "isfinished",
];
/// Names of the number of all items.
const TOTALS: [&str; 19] = [
    "total",
    "totalcount",
    "totalitems",
    "totalresults",
    "totalelements",
    "totalrecords",
    "numresults",
    "itemcount",
    "totalhits",
    "totalnumber",
    "recordcount",
    "totalsize",
    "totalentries",
    "totalrows",
    "resultcount",
    "countall",
    "resultstotal",
    "numberofresults",
    "odatacount",
];
/// Names of the object that holds what a page says of itself.
const ENVELOPES: [&str; 14] = [
    "meta",
    "page",
    "pages",
    "paging",
    "pagination",
    "pageinfo",
    "metadata",
    "pager",
    "responsemetadata",
    "paginginfo",
    "paginationinfo",
    "links",
    "cursors",
    "pagemetadata",
];
/// Names of the number of pages.
const PAGES: [&str; 6] = [
    "totalpages",
    "pagecount",
    "numpages",
    "pages",
    "totalpagecount",
    "pagestotal",
];

impl Look<'_> {
    /// The field that hands out the next value of a token parameter, and whether its name says so.
    pub(crate) fn next_token(&self, asked: &Asked) -> Option<(&Field, bool)> {
        let fields = self.answer.fields.iter().filter_map(|field| {
            let rank = rank(field, asked)?;
            Some((field, rank))
        });
        // Of several equals the first, which lies highest, is taken.
        let best = fields
            .rev()
            .max_by_key(|(field, rank)| (!field.is_example, *rank))?;
        Some((best.0, best.1 > 1))
    }

    /// The field that holds the URL of the next page.
    pub(crate) fn next_url(&self) -> Option<&Field> {
        let fields = self.answer.fields.iter();
        fields
            .filter(|field| field.is_text() && !field.is_example && !field.has(&BACK))
            .find(|field| {
                let is_next =
                    field.has(&["next"]) || field.name == "href" && field.way.ends_with("nexthref");
                is_next && self.is_url(field)
            })
    }

    /// The field that is named as the opposite of the one at `next`: `links.prev.href` of `links.next.href`.
    pub(crate) fn counterpart(&self, next: &Selector) -> Option<&Field> {
        let mut fields = self.answer.fields.iter();
        fields.find(|field| !field.is_example && is_opposite(&field.at, next))
    }

    fn is_url(&self, field: &Field) -> bool {
        if field.has(&["cursor", "token", "marker"]) {
            return false;
        }
        let is_format = field.format.starts_with("ur") || field.format.starts_with("iri");
        let in_links = field.way.contains("links") || field.way.starts_with("link");
        let is_said = field.says(&["url", "uri", "link", "hyperlink", "the next page of items"])
            && !field.says(&["cursor"]);
        is_format
            || field.has(&URLS)
            || in_links
            || is_said
            || field.name == "next" && self.has_counterparts(field)
    }

    /// Whether a count and a way back lie beside a field, as beside the URL of Django's pages.
    fn has_counterparts(&self, field: &Field) -> bool {
        let beside = |names: &[&str]| {
            let mut fields = self.answer.fields.iter();
            fields.any(|one| one.parent() == field.parent() && names.contains(&one.name.as_str()))
        };
        beside(&["previous", "prev"]) && beside(&["count", "total", "totalcount"])
    }

    /// The flag that says that more items remain.
    pub(crate) fn more(&self) -> Option<&Field> {
        let is_more = |field: &&Field| MORE.contains(&field.name.as_str());
        self.flags().find(is_more)
    }

    /// The flag that says that nothing remains.
    pub(crate) fn done(&self) -> Option<&Field> {
        let is_done =
            |field: &&Field| DONE.contains(&field.name.as_str()) && field.at.steps().len() < 3;
        self.flags().find(is_done)
    }

    fn flags(&self) -> impl Iterator<Item = &Field> {
        let fields = self.answer.fields.iter();
        fields.filter(|field| field.is_flag() && !field.is_example)
    }

    /// The field that counts all items.
    pub(crate) fn total(&self) -> Option<&Field> {
        let is_total = |field: &&Field| {
            TOTALS.contains(&field.name.as_str())
                || field.name == "count"
                    && (self.has_next_beside(field) || field.says(&["total", "total number"]))
        };
        self.counts().find(is_total)
    }

    fn has_next_beside(&self, field: &Field) -> bool {
        let mut fields = self.answer.fields.iter();
        fields.any(|one| one.parent() == field.parent() && one.name == "next")
    }

    /// The field that counts pages.
    pub(crate) fn pages(&self) -> Option<&Field> {
        let is_pages = |field: &&Field| PAGES.contains(&field.name.as_str());
        self.counts().find(is_pages)
    }

    /// The field that counts the items behind a page.
    pub(crate) fn remaining(&self) -> Option<&Field> {
        let is_remaining =
            |field: &&Field| field.has(&["remaining"]) && field.has(&["count", "items", "item"]);
        self.counts().find(is_remaining)
    }

    /// The field that repeats the number that was asked for.
    pub(crate) fn echo(&self, asked: &Asked, names: &[&str]) -> Option<Selector> {
        let same = |field: &&Field| field.name == asked.plain;
        let is_usual = |field: &&Field| {
            names.contains(&field.name.as_str()) || names.contains(&field.way.as_str())
        };
        let near = |field: &&Field| field.at.steps().len() < 3;
        let found = self.counts().filter(near).find(same);
        let found = found.or_else(|| self.counts().filter(near).find(is_usual))?;
        Some(found.at.clone())
    }

    /// The numbers beside a list, at the top, or in an object that is named for pages.
    fn counts(&self) -> impl Iterator<Item = &Field> {
        let fields = self.answer.fields.iter();
        fields.filter(|field| field.is_count() && !field.is_example && self.is_near(field))
    }

    fn is_near(&self, field: &Field) -> bool {
        let parent = field.parent();
        let is_named = |step: &Step| matches!(step, Step::Name(name) if ENVELOPES.contains(&plain(name).as_str()));
        let beside = |list: &List| {
            let steps = list.at.steps();
            !steps.is_empty() && steps[..steps.len() - 1] == *parent
        };
        parent.is_empty()
            || parent.last().is_some_and(is_named)
            || self.answer.lists.iter().any(beside)
    }

    /// The field with one of these names, of a type that keys have.
    pub(crate) fn repeated(&self, names: &[&str]) -> Option<Selector> {
        let mut fields = self.answer.fields.iter();
        let found = fields.find(|field| {
            let is_key = field.types.contains(&"string") || field.types.contains(&"integer");
            is_key && !field.is_example && names.contains(&field.name.as_str())
        })?;
        Some(found.at.clone())
    }
}

/// How surely a field hands out the next value of `asked`; `None` if it does not.
fn rank(field: &Field, asked: &Asked) -> Option<u8> {
    let is_number = field.types.contains(&"integer") && asked.is_count();
    if !(field.is_text() || is_number) || field.has(&BACK) || field.way.starts_with("prev") {
        return None;
    }
    let name = &asked.plain;
    let is_next = field.way.contains("next") || field.has(&["after", "end", "continuation"]);
    if field.name == format!("next{name}") || field.name == format!("{name}next") {
        return Some(5);
    }
    if is_link(field) {
        return None;
    }
    let is_token = asked.token().is_some_and(|rank| rank > 1) || asked.has(&["after"]);
    if field.name == *name && (field.way.contains("next") || is_token && !asked.has(&["after"])) {
        return Some(4);
    }
    let kinds = [
        "cursor",
        "token",
        "marker",
        "page",
        "offset",
        "continuation",
        "iterator",
        "key",
        "id",
        "after",
    ];
    if is_token && is_next && field.has(&kinds) && !field.has(&["size", "number", "count"]) {
        return Some(3);
    }
    let usual = [
        "next",
        "cursor",
        "nextpage",
        "continuation",
        "bookmark",
        "endcursor",
        "scrollid",
        "lastevaluatedkey",
    ];
    if is_token && usual.contains(&field.name.as_str()) {
        return Some(2);
    }
    (field.name == *name && is_token).then_some(2)
}

/// Whether two places have the same names, except that one says "previous" where the other says "next".
fn is_opposite(back: &Selector, next: &Selector) -> bool {
    let (back, next) = (back.steps(), next.steps());
    let mut is_turned = false;
    let mut pairs = back.iter().zip(next);
    let fits = pairs.all(|pair| match pair {
        (Step::Name(back), Step::Name(next)) => {
            let (back, next) = (plain(back), plain(next));
            let mut words = ["prev", "previous"].into_iter();
            let turned =
                next.contains("next") && words.any(|word| back == next.replacen("next", word, 1));
            is_turned |= turned;
            turned || back == next
        }
        _ => false,
    });
    fits && is_turned && back.len() == next.len()
}

/// Whether a field is a URL by its name or its format.
fn is_link(field: &Field) -> bool {
    field.has(&URLS) || field.format.starts_with("ur") || field.format.starts_with("iri")
}

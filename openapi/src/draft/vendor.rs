//! How a list pages, in the words of generators of SDKs and of servers.

use serde_json::{Value, json};

use crate::{Contract, Document, Pagination, Selector, Site, Step};

/// Whose words a draft is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vendor {
    /// `x-speakeasy-pagination`.
    Speakeasy,
    /// `x-fern-pagination`.
    Fern,
    /// `x-stainless-pagination-property`.
    Stainless,
    /// `x-dropshot-pagination`.
    Dropshot,
    /// `x-ms-pageable`.
    Ms,
}

impl Vendor {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Speakeasy,
        Self::Fern,
        Self::Stainless,
        Self::Dropshot,
        Self::Ms,
    ];

    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Speakeasy => "speakeasy",
            Self::Fern => "fern",
            Self::Stainless => "stainless",
            Self::Dropshot => "dropshot",
            Self::Ms => "ms",
        }
    }

    /// The values to merge, and the places where; `None` if the vendor has no words for it.
    pub(super) fn updates(
        self,
        document: &Document,
        contract: &Contract,
    ) -> Option<Vec<(String, Value)>> {
        let pagination = contract.pagination();
        let value = match self {
            Self::Speakeasy => speakeasy(pagination)?,
            Self::Fern => fern(pagination)?,
            Self::Dropshot => dropshot(pagination)?,
            Self::Ms => ms(pagination)?,
            Self::Stainless => return stainless(document, contract),
        };
        let name = match self {
            Self::Speakeasy => "x-speakeasy-pagination",
            Self::Fern => "x-fern-pagination",
            Self::Dropshot => "x-dropshot-pagination",
            _ => "x-ms-pageable",
        };
        Some(vec![(
            contract.operation().pointer.clone(),
            json!({ name: value }),
        )])
    }
}

impl std::str::FromStr for Vendor {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|one| one.word() == word);
        let words: Vec<_> = Self::ALL.iter().map(|one| one.word()).collect();
        known.ok_or_else(|| format!("there is no `{word}`; it is one of {}", words.join(", ")))
    }
}

/// Whether the next cursor is the last item's key.
fn is_last(pagination: &Pagination, next: &Selector) -> bool {
    let last = pagination.items.list.clone().then(&[Step::Last]);
    next.below(&last).is_some()
}

fn speakeasy(pagination: &Pagination) -> Option<Value> {
    let request = &pagination.request;
    let sites = [
        ("cursor", &request.cursor),
        ("offset", &request.offset),
        ("page", &request.page),
        ("limit", &request.limit),
    ];
    let inputs = sites.into_iter().filter_map(|(kind, site)| {
        let site = site.as_ref()?;
        let (place, name) = match site {
            Site::Body { at } => ("requestBody", at.trim_start_matches('/').replace('/', ".")),
            other => ("parameters", other.name().to_owned()),
        };
        Some(json!({ "name": name, "in": place, "type": kind }))
    });
    let inputs: Vec<_> = inputs.collect();
    let results = pagination.items.list.to_string();
    let mut outputs = json!({ "results": results });
    let next = &pagination.next;
    let kind = if let Some(url) = &next.url {
        outputs["nextUrl"] = url.to_string().into();
        "url"
    } else if request.cursor.is_some() {
        let cursor = next.cursor.as_ref()?.to_string();
        outputs["nextCursor"] = cursor.replace("[-1:]", "[(@.length-1)]").into();
        "cursor"
    } else if request.offset.is_some() || request.page.is_some() {
        if let Some(pages) = &pagination.totals.pages {
            outputs["numPages"] = pages.to_string().into();
        }
        "offsetLimit"
    } else {
        return None;
    };
    Some(json!({ "type": kind, "inputs": inputs, "outputs": outputs }))
}

fn fern(pagination: &Pagination) -> Option<Value> {
    let asked = |site: &Option<Site>| {
        let site = site.as_ref()?;
        Some(match site {
            Site::Body { at } => format!("$request{}", at.replace('/', ".")),
            other => format!("$request.{}", other.name()),
        })
    };
    let place = |at: &Selector| format!("$response{}", at.to_string().trim_start_matches('$'));
    let results = place(&pagination.items.list);
    let request = &pagination.request;
    let next = &pagination.next;
    if let Some(url) = &next.url {
        return Some(json!({ "type": "uri", "next_uri": place(url), "results": results }));
    }
    if let Some(cursor) = asked(&request.cursor) {
        let at = next.cursor.as_ref().filter(|at| !is_last(pagination, at))?;
        return Some(json!({ "cursor": cursor, "next_cursor": place(at), "results": results }));
    }
    let mut said = match (asked(&request.offset), asked(&request.page)) {
        (Some(offset), _) => {
            json!({ "offset": offset, "results": results, "step": asked(&request.limit)? })
        }
        (None, page) => json!({ "offset": page?, "results": results }),
    };
    if let Some(more) = &next.more {
        said["has-next-page"] = place(more).into();
    }
    Some(said)
}

fn dropshot(pagination: &Pagination) -> Option<Value> {
    let is_named = pagination.request.cursor.as_ref()?.name() == "page_token"
        && pagination.items.to_string() == "$.items"
        && pagination.next.cursor.as_ref()?.to_string() == "$.next_page";
    is_named.then(|| json!({ "required": [] }))
}

fn ms(pagination: &Pagination) -> Option<Value> {
    let name = |at: &Selector| match at.steps() {
        [Step::Name(name)] => Some(name.clone()),
        _ => None,
    };
    let next = name(pagination.next.url.as_ref()?)?;
    Some(json!({ "nextLinkName": next, "itemName": name(&pagination.items.list)? }))
}

/// Its words stand at the parameters and properties themselves.
fn stainless(document: &Document, contract: &Contract) -> Option<Vec<(String, Value)>> {
    let pagination = contract.pagination();
    let (request, next) = (&pagination.request, &pagination.next);
    let asked = [
        (&request.cursor, "next_cursor_param"),
        (&request.offset, "offset_count_param"),
        (&request.page, "page_number_param"),
        (&request.limit, "page_size_param"),
    ];
    let said = |pointer: String, purpose: &str| {
        (
            pointer,
            json!({ "x-stainless-pagination-property": { "purpose": purpose } }),
        )
    };
    let mut updates = Vec::new();
    for (site, purpose) in asked {
        if let Some(site) = site {
            let parameter = contract.operation().site(site)?;
            updates.push(said(document.tree().follow(&parameter.pointer), purpose));
        }
    }
    let is_last = next
        .cursor
        .as_ref()
        .is_some_and(|at| is_last(pagination, at));
    let fields = [
        (Some(&pagination.items.list), "items"),
        (
            next.cursor.as_ref().filter(|_| !is_last),
            "next_cursor_field",
        ),
        (next.url.as_ref(), "next_url_field"),
        (next.more.as_ref(), "has_next_page_field"),
        (pagination.totals.items.as_ref(), "total_count_field"),
        (pagination.totals.pages.as_ref(), "total_page_count_field"),
    ];
    for (at, purpose) in fields {
        if let Some(at) = at.filter(|at| !at.steps().is_empty()) {
            let pointer = contract.body().at(at)?.pointer().to_owned();
            updates.push(said(pointer, purpose));
        }
    }
    (!is_last).then_some(updates)
}

//! What requests of an operation may say: its parameters, and the places in its JSON body.

use serde_json::Value;

use super::Known;
use super::words::{plain, says, sentence, words};
use crate::{Location, Operation, Parameter, Schema, Site, join};

/// How deep places in the body are looked for.
const DEPTH: usize = 2;
/// How many of them are looked at.
const PLACES: usize = 100;

/// A parameter, or a place in the body.
pub(crate) struct Asked {
    /// Where it is sent.
    pub(crate) site: Site,
    /// Its name as the document spells it.
    pub(crate) name: String,
    /// Its name without case and punctuation.
    pub(crate) plain: String,
    /// The words of its name.
    pub(crate) words: Vec<String>,
    /// Its description, as a sentence of words.
    pub(crate) said: String,
    pub(crate) schema: Schema,
    /// What a vendor's extension says that it is for.
    pub(crate) purpose: Option<String>,
}

/// Names of what counts items.
const LIMITS: [&str; 28] = [
    "limit",
    "perpage",
    "pagesize",
    "pagelimit",
    "maxresults",
    "maxitems",
    "size",
    "take",
    "top",
    "first",
    "pageitems",
    "itemsperpage",
    "resultsperpage",
    "count",
    "maxkeys",
    "pagelen",
    "hitsperpage",
    "rows",
    "numresults",
    "maxrecords",
    "recordsperpage",
    "maxpagesize",
    "max",
    "batchsize",
    "pagecount",
    "maxnumberofresults",
    "resultlimit",
    "n",
];

/// Names of the page's number.
const NUMBERS: [&str; 11] = [
    "page",
    "pagenumber",
    "pageno",
    "pagenum",
    "pageindex",
    "currentpage",
    "pageid",
    "p",
    "pageoffset",
    "pagepage",
    "paginationpage",
];

/// Names of the number of items to skip.
const SKIPS: [&str; 9] = [
    "offset",
    "skip",
    "start",
    "startindex",
    "startat",
    "from",
    "pageoffset",
    "startoffset",
    "startfrom",
];

/// Names of the key behind which a page starts.
const AFTER: [&str; 10] = [
    "startingafter",
    "after",
    "afterid",
    "startafter",
    "lastid",
    "startafterid",
    "startingafterid",
    "lastkey",
    "afterkey",
    "lastseenid",
];

impl Asked {
    /// The parameters of `operation` in its query, and the places in its JSON body if a body asks for pages.
    pub(crate) fn all(document: &Known<'_>, operation: &Operation) -> Vec<Self> {
        let parameters = operation.parameters.iter();
        let parameters = parameters.filter(|one| one.location == Location::Query);
        let mut all: Vec<_> = parameters.map(Self::of).collect();
        if matches!(operation.method.as_str(), "POST" | "QUERY")
            && let Some(schema) = (document.body)(operation)
        {
            walk(&schema, "", DEPTH, &mut all);
        }
        all
    }

    fn of(parameter: &Parameter) -> Self {
        let written = parameter.schema.elsewhere(parameter.pointer.clone());
        let site = Site::Query {
            name: parameter.name.clone(),
        };
        let said = description(&written) + &description(&parameter.schema);
        let mut asked = Self::new(site, &parameter.name, said, parameter.schema.clone());
        asked.purpose = purpose(&written).or(asked.purpose);
        asked
    }

    fn new(site: Site, name: &str, said: String, schema: Schema) -> Self {
        Self {
            site,
            name: name.to_owned(),
            plain: plain(name),
            words: words(name),
            said,
            purpose: purpose(&schema),
            schema,
        }
    }

    /// Whether its name has one of these words.
    pub(crate) fn has(&self, words: &[&str]) -> bool {
        self.words.iter().any(|word| words.contains(&word.as_str()))
    }

    /// Whether its description has one of these phrases.
    pub(crate) fn says(&self, phrases: &[&str]) -> bool {
        says(&self.said, phrases)
    }

    /// Whether it takes texts. A schema without a type takes any.
    pub(crate) fn is_text(&self) -> bool {
        let types = self.schema.types();
        types.contains(&"string")
            || !types
                .iter()
                .any(|one| ["integer", "number", "boolean", "array"].contains(one))
    }

    /// Whether it takes whole numbers.
    pub(crate) fn is_count(&self) -> bool {
        let types = self.schema.types();
        types.contains(&"integer") || types.contains(&"number")
    }

    /// Whether it is a number, or a text that may be one.
    fn may_count(&self) -> bool {
        self.is_count() || self.is_text() && self.schema.keyword("format").is_none()
    }

    /// Whether it takes a date or a time. Such a parameter filters.
    pub(crate) fn is_time(&self) -> bool {
        let format = self.schema.keyword("format").and_then(Value::as_str);
        let is_format =
            format.is_some_and(|format| format.contains("date") || format.contains("time"));
        let words = [
            "date",
            "dates",
            "datetime",
            "timestamp",
            "timestamps",
            "iso 8601",
            "iso8601",
            "rfc 3339",
            "rfc3339",
            "unix",
            "epoch",
            "time",
            "seconds",
        ];
        is_format || self.has(&["date", "time", "timestamp", "at"]) || self.says(&words)
    }

    /// Whether it says who is asking.
    fn is_secret(&self) -> bool {
        self.says(&[
            "authentication token",
            "access token",
            "api key",
            "csrf",
            "requires scope",
            "bearer",
        ]) || self.has(&["access", "auth", "csrf", "api", "id"]) && self.has(&["token"])
    }

    /// Whether it looks back: such a parameter asks for the page before a place.
    pub(crate) fn is_backward(&self) -> bool {
        self.has(&[
            "before", "prev", "previous", "ending", "until", "last", "backward",
        ]) && !self.has(&["after"])
            && !AFTER.contains(&self.plain.as_str())
    }

    /// Whether it counts the items of a page, the surest name first; `None` if it does not.
    pub(crate) fn limit(&self) -> Option<usize> {
        let about = [
            "per page",
            "number of",
            "maximum",
            "how many",
            "page size",
            "limit",
            "results",
        ];
        let place = LIMITS.iter().position(|name| *name == self.plain);
        let place = place.or_else(|| {
            let short: &str = self.plain.trim_start_matches("pagination");
            LIMITS[..8].iter().position(|name| *name == short)
        })?;
        let is_named = self.is_count()
            || self.is_text() && self.plain == "count"
            || self.is_text() && self.says(&about[..3]);
        // A short name may be another count.
        let is_short = [
            "max",
            "n",
            "first",
            "top",
            "count",
            "size",
            "rows",
            "pagecount",
        ]
        .contains(&self.plain.as_str());
        let is_other = self.says(&["bytes", "byte", "file size", "include the count"]);
        let is_meant =
            !is_short || self.said.trim().is_empty() || self.says(&about) || self.has(&["page"]);
        (is_named && is_meant && !is_other).then_some(place)
    }

    /// Whether it is the number of a page.
    pub(crate) fn is_number(&self) -> bool {
        let name = self.plain.trim_start_matches("pagination");
        let is_named = NUMBERS.contains(&self.plain.as_str()) || NUMBERS[..4].contains(&name);
        let is_other = self.says(&["cursor", "token"]);
        is_named && self.may_count() && !is_other
    }

    /// Whether it is a number of items to skip.
    pub(crate) fn is_skip(&self) -> bool {
        let name = self.plain.trim_start_matches("pagination");
        let is_named = SKIPS.contains(&self.plain.as_str()) || SKIPS[..2].contains(&name);
        let loose = ["start", "from", "startat"].contains(&self.plain.as_str());
        let is_meant = !loose
            || self.says(&[
                "offset",
                "skip",
                "index",
                "first result",
                "results",
                "starting point",
            ]);
        is_named && self.is_count() && is_meant && !self.is_time()
    }

    /// Whether it may say which page is wanted.
    pub(crate) fn is_place(&self) -> bool {
        self.is_number()
            || self.is_skip()
            || self.is_after()
            || self.token().is_some()
            || self.words == ["max", "id"]
            || self.plain == "before"
            || self.plain == "since"
    }

    /// Whether it may be a key: the page starts behind it.
    pub(crate) fn is_after(&self) -> bool {
        AFTER.contains(&self.plain.as_str()) && !self.is_time()
    }

    /// How surely it is a token: 3 by its name, 2 by its description, 1 perhaps; `None` if it is none.
    pub(crate) fn token(&self) -> Option<u8> {
        if !self.is_text() || self.is_backward() || self.is_secret() {
            return None;
        }
        let strong = [
            "cursor",
            "marker",
            "iterator",
            "continuation",
            "continue",
            "bookmark",
            "scroll",
            "skiptoken",
        ];
        let kinds = [
            "page",
            "next",
            "start",
            "starting",
            "continuation",
            "pagination",
            "sync",
            "resume",
            "paging",
        ];
        if self.has(&strong) && !self.has(&["include", "use"])
            || self.has(&["token"]) && self.has(&kinds)
        {
            return Some(3);
        }
        // The name that JSON:API gives to cursors.
        if self.words == ["page", "after"] {
            return Some(2);
        }
        if self.is_time() {
            return None;
        }
        let spoken = [
            "cursor",
            "next page",
            "pagination",
            "previous response",
            "prior invocation",
            "page token",
            "pagination token",
            "continuation token",
            "offset token",
            "next set",
        ];
        let loose = [
            "page",
            "offset",
            "after",
            "startingafter",
            "startafter",
            "pageafter",
            "start",
            "next",
            "nextpage",
            "from",
            "position",
            "token",
            "since",
            "afterid",
        ];
        let is_loose = loose.contains(&self.plain.as_str());
        match (is_loose, self.says(&spoken)) {
            (true, true) => Some(2),
            (true, false) => Some(1),
            _ => None,
        }
    }
}

/// The places of a body's properties.
fn walk(schema: &Schema, at: &str, depth: usize, all: &mut Vec<Asked>) {
    for (name, property) in schema.named() {
        if all.len() > PLACES {
            return;
        }
        let place = join(at, &name);
        if depth > 1 {
            walk(&property, &place, depth - 1, all);
        }
        let site = Site::Body { at: place };
        let said = description(&property);
        all.push(Asked::new(site, &name, said, property));
    }
}

/// The description that stands beside a schema, as a sentence of words.
pub(super) fn description(schema: &Schema) -> String {
    let text = schema.keyword("description").and_then(Value::as_str);
    sentence(text.unwrap_or_default())
}

/// What `x-stainless-pagination-property` says that a parameter or a property is for.
pub(super) fn purpose(schema: &Schema) -> Option<String> {
    let purpose = schema
        .keyword("x-stainless-pagination-property")?
        .get("purpose")?;
    purpose.as_str().map(str::to_owned)
}

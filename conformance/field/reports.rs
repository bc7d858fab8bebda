//! The kinds of public reports that the faults come from, as they were found in trackers of issues.
//!
//! Each line says whose server, or whose client, met such a fault, and how. Faults without a line are known from the
//! same kinds of servers, but no report of them was read.

/// The names of faults, and where each was seen.
pub(crate) const SEEN: &[(&str, &str)] = &[
    (
        "more after every full page",
        "an icon library and a news feed: more, if the page is full",
    ),
    (
        "the last item of a page again",
        "a catalogue of ships: the last one of a page is the first of the next",
    ),
    (
        "one item lost between pages",
        "a stock keeper: a page repeats some items and lacks others",
    ),
    (
        "the row that was fetched to see whether there are more",
        "a pipeline tool: a page may hold more than its size",
    ),
    (
        "the last page is left out",
        "an editor of library data and a shop: the number of pages was rounded down",
    ),
    (
        "the cursor of the last page leads to the first",
        "a record store: a token at the end begins again",
    ),
    (
        "an empty page where the list begins",
        "a compute cloud: empty pages with a token",
    ),
    (
        "the same page behind the third cursor",
        "a workflow client: tokens that lead in a circle",
    ),
    (
        "the limit is ignored behind a cursor",
        "lists of a code host: the page size is ignored",
    ),
    (
        "a smaller page than asked for",
        "a device manager: 1,000 asked for, 500 served",
    ),
    (
        "a negative limit",
        "an automation tool: -1 failed, and -11 listed all",
    ),
    ("a limit of zero", "a ledger: a limit of zero lists all"),
    (
        "a limit above the greatest",
        "an organiser of campaigns: 1,000 served where 100 is the most",
    ),
    (
        "no limit of sixteen or more",
        "a file share: limits above 500 were refused",
    ),
    (
        "the order changes between two requests",
        "a studio's tracker and a list of findings: no unique column to sort by",
    ),
    (
        "rows with equal times are skipped",
        "a canvas, an audit log, an automation server: the cursor is a time only",
    ),
    (
        "another order behind a cursor",
        "a workflow tool: the first page by id, the next by time",
    ),
    (
        "numbers in the order of texts",
        "a survey tool and an image service: 10 before 2",
    ),
    (
        "an item twice on a page",
        "a monitor of web pages and an image catalogue: a join repeated rows",
    ),
    (
        "two neighbours swapped in a long list",
        "a data set tool: rows of one batch change places",
    ),
    (
        "the total counts the page",
        "a forum: the counter showed what was loaded",
    ),
    (
        "the total counts hidden rows",
        "a mobile backend and two content systems: deleted rows in the total",
    ),
    (
        "the total counts what is left",
        "a content system and a web archive: the total falls from page to page",
    ),
    (
        "the total is zero behind the first page",
        "a data archive: a total on the first page only",
    ),
    (
        "the total stops at twenty",
        "a search in health records: the count stops at ten thousand",
    ),
    (
        "a long list is empty",
        "a content system: a page in the middle of 130 items came empty",
    ),
    (
        "only the newest twenty",
        "a dozen search APIs: nothing behind ten thousand",
    ),
    (
        "rows are hidden after the page was cut",
        "a course planner and a realtime database: rights applied after the limit",
    ),
    (
        "a page past the end shows the last page",
        "a shop platform: a page number that is too great is clamped",
    ),
    (
        "no login behind a cursor",
        "a content system: rights were checked on the first page only",
    ),
    (
        "no login at all",
        "a marketplace: the guard stood before some routes only",
    ),
    (
        "HEAD needs no login",
        "a repository of artifacts: HEAD was guarded later",
    ),
    (
        "lists of others can be read",
        "a business suite: the right to read one's own reports listed all",
    ),
    (
        "lists of others can be read behind a cursor",
        "a content system: results one page ahead without rights",
    ),
    (
        "403 for the list of somebody else",
        "a hosting platform and an identity server: 403 and 404 tell ids apart",
    ),
    (
        "an empty list for an id that names nothing",
        "a file store: an empty list for a folder that cannot be seen",
    ),
    (
        "another text for the list of somebody else",
        "a cluster manager: the refusal named the owner",
    ),
    (
        "a cursor decides whose items are shown",
        "a mail archive: a stored query was run for another reader",
    ),
    (
        "the start of a token is enough",
        "a tool server: a secret was compared by its start",
    ),
    (
        "500 for a cursor that cannot be read",
        "a process engine and an app backend: a made-up cursor brings 500",
    ),
    (
        "500 on the last page",
        "a simulation platform: 500 where the list ends",
    ),
    (
        "500 for an empty list",
        "a search service: a list without documents failed",
    ),
    (
        "500 for the greatest limit",
        "a register of persons: a limit of 51 failed, and 50 did not",
    ),
    (
        "500 for a limit of 2^31 or more",
        "a schema registry and a time series database: an integer overflowed",
    ),
    (
        "500 for HEAD",
        "a web framework and a font service: HEAD brings 500",
    ),
    (
        "503 for one page, each time",
        "an archive of reports: high pages failed each time",
    ),
    (
        "a cursor that cannot be read leads to the first page",
        "an agent's daemon: an unknown cursor fell back to page one",
    ),
    (
        "an unknown key leads to the first page",
        "a record store: a token that matches nothing begins again",
    ),
    (
        "an error with status 200",
        "a budget portal: errors with 200, which were cached",
    ),
    (
        "a page of HTML for an error",
        "a game shop and a calendar: HTML where JSON was asked for",
    ),
    (
        "a null behind the first page",
        "a network register and an integration platform: null where the schema has none",
    ),
    (
        "an old item without a property",
        "a platform of risk models: a required field that old runs lack",
    ),
    (
        "a number as a text",
        "an API of map data: a ratio came as a text",
    ),
    (
        "a body that breaks off",
        "a web framework: a wrong length cut the message",
    ),
    (
        "NaN in a body",
        "a tracking server and a graph database: NaN without quotes",
    ),
    (
        "the next URL forgets the limit",
        "a civic directory and a clinic's API: links without the page size",
    ),
    (
        "the next URL leads to another host",
        "a store of bookmarks and an archive behind a proxy: links to the inner host",
    ),
    (
        "the next URL skips a page",
        "an open data portal: next led to the last page",
    ),
    (
        "the previous URL leads to this page",
        "a catalogue of works and a sound archive: previous led to an empty page, or nowhere",
    ),
    (
        "a next URL on the last page",
        "an index of satellite images: next, if the page is full",
    ),
    (
        "the cache ignores the query",
        "a browser maker's site: the query was no part of the cache's key",
    ),
    (
        "the cache ignores the limit",
        "a page builder: another query got the kept page",
    ),
    (
        "the cache ignores the caller",
        "a database's REST API and a block editor's cloud: no Vary beside private answers",
    ),
    (
        "any validator will do",
        "a helper for entity tags: without a tag every condition matched",
    ),
    (
        "every other server has no such cursor",
        "a broker of sessions: cursors lived in one process, and were dropped",
    ),
    (
        "every other server lags behind",
        "a ticket shop and a job runner: a replica lacked the newest row",
    ),
];

/// Where a fault was seen.
pub(crate) fn seen(fault: &str) -> Option<&'static str> {
    let found = SEEN.iter().find(|(name, _)| *name == fault);
    found.map(|(_, seen)| *seen)
}

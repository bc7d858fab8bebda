//! Requests that try to break a server, as far as an HTTP client can send them.

use openapi::{Location, Position, Promise};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use crate::outcome::Skip;
use crate::session::Session;
use crate::{After, Case};

/// Characters with a meaning for programs that store, log or forward a text.
const CONTROLS: &[&str] = &[
    "\0",
    "\r\nSet-Cookie: a=b",
    "\n",
    "a\0b",
    "\t",
    "\u{1b}[31m",
    "\u{7f}",
];

/// Other texts that have broken servers.
const TEXTS: &[&str] = &[
    " ",
    ".",
    "..",
    "../../etc/passwd",
    "/",
    "\\",
    "%",
    "%00",
    "%2F",
    "%2e%2e",
    "%C0%AF",
    "%FF%FE",
    "+",
    "?",
    "#",
    ";",
    "&",
    "*",
    "'",
    "\"",
    "' OR '1'='1",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "<script>",
    "[]",
    "{}",
    "null",
    "NaN",
    "-0",
    "1e309",
    "0x10",
    "9223372036854775808",
    "-9223372036854775809",
    "99999999999999999999999999999999999999",
    "\u{fffd}",
    "\u{202e}",
    "e\u{301}",
    "\u{1f4a9}",
    "١٢",
];

/// Ids as written in the path, with wrong encoding or invalid UTF-8.
const SPELLED: &[&str] = &[
    "%FF%FE", "%C0%AF", "%", "%2", "%zz", "%2e%2e", "..%2F..", ".%2e", ";", "a;b=c",
];

/// Queries around the name of a parameter, with wrong encoding, invalid UTF-8, or no encoding.
const QUERIES: &[(&str, &str)] = &[
    ("", ""),
    ("", "="),
    ("=", ""),
    ("&&", "&"),
    ("", "=%"),
    ("", "=%2"),
    ("", "=%zz"),
    ("", "=%FF%FE"),
    ("%FF", "=%FF"),
    ("", "=%C0%AF"),
    ("", "=%ED%A0%80"),
    ("", "=\0"),
    ("", "=\u{e9}"),
    ("", "=?#"),
    ("", "[]=1"),
    ("", "[a][b]=1"),
    ("__proto__[", "]=1"),
];

/// Headers that servers read besides credentials and parameters.
const HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "content-type",
    "cookie",
    "forwarded",
    "if-modified-since",
    "if-none-match",
    "origin",
    "range",
    "referer",
    "user-agent",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-request-id",
];

/// The longest text. Percent-encoding makes it three times as long.
const LONGEST: usize = 8 * 1024;
/// The greatest number of parameters.
const MANY: usize = 400;

/// Cases that every run sends: repeated parameters, wrong spellings of the cursor, altered tokens, and wrong
/// ids.
///
/// Many frameworks turn a repeated parameter into a list. The cursor and the id also get control
/// characters.
pub(crate) fn known(session: &Session<'_>) -> Result<Vec<Case>, Skip> {
    let contract = session.contract();
    let plain = super::plain(session)?;
    let twice = |name: &String| plain.clone().send(name, "a").send(name, "b");
    let mut cases: Vec<Case> = names(session).iter().map(twice).collect();
    let cursor = contract.paging().place();
    if cursor.location == Location::Query {
        let spelled = QUERIES
            .iter()
            .map(|around| query(&plain, &cursor.name, *around));
        cases.extend(spelled);
    }
    let controls = CONTROLS
        .iter()
        .map(|text| After::Cursor((*text).to_owned()));
    cases.extend(controls.map(|cursor| plain.clone().after(cursor)));
    if let Some(token) = token(session) {
        let altered = altered(&token).into_iter().map(After::Cursor);
        cases.extend(altered.map(|cursor| plain.clone().after(cursor)));
    }
    if contract.parent().is_some() {
        cases.extend(
            SPELLED
                .iter()
                .map(|spelled| plain.clone().spelled(*spelled)),
        );
        let named = session.naming_like(&plain.resource);
        cases.extend(CONTROLS.iter().map(|text| Case::of(&named(text))));
    }
    Ok(cases)
}

/// The token of the longest resource's first page, if cursors are tokens and there is a second page.
///
/// A page that cannot be read is the matter of other laws.
fn token(session: &Session<'_>) -> Option<String> {
    if session.promises(Promise::ItemsNamePlaces) {
        return None;
    }
    let (longest, _) = super::longest(session).ok()?;
    let mut walk = session
        .walk(&super::of_shortest_page(session, Case::of(&longest)), 1)
        .ok()?;
    match walk.pages.pop()?.next? {
        Position::Token(token) | Position::After(token) => Some(token),
        _ => None,
    }
}

/// Tokens that can be decoded as the served one can, but were never served.
///
/// Servers that trust what they decode fail at them. They have the served token's alphabet, and lengths that
/// are multiples of four.
fn altered(token: &str) -> Vec<String> {
    let letters: Vec<char> = token.chars().collect();
    let whole = |length: usize| letters[..length / 4 * 4].iter().collect::<String>();
    let turned = |letter: &char| match letter {
        'A'..='L' | 'a'..='l' => 'Z',
        letter if letter.is_ascii_alphabetic() => 'A',
        letter => *letter,
    };
    let mut altered = vec![
        // `foo` in base 64.
        "Zm9v".to_owned(),
        whole(letters.len() / 2),
        letters.iter().map(turned).collect(),
        format!("{token}{token}"),
    ];
    altered.retain(|altered| !altered.is_empty() && altered != token);
    altered
}

fn query(plain: &Case, name: &str, (before, behind): (&str, &str)) -> Case {
    Case {
        query: Some(format!("{before}{name}{behind}")),
        ..plain.clone()
    }
}

/// A hostile id, cursor, limit or header, the same parameter many times, or many parameters.
pub(crate) fn cases(session: &Session<'_>) -> Result<BoxedStrategy<Case>, Skip> {
    let contract = session.contract();
    let plain = super::plain(session)?;
    let mut kinds: Vec<(u32, BoxedStrategy<Case>)> = Vec::new();
    if contract.parent().is_some() {
        let named = session.naming_like(&plain.resource);
        let ids = texts().prop_map(move |text| Case::of(&named(&text)));
        kinds.push((4, ids.boxed()));
        let case = plain.clone();
        let spelled = select(SPELLED).prop_map(move |spelled| case.clone().spelled(spelled));
        kinds.push((1, spelled.boxed()));
    }
    let case = plain.clone();
    let cursors = texts().prop_map(move |text| case.clone().after(After::Cursor(text)));
    kinds.push((4, cursors.boxed()));
    let names = names(session);
    if names.is_empty() {
        return Ok(Union::new_weighted(kinds).boxed());
    }
    let (case, known) = (plain.clone(), names.clone());
    let one = (select(known), texts()).prop_map(move |(name, text)| case.clone().send(&name, text));
    kinds.push((3, one.boxed()));
    let (case, known) = (plain.clone(), names.clone());
    let spelled = (select(known), select(QUERIES));
    let query = spelled.prop_map(move |(name, around)| query(&case, &name, around));
    kinds.push((1, query.boxed()));
    let case = plain.clone();
    let again = (select(names), 2..MANY, short_texts()).prop_map(move |(name, times, text)| {
        (0..times).fold(case.clone(), |case, _| case.send(&name, text.clone()))
    });
    kinds.push((1, again.boxed()));
    let case = plain.clone();
    let many = (2..MANY, short_texts()).prop_map(move |(times, text)| {
        (0..times).fold(case.clone(), |case, turn| {
            case.send(&format!("x{turn}"), text.clone())
        })
    });
    kinds.push((1, many.boxed()));
    let headers = (
        select(HEADERS),
        texts().prop_filter("a header cannot hold it", |text| sendable(text)),
    );
    let headers = headers.prop_map(move |(name, text)| plain.clone().header(name, text));
    kinds.push((3, headers.boxed()));
    Ok(Union::new_weighted(kinds).boxed())
}

/// The names of the parameters that are not in the path.
fn names(session: &Session<'_>) -> Vec<String> {
    let parameters = session.contract().operation().parameters.iter();
    parameters
        .filter(|parameter| parameter.location != Location::Path)
        .map(|parameter| parameter.name.clone())
        .collect()
}

/// A text that has broken servers, any other, or a long one.
fn texts() -> BoxedStrategy<String> {
    let any = proptest::collection::vec(any::<char>(), 0..24).prop_map(String::from_iter);
    let long = (select(b"a0/.%\0".as_slice()), 2..=LONGEST)
        .prop_map(|(byte, times)| char::from(byte).to_string().repeat(times));
    prop_oneof![6 => short_texts(), 2 => any, 1 => long].boxed()
}

fn short_texts() -> impl Strategy<Value = String> {
    prop_oneof![1 => select(CONTROLS), 2 => select(TEXTS)].prop_map(str::to_owned)
}

fn sendable(text: &str) -> bool {
    http::HeaderValue::from_str(text).is_ok()
}

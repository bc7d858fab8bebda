//! The seam of paging: how requests name places, and how answers say to go on, in each dialect.

use http::{HeaderMap, HeaderValue};
use openapi::{
    Contract, Document, End, PageFacts, PageRequest, Position, Promise, Reply, Role, Source, Way,
};
use serde_json::{Value, json};

/// Opaque tokens.
const TOKEN: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      parameters: [{ name: room, in: path, required: true, schema: { type: string } }, { name: token, in: query, schema: { type: string } }, { name: size, in: query, schema: { type: integer, default: 3 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { properties: { rows: { type: array, items: { properties: { id: { type: string } } } }, next: { type: string } } } } } } }
      x-pagination: { style: token, items: $.rows, key: $.id, request: { cursor: { in: query, name: token }, limit: { in: query, name: size } }, next: { cursor: $.next } }
";

/// Page numbers, and a `Link` header beside a bare list.
const PAGE: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      parameters: [{ name: room, in: path, required: true, schema: { type: string } }, { name: page, in: query, schema: { type: integer, minimum: 1 } }, { name: per_page, in: query, schema: { type: integer, default: 3 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { properties: { id: { type: string } } } } } } } }
      x-pagination: { style: page, items: $, key: $.id, request: { page: { in: query, name: page }, limit: { in: query, name: per_page } }, next: { link: next } }
";

fn contract(text: &str) -> Contract {
    let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    document.contracts().unwrap().remove(0)
}

/// How the answer with this body, and this `Link` header, says to go on.
fn next(contract: &Contract, at: Position, body: &Value, link: Option<&'static str>) -> Way {
    let mut headers = HeaderMap::new();
    headers.extend(link.map(|link| (http::header::LINK, HeaderValue::from_static(link))));
    let reply = Reply {
        headers: &headers,
        body,
    };
    let request = PageRequest {
        at,
        ..PageRequest::default()
    };
    contract.paging().info(&reply, &request).next
}

#[test]
fn what_is_written_is_read_again() {
    let token = contract(TOKEN);
    let page = contract(PAGE);
    let after = Position::Token("abc".to_owned());
    for (contract, role, at, text) in [
        (&token, Role::Cursor, after, "abc"),
        (&page, Role::Page, Position::Page(3), "4"),
    ] {
        let paging = contract.paging();
        let written = paging.write(&at).unwrap();
        let texts: Vec<_> = written
            .iter()
            .map(|(one, text)| (&one.name, text))
            .collect();
        let place = &paging.parameter(role).unwrap().name;
        assert_eq!(texts, [(place, &text.to_owned())]);
        let sent = |asked: Role| (asked == role).then(|| text.to_owned());
        assert_eq!(paging.read(sent), Ok(at));
        assert_eq!(paging.read(|_| None), Ok(Position::Start));
        let nothing = |asked: Role| (asked == role).then(|| paging.nothing());
        assert_eq!(paging.read(nothing), Ok(Position::Start));
    }
    assert!(token.paging().write(&Position::Page(2)).is_none());
    assert!(page.paging().read(|_| Some("0".to_owned())).is_err());
    assert!(page.paging().read(|_| Some("two".to_owned())).is_err());
}

#[test]
fn a_token_leads_on_until_there_is_none() {
    let contract = contract(TOKEN);
    let rows = json!([{ "id": "a" }]);
    let on = json!({ "rows": rows, "next": "abc" });
    let token = Position::Token("abc".to_owned());
    assert_eq!(next(&contract, Position::Start, &on, None), Way::To(token));
    for body in [
        json!({ "rows": rows }),
        json!({ "rows": rows, "next": null }),
        json!({ "rows": rows, "next": "" }),
    ] {
        let way = next(&contract, Position::Start, &body, None);
        assert_eq!(way, Way::End(End::NoWay), "{body}");
    }
}

#[test]
fn a_link_leads_to_the_next_page_and_its_absence_ends_the_walk() {
    let contract = contract(PAGE);
    let full = json!([{ "id": "a" }, { "id": "b" }, { "id": "c" }]);
    let link = Some("<http://h/rooms/1/log?per_page=3&page=2>; rel=\"next\", <x>; rel=\"last\"");
    let way = next(&contract, Position::Start, &full, link);
    assert_eq!(way, Way::To(Position::Page(1)));
    let way = next(&contract, Position::Start, &full, None);
    assert_eq!(way, Way::End(End::NoWay));
}

#[test]
fn a_link_to_another_page_than_the_next_is_a_disagreement() {
    let contract = contract(PAGE);
    let full = json!([{ "id": "a" }, { "id": "b" }, { "id": "c" }]);
    let mut headers = HeaderMap::new();
    let link = HeaderValue::from_static("</rooms/1/log?page=7>; rel=next");
    headers.insert(http::header::LINK, link);
    let reply = Reply {
        headers: &headers,
        body: &full,
    };
    let request = PageRequest {
        at: Position::Page(1),
        limit: Some(3),
        order: None,
    };
    let paging = contract.paging();
    let differ = Some((Position::Page(6), Position::Page(2)));
    assert_eq!(paging.disagreement(&reply, &request), differ);
}

#[test]
fn pages_are_counted_where_no_answer_says_how_to_go_on() {
    let contract = contract(&PAGE.replace(", next: { link: next }", ""));
    let full = json!([{ "id": "a" }, { "id": "b" }, { "id": "c" }]);
    let way = next(&contract, Position::Page(2), &full, None);
    assert_eq!(way, Way::To(Position::Page(3)));
    let short = json!([{ "id": "a" }]);
    let way = next(&contract, Position::Page(2), &short, None);
    assert_eq!(way, Way::End(End::ShortPage));
}

#[test]
fn the_number_of_pages_ends_a_walk_where_nothing_says_how_long_a_page_is() {
    let text = PAGE.replace("type: integer, default: 3", "type: integer");
    let text = text.replace(
        "schema: { type: array, items: { properties: { id: { type: string } } } }",
        "schema: { properties: { rows: { type: array, items: { properties: { id: { type: string } } } }, total: { type: integer }, pages: { type: integer } } }",
    );
    let text = text.replace(
        "items: $, key: $.id",
        "items: $.rows, key: $.id, totals: { items: $.total, pages: $.pages }",
    );
    let contract = contract(&text.replace(", next: { link: next }", ""));
    let rows = json!([{ "id": "a" }, { "id": "b" }]);
    for (pages, expect) in [(3, Way::To(Position::Page(2))), (2, Way::End(End::Total))] {
        let body = json!({ "rows": rows, "total": 4, "pages": pages });
        assert_eq!(next(&contract, Position::Page(1), &body, None), expect);
    }
}

#[test]
fn links_repeat_the_query_of_the_request() {
    let contract = contract(PAGE);
    let headers = |at: Position, more: bool| {
        let base = "http://h:1";
        contract.paging().headers(&PageFacts {
            base,
            target: "/rooms/1/log?per_page=3&page=2&tag=a%2Cb",
            at: &at,
            limit: Some(3),
            more,
            total: 8,
            before: 3,
            items: 3,
            next: more.then_some(Position::Page(2)),
            previous: match at {
                Position::Page(1) => Some(Position::Start),
                Position::Page(pages) => Some(Position::Page(pages - 1)),
                _ => None,
            },
            last: Some(Position::Page(2)),
            marked: None,
        })
    };
    let linked = |text: String| [("link".to_owned(), text)];
    let url = |page: u64| format!("<http://h:1/rooms/1/log?per_page=3&tag=a%2Cb&page={page}>");
    let middle = format!(
        "{}; rel=\"first\", {}; rel=\"prev\", {}; rel=\"next\", {}; rel=\"last\"",
        url(1),
        url(1),
        url(3),
        url(3)
    );
    assert_eq!(headers(Position::Page(1), true), linked(middle));
    let last = format!("{}; rel=\"first\", {}; rel=\"prev\"", url(1), url(2));
    assert_eq!(headers(Position::Page(2), false), linked(last));
    assert_eq!(headers(Position::Start, false), []);
}

#[test]
fn a_place_in_the_body_is_a_parameter_like_any_other() {
    let document = TOKEN
        .replace("get:", "post:")
        .replace(
            "      responses:",
            "      requestBody: { content: { application/json: { schema: { properties: { page: { properties: { cursor: { type: string } } } } } } } }\n      responses:",
        )
        .replace("cursor: { in: query, name: token }", "cursor: { in: body, at: /page/cursor }");
    let contract = contract(&document);
    let place = contract.paging().place();
    assert_eq!(place.name, "/page/cursor");
    assert!(place.read("abc").is_ok());
    assert!(contract.parameters().any(|one| one.name == "/page/cursor"));
}

#[test]
fn a_range_of_keys_has_a_key_and_a_limit() {
    let text = TOKEN
        .replace(
            "name: size, in: query, schema: { type: integer, default: 3 }",
            "name: Range, in: header, schema: { type: string }",
        )
        .replace("style: token", "style: cursor")
        .replace(
            "{ in: query, name: token }, limit: { in: query, name: size }",
            "{ in: header, name: Range }, limit: { in: header, name: Range }",
        )
        .replace("{ cursor: $.next }", "{ header: Next-Range }");
    let contract = contract(&text);
    let paging = contract.paging();
    let at = Position::After("k7".to_owned());
    let written = paging.write(&at).unwrap();
    let [(place, key)] = written.as_slice() else {
        panic!("{written:?}");
    };
    let limit = paging.parameter(Role::Limit).unwrap();
    let whole = limit.part_in(None, Some("5"));
    assert_eq!(whole.as_deref(), Some("id ..; max=5"));
    let whole = place.part_in(whole.as_deref(), Some(key)).unwrap();
    assert_eq!(whole, "id ]k7..; max=5");
    assert_eq!(limit.part_of(&whole).as_deref(), Some("5"));
    let read =
        |text: &str| paging.read(|role| (role == Role::Cursor).then(|| place.part_of(text))?);
    assert_eq!(read(&whole), Ok(at.clone()));
    assert_eq!(read("id k7.."), Ok(Position::At("k7".to_owned())));
    // A range of another property, or with an end, is one that the server does not know.
    for other in ["name ]k7..", "id ]k7..k9", "bytes=0-9"] {
        assert_eq!(read(other), Ok(Position::Start), "{other}");
    }
    let mut headers = HeaderMap::new();
    let body = json!({ "rows": [{ "id": "k7" }] });
    for (next, expect) in [(None, Way::End(End::NoWay)), (Some(&*whole), Way::To(at))] {
        headers.extend(next.map(|next| {
            let name = http::HeaderName::from_static("next-range");
            (name, HeaderValue::from_str(next).unwrap())
        }));
        let reply = Reply {
            headers: &headers,
            body: &body,
        };
        let info = paging.info(&reply, &PageRequest::default());
        assert_eq!(info.next, expect);
    }
}

#[test]
fn what_a_dialect_cannot_promise_has_a_reason() {
    let promised = |text: &str| -> Vec<Promise> {
        let contract = contract(text);
        let all = Promise::ALL.into_iter();
        all.filter(|one| contract.paging().promises(*one)).collect()
    };
    let limits = Promise::LimitsAreAsked;
    let (pages, last) = (Promise::Pages, Promise::LastPageIsSaid);
    let keys = Promise::ItemsHaveKeys;
    let token = [
        keys,
        pages,
        limits,
        Promise::LimitsMix,
        last,
        Promise::StableWhileGrowing,
        Promise::TokensAreHandedOut,
        Promise::RequestsNamePlaces,
    ];
    assert_eq!(promised(TOKEN), token);
    assert_eq!(
        promised(PAGE),
        [
            keys,
            pages,
            limits,
            last,
            Promise::NextIsSaidTwice,
            Promise::UrlsAreSaid,
            Promise::LinksAreSaid,
            Promise::OtherPagesAreSaid,
            Promise::RequestsNamePlaces,
            Promise::PagesAreNumbered,
        ]
    );
    let grows = PAGE.replace("style: page,", "style: page, order: { append-only: true },");
    assert!(promised(&grows).contains(&Promise::StableWhileGrowing));
    // A URL may have the number of a page.
    let newest_first = TOKEN
        .replace(
            "style: token",
            "style: follow, order: { direction: descending }",
        )
        .replace("cursor: { in: query, name: token }, ", "")
        .replace("next: { cursor: $.next }", "next: { url: $.next }");
    assert!(!promised(&newest_first).contains(&Promise::StableWhileGrowing));
    let newest_last = newest_first.replace("direction: descending", "append-only: true");
    assert!(promised(&newest_last).contains(&Promise::StableWhileGrowing));
}

//! Names, cities and phone numbers of a locale, in lists and in other answers.

use bytes::Bytes;
use fixtures::{Locale, Scenario};
use http::Request;
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{Document, Names, Source};

const DOCUMENT: &str = "
openapi: 3.1.0
paths:
  /me: { get: { responses: { 200: { content: { application/json: { schema: { $ref: '#/components/schemas/Person' } } } } } } }
  /people:
    get:
      parameters: [{ name: after, in: query, schema: { type: string } }]
      responses: { 200: { content: { application/json: { schema: { type: object, required: [data, more], properties: { more: { type: boolean }, data: { type: array, items: { $ref: '#/components/schemas/Person' } } } } } } } }
      x-pagination: { style: cursor, items: $.data, key: $.id, request: { cursor: { in: query, name: after } }, next: { cursor: '$.data[-1:].id', more: $.more } }
components:
  schemas:
    Person:
      type: object
      required: [id, lastName, email]
      properties: { id: { type: string }, lastName: { type: string }, email: { type: string } }
";

fn mock(locale: Option<&str>) -> Mock {
    let document = Document::read(Source::new("people.yaml", DOCUMENT), &[]).unwrap();
    let mut scenario = Scenario::bundled().unwrap().limited_to(&Names::of([]));
    if let Some(locale) = locale {
        scenario = scenario.of_locale(locale.parse().unwrap());
    }
    let plan = Plan::of(&[document], scenario, 1, Timestamp::UNIX_EPOCH).unwrap();
    Mock::new(plan).unwrap()
}

fn body(mock: &Mock, target: &str) -> String {
    let request = Request::get(target).body(Bytes::new()).unwrap();
    let answer = answer(mock, &request, Timestamp::UNIX_EPOCH);
    assert_eq!(answer.status, 200, "{target}");
    String::from_utf8(answer.into_bytes().to_vec()).unwrap()
}

#[test]
fn names_are_of_the_locale_wherever_they_stand() {
    for target in ["/me", "/people"] {
        let [plain, english, japanese] =
            [None, Some("en"), Some("ja")].map(|locale| body(&mock(locale), target));
        assert_eq!(plain, english, "{target}");
        assert!(english.is_ascii(), "{target}: {english}");
        assert!(!japanese.is_ascii(), "{target}: {japanese}");
        assert!(japanese.contains("@example.com"), "{target}: {japanese}");
    }
}

#[test]
fn another_scenario_keeps_the_locale() {
    let mock = mock(Some("ja"));
    let other = Scenario::bundled().unwrap().limited_to(&Names::of([]));
    let other = mock.in_scenario(&other).unwrap();
    assert_eq!(body(&other, "/people"), body(&mock, "/people"));
    let read: Locale = "ja-JP".parse().unwrap();
    assert_eq!(read.to_string(), "ja_jp");
}

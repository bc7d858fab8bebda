//! The mocks that requests are sent to, at a moment that never changes.

use std::sync::LazyLock;

use bytes::Bytes;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{Document, Names, Source};

/// A list in each dialect of paging.
const DIALECTS: &str = include_str!("../../dialects.yaml");

/// The bundled documents, in their default world.
pub(super) static BUNDLED: LazyLock<Mock> =
    LazyLock::new(|| Mock::bundled(1, now()).expect("the bundled world is whole"));

/// The document of all dialects.
pub(super) static ROOMS: LazyLock<Document> = LazyLock::new(|| {
    Document::read(Source::new("dialects.yaml", DIALECTS), &[]).expect("the dialects can be read")
});

/// The mock of all dialects, in a world that is made up.
pub(super) static DIALECT_MOCK: LazyLock<Mock> =
    LazyLock::new(|| mock(&ROOMS).expect("the dialects can be served"));

/// The middle of a day.
pub(super) fn now() -> Timestamp {
    Timestamp::from_second(1_767_614_400).expect("it is a moment of 2026")
}

/// The mock of one document, in a world that is made up. `None` if it cannot be served.
pub(super) fn mock(document: &Document) -> Option<Mock> {
    let scenario = Scenario::bundled().ok()?.limited_to(&Names::of([]));
    let plan = Plan::of(std::slice::from_ref(document), scenario, 1, now()).ok()?;
    Mock::new(plan).ok()
}

/// Sends requests that the mock itself makes up, one for each of the first operations.
pub(super) fn ask_each(mock: &Mock) {
    /// The number of operations that are asked.
    const MOST: usize = 12;
    let samples = mock.operations().take(MOST);
    let samples: Vec<_> = samples.filter_map(|one| one.request(now())).collect();
    for sample in samples {
        let mut request = Request::builder()
            .method(sample.method.as_str())
            .uri(&sample.target);
        for (name, value) in &sample.headers {
            request = request.header(name, value);
        }
        if let Ok(request) = request.body(sample.body.unwrap_or_default()) {
            send(mock, &request);
        }
    }
}

/// Sends a request, and reads all of the answer.
pub(super) fn send(mock: &Mock, request: &Request<Bytes>) -> Bytes {
    answer(mock, request, now()).into_bytes()
}

/// Any bytes as text.
pub(super) fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The text before the first line's end, and the rest.
pub(super) fn first_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

//! The whole server as one function.
//!
//! Synchronous: an answer depends on the mock, the request and `now`, and leaves no trace but a count of
//! reads. Sockets, clocks and logs
//! are elsewhere. Any request is answered, whatever its bytes.

use std::sync::Arc;

use bytes::Bytes;
use fixtures::{Page, Place, Timeline};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use jiff::Timestamp;
use openapi::UnknownCursor;

use crate::artifact;
use crate::credentials;
use crate::mock::{Mock, Route};
use crate::parameters::Ask;
use crate::refusal::Refusal;
use crate::strays::strays;

/// What a request is answered with.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers. `Content-Length` is there only where the body, as to a HEAD request, does not say it.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// The operation that answered, as `GET /jobs/{id}`; none where no operation was found.
    pub route: Option<Arc<str>>,
    /// What in the request was not as the contract has it, for people; most of all, why it was refused.
    pub wrong: Vec<String>,
}

/// The body of an [`Answer`].
#[derive(Debug)]
pub enum Body {
    /// Bytes.
    Whole(Bytes),
    /// A long page, to be written bit by bit while it is sent.
    Stream(Box<Page>),
}

impl Answer {
    /// The whole body.
    pub fn into_bytes(self) -> Bytes {
        match self.body {
            Body::Whole(bytes) => bytes,
            Body::Stream(page) => page.into_bytes().into(),
        }
    }

    pub(crate) fn new(status: StatusCode, media_type: &str, body: Bytes) -> Self {
        let mut headers = HeaderMap::new();
        if let Ok(media_type) = HeaderValue::from_str(media_type) {
            headers.insert(header::CONTENT_TYPE, media_type);
        }
        Self {
            status,
            headers,
            body: Body::Whole(body),
            route: None,
            wrong: Vec::new(),
        }
    }

    fn of_page(route: &Route, page: Page) -> Self {
        let mut answer = Self::new(StatusCode::OK, &route.media_type, Bytes::new());
        answer.body = if page.is_small() {
            Body::Whole(page.into_bytes().into())
        } else {
            Body::Stream(Box::new(page))
        };
        // What one caller may see is nobody else's, and a timeline grows.
        let private = HeaderValue::from_static("private, no-store");
        answer.headers.insert(header::CACHE_CONTROL, private);
        answer
    }

    /// The same headers without the body: RFC 9110, 9.3.2.
    fn without_body(mut self) -> Self {
        if let Body::Whole(bytes) = &self.body {
            let length = HeaderValue::from(bytes.len());
            self.headers.insert(header::CONTENT_LENGTH, length);
        }
        self.body = Body::Whole(Bytes::new());
        self
    }
}

/// Answers `request` as of `now`.
pub fn answer(mock: &Mock, request: &Request<Bytes>, now: Timestamp) -> Answer {
    let answer = artifact::answer(mock, request, now);
    let answer = answer.unwrap_or_else(|| documented(mock, request, now));
    if request.method() == Method::HEAD {
        answer.without_body()
    } else {
        answer
    }
}

/// The answer of an operation, or of what there is instead of one.
fn documented(mock: &Mock, request: &Request<Bytes>, now: Timestamp) -> Answer {
    let mut found = None;
    let (answer, mut wrong) = match page(mock, request, now, &mut found) {
        Ok((route, page)) => (Answer::of_page(route, page), Vec::new()),
        Err(refusal) => {
            let words = refusal.words();
            (refusal.answer(found), words)
        }
    };
    wrong.extend(found.into_iter().flat_map(|route| strays(route, request)));
    Answer {
        route: found.map(|route| Arc::clone(&route.label)),
        wrong,
        ..answer
    }
}

/// The order of these lines is the order of precedence among refusals.
fn page<'m>(
    mock: &'m Mock,
    request: &Request<Bytes>,
    now: Timestamp,
    found: &mut Option<&'m Route>,
) -> Result<(&'m Route, Page), Refusal> {
    let (route, captures) = mock.route(request)?;
    *found = Some(route);
    let caller = credentials::caller(mock, route, request)?;
    let ask = route.checks.read(request, &captures)?;
    let timeline = mock.see(route, caller, ask.parent, now);
    let timeline = timeline.map_err(Refusal::Unseen)?;
    let start = behind(route, &timeline, &ask)?;
    mock.count_read();
    Ok((route, timeline.page(start, ask.limit)))
}

/// Where the cursor leads; an unknown one leads where the contract says, and to the end if it does not:
/// never back to the start.
fn behind(route: &Route, timeline: &Timeline, ask: &Ask<'_>) -> Result<Place, Refusal> {
    let Some(cursor) = &ask.cursor else {
        return Ok(timeline.start());
    };
    match (
        timeline.locate(cursor),
        route.contract.pagination().cursor.unknown,
    ) {
        (Some(place), _) => Ok(place),
        (None, Some(UnknownCursor::Status(status))) => Err(Refusal::Cursor(status, cursor.clone())),
        (None, Some(UnknownCursor::Page(_)) | None) => Ok(timeline.end()),
    }
}

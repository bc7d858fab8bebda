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
use crate::route::Captures;
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
    /// Whether it got something wrong on purpose.
    pub(crate) twisted: bool,
}

/// The body of an [`Answer`].
#[derive(Debug)]
pub enum Body {
    /// Bytes.
    Whole(Bytes),
    /// A long page, to be written bit by bit while it is sent.
    Stream(Box<Page>),
}

/// What a page is made to get wrong on purpose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Twist {
    /// URLs of artifacts are expired when they are served.
    pub(crate) expired: bool,
    /// It begins with the item that the cursor names.
    pub(crate) repeated: bool,
    /// The cursor is one that was never handed out.
    pub(crate) vanished: bool,
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
            twisted: false,
        }
    }

    fn of_page(route: &Route, page: Page) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, route.media_type.clone());
        // What one caller may see is nobody else's, and a timeline grows.
        let private = HeaderValue::from_static("private, no-store");
        headers.insert(header::CACHE_CONTROL, private);
        Self {
            status: StatusCode::OK,
            headers,
            body: if page.is_small() {
                Body::Whole(page.into_bytes().into())
            } else {
                Body::Stream(Box::new(page))
            },
            route: None,
            wrong: Vec::new(),
            twisted: false,
        }
    }

    /// The same headers without the body: RFC 9110, 9.3.2.
    pub(crate) fn without_body(mut self) -> Self {
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
    twisted(mock, request, now, Twist::default())
}

/// Answers `request` as of `now`; a page, if it comes to one, gets wrong what `twist` says.
pub(crate) fn twisted(
    mock: &Mock,
    request: &Request<Bytes>,
    now: Timestamp,
    twist: Twist,
) -> Answer {
    let answer = artifact::answer(mock, request, now);
    let answer = answer.unwrap_or_else(|| documented(mock, request, now, twist));
    if request.method() == Method::HEAD {
        answer.without_body()
    } else {
        answer
    }
}

/// The answer of an operation, or of what there is instead of one.
fn documented(mock: &Mock, request: &Request<Bytes>, now: Timestamp, twist: Twist) -> Answer {
    let mut reached = Reached::default();
    let (answer, mut wrong) = match page(mock, request, now, twist, &mut reached) {
        Ok((route, page)) => (Answer::of_page(route, page), Vec::new()),
        Err(refusal) => {
            let words = refusal.words();
            (refusal.answer(reached.route), words)
        }
    };
    let route = reached.route;
    if !mock.strict {
        let strays = route.into_iter().flat_map(|route| strays(route, request));
        wrong.extend(strays.map(|stray| format!("query `{}`: {UNDECLARED}", stray.name)));
    }
    Answer {
        route: route.map(|route| Arc::clone(&route.label)),
        wrong,
        twisted: reached.timeline && twist != Twist::default(),
        ..answer
    }
}

/// What is said of a parameter that is passed over.
const UNDECLARED: &str = "no parameter of this operation";

/// How far a request came.
#[derive(Default)]
struct Reached<'m> {
    route: Option<&'m Route>,
    timeline: bool,
}

/// The order of these lines is the order of precedence among refusals.
fn page<'m>(
    mock: &'m Mock,
    request: &Request<Bytes>,
    now: Timestamp,
    twist: Twist,
    reached: &mut Reached<'m>,
) -> Result<(&'m Route, Page), Refusal> {
    let (route, captures) = mock.route(request)?;
    reached.route = Some(route);
    let caller = credentials::caller(mock, route, request)?;
    let ask = parameters(mock, route, request, &captures)?;
    let timeline = mock.see(route, caller, ask.parent, now);
    let timeline = timeline.map_err(Refusal::Unseen)?;
    reached.timeline = true;
    let start = behind(route, &timeline, &ask, twist)?;
    mock.count_read();
    Ok((route, twist.applied(timeline).page(start, ask.limit)))
}

/// What the request asks for. Where undeclared parameters are refused, they are told with all else that
/// is wrong, and behind it, as FastAPI services do.
fn parameters<'r>(
    mock: &Mock,
    route: &Route,
    request: &Request<Bytes>,
    captures: &'r Captures<'_>,
) -> Result<Ask<'r>, Refusal> {
    let read = route.checks.read(request, captures);
    if !mock.strict {
        return read;
    }
    let mut strays = strays(route, request);
    match read {
        Err(Refusal::Invalid(mut faults)) => {
            faults.append(&mut strays);
            Err(Refusal::Invalid(faults))
        }
        _ if !strays.is_empty() => Err(Refusal::Invalid(strays)),
        read => read,
    }
}

/// Where the cursor leads; an unknown one leads where the contract says, and to the end if it does not:
/// never back to the start.
fn behind(
    route: &Route,
    timeline: &Timeline,
    ask: &Ask<'_>,
    twist: Twist,
) -> Result<Place, Refusal> {
    let Some(cursor) = &ask.cursor else {
        return Ok(timeline.start());
    };
    let place = timeline.locate(cursor).filter(|_| !twist.vanished);
    match (place, route.contract.pagination().cursor.unknown) {
        (Some(place), _) if twist.repeated => Ok(timeline.sooner(place)),
        (Some(place), _) => Ok(place),
        (None, Some(UnknownCursor::Status(status))) => Err(Refusal::Cursor(status, cursor.clone())),
        (None, Some(UnknownCursor::Page(_)) | None) => Ok(timeline.end()),
    }
}

impl Twist {
    fn applied(self, timeline: Timeline) -> Timeline {
        if self.expired {
            timeline.with_expired_urls()
        } else {
            timeline
        }
    }
}

//! What a request is answered with. Every module that answers stands above this one.

use std::sync::Arc;

use bytes::Bytes;
use fixtures::Page;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Map, Value};

/// The answer to a request.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers. `Content-Length` is set only where the body does not show it, as for HEAD.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// The operation that answered, as `GET /jobs/{id}`; `None` if no operation was found.
    pub route: Option<Arc<str>>,
    /// How the request differs from the contract, and why it was refused. One sentence each, for people.
    pub wrong: Vec<String>,
    /// Whether a fault changed the page.
    pub(crate) faulty: bool,
}

/// The body of an [`Answer`].
#[derive(Debug)]
pub enum Body {
    /// Bytes.
    Whole(Bytes),
    /// A long page, which is written in chunks while it is sent.
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
        Self::with(status, headers, Body::Whole(body))
    }

    /// An answer without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self::with(status, HeaderMap::new(), Body::Whole(Bytes::new()))
    }

    /// Problem details (RFC 9457): the status in words, what is wrong, and the cure.
    pub(crate) fn problem(status: StatusCode, detail: Option<&str>, cure: Option<&str>) -> Self {
        Self::details(status, detail, cure, None)
    }

    /// The same with one member more.
    pub(crate) fn details(
        status: StatusCode,
        detail: Option<&str>,
        cure: Option<&str>,
        more: Option<(&str, Value)>,
    ) -> Self {
        let title = status.canonical_reason().unwrap_or("Refused");
        let members = [
            ("title", Some(Value::from(title))),
            ("status", Some(Value::from(status.as_u16()))),
            ("detail", detail.map(Value::from)),
            ("cure", cure.map(Value::from)),
        ];
        let members = members
            .into_iter()
            .chain(more.map(|(name, value)| (name, Some(value))));
        let members = members.filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let body = Value::Object(members.collect::<Map<_, _>>()).to_string();
        Self::new(status, "application/problem+json", body.into())
    }

    /// A page, streamed if it is long.
    pub(crate) fn of_page(media_type: HeaderValue, page: Page) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, media_type);
        // A page is for one caller only, and it changes when the timeline grows.
        let private = HeaderValue::from_static("private, no-store");
        headers.insert(header::CACHE_CONTROL, private);
        let body = if page.is_small() {
            Body::Whole(page.into_bytes().into())
        } else {
            Body::Stream(Box::new(page))
        };
        Self::with(StatusCode::OK, headers, body)
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

    /// The same answer with an `Allow` header.
    pub(crate) fn with_allow(mut self, allow: &str) -> Self {
        if let Ok(allow) = HeaderValue::from_str(allow) {
            self.headers.insert(header::ALLOW, allow);
        }
        self
    }

    fn with(status: StatusCode, headers: HeaderMap, body: Body) -> Self {
        Self {
            status,
            headers,
            body,
            route: None,
            wrong: Vec::new(),
            faulty: false,
        }
    }
}

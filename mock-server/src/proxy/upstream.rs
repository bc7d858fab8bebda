//! The real server. It gets requests as they came, without the headers of a connection (RFC 9110, 7.6.1).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::uri::{Authority, PathAndQuery, Scheme};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, Uri, Version, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openapi::Problem;
use rustls::crypto::ring;

/// The longest time to connect to the real server.
const PATIENCE: Duration = Duration::from_secs(10);

/// Headers that belong to a connection and not to the message.
///
/// `Trailer` stays. It names fields of the message, and they are not sent without it.
const HOPS: [HeaderName; 6] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// The real server.
#[derive(Debug)]
pub(crate) struct Upstream {
    scheme: Scheme,
    authority: Authority,
    /// The prefix of every path: empty, or without a slash at its end.
    folder: String,
    client: Client<HttpsConnector<HttpConnector>, Body>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct Lost(String);

impl Upstream {
    /// The server at `url`.
    pub(crate) fn new(url: &str) -> Result<Self, Problem> {
        let wrong = |why: &str| {
            Problem::new(format!("`{url}` is not a server's URL: {why}")).cure(
                "write scheme, host and port, as in `--upstream https://staging.example` or `http://127.0.0.1:8000`",
            )
        };
        let parts = url
            .parse::<Uri>()
            .map_err(|error| wrong(&error.to_string()))?;
        let parts = parts.into_parts();
        let scheme = parts
            .scheme
            .filter(|scheme| [Scheme::HTTP, Scheme::HTTPS].contains(scheme));
        let scheme = scheme.ok_or_else(|| wrong("it does not begin with http:// or https://"))?;
        let authority = parts.authority.ok_or_else(|| wrong("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(wrong(
                "it holds credentials, which requests must bring themselves",
            ));
        }
        let path = parts.path_and_query;
        if path.as_ref().is_some_and(|path| path.query().is_some()) {
            return Err(wrong("it has a query"));
        }
        let folder = path.as_ref().map_or("", PathAndQuery::path);
        Ok(Self {
            folder: folder.trim_end_matches('/').to_owned(),
            client: client(scheme == Scheme::HTTPS)?,
            scheme,
            authority,
        })
    }

    /// Sends a request, and returns the answer as soon as it begins.
    ///
    /// If `read` is set, the server is asked for a body without compression.
    pub(crate) async fn send(
        &self,
        mut request: Request<Body>,
        read: bool,
    ) -> Result<Response<hyper::body::Incoming>, Lost> {
        *request.uri_mut() = self.target(request.uri())?;
        *request.version_mut() = Version::HTTP_11;
        let headers = request.headers_mut();
        let te = headers.get(header::TE).and_then(|te| te.to_str().ok());
        let takes_trailers = te.is_some_and(|te| te.to_ascii_lowercase().contains("trailers"));
        // RFC 9112, 6.3: the length that chunks give counts. The header would be the length of another body.
        if headers.contains_key(header::TRANSFER_ENCODING) {
            headers.remove(header::CONTENT_LENGTH);
        }
        without_hops(headers);
        if takes_trailers {
            headers.insert(header::TE, HeaderValue::from_static("trailers"));
            headers.insert(header::CONNECTION, HeaderValue::from_static("te"));
        }
        // The client writes the real server's `Host`.
        headers.remove(header::HOST);
        if read {
            let identity = HeaderValue::from_static("identity");
            headers.insert(header::ACCEPT_ENCODING, identity);
        }
        let mut answer = self
            .client
            .request(request)
            .await
            .map_err(|error| Lost::of(&error))?;
        without_hops(answer.headers_mut());
        Ok(answer)
    }

    /// The cure if the server gives no answer.
    pub(crate) fn cure(&self) -> &'static str {
        if self.scheme == Scheme::HTTPS {
            "check that the server runs, that `--upstream` is its URL, and that this machine trusts its certificate; SSL_CERT_FILE may name a file of authorities"
        } else {
            "check that the server runs and that `--upstream` is its URL"
        }
    }

    fn target(&self, asked: &Uri) -> Result<Uri, Lost> {
        let asked = asked.path_and_query().map_or("/", PathAndQuery::as_str);
        let target = Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(format!("{}{asked}", self.folder))
            .build();
        target.map_err(|error| Lost(error.to_string()))
    }
}

/// A client, which checks certificates if it is `secure`.
pub(crate) fn client(secure: bool) -> Result<Client<HttpsConnector<HttpConnector>, Body>, Problem> {
    let provider = Arc::new(ring::default_provider());
    let failed = |error: &dyn fmt::Display| {
        Problem::new(format!("no certificate can be checked: {error}"))
            .cure("install the system's root certificates, or name a file of them in SSL_CERT_FILE")
    };
    let builder = HttpsConnectorBuilder::new();
    let builder = if secure {
        let builder = builder.with_provider_and_native_roots(provider);
        builder.map_err(|error| failed(&error))?
    } else {
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(&error))?;
        let no_roots = rustls::RootCertStore::empty();
        builder.with_tls_config(
            config
                .with_root_certificates(no_roots)
                .with_no_client_auth(),
        )
    };
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_connect_timeout(Some(PATIENCE));
    http.set_nodelay(true);
    let connector = builder.https_or_http().enable_http1().wrap_connector(http);
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

/// Removes the headers of a connection, and those that `Connection` names.
fn without_hops(headers: &mut HeaderMap) {
    let connection: Vec<_> = headers
        .get_all(header::CONNECTION)
        .iter()
        .cloned()
        .collect();
    let named = connection.iter().filter_map(|value| value.to_str().ok());
    for name in named.flat_map(|value| value.split(',')) {
        if let Ok(name) = name.trim().parse::<HeaderName>() {
            headers.remove(name);
        }
    }
    for name in HOPS {
        headers.remove(name);
    }
    headers.remove("keep-alive");
}

impl Lost {
    /// Its answer did not begin within this time.
    pub(crate) fn late(wait: Duration) -> Self {
        Self(format!("its answer did not begin within {wait:?}"))
    }

    /// The innermost cause. The outer ones only say that a request failed.
    pub(crate) fn of(error: &dyn std::error::Error) -> Self {
        let mut reason = error;
        while let Some(inner) = reason.source() {
            reason = inner;
        }
        Self(reason.to_string())
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}://{}{}", self.scheme, self.authority, self.folder)
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

//! A server, asked over HTTP.

use std::io::Read as _;
use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Url};

use super::{LONGEST_BODY, Lost, Reply, Request, Subject, raw};

/// A server, asked over HTTP on kept connections. Redirects are not followed: they are answers.
pub struct Http {
    base: String,
    client: Client,
    timeout: Duration,
}

impl Http {
    /// The server at `base`: scheme, host, port, and a path that goes before every operation's. With an
    /// empty base, targets are whole URLs.
    ///
    /// Proxies are those of the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`); certificates are
    /// checked by the system's roots. Fails when no client can be set up.
    pub fn new(base: &str, timeout: Duration) -> Result<Self, Lost> {
        Self::trusting(base, timeout, &[])
    }

    /// As [`Http::new`], and certificates signed by these authorities (PEM) are believed, too.
    pub fn trusting(base: &str, timeout: Duration, authorities: &[u8]) -> Result<Self, Lost> {
        // Another provider in the same process is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let believed = Certificate::from_pem_bundle(authorities).map_err(|error| lost(&error))?;
        if believed.is_empty() && !authorities.is_empty() {
            return Err(Lost {
                reason: "no certificate is in the file".to_owned(),
            });
        }
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(timeout)
            .user_agent(concat!("eventline-conformance/", env!("CARGO_PKG_VERSION")))
            .tls_certs_merge(believed)
            .build()
            .map_err(|error| lost(&error))?;
        // As the library spells it, so that only what a target holds can make a difference.
        let base = Url::parse(base).map_or_else(|_| base.to_owned(), String::from);
        Ok(Self {
            base: base.trim_end_matches('/').to_owned(),
            client,
            timeout,
        })
    }

    /// The base, where the target would not arrive as it stands; only plain HTTP can be written by hand.
    fn mended(&self, url: &str) -> Option<Url> {
        let base = Url::parse(&self.base)
            .ok()
            .filter(|base| base.scheme() == "http")?;
        let intact = Url::parse(url).is_ok_and(|parsed| parsed.as_str() == url);
        (!intact).then_some(base)
    }
}

impl Subject for Http {
    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        let method = request.method.parse().map_err(|_| Lost {
            reason: format!("`{}` is no HTTP method", request.method),
        })?;
        let url = format!("{}{}", self.base, request.target);
        if let Some(base) = self.mended(&url) {
            return raw::send(&base, request, self.timeout);
        }
        let mut asked = self.client.request(method, url);
        for (name, value) in &request.headers {
            asked = asked.header(name, value);
        }
        if !request.body.is_empty() {
            asked = asked.body(request.body.clone());
        }
        let mut answer = asked.send().map_err(|error| lost(&error))?;
        let status = answer.status().as_u16();
        let headers = std::mem::take(answer.headers_mut());
        let mut body = Vec::new();
        let read = answer.take(LONGEST_BODY as u64 + 1).read_to_end(&mut body);
        read.map_err(|error| Lost {
            reason: error.to_string(),
        })?;
        Ok(Reply {
            status,
            headers,
            body: body.into(),
        })
    }
}

/// The innermost reason: `reqwest` says only that an error happened while sending.
fn lost(error: &reqwest::Error) -> Lost {
    let mut reason = error.to_string();
    let mut inner = std::error::Error::source(error);
    while let Some(error) = inner {
        reason = error.to_string();
        inner = error.source();
    }
    Lost { reason }
}

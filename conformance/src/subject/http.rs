//! A server, asked over HTTP.

use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::redirect::Policy;

use super::{Lost, Reply, Request, Subject};

/// A server, asked over HTTP on kept connections. Redirects are not followed: they are answers.
pub struct Http {
    base: String,
    client: Client,
}

impl Http {
    /// The server at `base`: scheme, host, port, and a path that goes before every operation's.
    pub fn new(base: &str, timeout: Duration) -> Result<Self, Lost> {
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(timeout)
            .user_agent(concat!("eventline-conformance/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| lost(&error))?;
        Ok(Self {
            base: base.trim_end_matches('/').to_owned(),
            client,
        })
    }
}

impl Subject for Http {
    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        let method = request.method.parse().map_err(|_| Lost {
            reason: format!("`{}` is no HTTP method", request.method),
        })?;
        let mut asked = self
            .client
            .request(method, format!("{}{}", self.base, request.target));
        for (name, value) in &request.headers {
            asked = asked.header(name, value);
        }
        let mut answer = asked.send().map_err(|error| lost(&error))?;
        let status = answer.status().as_u16();
        let headers = std::mem::take(answer.headers_mut());
        let body = answer.bytes().map_err(|error| lost(&error))?;
        Ok(Reply {
            status,
            headers,
            body,
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

//! A server that is asked over HTTP.

use std::cell::OnceCell;
use std::env;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::BytesMut;
use reqwest::header::CONTENT_LENGTH;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Method, Url};
use tokio::runtime::{Builder, Runtime};

use super::{LONGEST_BODY, Lost, Reply, Request, Subject, raw};

/// A server that is asked over HTTP on kept connections. Redirects are answers and are not followed.
///
/// It panics on a thread that runs a tokio runtime's tasks, as all blocking calls do there. Use
/// `spawn_blocking`.
pub struct Http {
    base: String,
    lanes: Arc<Lanes>,
}

/// The clients and runtimes of the threads.
struct Lanes {
    believed: Vec<Certificate>,
    timeout: Duration,
    /// Whether the environment names a proxy. A request to it may use TLS in any case.
    proxied: bool,
    /// The lanes that are free.
    free: Mutex<Vec<Lane>>,
}

/// The kept connections and the runtime of one thread.
///
/// The runtime runs on that thread only, so an answer need not wake another.
struct Lane {
    runtime: Runtime,
    /// The client for plain HTTP.
    plain: Client,
    /// Made on first use, because reading the system's roots takes longer than some hundred requests.
    secure: OnceCell<Client>,
}

impl Http {
    /// The server at `base`: scheme, host, port, and a path that stands before every operation's path.
    ///
    /// With an empty base, targets are whole URLs.
    ///
    /// It uses the proxies of the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`), and checks
    /// certificates by the system's roots. Fails if no client can be set up.
    pub fn new(base: &str, timeout: Duration) -> Result<Self, Lost> {
        Self::trusting(base, timeout, &[])
    }

    /// As [`Http::new`], and it also trusts certificates that these authorities (PEM) signed.
    pub fn trusting(base: &str, timeout: Duration, authorities: &[u8]) -> Result<Self, Lost> {
        // Another provider in the same process serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let believed = Certificate::from_pem_bundle(authorities).map_err(|error| lost(&error))?;
        if believed.is_empty() && !authorities.is_empty() {
            return Err(Lost {
                reason: "no certificate is in the file".to_owned(),
            });
        }
        let lanes = Lanes {
            believed,
            timeout,
            proxied: PROXIES.iter().any(|name| env::var_os(name).is_some()),
            free: Mutex::default(),
        };
        // Reports at once that a client cannot be set up.
        let lane = lanes.lane()?;
        lanes.free().push(lane);
        let lanes = Arc::new(lanes);
        Ok(Self {
            base: String::new(),
            lanes,
        }
        .at(base))
    }

    /// Another server with the same client.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        // Spelled as the library does, so that only the target can make a difference.
        let base = Url::parse(base).map_or_else(|_| base.to_owned(), String::from);
        Self {
            base: base.trim_end_matches('/').to_owned(),
            lanes: Arc::clone(&self.lanes),
        }
    }

    /// The way to send `target` to the server unchanged.
    fn way(&self, target: &str) -> Result<Way, Lost> {
        let text = format!("{}{target}", self.base);
        let url = Url::parse(&text);
        let intact = url.as_ref().is_ok_and(|url| url.as_str() == text);
        let base = Url::parse(&self.base).ok().filter(|_| !intact);
        match base.filter(|base| base.scheme() == "http") {
            Some(base) => Ok(Way::ByHand(base)),
            None => url.map(Way::Library).map_err(|error| Lost {
                reason: format!("`{text}` is no URL: {error}"),
            }),
        }
    }
}

impl Lanes {
    fn free(&self) -> MutexGuard<'_, Vec<Lane>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A free lane, or else a new one.
    fn lane(&self) -> Result<Lane, Lost> {
        let free = self.free().pop();
        free.map_or_else(|| self.new_lane(), Ok)
    }

    fn new_lane(&self) -> Result<Lane, Lost> {
        let plain = self.client().tls_certs_only([]).build();
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Lost {
            reason: error.to_string(),
        })?;
        Ok(Lane {
            runtime,
            plain: plain.map_err(|error| lost(&error))?,
            secure: OnceCell::new(),
        })
    }

    fn client(&self) -> ClientBuilder {
        Client::builder()
            .redirect(Policy::none())
            .timeout(self.timeout)
            .user_agent(concat!("eventline-conformance/", env!("CARGO_PKG_VERSION")))
    }

    /// The client of `lane` for the scheme of `url`.
    fn client_for<'l>(&self, lane: &'l Lane, url: &Url) -> Result<&'l Client, Lost> {
        if url.scheme() == "http" && !self.proxied {
            return Ok(&lane.plain);
        }
        if let Some(client) = lane.secure.get() {
            return Ok(client);
        }
        let client = self.client().tls_certs_merge(self.believed.clone()).build();
        let client = client.map_err(|error| lost(&error))?;
        Ok(lane.secure.get_or_init(|| client))
    }
}

/// The variables in which the environment names proxies of plain HTTP.
const PROXIES: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// The way to send a request.
enum Way {
    /// By the library, to this URL.
    Library(Url),
    /// To this base by hand, because the library would correct the target. This works for plain HTTP only.
    ByHand(Url),
}

impl Lane {
    async fn ask(
        client: &Client,
        method: Method,
        url: Url,
        request: &Request,
    ) -> reqwest::Result<Reply> {
        let mut asked = client.request(method, url);
        for (name, value) in &request.headers {
            asked = asked.header(name, value);
        }
        if !request.body.is_empty() {
            asked = asked.body(request.body.clone());
        }
        let mut answer = asked.send().await?;
        let status = answer.status().as_u16();
        let headers = std::mem::take(answer.headers_mut());
        let mut body = BytesMut::new();
        while body.len() <= LONGEST_BODY {
            match answer.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                // An answer that visibly breaks off is judged.
                Err(error) if headers.contains_key(CONTENT_LENGTH) && !error.is_timeout() => break,
                Err(error) => return Err(error),
            }
        }
        body.truncate(LONGEST_BODY + 1);
        Ok(Reply {
            status,
            headers,
            body: body.freeze(),
        })
    }
}

impl Subject for Http {
    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        let method = request.method.parse().map_err(|_| Lost {
            reason: format!("`{}` is no HTTP method", request.method),
        })?;
        let url = match self.way(&request.target)? {
            Way::Library(url) => url,
            Way::ByHand(base) => return raw::send(&base, request, self.lanes.timeout),
        };
        let lane = self.lanes.lane()?;
        let client = self.lanes.client_for(&lane, &url)?;
        let asked = Lane::ask(client, method, url, request);
        let answer = lane.runtime.block_on(asked);
        self.lanes.free().push(lane);
        answer.map_err(|error| lost(&error))
    }
}

/// The innermost reason. `reqwest` itself reports only that an error happened while sending.
fn lost(error: &reqwest::Error) -> Lost {
    let mut reason = error.to_string();
    let mut inner = std::error::Error::source(error);
    while let Some(error) = inner {
        reason = error.to_string();
        inner = error.source();
    }
    Lost { reason }
}

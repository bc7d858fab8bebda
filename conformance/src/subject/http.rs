//! A server that is asked over HTTP.

use std::cell::OnceCell;
use std::env;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use reqwest::header::CONTENT_LENGTH;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Method, Url};
use tokio::runtime::{Builder, Runtime};

use super::{Connection, LONGEST_BODY, Lost, Reply, Request, Subject, Terms, raw};

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

/// The connections and the runtime of one thread.
///
/// The runtime runs on that thread only, so an answer need not wake another.
struct Lane {
    runtime: Runtime,
    /// The clients that keep their connections.
    kept: Clients,
    /// The clients that use each connection once.
    fresh: Clients,
}

/// The clients of a lane, each made on first use.
///
/// Reading the system's roots takes longer than some hundred requests.
#[derive(Default)]
struct Clients {
    plain: OnceCell<Client>,
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
            return Err(Lost::new("no certificate is in the file"));
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
        let base = || Url::parse(&self.base).ok();
        let base = if intact { None } else { base() };
        match base.filter(|base| base.scheme() == "http") {
            Some(base) => Ok(Way::ByHand(base)),
            None => url
                .map(Way::Library)
                .map_err(|error| Lost::new(format!("`{text}` is no URL: {error}"))),
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
        let runtime = Builder::new_current_thread().enable_all().build();
        let lane = Lane {
            runtime: runtime.map_err(|error| Lost::new(error.to_string()))?,
            kept: Clients::default(),
            fresh: Clients::default(),
        };
        self.client_for(&lane, false, Connection::Kept)?;
        Ok(lane)
    }

    /// The client of `lane` with or without TLS.
    fn client_for<'l>(
        &self,
        lane: &'l Lane,
        secure: bool,
        connection: Connection,
    ) -> Result<&'l Client, Lost> {
        let (clients, idle) = match connection {
            Connection::Kept => (&lane.kept, usize::MAX),
            Connection::Fresh => (&lane.fresh, 0),
        };
        let place = if secure {
            &clients.secure
        } else {
            &clients.plain
        };
        if let Some(client) = place.get() {
            return Ok(client);
        }
        let builder = Client::builder()
            .redirect(Policy::none())
            .timeout(self.timeout)
            .pool_max_idle_per_host(idle)
            .user_agent(concat!("eventline-conformance/", env!("CARGO_PKG_VERSION")));
        let builder = if secure {
            builder.tls_certs_merge(self.believed.clone())
        } else {
            builder.tls_certs_only([])
        };
        let client = builder.build().map_err(|error| lost(&error))?;
        Ok(place.get_or_init(|| client))
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
        timeout: Duration,
    ) -> reqwest::Result<Reply> {
        let mut asked = client.request(method, url).timeout(timeout);
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
    fn base(&self) -> Option<&str> {
        Some(self.base.as_str()).filter(|base| !base.is_empty())
    }

    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        self.send_on(request, Terms::default())
    }

    fn send_on(&self, request: &Request, terms: Terms) -> Result<Reply, Lost> {
        let method = request.method.parse().map_err(|_| {
            let method = &request.method;
            Lost::new(format!("`{method}` is no HTTP method"))
        })?;
        let left = |until: Instant| until.saturating_duration_since(Instant::now());
        let timeout = terms.until.map_or(Duration::MAX, left);
        let timeout = timeout.min(self.lanes.timeout);
        if timeout.is_zero() {
            return Err(Lost::late("no time is left"));
        }
        let url = match self.way(&request.target)? {
            Way::Library(url) => url,
            Way::ByHand(base) => return raw::send(&base, request, timeout),
        };
        let lane = self.lanes.lane()?;
        let secure = url.scheme() != "http" || self.lanes.proxied;
        let client = self.lanes.client_for(&lane, secure, terms.connection)?;
        let asked = Lane::ask(client, method, url, request, timeout);
        let answer = lane.runtime.block_on(asked);
        self.lanes.free().push(lane);
        answer.map_err(|error| lost(&error))
    }
}

/// The innermost reason. `reqwest` itself reports only that an error happened while sending.
fn lost(error: &reqwest::Error) -> Lost {
    let timed_out = error.is_timeout();
    let mut reason = error.to_string();
    let mut inner = std::error::Error::source(error);
    while let Some(error) = inner {
        reason = error.to_string();
        inner = error.source();
    }
    if timed_out {
        return Lost::late(reason);
    }
    Lost::new(reason)
}

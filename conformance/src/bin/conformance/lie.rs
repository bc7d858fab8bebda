//! `conformance lie`: an honest server, seen through a proxy that breaks one law.
//!
//! A gate that never failed proves nothing. Put this between your server and the suite, and see it fail.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request as HttpRequest;
use axum::response::Response;
use bytes::Bytes;
use clap::Args;
use conformance::{
    Connection, Http, Law, Liar, Lost, Reply, Request, Subject, Terms, catalogue, contracts,
};
use http::StatusCode;
use http::request::Parts;
use http_body::Frame;
use openapi::{Contract, Problem, output};
use serving::{LimitArguments, Limits, UnreadBody, read_body, serve_within, told_to_end};

use super::check::refuse_no_url;
use crate::basing::BaseArguments;
use crate::loading::Loading;

/// The longest body of a request that is passed on, in bytes.
const LONGEST: usize = 16 << 20;

/// The law to break, and the server whose answers to change.
#[derive(Debug, Args)]
pub(crate) struct Lie {
    /// The law's id
    law: String,
    /// The honest server
    #[arg(long, value_name = "URL")]
    upstream: String,
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4011")]
    listen: SocketAddr,
    /// An OpenAPI document, instead of the bundled ones; may be repeated
    #[arg(long, value_name = "FILE")]
    document: Vec<PathBuf>,
    /// An overlay for the document with the same stem (or the only one); may be repeated
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    #[command(flatten)]
    base: BaseArguments,
    #[command(flatten)]
    loading: Loading,
    #[command(flatten)]
    limits: LimitArguments,
}

/// The liars about every contract, with one honest server.
struct Proxy {
    law: &'static Law,
    liars: Vec<Lying>,
    honest: Upstream,
}

/// A liar about one contract, and the path before that of its operation.
struct Lying {
    contract: Contract,
    base: String,
    liar: Liar<Honest>,
}

/// The honest server, shared by the lies about its contracts.
type Honest = Box<dyn Fn(&Request) -> Result<Reply, Lost> + Send + Sync>;

impl Lie {
    pub(crate) fn run(self) -> Result<ExitCode, Problem> {
        let law = catalogue::law(&self.law).ok_or_else(|| super::laws::no_such_law(&self.law))?;
        let documents = self.loading.open(&self.document, &self.overlay)?;
        crate::warn(&documents);
        self.base.check(&documents)?;
        let contracts = contracts(&documents)?;
        refuse_no_url(&self.upstream)?;
        let honest = Http::new(&self.upstream, Duration::from_secs(30));
        let honest =
            honest.map_err(|lost| Problem::new(format!("no HTTP client can be set up: {lost}")))?;
        let called = self.base.over(&self.upstream, contracts.iter());
        let operations = Arc::new(Upstream(honest.at(&called)));
        let honest = Upstream(honest);
        let liar = |contract: Contract| {
            let operations = Arc::clone(&operations);
            let honest: Honest = Box::new(move |request| operations.send(request));
            Lying {
                base: self.base.path(&contract),
                contract: contract.clone(),
                liar: Liar::new(contract, law.lie, honest),
            }
        };
        let liars = contracts.into_iter().map(liar).collect();
        let proxy = Arc::new(Proxy { law, liars, honest });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        let runtime =
            runtime.map_err(|error| Problem::new(format!("no runtime can be started: {error}")))?;
        let served = runtime.block_on(serve(proxy, self.listen, self.limits.limits()));
        // An answer that is still waited for does not hold the process.
        runtime.shutdown_background();
        served?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn serve(proxy: Arc<Proxy>, address: SocketAddr, limits: Limits) -> Result<(), Problem> {
    let cannot = |error: std::io::Error| {
        Problem::new(format!("cannot listen on {address}: {error}"))
            .cure("choose another address with --listen")
    };
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let id = proxy.law.id;
    let router = Router::new().fallback(move |request: HttpRequest| {
        let proxy = Arc::clone(&proxy);
        async move {
            let (head, body) = request.into_parts();
            let body = match read_body(&head.headers, body, LONGEST).await {
                Ok(body) => body,
                Err(why) => return unread(why),
            };
            let request = outgoing(&head, body);
            let answer = tokio::task::spawn_blocking(move || proxy.send(&request)).await;
            match answer {
                Ok(Ok(reply)) => incoming(reply, head.method == http::Method::HEAD),
                Ok(Err(lost)) => bad_gateway(&lost.to_string()),
                Err(error) => bad_gateway(&error.to_string()),
            }
        }
    });
    let failed = |error: std::io::Error| Problem::new(format!("no signal can be caught: {error}"));
    let (stop, at_once) = told_to_end().map_err(failed)?;
    // A program that reads it can send requests and signals at once.
    output::print(&format!(
        "lying about {id}\nlistening on http://{address}\n"
    ))?;
    serve_within(limits, listener, router, Ok, stop, at_once).await;
    Ok(())
}

/// The honest server. A request that finds its kept connection closed is sent again, if it only reads.
struct Upstream(Http);

impl Subject for Upstream {
    fn base(&self) -> Option<&str> {
        self.0.base()
    }

    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        let fresh = Terms {
            connection: Connection::Fresh,
            ..Terms::default()
        };
        if !request.only_reads() {
            return self.0.send_on(request, fresh);
        }
        self.0
            .send(request)
            .or_else(|_| self.0.send_on(request, fresh))
    }
}

impl Subject for Proxy {
    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        let lied = self.liars.iter().find_map(|one| {
            let target = one.target(request)?;
            let target = target.to_owned();
            let asked = Request {
                target,
                ..request.clone()
            };
            Some(one.liar.send(&asked))
        });
        lied.unwrap_or_else(|| self.honest.send(request))
    }
}

impl Lying {
    /// The target below the base path, if the request is for this operation. A client may leave the base path out.
    fn target<'r>(&self, request: &'r Request) -> Option<&'r str> {
        let target = request.target.as_str();
        let below = target.strip_prefix(self.base.as_str());
        let below = below.filter(|below| below.starts_with(['/', '?']));
        let mut ways = below.into_iter().chain([target]);
        ways.find(|target| {
            let path = target.split('?').next().unwrap_or_default();
            self.contract.operation().path.captures(path).is_some()
        })
    }
}

fn outgoing(request: &Parts, body: Bytes) -> Request {
    let target = request
        .uri
        .path_and_query()
        .map_or_else(|| "/".to_owned(), ToString::to_string);
    let passed_on = |name: &str| {
        !matches!(
            name,
            "host" | "connection" | "content-length" | "accept-encoding"
        )
    };
    let headers = request
        .headers
        .iter()
        .filter(|(name, _)| passed_on(name.as_str()));
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Request {
        method: request.method.to_string(),
        target,
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body,
    }
}

/// A body without content, whose length is not said.
struct Unsaid;

impl http_body::Body for Unsaid {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }
}

/// The answer to a client. One to HEAD says no length: a lie may change that of GET, and 0 would be wrong.
fn incoming(reply: Reply, is_head: bool) -> Response {
    let mut answer = Response::new(if is_head {
        Body::new(Unsaid)
    } else {
        Body::from(reply.body)
    });
    *answer.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_GATEWAY);
    for (name, value) in &reply.headers {
        if !matches!(
            name.as_str(),
            "content-length" | "transfer-encoding" | "connection"
        ) {
            answer.headers_mut().append(name, value.clone());
        }
    }
    answer
}

/// The answer to a request whose body is too long, late or broken.
fn unread(why: UnreadBody) -> Response {
    let (status, text) = match why {
        UnreadBody::TooLong => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is longer than 16 MiB",
        ),
        UnreadBody::TooSlow => (
            StatusCode::REQUEST_TIMEOUT,
            "the body does not come in time",
        ),
        UnreadBody::BrokenOff => (StatusCode::BAD_REQUEST, "the body ends before its end"),
    };
    plain(status, format!("{text}\n"))
}

fn bad_gateway(reason: &str) -> Response {
    let text = format!("the honest server cannot be asked: {reason}\n");
    plain(StatusCode::BAD_GATEWAY, text)
}

fn plain(status: StatusCode, text: String) -> Response {
    let mut answer = Response::new(Body::from(text));
    *answer.status_mut() = status;
    answer
}

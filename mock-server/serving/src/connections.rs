//! Connections: how many there may be, how long a client may take, and how they end.
//!
//! A client decides how fast it sends and reads. Each wait has a limit, so that a stuck client holds a connection for
//! a known time, and never the end of the program.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower::Service as _;
use tower_http::timeout::TimeoutBody;

/// What sees a request before the router: the request to answer, or the answer itself.
pub type Checked = fn(Request<Incoming>) -> Result<Request<Incoming>, Box<Response<Body>>>;

/// What clients may take of a server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The number of connections at the same time. Others wait until one of them ends.
    pub connections: usize,
    /// The time that a client may take to send the head of a request. It counts on an idle connection, too.
    pub head: Duration,
    /// The time that a client may take to send the next part of a body.
    pub body: Duration,
    /// The time that a client may take to read the next part of an answer.
    pub answer: Duration,
    /// How long answers may go on after the server is told to stop.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_000,
            head: Duration::from_mins(1),
            body: Duration::from_secs(30),
            answer: Duration::from_secs(30),
            stop: Duration::from_secs(5),
        }
    }
}

/// Serves `router` on `listener` until `stop` is done, then finishes the answers that were begun. If `at_once` is done,
/// too, it ends without them.
///
/// `checked` sees the head of each request first: it returns the request to answer, or the answer itself.
pub async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    router: Router,
    checked: Checked,
    stop: impl Future<Output = ()> + Send,
    at_once: impl Future<Output = ()> + Send,
) {
    let places = Arc::new(Semaphore::new(
        limits.connections.min(Semaphore::MAX_PERMITS),
    ));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let (stream, peer, place) = accepted;
        let connection = connection(limits, stream, peer, router.clone(), checked);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection fails because of its client, who knows.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(limits.stop) => {}
        () = at_once => {}
    }
}

/// The next connection, as soon as there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (
    TcpStream,
    SocketAddr,
    Option<tokio::sync::OwnedSemaphorePermit>,
) {
    // The semaphore is never closed.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, place),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!("no connection can be accepted: {error}");
                // The reason is often that too many files are open. It goes away when a connection ends.
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

/// Whether an error ended only the connection that was about to begin.
fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

/// The future that serves one connection.
fn connection(
    limits: Limits,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    checked: Checked,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send {
    // Without it, a small answer waits for the acknowledgement of the one before.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.answer));
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut router = router.clone();
        async move {
            let mut request = match checked(request) {
                Ok(request) => request,
                Err(refused) => return Ok::<_, Infallible>(*refused),
            };
            request.extensions_mut().insert(ConnectInfo(peer));
            let has_body = !hyper::body::Body::is_end_stream(request.body());
            let request = request.map(|body| {
                if has_body {
                    Body::new(TimeoutBody::new(limits.body, body))
                } else {
                    Body::empty()
                }
            });
            let response: Response<Body> = match router.call(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            Ok(response)
        }
    });
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        // A client that has sent its request may close its side, and still reads the answer.
        .half_close(true)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}

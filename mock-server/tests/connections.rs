//! Connections of clients that break HTTP's rules, are slow, or never end.

#[path = "../../xtask/src/hostile/table.rs"]
mod table;

use std::future::Future;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Response;
use jiff::Timestamp;
use mock_server::{Limits, Mock, router, serve_within};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A server on a free port.
struct Served {
    runtime: Runtime,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    at_once: Option<oneshot::Sender<()>>,
    ended: Option<JoinHandle<()>>,
}

impl Served {
    fn new(limits: Limits, router: Router) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let (at_once, cut) = oneshot::channel();
        let ended = runtime.spawn(serve_within(
            limits,
            listener,
            router,
            told(stopped),
            told(cut),
        ));
        Self {
            runtime,
            address,
            stop: Some(stop),
            at_once: Some(at_once),
            ended: Some(ended),
        }
    }

    fn of_mock(limits: Limits) -> Self {
        let epoch: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
        let mock = Arc::new(Mock::bundled(1, epoch).unwrap());
        Self::new(limits, router(mock, Arc::new(move || epoch)))
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).unwrap()
    }

    /// A connection on which these bytes were sent.
    fn sent(&self, bytes: &str) -> TcpStream {
        let mut socket = self.connect();
        socket.write_all(bytes.as_bytes()).unwrap();
        socket
    }

    fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until the server has ended.
    fn wait(&mut self) {
        let ended = self.ended.take().unwrap();
        self.runtime.block_on(ended).unwrap();
    }
}

async fn told(told: oneshot::Receiver<()>) {
    if told.await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Limits that never count in a test, so that the one under test does.
fn long() -> Limits {
    let hour = Duration::from_hours(1);
    Limits {
        connections: 100,
        head: hour,
        body: hour,
        answer: hour,
        stop: hour,
    }
}

const SOON: Duration = Duration::from_millis(50);

/// What comes until the server ends the connection.
fn rest(mut socket: TcpStream) -> String {
    let mut text = Vec::new();
    // A connection that is reset has ended, too.
    let _ = socket.read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// A router whose answer waits for `answer`.
fn waiting<F>(answer: impl Fn() -> F + Clone + Send + Sync + 'static) -> Router
where
    F: Future<Output = ()> + Send,
{
    Router::new().fallback(move || {
        let answer = answer();
        async move {
            answer.await;
            Response::new(Body::from("done"))
        }
    })
}

#[test]
fn every_request_gets_the_answer_that_http_wants() {
    let served = Served::of_mock(long());
    let address = served.address.to_string();
    let wrong: Vec<_> = table::cases()
        .iter()
        .filter_map(|case| {
            let found = case.check(&address).err()?;
            Some(format!("{}: {found}", case.name))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_head_that_never_ends_ends_the_connection() {
    let served = Served::of_mock(Limits {
        head: SOON,
        ..long()
    });
    rest(served.sent("GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nX: "));
    // So does a connection on which nothing is asked.
    rest(served.connect());
    let idle = served.sent("GET /__mock/time HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(rest(idle).starts_with("HTTP/1.1 200"));
}

#[test]
fn a_body_that_never_ends_is_refused() {
    let served = Served::of_mock(Limits {
        body: SOON,
        ..long()
    });
    let head = "PUT /__mock/time HTTP/1.1\r\nHost: localhost\r\n";
    for body in [
        "Content-Length: 20\r\n\r\n{",
        "Transfer-Encoding: chunked\r\n\r\n1\r\n{",
    ] {
        let text = rest(served.sent(&format!("{head}{body}")));
        assert!(text.starts_with("HTTP/1.1 408"), "{text}");
    }
}

#[test]
fn an_answer_that_is_never_read_ends_the_connection() {
    let (send, written) = std::sync::mpsc::channel();
    let endless = Router::new().fallback(move || {
        let send = send.clone();
        async move {
            let ended = Ended(send);
            let frames = Endless(move || {
                let _ = &ended;
                bytes::Bytes::from_static(&[b'x'; 4_096])
            });
            Response::new(Body::new(frames))
        }
    });
    let served = Served::new(
        Limits {
            answer: SOON,
            ..long()
        },
        endless,
    );
    let socket = served.sent("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    // The body is dropped when the server gives the connection up.
    written.recv().unwrap();
    drop(socket);
}

/// Says that it was dropped.
struct Ended(std::sync::mpsc::Sender<()>);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

/// A body of frames without an end.
struct Endless<F>(F);

impl<F: FnMut() -> bytes::Bytes + Unpin> http_body::Body for Endless<F> {
    type Data = bytes::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, Self::Error>>> {
        std::task::Poll::Ready(Some(Ok(http_body::Frame::data((self.0)()))))
    }
}

#[test]
fn a_connection_beyond_the_limit_waits_for_another_to_end() {
    let served = Served::of_mock(Limits {
        connections: 1,
        ..long()
    });
    let ask = "GET /__mock/time HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let first = served.sent("GET /__mock/time HTTP/1.1\r\nHost: localhost\r\n");
    let mut second = served.sent(ask);
    second.set_read_timeout(Some(SOON)).unwrap();
    assert!(second.read(&mut [0]).is_err(), "it has been answered");
    second.set_read_timeout(None).unwrap();
    drop(first);
    assert!(rest(second).starts_with("HTTP/1.1 200"));
}

#[test]
fn answers_that_were_begun_finish_when_it_is_stopped() {
    let (begun, begins) = std::sync::mpsc::channel();
    let finish = Arc::new(tokio::sync::Notify::new());
    let finishes = Arc::clone(&finish);
    let router = waiting(move || {
        let (begun, finishes) = (begun.clone(), Arc::clone(&finishes));
        async move {
            let _ = begun.send(());
            finishes.notified().await;
        }
    });
    let mut served = Served::new(long(), router);
    let idle = served.connect();
    let socket = served.sent("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    begins.recv().unwrap();
    served.stop();
    finish.notify_one();
    assert!(rest(socket).ends_with("done"));
    served.wait();
    drop(idle);
}

#[test]
fn a_stuck_client_does_not_hold_a_server_that_is_stopped() {
    let stuck = || waiting(std::future::pending);
    let mut served = Served::new(
        Limits {
            stop: SOON,
            ..long()
        },
        stuck(),
    );
    let socket = served.sent("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    served.stop();
    served.wait();
    drop(socket);

    let mut served = Served::new(long(), stuck());
    let socket = served.sent("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    served.stop();
    served.at_once.take().unwrap().send(()).unwrap();
    served.wait();
    drop(socket);
}

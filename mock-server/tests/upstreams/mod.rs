//! Servers on sockets of their own that answer with given bytes, and clients of a proxy in front of them.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use mock_server::Proxy;
use openapi::Document;
use tokio::runtime::Runtime;

/// A server that answers each connection with `answer`, and the bytes that it was sent.
pub(crate) fn plain_server(answer: &'static str) -> (SocketAddr, Receiver<String>) {
    server(move |socket| {
        socket.write_all(answer.as_bytes()).unwrap();
        socket.shutdown(Shutdown::Write).unwrap();
    })
}

/// A server that lets `answer` write to each connection once a request is there, and the bytes that it was sent.
pub(crate) fn server(
    answer: impl Fn(&mut TcpStream) + Send + Sync + Clone + 'static,
) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (send, received) = mpsc::channel();
    thread::spawn(move || {
        for socket in listener.incoming() {
            let (mut socket, answer, send) = (socket.unwrap(), answer.clone(), send.clone());
            thread::spawn(move || {
                let mut bytes = Vec::new();
                let mut byte = [0];
                while !is_whole(&bytes) && socket.read_exact(&mut byte).is_ok() {
                    bytes.push(byte[0]);
                }
                answer(&mut socket);
                let _ = socket.read_to_end(&mut bytes);
                let _ = send.send(String::from_utf8_lossy(&bytes).into_owned());
            });
        }
    });
    (address, received)
}

/// Whether bytes are a whole request.
fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.split_once("content-length: ");
    let length = length.and_then(|(_, rest)| rest.lines().next()?.parse().ok());
    match length {
        Some(length) => body.len() >= length,
        None if head.contains("chunked") => body.ends_with("0\r\n\r\n"),
        None => true,
    }
}

/// What a client reads that sends `bytes` to a proxy in front of `upstream`, and the proxy.
pub(crate) fn through_a_socket(upstream: SocketAddr, bytes: &str) -> (Vec<u8>, Proxy) {
    through_a_socket_of(upstream, bytes, |proxy| proxy)
}

/// The same with a proxy that is changed.
pub(crate) fn through_a_socket_of(
    upstream: SocketAddr,
    bytes: &str,
    change: impl FnOnce(Proxy) -> Proxy,
) -> (Vec<u8>, Proxy) {
    let (mut socket, proxy, runtime) = client(upstream, bytes, change);
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    drop(runtime);
    (answer, proxy)
}

/// A client that has sent `bytes` to a proxy in front of `upstream`, the proxy as it was changed, and the runtime that
/// serves it.
pub(crate) fn client(
    upstream: SocketAddr,
    bytes: &str,
    change: impl FnOnce(Proxy) -> Proxy,
) -> (TcpStream, Proxy, Runtime) {
    let proxy = Proxy::new(&Document::bundled().unwrap(), &format!("http://{upstream}")).unwrap();
    let proxy = change(proxy);
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
    let listener = listener.unwrap();
    let address = listener.local_addr().unwrap();
    let router = proxy.clone().router();
    runtime.spawn(mock_server::serve(listener, router, std::future::pending()));
    let mut socket = TcpStream::connect(address).unwrap();
    socket.write_all(bytes.as_bytes()).unwrap();
    (socket, proxy, runtime)
}

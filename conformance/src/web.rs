//! Documents from the network.

use std::error::Error;
use std::time::Duration;

use openapi::Loader;
use reqwest::Client;
use reqwest::redirect::Policy;
use tokio::runtime::Builder;
use tokio::time::timeout;

/// The longest time for a document, redirects included.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest document, in bytes.
const LONGEST: usize = 256 << 20;

/// Fetches documents by HTTP, each in at most 30 seconds and 256 MiB.
///
/// It panics on a thread that runs a tokio runtime's tasks, as all blocking calls do there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Web;

impl Loader for Web {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        self.load_within(url, PATIENCE)
    }

    fn load_within(&self, url: &str, time: Duration) -> Result<Vec<u8>, String> {
        load_within(url, time.min(PATIENCE))
    }
}

fn load_within(url: &str, patience: Duration) -> Result<Vec<u8>, String> {
    // Another provider in the same process serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let fetched = runtime.block_on(async { timeout(patience, fetch(url)).await });
    // A name that is still looked up does not hold the caller.
    runtime.shutdown_background();
    fetched.unwrap_or_else(|_| Err(format!("it takes longer than {patience:?}")))
}

async fn fetch(url: &str) -> Result<Vec<u8>, String> {
    let client = Client::builder()
        .redirect(Policy::limited(5))
        .user_agent(concat!("eventline-conformance/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| innermost(&error))?;
    let answer = client.get(url).send().await;
    let mut answer = answer.map_err(|error| innermost(&error))?;
    if !answer.status().is_success() {
        return Err(format!("the server answers {}", answer.status()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| innermost(&error))? {
        if bytes.len() + chunk.len() > LONGEST {
            return Err(format!("it is longer than {} MiB", LONGEST >> 20));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The innermost cause. The outer ones only say that a request failed.
fn innermost(error: &reqwest::Error) -> String {
    let mut reason: &dyn Error = error;
    while let Some(inner) = reason.source() {
        reason = inner;
    }
    reason.to_string()
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;

    /// The URL of a server that gives these answers, one to each connection.
    fn serving(answers: Vec<String>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/a/b", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for answer in answers {
                let (mut socket, _) = listener.accept().unwrap();
                let mut asked = [0; 1024];
                let _ = socket.read(&mut asked);
                let _ = socket.write_all(answer.as_bytes());
            }
        });
        url
    }

    fn answer(head: &str, body: &str) -> String {
        let length = body.len();
        format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
    }

    #[test]
    fn a_server_that_falls_silent_is_not_waited_for() {
        for said in [
            "",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nopenapi:",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nopenapi:\r\n",
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let url = format!("http://{}/", listener.local_addr().unwrap());
            let server = std::thread::spawn(move || {
                let (mut socket, _) = listener.accept().unwrap();
                let _ = socket.read(&mut [0; 1024]);
                let _ = socket.write_all(said.as_bytes());
                // The socket stays open until the client closes it.
                let _ = socket.read_to_end(&mut Vec::new());
            });
            let late = Web
                .load_within(&url, Duration::from_millis(100))
                .unwrap_err();
            assert_eq!(late, "it takes longer than 100ms", "{said}");
            server.join().unwrap();
        }
    }

    #[test]
    fn documents_are_fetched_through_redirects() {
        let redirect = answer("302 Found\r\nLocation: /c", "");
        let url = serving(vec![redirect.clone(), answer("200 OK", "openapi: 3.1.0\n")]);
        assert_eq!(Web.load(&url).unwrap(), b"openapi: 3.1.0\n");
        let url = serving(vec![answer("404 Not Found", "")]);
        assert_eq!(
            Web.load(&url).unwrap_err(),
            "the server answers 404 Not Found"
        );
        let url = serving(vec![redirect; 9]);
        assert!(Web.load(&url).is_err());
    }
}

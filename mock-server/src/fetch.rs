//! Documents from the network.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::uri::PathAndQuery;
use axum::http::{Request, Uri, header};
use openapi::Loader;
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::proxy::upstream::{Lost, client};

/// The longest time for a document, redirects included.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest document, in bytes.
const LONGEST: usize = 256 << 20;

/// The number of redirects that are followed.
const REDIRECTS: usize = 5;

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
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let fetched = runtime.block_on(async { timeout(patience, fetch(url)).await });
    // A name that is still looked up does not hold the caller.
    runtime.shutdown_background();
    fetched.unwrap_or_else(|_| Err(format!("it takes longer than {patience:?}")))
}

async fn fetch(url: &str) -> Result<Vec<u8>, String> {
    let mut url: Uri = url
        .parse()
        .map_err(|error| format!("it is not a URL: {error}"))?;
    for _ in 0..=REDIRECTS {
        let secure = url.scheme_str() == Some("https");
        if url
            .authority()
            .is_some_and(|one| one.as_str().contains('@'))
        {
            return Err("it holds credentials, which would be shown in messages".to_owned());
        }
        let client = client(secure).map_err(|problem| problem.to_string())?;
        let request = Request::get(url.clone())
            .header(
                header::ACCEPT,
                "application/yaml, application/json, */*;q=0.5",
            )
            .header(
                header::USER_AGENT,
                concat!("eventline-mock/", env!("CARGO_PKG_VERSION")),
            )
            .body(Body::empty());
        let request = request.map_err(|error| error.to_string())?;
        let answer = client.request(request).await;
        let answer = answer.map_err(|error| Lost::of(&error).to_string())?;
        let status = answer.status();
        if status.is_redirection()
            && let Some(location) = answer.headers().get(header::LOCATION)
        {
            let location = location.to_str().ok();
            let next = location.and_then(|location| redirected(&url, location));
            url = next.ok_or("it leads on to something that is not a URL")?;
            continue;
        }
        if !status.is_success() {
            return Err(format!("the server answers {status}"));
        }
        let body = to_bytes(Body::new(answer.into_body()), LONGEST).await;
        return match body {
            Ok(bytes) => Ok(bytes.into()),
            Err(error) => Err(error.to_string()),
        };
    }
    Err(format!("it leads on more than {REDIRECTS} times"))
}

/// The URL that `location` is, seen from `url`.
fn redirected(url: &Uri, location: &str) -> Option<Uri> {
    let scheme = url.scheme_str()?;
    let authority = url.authority()?;
    let path = url.path_and_query().map_or("/", PathAndQuery::path);
    let folder = &path[..=path.rfind('/')?];
    let whole = if location.contains("://") {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else {
        format!("{scheme}://{authority}{folder}{location}")
    };
    let next: Uri = whole.split('#').next()?.parse().ok()?;
    let known = matches!(next.scheme_str(), Some("http" | "https"));
    (known && next.authority().is_some()).then_some(next)
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
    fn redirects_are_relative_to_their_url() {
        let url: Uri = "https://a.example/b/c?d".parse().unwrap();
        for (location, expect) in [
            ("e", "https://a.example/b/e"),
            ("/e?f#g", "https://a.example/e?f"),
            ("//h.example/e", "https://h.example/e"),
            ("http://h.example/e", "http://h.example/e"),
        ] {
            assert_eq!(
                redirected(&url, location),
                expect.parse().ok(),
                "{location}"
            );
        }
        assert_eq!(redirected(&url, "ftp://h.example/e"), None);
    }
}

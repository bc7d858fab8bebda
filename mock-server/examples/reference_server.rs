//! What serving a page costs at least: the servers that `cargo xtask bench` sets the mock beside.
//!
//! `reference_server bytes PAGE` hands out the bytes of a file; `reference_server structs PAGE` holds the
//! page of that file as structs and writes them as JSON for each request. Neither looks at the request,
//! checks credentials, or computes anything.

use std::collections::BTreeMap;
use std::error::Error;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Deserialize, Serialize)]
struct Page {
    object: Option<String>,
    data: Vec<Event>,
    first_id: Option<String>,
    last_id: Option<String>,
    has_more: bool,
}

#[derive(Debug, Deserialize, Serialize)]
struct Event {
    id: String,
    r#type: String,
    data: BTreeMap<String, Value>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(kind), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("say `bytes` or `structs`, and a file that holds a page".into());
    };
    let text = std::fs::read(path)?;
    let router = match kind.as_str() {
        "bytes" => {
            let body = Bytes::from(text);
            Router::new().fallback(async move || json(body.clone()))
        }
        "structs" => {
            // Leaked, for a page that lives as long as the process needs no counting of its readers.
            let page: &'static Page = Box::leak(Box::new(serde_json::from_slice(&text)?));
            Router::new().fallback(async move || {
                json(
                    serde_json::to_vec(page)
                        .expect("a page has only text for keys")
                        .into(),
                )
            })
        }
        other => return Err(format!("there is no server of `{other}`").into()),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

fn json(body: Bytes) -> Response {
    let mut answer = Response::new(Body::from(body));
    let kind = HeaderValue::from_static("application/json");
    answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    answer
}

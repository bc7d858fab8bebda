//! The least cost of serving a page: servers with which `cargo xtask bench` compares the mock.
//!
//! `reference_server bytes PAGE` hands out the bytes of a file; `reference_server structs PAGE` holds the
//! page of that file as structs and writes them as JSON for each request. `reference_server values PAGE` does so
//! for any JSON, and holds it as fields with names. None looks at the request, checks credentials, or computes
//! anything.

use std::error::Error;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};

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
    data: Data,
}

/// The fields of events in the default world. Other fields are refused, because they would make the
/// comparison unfair.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Data {
    #[serde(skip_serializing_if = "Option::is_none")]
    num_sequences: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    loss: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_loss: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entropy: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kl_div: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grad_norm: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    learning_rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reward: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reward_std_dev: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_trajectories: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens_per_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
}

/// Any JSON, without the lookups of a map.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Ready {
    Null(()),
    Bool(bool),
    Whole(i64),
    Number(f64),
    Text(String),
    List(Vec<Ready>),
    #[serde(deserialize_with = "fields")]
    Fields(Vec<(String, Ready)>),
}

fn fields<'d, D: serde::Deserializer<'d>>(from: D) -> Result<Vec<(String, Ready)>, D::Error> {
    struct Fields;
    impl<'d> serde::de::Visitor<'d> for Fields {
        type Value = Vec<(String, Ready)>;

        fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str("an object")
        }

        fn visit_map<A: serde::de::MapAccess<'d>>(
            self,
            mut from: A,
        ) -> Result<Self::Value, A::Error> {
            let mut fields = Vec::new();
            while let Some(field) = from.next_entry()? {
                fields.push(field);
            }
            Ok(fields)
        }
    }
    from.deserialize_map(Fields)
}

impl Serialize for Ready {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null(()) => out.serialize_unit(),
            Self::Bool(value) => value.serialize(out),
            Self::Whole(value) => value.serialize(out),
            Self::Number(value) => value.serialize(out),
            Self::Text(value) => value.serialize(out),
            Self::List(items) => items.serialize(out),
            Self::Fields(fields) => {
                out.collect_map(fields.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(kind), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("write `bytes`, `structs` or `values`, and a file that holds a page".into());
    };
    let text = std::fs::read(path)?;
    let router = match kind.as_str() {
        "bytes" => {
            let body = Bytes::from(text);
            Router::new().fallback(async move || json(body.clone()))
        }
        "structs" => writing(serde_json::from_slice::<Page>(&text)?),
        "values" => writing(serde_json::from_slice::<Ready>(&text)?),
        other => return Err(format!("`{other}` is not `bytes`, `structs` or `values`").into()),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

/// Writes the page for each request.
fn writing<T: Serialize + Sync + 'static>(page: T) -> Router {
    // Leaked, because the page lives as long as the process.
    let page: &'static T = Box::leak(Box::new(page));
    Router::new().fallback(async move || {
        let text = serde_json::to_vec(page).expect("a page has only text for keys");
        json(text.into())
    })
}

fn json(body: Bytes) -> Response {
    let mut answer = Response::new(Body::from(body));
    let kind = HeaderValue::from_static("application/json");
    answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    answer
}

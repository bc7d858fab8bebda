//! A tower service, such as an axum `Router`, asked in process without a socket.

use std::sync::Mutex;

use axum::body::Body;
use bytes::BytesMut;
use http::header::CONTENT_LENGTH;
use http_body_util::BodyExt;
use tokio::runtime::{Builder, Runtime};
use tower::{Service as TowerService, ServiceExt};

use super::{Lost, Reply, Request, Subject};

/// A tower service asked in process.
///
/// The judge is synchronous, so the service runs on its own runtime. Do not call it from inside another
/// runtime (use `spawn_blocking` there).
pub struct Service<S> {
    service: Mutex<S>,
    runtime: Runtime,
}

impl<S> Service<S>
where
    S: TowerService<http::Request<Body>, Response = http::Response<Body>> + Clone + Send,
    S::Error: std::fmt::Display,
    S::Future: Send,
{
    /// `service` as a subject.
    ///
    /// Fails if no runtime can be started.
    pub fn new(service: S) -> Result<Self, Lost> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Lost::new(error.to_string()))?;
        Ok(Self {
            service: Mutex::new(service),
            runtime,
        })
    }
}

impl<S> Subject for Service<S>
where
    S: TowerService<http::Request<Body>, Response = http::Response<Body>> + Clone + Send,
    S::Error: std::fmt::Display,
    S::Future: Send,
{
    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        let mut asked = http::Request::builder()
            .method(request.method.as_str())
            .uri(&request.target);
        for (name, value) in &request.headers {
            asked = asked.header(name, value);
        }
        let asked = asked
            .body(Body::from(request.body.clone()))
            .map_err(|error| Lost::new(error.to_string()))?;
        let service = match self.service.lock() {
            Ok(service) => service.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        };
        self.runtime.block_on(async {
            let answer = service.oneshot(asked).await;
            let answer = answer.map_err(|error| Lost::new(error.to_string()))?;
            let (head, mut frames) = answer.into_parts();
            let mut body = BytesMut::new();
            while let Some(frame) = frames.frame().await {
                match frame {
                    Ok(frame) => body.extend_from_slice(&frame.into_data().unwrap_or_default()),
                    // An answer that visibly breaks off is judged. One that has not begun is no
                    // answer.
                    Err(_) if head.headers.contains_key(CONTENT_LENGTH) && !body.is_empty() => {
                        break;
                    }
                    Err(error) => {
                        return Err(Lost::new(error.to_string()));
                    }
                }
            }
            Ok(Reply {
                status: head.status.as_u16(),
                headers: head.headers,
                body: body.freeze(),
            })
        })
    }
}

//! The connections of the mock and the proxy: requests that break the rules of HTTP are refused before any operation.

use std::future::Future;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use serving::Limits;
use tokio::net::TcpListener;

use crate::server::{letter, plain};

/// Serves `router` on `listener` until `stop` is done, then finishes the answers that were begun. The limits are the
/// usual ones.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send,
) -> std::io::Result<()> {
    serve_within(
        Limits::default(),
        listener,
        router,
        stop,
        std::future::pending(),
    )
    .await;
    Ok(())
}

/// The same as [`serve`], with these limits. If `at_once` is done, too, it ends without the answers that were begun.
pub async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send,
    at_once: impl Future<Output = ()> + Send,
) {
    serving::serve_within(limits, listener, router, checked, stop, at_once).await;
}

fn checked<B>(request: Request<B>) -> Result<Request<B>, Box<Response<Body>>> {
    letter::checked(request).map_err(|refused| Box::new(plain(*refused)))
}

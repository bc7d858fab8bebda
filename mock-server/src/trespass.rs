//! Who may use the control path: this machine, unless it was told otherwise.
//!
//! A request that came from this machine may still be somebody else's: a page of another site has the
//! visitor's browser ask, or has its own name lead here; and a proxy on this machine asks for everyone.
//! The first shows in `Origin`, the others in `Host`.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, Uri, header, uri::Authority};

use crate::answer::Answer;
use crate::control;

/// Who may use the control path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlFrom {
    /// Nobody: there is none.
    Nobody,
    /// The machine that the mock runs on, and whoever asks in process.
    Loopback,
    /// Everyone.
    Anywhere,
}

/// The answer to whoever may not use the control path.
pub(crate) fn trespass<B>(from: ControlFrom, request: &Request<B>) -> Option<Answer> {
    if from == ControlFrom::Anywhere {
        return None;
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let header = |name| request.headers().get(name);
    let refused = if peer.is_some_and(|ConnectInfo(peer)| !is_loopback(peer.ip())) {
        (
            "the control path answers only the machine that the mock runs on",
            "start the mock with `--control-from anywhere`",
        )
    } else if header(header::HOST).is_some_and(|host| !host_is_near(host)) {
        (
            "the control path answers only where it is asked for as localhost",
            "ask for it as localhost or 127.0.0.1, or start the mock with `--control-from anywhere`",
        )
    } else if header(header::ORIGIN).is_some_and(|origin| !origin_is_near(origin)) {
        (
            "the control path answers only pages that come from this machine",
            "load the page from localhost, or start the mock with `--control-from anywhere`",
        )
    } else {
        return None;
    };
    Some(control::forbidden(refused.0, refused.1))
}

fn host_is_near(host: &HeaderValue) -> bool {
    let authority = host.to_str().ok().and_then(|host| host.parse().ok());
    authority.is_some_and(|authority: Authority| is_near(authority.host()))
}

fn origin_is_near(origin: &HeaderValue) -> bool {
    let uri = origin.to_str().ok().and_then(|text| text.parse().ok());
    uri.is_some_and(|uri: Uri| uri.host().is_some_and(is_near))
}

/// Whether a name is one of this machine's (RFC 6761, 6.3), or an address that leads back to it.
fn is_near(name: &str) -> bool {
    let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || address.is_ok_and(is_loopback)
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

//! The access check of the control path. By default only this machine may use it.
//!
//! A request from this machine may still be made for others. A page of another site sends requests through
//! the visitor's browser; `Origin` shows it. The page's own host name may resolve to this machine, and a
//! proxy on this machine passes on everyone's requests; `Host` shows both.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, StatusCode, Uri, header, uri::Authority};

use crate::answer::Answer;

/// Who may use the control path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlFrom {
    /// Nobody: there is no control path.
    Nobody,
    /// The machine that the mock runs on, and callers in the same process.
    Loopback,
    /// Everyone.
    Anywhere,
}

/// The refusal of a request that may not use the control path; `None` if it may.
pub(crate) fn refused<B>(from: ControlFrom, request: &Request<B>) -> Option<Answer> {
    if from == ControlFrom::Anywhere {
        return None;
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let header = |name| request.headers().get(name);
    let (detail, cure) = if peer.is_some_and(|ConnectInfo(peer)| !is_loopback(peer.ip())) {
        (
            "the control path answers only requests from the machine that the mock runs on",
            "start the mock with `--control-from anywhere`",
        )
    } else if header(header::HOST).is_some_and(|host| !is_local_host(host)) {
        (
            "the control path answers only requests to localhost",
            "send the request to localhost or 127.0.0.1, or start the mock with `--control-from anywhere`",
        )
    } else if header(header::ORIGIN).is_some_and(|origin| !is_local_origin(origin)) {
        (
            "the control path answers only pages that were loaded from this machine",
            "load the page from localhost, or start the mock with `--control-from anywhere`",
        )
    } else {
        return None;
    };
    Some(Answer::problem(
        StatusCode::FORBIDDEN,
        Some(detail),
        Some(cure),
    ))
}

fn is_local_host(host: &HeaderValue) -> bool {
    let authority = host.to_str().ok().and_then(|host| host.parse().ok());
    authority.is_some_and(|authority: Authority| is_local(authority.host()))
}

fn is_local_origin(origin: &HeaderValue) -> bool {
    let uri = origin.to_str().ok().and_then(|text| text.parse().ok());
    uri.is_some_and(|uri: Uri| uri.host().is_some_and(is_local))
}

/// Whether a host is a name of this machine (RFC 6761, 6.3) or one of its loopback addresses.
fn is_local(name: &str) -> bool {
    let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || address.is_ok_and(is_loopback)
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

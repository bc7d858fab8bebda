//! Requests to the control path, one after another: they are divided by lines of `---`.

use std::sync::Arc;

use conformance::{Request, Service, Subject as _};
use mock_server::{Clock, Rim};

use super::query;
use super::world::{BUNDLED, now, text};

/// Sends the requests of an input to a mock of their own.
pub(super) fn control(bytes: &[u8]) {
    /// The number of requests that are sent.
    const MOST: usize = 12;
    let Ok(mock) = BUNDLED.in_scenario(BUNDLED.scenario()) else {
        return;
    };
    let rim = Rim::new(Arc::new(mock), Clock::new(Arc::new(now))).with_worlds(2);
    let Ok(service) = Service::new(rim.router()) else {
        return;
    };
    for part in text(bytes).split("\n---\n").take(MOST) {
        let Some(request) = query::request(part) else {
            continue;
        };
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        });
        // An answer may be lost because a fault says so.
        let _ = service.send(&Request {
            method: request.method().to_string(),
            target: request.uri().to_string(),
            headers: headers.collect(),
            body: request.into_body(),
        });
    }
}

//! The answer to a request that faults may strike, and what of it is wrong on purpose.

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use jiff::Timestamp;

use super::{Faults, Kind, Strike};
use crate::answer::{Answer, Twist, twisted};
use crate::mock::{Mock, Route};
use crate::refusal::declared;

/// The statuses with which any server may ask to come again, whatever its document says.
const LATER: [StatusCode; 2] = [
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::SERVICE_UNAVAILABLE,
];

/// Answers `request`, as faults have it. What is left to do to the answer on its way out is in the
/// strike: to hold it back, to slow it down, to break it off.
pub(crate) fn struck(
    faults: &Faults,
    mock: &Mock,
    request: &Request<Bytes>,
    now: Timestamp,
) -> (Answer, Strike) {
    let mut strike = faults.strike(mock, request);
    let mut answer = twisted(mock, request, now, strike.twist);
    if strike.struck.is_empty() {
        return (answer, strike);
    }
    if strike.status.is_some() || !answer.twisted {
        strike.untwist();
    }
    let mut routes = mock.routes.iter();
    let route = routes.find(|route| answer.route.as_ref() == Some(&route.label));
    if let (Some(status), Some(route)) = (strike.status, route) {
        answer = refused(route, status, answer);
    }
    strike.breaks = strike.struck.iter().any(|(_, kind)| breaks(*kind, route));
    // Whoever looks at the answer sees that it is the mock's doing.
    let rules = strike.rules().join("; ");
    if !rules.is_empty()
        && let Ok(rules) = HeaderValue::from_str(&rules)
    {
        answer.headers.insert("x-mock-fault", rules);
    }
    (answer, strike)
}

fn refused(route: &Route, status: StatusCode, answer: Answer) -> Answer {
    let mut refused = declared(route, status);
    if LATER.contains(&status) {
        let second = HeaderValue::from_static("1");
        refused.headers.insert(header::RETRY_AFTER, second);
    }
    Answer {
        route: answer.route,
        wrong: answer.wrong,
        ..refused
    }
}

/// Whether a server that keeps the contract never does this.
fn breaks(kind: Kind, route: Option<&Route>) -> bool {
    match kind {
        Kind::Latency(..) | Kind::Slow(_) => false,
        Kind::Status(status) => {
            !LATER.contains(&status) && route.is_none_or(|route| route.refusal(status).is_none())
        }
        Kind::Truncate | Kind::Drop | Kind::Expired | Kind::Repeat | Kind::Vanish => true,
    }
}

impl Strike {
    /// The same without what no page came to show.
    fn untwist(&mut self) {
        self.twist = Twist::default();
        let twists = |kind: &Kind| matches!(kind, Kind::Expired | Kind::Repeat | Kind::Vanish);
        self.struck.retain(|(_, kind)| !twists(kind));
    }
}

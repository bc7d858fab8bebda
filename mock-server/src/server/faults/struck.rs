//! The answer to a request that faults may strike.

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use jiff::Timestamp;

use super::{Faults, Strike};
use crate::answer::Answer;
use crate::declared::declared;
use crate::fault::{Kind, PageFaults};
use crate::mock::Mock;
use crate::page;
use crate::route::Route;

/// The statuses with which any server may ask a client to retry, declared or not.
const LATER: [StatusCode; 2] = [
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::SERVICE_UNAVAILABLE,
];

/// The answer to `request`, changed by the faults that strike it.
///
/// The strike says what is left to do while the answer is sent: delay it, slow it down, break it off.
pub(crate) fn struck(
    faults: &Faults,
    mock: &Mock,
    request: &Request<Bytes>,
    now: Timestamp,
) -> (Answer, Strike) {
    let mut strike = faults.strike(&mock.routes, request);
    let mut answer = page::faulty(mock, request, now, strike.page);
    if strike.struck.is_empty() {
        return (answer, strike);
    }
    if strike.status.is_some() || !answer.faulty {
        strike.forget_page_faults();
    }
    let mut routes = mock.routes.iter();
    let route = routes.find(|route| answer.route.as_ref() == Some(&route.label));
    if let (Some(status), Some(route)) = (strike.status, route) {
        answer = refused(route, status, answer);
    }
    strike.breaks = strike.struck.iter().any(|(_, kind)| breaks(*kind, route));
    // The header shows people that the mock did this on purpose.
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
    route.complete(status, &mut refused.headers);
    Answer {
        route: answer.route,
        wrong: answer.wrong,
        ..refused
    }
}

/// Whether the fault breaks the contract.
fn breaks(kind: Kind, route: Option<&Route>) -> bool {
    match kind {
        Kind::Latency(..) | Kind::Slow(_) => false,
        Kind::Status(status) => {
            !LATER.contains(&status) && route.is_none_or(|route| !route.declares(status))
        }
        // A contract may allow it.
        Kind::Expire => {
            let contract = route.and_then(Route::contract);
            contract.is_none_or(|one| one.pagination().cursor.expires.is_none())
        }
        Kind::Truncate | Kind::Drop | Kind::Expired | Kind::Repeat | Kind::Vanish => true,
    }
}

impl Strike {
    /// Drops the faults of a page, because the answer shows none of them.
    fn forget_page_faults(&mut self) {
        self.page = PageFaults::default();
        let of_page = |kind: &Kind| {
            matches!(
                kind,
                Kind::Expired | Kind::Repeat | Kind::Vanish | Kind::Expire
            )
        };
        self.struck.retain(|(_, kind)| !of_page(kind));
    }
}

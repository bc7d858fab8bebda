//! The faults in force, and what they do to a request.
//!
//! Which requests a fault strikes follows from the seed and from the number of the request among those that
//! the fault is meant for. So a run can be repeated. Without faults and without a `Prefer` header, no answer
//! is changed.

mod struck;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use fixtures::Noise;
use http::{HeaderMap, Request, StatusCode};

use crate::fault::{CursorFault, Fault, Kind, LONGEST, PageFaults, Target};
use crate::kind::{self, TimelineRoute};
use crate::route::Routes;

pub(crate) use struck::struck;

/// Everything that the faults do to one request.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Strike {
    pub(crate) delay: Duration,
    pub(crate) status: Option<StatusCode>,
    /// Bytes of the body per second.
    pub(crate) slow: Option<u64>,
    pub(crate) truncated: bool,
    pub(crate) dropped: bool,
    pub(crate) page: PageFaults,
    /// Whether the answer is one that the contract forbids.
    pub(crate) breaks: bool,
    /// The faults that strike, as they were written.
    struck: Vec<(Arc<str>, Kind)>,
}

/// The faults in force.
#[derive(Debug)]
pub(crate) struct Faults {
    noise: Noise,
    /// The faults of the command line, which stay in every scenario.
    lasting: Vec<Fault>,
    rules: ArcSwap<Vec<Rule>>,
}

/// A fault, and the number of requests so far that it is meant for.
#[derive(Debug)]
struct Rule {
    fault: Fault,
    met: AtomicU64,
}

impl Faults {
    /// The lasting faults, and those of the first scenario.
    pub(crate) fn new(seed: u64, lasting: Vec<Fault>, scenario: &[Fault]) -> Self {
        let faults = Self {
            noise: Noise::new(seed).at("faults"),
            lasting,
            rules: ArcSwap::default(),
        };
        faults.begin(scenario);
        faults
    }

    /// The lasting faults and those of a scenario, which have struck nothing yet.
    pub(crate) fn another(&self, scenario: &[Fault]) -> Self {
        let faults = Self {
            noise: self.noise,
            lasting: self.lasting.clone(),
            rules: ArcSwap::default(),
        };
        faults.begin(scenario);
        faults
    }

    /// The faults, as they were written.
    pub(crate) fn texts(&self) -> Vec<Arc<str>> {
        let rules = self.rules.load();
        let texts = rules.iter().map(|rule| Arc::clone(&rule.fault.text));
        texts.collect()
    }

    /// Puts these faults in force, and counts requests from zero.
    pub(crate) fn set(&self, faults: Vec<Fault>) {
        let rules = faults.into_iter().map(|fault| Rule {
            fault,
            met: AtomicU64::new(0),
        });
        self.rules.store(Arc::new(rules.collect()));
    }

    /// Puts the lasting faults and those of a scenario in force.
    pub(crate) fn begin(&self, scenario: &[Fault]) {
        self.set([&self.lasting, scenario].concat());
    }

    /// Everything that the faults do to a request. A request for no operation is left alone.
    fn strike(&self, routes: &Routes, request: &Request<Bytes>) -> Strike {
        let mut strike = Strike::default();
        let rules = self.rules.load();
        let preferred = preferred(request.headers());
        if rules.is_empty() && preferred.is_empty() {
            return strike;
        }
        let Ok((route, captures)) = routes.find(request) else {
            return strike;
        };
        let target = Target {
            route,
            resource: route.checks().resource(&captures),
            has_cursor: route.checks().has_place(request, &captures),
            has_presigned_urls: route
                .as_timeline()
                .is_some_and(TimelineRoute::has_presigned_urls),
        };
        for (place, rule) in (0..).zip(rules.iter()) {
            if rule.fault.is_for(&target) {
                let number = rule.met.fetch_add(1, Ordering::Relaxed) + 1;
                let noise = self.noise.number(number).at("rule").number(place);
                if rule.fault.when.strikes(number, noise) {
                    strike.take(&rule.fault, noise);
                }
            }
        }
        // An operation that does not page chooses among its declared answers itself.
        let chooses = |fault: &Fault| match (&route.kind, fault.kind) {
            (kind::Kind::Example(_), Kind::Status(status)) => route.declares(status),
            _ => false,
        };
        for fault in preferred.iter().filter(|fault| !chooses(fault)) {
            strike.take(fault, self.noise);
        }
        strike
    }
}

impl Strike {
    /// The faults that strike, as they were written.
    pub(crate) fn rules(&self) -> Vec<Arc<str>> {
        let rules = self.struck.iter().map(|(text, _)| Arc::clone(text));
        rules.collect()
    }

    fn take(&mut self, fault: &Fault, noise: Noise) {
        match fault.kind {
            Kind::Status(status) => self.status = Some(status),
            Kind::Latency(least, most) => {
                let more = most.saturating_sub(least).mul_f64(noise.at("delay").unit());
                self.delay = (self.delay + least + more).min(LONGEST);
            }
            Kind::Slow(rate) => self.slow = Some(self.slow.map_or(rate, |slow| slow.min(rate))),
            Kind::Truncate => self.truncated = true,
            Kind::Drop => self.dropped = true,
            Kind::Expired => self.page.expired = true,
            Kind::Repeat => self.page.repeated = true,
            Kind::Vanish => self.page.cursor = CursorFault::Vanished,
            Kind::Expire => self.page.cursor = CursorFault::Expired,
        }
        self.struck.push((Arc::clone(&fault.text), fault.kind));
    }
}

/// The faults that the request itself asks for, as in `Prefer: code=422, delay=500ms`.
///
/// Unknown preferences are ignored (RFC 7240, 2).
fn preferred(headers: &HeaderMap) -> Vec<Fault> {
    let values = headers.get_all("prefer").iter();
    let wanted = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .filter_map(|one| one.trim().split_once('='));
    let rules = wanted.filter_map(|(name, value)| match name {
        "code" => format!("status={value}").parse().ok(),
        "delay" => format!("latency={value}").parse().ok(),
        _ => None,
    });
    rules.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::Mock;

    const JOB: &str = "/v1/jobs/01JADA0000000000000000DEAD/events";
    const TRAINING: &str = "/v1/preview/training-jobs/0a000000-0000-4000-8000-000000000020/events";

    fn mock() -> Mock {
        Mock::bundled(1, "2026-01-05T09:00:00Z".parse().unwrap()).unwrap()
    }

    fn faults(rules: &[&str]) -> Faults {
        let rules = rules.iter().map(|rule| rule.parse().unwrap());
        Faults::new(1, rules.collect(), &[])
    }

    fn strike(faults: &Faults, mock: &Mock, target: &str) -> Strike {
        let request = Request::get(target).body(Bytes::new()).unwrap();
        faults.strike(&mock.routes, &request)
    }

    fn strikes(faults: &Faults, count: usize) -> Vec<Strike> {
        let mock = mock();
        (0..count).map(|_| strike(faults, &mock, JOB)).collect()
    }

    #[test]
    fn without_faults_no_answer_is_changed() {
        let unchanged = strikes(&faults(&[]), 50);
        assert!(unchanged.iter().all(|strike| *strike == Strike::default()));
    }

    #[test]
    fn a_share_strikes_about_as_often_as_it_says_and_always_the_same() {
        let struck = strikes(&faults(&["status=503@10%"]), 2_000);
        let count = struck.iter().filter(|one| one.status.is_some()).count();
        assert!((150..250).contains(&count), "{count}");
        assert_eq!(struck, strikes(&faults(&["status=503@10%"]), 2_000));
    }

    #[test]
    fn every_third_request_is_struck() {
        let struck = strikes(&faults(&["status=429@every=3", "truncate@every=2"]), 6);
        let refused: Vec<_> = struck.iter().map(|one| one.status.is_some()).collect();
        assert_eq!(refused, [false, false, true, false, false, true]);
        let truncated: Vec<_> = struck.iter().map(|one| one.truncated).collect();
        assert_eq!(truncated, [false, true, false, true, false, true]);
        assert_eq!(struck[5].rules().len(), 2);
    }

    #[test]
    fn latency_lies_between_its_bounds() {
        for strike in strikes(&faults(&["latency=100ms..300ms"]), 200) {
            assert!((100..=300).contains(&strike.delay.as_millis()));
        }
    }

    #[test]
    fn a_fault_for_one_resource_or_operation_counts_only_its_requests() {
        let mock = mock();
        let faults = faults(&[
            "drop@every=2@job=01JADA0000000000000000DEAD",
            "truncate@operation=wandb-training",
        ]);
        let dropped = |target: &str| strike(&faults, &mock, target).dropped;
        assert!(!dropped(JOB));
        assert!(!dropped(TRAINING) && !dropped(TRAINING));
        assert!(dropped(JOB));
        assert!(strike(&faults, &mock, TRAINING).truncated);
        assert!(!strike(&faults, &mock, JOB).truncated);
    }

    #[test]
    fn a_fault_of_cursors_or_pictures_strikes_only_requests_that_have_them() {
        let mock = mock();
        let faults = faults(&["repeat", "expired"]);
        let page = |target: &str| strike(&faults, &mock, target).page;
        assert!(!page(TRAINING).expired && page(JOB).expired);
        assert!(!page(JOB).repeated && !page(&format!("{TRAINING}?after=")).repeated);
        assert!(page(&format!("{JOB}?since=3")).repeated);
    }

    #[test]
    fn a_request_may_ask_for_its_own_fault() {
        let wish = "respond-async, code=422; delay=250ms, code=banana";
        let request = Request::get(JOB).header("prefer", wish);
        let request = request.body(Bytes::new()).unwrap();
        let strike = faults(&[]).strike(&mock().routes, &request);
        assert_eq!(strike.status, Some(StatusCode::UNPROCESSABLE_ENTITY));
        assert_eq!(strike.delay, Duration::from_millis(250));
    }
}

//! A table of correct servers: none breaks a law, and some laws apply to the mock but not to them.
//!
//! A review of a new law shows which correct servers it blames, or silently leaves out.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use openapi::Contract;

use super::spelled::{
    another_version, canonical, headless, missing_first, signed_otherwise, sparing, talkative,
};
use super::{forbidding, newest_first, paging, plain, upper_case};
use crate::lie::{Lie, with_header};
use crate::subject::{Lost, Reply, Request, Subject};
use crate::testing::{NOW, contracts, hooked, hooked_late, living};
use crate::{Budget, Facts, Judgement, Level, Liar, Options, Verdict, judge};

/// A correct server.
struct Server {
    name: &'static str,
    lie: Lie,
    access: Access,
}

/// The way to a server.
#[derive(Clone, Copy)]
enum Access {
    /// Its clock stands still until a hook adds an event.
    Steady,
    /// Its clock stands still, and there are no hooks.
    Still,
    /// Its clock moves with each request, so some of its timelines grow. There are no hooks.
    Live,
    /// Now and then it asks to repeat a request, or drops the connection.
    Bad,
    /// An event that a hook added shows only after some more requests.
    Late,
}

impl Access {
    /// The longest wait for an event to show. It is used up only by servers that show none.
    fn patience(self) -> Duration {
        match self {
            Self::Late => Duration::from_mins(1),
            Self::Steady | Self::Still | Self::Live | Self::Bad => Duration::ZERO,
        }
    }
}

/// A server that answers in another way.
const fn steady(name: &'static str, lie: Lie) -> Server {
    let access = Access::Steady;
    Server { name, lie, access }
}

/// A server that pages in another way.
const fn still(name: &'static str, lie: Lie) -> Server {
    let access = Access::Still;
    Server { name, lie, access }
}

/// The mock, with another access.
const fn mock(name: &'static str, access: Access) -> Server {
    let lie = plain;
    Server { name, lie, access }
}

/// Each server's lines. The first server is the plain mock, and the others are compared with it.
fn table(servers: &[Server], contracts: &[(Contract, Facts)]) -> String {
    let mut text = String::new();
    let mut beside = Vec::new();
    for server in servers {
        let _ = writeln!(text, "{}", server.name);
        for (index, (contract, facts)) in contracts.iter().enumerate() {
            let judgement = judged(contract, facts, server);
            let results = Results::of(&judgement);
            let (_, broken) = &results.0[0];
            assert!(broken.is_empty(), "{}: {judgement:#?}", server.name);
            let line = results.beside(beside.get(index));
            let _ = writeln!(text, "  {}: {line}", contract.name());
            if beside.len() == index {
                beside.push(results);
            }
        }
    }
    text
}

/// Judges a server by every law.
fn judged(contract: &Contract, facts: &Facts, server: &Server) -> Judgement {
    let options = Options {
        cases: 6,
        shrinks: 0,
        clock: || SystemTime::UNIX_EPOCH + NOW,
        budget: Budget {
            patience: server.access.patience(),
            ..Budget::default()
        },
        ..Options::default()
    };
    let held = |facts: &Facts, subject: &dyn Subject| {
        judge(contract, facts, subject, &options, &mut |_| {})
    };
    let aging = |step| Liar::new(contract.clone(), server.lie, living(step));
    let with_hooks = || {
        let (mock, hooks) = hooked(facts.hooks());
        let liar = Liar::new(contract.clone(), server.lie, mock);
        (facts.clone().with_hooks(hooks), liar)
    };
    match server.access {
        Access::Steady => {
            let (facts, liar) = with_hooks();
            held(&facts, &liar)
        }
        Access::Bad => {
            let (facts, liar) = with_hooks();
            held(&facts, &on_a_bad_line(liar))
        }
        Access::Late => {
            let (mock, hooks) = hooked_late(facts.hooks(), 3);
            let liar = Liar::new(contract.clone(), server.lie, mock);
            held(&facts.clone().with_hooks(hooks), &liar)
        }
        Access::Still => held(facts, &aging(Duration::ZERO)),
        // The step is so small that the whole run stays within the allowed difference of clocks.
        Access::Live => held(facts, &aging(Duration::from_millis(100))),
    }
}

/// A server that now and then is busy, drops the connection, or breaks an answer off.
fn on_a_bad_line(server: impl Subject) -> impl Subject {
    let asked = AtomicU64::new(0);
    let busy = |mut reply: Reply, status: u16| {
        reply.status = status;
        reply
    };
    move |request: &Request| match asked.fetch_add(1, Ordering::Relaxed) % 60 {
        3 => server
            .send(request)
            .map(|reply| with_header(busy(reply, 429), "retry-after", "0")),
        13 => server.send(request).map(|reply| busy(reply, 429)),
        23 => server.send(request).map(|reply| busy(reply, 503)),
        33 => {
            let reply = server.send(request)?;
            let longer = (reply.body.len() + 1).to_string();
            Ok(with_header(reply, "content-length", &longer))
        }
        43 | 53 => Err(Lost::new("connection reset")),
        _ => server.send(request),
    }
}

/// The laws of a judgement that were not simply upheld.
#[derive(Debug, Default)]
struct Results([(&'static str, BTreeSet<&'static str>); 4]);

impl Results {
    fn of(judgement: &Judgement) -> Self {
        let mut results = Self(
            ["BROKEN", "observed", "unjudged", "not in force"].map(|word| (word, BTreeSet::new())),
        );
        let findings = judgement.findings.iter();
        for finding in findings.filter(|finding| !finding.law.conduct.measures_time) {
            let kind = match &finding.verdict {
                Verdict::Upheld { .. } => continue,
                Verdict::Broken(_) if finding.level == Level::Info => 1,
                Verdict::Broken(_) => 0,
                Verdict::Unjudged { .. } | Verdict::Unreachable { .. } => 2,
                Verdict::NotInForce { .. } => 3,
            };
            results.0[kind].1.insert(finding.law.id);
        }
        results
    }

    /// The laws that are listed here but not for `other`.
    fn beside(&self, other: Option<&Self>) -> String {
        let mut parts = Vec::new();
        for (kind, (word, laws)) in self.0.iter().enumerate() {
            let known = |law: &&&str| other.is_some_and(|other| other.0[kind].1.contains(**law));
            let laws: Vec<&str> = laws.iter().filter(|law| !known(law)).copied().collect();
            if !laws.is_empty() {
                parts.push(format!("{word} {}", laws.join(", ")));
            }
        }
        if parts.is_empty() {
            "upheld as the mock is".to_owned()
        } else {
            parts.join("; ")
        }
    }
}

#[test]
fn servers_that_answer_otherwise() {
    let servers = [
        mock("the mock as it is", Access::Steady),
        mock("a mock that grows while it is read", Access::Live),
        mock(
            "429, 503, dropped connections, broken answers now and then",
            Access::Bad,
        ),
        mock("events that show late", Access::Late),
        steady("newest first, where no order is declared", newest_first),
        steady("keys in upper case", upper_case),
        steady("keys that are UUIDs of another version", another_version),
        steady("defaults left out", sparing),
        steady("additional properties", talkative),
        steady("403 for 401, without a challenge", forbidding),
        steady("404 for a missing resource before 422", missing_first),
        steady("HEAD not supported", headless),
        steady(
            "redirects of other spellings, and long request lines dropped",
            canonical,
        ),
        steady("URLs signed by every scheme", signed_otherwise),
    ];
    insta::assert_snapshot!(table(&servers, &contracts()));
}

#[test]
fn servers_that_page_otherwise() {
    let servers = [
        still("the mock as it is, on short timelines", plain),
        still("growing at every fifth request", paging::growing),
        still("growing, newest first", paging::growing_newest_first),
        still("400 for an unknown cursor", paging::unknown_is_400),
        still("404 for an unknown cursor", paging::unknown_is_404),
        still("422 for an unknown cursor", paging::unknown_is_422),
        still("nothing behind an unknown cursor", paging::unknown_is_empty),
        still("gaps, and a latest that counts hidden events", paging::gaps),
    ];
    insta::assert_snapshot!(table(&servers, &paging::contracts()));
}

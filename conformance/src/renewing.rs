//! A subject whose callers' tokens may expire.

use std::sync::{Arc, Mutex};

use crate::lock::lock;
use crate::subject::encoded;
use crate::token::Renewal;
use crate::{Facts, Lost, Reply, Request, Subject, Terms};

/// A subject that is asked again with a new token after the old one expired.
///
/// Only tokens that come from a command can be renewed. A token has expired if a request that was answered
/// with 200 before is answered with 401. Requests are signed with the first token, which is replaced here.
#[derive(Debug)]
pub struct Renewing<S> {
    subject: S,
    tokens: Vec<Renewable>,
}

#[derive(Debug)]
struct Renewable {
    caller: String,
    first: String,
    renewal: Arc<Renewal>,
    /// A request with the first token that was answered with 200.
    accepted: Mutex<Option<Request>>,
}

impl<S: Subject> Renewing<S> {
    /// The subject, asked by the callers of these facts.
    pub fn new<'f>(subject: S, facts: impl IntoIterator<Item = &'f Facts>) -> Self {
        let mut tokens: Vec<Renewable> = Vec::new();
        for (name, token) in facts.into_iter().flat_map(|facts| &facts.callers) {
            let known = tokens.iter().any(|known| known.caller == *name);
            if let (Some(renewal), false) = (&token.renewal, known) {
                tokens.push(Renewable {
                    caller: name.clone(),
                    first: token.text.clone(),
                    renewal: Arc::clone(renewal),
                    accepted: Mutex::default(),
                });
            }
        }
        Self { subject, tokens }
    }

    /// Callers whose tokens expired, and how often.
    pub fn renewed(&self) -> impl Iterator<Item = (&str, usize)> {
        let counts = self.tokens.iter();
        let counts = counts.map(|one| (one.caller.as_str(), one.renewal.later().count()));
        counts.filter(|(_, times)| *times > 0)
    }
}

impl<S: Subject> Subject for Renewing<S> {
    fn base(&self) -> Option<&str> {
        self.subject.base()
    }

    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        self.send_on(request, Terms::default())
    }

    fn send_on(&self, request: &Request, terms: Terms) -> Result<Reply, Lost> {
        let Some(token) = self.tokens.iter().find(|token| token.is_in(request)) else {
            return self.subject.send_on(request, terms);
        };
        let current = token.current();
        let signed = token.signed(request, current);
        let reply = self.subject.send_on(&signed, terms)?;
        if reply.status == 200 {
            lock(&token.accepted).get_or_insert_with(|| request.clone());
        }
        if reply.status != 401 {
            return Ok(reply);
        }
        // Not every 401 means that the token expired, so a request that was accepted before decides.
        let Some(accepted) = lock(&token.accepted).clone() else {
            return Ok(reply);
        };
        let accepted = token.signed(&accepted, current);
        let probe = self.subject.send_on(&accepted, terms)?;
        if probe.status != 401 {
            return Ok(reply);
        }
        let renewed = token.renewal.renew(&token.first, current);
        renewed.map_err(|reason| {
            Lost::new(format!("callers.{}.token.command: {reason}", token.caller))
        })?;
        let signed = token.signed(request, token.current());
        self.subject.send_on(&signed, terms)
    }
}

impl Renewable {
    /// The newest token.
    fn current(&self) -> &str {
        self.renewal.later().last().unwrap_or(&self.first)
    }

    /// Whether the request carries the first token.
    fn is_in(&self, request: &Request) -> bool {
        let mut headers = request.headers.iter();
        headers.any(|(_, value)| stands_in(value, &self.first))
            || stands_in(&request.target, &encoded(&self.first))
    }

    /// The request with another token instead of the first one.
    fn signed(&self, request: &Request, token: &str) -> Request {
        let mut request = request.clone();
        if token == self.first {
            return request;
        }
        for (_, value) in &mut request.headers {
            if stands_in(value, &self.first) {
                *value = value.replace(&self.first, token);
            }
        }
        let first = encoded(&self.first);
        if stands_in(&request.target, &first) {
            request.target = request.target.replace(&first, &encoded(token));
        }
        request
    }
}

/// Whether a text ends in `token`, or has it before a separator of headers and URLs, as a word of its own.
fn stands_in(text: &str, token: &str) -> bool {
    text.match_indices(token).any(|(place, _)| {
        let before = text[..place].chars().next_back();
        let behind = text[place + token.len()..].chars().next();
        before.is_none_or(|one| " =&?".contains(one))
            && behind.is_none_or(|one| " &;,".contains(one))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::SystemTime;

    use openapi::Source;

    use super::*;
    use crate::testing::{NOW, contracts};
    use crate::{Level, Options, Verdict, judge};

    /// A command that counts its runs in a file, and prints a token with that number.
    fn facts(counter: &std::path::Path) -> Vec<(openapi::Contract, Facts)> {
        let file = format!(
            "callers: {{ ada: {{ token: {{ command: [sh, -c, 'echo >> {counter}; echo \" ticket-$(wc -l < {counter})\" | \
             tr -d \" \"'] }} }} }}\ntimelines:\n  job-timeline: [{{ id: 01JADA00000000000000000020, owner: ada }}]",
            counter = counter.display()
        );
        let known: Vec<_> = contracts().into_iter().map(|(known, _)| known).collect();
        Facts::read(&Source::new("subject.yaml", file), &known, |_| None).unwrap()
    }

    #[test]
    fn a_token_that_expires_in_the_middle_of_a_run_is_fetched_again() {
        /// The number of requests that each token is good for.
        const GOOD_FOR: usize = 100;
        let counter = std::env::temp_dir().join(format!("eventline-tokens-{}", std::process::id()));
        let _ = std::fs::remove_file(&counter);
        let (contract, facts) = facts(&counter).swap_remove(0);
        assert_eq!(facts.token("ada"), Some("ticket-1"));
        let mock = crate::testing::honest();
        let (asked, current) = (AtomicUsize::new(0), AtomicUsize::new(1));
        let server = |request: &Request| -> Result<Reply, Lost> {
            let good = format!("Bearer ticket-{}", current.load(Ordering::Relaxed));
            let mut request = request.clone();
            for (name, value) in &mut request.headers {
                if name == "authorization" && *value == good {
                    *value = "Bearer token-of-ada".to_owned();
                    let asked = asked.fetch_add(1, Ordering::Relaxed) + 1;
                    current.store(1 + asked / GOOD_FOR, Ordering::Relaxed);
                }
            }
            mock.send(&request)
        };
        let server = Renewing::new(server, [&facts]);
        let options = Options {
            clock: || SystemTime::UNIX_EPOCH + NOW,
            ..Options::default()
        };
        let judgement = judge(&contract, &facts, &server, &options, &mut |_| {});
        let _ = std::fs::remove_file(&counter);
        for finding in &judgement.findings {
            let broken = matches!(finding.verdict, Verdict::Broken(_));
            let law = finding.law.id;
            assert!(!broken || finding.level == Level::Info, "{law}");
        }
        let renewed: Vec<_> = server.renewed().collect();
        assert!(matches!(renewed.as_slice(), [("ada", 3..)]), "{renewed:?}");
        let used = facts.callers().count();
        assert_eq!(used, 1 + renewed[0].1, "a report hides every token");
    }

    #[test]
    fn a_token_stands_alone_in_a_header_or_a_query() {
        assert!(stands_in("Bearer abc", "abc"));
        assert!(stands_in("/jobs?key=abc&limit=1", "abc"));
        assert!(stands_in("session=abc; other=1", "abc"));
        assert!(!stands_in("Bearer abcd", "abc"));
        assert!(!stands_in("Bearer xabc", "abc"));
    }
}

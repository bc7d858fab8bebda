//! Asks again while an answer is only of the moment, within the limits of the run.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{Exchange, Run};
use crate::lock::lock;
use crate::moment::{Moment, Moments};
use crate::subject::{Connection, LONGEST_BODY, Lost, Reply, Request, Terms};
use crate::{Credentials, Stop, UnsafeMethods, outcome};

/// The manner in which a request is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Manner {
    /// A request that a server answers, unless it has a bad moment.
    Usual,
    /// A request that may break the server, so that its failure counts as its answer.
    Daring,
}

/// The reason why a request has no answer for a law.
#[derive(Debug)]
pub(in crate::session) enum Trouble {
    /// It was not asked, or the run ended.
    Stop(Stop),
    /// It got only answers of the moment.
    Unanswered(Box<Unanswered>),
}

/// A request that got only answers of the moment.
#[derive(Debug)]
pub(in crate::session) struct Unanswered {
    /// The request as it was sent.
    signed: Request,
    /// The last answer's kind.
    pub(in crate::session) moment: Moment,
    /// The request and its answers in words.
    pub(in crate::session) words: String,
    /// The reason of the last failure, if there was no answer at all.
    pub(in crate::session) lost: Option<Lost>,
    /// The last answer, if there was one.
    pub(in crate::session) answered: Option<Box<Exchange>>,
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// The answers of the moment so far, and the requests that got no others.
#[derive(Default)]
pub(super) struct Asking {
    moments: Mutex<Moments>,
    /// Requests that are not sent again, with the last answer's kind, and the reason in words.
    avoided: Mutex<HashMap<Request, (Moment, String)>>,
    /// The number of requests in a row for which the server was only busy.
    in_a_row: AtomicU32,
    /// The number of requests without an answer.
    unanswered: AtomicU32,
    /// The number of requests without an answer in time.
    late: AtomicU32,
    /// The number of requests whose answers all broke off.
    cut: AtomicU32,
    /// The number of requests that failed and were looked at.
    confirmed: AtomicU32,
    /// Whether the largest page got no answer, so that listings are read in pages of the default size.
    default_pages: AtomicBool,
}

impl Run<'_> {
    /// The answers of the moment so far, counted.
    pub fn moments(&self) -> Moments {
        lock(&self.asking.moments).clone()
    }

    /// Counts a breach that rested on an answer of the moment, and was not seen again.
    pub(crate) fn count_flaky(&self) {
        lock(&self.asking.moments).flaky += 1;
    }

    /// Sends `request` with these credentials, and again while the answer is only of the moment.
    pub(in crate::session) fn ask(
        &self,
        request: &Request,
        credentials: &Credentials,
        caller: Option<&str>,
        manner: Manner,
    ) -> Result<Exchange, Trouble> {
        if let Some(stop) = self.stopped.get() {
            return Err(stop.clone().into());
        }
        let own = &self.contract.operation().method;
        if !self.facts.unsafe_methods().permits(&request.method, own) {
            return Err(Stop::NotInForce(UnsafeMethods::REFUSED.to_owned()).into());
        }
        let signed = self.signed(request, credentials, caller);
        if let Some(known) = self.asking.avoided(&signed) {
            return Err(match manner {
                Manner::Usual => Stop::Moot(known.words).into(),
                Manner::Daring => Trouble::Unanswered(known),
            });
        }
        let mut most = self.budget.wait;
        for repeat in 0.. {
            self.spend()?;
            let began = Instant::now();
            let answer = self
                .subject
                .send_on(&signed, self.terms(&signed, repeat, began));
            let took = began.elapsed();
            let exchange = |run: &Self, reply: Reply| {
                run.exchange(request, (credentials, caller), reply, took)
            };
            let Some(moment) = Moment::of(&signed, &answer) else {
                return Ok(self.received(exchange(self, answer.map_err(Stop::from)?))?);
            };
            self.within_time()?;
            *lock(&self.asking.moments)
                .answers
                .entry(moment)
                .or_default() += 1;
            let reply = answer.as_ref().ok();
            let may_repeat = repeat < self.repeats(&signed, moment, reply.is_some(), manner);
            if let Some(wait) = moment.wait(reply, repeat, most).filter(|_| may_repeat) {
                if let Ok(reply) = answer {
                    self.watch_moment(&exchange(self, reply));
                }
                most -= wait;
                self.pause(wait)?;
                continue;
            }
            let daring = manner == Manner::Daring && moment != Moment::Busy(429);
            let (lost, answered, words) = match answer {
                // A body that breaks off each time is the server's word.
                Ok(reply) if moment == Moment::BrokenOff => {
                    self.asking.cut.fetch_add(1, Ordering::Relaxed);
                    return Ok(self.received(exchange(self, reply))?);
                }
                Ok(reply) if daring => return Ok(exchange(self, reply)),
                Ok(reply) => {
                    let answered = exchange(self, reply);
                    self.watch_moment(&answered);
                    (
                        None,
                        Some(Box::new(answered)),
                        format!("was answered with {moment} {} times", repeat + 1),
                    )
                }
                Err(lost) => {
                    let words = format!("got no answer: {lost}");
                    (Some(lost), None, words)
                }
            };
            let words = format!("{} {words}{}", named(request), hint(moment));
            return Err(Trouble::Unanswered(Box::new(Unanswered {
                signed,
                moment,
                words,
                lost,
                answered,
            })));
        }
        unreachable!("a request is repeated a few times only")
    }

    /// The terms of a request that was already sent `repeat` times.
    fn terms(&self, signed: &Request, repeat: u32, now: Instant) -> Terms {
        /// The number of late answers after which others are waited for less long.
        const PATIENT: u32 = 2;
        /// The shortest such wait, and its multiple of the average time of an answer.
        const LEAST: (Duration, u32) = (Duration::from_secs(1), 20);
        let hurry = self.asking.late.load(Ordering::Relaxed) >= PATIENT;
        let soon = hurry.then(|| now + LEAST.0.max(self.took_on_average() * LEAST.1));
        let fresh = repeat > 0 || !self.may_repeat(signed);
        Terms {
            connection: if fresh {
                Connection::Fresh
            } else {
                Connection::Kept
            },
            until: match (self.ends, soon) {
                (Some(ends), Some(soon)) => Some(ends.min(soon)),
                (ends, soon) => ends.or(soon),
            },
        }
    }

    /// Whether a request only reads: by its method, or because the operation that is judged has this method.
    pub(in crate::session) fn may_repeat(&self, request: &Request) -> bool {
        request.only_reads() || request.method == self.contract.operation().method
    }

    /// The greatest number of times that a request is sent again after such an answer.
    fn repeats(&self, signed: &Request, moment: Moment, replied: bool, manner: Manner) -> u32 {
        /// The number of requests without an answer after which others are repeated less often.
        const PATIENT: u32 = 5;
        let daring = manner == Manner::Daring;
        let most = match moment {
            _ if !self.may_repeat(signed) => 0,
            Moment::Late => 0,
            Moment::BrokenOff if daring && !replied => 1,
            // A server that breaks off so often has no bad moment.
            Moment::BrokenOff if replied && self.asking.cut.load(Ordering::Relaxed) > 2 => 0,
            Moment::BrokenOff if replied => 2,
            Moment::Busy(status) if daring && status != 429 => 2,
            Moment::BrokenOff | Moment::Busy(_) => 5,
        };
        if self.asking.unanswered.load(Ordering::Relaxed) < PATIENT {
            return most;
        }
        most.min(2)
    }

    /// Takes an answer for the server's word. Moot if it is too long to be judged.
    fn received(&self, exchange: Exchange) -> Result<Exchange, Stop> {
        self.asking.in_a_row.store(0, Ordering::Relaxed);
        if let Some(reason) = too_large(&exchange.reply.body) {
            return outcome::moot(format!("{reason}: {}", named(&exchange.request)));
        }
        let micros = u64::try_from(exchange.took.as_micros()).unwrap_or(u64::MAX);
        self.took.fetch_add(micros, Ordering::Relaxed);
        let bytes = exchange.reply.body.len() as u64;
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.answered.fetch_add(1, Ordering::Relaxed);
        self.watch(&exchange, |watched| !watched.failures);
        Ok(exchange)
    }

    /// Shows an answer of the moment to the watches that may see one.
    fn watch_moment(&self, exchange: &Exchange) {
        self.watch(exchange, |watched| watched.moments && !watched.failures);
    }

    /// Whether one more request that fails may be looked at. A run that meets many needs no more.
    pub(in crate::session) fn may_confirm(&self) -> bool {
        const MOST: u32 = 8;
        self.asking.confirmed.fetch_add(1, Ordering::Relaxed) < MOST
    }

    /// Counts a request that got no answer, and returns whether the server may be busy with all requests.
    pub(in crate::session) fn is_in_doubt(&self, unanswered: &Unanswered) -> bool {
        /// The number of such requests in a row after which a server that limits rates is in doubt.
        ///
        /// One more request would only add to its load.
        const IN_A_ROW: u32 = 3;
        self.asking.unanswered.fetch_add(1, Ordering::Relaxed);
        match unanswered.moment {
            Moment::Busy(429) => {
                self.asking.in_a_row.fetch_add(1, Ordering::Relaxed) + 1 >= IN_A_ROW
            }
            Moment::BrokenOff | Moment::Busy(_) => true,
            Moment::Late => {
                self.asking.late.fetch_add(1, Ordering::Relaxed);
                true
            }
        }
    }

    /// Does not send a request again that got no answer, although others get one.
    pub(in crate::session) fn avoid(&self, unanswered: Unanswered) {
        let Unanswered {
            signed,
            moment,
            words,
            ..
        } = unanswered;
        lock(&self.asking.avoided).insert(signed, (moment, words));
    }

    /// Whether this request is not sent again.
    pub(in crate::session) fn is_avoided(
        &self,
        request: &Request,
        credentials: &Credentials,
        caller: Option<&str>,
    ) -> bool {
        let signed = self.signed(request, credentials, caller);
        self.asking.avoided(&signed).is_some()
    }

    /// Reads listings in pages of the default size from now on.
    pub(in crate::session) fn lists_default_pages(&self) {
        self.asking.default_pages.store(true, Ordering::Relaxed);
    }

    /// Whether listings are read in the largest pages.
    pub(in crate::session) fn largest_pages(&self) -> bool {
        !self.asking.default_pages.load(Ordering::Relaxed)
    }

    /// Sends no request any more, for this reason.
    pub(in crate::session) fn stop(&self, stop: Stop) -> Stop {
        self.stopped.get_or_init(|| stop).clone()
    }

    /// Waits, or until the end of the run. Moot at that end.
    pub(crate) fn pause(&self, wait: Duration) -> Result<(), Stop> {
        /// The time between two looks at whether the run is told to end.
        const LOOK: Duration = Duration::from_millis(50);
        let left = |ends: Instant| ends.saturating_duration_since(Instant::now());
        let mut wait = self.ends.map_or(wait, |ends| wait.min(left(ends)));
        while !wait.is_zero() && !(self.told_to_end)() {
            let part = wait.min(LOOK);
            thread::sleep(part);
            wait -= part;
        }
        self.within_time()
    }

    /// Moot after the end of the run.
    pub(super) fn within_time(&self) -> Result<(), Stop> {
        if (self.told_to_end)() {
            return outcome::moot("the run was told to end");
        }
        if self.ends.is_some_and(|ends| ends <= Instant::now()) {
            return outcome::moot("the time that the run may take is used up");
        }
        Ok(())
    }
}

impl Asking {
    fn avoided(&self, signed: &Request) -> Option<Box<Unanswered>> {
        let avoided = lock(&self.avoided);
        let (moment, words) = avoided.get(signed)?.clone();
        let (signed, lost) = (signed.clone(), Some(Lost::late(words.clone())));
        Some(Box::new(Unanswered {
            signed,
            moment,
            words,
            lost,
            answered: None,
        }))
    }
}

/// The reason why a body is too large to be judged, if it is.
fn too_large(body: &[u8]) -> Option<String> {
    /// The length from which values are counted, in bytes. A shorter body cannot have too many.
    const SHORT: usize = 1 << 20;
    /// The greatest number of values. As JSON in memory, each takes some hundred bytes.
    const MOST: usize = 500_000;
    if body.len() > LONGEST_BODY {
        let most = LONGEST_BODY >> 20;
        return Some(format!("a body of more than {most} MiB was cut off"));
    }
    let separates = |byte: &&u8| matches!(byte, b',' | b'[' | b'{' | b':');
    let too_many = body.len() > SHORT && body.iter().filter(separates).count() > MOST;
    too_many.then(|| format!("a body has more than {MOST} values"))
}

/// A request in words: its method and its target, cut.
fn named(request: &Request) -> String {
    const MOST: usize = 200;
    let target = request.target.escape_debug().to_string();
    let cut = match target.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}… ({} bytes)", &target[..end], request.target.len()),
        None => target,
    };
    format!("{} {cut}", request.method)
}

/// The cure for an answer of the moment, if there is one.
fn hint(moment: Moment) -> &'static str {
    match moment {
        Moment::Busy(429) => "; --rate N asks more slowly",
        Moment::Late => "; --timeout waits longer",
        Moment::Busy(_) | Moment::BrokenOff => "",
    }
}

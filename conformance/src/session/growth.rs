//! Makes timelines grow, and reads the new events like a reader at the open end.
//!
//! Behind a replica or an index, an event shows some time after it was added. The run waits for it, at most
//! as long as it has patience.

use std::time::{Duration, Instant};

use openapi::Position;

use super::{Ask, Listing, Page, Session};
use crate::lock::lock;
use crate::subject::Lost;
use crate::{Hooks, Resource, Skip, Stop, outcome};

/// The start from which a reader at the open end polls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// From the key of the last item that it saw.
    LastKey,
    /// From the cursor that the last page returned.
    Next,
}

/// The time between adding an event and seeing it, as far as a run knows it.
#[derive(Debug, Clone, Default)]
pub(super) enum Shows {
    /// No event was added yet.
    #[default]
    Unknown,
    /// An event shows at once.
    AtOnce,
    /// An event showed after this time.
    After(Duration),
    /// An event did not show while the run waited, in these words.
    Never(String),
}

/// The shortest and the longest time between two readings while an event is waited for.
const GAPS: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(500)];

impl Session<'_> {
    /// The hooks that the judge may use.
    pub fn hooks(&self) -> &Hooks {
        self.facts().hooks()
    }

    /// The resources to which events are added while they are judged.
    ///
    /// Not in force if there is none, or no way to add events.
    pub fn growing(&self) -> Result<Vec<&Resource>, Skip> {
        let growing: Vec<_> = self
            .resources()
            .iter()
            .filter(|resource| resource.grows)
            .collect();
        if growing.is_empty() {
            return outcome::not_in_force("the subject file names no resource that grows");
        }
        if !self.hooks().can_append() && self.run().budget().patience.is_zero() {
            return outcome::not_in_force("there is no append hook, and growth is not waited for");
        }
        // Without a hook each case waits for real time to pass, so one resource must be enough.
        let most = if self.hooks().can_append() {
            growing.len()
        } else {
            1
        };
        Ok(growing.into_iter().take(most).collect())
    }

    /// Adds `times` events, by the hook or by waiting for them after the first `known` ones.
    ///
    /// Moot if the hook fails, or if the events do not show while the run waits.
    pub fn grow(&self, id: &str, times: usize, known: usize) -> Result<(), Stop> {
        for length in known + 1..=known + times {
            match self.hooks().append(id) {
                Some(appended) => done("append", appended)?,
                None => return self.wait_for(id, known + times),
            }
            // Without lag or patience, a reading after each event would only cost time.
            let at_once = matches!(*lock(&self.run().shows), Shows::AtOnce);
            if !at_once && !self.run().budget().patience.is_zero() {
                let kept = self.kept();
                let listing = self.grown(id, length)?;
                self.forget(kept);
                self.all_show(id, &listing, length)?;
            }
        }
        Ok(())
    }

    /// The listing of a resource to which a hook added events, as soon as it has `length` of them.
    ///
    /// It has fewer if they do not show while the run has patience.
    pub fn grown(&self, id: &str, length: usize) -> Result<Listing, Stop> {
        let run = self.run();
        if let Shows::Never(reason) = &*lock(&run.shows) {
            return outcome::moot(reason.clone());
        }
        let patience = run.budget().patience;
        let [mut gap, longest] = GAPS;
        let began = Instant::now();
        for reading in 0.. {
            // Only the last reading belongs in the transcript.
            let kept = self.kept();
            let listing = self.read_listing(id)?;
            let waited = began.elapsed();
            if listing.keys.len() >= length {
                let mut shows = lock(&run.shows);
                match &mut *shows {
                    Shows::Unknown if reading == 0 => *shows = Shows::AtOnce,
                    Shows::After(longest) => *longest = waited.max(*longest),
                    _ if reading > 0 => *shows = Shows::After(waited),
                    _ => {}
                }
                return Ok(listing);
            }
            if waited >= patience {
                if !patience.is_zero() {
                    let reason = not_shown(id, &listing, length);
                    *lock(&run.shows) = Shows::Never(format!("{reason} within {patience:?}"));
                }
                return Ok(listing);
            }
            self.forget(kept);
            run.pause(gap.min(patience.saturating_sub(waited)))?;
            gap = longest.min(gap * 2);
        }
        unreachable!("patience ends")
    }

    /// Moot unless the listing has `length` events.
    pub fn all_show(&self, id: &str, listing: &Listing, length: usize) -> Result<(), Stop> {
        if listing.keys.len() < length {
            return outcome::moot(not_shown(id, listing, length));
        }
        Ok(())
    }

    /// The time after which an added event showed, if it was late.
    pub fn lag(&self) -> Option<Duration> {
        match *lock(&self.run().shows) {
            Shows::After(lag) => Some(lag),
            _ => None,
        }
    }

    /// Waits until something shows, while the run has patience. Returns the time that it took.
    ///
    /// It is zero if it shows at once, and `None` if it does not show.
    pub fn wait_until(
        &self,
        shows: impl Fn() -> Result<bool, Stop>,
    ) -> Result<Option<Duration>, Stop> {
        let patience = self.run().budget().patience;
        let [mut gap, longest] = GAPS;
        let began = Instant::now();
        if shows()? {
            return Ok(Some(Duration::ZERO));
        }
        while began.elapsed() < patience {
            self.run().pause(gap.min(patience))?;
            gap = longest.min(gap * 2);
            if shows()? {
                return Ok(Some(began.elapsed()));
            }
        }
        Ok(None)
    }

    /// Waits until a change shows that cannot be waited for, such as one that must not show.
    pub fn let_it_show(&self, lag: Duration) -> Result<(), Stop> {
        self.run().pause(lag * 2)
    }

    fn wait_for(&self, id: &str, length: usize) -> Result<(), Stop> {
        const GAP: Duration = Duration::from_millis(100);
        let patience = self.run().budget().patience;
        let began = Instant::now();
        loop {
            // Only the last reading belongs in the transcript.
            let kept = self.kept();
            if self.read_listing(id)?.keys.len() >= length {
                return Ok(());
            }
            self.forget(kept);
            if began.elapsed() >= patience {
                return outcome::moot(format!(
                    "{id} did not grow to {length} events within {patience:?}"
                ));
            }
            self.run().pause(GAP)?;
        }
    }

    /// The listing of a resource that is about to grow.
    ///
    /// Moot if it is too long to be read whole, or has fewer than `least` items.
    pub fn before_growth(&self, id: &str, least: usize) -> Result<Listing, Stop> {
        let listing = self.read_listing(id)?;
        if !listing.complete {
            return outcome::moot(format!("{id} has more than {} events", Self::DEPTH));
        }
        if listing.keys.len() < least {
            return outcome::moot(format!("{id} has fewer than {least} events"));
        }
        Ok(listing)
    }

    /// All items after a cursor, page by page, as a polling reader gets them, and its next cursor.
    pub fn poll(
        &self,
        id: &str,
        from: Option<Position>,
        tail: Tail,
    ) -> Result<(Vec<Page>, Option<Position>), Stop> {
        /// The greatest number of pages of one poll.
        const PAGES: usize = 64;
        let mut at = from;
        let mut pages = Vec::new();
        for _ in 0..PAGES {
            let start = at.clone().unwrap_or_default();
            let page = self.page(&Ask::of(id).at(self.contract(), &start))?;
            let last = page.last;
            let next = match tail {
                Tail::LastKey => page.cursors.last().and_then(|key| self.behind(key)),
                Tail::Next => page.next.clone(),
            };
            at = next.or(at);
            pages.push(page);
            if last {
                break;
            }
        }
        Ok((pages, at))
    }
}

/// The result of a hook. Moot if it failed, because that says nothing about the law.
pub(crate) fn done<T>(hook: &str, result: Result<T, Lost>) -> Result<T, Stop> {
    result.map_err(|lost| {
        let reason = lost.reason;
        let names_itself = reason.contains(&format!("`{hook}`"));
        Stop::Moot(if names_itself {
            reason
        } else {
            format!("the hook `{hook}` failed: {reason}")
        })
    })
}

fn not_shown(id: &str, listing: &Listing, length: usize) -> String {
    let shown = listing.keys.len();
    format!("{id} shows {shown} events, but the hook `append` added up to {length}")
}

/// The items of `after` that were added at the end of `before`.
///
/// Not in force if the newest come first, because then no cursor is at the open end.
pub(crate) fn added<'a>(before: &[String], after: &'a [String]) -> Result<&'a [String], Stop> {
    if before.is_empty() || after.starts_with(before) {
        return Ok(&after[before.len()..]);
    }
    if after.ends_with(before) {
        let reason = "the newest events come first, so no cursor is at the open end";
        return Err(Stop::NotInForce(reason.to_owned()));
    }
    outcome::moot("the old events did not keep their place")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use crate::testing::{NOW, contracts, living};
    use crate::{Budget, Group, Options, Verdict, catalogue, judge};

    #[test]
    fn without_a_hook_events_that_come_by_themselves_are_enough() {
        let growth = catalogue::LAWS
            .iter()
            .filter(|law| law.group == Group::Growth);
        let options = Options {
            laws: growth.map(|law| law.id.to_owned()).collect(),
            budget: Budget {
                patience: Duration::from_mins(2),
                ..Budget::default()
            },
            clock: || SystemTime::UNIX_EPOCH + NOW,
            ..Options::default()
        };
        let mut upheld = 0;
        for (contract, facts) in contracts() {
            let subject = living(Duration::from_secs(3));
            let judgement = judge(&contract, &facts, &subject, &options, &mut |_| {});
            for finding in judgement.findings {
                match finding.verdict {
                    Verdict::Upheld { .. } => upheld += 1,
                    Verdict::NotInForce { .. } => {}
                    other => panic!("{}, {}: {other:#?}", contract.name(), finding.law.id),
                }
            }
        }
        // Some laws of the group need a hook, and some need what only one of the two documents has.
        assert!(upheld >= 10, "{upheld}");
    }
}

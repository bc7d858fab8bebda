//! Makes timelines grow, and reads the new events like a reader at the open end.

use std::thread;
use std::time::{Duration, Instant};

use openapi::Position;

use super::{Ask, Listing, Page, Session};
use crate::{Hooks, Resource, Skip, Stop, outcome};

/// The start from which a reader at the open end polls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// From the key of the last item that it saw.
    LastKey,
    /// From the cursor that the last page returned.
    Next,
}

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
    /// Moot if a timeline does not grow while the run waits.
    pub fn grow(&self, id: &str, times: usize, known: usize) -> Result<(), Stop> {
        for _ in 0..times {
            match self.hooks().append(id) {
                Some(appended) => appended?,
                None => return self.wait_for(id, known + times),
            }
        }
        Ok(())
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
            if began.elapsed() > patience {
                return outcome::moot(format!(
                    "{id} did not grow to {length} events within {patience:?}"
                ));
            }
            thread::sleep(GAP);
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
        assert!(upheld > options.laws.len(), "{upheld}");
    }
}

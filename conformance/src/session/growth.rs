//! Making timelines grow, and seeing what a reader at the open end sees of it.

use std::thread;
use std::time::{Duration, Instant};

use openapi::Position;

use super::{Ask, Listing, Page, Session};
use crate::{Hooks, Resource, Skip, Stop, outcome};

/// From where a reader at the open end polls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// From the key of the last item that it saw.
    LastKey,
    /// From the cursor that the last page handed out.
    Next,
}

impl Session<'_> {
    /// What the judge may do besides asking.
    pub fn hooks(&self) -> &Hooks {
        self.facts().hooks()
    }

    /// The resources to which events are added while they are judged; not in force where there is none,
    /// or nobody to add them.
    pub fn growing(&self) -> Result<Vec<&Resource>, Skip> {
        let growing: Vec<_> = self
            .resources()
            .iter()
            .filter(|resource| resource.grows)
            .collect();
        if growing.is_empty() {
            return outcome::not_in_force("the subject file names no resource that grows");
        }
        if !self.hooks().can_append() && self.ground().budget().patience.is_zero() {
            return outcome::not_in_force("there is no append hook, and growth is not waited for");
        }
        // Without a hook each case waits for real time to pass: one resource has to be enough.
        let most = if self.hooks().can_append() {
            growing.len()
        } else {
            1
        };
        Ok(growing.into_iter().take(most).collect())
    }

    /// Adds `times` events: by the hook, or by waiting until so many came by themselves behind the `known`
    /// number of them.
    ///
    /// Moot when a timeline does not grow for as long as the run waits.
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
        let patience = self.ground().budget().patience;
        let began = Instant::now();
        loop {
            // Only the last look belongs into the transcript.
            let told = self.told();
            if self.read_listing(id)?.keys.len() >= length {
                return Ok(());
            }
            self.forget(told);
            if began.elapsed() > patience {
                return outcome::moot(format!(
                    "{id} did not grow to {length} events within {patience:?}"
                ));
            }
            thread::sleep(GAP);
        }
    }

    /// The listing of a resource that is about to grow; moot where it is too long to be read whole, or
    /// empty where `least` items are needed.
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

    /// Everything behind a cursor, page after page, as a polling reader meets it; and the cursor from
    /// which it polls next.
    pub fn poll(
        &self,
        id: &str,
        from: Option<Position>,
        tail: Tail,
    ) -> Result<(Vec<Page>, Option<Position>), Stop> {
        /// Pages of one poll; more than that is no tail.
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

/// The items of `after` that were added to `before`, where they were added at the end; not in force where
/// the newest come first, for then no cursor is at the open end.
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
    fn where_no_hook_adds_events_those_that_come_by_themselves_are_enough() {
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

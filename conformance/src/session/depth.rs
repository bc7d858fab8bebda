//! Counts the items of a list that is longer than a listing, without keeping them.

use openapi::Position;

use super::Session;
use crate::{Stop, outcome};

/// The number of items that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// All of them.
    All(u64),
    /// All up to a place in the middle, where the reading stopped.
    Until(u64),
}

impl Session<'_> {
    /// The greatest number of pages to count, if they can hold all items.
    const DEEP_PAGES: u64 = 200;

    /// The number of pages to look at, if a list is longer than that.
    const LOOKED: u64 = 120;

    /// The greatest number of bytes of the pages to count.
    const DEEP_BYTES: usize = 32 << 20;

    /// The greatest number of items of a list to count.
    pub(crate) fn countable(&self) -> u64 {
        /// The size of a page if the contract does not say it.
        const UNSAID: u64 = 20;
        let bounds = self.contract().limit_bounds();
        let size = bounds.and_then(|bounds| bounds.maximum.or(bounds.default));
        size.unwrap_or(UNSAID).saturating_mul(Self::DEEP_PAGES)
    }

    /// Counts the items of a resource in the largest pages, and stops a page behind `enough`.
    ///
    /// A missing page is a breach.
    pub(crate) fn count(&self, id: &str, enough: u64) -> Result<Counted, Stop> {
        let mut at = Position::Start;
        let (mut counted, mut bytes) = (0, 0);
        let most = if enough > self.countable() {
            Self::LOOKED
        } else {
            Self::DEEP_PAGES + 1
        };
        for _ in 0..most {
            let exchange = self.send(&self.largest(id, &at))?;
            bytes += exchange.reply.body.len();
            if self.has_expired(&exchange) {
                return outcome::moot("the cursor expired meanwhile, as the contract allows");
            }
            let page = self.read(&exchange).map_err(Stop::Breach)?;
            counted += page.keys.len() as u64;
            match page.next.filter(|_| !page.last) {
                Some(next) => at = next,
                None => return Ok(Counted::All(counted)),
            }
            if counted > enough || bytes > Self::DEEP_BYTES {
                break;
            }
        }
        Ok(Counted::Until(counted))
    }
}

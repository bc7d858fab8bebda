//! Doubtful guesses about paging are settled by asking: the second page must hold other items than the first.

use openapi::Contract;
use serde_json::Value;

use super::{Found, Search};
use crate::session::{Ask, Page};
use crate::walked::reason;

impl Search<'_> {
    /// Opens a list of which it is not sure how it pages, if its second page shows that it pages like this.
    pub(super) fn settle<'c>(&mut self, contract: &'c Contract) -> Option<Found<'c>> {
        let resources = vec![self.resource(contract, &[])];
        match self.two_pages(contract, &resources) {
            Ok((resource, page, evidence)) => {
                let operation = contract.operation();
                self.settled.push(format!(
                    "{} {}: {evidence}",
                    operation.method, operation.path
                ));
                self.entries.push((contract.name(), resources));
                Some(Found {
                    contract,
                    resource,
                    page,
                })
            }
            Err(why) => {
                let why = format!("how it pages is a guess, and {why}");
                self.leave_out(contract, &why, "`x-pagination` in an overlay");
                None
            }
        }
    }

    fn two_pages(
        &self,
        contract: &Contract,
        resources: &[Value],
    ) -> Result<(crate::Resource, Page, String), String> {
        self.with_session(contract, resources, |session, resource| {
            let first = small(contract, Ask::of(&resource.name));
            let page = session.page(&first).map_err(|stop| reason(&stop))?;
            let next = page
                .next
                .clone()
                .ok_or("the first page does not say how to go on")?;
            let second = first.at(contract, &next);
            let other = session.page(&second).map_err(|stop| reason(&stop))?;
            let is_other =
                !other.keys.is_empty() && other.keys.iter().all(|key| !page.keys.contains(key));
            if !is_other {
                return Err("the second page repeats items of the first, or has none".to_owned());
            }
            let evidence = format!(
                "the page behind the first {} items has {} others",
                page.keys.len(),
                other.keys.len()
            );
            Ok((resource.clone(), page, evidence))
        })
    }
}

/// The request for a page of a few items, so that a short list has a second page.
fn small(contract: &Contract, ask: Ask) -> Ask {
    let least = contract
        .limit_bounds()
        .and_then(|bounds| bounds.minimum)
        .unwrap_or(1);
    match contract.limit() {
        Some(limit) => ask.with(limit, &least.max(2).to_string()),
        None => ask,
    }
}

//! Checks the refusals for resources that the caller must not see.

use super::Session;
use openapi::Promise;

use crate::outcome::{Outcome, broken, moot, never_occurs};
use crate::subject::Reply;
use crate::{After, Case, Credentials, Stop};

impl Session<'_> {
    /// Whether the answer to a case has items, or contains the key of an item of the case's resource.
    ///
    /// A repeated cursor of the request does not count.
    pub fn shows_items(&self, reply: &Reply, case: &Case) -> Result<bool, Stop> {
        /// Shorter keys may be in bodies by chance.
        const TELLING: usize = 8;
        let body = reply.json();
        let items = body.as_ref().and_then(|body| self.contract().items(body));
        if !items.unwrap_or_default().is_empty() {
            return Ok(true);
        }
        if self.facts().resource(&case.resource).is_none() {
            return Ok(false);
        }
        let text = String::from_utf8_lossy(&reply.body);
        let listing = self.listing_of(case)?;
        let sent = match &case.after {
            After::Cursor(text) => text.as_str(),
            _ => "",
        };
        let mut keys = listing.cursors.iter().filter(|key| key.len() >= TELLING);
        Ok(keys.any(|key| key != sent && text.contains(key.as_str())))
    }

    /// A breach unless the answer is one of these refusals, without any event in it.
    pub fn stays_hidden(&self, case: &Case, statuses: &[u16]) -> Outcome {
        let reply = self.send_case(case)?.reply;
        let expected = format!("status {}, and no event", either(statuses));
        if self.shows_items(&reply, case)? {
            return broken(expected, format!("status {}, with events", reply.status));
        }
        if statuses.contains(&reply.status) {
            return Ok(());
        }
        self.moot_if_invalid(case, reply.status)?;
        broken(expected, format!("status {}", reply.status))
    }

    /// The outcome of a case that shows nothing, because the subject answers a request that others refuse.
    ///
    /// It is moot only if the contract says that the request is refused. Else every server may answer it.
    pub(crate) fn not_refused(&self, case: &Case, answered: impl Into<String>) -> Outcome {
        let contract = self.contract();
        let is_said = match &case.credentials {
            Credentials::Owner | Credentials::Scheme(_) => contract.missing_status().is_some(),
            Credentials::Caller(_) => contract.foreign_status().is_some(),
            Credentials::None | Credentials::Raw(_) | Credentials::Altered(_) => true,
        };
        if is_said {
            return moot(answered);
        }
        never_occurs(format!(
            "{}, and the contract does not say that it is refused",
            answered.into()
        ))
    }

    /// Moot if the case's number is refused as invalid for the caller's own resource, too.
    ///
    /// A number that the contract accepts may still be too large for a server.
    pub fn moot_if_invalid(&self, case: &Case, status: u16) -> Outcome {
        let invalid = status == 400 || self.contract().invalid().allows(status);
        let Some(own) = self
            .resources()
            .first()
            .filter(|_| invalid && self.promises(Promise::PlacesFilter))
        else {
            return Ok(());
        };
        let visible = Case {
            resource: own.name.clone(),
            credentials: Credentials::Owner,
            ..case.clone()
        };
        if self.send_case(&visible)?.reply.status == status {
            return moot("the number is too large for the server");
        }
        Ok(())
    }
}

/// Several statuses in words: `404, 400 or 422`.
pub fn either(statuses: &[u16]) -> String {
    let words: Vec<_> = statuses.iter().map(u16::to_string).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "none".to_owned(),
    }
}

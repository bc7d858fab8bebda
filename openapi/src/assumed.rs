//! Lists of a document that does not say how they page.

use std::collections::{HashMap, HashSet};

use crate::paging::{self, Known};
use crate::{
    Assume, Certainty, Contract, Document, Operation, Problem, Proposal, Schema, Site, join,
};

/// How many operations a warning names.
const SHOWN: usize = 3;

/// An operation without `x-pagination`, and how it seems to page.
#[derive(Debug, Clone)]
pub struct Proposed<'d> {
    /// The operation.
    pub operation: &'d Operation,
    /// How it seems to page.
    pub proposal: Proposal,
}

impl Proposed<'_> {
    /// The operation read as the timeline that it seems to be.
    ///
    /// Fails if `document`, which has the operation, does not declare what such a timeline needs. The problem has no
    /// place.
    pub fn contract(&self, document: &Document) -> Result<Contract, Problem> {
        Contract::assumed(document, self.operation, self.proposal.clone())
    }
}

impl Document {
    /// How each operation without `x-pagination` seems to page, in the document's order; those that do not seem to
    /// page are missing.
    pub fn proposals(&self) -> Vec<Proposed<'_>> {
        let at = |pointer: &str| self.at(pointer);
        let body = |operation: &Operation| self.asked_body(operation);
        let known = Known {
            at: &at,
            operations: self.operations(),
            body: &body,
        };
        let operations = self.operations().iter();
        let silent = operations.filter(|operation| {
            let at = join(&operation.pointer, "x-pagination");
            self.at(&at).is_none()
        });
        let proposed = silent.filter_map(|operation| {
            let proposal = paging::infer(&known, operation)?;
            Some(Proposed {
                operation,
                proposal,
            })
        });
        let mut proposed: Vec<_> = proposed.collect();
        raise(&mut proposed);
        proposed
    }

    /// The operations without `x-pagination` that page as far as [`Document::assume`] says, each read as the
    /// [`Contract`] that it seems to keep. [`Contract::reasons`] says why.
    ///
    /// Of several with one name, or one method and path, the first is taken.
    pub fn assumed(&self) -> Vec<Contract> {
        self.assumed_as(self.assume())
    }

    /// As [`Document::assumed`], with other proposals.
    pub fn assumed_as(&self, assume: Assume) -> Vec<Contract> {
        let declared = self.contracts().unwrap_or_default();
        let mut names: HashSet<_> = declared.iter().map(Contract::name).collect();
        let mut requests: HashSet<_> = declared.iter().map(request).collect();
        let proposals = self.proposals().into_iter().filter(|one| {
            let is_read = one.operation.method != "POST" || assume.posts;
            one.proposal.certainty >= assume.least && is_read
        });
        let assumed = proposals.filter_map(|one| one.contract(self).ok());
        let distinct =
            assumed.filter(|one| names.insert(one.name()) && requests.insert(request(one)));
        distinct.collect()
    }

    /// The operation read as a timeline: as its `x-pagination` says, or as it surely seems to page.
    pub fn list_of(&self, operation: &Operation) -> Option<Contract> {
        if let Some(declared) = Contract::read(self, operation).ok()? {
            return Some(declared);
        }
        let at = |pointer: &str| self.at(pointer);
        let body = |operation: &Operation| self.asked_body(operation);
        let known = Known {
            at: &at,
            operations: self.operations(),
            body: &body,
        };
        let proposal = paging::infer(&known, operation)?;
        let is_sure = proposal.certainty >= Certainty::Sure;
        Contract::assumed(self, operation, proposal)
            .ok()
            .filter(|_| is_sure)
    }

    /// The list of an operation that answers with all of it, because no parameter asks for a page.
    ///
    /// `key` is the property that tells items apart, if it is known. `None` if the answer has no such list.
    pub(crate) fn whole_list(&self, operation: &Operation, key: Option<&str>) -> Option<Contract> {
        let at = |pointer: &str| self.at(pointer);
        let body = |operation: &Operation| self.asked_body(operation);
        let known = Known {
            at: &at,
            operations: self.operations(),
            body: &body,
        };
        let proposal = paging::whole(&known, operation, key)?;
        Contract::assumed(self, operation, proposal).ok()
    }

    /// The lists that come whole, which some operation changes, and in which no request or answer hints at pages;
    /// `paged` are the lists that page.
    ///
    /// A list beside which a total or a flag lies may be a first page only, so it is left out.
    pub fn whole_lists(&self, paged: &[Contract]) -> Vec<Contract> {
        let at = |pointer: &str| self.at(pointer);
        let body = |operation: &Operation| self.asked_body(operation);
        let known = Known {
            at: &at,
            operations: self.operations(),
            body: &body,
        };
        let collections = self.collections(paged).into_iter();
        let changeable = collections.filter(|one| one.is_whole && one.is_changeable());
        let lists = changeable.map(|one| one.list);
        let is_silent = |list: &Contract| {
            let mut operations = self.operations().iter();
            let own = operations.find(|one| one.pointer == list.operation().pointer);
            own.is_some_and(|operation| paging::is_silent(&known, operation))
        };
        lists.filter(is_silent).collect()
    }

    /// The schema of the JSON body that requests of an operation have.
    fn asked_body(&self, operation: &Operation) -> Option<Schema> {
        let body = self.request_body(operation)?;
        let mut json = body.media.into_iter().filter(crate::Media::is_json);
        json.find_map(|media| media.schema)
    }

    /// A warning about lists that seem to page in a way that is not understood; `served` are those that do.
    ///
    /// Their paging parameters are ignored, so each request gets the same items.
    pub fn unread_paging(&self, served: &[Contract]) -> Option<Problem> {
        let at = |pointer: &str| self.at(pointer);
        let body = |operation: &Operation| self.asked_body(operation);
        let known = Known {
            at: &at,
            operations: self.operations(),
            body: &body,
        };
        let served = served.iter().map(|one| one.operation().pointer.as_str());
        let served: HashSet<_> = served.collect();
        let operations = self.operations().iter();
        let others = operations.filter(|one| !served.contains(one.pointer.as_str()));
        let unread = others.filter_map(|one| Some((one, paging::seeming_place(&known, one)?)));
        let unread: Vec<_> = unread.collect();
        let (first, place) = unread.first()?;
        let shown = unread.iter().take(SHOWN);
        let shown: Vec<_> = shown
            .map(|(one, place)| format!("`{}` of {} {}", place.name, one.method, one.path))
            .collect();
        let more = match unread.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(", and of {more} more operations"),
        };
        let message = format!("paging parameters are ignored: {}{more}", shown.join(", "));
        let problem = self.problem(&place.pointer, message).into_warning();
        Some(problem.cure(format!(
            "say with `x-pagination`, in an overlay, how {} {} pages",
            first.method, first.path
        )))
    }
}

/// Makes proposals surer that are like several sure ones: sister operations take the same parameter for the same
/// thing.
fn raise(proposed: &mut [Proposed<'_>]) {
    let mut sure: HashMap<_, usize> = HashMap::new();
    for one in proposed
        .iter()
        .filter(|one| one.proposal.certainty > Certainty::Likely)
    {
        *sure.entry(shape(&one.proposal)).or_default() += 1;
    }
    for one in &mut *proposed {
        let proposal = &mut one.proposal;
        let sisters = sure.get(&shape(proposal)).copied().unwrap_or(0);
        if proposal.certainty == Certainty::Likely && proposal.is_raised && sisters >= SISTERS {
            proposal.certainty = Certainty::Sure;
            let place = proposal
                .place()
                .map(Site::name)
                .unwrap_or_default()
                .to_owned();
            proposal.because(
                "style",
                format!("{sisters} other lists surely page by `{place}`"),
            );
        }
    }
}

/// How many sister operations make a proposal sure.
const SISTERS: usize = 3;

/// What sister operations share: the style, and the parameter that names the place.
fn shape(proposal: &Proposal) -> (String, String) {
    let place = proposal.place().map(Site::name).unwrap_or_default();
    (proposal.pagination.style.word(), place.to_owned())
}

/// The method and path of a contract's operation.
fn request(contract: &Contract) -> (String, String) {
    let operation = contract.operation();
    (operation.method.clone(), operation.path.to_string())
}

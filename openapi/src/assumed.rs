//! Lists of a document that does not say how they page.

use std::collections::HashSet;

use crate::{Contract, Document, Problem, paging};

/// How many operations a warning names.
const SHOWN: usize = 3;

impl Document {
    /// The operations without `x-pagination` that surely page, each read as the [`Contract`] that it seems to
    /// keep. [`Contract::reasons`] says why.
    ///
    /// Of several with one name, or one method and path, the first is taken.
    pub fn assumed(&self) -> Vec<Contract> {
        let declared = self.contracts().unwrap_or_default();
        let mut names: HashSet<_> = declared.iter().map(Contract::name).collect();
        let mut requests: HashSet<_> = declared.iter().map(request).collect();
        let operations = self.operations().iter();
        let assumed = operations.filter_map(|operation| Contract::assumed(self, operation));
        let distinct =
            assumed.filter(|one| names.insert(one.name()) && requests.insert(request(one)));
        distinct.collect()
    }

    /// A warning about lists that seem to page in a way that is not understood; `served` are those that do.
    ///
    /// Their paging parameters are ignored, so each request gets the same items.
    pub fn unread_paging(&self, served: &[Contract]) -> Option<Problem> {
        let served = served.iter().map(|one| one.operation().pointer.as_str());
        let served: HashSet<_> = served.collect();
        let operations = self.operations().iter();
        let others = operations.filter(|one| !served.contains(one.pointer.as_str()));
        let unread = others.filter_map(|one| Some((one, paging::seeming_place(one)?)));
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

/// The method and path of a contract's operation.
fn request(contract: &Contract) -> (String, String) {
    let operation = contract.operation();
    (operation.method.clone(), operation.path.to_string())
}

//! One list, walked as a client does, for programs that ask how a list pages and judge nothing.

use openapi::Contract;

use crate::session::{End, Run, Session};
use crate::{Budget, Case, Facts, Resource, Stop, Subject};

/// What a walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walked {
    /// The keys of each page's items, page by page.
    pub pages: Vec<Vec<String>>,
    /// Whether the last page said that nothing remains.
    pub has_ended: bool,
}

impl Walked {
    /// The keys of all pages, joined.
    pub fn keys(&self) -> Vec<&str> {
        self.pages.iter().flatten().map(String::as_str).collect()
    }
}

/// Walks the list of `resource` from its start, for at most `pages` pages, with this limit, or with none.
///
/// It goes on from page to page as laws do, by the contract. Fails with the reason if an answer is no page.
pub fn walk(
    (contract, facts): (&Contract, &Facts),
    resource: &Resource,
    limit: Option<u64>,
    pages: usize,
    subject: &dyn Subject,
) -> Result<Walked, String> {
    if let Some(lacking) = facts.lacking() {
        return Err(lacking.to_owned());
    }
    let run = Run::new(contract, facts, subject, Vec::new(), Budget::default());
    let case = Case {
        limits: Vec::from_iter(limit),
        ..Case::of(&resource.name)
    };
    let walk = Session::new(&run).walk(&case, pages);
    let walk = walk.map_err(|stop| reason(&stop))?;
    Ok(Walked {
        has_ended: walk.end == End::Last,
        pages: walk.pages.into_iter().map(|page| page.keys).collect(),
    })
}

/// Why there is no page.
pub(crate) fn reason(stop: &Stop) -> String {
    match stop {
        Stop::Breach(breach) => format!("it answers {}", breach.actual),
        Stop::Moot(why) | Stop::NotInForce(why) => why.clone(),
        Stop::Lost(lost) => format!("it cannot be asked: {lost}"),
    }
}

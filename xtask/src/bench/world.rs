//! Where the default world's longest timelines are.
//!
//! Which parameters ask for a page, and where the next cursor lies, the contracts say.

use openapi::{Contract, Document, PathTemplate, Problem, Source};
use serde_json::Value;

use crate::root;

/// The longest timeline of each contract, and a token that may read all of them.
#[derive(Debug)]
pub(super) struct World {
    pub(super) token: String,
    /// Pages end at a limit.
    pub(super) paged: Longest,
    /// A page holds everything behind the cursor.
    pub(super) whole: Longest,
}

/// A timeline.
#[derive(Debug)]
pub(super) struct Longest {
    pub(super) contract: Contract,
    pub(super) events: u64,
    path: String,
}

impl World {
    /// Reads the default scenario.
    pub(super) fn of_the_default_scenario() -> Result<Self, String> {
        let path = root().join("fixtures/scenarios/default.yaml");
        let said = |problem: Problem| problem.to_string();
        let scenario = Source::open(&path)
            .and_then(|source| source.parse())
            .map_err(said)?;
        let owner = scenario.pointer("/owners/0").unwrap_or(&Value::Null);
        let mut longest = Vec::new();
        for document in Document::bundled().map_err(said)? {
            for contract in document.contracts().map_err(said)? {
                longest.extend(Longest::find(&scenario, owner, contract));
            }
        }
        let (mut paged, mut whole): (Vec<_>, Vec<_>) = longest
            .into_iter()
            .partition(|one| one.contract.limit().is_some());
        match (text(owner, "token"), paged.pop(), whole.pop()) {
            (Some(token), Some(paged), Some(whole)) => Ok(Self {
                token,
                paged,
                whole,
            }),
            _ => Err(format!("{} has not what the bench needs", path.display())),
        }
    }
}

impl Longest {
    fn find(scenario: &Value, owner: &Value, contract: Contract) -> Option<Self> {
        let jobs = scenario
            .get("timelines")?
            .get(contract.name())?
            .get("jobs")?;
        let own = jobs
            .as_array()?
            .iter()
            .filter(|job| job.get("owner") == owner.get("name"));
        let counted = own.filter_map(|job| Some((job.get("events")?.as_u64()?, text(job, "id")?)));
        let (events, id) = counted.max()?;
        let template: &PathTemplate = &contract.operation().path;
        let path = template.expand(|_| id.clone());
        Some(Self {
            contract,
            events,
            path,
        })
    }

    /// The request for the page behind `cursor`.
    pub(super) fn target(&self, cursor: Option<&str>, limit: Option<u64>) -> String {
        let limit = self.contract.limit().zip(limit);
        let limit = limit.map(|(parameter, limit)| format!("{}={limit}", parameter.name));
        let cursor =
            cursor.map(|cursor| format!("{}={cursor}", self.contract.paging().place().name));
        let query: Vec<_> = limit.into_iter().chain(cursor).collect();
        match query.as_slice() {
            [] => self.path.clone(),
            query => format!("{}?{}", self.path, query.join("&")),
        }
    }

    /// The cursor that a page hands out, found without reading the page as a whole: there are many.
    pub(super) fn next(&self, page: &[u8]) -> Option<String> {
        let field = self.contract.pagination().next.same_as.as_ref()?.root()?;
        let page = std::str::from_utf8(page).ok()?;
        let field = format!("\"{field}\":");
        let behind = &page[page.rfind(&field)? + field.len()..];
        serde_json::Deserializer::from_str(behind)
            .into_iter()
            .next()?
            .ok()
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    Some(value.get(key)?.as_str()?.to_owned())
}

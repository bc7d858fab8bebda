//! The mock serves a document without any file, and the judge's own client walks a list.

use std::sync::Arc;

use bytes::Bytes;
use conformance::{Facts, Request, Resource, Service, Subject, Walked, walk};
use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::{Clock, Mock, Plan, Rim};
use openapi::{Assume, Certainty, Contract, Document, Names, Problem, Source};

use super::reading::named;

/// More pages than any list has that is walked.
const PAGES: usize = 500;
/// The most items of a list that is walked.
const ITEMS: u64 = 1_000;
/// A limit with which short lists have several pages.
const SMALL: u64 = 3;

/// The lists of a document, with the mock that serves them.
pub(super) struct Served {
    /// Each list that is served, with what the mock says of it.
    lists: Vec<(Contract, Facts)>,
    /// Why other lists are not served.
    others: Vec<(String, String)>,
    mock: Arc<Mock>,
    epoch: Timestamp,
    subject: Box<dyn Subject>,
}

impl Served {
    /// Serves these operations, as far as they seem to page. A list that is asked for with POST is taken for one, as
    /// `--assume-posts` does.
    pub(super) fn of(document: &Document, operations: &[&String]) -> Result<Self, String> {
        let said = |problem: Problem| problem.to_string();
        let epoch: Timestamp = "2026-01-05T09:00:00Z".parse().expect("a moment");
        let assume = Assume {
            least: Certainty::Likely,
            posts: true,
        };
        let is_wanted = |one: &Contract| operations.contains(&&named(one.operation()));
        let contracts = document.assumed_as(assume).into_iter().filter(is_wanted);
        let contracts: Vec<_> = contracts.collect();
        let others = document.proposals().into_iter().map(|one| {
            let why = match one.contract(document) {
                Err(problem) => problem.message().to_owned(),
                Ok(_) => "another operation has its name".to_owned(),
            };
            (named(one.operation), why)
        });
        let others = others.collect();
        let scenario = Scenario::bundled().map_err(said)?;
        let scenario = scenario.limited_to(&Names::of(&[]));
        let plan = Plan::new(contracts.clone(), scenario, 1, epoch).map_err(said)?;
        let mock = Mock::new(plan).map_err(said)?;
        let clock = Clock::new(Arc::new(move || epoch));
        let mock = Arc::new(mock);
        let router = Rim::new(Arc::clone(&mock), clock).router();
        let subject = Service::new(router).map_err(|lost| lost.to_string())?;
        let lists = if contracts.is_empty() {
            Vec::new()
        } else {
            let file = subject.send(&Request {
                method: "GET".to_owned(),
                target: "/__mock/subject.yaml?doubtful=true".to_owned(),
                headers: Vec::new(),
                body: Bytes::new(),
            });
            let file = file.map_err(|lost| lost.to_string())?;
            let file = String::from_utf8_lossy(&file.body).into_owned();
            let file = Source::new("subject.yaml", file);
            Facts::read(&file, &contracts, |_| None).map_err(said)?
        };
        Ok(Self {
            lists,
            others,
            mock,
            epoch,
            subject: Box::new(subject),
        })
    }

    /// Walks a list with a small limit and with none. Fails with what a client would miss.
    pub(super) fn walk(&self, operation: &str) -> Result<(), String> {
        let mut lists = self.lists.iter();
        let list = lists.find(|(contract, _)| named(contract.operation()) == operation);
        let (contract, facts) = list.ok_or_else(|| {
            let mut others = self.others.iter();
            let other = others.find(|(name, _)| name == operation);
            other.map_or("it does not seem to page", |(_, why)| why)
        })?;
        let resource = self.resource(contract, facts);
        let (resource, events) = resource.ok_or("it has no resource with several items")?;
        let small = contract.limit_bounds().map(|bounds| {
            let least = bounds.minimum.unwrap_or(SMALL).max(SMALL);
            least.min(bounds.maximum.unwrap_or(least))
        });
        let by_default = self.walked(contract, facts, (resource, events), None)?;
        let by_small = match small {
            Some(limit) => self.walked(contract, facts, (resource, events), Some(limit))?,
            None => by_default.clone(),
        };
        if by_small.keys() != by_default.keys() {
            return Err("another limit reads other items, or another order".to_owned());
        }
        if by_small.pages.len() < 2 && by_default.pages.len() < 2 {
            return Err(format!(
                "one page holds all {} items",
                by_small.keys().len()
            ));
        }
        Ok(())
    }

    fn walked(
        &self,
        contract: &Contract,
        facts: &Facts,
        (resource, events): (&Resource, u64),
        limit: Option<u64>,
    ) -> Result<Walked, String> {
        let with = match limit {
            Some(limit) => format!("with limit {limit}"),
            None => "without a limit".to_owned(),
        };
        let walked = walk((contract, facts), resource, limit, PAGES, &*self.subject);
        let walked = walked.map_err(|reason| format!("{with}, {reason}"))?;
        let keys = walked.keys();
        let mut distinct = keys.clone();
        distinct.sort_unstable();
        distinct.dedup();
        if !walked.has_ended {
            return Err(format!("{with}, it does not end within {PAGES} pages"));
        }
        if distinct.len() < keys.len() {
            let repeated = keys.len() - distinct.len();
            return Err(format!("{with}, {repeated} items repeat"));
        }
        if events != keys.len() as u64 {
            return Err(format!("{with}, {} of {events} items are read", keys.len()));
        }
        Ok(walked)
    }

    /// The resource with the most items that are still quick to walk, and how many it has now.
    fn resource<'f>(&self, contract: &Contract, facts: &'f Facts) -> Option<(&'f Resource, u64)> {
        let cards = self.mock.resources_of(contract, self.epoch);
        let known = facts.resources().iter().filter_map(|one| {
            let is_same = |path: &[(Arc<str>, String)]| {
                path.iter().map(|(_, value)| value).eq(one.path.iter())
            };
            let card = cards
                .iter()
                .find(|card| card.owner == one.owner && is_same(&card.path))?;
            Some((one, card.events))
        });
        let known = known.filter(|(_, events)| (2..=ITEMS).contains(events));
        known.max_by_key(|(_, events)| *events)
    }
}

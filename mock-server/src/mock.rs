//! A mock: a world, and the operations through which it is asked.

use std::sync::Arc;

use bytes::Bytes;
use fixtures::{Caller, Fake, Noise, Scenario, Timeline, World};
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use openapi::{Contract, Document, Problem};
use serde_json::Value;

use crate::faults::Fault;
use crate::hand::Hand;
use crate::parameters::Checks;

/// A server's whole knowledge, shared by requests. Only what is done by hand changes it.
#[derive(Debug)]
pub struct Mock {
    pub(crate) routes: Arc<[Route]>,
    pub(crate) world: World,
    pub(crate) hand: Arc<Hand>,
    /// Whether parameters that no operation declares are refused.
    pub(crate) strict: bool,
    scenario: Scenario,
    /// The faults with which the scenario begins.
    faults: Vec<Fault>,
    pub(crate) seed: u64,
    epoch: Timestamp,
}

/// One operation, read once for all requests.
#[derive(Debug)]
pub(crate) struct Route {
    /// Its place among the world's contracts.
    pub(crate) place: usize,
    pub(crate) contract: Contract,
    /// The contract's name, which takes a look at the whole document to find.
    pub(crate) name: String,
    /// What logs call it.
    pub(crate) label: Arc<str>,
    pub(crate) checks: Checks,
    /// Of a page, as a header has it.
    pub(crate) media_type: HeaderValue,
    /// Whether an item may hold URLs that expire.
    pub(crate) has_links: bool,
    /// Bodies of refusals that say the same to everyone, by status.
    refusals: Vec<(u16, Written)>,
}

/// A body that was written before anyone asked.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) media_type: String,
    pub(crate) body: Bytes,
}

impl Mock {
    /// A mock of `contracts` in the world of `scenario`.
    ///
    /// `seed` decides every value. `epoch` is the moment that the scenario's spans count from: jobs that
    /// are running are so many minutes old at that moment. Two mocks with one seed and one epoch are one
    /// world.
    pub fn new(
        contracts: Vec<Contract>,
        scenario: &Scenario,
        seed: u64,
        epoch: Timestamp,
    ) -> Result<Self, Problem> {
        check_distinct(&contracts)?;
        let world = World::new(&contracts, scenario, seed, epoch)?;
        let faults = faults(&contracts, scenario)?;
        let noise = Noise::new(seed).at("refusals");
        let routes = contracts.into_iter().enumerate();
        let mut routes: Vec<_> = routes
            .map(|(place, contract)| Route::new(place, contract, noise))
            .collect();
        // OpenAPI 3.1, 4.8.8.2: concrete paths are matched before their templated counterparts.
        routes.sort_by_key(|route| {
            let path = route.contract.operation().path.to_string();
            let templated: Vec<_> = path.split('/').map(|one| one.contains('{')).collect();
            templated
        });
        Ok(Self {
            routes: routes.into(),
            world,
            hand: Arc::default(),
            strict: false,
            scenario: scenario.clone(),
            faults,
            seed,
            epoch,
        })
    }

    /// A mock of the same contracts, with the same seed, epoch and address, in another scenario. Nothing
    /// was done in it by hand.
    pub fn in_scenario(&self, scenario: &Scenario) -> Result<Self, Problem> {
        let mut routes: Vec<_> = self.routes.iter().collect();
        routes.sort_by_key(|route| route.place);
        let contracts: Vec<_> = routes.iter().map(|route| route.contract.clone()).collect();
        let world = World::new(&contracts, scenario, self.seed, self.epoch)?;
        Ok(Self {
            routes: Arc::clone(&self.routes),
            world: world.with_urls_of(&self.world),
            hand: Arc::default(),
            scenario: scenario.clone(),
            faults: faults(&contracts, scenario)?,
            ..*self
        })
    }

    /// The same mock with one job more, which is as an entry of a scenario's `jobs:` says; what was done by
    /// hand stays. See [`Scenario::with_resource`].
    pub fn with_job(
        &self,
        timeline: &str,
        entry: &Value,
        begins: Timestamp,
    ) -> Result<Self, Problem> {
        let scenario = self.scenario.with_resource(timeline, entry, begins)?;
        Ok(Self {
            hand: Arc::clone(&self.hand),
            ..self.in_scenario(&scenario)?
        })
    }

    /// A mock of other contracts in another scenario, and else as this one.
    pub fn of(&self, contracts: Vec<Contract>, scenario: &Scenario) -> Result<Self, Problem> {
        let other = Self::new(contracts, scenario, self.seed, self.epoch)?;
        Ok(Self {
            world: other.world.with_urls_of(&self.world),
            strict: self.strict,
            ..other
        })
    }

    /// A mock of the bundled documents in the default world.
    pub fn bundled(seed: u64, epoch: Timestamp) -> Result<Self, Problem> {
        let mut contracts = Vec::new();
        for document in Document::bundled()? {
            contracts.extend(document.contracts()?);
        }
        Self::new(contracts, &Scenario::bundled()?, seed, epoch)
    }

    /// The same mock, at this address: scheme, host and port, which URLs in bodies lead back to.
    #[must_use]
    pub fn at_base(mut self, base: &str) -> Self {
        self.world = self.world.at_base(base);
        self
    }

    /// The same mock, with URLs to artifacts that live no longer than so many seconds.
    #[must_use]
    pub fn with_artifacts_for(mut self, seconds: u64) -> Self {
        self.world = self.world.with_artifacts_for(seconds);
        self
    }

    /// The same mock, which refuses parameters that no operation declares.
    #[must_use]
    pub fn with_strict_requests(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Whether each of these faults is for operations that there are; if not, what is wrong.
    pub fn check_faults(&self, faults: &[Fault]) -> Result<(), String> {
        let names: Vec<_> = self.contracts().map(Contract::name).collect();
        faults.iter().try_for_each(|fault| check(fault, &names))
    }

    /// The faults with which the scenario begins.
    pub(crate) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The scenario that it plays.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Which jobs and owners there are.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The timeline of a job, for whoever is to see it; `None` if that is not `caller`.
    pub fn timeline(
        &self,
        contract: &Contract,
        caller: Caller,
        id: &str,
        now: Timestamp,
    ) -> Option<Timeline> {
        let route = self.named(&contract.name())?;
        self.see(route, caller, Some(id), now).ok()
    }

    /// The operations that are served.
    pub fn contracts(&self) -> impl Iterator<Item = &Contract> {
        self.routes.iter().map(|route| &route.contract)
    }
}

impl Route {
    fn new(place: usize, contract: Contract, noise: Noise) -> Self {
        let operation = contract.operation();
        let label = format!("{} {}", operation.method, operation.path).into();
        let media = operation.response(200).and_then(|response| response.json());
        let media_type = media.map_or("application/json", |media| &media.media_type);
        let statuses = operation.responses.iter();
        let statuses = statuses.filter_map(|one| one.status.parse().ok());
        let refusals = statuses
            .filter(|status| *status >= 400)
            .filter_map(|status| Some((status, written(&contract, status, noise)?)))
            .collect();
        Self {
            place,
            name: contract.name(),
            label,
            media_type: HeaderValue::from_str(media_type)
                .unwrap_or(HeaderValue::from_static("application/json")),
            has_links: !contract.item().saying("x-presigned").is_empty(),
            checks: Checks::new(&contract),
            refusals,
            contract,
        }
    }

    /// What the document declares for a refusal: its example, or else something that suits its schema.
    pub(crate) fn refusal(&self, status: StatusCode) -> Option<&Written> {
        let found = self
            .refusals
            .iter()
            .find(|(known, _)| *known == status.as_u16());
        found.map(|(_, written)| written)
    }
}

fn written(contract: &Contract, status: u16, noise: Noise) -> Option<Written> {
    let media = contract.refusal(status)?;
    let fits = |example: &&serde_json::Value| {
        media
            .schema
            .as_ref()
            .is_none_or(|schema| schema.is_valid(example))
    };
    let made_up = || {
        let schema = media.schema.as_ref()?;
        Some(Fake::new(schema).value(noise.number(status.into())))
    };
    let example = media.example.as_ref().filter(fits).cloned();
    let body = example.or_else(made_up)?.to_string();
    Some(Written {
        media_type: media.media_type.clone(),
        body: Bytes::from(body),
    })
}

/// The faults of a scenario; one that is none is a problem at its place.
fn faults(contracts: &[Contract], scenario: &Scenario) -> Result<Vec<Fault>, Problem> {
    let names: Vec<_> = contracts.iter().map(Contract::name).collect();
    let read = scenario.faults().map(|(text, place)| {
        let fault: Result<Fault, _> = text.parse();
        let fault = fault.and_then(|fault| check(&fault, &names).map(|()| fault));
        fault.map_err(|message| {
            let (message, cure) = message.rsplit_once(": ").unwrap_or((&message, ""));
            scenario.problem(&place, message).cure(cure)
        })
    });
    read.collect()
}

fn check(fault: &Fault, names: &[String]) -> Result<(), String> {
    match fault.operation() {
        Some(wanted) if !names.iter().any(|name| name == wanted) => Err(format!(
            "no document has timelines named `{wanted}`: there are {}",
            names.join(", ")
        )),
        _ => Ok(()),
    }
}

/// Names tell contracts apart in scenarios, and paths tell them apart in requests.
fn check_distinct(contracts: &[Contract]) -> Result<(), Problem> {
    for (index, contract) in contracts.iter().enumerate() {
        let operation = contract.operation();
        for earlier in &contracts[..index] {
            let asked = |one: &Contract| {
                let operation = one.operation();
                (operation.method.clone(), operation.path.to_string())
            };
            if earlier.name() == contract.name() {
                let message = format!("two documents are named `{}`", contract.name());
                let problem = contract.document().problem("#/info", message);
                return Err(problem.cure("rename one of the files"));
            }
            if asked(earlier) == asked(contract) {
                let (method, path) = asked(contract);
                let message = format!("two documents have the operation {method} {path}");
                let problem = contract.document().problem(&operation.pointer, message);
                return Err(problem.cure("serve the documents on two ports"));
            }
        }
    }
    Ok(())
}

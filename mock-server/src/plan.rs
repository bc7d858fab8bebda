//! The plan of a mock: documents, the contracts among their operations, a scenario with its faults, a seed
//! and an epoch.

use std::sync::Arc;

use fixtures::{Scenario, World};
use jiff::Timestamp;
use openapi::{Contract, Document, Names, Operation, Problem, ServerChoice};

use crate::fault::Fault;

/// Everything that a mock is computed from. Two mocks of one plan serve the same world.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) contracts: Arc<[Contract]>,
    /// The documents whose operations are served, those of the contracts included.
    pub(crate) documents: Arc<[Document]>,
    /// The names of the contracts.
    pub(crate) names: Arc<Names>,
    pub(crate) scenario: Scenario,
    /// The faults with which the scenario begins.
    pub(crate) faults: Vec<Fault>,
    pub(crate) seed: u64,
    pub(crate) epoch: Timestamp,
    /// The server whose base path stands before every operation's path.
    pub(crate) server: ServerChoice,
}

impl Plan {
    /// A plan to serve `contracts`, and all other operations of their documents, in the world of `scenario`.
    ///
    /// `seed` decides every value. The spans of the scenario count from `epoch`: a resource that started
    /// `5m ago` is five minutes old at that moment.
    pub fn new(
        contracts: Vec<Contract>,
        scenario: Scenario,
        seed: u64,
        epoch: Timestamp,
    ) -> Result<Self, Problem> {
        let mut documents: Vec<Document> = Vec::new();
        for contract in &contracts {
            let same = |one: &Document| std::ptr::eq(one.source(), contract.document().source());
            if !documents.iter().any(same) {
                documents.push(contract.document().clone());
            }
        }
        Self::with(documents, contracts, scenario, seed, epoch)
    }

    /// A plan to serve every operation of `documents` in the world of `scenario`. Those with `x-pagination`
    /// page.
    pub fn of(
        documents: &[Document],
        scenario: Scenario,
        seed: u64,
        epoch: Timestamp,
    ) -> Result<Self, Problem> {
        let mut contracts = Vec::new();
        for document in documents {
            contracts.extend(document.contracts()?);
            contracts.extend(document.assumed());
        }
        Self::with(documents.to_vec(), contracts, scenario, seed, epoch)
    }

    fn with(
        documents: Vec<Document>,
        contracts: Vec<Contract>,
        scenario: Scenario,
        seed: u64,
        epoch: Timestamp,
    ) -> Result<Self, Problem> {
        openapi::check_distinct(&contracts)?;
        documents.iter().try_for_each(Document::check_collections)?;
        let names = Names::of(&contracts);
        let faults = faults(&names, &documents, &scenario)?;
        Ok(Self {
            contracts: contracts.into(),
            documents: documents.into(),
            names: Arc::new(names),
            scenario,
            faults,
            seed,
            epoch,
            server: ServerChoice::default(),
        })
    }

    /// The same plan with another server of the documents, or another base path.
    ///
    /// Fails if a document does not have the server or the variable.
    pub fn at_server(mut self, server: ServerChoice) -> Result<Self, Problem> {
        server.check(&self.documents)?;
        self.server = server;
        Ok(self)
    }

    /// The path before an operation's path: empty, or as `/v2`.
    pub(crate) fn base_path(&self, document: &Document, operation: &Operation) -> String {
        self.server.base_path(document, operation)
    }

    /// The plan of the bundled documents and the default scenario.
    pub fn bundled(seed: u64, epoch: Timestamp) -> Result<Self, Problem> {
        let documents: Vec<_> = Document::bundled()?.into_iter().collect();
        Self::of(&documents, Scenario::bundled()?, seed, epoch)
    }

    /// The same plan with another scenario.
    pub(crate) fn in_scenario(&self, scenario: Scenario) -> Result<Self, Problem> {
        let faults = faults(&self.names, &self.documents, &scenario)?;
        Ok(Self {
            contracts: Arc::clone(&self.contracts),
            documents: Arc::clone(&self.documents),
            names: Arc::clone(&self.names),
            scenario: scenario.of_locale(self.scenario.locale()),
            faults,
            server: self.server.clone(),
            ..*self
        })
    }

    /// The world that the plan describes.
    pub(crate) fn world(&self) -> Result<World, Problem> {
        World::new(&self.contracts, &self.scenario, self.seed, self.epoch)
    }

    /// The world of other lists of the documents, in the same scenario. `paged` is the plan's world.
    pub(crate) fn world_of(&self, contracts: &[Contract], paged: &World) -> Result<World, Problem> {
        let scenario = self.scenario.clone().limited_to(&Names::of(contracts));
        World::beside(paged, contracts, &scenario, self.seed, self.epoch)
    }

    /// Checks that each fault is for an operation that exists.
    pub(crate) fn check_faults(&self, faults: &[Fault]) -> Result<(), String> {
        let mut faults = faults.iter();
        faults.try_for_each(|fault| check(fault, &self.names, &self.documents))
    }
}

/// The faults of a scenario. A text that is not a fault is a problem at its place.
fn faults(
    names: &Names,
    documents: &[Document],
    scenario: &Scenario,
) -> Result<Vec<Fault>, Problem> {
    let read = scenario.faults().map(|(text, place)| {
        let fault: Result<Fault, _> = text.parse();
        let fault = fault.and_then(|fault| check(&fault, names, documents).map(|()| fault));
        fault.map_err(|message| {
            let (message, cure) = message.rsplit_once(": ").unwrap_or((&message, ""));
            scenario.problem(&place, message).cure(cure)
        })
    });
    read.collect()
}

/// Checks that an operation has the name in the fault: that of its timelines, or its id.
fn check(fault: &Fault, names: &Names, documents: &[Document]) -> Result<(), String> {
    let Some(wanted) = fault.operation() else {
        return Ok(());
    };
    let mut operations = documents.iter().flat_map(Document::operations);
    if operations.any(|operation| operation.id == wanted) {
        return Ok(());
    }
    let found = names.find(wanted).map(drop);
    found.map_err(|wrong| format!("{}: {}", wrong.message, wrong.cure))
}

//! The plan of a mock: contracts, a scenario with its faults, a seed and an epoch.

use std::sync::Arc;

use fixtures::{Scenario, World};
use jiff::Timestamp;
use openapi::{Contract, Document, Problem};

use crate::fault::Fault;

/// Everything that a mock is computed from. Two mocks of one plan serve the same world.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) contracts: Arc<[Contract]>,
    pub(crate) scenario: Scenario,
    /// The faults with which the scenario begins.
    pub(crate) faults: Vec<Fault>,
    pub(crate) seed: u64,
    epoch: Timestamp,
}

impl Plan {
    /// A plan to serve `contracts` in the world of `scenario`.
    ///
    /// `seed` decides every value. The spans of the scenario count from `epoch`: a resource that started
    /// `5m ago` is five minutes old at that moment.
    pub fn new(
        contracts: Vec<Contract>,
        scenario: Scenario,
        seed: u64,
        epoch: Timestamp,
    ) -> Result<Self, Problem> {
        check_distinct(&contracts)?;
        let faults = faults(&contracts, &scenario)?;
        Ok(Self {
            contracts: contracts.into(),
            scenario,
            faults,
            seed,
            epoch,
        })
    }

    /// The plan of the bundled documents and the default scenario.
    pub fn bundled(seed: u64, epoch: Timestamp) -> Result<Self, Problem> {
        let mut contracts = Vec::new();
        for document in Document::bundled()? {
            contracts.extend(document.contracts()?);
        }
        Self::new(contracts, Scenario::bundled()?, seed, epoch)
    }

    /// The same plan with another scenario.
    pub(crate) fn in_scenario(&self, scenario: Scenario) -> Result<Self, Problem> {
        let faults = faults(&self.contracts, &scenario)?;
        Ok(Self {
            contracts: Arc::clone(&self.contracts),
            scenario,
            faults,
            ..*self
        })
    }

    /// The world that the plan describes.
    pub(crate) fn world(&self) -> Result<World, Problem> {
        World::new(&self.contracts, &self.scenario, self.seed, self.epoch)
    }
}

/// Checks that each fault is for an operation that exists.
pub(crate) fn check_faults(contracts: &[Contract], faults: &[Fault]) -> Result<(), String> {
    let names = names(contracts);
    faults.iter().try_for_each(|fault| check(fault, &names))
}

fn names(contracts: &[Contract]) -> Vec<String> {
    contracts.iter().map(Contract::name).collect()
}

/// The faults of a scenario. A text that is not a fault is a problem at its place.
fn faults(contracts: &[Contract], scenario: &Scenario) -> Result<Vec<Fault>, Problem> {
    let names = names(contracts);
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

/// Scenarios identify a contract by its name, and requests identify it by method and path.
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

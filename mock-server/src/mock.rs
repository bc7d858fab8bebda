//! A mock: a world, the operations through which it is read, and the manual changes to it.

mod collecting;
mod editing;
mod keeping;
pub(crate) mod lives;
mod telling;
mod undoing;

use std::sync::{Arc, OnceLock};

use fixtures::{Caller, ResourceCard, Scenario, Timeline, Unseen, Wanted, World};
use jiff::Timestamp;
use openapi::{Contract, Document, OAuthKind, Operation, Problem, ServerChoice};

use crate::changes::{Changes, Full};
use crate::collections::Collections;
use crate::credentials::Auth;
use crate::fault::Fault;
use crate::filtering::Indexes;
use crate::kind::TimelineRoute;
use crate::oauth::Endpoints;
use crate::plan::Plan;
use crate::repeats::Repeats;
use crate::route::{Route, Routes};
use crate::secrets::SecretPlaces;

#[cfg(feature = "server")]
pub(crate) use self::undoing::ChangedItem;

/// How many bytes the manual changes may take if nothing else is said: 256 MiB.
const ROOM: usize = 256 << 20;

/// Everything that requests are answered from, shared by all of them. Only manual changes change it.
#[derive(Debug)]
pub struct Mock {
    pub(crate) plan: Plan,
    pub(crate) routes: Routes,
    pub(crate) world: World,
    changes: Arc<Changes>,
    /// The manual changes to lists that come whole.
    whole_changes: Arc<Changes>,
    /// The answers to requests with an idempotency key.
    pub(crate) repeats: Arc<Repeats>,
    /// The indexes of lists that were filtered.
    pub(crate) indexes: Arc<Indexes>,
    /// Found when they are first needed.
    collections: Arc<OnceLock<Collections>>,
    /// Whether undeclared parameters are refused.
    pub(crate) strict: bool,
    pub(crate) auth: Auth,
    /// How many bytes the manual changes may take.
    room: usize,
    pub(crate) oauth: Arc<Endpoints>,
    /// The places where requests carry credentials.
    pub(crate) secrets: Arc<SecretPlaces>,
}

impl Mock {
    /// The mock of a plan.
    pub fn new(plan: Plan) -> Result<Self, Problem> {
        let mock = Self {
            world: plan.world()?,
            routes: Routes::new(
                &plan.contracts,
                &plan.documents,
                &plan.names,
                &plan.server,
                plan.seed,
            )?,
            changes: Arc::default(),
            whole_changes: Arc::default(),
            repeats: Arc::default(),
            indexes: Arc::default(),
            collections: Arc::default(),
            strict: false,
            auth: Auth::default(),
            room: ROOM,
            oauth: Arc::new(Endpoints::of(&plan.documents)),
            secrets: Arc::new(SecretPlaces::of(&plan.documents)),
            plan,
        };
        mock.tell()?;
        Ok(mock)
    }

    /// A mock of the bundled documents in the default world.
    pub fn bundled(seed: u64, epoch: Timestamp) -> Result<Self, Problem> {
        Self::new(Plan::bundled(seed, epoch)?)
    }

    /// The mock of another plan, with the options of this one. It has no manual changes.
    pub fn with_plan(&self, plan: Plan) -> Result<Self, Problem> {
        let other = Self::new(plan)?;
        Ok(Self {
            world: other.world.with_urls_of(&self.world),
            // The lists that come whole have URLs, too.
            collections: Arc::default(),
            strict: self.strict,
            auth: self.auth,
            room: self.room,
            ..other
        })
    }

    /// The same mock in another scenario. It has no manual changes.
    pub fn in_scenario(&self, scenario: &Scenario) -> Result<Self, Problem> {
        let plan = self.plan.in_scenario(scenario.clone())?;
        let mock = Self {
            world: plan.world()?.with_urls_of(&self.world),
            plan,
            routes: self.routes.clone(),
            changes: Arc::default(),
            whole_changes: Arc::default(),
            repeats: Arc::default(),
            indexes: Arc::default(),
            collections: Arc::default(),
            strict: self.strict,
            auth: self.auth,
            room: self.room,
            oauth: Arc::clone(&self.oauth),
            secrets: Arc::clone(&self.secrets),
        };
        mock.tell()?;
        Ok(mock)
    }

    /// The same mock without manual changes. What is computed is shared.
    pub(crate) fn another(&self) -> Self {
        let mock = Self {
            plan: self.plan.clone(),
            routes: self.routes.clone(),
            world: self.world.clone(),
            changes: Arc::default(),
            whole_changes: Arc::default(),
            repeats: Arc::default(),
            indexes: Arc::default(),
            collections: Arc::clone(&self.collections),
            strict: self.strict,
            auth: self.auth,
            room: self.room,
            oauth: Arc::clone(&self.oauth),
            secrets: Arc::clone(&self.secrets),
        };
        mock.tell_again();
        mock
    }

    /// The same mock with URLs in bodies that begin with `base`: scheme, host and port.
    #[must_use]
    pub fn at_base(mut self, base: &str) -> Self {
        self.world = self.world.at_base(base);
        self.collections = Arc::default();
        self
    }

    /// The same mock with URLs of artifacts that expire after at most so many seconds.
    #[must_use]
    pub fn with_artifacts_for(mut self, seconds: u64) -> Self {
        self.world = self.world.with_artifacts_for(seconds);
        self.collections = Arc::default();
        self
    }

    /// The same mock, which refuses undeclared parameters.
    #[must_use]
    pub fn with_strict_requests(mut self) -> Self {
        self.strict = true;
        self
    }

    /// The same mock, which lets callers in by these credentials.
    #[must_use]
    pub fn with_auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// The same mock, whose manual changes take this many bytes at most. Then it refuses what would add to them.
    #[must_use]
    pub fn with_room(mut self, bytes: usize) -> Self {
        self.room = bytes;
        self
    }

    /// How many bytes of memory the manual changes take, roughly.
    pub fn kept_bytes(&self) -> usize {
        let whole = self.whole_changes.bytes();
        self.changes.bytes().saturating_add(whole)
    }

    /// Fails if the manual changes take all the memory that they may.
    pub(crate) fn check_room(&self) -> Result<(), Full> {
        if self.kept_bytes() < self.room {
            return Ok(());
        }
        Err(Full { room: self.room })
    }

    /// The server whose base path stands before every operation's path.
    pub fn server(&self) -> &ServerChoice {
        &self.plan.server
    }

    /// The path before an operation's path: empty, or as `/v2`.
    pub fn base_path(&self, document: &Document, operation: &Operation) -> String {
        self.plan.base_path(document, operation)
    }

    /// The paths of the endpoints of OAuth 2 that the documents name, and what each is for.
    pub fn oauth_endpoints(&self) -> impl Iterator<Item = (OAuthKind, &str)> {
        self.oauth.paths()
    }

    /// Checks that each fault is for an operation that exists.
    pub fn check_faults(&self, faults: &[Fault]) -> Result<(), String> {
        self.plan.check_faults(faults)
    }

    /// The faults with which the scenario begins.
    pub(crate) fn faults(&self) -> &[Fault] {
        &self.plan.faults
    }

    /// The scenario that is served.
    pub fn scenario(&self) -> &Scenario {
        &self.plan.scenario
    }

    /// The world without its manual changes.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The operations that page.
    pub fn contracts(&self) -> impl Iterator<Item = &Contract> {
        self.routes.iter().filter_map(Route::contract)
    }

    /// The documents that are served.
    pub fn documents(&self) -> &[Document] {
        &self.plan.documents
    }

    /// Every resource, as it is now.
    pub fn resources(&self, now: Timestamp) -> Vec<ResourceCard> {
        let places = 0..self.plan.contracts.len();
        places
            .flat_map(|place| self.resources_at(place, now))
            .collect()
    }

    /// The resources of a contract, by its place, with their manual changes.
    fn resources_at(&self, place: usize, now: Timestamp) -> Vec<ResourceCard> {
        let mut cards = self.world.resources_of(place, now);
        cards.extend(self.changes.cards(&self.world, place, now));
        self.changed(cards, now)
    }

    /// The resources of one timeline, with their manual changes; `None` if no document has it. The worlds of
    /// other timelines are not made for it.
    pub(crate) fn resources_named(
        &self,
        timeline: &str,
        now: Timestamp,
    ) -> Option<Vec<ResourceCard>> {
        let route = self.named(timeline)?;
        Some(self.resources_at(route.place, now))
    }

    fn changed(&self, cards: Vec<ResourceCard>, now: Timestamp) -> Vec<ResourceCard> {
        let changed = cards.into_iter().filter_map(|card| {
            let route = self.named(&card.contract)?;
            let timeline = self
                .see(route, Caller::Anyone, Wanted::Key(&card.key), now)
                .ok()?;
            Some(ResourceCard {
                events: timeline.len(),
                grows: timeline.grows(),
                ended: timeline.has_ended(),
                ..card
            })
        });
        changed.collect()
    }

    /// The resources of a contract, without their manual changes.
    pub fn resources_of(&self, contract: &Contract, now: Timestamp) -> Vec<ResourceCard> {
        let route = self.named(&contract.name());
        route.map_or_else(Vec::new, |route| self.world.resources_of(route.place, now))
    }

    /// The timeline of a resource; `None` if `caller` may not see it.
    pub fn timeline(
        &self,
        contract: &Contract,
        caller: Caller,
        wanted: Wanted<'_>,
        now: Timestamp,
    ) -> Option<Timeline> {
        let route = self.named(&contract.name())?;
        self.see(route, caller, wanted, now).ok()
    }

    /// The timeline of a resource as `caller` sees it now; no event is computed.
    pub(crate) fn see(
        &self,
        route: &TimelineRoute,
        caller: Caller,
        wanted: Wanted<'_>,
        now: Timestamp,
    ) -> Result<Timeline, Unseen> {
        self.changes
            .see(&self.world, route.place, caller, wanted, now)
    }

    /// The operation of the timelines that `timeline` names.
    pub(crate) fn named(&self, timeline: &str) -> Option<&TimelineRoute> {
        let place = self.plan.names.find(timeline).ok()?;
        self.routes.at(place)
    }
}

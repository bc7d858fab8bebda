//! Lies about callers, which serve callers that the honest server refuses.

use openapi::Scheme;

use super::Lied;
use crate::subject::{Reply, Request};

impl Lied<'_> {
    /// The same request with the credentials of a caller that got this resource before.
    ///
    /// `None` if it was not served before.
    pub fn as_owner(&self, request: &Request) -> Option<Request> {
        let served = self.memory.served(&self.asked(request).resource)?;
        let mut owners = request.clone();
        if let Some(name) = self.query_key() {
            let key = |(known, _): &(String, String)| *known == name;
            let others = request.query().into_iter().filter(|pair| !key(pair));
            let own = served.query().into_iter().filter(key);
            owners = owners.with_query(&others.chain(own).collect::<Vec<_>>());
        }
        owners.headers = served.headers;
        Some(owners)
    }

    /// Whether the answer refuses a resource that was served to another caller.
    pub fn is_foreign(&self, request: &Request, reply: &Reply) -> bool {
        let owners = self.as_owner(request);
        self.contract.foreign_status() == Some(reply.status)
            && owners.is_some_and(|owners| owners != *request)
    }

    /// Whether the request has a token or key, valid or not, in the operation's place for it.
    pub fn has_token(&self, request: &Request) -> bool {
        let mut schemes = self.contract.operation().security.iter().flatten();
        schemes.any(|scheme| {
            let text = request.at_place(scheme.place());
            let token = text.as_deref().and_then(|text| scheme.token(text));
            token.is_some_and(|token| !token.is_empty())
        })
    }

    /// The name of the query parameter with the key, if the security scheme uses one.
    pub(super) fn query_key(&self) -> Option<&str> {
        let schemes = self.contract.operation().security.iter().flatten();
        schemes.into_iter().find_map(Scheme::query_key)
    }
}

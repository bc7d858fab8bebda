//! Other lists of the same document that hand out tokens in a parameter of the same name. A server may take one's tokens
//! for another's.

use openapi::{Contract, Operation, Promise, Reply, Way};

use crate::subject::target;

/// A list beside the one that is judged.
pub(crate) struct Sibling(Contract);

/// What an answer of a sibling says: the keys of its items, and the token of the next page.
pub(crate) struct SiblingPage {
    pub(crate) keys: Vec<String>,
    pub(crate) next: Option<String>,
}

impl Sibling {
    /// Those of a contract that its own path values are enough for. There may be more.
    pub(crate) fn of(contract: &Contract) -> Vec<Self> {
        /// How many of them are looked for, because each costs some requests.
        const MOST: usize = 2;
        let own = contract.operation();
        let place = contract.paging().place();
        let is_beside = |one: &&Operation| {
            let mut names = one.path.parameters();
            let fits = names.all(|name| own.path.parameters().any(|known| known == name));
            // A request for it must not look like one for a resource of the list that is judged.
            let fits = fits
                && own
                    .path
                    .captures(&one.path.expand(|_| "x".to_owned()))
                    .is_none();
            one.method == "GET"
                && one.pointer != own.pointer
                && fits
                && one.parameter(place.location, &place.name).is_some()
        };
        let operations = contract.document().operations().iter().filter(is_beside);
        let lists = operations.filter_map(|one| contract.document().list_of(one));
        let hands_out = |one: &Contract| {
            let paging = one.paging();
            paging.promises(Promise::TokensAreHandedOut)
                && paging.place().name == place.name
                && one.needed().next().is_none()
        };
        lists.filter(hands_out).take(MOST).map(Self).collect()
    }

    /// The name of its operation.
    pub(crate) fn name(&self) -> &str {
        &self.0.operation().id
    }

    /// The target of a request for a page of at most one item, from a token or from the start. `value` gives the values of
    /// the path.
    pub(crate) fn target(&self, value: impl FnMut(&str) -> String, token: Option<&str>) -> String {
        let contract = &self.0;
        let mut query = Vec::new();
        if let Some(limit) = contract.limit().filter(|limit| !limit.shares_its_text()) {
            let least = contract.limit_bounds().and_then(|bounds| bounds.minimum);
            query.push((limit.name.clone(), least.unwrap_or(1).max(1).to_string()));
        }
        let place = contract.paging().place();
        query.extend(token.map(|token| (place.name.clone(), token.to_owned())));
        target(&contract.operation().path.expand(value), &query)
    }

    /// Reads an answer; `None` if it is no page.
    pub(crate) fn read(&self, reply: &crate::Reply) -> Option<SiblingPage> {
        let body = reply.json().filter(|_| self.0.serves(reply.status))?;
        let items = self.0.items(&body)?.iter();
        let keys = items.filter_map(|item| self.0.key(item)).collect();
        let said = Reply {
            headers: &reply.headers,
            body: &body,
        };
        let paging = self.0.paging();
        let info = paging.info(&said, &openapi::PageRequest::default());
        let next = match info.next {
            Way::To(at) => paging.write(&at).and_then(|written| {
                let mut texts = written.into_iter().map(|(_, text)| text);
                texts.next()
            }),
            Way::End(_) | Way::Unsaid => None,
        };
        Some(SiblingPage { keys, next })
    }

    /// The items of an answer.
    pub(crate) fn items(&self, reply: &crate::Reply) -> Vec<serde_json::Value> {
        let body = reply.json().unwrap_or_default();
        self.0.items(&body).unwrap_or_default().to_vec()
    }
}

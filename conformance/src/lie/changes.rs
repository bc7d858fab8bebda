//! Lies about items that are created, changed and deleted.

use openapi::{Act, Collection, Schema};
use serde_json::{Map, Value};

use super::{Lied, edit_json};
use crate::subject::{Lost, Reply, Request};

/// A request that changed an item, and was not refused.
#[derive(Debug, Clone)]
pub struct Changed {
    /// What it did.
    pub act: Act,
    /// The item's key.
    pub key: String,
    /// The request.
    pub request: Request,
}

impl Lied<'_> {
    /// The operations that share the items of the list, if there are others.
    pub(super) fn collection(&self) -> Option<&Collection> {
        let found = self.collection.get_or_init(|| self.contract.collection());
        found.as_ref()
    }

    /// What a request does to an item of the list, and the key of the item; a new item has none.
    pub fn act(&self, request: &Request) -> Option<(Act, Option<String>)> {
        let collection = self.collection()?;
        collection.members.iter().find_map(|member| {
            let operation = collection
                .list
                .document()
                .operations()
                .get(member.operation)?;
            if operation.method != request.method {
                return None;
            }
            let captures = operation.path.captures(request.path())?;
            let key = captures.into_iter().next_back().map(|(_, value)| value);
            Some((member.act, key.filter(|_| member.act.is_of_item())))
        })
    }

    /// Whether a request does this to an item that was created before.
    pub fn is_for_created(&self, request: &Request, act: Act) -> bool {
        let Some((asked, Some(key))) = self.act(request) else {
            return false;
        };
        asked == act && self.changed(Act::Create, &key).is_some()
    }

    /// The last request that did this to an item.
    pub fn changed(&self, act: Act, key: &str) -> Option<Changed> {
        let changes = self.memory.changes();
        let mut same = changes.into_iter().rev();
        same.find(|one| one.act == act && one.key.eq_ignore_ascii_case(key))
    }

    /// Whether any item was deleted.
    pub fn has_deleted(&self) -> bool {
        let changes = self.memory.changes();
        changes.iter().any(|one| one.act == Act::Delete)
    }

    /// Remembers what a request changed.
    pub(super) fn remember_change(&self, request: &Request, reply: &Reply) {
        if matches!(request.method.as_str(), "GET" | "HEAD") || !(200..300).contains(&reply.status)
        {
            return;
        }
        let Some((act, key)) = self.act(request).filter(|(act, _)| act.changes()) else {
            return;
        };
        if let Some(key) = key.or_else(|| self.created_key(reply)) {
            let request = request.clone();
            self.memory.change(Changed { act, key, request });
        }
    }

    /// The key in the answer to a creation.
    pub fn created_key(&self, reply: &Reply) -> Option<String> {
        let collection = self.collection()?;
        let body = reply.json()?;
        let item = collection.member(Act::Create)?.item.as_ref()?.get(&body)?;
        openapi::key_text(item.get(&collection.key)?)
    }

    /// The answer with another item in it, if it shows one as this act does.
    pub fn edit_item(
        &self,
        reply: Reply,
        act: Act,
        edit: impl FnOnce(&mut Map<String, Value>),
    ) -> Reply {
        let place = self
            .collection()
            .and_then(|one| one.member(act)?.item.clone());
        let Some(place) = place.filter(|_| reply.status == 200) else {
            return reply;
        };
        edit_json(reply, |body| {
            if let Some(item) = super::place(body, &place).as_object_mut() {
                edit(item);
            }
        })
    }

    /// The properties that a request sets.
    pub fn sent_fields(&self, changed: &Changed) -> Map<String, Value> {
        let place = self
            .collection()
            .and_then(|one| one.member(changed.act)?.body.clone());
        let body: Value = serde_json::from_slice(&changed.request.body).unwrap_or_default();
        let inner = place.unwrap_or_default();
        let inner = inner.get(&body).and_then(Value::as_object);
        inner.cloned().unwrap_or_default()
    }

    /// The name of a property of an item whose value is a free text.
    pub fn is_free(&self, name: &str) -> bool {
        let mut named = self.contract.item().named().into_iter();
        let schema: Option<Schema> =
            named.find_map(|(known, schema)| (known == name).then_some(schema));
        schema.is_some_and(|schema| crate::sample::is_free_text(&schema))
    }

    /// Whether clients set this property of an item with a patch.
    pub fn is_clients(&self, name: &str) -> bool {
        let Some(list) = self.collection() else {
            return false;
        };
        let Some(patch) = list.member(Act::Patch) else {
            return false;
        };
        let document = list.list.document();
        let operation = &document.operations()[patch.operation];
        let body = document.request_body(operation);
        let media = body.and_then(|body| body.media.into_iter().next());
        let schema = media.and_then(|media| media.schema);
        let place = patch.body.clone().unwrap_or_default();
        let inner = schema.and_then(|schema| schema.at(&place));
        name != list.key && inner.is_some_and(|inner| inner.property(name).is_some())
    }

    /// The request with the credentials of the one that created the item.
    pub fn as_creator(&self, request: &Request) -> Option<Request> {
        let (_, key) = self.act(request)?;
        let created = self.changed(Act::Create, &key?)?.request;
        let mut creators = request.clone();
        let is_credential = |name: &str| {
            let mut schemes = self.contract.operation().security.iter().flatten();
            schemes.any(|scheme| scheme.place().1.eq_ignore_ascii_case(name))
        };
        creators.headers.retain(|(name, _)| !is_credential(name));
        let own = created
            .headers
            .into_iter()
            .filter(|(name, _)| is_credential(name));
        creators.headers.extend(own);
        Some(creators)
    }

    /// The answer that an operation gives which changes nothing: the item as it is, with this status if it has none.
    pub fn pretend(&self, request: &Request, status: u16) -> Result<Reply, Lost> {
        let mut read = request.clone();
        "GET".clone_into(&mut read.method);
        read.body = bytes::Bytes::new();
        let mut reply = self.ask(&read)?;
        if status == 204 && reply.status == 200 {
            reply.status = 204;
            reply.body = bytes::Bytes::new();
            reply.headers.remove(http::header::CONTENT_LENGTH);
        }
        Ok(reply)
    }
}

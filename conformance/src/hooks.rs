//! Hooks: changes and readings that a judge cannot make from outside, made by the subject's own team.
//!
//! They add an event or several at once, remove one that was added, add a hidden event, read a counter of event reads,
//! and open the URLs of artifacts.
//! They are HTTP requests that the subject file describes, or closures if the judge runs inside a test. A
//! request is sent once, on a connection of its own, because a second one might add a second event.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::lock::lock;
use crate::subject::{Connection, Lost, Reply, Request, Subject, Terms};

/// The hooks of a subject's team. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hooks {
    append: Option<Arc<Append>>,
    append_named: Option<Arc<AppendNamed>>,
    append_many: Option<Arc<AppendMany>>,
    remove: Option<Arc<Remove>>,
    change: Option<Arc<Change>>,
    hide: Option<Arc<Hide>>,
    reads: Option<Arc<dyn Fn() -> Result<u64, Lost> + Send + Sync>>,
    open: Option<Arc<Open>>,
    end: End,
}

/// The time at which no hook is waited for any longer, if a run has one.
type End = Arc<Mutex<Option<Instant>>>;

/// Adds an event to the resource with this name.
type Append = dyn Fn(&str) -> Result<(), Lost> + Send + Sync;

/// Adds an event to the resource with this name, and returns the cursor behind it.
type AppendNamed = dyn Fn(&str) -> Result<String, Lost> + Send + Sync;

/// Adds this number of events to the resource with this name, in one transaction.
type AppendMany = dyn Fn(&str, usize) -> Result<(), Lost> + Send + Sync;

/// Removes the event with the second text as its key from the resource with this name.
type Remove = dyn Fn(&str, &str) -> Result<(), Lost> + Send + Sync;

/// Changes the event with the second text as its key, of the resource with this name.
type Change = dyn Fn(&str, &str) -> Result<(), Lost> + Send + Sync;

/// Adds a hidden event, which contains the second text, to the resource with this name.
type Hide = dyn Fn(&str, &str) -> Result<(), Lost> + Send + Sync;

/// Gets a URL.
type Open = dyn Fn(&str) -> Result<Reply, Lost> + Send + Sync;

impl Hooks {
    /// The same hooks, and one that adds an event to the resource with this name.
    #[must_use]
    pub fn on_append(
        mut self,
        append: impl Fn(&str) -> Result<(), Lost> + Send + Sync + 'static,
    ) -> Self {
        self.append = Some(Arc::new(append));
        self
    }

    /// The same hooks, and one that adds an event to the resource with this name, and returns the cursor behind it.
    ///
    /// The cursor is sent as it is. It is the event's key where keys are cursors.
    #[must_use]
    pub fn on_append_named(
        mut self,
        append: impl Fn(&str) -> Result<String, Lost> + Send + Sync + 'static,
    ) -> Self {
        let append: Arc<AppendNamed> = Arc::new(append);
        self.append_named = Some(Arc::clone(&append));
        self.on_append(move |id| append(id).map(drop))
    }

    /// The same hooks, and one that adds a number of events at once to the resource with this name.
    #[must_use]
    pub fn on_append_many(
        mut self,
        append: impl Fn(&str, usize) -> Result<(), Lost> + Send + Sync + 'static,
    ) -> Self {
        self.append_many = Some(Arc::new(append));
        self
    }

    /// The same hooks, and one that removes an event from the resource with this name.
    ///
    /// The second argument is the event's key. Only events are removed that a hook added.
    #[must_use]
    pub fn on_remove(
        mut self,
        remove: impl Fn(&str, &str) -> Result<(), Lost> + Send + Sync + 'static,
    ) -> Self {
        self.remove = Some(Arc::new(remove));
        self
    }

    /// The same hooks, and one that changes an event of the resource with this name.
    ///
    /// The second argument is the event's key. Only events are changed that a hook added.
    #[must_use]
    pub fn on_change(
        mut self,
        change: impl Fn(&str, &str) -> Result<(), Lost> + Send + Sync + 'static,
    ) -> Self {
        self.change = Some(Arc::new(change));
        self
    }

    /// The same hooks, and one that adds a hidden event to the resource with this name.
    ///
    /// The second argument is a text that the event must carry somewhere.
    #[must_use]
    pub fn on_hide(
        mut self,
        hide: impl Fn(&str, &str) -> Result<(), Lost> + Send + Sync + 'static,
    ) -> Self {
        self.hide = Some(Arc::new(hide));
        self
    }

    /// The same hooks, and one that returns the number of reads of events from the store so far.
    #[must_use]
    pub fn on_reads(
        mut self,
        reads: impl Fn() -> Result<u64, Lost> + Send + Sync + 'static,
    ) -> Self {
        self.reads = Some(Arc::new(reads));
        self
    }

    /// The same hooks, and one that opens a presigned URL, without the subject's credentials.
    #[must_use]
    pub fn on_open(
        mut self,
        open: impl Fn(&str) -> Result<Reply, Lost> + Send + Sync + 'static,
    ) -> Self {
        self.open = Some(Arc::new(open));
        self
    }

    /// No hook is waited for after this time.
    pub(crate) fn end_at(&self, end: Option<Instant>) {
        *lock(&self.end) = end;
    }

    /// Adds an event. `None` if there is no such hook.
    pub fn append(&self, id: &str) -> Option<Result<(), Lost>> {
        self.append.as_ref().map(|append| append(id))
    }

    /// Adds an event, and returns the cursor behind it. `None` if there is no such hook.
    pub fn append_named(&self, id: &str) -> Option<Result<String, Lost>> {
        self.append_named.as_ref().map(|append| append(id))
    }

    /// Adds events at once. `None` if there is no such hook.
    pub fn append_many(&self, id: &str, count: usize) -> Option<Result<(), Lost>> {
        self.append_many.as_ref().map(|append| append(id, count))
    }

    /// Removes the event with this key. `None` if there is no such hook.
    pub fn remove(&self, id: &str, key: &str) -> Option<Result<(), Lost>> {
        self.remove.as_ref().map(|remove| remove(id, key))
    }

    /// Changes the event with this key. `None` if there is no such hook.
    pub fn change(&self, id: &str, key: &str) -> Option<Result<(), Lost>> {
        self.change.as_ref().map(|change| change(id, key))
    }

    /// Adds a hidden event. `None` if there is no such hook.
    pub fn hide(&self, id: &str, mark: &str) -> Option<Result<(), Lost>> {
        self.hide.as_ref().map(|hide| hide(id, mark))
    }

    /// The number of reads of events so far. `None` if there is no such hook.
    pub fn reads(&self) -> Option<Result<u64, Lost>> {
        self.reads.as_ref().map(|reads| reads())
    }

    /// The answer to a request for a presigned URL. `None` if there is no such hook.
    pub fn open(&self, url: &str) -> Option<Result<Reply, Lost>> {
        self.open.as_ref().map(|open| open(url))
    }

    /// Whether events can be added.
    pub fn can_append(&self) -> bool {
        self.append.is_some()
    }

    /// Whether the cursor of an event that is added is known.
    pub fn can_name(&self) -> bool {
        self.append_named.is_some()
    }

    /// Whether several events can be added at once.
    pub fn can_append_many(&self) -> bool {
        self.append_many.is_some()
    }

    /// Whether events can be removed.
    pub fn can_remove(&self) -> bool {
        self.remove.is_some()
    }

    /// Whether events can be changed.
    pub fn can_change(&self) -> bool {
        self.change.is_some()
    }

    /// Whether hidden events can be added.
    pub fn can_hide(&self) -> bool {
        self.hide.is_some()
    }

    /// Whether reads are counted.
    pub fn can_count(&self) -> bool {
        self.reads.is_some()
    }

    /// Whether presigned URLs can be opened.
    pub fn can_open(&self) -> bool {
        self.open.is_some()
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Hooks")
            .field("append", &self.can_append())
            .field("append_named", &self.can_name())
            .field("append_many", &self.can_append_many())
            .field("remove", &self.can_remove())
            .field("change", &self.can_change())
            .field("hide", &self.can_hide())
            .field("reads", &self.can_count())
            .field("open", &self.can_open())
            .finish()
    }
}

/// The hooks of a timeline in the subject file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HookRequests {
    /// Adds an event to the resource `{id}`.
    pub append: Option<HookRequest>,
    /// The place of the cursor behind the new event in the answer of `append`, as a JSON pointer. It is the event's key
    /// where keys are cursors.
    #[serde(rename = "append-cursor")]
    pub append_cursor: Option<String>,
    /// Adds `{count}` events to the resource `{id}` in one transaction.
    #[serde(rename = "append-many")]
    pub append_many: Option<HookRequest>,
    /// Removes the event `{key}`, which a hook added, from the resource `{id}`.
    pub remove: Option<HookRequest>,
    /// Changes the event `{key}`, which a hook added, of the resource `{id}`. It keeps its key.
    pub change: Option<HookRequest>,
    /// Adds a hidden event, which contains the text `{mark}`, to the resource `{id}`.
    pub hide: Option<HookRequest>,
    /// Returns the number of reads of events from the store so far. With `{id}` in its URL or in `count`, it returns the
    /// number for one resource, and the numbers of all resources are added up.
    pub reads: Option<ReadsRequest>,
    /// Whether the presigned URLs of its events may be opened. Their servers may log these requests.
    #[serde(default)]
    pub open: bool,
    /// The texts that replace `{id}` and the path's parameters in braces, by the resource's name.
    #[serde(skip)]
    places: BTreeMap<String, Vec<(String, String)>>,
}

/// A request that does something.
///
/// In its URL and its body, `{id}`, `{mark}`, `{count}`, `{key}`, and the name of each parameter of the path in braces are
/// replaced by their values.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HookRequest {
    /// The method.
    #[serde(default = "post")]
    pub method: String,
    /// A path on the subject, or a whole URL.
    pub url: String,
    /// Headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body.
    #[serde(default)]
    pub body: String,
}

/// A request that answers with a counter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadsRequest {
    /// A path on the subject, or a whole URL.
    pub url: String,
    /// Headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The place of the number in the answer, as a JSON pointer.
    pub count: String,
}

fn post() -> String {
    "POST".to_owned()
}

impl HookRequests {
    /// The same requests, with the texts that replace places in braces, by the resource's name.
    pub(crate) fn knowing(self, places: BTreeMap<String, Vec<(String, String)>>) -> Self {
        Self { places, ..self }
    }

    /// The hooks that send these requests through `sender`. Paths are appended to `base`.
    pub fn over(&self, base: &str, sender: &Arc<dyn Subject>) -> Hooks {
        let mut hooks = Hooks::default();
        if let Some(append) = self.append.clone() {
            let send = sending("append", base, sender, &hooks.end);
            let places = self.places.clone();
            let added = move |name: &str| send(&append, &texts(&places, name, None));
            hooks = match self.append_cursor.clone() {
                None => hooks.on_append(move |name| added(name).map(drop)),
                Some(at) => hooks.on_append_named(move |name| {
                    let body = added(name)?.json();
                    let cursor = body.and_then(|body| openapi::key_text(body.pointer(&at)?));
                    let missing =
                        || lost("append", &format!("answered without a cursor at `{at}`"));
                    cursor.ok_or_else(missing)
                }),
            };
        }
        if let Some(append) = self.append_many.clone() {
            let send = sending("append-many", base, sender, &hooks.end);
            let places = self.places.clone();
            hooks = hooks.on_append_many(move |name, count| {
                let count = count.to_string();
                let texts = texts(&places, name, Some(("count", &count)));
                send(&append, &texts).map(drop)
            });
        }
        if let Some(remove) = self.remove.clone() {
            let send = sending("remove", base, sender, &hooks.end);
            let places = self.places.clone();
            hooks = hooks.on_remove(move |name, key| {
                let texts = texts(&places, name, Some(("key", key)));
                send(&remove, &texts).map(drop)
            });
        }
        if let Some(change) = self.change.clone() {
            let send = sending("change", base, sender, &hooks.end);
            let places = self.places.clone();
            hooks = hooks.on_change(move |name, key| {
                let texts = texts(&places, name, Some(("key", key)));
                send(&change, &texts).map(drop)
            });
        }
        if let Some(hide) = self.hide.clone() {
            let send = sending("hide", base, sender, &hooks.end);
            let places = self.places.clone();
            hooks = hooks.on_hide(move |name, mark| {
                let texts = texts(&places, name, Some(("mark", mark)));
                send(&hide, &texts).map(drop)
            });
        }
        if let Some(reads) = self.reads.clone() {
            let send = sending("reads", base, sender, &hooks.end);
            let ReadsRequest {
                url,
                headers,
                count,
            } = reads;
            let request = HookRequest {
                method: "GET".to_owned(),
                url,
                headers,
                body: String::new(),
            };
            let is_of_one = request.url.contains("{id}") || count.contains("{id}");
            let all = self.places.values().cloned().collect();
            let each: Vec<Vec<(String, String)>> = if is_of_one { all } else { vec![Vec::new()] };
            hooks = hooks.on_reads(move || {
                let mut sum = 0_u64;
                for texts in &each {
                    // `~` and `/` have a meaning of their own in a pointer.
                    let escaped = |text: &str| text.replace('~', "~0").replace('/', "~1");
                    let count = filled(&count, texts, escaped);
                    let body = send(&request, texts)?.json();
                    let number = body.and_then(|body| body.pointer(&count)?.as_u64());
                    let missing =
                        || lost("reads", &format!("answered without a number at `{count}`"));
                    sum = sum.saturating_add(number.ok_or_else(missing)?);
                }
                Ok(sum)
            });
        }
        if self.open {
            let (sender, end) = (Arc::clone(sender), Arc::clone(&hooks.end));
            hooks = hooks.on_open(move |url| {
                let request = Request {
                    method: "GET".to_owned(),
                    target: url.to_owned(),
                    headers: Vec::new(),
                    body: Bytes::new(),
                };
                sender.send_on(&request, once(&end))
            });
        }
        hooks
    }
}

/// The texts that replace the places in braces, for one resource.
fn texts(
    places: &BTreeMap<String, Vec<(String, String)>>,
    name: &str,
    own: Option<(&str, &str)>,
) -> Vec<(String, String)> {
    let unknown = || vec![("id".to_owned(), name.to_owned())];
    let mut texts = places.get(name).cloned().unwrap_or_else(unknown);
    texts.extend(own.map(|(name, text)| (name.to_owned(), text.to_owned())));
    texts
}

/// A function that sends a hook's request with these places filled in, and takes only 2xx for done.
fn sending(
    name: &'static str,
    base: &str,
    sender: &Arc<dyn Subject>,
    end: &End,
) -> impl Fn(&HookRequest, &[(String, String)]) -> Result<Reply, Lost> + Send + Sync + use<> {
    let (base, sender) = (base.trim_end_matches('/').to_owned(), Arc::clone(sender));
    let end = Arc::clone(end);
    move |hook, texts| {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let url = filled(&hook.url, texts, encoded);
        let target = if url.starts_with('/') {
            format!("{base}{url}")
        } else {
            url
        };
        let request = Request {
            method: hook.method.to_ascii_uppercase(),
            target,
            headers: hook.headers.clone().into_iter().collect(),
            body: Bytes::from(filled(&hook.body, texts, str::to_owned)),
        };
        let reply = sender.send_on(&request, once(&end));
        match reply {
            Ok(reply) if (200..300).contains(&reply.status) => Ok(reply),
            Ok(reply) => Err(lost(
                name,
                &format!("was answered with status {}", reply.status),
            )),
            Err(reason) => Err(lost(name, &format!("got no answer: {reason}"))),
        }
    }
}

/// The terms of a hook's request. On a kept connection, a lost answer would not tell whether it arrived.
fn once(end: &End) -> Terms {
    Terms {
        connection: Connection::Fresh,
        until: *lock(end),
    }
}

/// A text with the places in braces filled in.
fn filled(text: &str, texts: &[(String, String)], written: impl Fn(&str) -> String) -> String {
    let fill = |text: String, (name, value): &(String, String)| {
        text.replace(&format!("{{{name}}}"), &written(value))
    };
    texts.iter().fold(text.to_owned(), fill)
}

fn lost(name: &str, what: &str) -> Lost {
    Lost::new(format!("the hook `{name}` {what}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The hooks of a subject file, over a server that answers with each request's target and a number.
    fn hooks(text: &str) -> Hooks {
        let requests: HookRequests = serde_json::from_str(text).unwrap();
        let place = |id: &str| vec![("id".to_owned(), id.to_owned())];
        let places = ["a", "b/c"].map(|id| (id.to_owned(), place(id)));
        let server = |request: &Request| -> Result<Reply, Lost> {
            let reply = Reply {
                status: 200,
                headers: http::HeaderMap::new(),
                body: Bytes::new(),
            };
            let body = json!({ "at": request.target, "n": 7, "of": { "a": 2, "b/c": 3 } });
            Ok(reply.with_json(&body))
        };
        let sender: Arc<dyn Subject> = Arc::new(server);
        requests
            .knowing(BTreeMap::from(places))
            .over("http://host", &sender)
    }

    #[test]
    fn the_cursor_of_a_new_event_stands_in_the_answer() {
        let append = r#""append": { "url": "/{id}" }"#;
        let named = hooks(&format!(r#"{{ {append}, "append-cursor": "/at" }}"#));
        let cursor = named.append_named("a").unwrap().unwrap();
        assert_eq!(cursor, "http://host/a");
        assert!(named.append("a").unwrap().is_ok());
        let numbered = hooks(&format!(r#"{{ {append}, "append-cursor": "/n" }}"#));
        assert_eq!(numbered.append_named("a").unwrap().unwrap(), "7");
        let nowhere = hooks(&format!(r#"{{ {append}, "append-cursor": "/gone" }}"#));
        let lost = nowhere.append_named("a").unwrap().unwrap_err();
        assert!(
            lost.reason.contains("without a cursor at `/gone`"),
            "{lost}"
        );
        assert!(!hooks(&format!("{{ {append} }}")).can_name());
    }

    #[test]
    fn reads_are_one_number_or_the_sum_of_all_resources() {
        let count = |count: &str| {
            let text = format!(r#"{{ "reads": {{ "url": "/reads", "count": "{count}" }} }}"#);
            hooks(&text).reads().unwrap().unwrap()
        };
        assert_eq!(count("/n"), 7);
        assert_eq!(count("/of/{id}"), 5);
    }
}

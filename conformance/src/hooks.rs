//! Hooks: what a judge cannot do from outside, done by the subject's own team.
//!
//! Adding an event, adding one that must not be shown, reading a counter of event reads, and opening the
//! URLs of artifacts: as HTTP requests that the subject file describes, or as closures where the judge
//! runs inside a test.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::subject::{Lost, Reply, Request, Subject};

/// What the subject's team lets a judge do. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hooks {
    append: Option<Arc<Append>>,
    hide: Option<Arc<Hide>>,
    reads: Option<Arc<dyn Fn() -> Result<u64, Lost> + Send + Sync>>,
    open: Option<Arc<Open>>,
}

/// Adds an event to the resource with this id.
type Append = dyn Fn(&str) -> Result<(), Lost> + Send + Sync;

/// Adds an event to the resource with this id which nobody may see; it carries the second text.
type Hide = dyn Fn(&str, &str) -> Result<(), Lost> + Send + Sync;

/// Gets a URL.
type Open = dyn Fn(&str) -> Result<Reply, Lost> + Send + Sync;

impl Hooks {
    /// The same hooks, and one that adds an event to the resource with this id.
    #[must_use]
    pub fn on_append(
        mut self,
        append: impl Fn(&str) -> Result<(), Lost> + Send + Sync + 'static,
    ) -> Self {
        self.append = Some(Arc::new(append));
        self
    }

    /// The same hooks, and one that adds an event to the resource with this id which nobody may see; the
    /// second argument is a text that the event must carry somewhere.
    #[must_use]
    pub fn on_hide(
        mut self,
        hide: impl Fn(&str, &str) -> Result<(), Lost> + Send + Sync + 'static,
    ) -> Self {
        self.hide = Some(Arc::new(hide));
        self
    }

    /// The same hooks, and one that says how often events were read from the store so far.
    #[must_use]
    pub fn on_reads(
        mut self,
        reads: impl Fn() -> Result<u64, Lost> + Send + Sync + 'static,
    ) -> Self {
        self.reads = Some(Arc::new(reads));
        self
    }

    /// The same hooks, and one that gets a presigned URL, without the subject's credentials.
    #[must_use]
    pub fn on_open(
        mut self,
        open: impl Fn(&str) -> Result<Reply, Lost> + Send + Sync + 'static,
    ) -> Self {
        self.open = Some(Arc::new(open));
        self
    }

    /// Adds an event; `None` where there is no such hook.
    pub fn append(&self, id: &str) -> Option<Result<(), Lost>> {
        self.append.as_ref().map(|append| append(id))
    }

    /// Adds an event that nobody may see; `None` where there is no such hook.
    pub fn hide(&self, id: &str, mark: &str) -> Option<Result<(), Lost>> {
        self.hide.as_ref().map(|hide| hide(id, mark))
    }

    /// How often events were read so far; `None` where there is no such hook.
    pub fn reads(&self) -> Option<Result<u64, Lost>> {
        self.reads.as_ref().map(|reads| reads())
    }

    /// What a presigned URL leads to; `None` where there is no such hook.
    pub fn open(&self, url: &str) -> Option<Result<Reply, Lost>> {
        self.open.as_ref().map(|open| open(url))
    }

    /// Whether events can be added.
    pub fn can_append(&self) -> bool {
        self.append.is_some()
    }

    /// Whether events can be added that nobody may see.
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
            .field("hide", &self.can_hide())
            .field("reads", &self.can_count())
            .field("open", &self.can_open())
            .finish()
    }
}

/// The hooks of a timeline, as the subject file describes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HookRequests {
    /// Adds an event to the resource `{id}`.
    pub append: Option<HookRequest>,
    /// Adds an event to the resource `{id}` which nobody may see, and which carries the text `{mark}`.
    pub hide: Option<HookRequest>,
    /// Says how often events were read from the store so far.
    pub reads: Option<ReadsRequest>,
    /// Whether the presigned URLs of its events may be opened, which leaves traces where they lead.
    #[serde(default)]
    pub open: bool,
}

/// A request that does something. `{id}` and `{mark}` are replaced in its URL and its body.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HookRequest {
    /// The method.
    #[serde(default = "post")]
    pub method: String,
    /// Where: a path on the subject, or a whole URL.
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
    /// Where: a path on the subject, or a whole URL.
    pub url: String,
    /// Headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Where the number stands in the answer, as a JSON pointer.
    pub count: String,
}

fn post() -> String {
    "POST".to_owned()
}

impl HookRequests {
    /// The hooks that send these requests: paths to `base`, through `sender`, which takes whole URLs.
    pub fn over(&self, base: &str, sender: &Arc<dyn Subject>) -> Hooks {
        let mut hooks = Hooks::default();
        if let Some(append) = self.append.clone() {
            let send = sending("append", base, sender);
            hooks = hooks.on_append(move |id| send(&append, id, "").map(drop));
        }
        if let Some(hide) = self.hide.clone() {
            let send = sending("hide", base, sender);
            hooks = hooks.on_hide(move |id, mark| send(&hide, id, mark).map(drop));
        }
        if let Some(reads) = self.reads.clone() {
            let send = sending("reads", base, sender);
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
            hooks = hooks.on_reads(move || {
                let reply = send(&request, "", "")?;
                let number = reply.json().and_then(|body| body.pointer(&count)?.as_u64());
                let missing = || lost("reads", &format!("answered without a number at `{count}`"));
                number.ok_or_else(missing)
            });
        }
        if self.open {
            let sender = Arc::clone(sender);
            hooks = hooks.on_open(move |url| {
                sender.send(&Request {
                    method: "GET".to_owned(),
                    target: url.to_owned(),
                    headers: Vec::new(),
                    body: Bytes::new(),
                })
            });
        }
        hooks
    }
}

/// A function that sends a hook's request with its places filled in, and takes only 2xx for done.
fn sending(
    name: &'static str,
    base: &str,
    sender: &Arc<dyn Subject>,
) -> impl Fn(&HookRequest, &str, &str) -> Result<Reply, Lost> + Send + Sync + use<> {
    let (base, sender) = (base.trim_end_matches('/').to_owned(), Arc::clone(sender));
    move |hook, id, mark| {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let url = hook
            .url
            .replace("{id}", &encode(id))
            .replace("{mark}", &encode(mark));
        let target = if url.starts_with('/') {
            format!("{base}{url}")
        } else {
            url
        };
        let reply = sender.send(&Request {
            method: hook.method.to_ascii_uppercase(),
            target,
            headers: hook.headers.clone().into_iter().collect(),
            body: Bytes::from(hook.body.replace("{id}", id).replace("{mark}", mark)),
        });
        match reply {
            Ok(reply) if (200..300).contains(&reply.status) => Ok(reply),
            Ok(reply) => Err(lost(
                name,
                &format!("was answered by status {}", reply.status),
            )),
            Err(reason) => Err(lost(name, &format!("got no answer: {reason}"))),
        }
    }
}

fn lost(name: &str, what: &str) -> Lost {
    Lost {
        reason: format!("the hook `{name}` {what}"),
    }
}

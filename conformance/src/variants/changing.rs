//! Servers whose list changes while it is read: several events are added at once, and some are changed or removed again.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use openapi::{Contract, Document, Source};
use serde_json::{Value, json};

use super::posts::{PLAIN, Posts, cut, reply};
use crate::lie::with_header;
use crate::lock::lock;
use crate::subject::{Lost, Reply, Request};
use crate::testing::described;
use crate::{Facts, Hooks, Law, Liar, Options, Verdict, catalogue, judge};

const SUBJECT: &str = "
callers: { mia: { token: mia-token }, noor: { token: noor-token } }
timelines:
  posts:
    - { id: feed-live, owner: mia, grows: true }
";

/// What a server does wrong with keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Nothing,
    /// A key stands for the time of its event, and all later times lie behind it.
    KeysAreTimes,
    /// Nothing lies behind a key that was removed.
    RemovedKeysEnd,
    /// The list begins again behind a key that was removed.
    RemovedKeysRestart,
    /// A key that was removed is refused.
    RemovedKeysAreRefused,
    /// An event that changes moves to the end, and nothing lies behind its key there.
    ChangedEventsMove,
    /// Times are those of a place two hours west, and say that they are UTC.
    TimesAreLocal,
    /// All events have one time, two hours ago.
    TimesAreGiven,
    /// An entity tag is made of the keys of a page.
    TagsAreOfKeys,
    /// A weak entity tag is made of the keys of a page.
    WeakTagsAreOfKeys,
    /// An entity tag is made of the page.
    TagsAreOfPages,
    /// The list was last modified when it began.
    ModifiedWhenBegun,
    /// The list was last modified when an event was added.
    ModifiedWhenAdded,
    /// The list was last modified when an event was added or changed.
    ModifiedWhenChanged,
}

/// What a token begins with.
const TOKEN: &str = "behind-";

/// Posts with a time.
const TIMED: Posts = Posts {
    post: "{ type: object, required: [id, at], properties: { id: { type: string }, at: { type: string, format: date-time } } }",
    ..PLAIN
};

/// The same posts behind tokens: each names the last post that was read, which no client knows.
const SEALED: Posts = Posts {
    page: "{ type: object, required: [posts, more], properties: { posts: { type: array, items: { $ref: '#/components/schemas/Post' } }, more: { type: boolean }, next: { type: [string, 'null'] } } }",
    pagination: "style: token, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: $.next, more: $.more }, cursor: { resume: true }",
    ..TIMED
};

/// A post, and whether it was removed.
type Post = (Value, bool);

struct Feed {
    posts: Mutex<Vec<Post>>,
    began: Timestamp,
    modified: Mutex<Timestamp>,
    fault: Fault,
}

impl Feed {
    fn new(fault: Fault) -> Arc<Self> {
        let feed = Self {
            posts: Mutex::default(),
            began: Timestamp::now(),
            modified: Mutex::new(Timestamp::now()),
            fault,
        };
        (0..7).for_each(|_| feed.add(1));
        Arc::new(feed)
    }

    /// Adds posts with one time.
    fn add(&self, count: usize) {
        let mut posts = lock(&self.posts);
        if self.fault != Fault::ModifiedWhenBegun {
            *lock(&self.modified) = Timestamp::now();
        }
        let time = posts.len();
        let two_hours = SignedDuration::from_hours(2);
        for _ in 0..count {
            let id = format!("feed-live-{:03}", posts.len());
            let at = match self.fault {
                Fault::TimesAreLocal => Timestamp::now() - two_hours,
                Fault::TimesAreGiven => self.began - two_hours,
                _ => Timestamp::now(),
            };
            let post = json!({ "id": id, "time": time, "at": at.to_string() });
            posts.push((post, false));
        }
    }

    fn change(&self, key: &str) {
        let mut posts = lock(&self.posts);
        let Some(index) = posts.iter().position(|(post, _)| post["id"] == key) else {
            return;
        };
        posts[index].0["text"] = json!("changed");
        if self.fault == Fault::ModifiedWhenChanged {
            *lock(&self.modified) = Timestamp::now();
        }
        if self.fault == Fault::ChangedEventsMove {
            let changed = posts.remove(index);
            posts.push(changed);
        }
    }

    fn remove(&self, key: &str) {
        let mut posts = lock(&self.posts);
        let found = posts.iter_mut().filter(|(post, _)| post["id"] == key);
        found.for_each(|(_, removed)| *removed = true);
    }

    /// The hooks of its team.
    fn hooks(self: &Arc<Self>) -> Hooks {
        let [many, gone, other] = [(); 3].map(|()| Arc::clone(self));
        self.adding()
            .on_append_many(move |_, count| {
                many.add(count);
                Ok(())
            })
            .on_change(move |_, key| {
                other.change(key);
                Ok(())
            })
            .on_remove(move |_, key| {
                gone.remove(key);
                Ok(())
            })
    }

    /// A hook that only adds posts.
    fn adding(self: &Arc<Self>) -> Hooks {
        let one = Arc::clone(self);
        Hooks::default().on_append(move |_| {
            one.add(1);
            Ok(())
        })
    }

    fn answer(&self, request: &Request) -> Reply {
        let query = request.query();
        let sent = |name: &str| {
            let mut sent = query.iter().rev();
            let found = sent.find(|(known, _)| known == name);
            found
                .map(|(_, text)| text.as_str())
                .filter(|text| !text.is_empty())
        };
        let limit = sent("limit")
            .and_then(|limit| limit.parse().ok())
            .unwrap_or(3);
        let posts = lock(&self.posts);
        let shown: Vec<Value> = posts
            .iter()
            .filter(|(_, removed)| !removed)
            .map(|(post, _)| post.clone())
            .collect();
        let start = match sent("after") {
            None => 0,
            Some(cursor) => {
                let key = cursor.strip_prefix(TOKEN).unwrap_or(cursor);
                let Some((post, removed)) = posts.iter().find(|(post, _)| post["id"] == key) else {
                    return reply(400, &json!({}));
                };
                let behind = |post: &Value| match self.fault {
                    Fault::KeysAreTimes => post["time"].as_u64(),
                    _ => post["id"]
                        .as_str()
                        .and_then(|id| id.rsplit('-').next()?.parse().ok()),
                };
                let least = behind(post);
                match self.fault {
                    Fault::RemovedKeysEnd if *removed => shown.len(),
                    Fault::RemovedKeysRestart if *removed => 0,
                    Fault::RemovedKeysAreRefused if *removed => return reply(400, &json!({})),
                    Fault::ChangedEventsMove => {
                        let place = shown.iter().position(|post| post["id"] == key);
                        place.map_or(0, |place| place + 1)
                    }
                    _ => shown
                        .iter()
                        .take_while(|post| behind(post) <= least)
                        .count(),
                }
            }
        };
        let (page, end) = cut(&shown, start, limit);
        // A client of the other document does not look at the token.
        let next = page
            .last()
            .and_then(|post| Some(format!("{TOKEN}{}", post["id"].as_str()?)));
        let body = json!({ "posts": page, "more": end < shown.len(), "next": next });
        let found = reply(200, &body);
        self.conditioned(request, found, page)
    }

    /// The answer with its validator, or 304 if it is the client's.
    fn conditioned(&self, request: &Request, found: Reply, page: &[Value]) -> Reply {
        let keys = || page.iter().map(|post| post["id"].to_string());
        let sum = |text: String| {
            text.bytes()
                .fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte))
        };
        let modified = lock(&self.modified).strftime("%a, %d %b %Y %H:%M:%S GMT");
        let [tag, time] = [
            ("etag", "if-none-match"),
            ("last-modified", "if-modified-since"),
        ];
        let ((name, condition), validator) = match self.fault {
            Fault::TagsAreOfKeys => (tag, format!("\"{:x}\"", sum(keys().collect()))),
            Fault::WeakTagsAreOfKeys => (tag, format!("W/\"{:x}\"", sum(keys().collect()))),
            Fault::TagsAreOfPages => (tag, format!("\"{:x}\"", sum(json!(page).to_string()))),
            Fault::ModifiedWhenBegun | Fault::ModifiedWhenAdded | Fault::ModifiedWhenChanged => {
                (time, modified.to_string())
            }
            _ => return found,
        };
        let mut found = with_header(found, name, &validator);
        if request.header(condition) == Some(validator.as_str()) {
            found.status = 304;
            found.body.clear();
        }
        found
    }
}

/// The documents of the server: pages by keys, and by tokens.
const DOCUMENTS: [Posts; 2] = [TIMED, SEALED];

/// As [`verdict_with`], with every hook.
fn verdict(posts: &Posts, law: &str, fault: Fault, lies: bool) -> (Contract, Verdict) {
    verdict_with(posts, law, fault, lies, Feed::hooks)
}

/// The verdict on a server by one law, seen through the liar about it if one is wanted.
fn verdict_with(
    posts: &Posts,
    law: &str,
    fault: Fault,
    lies: bool,
    hooks: fn(&Arc<Feed>) -> Hooks,
) -> (Contract, Verdict) {
    let document = Document::read(Source::new("posts.yaml", posts.document()), &[]).unwrap();
    let facts = Facts::of(&[document], &Source::new("subject.yaml", SUBJECT));
    let (contract, facts) = facts.unwrap().remove(0);
    let feed = Feed::new(fault);
    let facts = facts.with_hooks(hooks(&feed));
    let honest = move |request: &Request| -> Result<Reply, Lost> { Ok(feed.answer(request)) };
    let options = Options {
        laws: vec![law.to_owned()],
        ..Options::default()
    };
    let mut judgement = if lies {
        let liar = Liar::new(contract.clone(), catalogue::law(law).unwrap().lie, honest);
        judge(&contract, &facts, &liar, &options, &mut |_| {})
    } else {
        judge(&contract, &facts, &honest, &options, &mut |_| {})
    };
    (contract, judgement.findings.remove(0).verdict)
}

/// The counterexamples with which the liar about a law is caught, by keys and by tokens. The honest server is upheld.
pub(crate) fn caught(law: &'static Law) -> String {
    let texts = DOCUMENTS.iter().map(|posts| {
        let (_, found) = verdict(posts, law.id, Fault::Nothing, false);
        assert!(matches!(found, Verdict::Upheld { .. }), "{found:#?}");
        match verdict(posts, law.id, Fault::Nothing, true) {
            (contract, Verdict::Broken(found)) => described(&contract, &found),
            (_, other) => panic!("the liar about {} got away: {other:#?}", law.id),
        }
    });
    texts.collect()
}

fn check(law: &str, upheld: &[Fault], broken: &[Fault]) {
    for posts in &DOCUMENTS {
        for fault in upheld {
            let (_, found) = verdict(posts, law, *fault, false);
            let is_upheld = matches!(found, Verdict::Upheld { .. });
            assert!(is_upheld, "{fault:?}: {found:#?}");
        }
        for fault in broken {
            let (_, found) = verdict(posts, law, *fault, false);
            let is_broken = matches!(found, Verdict::Broken(_));
            assert!(is_broken, "{fault:?}: {found:#?}");
        }
    }
}

#[test]
fn keys_that_are_times_lose_events_that_were_added_at_once() {
    check(
        "events-added-at-once-are-all-met",
        &[Fault::Nothing, Fault::RemovedKeysEnd],
        &[Fault::KeysAreTimes],
    );
}

#[test]
fn nothing_ends_or_begins_again_behind_a_removed_key() {
    check(
        "removed-events-keep-their-place",
        &[
            Fault::Nothing,
            Fault::RemovedKeysAreRefused,
            Fault::KeysAreTimes,
        ],
        &[Fault::RemovedKeysEnd, Fault::RemovedKeysRestart],
    );
}

#[test]
fn nothing_is_lost_behind_an_event_that_changed() {
    check(
        "changes-during-a-walk-lose-nothing",
        &[Fault::Nothing, Fault::RemovedKeysEnd, Fault::TimesAreGiven],
        &[Fault::ChangedEventsMove],
    );
}

#[test]
fn the_times_of_added_events_are_not_those_of_another_zone() {
    let law = "added-events-are-dated-now";
    check(law, &[Fault::Nothing], &[Fault::TimesAreLocal]);
    // A hook may give its events a time of its own.
    let (_, given) = verdict(&TIMED, law, Fault::TimesAreGiven, false);
    assert!(matches!(given, Verdict::NotInForce { .. }), "{given:#?}");
}

#[test]
fn a_page_with_a_changed_event_has_other_validators() {
    check(
        "validators-change-with-the-page",
        &[
            Fault::TagsAreOfPages,
            Fault::WeakTagsAreOfKeys,
            Fault::ModifiedWhenChanged,
        ],
        &[
            Fault::TagsAreOfKeys,
            Fault::ModifiedWhenBegun,
            Fault::ModifiedWhenAdded,
        ],
    );
    let law = "validators-change-with-the-page";
    let (_, silent) = verdict(&TIMED, law, Fault::Nothing, false);
    assert!(matches!(silent, Verdict::NotInForce { .. }), "{silent:#?}");
}

#[test]
fn a_page_with_a_new_event_was_modified_later() {
    let law = "validators-change-with-the-page";
    for posts in &DOCUMENTS {
        let found = |fault| verdict_with(posts, law, fault, false, Feed::adding).1;
        let stale = found(Fault::ModifiedWhenBegun);
        assert!(matches!(stale, Verdict::Broken(_)), "{stale:#?}");
        let fresh = found(Fault::ModifiedWhenAdded);
        assert!(matches!(fresh, Verdict::Upheld { .. }), "{fresh:#?}");
    }
}

#[test]
fn without_their_hooks_these_laws_are_not_in_force() {
    let words = super::posts::spared(&PLAIN, super::posts::by_key);
    assert_eq!(words["events-added-at-once-are-all-met"], "not in force");
    assert_eq!(words["removed-events-keep-their-place"], "not in force");
    assert_eq!(words["changes-during-a-walk-lose-nothing"], "not in force");
    assert_eq!(words["added-events-are-dated-now"], "not in force");
}

//! A round trip: an item is created, listed, read and deleted, and then it is gone.

use http::{Request, Uri};
use jiff::Timestamp;
use mock_server::{Answer, Mock, SampleRequest};
use openapi::{
    Act, Collection, Document, Location, Member, PageRequest, Position, Reply, Way, key_text,
    path_segment,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::corpus::{Checker, Outcome};

/// More pages than any list has that is walked.
const PAGES: usize = 400;

/// A collection with operations that create, read, list and delete.
pub(super) struct Trip<'t> {
    pub(super) mock: &'t Mock,
    pub(super) document: &'t Document,
    pub(super) collection: &'t Collection,
    pub(super) checker: &'t Checker<'t>,
    pub(super) epoch: Timestamp,
}

impl Trip<'_> {
    /// Runs the trip; fails with what is wrong.
    pub(super) fn run(&self) -> Result<(), String> {
        let create = self.member(Act::Create)?;
        let request = self.sample(create)?;
        let made = self.asked(create, &request)?;
        let item = create.item.as_ref().and_then(|place| place.get(&made));
        let key = item.and_then(|item| key_text(item.get(&self.collection.key)?));
        let list = path_of(&request.target);
        let key = match key {
            Some(key) => key,
            // The answer does not show it, so that it is the one that the list did not have.
            None => self.keys(&list)?.pop().ok_or("the list is empty")?,
        };
        if !self.keys(&list)?.contains(&key) {
            return Err(format!("`{key}` was created, and is not listed"));
        }
        let read = self.member(Act::Read)?;
        let one = self.at(read, &list, &key)?;
        let shown = self.asked(read, &one)?;
        let shown = read.item.as_ref().and_then(|place| place.get(&shown));
        let shown = shown.and_then(|item| key_text(item.get(&self.collection.key)?));
        if shown.as_deref() != Some(&key) {
            return Err(format!("`{key}` is read, and the answer shows {shown:?}"));
        }
        let delete = self.member(Act::Delete)?;
        self.asked(delete, &self.at(delete, &list, &key)?)?;
        let gone = self.send(&one)?;
        if !matches!(gone.status.as_u16(), 404 | 410) {
            return Err(format!("`{key}` was deleted, and is read: {}", gone.status));
        }
        if self.keys(&list)?.contains(&key) {
            return Err(format!("`{key}` was deleted, and is listed"));
        }
        Ok(())
    }

    fn member(&self, act: Act) -> Result<&Member, String> {
        let found = self.collection.member(act);
        found.ok_or_else(|| format!("nothing is there to {}", act.word()))
    }

    /// A valid request for an operation.
    fn sample(&self, member: &Member) -> Result<SampleRequest, String> {
        let wanted = &self.document.operations()[member.operation].pointer;
        let mut served = self.mock.operations();
        let served = served.find(|one| one.operation().pointer == *wanted);
        let request = served.and_then(|one| one.request(self.epoch));
        request.ok_or_else(|| format!("no valid request is known to {}", member.act.word()))
    }

    /// A request for the item with this key, in the list at `list`.
    fn at(&self, member: &Member, list: &str, key: &str) -> Result<SampleRequest, String> {
        let mut request = self.sample(member)?;
        let path = path_of(&request.target);
        let ending = self.document.operations()[member.operation]
            .path
            .to_string();
        let ending = ending.rsplit('}').next().unwrap_or_default().to_owned();
        let list = list.trim_end_matches('/').trim_end_matches(".json");
        // A path that does not begin with that of the list has the key of another item at its end.
        let own = path.strip_suffix(&ending).unwrap_or(&path).rsplit_once('/');
        let list = match own {
            Some((before, _)) if member.is_elsewhere => before,
            _ => list,
        };
        let key = path_segment(key);
        request.target = request
            .target
            .replacen(&path, &format!("{list}/{key}{ending}"), 1);
        Ok(request)
    }

    /// The body of the answer to a request, if it is a valid success; else what is wrong.
    fn asked(&self, member: &Member, request: &SampleRequest) -> Result<Value, String> {
        let operation = &self.document.operations()[member.operation];
        let answer = self.send(request)?;
        let (status, headers) = (answer.status.as_u16(), answer.headers.clone());
        let body = answer.into_bytes();
        let declared = self.checker.operation(&operation.pointer);
        match declared.judge_parts(&request.method, status, &headers, &body) {
            Outcome::Valid => Ok(serde_json::from_slice(&body).unwrap_or_default()),
            other => {
                let (word, reason) = other.words();
                let reason: String = reason.chars().take(200).collect();
                Err(format!(
                    "{} {}: {word}: {reason}",
                    request.method, request.target
                ))
            }
        }
    }

    fn send(&self, request: &SampleRequest) -> Result<Answer, String> {
        let mut sent = Request::builder()
            .method(request.method.as_str())
            .uri(&request.target);
        for (name, value) in &request.headers {
            sent = sent.header(name, value);
        }
        let sent = sent.body(request.body.clone().unwrap_or_default());
        let sent = sent.map_err(|error| error.to_string())?;
        Ok(mock_server::answer(self.mock, &sent, self.epoch))
    }

    /// The keys of the whole list at a path, page by page.
    fn keys(&self, list: &str) -> Result<Vec<String>, String> {
        let member = self.member(Act::List)?;
        let contract = &self.collection.list;
        let mut first = self.sample(member)?;
        first.target = first.target.replacen(&path_of(&first.target), list, 1);
        let (mut keys, mut request, mut at) = (Vec::new(), first.clone(), Position::Start);
        for _ in 0..PAGES {
            let answer = self.send(&request)?;
            let headers = answer.headers.clone();
            let page = serde_json::from_slice(&answer.into_bytes()).unwrap_or_default();
            let items = contract.items(&page).unwrap_or_default();
            keys.extend(items.iter().filter_map(|item| contract.key(item)));
            if self.collection.is_whole {
                return Ok(keys);
            }
            let reply = Reply {
                headers: &headers,
                body: &page,
            };
            let asked = PageRequest {
                at,
                ..PageRequest::default()
            };
            at = match contract.paging().info(&reply, &asked).next {
                Way::To(next) => next,
                Way::End(_) | Way::Unsaid => return Ok(keys),
            };
            request = self.onward(&first, &at)?;
        }
        Err(format!("{list} does not end within {PAGES} pages"))
    }

    /// The request for the page at a position.
    fn onward(&self, first: &SampleRequest, at: &Position) -> Result<SampleRequest, String> {
        let mut request = first.clone();
        if let Position::Url(url) = at {
            let uri: Uri = url.parse().map_err(|_| format!("{url} is no URL"))?;
            let target = uri.path_and_query().map(ToString::to_string);
            request.target = target.unwrap_or_default();
            return Ok(request);
        }
        let written = self.collection.list.paging().write(at);
        for (parameter, text) in written.ok_or("no request names the next page")? {
            match parameter.location {
                Location::Query => {
                    let mark = if request.target.contains('?') {
                        '&'
                    } else {
                        '?'
                    };
                    let text = utf8_percent_encode(&text, NON_ALPHANUMERIC);
                    request.target += &format!("{mark}{}={text}", parameter.name);
                }
                Location::Header => request.headers.push((parameter.name.clone(), text)),
                other => return Err(format!("a cursor in the {}", other.word())),
            }
        }
        Ok(request)
    }
}

/// A target without its query.
fn path_of(target: &str) -> String {
    target.split('?').next().unwrap_or_default().to_owned()
}

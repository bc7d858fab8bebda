//! Makes a request from a case, by the contract.

use bytes::Bytes;
use http::HeaderValue;
use openapi::{Act, Contract, Location, Parameter, Position};

use super::run::{Manner, Trouble, Unanswered};
use super::{Exchange, Session, is_failure};
use crate::moment::Moment;
use crate::siblings::Sibling;
use crate::subject::{FORM, Request, add_cookie, body_with, is_form, target, target_of};
use crate::{After, Case, Credentials, Stop, outcome};

/// A request in the contract's words: the resource, the caller and the parameters.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The resource's name.
    pub(super) resource: String,
    /// The id as it is written in the path, if the encoding is not the usual one.
    spelled: Option<String>,
    credentials: Credentials,
    method: Option<String>,
    pub(super) query: Vec<(String, String)>,
    /// The query as it is sent, if it is not made of parameters.
    raw_query: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    /// Places in the JSON body, and their texts.
    body: Vec<(Parameter, String)>,
    /// The URL that is followed as it stands, if the request is not made of parameters.
    target: Option<String>,
    /// The whole body and its media type, if it is not made of parameters.
    whole_body: Option<(String, Bytes)>,
    /// Where the page starts, or ends.
    at: Position,
}

impl Ask {
    /// The plain request for a resource, by its owner.
    pub fn of(resource: &str) -> Self {
        Self {
            resource: resource.to_owned(),
            spelled: None,
            credentials: Credentials::Owner,
            method: None,
            query: Vec::new(),
            raw_query: None,
            headers: Vec::new(),
            body: Vec::new(),
            target: None,
            whole_body: None,
            at: Position::Start,
        }
    }

    /// The same request by another caller.
    #[must_use]
    pub fn by(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// The same request with this spelling of its id in the path, already percent-encoded.
    #[must_use]
    pub fn spelled(mut self, id: &str) -> Self {
        self.spelled = Some(id.to_owned());
        self
    }

    /// The same request with another method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// The same request with one more parameter, which may repeat one.
    #[must_use]
    pub fn with(mut self, parameter: &Parameter, text: &str) -> Self {
        if parameter.shares_its_text() {
            let request = std::mem::take(match parameter.location {
                Location::Query => &mut self.query,
                _ => &mut self.headers,
            });
            let (others, whole) = without(request, parameter);
            let whole = parameter.part_in(whole.as_deref(), Some(text));
            let pairs = others.into_iter();
            let pairs = pairs.chain(whole.map(|whole| (parameter.name.clone(), whole)));
            match parameter.location {
                Location::Query => self.query = pairs.collect(),
                _ => self.headers = pairs.collect(),
            }
            return self;
        }
        let pair = (parameter.name.clone(), text.to_owned());
        match parameter.location {
            Location::Header => self.headers.push(pair),
            Location::Cookie => add_cookie(&mut self.headers, &parameter.name, text),
            Location::Body => self.body.push((parameter.clone(), text.to_owned())),
            Location::Path | Location::Query => self.query.push(pair),
        }
        self
    }

    /// The same request for the page from here.
    #[must_use]
    pub fn at(mut self, contract: &Contract, at: &Position) -> Self {
        if let Position::Url(url) = at {
            return Self {
                target: Some(url.clone()),
                ..self
            };
        }
        self.at = at.clone();
        let written = contract.paging().write(at).unwrap_or_default();
        let with = |ask: Self, (parameter, text): (&Parameter, String)| ask.with(parameter, &text);
        written.into_iter().fold(self, with)
    }

    /// The parameters of its query, decoded: names and texts.
    pub fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// The same request for this target, in place of the list's.
    #[must_use]
    pub(super) fn to(mut self, target: String) -> Self {
        self.target = Some(target);
        self
    }

    /// The same request with this body.
    #[must_use]
    pub(super) fn body(mut self, media_type: &str, text: String) -> Self {
        self.whole_body = Some((media_type.to_owned(), text.into()));
        self
    }

    /// The same request with a header that is sent unchanged.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// The pairs without those of a parameter's name, and the last text of that name.
fn without(
    pairs: Vec<(String, String)>,
    parameter: &Parameter,
) -> (Vec<(String, String)>, Option<String>) {
    let is_it = |(name, _): &(String, String)| match parameter.location {
        Location::Header => name.eq_ignore_ascii_case(&parameter.name),
        _ => *name == parameter.name,
    };
    let (mut same, others): (Vec<_>, Vec<_>) = pairs.into_iter().partition(is_it);
    (others, same.pop().map(|(_, text)| text))
}

impl Session<'_> {
    /// The request of a case's first page.
    ///
    /// Moot if the case starts after an item that the listing does not have.
    pub fn ask(&self, case: &Case) -> Result<Ask, Stop> {
        let ask = Self::ask_plainly(case);
        let ask = match &case.after {
            After::Start => ask,
            After::Cursor(text) => ask.with(self.contract().paging().place(), text),
            After::Item(index) => ask.at(self.contract(), &self.place_behind(case, *index)?),
        };
        Ok(self.ask_for(case, ask))
    }

    /// The request of a case's first page, with another start.
    pub fn ask_at(&self, case: &Case, at: &Position) -> Ask {
        self.ask_for(case, Self::ask_plainly(case).at(self.contract(), at))
    }

    /// The request for the page at a URL of an answer, which is followed as it stands.
    ///
    /// Only its path and query are used. So it stays with the subject, wherever the URL leads.
    pub fn ask_url(&self, case: &Case, url: &str) -> Ask {
        let mut ask = Self::ask_plainly(case);
        ask.target = Some(url.to_owned());
        ask
    }

    /// The request for one item of the case's resource, by its key. `None` if no operation reads one.
    pub fn ask_item(&self, case: &Case, key: &str) -> Option<Ask> {
        let Some((operation, parameter)) = self.contract().item_operation() else {
            let read = self.member(Act::Read).ok()?;
            return Some(self.ask_member(case, read, key));
        };
        let values = self.path_of(&case.resource);
        let names: Vec<_> = self.contract().operation().path.parameters().collect();
        let target = operation.path.expand(|name| {
            if name == parameter {
                return key.to_owned();
            }
            let place = names.iter().position(|known| *known == name);
            let value = place.and_then(|place| values.get(place));
            value.cloned().unwrap_or_default()
        });
        let mut ask = Ask::of(&case.resource)
            .by(case.credentials.clone())
            .method("GET");
        ask.target = Some(target);
        Some(ask)
    }

    /// Requests a page of another list, with the same values of the path.
    ///
    /// Moot without an answer. A failure there is none of the list that is judged.
    pub(crate) fn send_to(
        &self,
        case: &Case,
        other: &Sibling,
        token: Option<&str>,
    ) -> Result<Exchange, Stop> {
        match self.ask_in(&self.ask_sibling(case, other, token), Manner::Usual) {
            Ok(exchange) => {
                self.remember(&exchange);
                Ok(exchange)
            }
            Err(Trouble::Unanswered(unanswered)) => outcome::moot(unanswered.words),
            Err(Trouble::Stop(stop)) => Err(stop),
        }
    }

    fn ask_sibling(&self, case: &Case, other: &Sibling, token: Option<&str>) -> Ask {
        let values = self.path_of(&case.resource);
        let names: Vec<_> = self.contract().operation().path.parameters().collect();
        let value = |name: &str| {
            let place = names.iter().position(|known| *known == name);
            let value = place.and_then(|place| values.get(place));
            value.cloned().unwrap_or_default()
        };
        let mut ask = Ask::of(&case.resource)
            .by(case.credentials.clone())
            .method("GET");
        ask.target = Some(other.target(value, token));
        ask
    }

    /// The part of a request before the start of the page.
    fn ask_plainly(case: &Case) -> Ask {
        let mut ask = Ask::of(&case.resource).by(case.credentials.clone());
        ask.spelled.clone_from(&case.spelled);
        ask.method.clone_from(&case.method);
        ask.raw_query.clone_from(&case.query);
        ask
    }

    /// The part of a request after the start of the page.
    fn ask_for(&self, case: &Case, mut ask: Ask) -> Ask {
        let parameter = self.contract().paging().limit_from(&ask.at);
        if let (Some(parameter), Some(limit)) = (parameter, case.limits.first()) {
            ask = ask.with(parameter, &limit.to_string());
        }
        for (name, text) in &case.sent {
            let elsewhere = self.contract().parameters().find(|parameter| {
                !matches!(parameter.location, Location::Path | Location::Query)
                    && parameter.name.eq_ignore_ascii_case(name)
            });
            match elsewhere {
                Some(parameter) => ask = ask.with(parameter, text),
                None => ask.query.push((name.clone(), text.clone())),
            }
        }
        ask.headers.extend(case.headers.iter().cloned());
        ask
    }

    /// Sends the request, and waits for any answer.
    pub fn send(&self, ask: &Ask) -> Result<Exchange, Stop> {
        let exchange = self.send_again(ask)?;
        self.remember(&exchange);
        Ok(exchange)
    }

    /// As [`Session::send`], but not in the transcript, which already shows the same exchange.
    pub fn send_again(&self, ask: &Ask) -> Result<Exchange, Stop> {
        match self.ask_in(ask, Manner::Usual) {
            Ok(exchange) => {
                self.look_at_failure(ask, &exchange);
                Ok(exchange)
            }
            Err(Trouble::Stop(stop)) => Err(stop),
            Err(Trouble::Unanswered(unanswered)) => self.only_this(ask, *unanswered),
        }
    }

    /// Sends a request that may break the server. `None` if only a plain request gets an answer.
    ///
    /// Moot if HTTP cannot carry the headers.
    pub fn dare(&self, ask: &Ask) -> Result<Option<Exchange>, Stop> {
        let values = ask.headers.iter().map(|(_, value)| value);
        if let Some(value) = values
            .into_iter()
            .find(|value| HeaderValue::from_str(value).is_err())
        {
            return outcome::moot(format!("a header cannot hold `{}`", value.escape_debug()));
        }
        match self.ask_in(ask, Manner::Daring) {
            Ok(exchange) => {
                if matches!(exchange.reply.status, 502..=504) {
                    // A server that is busy with every request is not broken by this one.
                    self.lean_on_a_moment();
                    self.send_plainly()?;
                }
                self.look_at_failure(ask, &exchange);
                self.remember(&exchange);
                Ok(Some(exchange))
            }
            Err(Trouble::Unanswered(unanswered)) if unanswered.lost.is_some() => {
                self.lean_on_a_moment();
                match self.send_plainly()? {
                    Some(_) => {
                        self.avoid_if_late(*unanswered);
                        Ok(None)
                    }
                    None => Err(self.gave_up(*unanswered)),
                }
            }
            Err(Trouble::Unanswered(unanswered)) => self.only_this(ask, *unanswered).map(Some),
            Err(Trouble::Stop(stop)) => Err(stop),
        }
    }

    pub(super) fn ask_in(&self, ask: &Ask, manner: Manner) -> Result<Exchange, Trouble> {
        let (request, caller) = (self.request(ask), self.caller(ask));
        self.run().ask(&request, &ask.credentials, caller, manner)
    }

    /// Whether a request gets no answer, although the plain one gets one.
    pub(super) fn is_avoided(&self, ask: &Ask) -> bool {
        let (request, caller) = (self.request(ask), self.caller(ask));
        self.run().is_avoided(&request, &ask.credentials, caller)
    }

    /// Whether the request's target is longer than any server has to support (RFC 9110, 4.1).
    pub fn is_long(&self, ask: &Ask) -> bool {
        const LONG: usize = 8_000;
        self.request(ask).target.len() > LONG
    }

    /// The plain request that any server answers. `None` without a resource.
    pub(super) fn plain_ask(&self) -> Option<Ask> {
        self.resources().first().map(|first| Ask::of(&first.name))
    }

    /// Sends the plain request. `None` without one.
    fn send_plainly(&self) -> Result<Option<Exchange>, Stop> {
        let plain = self.plain_ask();
        plain.map(|plain| self.send(&plain)).transpose()
    }

    /// Decides whether only this request has no answer, or no request has one.
    ///
    /// If the plain request has one, this case is moot, and the request is not sent again.
    fn only_this(&self, ask: &Ask, unanswered: Unanswered) -> Result<Exchange, Stop> {
        if !self.run().is_in_doubt(&unanswered) {
            return outcome::moot(unanswered.words);
        }
        let Some(plain) = self.plain_ask() else {
            return Err(self.gave_up(unanswered));
        };
        let is_plain = self.request(&plain) == self.request(ask);
        match self.ask_in(&plain, Manner::Usual) {
            Ok(exchange) if is_plain => Ok(exchange),
            Ok(plain) => {
                let answered = unanswered.answered.as_ref();
                if let Some(answered) = answered.filter(|_| plain.reply.status == 200)
                    && is_failure(answered.reply.status)
                {
                    self.run().watch_failure(answered);
                }
                let moot = outcome::moot(unanswered.words.clone());
                self.run().avoid(unanswered);
                moot
            }
            Err(Trouble::Stop(stop)) => Err(stop),
            Err(Trouble::Unanswered(also)) => Err(self.gave_up(*also)),
        }
    }

    /// Does not wait a second time for a request that got no answer in time.
    fn avoid_if_late(&self, unanswered: Unanswered) {
        if unanswered.moment == Moment::Late {
            self.run().is_in_doubt(&unanswered);
            self.run().avoid(unanswered);
        }
    }

    /// Ends the run, because no request has an answer.
    fn gave_up(&self, unanswered: Unanswered) -> Stop {
        self.run().stop(match unanswered.lost {
            Some(lost) => Stop::Lost(lost),
            None => Stop::Moot(unanswered.words),
        })
    }

    pub(super) fn request(&self, ask: &Ask) -> Request {
        let operation = self.contract().operation();
        let path = self.path(&ask.resource, ask.spelled.as_deref());
        let (query, mut headers) = self.with_other_parameters(ask);
        let mut body = Bytes::new();
        let has_body = |one: &Parameter| one.location == Location::Body;
        if self.contract().parameters().any(has_body) {
            let is_form = self.contract().paging().body_is_form();
            let kind = if is_form { FORM } else { "application/json" };
            headers.push(("content-type".to_owned(), kind.to_owned()));
            if !is_form {
                body = Bytes::from_static(b"{}");
            }
        }
        if let Some((media_type, whole)) = &ask.whole_body {
            headers.push(("content-type".to_owned(), media_type.clone()));
            body = whole.clone();
        }
        let is_form = is_form(&headers);
        for (parameter, text) in &ask.body {
            body = body_with(&body, is_form, parameter, Some(text));
        }
        Request {
            method: ask
                .method
                .clone()
                .unwrap_or_else(|| operation.method.clone()),
            target: match (&ask.target, &ask.raw_query) {
                (Some(url), _) => target_of(url, &path, self.run().base()),
                (None, Some(raw)) if query.is_empty() => format!("{path}?{raw}"),
                (None, Some(raw)) => format!("{}&{raw}", target(&path, &query)),
                (None, None) => target(&path, &query),
            },
            headers,
            body,
        }
    }

    /// The caller whose token is sent with the request, if one is.
    fn caller<'c>(&'c self, ask: &'c Ask) -> Option<&'c str> {
        let caller = match &ask.credentials {
            Credentials::Owner | Credentials::Scheme(_) | Credentials::Altered(_) => {
                self.owner_of(&ask.resource)
            }
            Credentials::Caller(name) => name.as_str(),
            Credentials::None | Credentials::Raw(_) => return None,
        };
        // A caller of an API without credentials has no token.
        self.facts().token(caller).map(|_| caller)
    }

    /// Requests a case's first page.
    pub fn send_case(&self, case: &Case) -> Result<Exchange, Stop> {
        self.send(&self.ask(case)?)
    }

    /// The owner of a resource. For an unknown name it is the first resource's owner.
    fn owner_of(&self, name: &str) -> &str {
        let known = self
            .facts()
            .resource(name)
            .or_else(|| self.resources().first());
        known.map_or("", |resource| resource.owner.as_str())
    }
}

//! Credentials: where a request carries them, and how they are spelled there.
//!
//! The mock reads them, the judge and the printed commands write them, and the proxy hides them. All ask
//! here.

use crate::{Location, Scheme};

impl Scheme {
    /// Where a request carries the credentials: the location, and the name of the header, the query
    /// parameter or the cookie.
    pub fn place(&self) -> (Location, &str) {
        match self {
            Self::ApiKey(location, name) => (*location, name),
            Self::Http(_) | Self::Other(_) => (Location::Header, "Authorization"),
        }
    }

    /// The name that stands before a token in `Authorization`: `Bearer`, `Basic`. A scheme that HTTP does
    /// not have counts as a bearer token.
    pub fn word(&self) -> String {
        let name = match self {
            Self::Http(name) => name.as_str(),
            Self::ApiKey(..) | Self::Other(_) => "bearer",
        };
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    }

    /// The text that stands at [`Scheme::place`] for a token.
    pub fn text(&self, token: &str) -> String {
        match self {
            Self::ApiKey(..) => token.to_owned(),
            Self::Http(_) | Self::Other(_) => format!("{} {token}", self.word()),
        }
    }

    /// The token in the text that a request carries; `None` for the text of another scheme. The case of a
    /// scheme's name does not matter (RFC 9110, 11.1).
    pub fn token<'t>(&self, text: &'t str) -> Option<&'t str> {
        if let Self::ApiKey(..) = self {
            return Some(text);
        }
        let (name, token) = text.trim().split_once(' ')?;
        name.eq_ignore_ascii_case(&self.word())
            .then(|| token.trim())
    }

    /// The challenge of a 401 (RFC 9110, 11.6.1), in the name of a realm if the scheme needs one.
    pub fn challenge(&self, realm: &str) -> String {
        match self {
            Self::Http(name) if name == "basic" => format!("Basic realm=\"{realm}\""),
            Self::ApiKey(..) => "APIKey".to_owned(),
            Self::Http(_) | Self::Other(_) => self.word(),
        }
    }

    /// The query parameter that holds the key, if it is in the query.
    pub fn query_key(&self) -> Option<&str> {
        match self.place() {
            (Location::Query, name) => Some(name),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let key = |location| Scheme::ApiKey(location, "k".to_owned());
        for (scheme, text) in [
            (Scheme::Http("bearer".to_owned()), "Bearer t"),
            (Scheme::Http("basic".to_owned()), "Basic t"),
            (Scheme::Http("élan".to_owned()), "élan t"),
            (Scheme::Other("oauth".to_owned()), "Bearer t"),
            (key(Location::Header), "t"),
            (key(Location::Query), "t"),
            (key(Location::Cookie), "t"),
        ] {
            assert_eq!(scheme.text("t"), text);
            assert_eq!(scheme.token(text), Some("t"), "{scheme:?}");
            assert!(!scheme.challenge("mock").is_empty());
        }
        let bearer = Scheme::Http("bearer".to_owned());
        assert_eq!(bearer.token("bEARER  t "), Some("t"));
        assert_eq!(bearer.token("Basic t"), None);
        assert_eq!(bearer.token("Bearer"), None);
    }
}

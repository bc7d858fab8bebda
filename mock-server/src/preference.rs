//! What a client prefers to get: `Prefer: code=404, example=NAME, dynamic=false` (RFC 7240).
//!
//! The words are those of other mocks. `code` asks for the declared answer with that status, `example` for
//! the example of that name, and `dynamic` chooses between the document's examples and values made up from
//! schemas. Other preferences are ignored, as the RFC asks.

use http::{HeaderMap, StatusCode};

/// The preferences of a request that are about the choice of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Preferences {
    pub(crate) code: Option<StatusCode>,
    pub(crate) example: Option<String>,
    pub(crate) dynamic: Option<bool>,
}

impl Preferences {
    /// The preferences in the `Prefer` headers. The first of several with one name counts.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut preferences = Self::default();
        let values = headers.get_all("prefer").iter();
        let values = values.filter_map(|value| value.to_str().ok());
        for preference in values.flat_map(|value| value.split([',', ';'])) {
            let Some((name, value)) = preference.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"');
            match name.trim() {
                "code" => preferences.code = preferences.code.or(value.parse().ok()),
                "example" => {
                    preferences.example.get_or_insert_with(|| value.to_owned());
                }
                "dynamic" => preferences.dynamic = preferences.dynamic.or(value.parse().ok()),
                _ => {}
            }
        }
        preferences
    }

    /// Whether the client asks for one of the declared answers.
    pub(crate) fn names_an_answer(&self) -> bool {
        self.code.is_some() || self.example.is_some() || self.dynamic == Some(false)
    }

    /// The preferences that the answer follows, as a `Preference-Applied` header lists them.
    pub(crate) fn applied(&self) -> Option<String> {
        let applied = [
            self.code.map(|code| format!("code={}", code.as_u16())),
            self.example.as_ref().map(|name| format!("example={name}")),
            self.dynamic.map(|dynamic| format!("dynamic={dynamic}")),
        ];
        let applied: Vec<_> = applied.into_iter().flatten().collect();
        (!applied.is_empty()).then(|| applied.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_are_read_wherever_they_stand() {
        let mut headers = HeaderMap::new();
        headers.append(
            "prefer",
            "respond-async, code=404; delay=1s".parse().unwrap(),
        );
        headers.append(
            "prefer",
            "example=\"two words\", dynamic=false, code=500"
                .parse()
                .unwrap(),
        );
        let preferences = Preferences::of(&headers);
        assert_eq!(preferences.code, Some(StatusCode::NOT_FOUND));
        assert_eq!(preferences.example.as_deref(), Some("two words"));
        assert_eq!(preferences.dynamic, Some(false));
        let applied = preferences.applied().unwrap();
        assert_eq!(applied, "code=404, example=two words, dynamic=false");
        assert_eq!(Preferences::of(&HeaderMap::new()).applied(), None);
    }
}

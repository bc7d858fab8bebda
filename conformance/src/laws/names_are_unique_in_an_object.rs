//! No object of a page has one name twice.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "names-are-unique-in-an-object",
    group: Group::Shape,
    title: "no object of a page has one name twice",
    why: "one client reads the first value, and another one the last",
    level: Level::Should,
    basis: Basis::Standard("RFC 8259 §4"),
    citation: |contract| contract.cite("/responses"),
    cases: |session| draw::pages(session, 1, 1).map(Cases::Drawn),
    holds: |session, case| {
        let exchange = session.send_case(case)?;
        let page = session.read_or_moot(&exchange)?;
        if page.keys.is_empty() {
            return moot("the page has no items");
        }
        match serde_json::from_slice::<Unique>(&exchange.reply.body) {
            Ok(Unique) => Ok(()),
            Err(error) if error.is_data() => broken("one value for each name", error.to_string()),
            Err(_) => moot("the body cannot be read as JSON"),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Writes the page's first name twice.
        let mut reply = lied.ask(request)?;
        let is_page = lied.is_page(&reply) && !lied.is_empty(&reply);
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        let name = text
            .split(['{', ':'])
            .nth(1)
            .map(str::trim)
            .unwrap_or_default();
        if is_page && name.starts_with('"') {
            reply.body = text.replacen('{', &format!("{{{name}:null,"), 1).into();
            reply.headers.remove(http::header::CONTENT_LENGTH);
        }
        Ok(reply)
    },
};

/// JSON whose objects have each name once.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Unique;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("any JSON")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
                let mut names = HashSet::new();
                while let Some(name) = map.next_key::<String>()? {
                    if names.contains(&name) {
                        return Err(Error::custom(format!("`{name}` twice in one object")));
                    }
                    names.insert(name);
                    map.next_value::<Unique>()?;
                }
                Ok(Unique)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unique, A::Error> {
                while items.next_element::<Unique>()?.is_some() {}
                Ok(Unique)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_unit<E>(self) -> Result<Unique, E> {
                Ok(Unique)
            }
        }

        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::{LAW, Unique};
    use crate::testing::caught;

    #[test]
    fn a_server_that_writes_a_name_twice_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn names_of_different_objects_may_be_the_same() {
        for (text, unique) in [
            (r#"{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2.5}]}"#, true),
            (r#"{"a": null, "b": true, "a": false}"#, false),
            (r#"[{"x": {"y": 1, "y": 1}}]"#, false),
        ] {
            assert_eq!(
                serde_json::from_str::<Unique>(text).is_ok(),
                unique,
                "{text}"
            );
        }
    }
}

//! Security definitions of Swagger 2.0.

use serde_json::{Map, Value, json};

use super::{Conversion, Written, kept};
use crate::join;

impl<'c> Conversion<'c> {
    pub(super) fn security(&mut self, written: &Written<'c>, at: &str) -> Value {
        self.moves(at, &written.at);
        let mut converted = kept(written, &["type", "description", "name", "in"]);
        match written.text("type") {
            Some("basic") => {
                converted.insert("type".to_owned(), "http".into());
                converted.insert("scheme".to_owned(), "basic".into());
            }
            Some("oauth2") => {
                let flow = match written.text("flow") {
                    Some("implicit") => "implicit",
                    Some("password") => "password",
                    Some("application") => "clientCredentials",
                    Some("accessCode") => "authorizationCode",
                    other => {
                        let message = match other {
                            Some(other) => format!("`{other}` is no `flow` of OAuth 2"),
                            None => "`flow` is missing from this OAuth 2 scheme".to_owned(),
                        };
                        let cure = "say `implicit`, `password`, `application` or `accessCode`; it is read as `implicit`";
                        self.warn(&join(&written.at, "flow"), message, cure);
                        "implicit"
                    }
                };
                let keys = ["authorizationUrl", "tokenUrl", "scopes"];
                let mut fields = Map::new();
                for (key, one) in written.fields() {
                    if keys.contains(&key.as_str()) {
                        self.moves(&join(&join(&join(at, "flows"), flow), key), &one.at);
                        fields.insert(key.clone(), one.value.clone());
                    }
                }
                converted.insert("flows".to_owned(), json!({ flow: fields }));
            }
            // The reader says what is wrong with others.
            _ => {}
        }
        converted.into()
    }
}

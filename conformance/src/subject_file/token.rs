//! A caller's token as the subject file writes it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use openapi::{Problem, Source, join};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use crate::facts::variable_of;
use crate::token::{Renewal, Token, is_token};

/// A token: its text, `env:NAME`, or a mapping with the command that prints it.
#[derive(Debug, Clone)]
pub(super) enum TokenEntry {
    /// The text, or `env:NAME`.
    Text(String),
    /// The command that prints it.
    Command(CommandEntry),
}

/// A command that prints a token.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CommandEntry {
    /// The program and its arguments. No shell reads them.
    command: Vec<String>,
}

/// The token of the caller `name`, with variables and commands read.
pub(super) fn token(
    source: &Source,
    name: &str,
    written: &TokenEntry,
    variable: &impl Fn(&str) -> Option<String>,
) -> Result<Token, Problem> {
    let at = format!("{}/token", join("#/callers", name));
    let (text, variable) = match written {
        TokenEntry::Command(entry) => {
            let renewal = Renewal::new(&entry.command);
            let text = renewal.fetch().map_err(|reason| {
                let message = format!("`token.command` of `{name}`: {reason}");
                let problem = source.problem(&format!("{at}/command"), message);
                problem.cure("write a program that prints the token and ends: `[vault, read, ...]`")
            })?;
            return Ok(Token {
                text,
                variable: variable_of(name),
                renewal: Some(Arc::new(renewal)),
            });
        }
        TokenEntry::Text(written) => match written.strip_prefix("env:") {
            None => (written.clone(), variable_of(name)),
            Some(wanted) => {
                let text = variable(wanted).ok_or_else(|| {
                    source
                        .problem(
                            &at,
                            format!("the environment variable `{wanted}` is not set"),
                        )
                        .cure(format!("set it before the run: `export {wanted}=...`"))
                })?;
                (text, wanted.to_owned())
            }
        },
    };
    if !is_token(&text) {
        return Err(source
            .problem(
                &at,
                "a token must be visible ASCII characters, at least one",
            )
            .cure("check for spaces or line breaks around it"));
    }
    Ok(Token {
        text,
        variable,
        renewal: None,
    })
}

// By hand, because serde would forget the place of a mistake inside an untagged value.
impl<'de> Deserialize<'de> for TokenEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = TokenEntry;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text, or a mapping with `command`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<TokenEntry, E> {
                Ok(TokenEntry::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TokenEntry, A::Error> {
                CommandEntry::deserialize(MapAccessDeserializer::new(map)).map(TokenEntry::Command)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for TokenEntry {
    fn schema_name() -> Cow<'static, str> {
        "Token".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let command = generator.subschema_for::<CommandEntry>();
        json_schema!({ "anyOf": [{ "type": "string" }, command] })
    }
}

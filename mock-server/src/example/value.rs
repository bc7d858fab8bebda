//! The value of a body: an example of the document if it is valid, else one that is made up from the schema.

use fixtures::Noise;
use http::StatusCode;
use openapi::{Media, Schema};
use serde_json::Value;

use super::{Call, Example, echo, lists, unsatisfiable};
use crate::encoding::{self, Content};
use crate::preference::Preferences;
use crate::refusal::{Plain, Refusal};
use crate::worded;

/// How many items a sequence has.
const ITEMS: u64 = 3;

impl Example {
    /// What a body of `media` holds. It is valid, or the request is refused.
    pub(super) fn content(
        &self,
        call: Call<'_>,
        (status, media): (StatusCode, &Media),
        media_type: &str,
        noise: Noise,
        preferences: &Preferences,
    ) -> Result<Content, Refusal> {
        if let Some(name) = &preferences.example {
            return named(call, media, name).map(Content::One);
        }
        if encoding::is_file(media_type) {
            let example = media.example.clone().filter(Value::is_string);
            return Ok(Content::One(example.unwrap_or_default()));
        }
        if let Some(value) = call.value {
            return Ok(Content::One(value.clone()));
        }
        let unusable = unusable(call, media);
        // A schema that cannot be used accepts every example.
        let takes_examples = preferences.dynamic != Some(true) && unusable.is_none();
        let own = takes_examples.then(|| example(call, media)).flatten();
        let made = self.made_up(call, (status, media), media_type, noise, own);
        made.map_err(|refusal| unusable.unwrap_or(refusal))
    }

    /// A body like `own`, or one that is made up. What leads to a schema that cannot be used is left out if it may be.
    fn made_up(
        &self,
        call: Call<'_>,
        (status, media): (StatusCode, &Media),
        media_type: &str,
        noise: Noise,
        own: Option<Value>,
    ) -> Result<Content, Refusal> {
        if let Some(items) = &media.item_schema {
            return match own {
                Some(Value::Array(items)) => Ok(Content::Several(items)),
                _ => self.items(call, items, noise),
            };
        }
        let Some(schema) = &media.schema else {
            let nothing = || {
                if media.is_json() {
                    Value::Object(serde_json::Map::new())
                } else {
                    "OK".into()
                }
            };
            return Ok(Content::One(own.unwrap_or_else(nothing)));
        };
        let is_made = own.is_none();
        let of_items = encoding::is_stream(media_type) && !schema.types().contains(&"array");
        if is_made && of_items && !schema.types().contains(&"string") {
            return self.items(call, schema, noise);
        }
        let mut value = match own {
            Some(example) => example,
            None => self.made(call, schema, noise)?,
        };
        if is_made && status.as_u16() >= 400 {
            worded::reword(&mut value, schema, status, worded::title(status));
            return Ok(Content::One(value));
        }
        if is_made {
            lists::lengthen(&mut value, schema, noise.at("list"), |schema| {
                self.fake(schema, call.locale)
            });
        }
        let template = call.operation.path.to_string();
        let ends_in_parameter = template.ends_with('}')
            && template
                .rsplit('/')
                .next()
                .is_some_and(|last| last.starts_with('{'));
        echo::put(
            &mut value,
            schema,
            call.captures,
            ends_in_parameter,
            call.sent,
        );
        Ok(Content::One(value))
    }

    fn items(&self, call: Call<'_>, schema: &Schema, noise: Noise) -> Result<Content, Refusal> {
        let items = (0..ITEMS).map(|number| self.made(call, schema, noise.number(number)));
        items.collect::<Result<_, _>>().map(Content::Several)
    }

    fn made(&self, call: Call<'_>, schema: &Schema, noise: Noise) -> Result<Value, Refusal> {
        self.fake(schema, call.locale)
            .valid(noise)
            .map_err(|wrong| unsatisfiable(call.document, &wrong.pointer, wrong.message))
    }
}

/// Why the schemas of a body cannot be used whole, if they cannot.
fn unusable(call: Call<'_>, media: &Media) -> Option<Refusal> {
    let mut schemas = [&media.schema, &media.item_schema].into_iter().flatten();
    schemas.find_map(|schema| {
        let defect = schema.defect()?;
        let message = format!("the schema cannot be used: {defect}");
        Some(unsatisfiable(call.document, schema.pointer(), message))
    })
}

/// The first example of the document that is valid.
fn example(call: Call<'_>, media: &Media) -> Option<Value> {
    let named = call
        .document
        .examples(media)
        .into_iter()
        .map(|(_, value)| value);
    let mut examples = media.example.iter().chain(named);
    examples.find(|value| suits(media, value)).cloned()
}

fn suits(media: &Media, value: &Value) -> bool {
    match (&media.schema, &media.item_schema, value) {
        (Some(schema), ..) => schema.is_valid(value),
        (None, Some(items), Value::Array(values)) => values.iter().all(|one| items.is_valid(one)),
        (None, Some(_), _) => false,
        (None, None, _) => true,
    }
}

/// The example of this name, as other mocks answer for it: an unknown name is a 404.
fn named(call: Call<'_>, media: &Media, name: &str) -> Result<Value, Refusal> {
    let examples = call.document.examples(media);
    let names: Vec<_> = examples.iter().map(|(name, _)| *name).collect();
    let refused = |detail: String| {
        Refusal::Plain(Plain {
            status: StatusCode::NOT_FOUND,
            detail,
            cure: Some(match names.as_slice() {
                [] => "leave the preference out: the answer has no named examples".to_owned(),
                names => format!("prefer one of these: {}", names.join(", ")),
            }),
        })
    };
    let found = examples.iter().find(|(known, _)| *known == name);
    let (_, value) = found.ok_or_else(|| refused(format!("the answer has no example `{name}`")))?;
    if suits(media, value) {
        Ok((*value).clone())
    } else {
        let at = openapi::join(&openapi::join(&media.pointer, "examples"), name);
        let message = format!("the example `{name}` breaks the schema of its body");
        let problem = call.document.problem(&at, message);
        Err(Refusal::Unserved(
            problem.cure("correct the example or the schema"),
        ))
    }
}

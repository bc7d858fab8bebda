//! What is written of a parameter's value is read again, in every notation.

use openapi::{Document, Location, Parameter, Source};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// The parameters of an operation that declares these.
fn parameters(declared: &Value) -> Vec<Parameter> {
    let mut places = declared.as_array().into_iter().flatten();
    let is_in_path = places.any(|one| one["in"] == "path");
    let path = if is_in_path { "/a/{p}" } else { "/a" };
    let text = json!({
        "openapi": "3.1.0",
        "paths": { path: { "get": { "parameters": declared, "responses": {} } } },
    });
    let document = Document::read(Source::new("a.json", text.to_string()), &[]).unwrap();
    assert!(document.warnings().is_empty(), "{:?}", document.warnings());
    document.operations()[0].parameters.clone()
}

/// The parameter `p` with this place, style and schema.
fn parameter(location: &str, style: (&str, bool), schema: &Value) -> Parameter {
    let (style, explode) = style;
    let declared = json!([{
        "name": "p", "in": location, "style": style, "explode": explode, "schema": schema,
    }]);
    parameters(&declared).remove(0)
}

/// A value is written as `text`, and read from it again.
fn check(parameter: &Parameter, value: &Value, text: &str) {
    assert_eq!(parameter.write(value).as_deref(), Some(text), "{value}");
    assert_eq!(parameter.find(text), Ok(Some(value.clone())), "{text}");
}

/// Each style: its location, whether it explodes, a list and an object in it.
const STYLES: &str = "
path    matrix         no   ;p=blue,black,brown          ;p=R,100,G,200
path    matrix         yes  ;p=blue;p=black;p=brown      ;R=100;G=200
path    label          no   .blue,black,brown            .R,100,G,200
path    label          yes  .blue.black.brown            .R=100.G=200
path    simple         no   blue,black,brown             R,100,G,200
path    simple         yes  blue,black,brown             R=100,G=200
header  simple         no   blue,black,brown             R,100,G,200
header  simple         yes  blue,black,brown             R=100,G=200
query   form           no   p=blue,black,brown           p=R,100,G,200
query   form           yes  p=blue&p=black&p=brown       R=100&G=200
query   spaceDelimited no   p=blue%20black%20brown       p=R%20100%20G%20200
query   pipeDelimited  no   p=blue%7Cblack%7Cbrown       p=R%7C100%7CG%7C200
query   tabDelimited   no   p=blue%09black%09brown       p=R%09100%09G%09200
query   deepObject     yes  p[]=blue&p[]=black&p[]=brown p[R]=100&p[G]=200
cookie  form           no   p=blue,black,brown           p=R,100,G,200
cookie  form           yes  p=blue;+p=black;+p=brown     R=100;+G=200
cookie  cookie         yes  p=blue;+p=black;+p=brown     R=100;+G=200
";

#[test]
fn styles_write_as_the_specification_shows() {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let number = json!({ "type": "integer" });
    let object = json!({ "type": "object", "properties": { "R": number, "G": number } });
    for line in STYLES.trim().lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        let [location, style, explode, of_list, of_object] = words[..] else {
            panic!("{line}");
        };
        let style = (style, explode == "yes");
        let [of_list, of_object] = [of_list, of_object].map(|text| text.replace('+', " "));
        let colours = json!(["blue", "black", "brown"]);
        check(&parameter(location, style, &list), &colours, &of_list);
        let colour = json!({ "R": 100, "G": 200 });
        check(&parameter(location, style, &object), &colour, &of_object);
    }
}

#[test]
fn styles_that_are_not_written_down_are_those_of_the_location() {
    let list = json!({ "type": "array", "items": { "type": "integer" } });
    for (location, text) in [
        ("query", "p=1&p=2"),
        ("cookie", "p=1; p=2"),
        ("path", "1,2"),
        ("header", "1,2"),
    ] {
        let declared = json!([{ "name": "p", "in": location, "schema": list }]);
        check(&parameters(&declared)[0], &json!([1, 2]), text);
    }
}

#[test]
fn texts_have_the_types_of_the_schema() {
    let check = |schema: Value, text: &str, expect: Value| {
        let parameter = parameter("query", ("form", false), &schema);
        assert_eq!(parameter.find(text), Ok(Some(expect)), "{schema} {text}");
    };
    check(json!({ "type": "integer" }), "p=3", json!(3));
    check(json!({ "enum": [1, "b"] }), "p=1", json!(1));
    check(
        json!({ "anyOf": [{ "type": "integer" }, { "type": "null" }] }),
        "p=3",
        json!(3),
    );
    let list = json!({ "anyOf": [{ "type": "array", "items": { "type": "integer" } }, { "type": "null" }] });
    check(list, "p=3,4", json!([3, 4]));
    let either = json!({ "anyOf": [{ "type": "string", "enum": ["all"] }, { "type": "array", "items": { "type": "boolean" } }] });
    check(either.clone(), "p=all", json!("all"));
    check(either, "p=true", json!([true]));
    for (text, flag) in [
        ("true", true),
        ("True", true),
        ("false", false),
        ("False", false),
        ("1", true),
        ("0", false),
    ] {
        let text = format!("p={text}");
        check(json!({ "type": "boolean" }), &text, json!(flag));
        check(json!({ "enum": [true, false] }), &text, json!(flag));
        check(json!({ "type": "string" }), &text, json!(&text[2..]));
        let whole = json!({ "type": ["boolean", "integer", "string"] });
        let number = text[2..].parse::<u64>();
        check(
            whole,
            &text,
            number.map_or(json!(flag), |number| json!(number)),
        );
    }
    let strings = json!({ "type": "array", "items": { "type": "string" } });
    check(strings.clone(), "p=a%2Cb,c", json!(["a,b", "c"]));
    check(strings, "p=", json!([""]));
    // Clients that encode the whole text encode the commas, too.
    let numbers = json!({ "type": "array", "items": { "type": "integer" } });
    check(numbers.clone(), "p=1%2C2", json!([1, 2]));
    check(numbers, "p=", json!([]));
    let object = json!({ "type": "object", "additionalProperties": { "type": "integer" } });
    check(object, "p=a,1,b,2", json!({ "a": 1, "b": 2 }));
}

#[test]
fn wrong_values_say_what_is_wrong() {
    let check = |style: (&str, bool), schema: Value, text: &str, expect: (&str, &str)| {
        let wrong = parameter("query", style, &schema).find(text).unwrap_err();
        let violation = &wrong.violations[0];
        let found = (violation.keyword.as_str(), violation.instance.as_str());
        assert_eq!(found, expect, "{text}");
    };
    let numbers = json!({ "type": "array", "items": { "type": "integer" }, "maxItems": 2 });
    check(("form", true), numbers.clone(), "p=1&p=b", ("type", "/1"));
    check(
        ("form", true),
        numbers.clone(),
        "p=1&p=2&p=3",
        ("maxItems", ""),
    );
    check(("form", false), numbers, "p=1,b", ("type", "/1"));
    let object = json!({ "type": "object", "properties": { "a": { "type": "integer" } }, "required": ["b"] });
    check(
        ("deepObject", true),
        object.clone(),
        "p[a]=1",
        ("required", ""),
    );
    check(("form", true), object, "a=x&b=1", ("type", "/a"));
}

#[test]
fn parameters_that_are_not_sent_have_no_value() {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let object = json!({ "type": "object", "properties": { "a": {} } });
    for style in ["form", "deepObject"] {
        for schema in [&list, &object] {
            let parameter = parameter("query", (style, true), schema);
            assert_eq!(
                parameter.find("q=1&pp=2&x[a]=3"),
                Ok(None),
                "{style} {schema}"
            );
        }
    }
    assert_eq!(
        parameter("cookie", ("form", true), &list).find("q=1"),
        Ok(None)
    );
}

#[test]
fn deep_objects_hold_objects_and_lists() {
    let number = json!({ "type": "integer" });
    let schema = json!({
        "type": "object",
        "properties": {
            "size": { "type": "object", "properties": { "min": number, "max": number } },
            "tags": { "type": "array", "items": { "type": "string" } },
            "rows": { "type": "array", "items": { "type": "object", "properties": { "id": number } } },
        },
    });
    let deep = parameter("query", ("deepObject", true), &schema);
    check(
        &deep,
        &json!({ "size": { "min": 1, "max": 2 }, "tags": ["a b", "c"], "rows": [{ "id": 1 }, { "id": 2 }] }),
        "p[size][min]=1&p[size][max]=2&p[tags][]=a%20b&p[tags][]=c&p[rows][0][id]=1&p[rows][1][id]=2",
    );
    for text in [
        "p%5Btags%5D=a&p%5Btags%5D=b",
        "p[tags][1]=b&p[tags][0]=a",
        "p[tags][]=a&p[tags][]=b",
    ] {
        assert_eq!(
            deep.find(text),
            Ok(Some(json!({ "tags": ["a", "b"] }))),
            "{text}"
        );
    }
    let range = json!({ "anyOf": [{ "type": "integer" }, { "type": "object", "properties": { "gt": number } }] });
    let range = parameter("query", ("deepObject", true), &range);
    check(&range, &json!(7), "p=7");
    check(&range, &json!({ "gt": 7 }), "p[gt]=7");
}

#[test]
fn content_is_json() {
    let schema = json!({ "type": "object", "required": ["a"] });
    let content = json!({ "application/json": { "schema": schema } });
    for location in ["query", "path", "header", "cookie"] {
        let declared = json!([{ "name": "p", "in": location, "content": content }]);
        let parameter = &parameters(&declared)[0];
        let value = json!({ "a": [1, "b"] });
        let text = parameter.write(&value).unwrap();
        assert_eq!(parameter.find(&text), Ok(Some(value)), "{text}");
        let named = if ["query", "cookie"].contains(&location) {
            "p="
        } else {
            ""
        };
        let keyword = |text: &str| {
            let wrong = parameter.find(&format!("{named}{text}")).unwrap_err();
            wrong.violations[0].keyword.clone()
        };
        assert_eq!(keyword("nothing"), "content");
        assert_eq!(keyword("[]"), "type");
        assert_eq!(keyword("{}"), "required");
    }
}

#[test]
fn the_whole_query_may_be_one_value() {
    let whole = |media_type: &str| {
        let schema = json!({ "type": "object", "properties": { "a": { "type": "integer" }, "b": { "type": "array", "items": { "type": "string" } } } });
        let content = json!({ media_type: { "schema": schema } });
        parameters(&json!([{ "name": "p", "in": "querystring", "content": content }])).remove(0)
    };
    let form = whole("application/x-www-form-urlencoded");
    check(
        &form,
        &json!({ "a": 1, "b": ["x y", "z"] }),
        "a=1&b=x%20y&b=z",
    );
    assert_eq!(form.location, Location::Query);
    assert!(form.has_name("a") && form.has_name("other"));
    assert_eq!(form.find("a=x").unwrap_err().violations[0].keyword, "type");
    let json = whole("application/json");
    check(&json, &json!({ "a": 1 }), "%7B%22a%22%3A1%7D");
}

#[test]
fn an_empty_value_may_be_allowed() {
    let number = json!({ "type": "integer" });
    let flag = |allowed: bool| {
        let declared =
            json!([{ "name": "p", "in": "query", "allowEmptyValue": allowed, "schema": number }]);
        parameters(&declared).remove(0)
    };
    assert_eq!(flag(true).find("p"), Ok(Some(json!(""))));
    assert_eq!(flag(true).find("p=7"), Ok(Some(json!(7))));
    assert!(flag(true).find("p=x").is_err());
    assert!(flag(false).find("p=").is_err());
}

#[test]
fn reserved_characters_stay_where_they_may() {
    let text = json!({ "type": "string" });
    let reserved = |allowed: bool| {
        let declared =
            json!([{ "name": "p", "in": "query", "allowReserved": allowed, "schema": text }]);
        parameters(&declared).remove(0)
    };
    let value = json!("a/b?c=d&e#f+g");
    check(&reserved(true), &value, "p=a/b?c=d%26e%23f%2Bg");
    check(&reserved(false), &value, "p=a%2Fb%3Fc%3Dd%26e%23f%2Bg");
}

#[test]
fn exploded_objects_own_the_names_of_their_properties() {
    let named = json!({ "type": "object", "properties": { "a": {}, "b": {} } });
    let open = json!({ "type": "object", "additionalProperties": { "type": "integer" } });
    let declared = json!([
        { "name": "limit", "in": "query", "schema": { "type": "integer" } },
        { "name": "named", "in": "query", "schema": named },
        { "name": "open", "in": "query", "schema": open },
        { "name": "deep", "in": "query", "style": "deepObject", "schema": open },
    ]);
    let all = parameters(&declared);
    let owners = |name: &str| {
        let owners = all.iter().filter(|one| one.has_name(name));
        owners.map(|one| one.name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(owners("a"), ["named"]);
    assert_eq!(owners("limit"), ["limit"]);
    assert_eq!(owners("named"), ["open"]);
    assert_eq!(owners("other"), ["open"]);
    assert_eq!(owners("deep[x]"), ["deep"]);
    let query = "limit=2&a=x&other=3&deep[x]=4";
    let found = all.iter().map(|one| one.find(query).unwrap().unwrap());
    let expect = [
        json!(2),
        json!({ "a": "x" }),
        json!({ "other": 3 }),
        json!({ "x": 4 }),
    ];
    assert_eq!(found.collect::<Vec<_>>(), expect);
}

#[test]
fn wrong_keys_of_a_notation_are_warnings() {
    let declared = json!([
        { "name": "a", "in": "query", "style": "simple", "explode": 1, "schema": {} },
        { "name": "b", "in": "querystring", "schema": {} },
    ]);
    let text = json!({
        "openapi": "3.2.0",
        "paths": { "/a": { "get": { "parameters": declared, "responses": {} } } },
    });
    let document = Document::read(Source::new("a.json", text.to_string()), &[]).unwrap();
    let messages: Vec<_> = document
        .warnings()
        .iter()
        .map(openapi::Problem::message)
        .collect();
    assert_eq!(
        messages,
        [
            "`style: simple` of `a` is none of a query parameter",
            "`explode` of `a` must be true or false",
            "`content` is missing from `b`, which is `in: querystring`",
        ]
    );
    assert_eq!(document.operations()[0].parameters.len(), 1);
}

/// A scalar schema and a value of it.
fn scalar() -> impl Strategy<Value = (Value, Value)> {
    prop_oneof![
        any::<i64>().prop_map(|number| (json!({ "type": "integer" }), json!(number))),
        (-1e6..1e6f64).prop_map(|number| (json!({ "type": "number" }), json!(number))),
        any::<bool>().prop_map(|flag| (json!({ "type": "boolean" }), json!(flag))),
        "[ -~]{1,8}".prop_map(|text| (json!({ "type": "string" }), json!(text))),
        "\\PC{1,4}".prop_map(|text| (json!({ "type": "string" }), json!(text))),
        select(vec!["a", "b"]).prop_map(|text| (json!({ "enum": ["a", "b"] }), json!(text))),
        any::<u8>().prop_map(|number| {
            (
                json!({ "anyOf": [{ "type": "integer" }, { "type": "null" }] }),
                json!(number),
            )
        }),
    ]
}

/// A schema and a value of it: a scalar, a list or an object.
fn any_value() -> impl Strategy<Value = (Value, Value)> {
    let list = scalar().prop_flat_map(|(schema, value)| {
        let same = Just(value);
        let schema = json!({ "type": "array", "items": schema });
        (
            Just(schema),
            prop::collection::vec(same, 1..4).prop_map(Value::from),
        )
    });
    let object = prop::collection::btree_map("[a-z]{1,3}", scalar(), 1..4).prop_map(|fields| {
        let (mut properties, mut values) = (Map::new(), Map::new());
        for (name, (schema, value)) in fields {
            properties.insert(name.clone(), schema);
            values.insert(name, value);
        }
        (
            json!({ "type": "object", "properties": properties }),
            Value::Object(values),
        )
    });
    prop_oneof![scalar(), list, object]
}

/// A location, and a style that it has.
fn notation() -> impl Strategy<Value = (&'static str, &'static str, bool)> {
    let styles = vec![
        ("path", "simple"),
        ("path", "label"),
        ("path", "matrix"),
        ("query", "form"),
        ("query", "spaceDelimited"),
        ("query", "pipeDelimited"),
        ("query", "tabDelimited"),
        ("query", "deepObject"),
        ("header", "simple"),
        ("cookie", "form"),
        ("cookie", "cookie"),
    ];
    (select(styles), any::<bool>())
        .prop_map(|((location, style), explode)| (location, style, explode))
}

/// Whether the notation cannot carry the value: a text holds what separates values there.
fn is_impossible((location, style, explode): (&str, &str, bool), value: &Value) -> bool {
    let texts: Vec<&str> = match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        Value::Object(fields) => fields.values().filter_map(Value::as_str).collect(),
        scalar => scalar.as_str().into_iter().collect(),
    };
    let is_compound = value.is_array() || value.is_object();
    let any = |wrong: &dyn Fn(&str) -> bool| texts.iter().any(|text| wrong(text));
    match style {
        "spaceDelimited" if !explode => is_compound && any(&|text| text.contains(' ')),
        "pipeDelimited" if !explode => is_compound && any(&|text| text.contains('|')),
        "cookie" => any(&|text| {
            let outside = |one: char| !one.is_ascii_graphic() || ",;\"\\".contains(one);
            text.contains(outside)
        }),
        "simple" if location == "header" => any(&|text| {
            let outside = |one: char| one != ' ' && !one.is_ascii_graphic();
            text.contains(outside) || text.trim() != text || is_compound && text.contains(',')
        }),
        _ => false,
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again((schema, value) in any_value(), notation in notation()) {
        let (location, style, explode) = notation;
        let parameter = parameter(location, (style, explode), &schema);
        match parameter.write(&value) {
            Some(text) => prop_assert_eq!(parameter.find(&text), Ok(Some(value)), "{}", text),
            None => prop_assert!(is_impossible(notation, &value), "{}", value),
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}", (schema, _) in any_value(), notation in notation()) {
        let (location, style, explode) = notation;
        let parameter = parameter(location, (style, explode), &schema);
        if let Err(wrong) = parameter.find(&text) {
            prop_assert!(!wrong.violations.is_empty());
        }
    }
}

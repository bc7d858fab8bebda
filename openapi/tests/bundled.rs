//! The bundled documents read as timelines.

use std::sync::Arc;

use openapi::{
    Contract, Document, End, PageInfo, PageRequest, Position, Reply, Schema, Scheme, Step, Way,
};
use serde_json::{Value, json};

fn contracts() -> Vec<Contract> {
    let documents = Document::bundled().unwrap();
    documents
        .iter()
        .flat_map(|document| document.contracts().unwrap())
        .collect()
}

#[test]
fn both_bundled_documents_page() {
    let contracts = contracts();
    let names: Vec<_> = contracts.iter().map(Contract::name).collect();
    assert_eq!(names, ["wandb-training", "job-timeline"]);
}

#[test]
fn every_field_of_the_published_document_is_readable() {
    let contracts = contracts();
    let operation = contracts[0].operation();
    let fields = |schema: &Schema| {
        let name = |name: String| {
            let field = schema.property(&name).unwrap();
            let mark = if schema.requires(&name) { "!" } else { "" };
            format!("{name}{mark}: {}", field.types().join("|"))
        };
        schema
            .properties()
            .into_iter()
            .map(name)
            .collect::<Vec<_>>()
    };
    let page = [
        "object: string",
        "data!: array",
        "first_id: string",
        "last_id: string",
        "has_more!: boolean",
    ];
    assert_eq!(fields(contracts[0].body()), page);
    assert_eq!(
        fields(&contracts[0].item()),
        ["id!: string", "type!: string", "data!: object"]
    );
    let refusal = contracts[0].refusal(422).unwrap().schema.as_ref().unwrap();
    let errors = refusal.property("detail").unwrap().items().unwrap();
    assert_eq!(
        fields(&errors),
        ["loc!: array", "msg!: string", "type!: string"]
    );
    let parameters = operation
        .parameters
        .iter()
        .map(|one| (one.name.as_str(), one.required));
    let expect = [
        ("training_job_id", true),
        ("after", false),
        ("limit", false),
    ];
    assert_eq!(parameters.collect::<Vec<_>>(), expect);
    assert_eq!(operation.security, [[Scheme::Http("bearer".to_owned())]]);
    let statuses = operation.statuses();
    assert_eq!(statuses.collect::<Vec<_>>(), ["200", "422", "401", "404"]);
}

#[test]
fn a_limit_has_the_bounds_of_its_schema() {
    let contracts = contracts();
    let bounds = contracts[0].limit_bounds().unwrap();
    assert_eq!(
        (bounds.minimum, bounds.maximum, bounds.default),
        (Some(1), Some(100), Some(20))
    );
    assert!(contracts[1].limit_bounds().is_none());
}

/// What a page with this body says of itself.
fn info(contract: &Contract, body: &Value) -> PageInfo {
    let headers = http::HeaderMap::new();
    let reply = Reply {
        headers: &headers,
        body,
    };
    contract.paging().info(&reply, &PageRequest::default())
}

#[test]
fn the_cursor_of_a_page_is_found_by_the_contract() {
    let contracts = contracts();
    let page = json!({"data": [{"id": "a"}, {"id": "b"}], "has_more": true});
    let read = info(&contracts[0], &page);
    let behind = Position::After("b".to_owned());
    assert_eq!(read.next, Way::To(behind.clone()));
    assert_eq!(read.more, Some(true));
    assert!(contracts[0].paging().latest().is_none());
    let page = json!({"data": [{"id": "a"}, {"id": "b"}], "has_more": false});
    let read = info(&contracts[0], &page);
    assert_eq!(read.next, Way::End(End::Said));
    assert_eq!(read.handed_out, Some(behind));
    let page = json!({"events": [], "latest_seq": 7});
    let read = info(&contracts[1], &page);
    assert_eq!(read.next, Way::End(End::Whole));
    assert_eq!(read.handed_out, Some(Position::Above("7".to_owned())));
    let latest = contracts[1].paging().latest().unwrap();
    assert_eq!(latest.steps(), [Step::Name("latest_seq".into())]);
}

#[test]
fn violations_are_cited_where_the_keyword_stands() {
    let contracts = contracts();
    let event = json!({"id": "nobody", "type": "lunch", "data": {}});
    let page = json!({"data": [event], "has_more": true});
    let found = contracts[0].body().violations(&page);
    let mut cited: Vec<_> = found
        .iter()
        .map(|one| {
            (
                one.keyword.as_str(),
                one.instance.as_str(),
                one.pointer.as_str(),
            )
        })
        .collect();
    cited.sort_unstable();
    assert_eq!(
        cited,
        [
            (
                "enum",
                "/data/0/type",
                "#/components/schemas/TrainingJobEventType/enum"
            ),
            (
                "format",
                "/data/0/id",
                "#/components/schemas/TrainingJobEventResponse/properties/id/format"
            ),
        ]
    );
}

#[test]
fn a_citation_names_the_file_that_says_it() {
    let contracts = contracts();
    let limit = contracts[0].limit().unwrap();
    let document = contracts[0].document();
    assert_eq!(
        document.cite(&limit.pointer),
        "wandb-training.yaml#/paths/~1v1~1preview~1training-jobs~1{training_job_id}~1events/get/parameters/2"
    );
    assert_eq!(
        contracts[0].cite("/x-pagination/next/more"),
        "wandb-training.overlay.yaml#/actions/0/update/x-pagination/next/more"
    );
}

#[test]
fn a_parameter_reads_text_as_its_schema_means_it() {
    let contracts = contracts();
    let limit = contracts[0].limit().unwrap();
    assert_eq!(limit.read("7"), Ok(json!(7)));
    for (text, keyword) in [
        ("0", "minimum"),
        ("101", "maximum"),
        ("18446744073709551616", "maximum"),
        ("abc", "type"),
        ("1.5", "type"),
        ("1e2", "type"),
        ("", "type"),
    ] {
        assert_eq!(limit.read(text).unwrap_err()[0].keyword, keyword, "{text}");
    }
    let since = contracts[1].paging().place();
    assert_eq!(since.read("-1"), Ok(json!(-1)));
    assert!(since.read("abc").is_err());
}

#[test]
fn markings_are_found_where_the_overlay_put_them() {
    let contracts = contracts();
    let page = json!({"public_id": "01HZX3M4N5P6Q7R8S9T0V1W2X3", "events": [{"created_at": "x"}]});
    let found = contracts[1].body().markings(&page, "x-utc");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].instance, "/events/0/created_at");
    assert!(
        contracts[1]
            .document()
            .cite(found[0].schema.pointer())
            .starts_with("job-timeline.yaml#")
    );
}

#[test]
fn what_a_schema_says_is_kept_once_for_all_values_that_it_speaks_of() {
    let contracts = contracts();
    let event = json!({"created_at": "x"});
    let page = json!({"events": [event, event]});
    let found = contracts[1].body().markings(&page, "x-utc");
    assert_eq!(found.len(), 2);
    assert!(Arc::ptr_eq(&found[0].says, &found[1].says));
    let wanted = |_: &Value, value: &Value| value != "x";
    let found = contracts[1].body().markings_where(&page, "x-utc", wanted);
    assert!(found.is_empty());
}

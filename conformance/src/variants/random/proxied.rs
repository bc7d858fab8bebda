//! The proxy, in front of the mocks of random documents and of the bundled ones, finds no fault of theirs.
//!
//! The judge sends the traffic. So some requests break the document, but no answer does.

use std::sync::Arc;

use mock_server::{Mock, Proxy};
use openapi::{Contract, Document};
use proptest::prelude::*;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::{Random, for_each, json_of, made_up, options, request};
use crate::testing::{NOW, contracts};
use crate::variants::dialects::mock_of;
use crate::{Facts, Options, Service, Subject, judge};

/// The number of documents, unless `PROPTEST_CASES` says another.
const DOCUMENTS: u32 = 6;

#[test]
fn the_proxy_finds_no_fault_of_the_mock_of_a_random_document() {
    for_each(DOCUMENTS, |random: &Random| {
        let (contract, facts, mock) = mock_of(&random.document.to_string(), &made_up());
        let document = contract.document().clone();
        let found = found(mock, &[document], &[(contract, facts)]);
        prop_assert_eq!(&found["by_responses"], 0, "{:#}", found);
        prop_assert_ne!(&found["checked"], 0, "{:#}", found);
        Ok(())
    });
}

#[test]
fn the_proxy_finds_no_fault_of_the_mock_of_the_bundled_documents() {
    let now = jiff::Timestamp::UNIX_EPOCH + NOW;
    let mock = Mock::bundled(1, now).unwrap();
    let found = found(mock, &Document::bundled().unwrap(), &contracts());
    assert_eq!(found["by_responses"], 0, "{found:#}");
    assert_ne!(found["checked"], 0, "{found:#}");
}

/// What the proxy found while the judge held the mock behind it to every law.
fn found(mock: Mock, documents: &[Document], judged: &[(Contract, Facts)]) -> Value {
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let upstream = format!("http://{}", listener.local_addr().unwrap());
    let now = jiff::Timestamp::UNIX_EPOCH + NOW;
    let router = mock_server::router(Arc::new(mock), Arc::new(move || now));
    runtime.spawn(async move { axum::serve(listener, router).await });
    let proxy = Proxy::new(documents, &upstream).unwrap();
    let subject = Service::new(proxy.router()).unwrap();
    let options = Options {
        cases: 2,
        ..options(Vec::new())
    };
    for (contract, facts) in judged {
        judge(contract, facts, &subject, &options, &mut |_| {});
    }
    let found = subject.send(&request("GET", "/__mock/violations", &Value::Null));
    json_of(&found.unwrap())
}

//! Mistakes in what items and links say.

use conformance::lie::{edit_json, with_header};

use super::{anything, is_behind, says_urls, talkative, uncached};
use crate::field::{Fault, Rule};

pub(crate) const ALL: &[Fault] = &[
    Fault {
        name: "a null behind the first page",
        report: "a property that is never null is null on later pages",
        needs: anything,
        lie: |lied, request| {
            let behind = is_behind(lied, request);
            lied.edit_items(request, |items| {
                for item in items.iter_mut().filter(|_| behind) {
                    item["station"] = serde_json::Value::Null;
                }
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "an old item without a property",
        report: "rows from before a migration lack a required property",
        needs: anything,
        lie: |lied, request| {
            lied.edit_items(request, |items| {
                for item in items.iter_mut().filter(|item| item["number"] == 19) {
                    item.as_object_mut().map(|item| item.remove("station"));
                }
            })
        },
        twin: |lied, request| {
            lied.edit_items(request, |items| {
                for item in items.iter_mut().filter(|item| item["number"] == 19) {
                    item["moved"] = true.into();
                }
            })
        },
        rule: Rule::Stated,
    },
    Fault {
        name: "a number as a text",
        report: "numbers come as texts from one of two databases",
        needs: |contract| !super::takes_numbers(contract),
        lie: |lied, request| {
            lied.edit_items(request, |items| {
                for item in items.iter_mut().filter(|item| lied.chooses(item)) {
                    item["number"] = item["number"].to_string().into();
                }
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "items change from page to page",
        report: "an item shows other values in a long page than in a short one",
        needs: anything,
        lie: |lied, request| {
            let long = lied.limit(request).is_some_and(|limit| limit > 10);
            lied.edit_items(request, |items| {
                for item in items.iter_mut().filter(|_| long) {
                    item["station"] = "unknown".into();
                }
            })
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "another media type behind a cursor",
        report: "later pages are sent as text/plain",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(if is_behind(lied, request) && lied.is_page(&reply) {
                with_header(reply, "content-type", "text/plain")
            } else {
                reply
            })
        },
        twin: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(if reply.status == 200 {
                with_header(reply, "content-type", "application/json; charset=utf-8")
            } else {
                reply
            })
        },
        rule: Rule::Stated,
    },
    Fault {
        name: "a body that breaks off",
        report: "long pages are cut at a buffer's size",
        needs: anything,
        lie: |lied, request| {
            let mut reply = lied.ask(request)?;
            let length = reply.body.len();
            reply = with_header(reply, "content-length", &length.to_string());
            if lied.is_page(&reply) && length > 900 && request.method != "HEAD" {
                reply.body.truncate(900);
            }
            Ok(reply)
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "a name twice in an object",
        report: "an object has one name twice, and clients read one value or the other",
        needs: anything,
        lie: |lied, request| {
            let mut reply = lied.ask(request)?;
            if lied.is_page(&reply) {
                let text = String::from_utf8_lossy(&reply.body)
                    .replace("\"station\":", "\"station\":\"old\",\"station\":");
                reply.body = text.into();
                reply.headers.remove("content-length");
            }
            Ok(reply)
        },
        twin: |lied, request| {
            let mut reply = lied.ask(request)?;
            if lied.is_page(&reply) {
                let text = String::from_utf8_lossy(&reply.body)
                    .replace("\"station\":", "\"old\":\"old\",\"station\":");
                reply.body = text.into();
                reply.headers.remove("content-length");
            }
            Ok(reply)
        },
        rule: Rule::Inferred("RFC 8259 says that names within an object SHOULD be unique"),
    },
    Fault {
        name: "NaN in a body",
        report: "a float without a value is written as NaN, which is no JSON",
        needs: anything,
        lie: |lied, request| {
            let mut reply = lied.ask(request)?;
            if lied.is_page(&reply) && is_behind(lied, request) {
                let text = String::from_utf8_lossy(&reply.body).replacen(
                    "\"station\":",
                    "\"weight\":NaN,\"station\":",
                    1,
                );
                reply.body = text.into();
                reply.headers.remove("content-length");
            }
            Ok(reply)
        },
        twin: |lied, request| {
            lied.edit_items(request, |items| {
                for item in items.iter_mut() {
                    item["weight"] = serde_json::Value::Null;
                }
            })
        },
        rule: Rule::Stated,
    },
    Fault {
        name: "the next URL forgets the limit",
        report: "the link to the next page drops the page size",
        needs: says_urls,
        lie: |lied, request| {
            lied.with_urls(request, |link| {
                let (path, query) = link.url.split_once('?').unwrap_or((link.url, ""));
                let kept: Vec<_> = query
                    .split('&')
                    .filter(|pair| !pair.starts_with("size="))
                    .collect();
                format!("{path}?{}", kept.join("&"))
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "the next URL leads to another host",
        report: "links have the host of the server behind the proxy",
        needs: says_urls,
        lie: |lied, request| {
            lied.with_urls(request, |link| {
                let rest = link.url.split_once("/parcels").map_or("", |(_, rest)| rest);
                format!("http://10.0.3.7:8080/parcels{rest}")
            })
        },
        twin: uncached,
        rule: Rule::Inferred("a client sends its credentials to the host that the link names"),
    },
    Fault {
        name: "the next URL skips a page",
        report: "the link to the next page is computed from the page behind it",
        needs: says_urls,
        lie: |lied, request| {
            lied.with_places(request, "next", |text| {
                text.parse::<u64>()
                    .map_or(text.to_owned(), |page| (page + 1).to_string())
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "the previous URL leads to this page",
        report: "a client cannot go back",
        needs: says_urls,
        lie: |lied, request| {
            lied.with_places(request, "prev", |text| {
                text.parse::<u64>()
                    .map_or(text.to_owned(), |page| (page + 1).to_string())
            })
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "a next URL on the last page",
        report: "the last page has a link to a next one, which is empty",
        needs: says_urls,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            if !super::is_last(lied, request, &reply) || lied.is_empty(&reply) {
                return Ok(reply);
            }
            let target = request.target.clone();
            let joint = if target.contains('?') { '&' } else { '?' };
            Ok(edit_json(reply, |body| {
                body["next"] = format!("http://127.0.0.1{target}{joint}page=99").into();
            }))
        },
        twin: talkative,
        rule: Rule::Inferred(
            "an empty page at the end may follow where the contract does not rule it out",
        ),
    },
    Fault {
        name: "the documented default is not what comes without the parameter",
        report: "a parameter that is sent with the default of the documentation leaves items out",
        needs: anything,
        lie: |lied, request| {
            let names_it = request.query().iter().any(|(name, _)| name == "view");
            lied.edit_served(request, |items| {
                if names_it && items.len() > 1 {
                    items.remove(0);
                }
            })
        },
        twin: |lied, request| {
            // It says which view it shows.
            let reply = lied.ask(request)?;
            let names_it = request.query().iter().any(|(name, _)| name == "view");
            Ok(if names_it && lied.is_page(&reply) {
                with_header(reply, "x-view", "full")
            } else {
                reply
            })
        },
        rule: Rule::Stated,
    },
];

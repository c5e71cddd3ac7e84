//! The contract: what is served is what is documented, what is documented is what the tables say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use pingxuan_api::running::settings::SETTINGS;
use pingxuan_domain::Operation;
use pingxuan_domain::operation::Standing;
use pingxuan_domain::policy::{Who, rule};
use pingxuan_domain::workflow::Workflow;
use pingxuan_tests::contract::{DOCUMENT, Stated, operations};
use pingxuan_tests::{World, both, pages, rules};
use serde_json::{Value, json};
use strum::IntoEnumIterator;

/// Variables that the suite itself reads.
const OF_THE_SUITE: [&str; 2] = ["PINGXUAN_BLESS", "PINGXUAN_REQUIRE_POSTGRES"];

fn operation(stated: &Stated) -> Operation {
    stated.id.parse().unwrap_or_else(|_| panic!("{} is no operation", stated.id))
}

/// Fails with the list if there is one.
fn none(what: &str, faults: impl IntoIterator<Item = String>) {
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{what}:\n  {}", faults.join("\n  "));
}

#[test]
fn the_document_in_the_repository_is_the_one_of_this_build() {
    pages::compare("openapi/openapi.json", &(serde_json::to_string_pretty(&*DOCUMENT).unwrap() + "\n"));
}

#[test]
fn the_page_of_workflows_is_what_the_tables_say() {
    pages::compare("docs/workflow.md", &pages::workflows());
}

#[test]
fn the_page_of_the_policy_is_what_the_table_says() {
    pages::compare("docs/policy.md", &pages::policy());
}

#[test]
fn the_page_of_errors_is_what_the_codes_say() {
    pages::compare("docs/errors.md", &pages::errors());
}

#[test]
fn the_page_of_settings_is_what_the_table_says() {
    pages::compare("docs/settings.md", &pages::settings());
}

#[test]
fn the_register_of_fields_is_what_its_page_says() {
    pages::compare("docs/personal-data.md", &pages::personal_data());
}

#[test]
fn the_page_of_rules_is_what_the_table_and_the_tests_say() {
    pages::compare("docs/rules.md", &rules::page());
}

#[test]
fn every_variable_of_the_environment_is_a_documented_setting() {
    let secrets = SETTINGS.iter().filter(|setting| setting.secret);
    let mut known: BTreeSet<String> = secrets.map(|setting| setting.file_variable()).collect();
    known.extend(SETTINGS.iter().map(|setting| setting.variable.to_owned()));
    let mut faults = BTreeSet::new();
    let mut named = BTreeSet::new();
    for file in
        ["docker-compose.yml", ".env.example", "Dockerfile", "README.md"].map(|name| pages::root().join(name))
    {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let words = text.split(|character: char| {
            !(character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_')
        });
        for word in words.filter(|word| word.starts_with("PINGXUAN_") && !OF_THE_SUITE.contains(word)) {
            named.insert(word.to_owned());
            if !known.contains(word) {
                faults.insert(format!("{} names {word}", file.display()));
            }
        }
    }
    assert!(named.contains("PINGXUAN_BIND"), "the files are read: {named:?}");
    none("variables that are no settings", faults);
}

#[test]
fn every_served_operation_is_documented_and_nothing_else_is() {
    let documented: Vec<Operation> = operations().iter().map(operation).collect();
    let unique: BTreeSet<Operation> = documented.iter().copied().collect();
    assert_eq!(unique.len(), documented.len(), "an operation has one place");
    let served: BTreeSet<Operation> =
        Operation::iter().filter(|operation| operation.standing() == Standing::Served).collect();
    none("served, and not documented", served.difference(&unique).map(|operation| operation.to_string()));
    none("documented, and not served", unique.difference(&served).map(|operation| operation.to_string()));
}

#[test]
fn the_document_says_of_roles_what_the_policy_says() {
    for stated in operations() {
        let grants = rule(operation(stated));
        let wanted: BTreeMap<String, &str> = grants
            .iter()
            .map(|grant| {
                let who = match grant.who {
                    Who::Public => "public".to_owned(),
                    Who::LoggedIn => "any".to_owned(),
                    Who::Role(role) => role.to_string(),
                    Who::Scope(scope) => scope.to_string(),
                };
                (who, grant.reach.into())
            })
            .collect();
        assert_eq!(stated.stated["x-roles"], json!(wanted), "{}", stated.id);
        let open = grants.iter().any(|grant| grant.who == Who::Public);
        let scopes: Vec<String> = grants
            .iter()
            .filter(|grant| matches!(grant.who, Who::Scope(_)))
            .map(|grant| match grant.who {
                Who::Scope(scope) => scope.to_string(),
                Who::Public | Who::LoggedIn | Who::Role(_) => String::new(),
            })
            .collect();
        let security = match (open, stated.id.as_str()) {
            // Whoever is logged in is told more.
            (true, "get_public_notice") => json!([{}, {"bearer": []}]),
            (true, _) => json!([]),
            (false, _) if scopes.is_empty() => json!([{"bearer": []}]),
            (false, _) => json!([{"bearer": []}, {"client": scopes}]),
        };
        assert_eq!(stated.stated["security"], security, "{}", stated.id);
        let documents = |status: &str| stated.stated["responses"].get(status).is_some();
        assert_eq!(documents("403"), !open, "{} documents 403 where a role may lack", stated.id);
    }
}

#[test]
fn every_operation_says_what_it_is_in_both_languages() {
    let tags: Vec<&str> =
        DOCUMENT["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut faults = Vec::new();
    for stated in operations() {
        let (id, said) = (&stated.id, &stated.stated);
        let summary = said["summary"].as_str().unwrap_or("");
        let (chinese, english) = summary.split_once(" · ").unwrap_or((summary, ""));
        if chinese.is_ascii() || english.is_empty() || !english.is_ascii() {
            faults.push(format!("{id}: the summary is '{summary}', not '中文 · English'"));
        }
        if said["description"].as_str().unwrap_or("").lines().next().is_none_or(|line| line.len() < 10) {
            faults.push(format!("{id} has no description"));
        }
        let tag = said["tags"].as_array().map_or(&[][..], Vec::as_slice);
        if tag.len() != 1 || !tags.contains(&tag[0].as_str().unwrap_or("")) {
            faults.push(format!("{id} has the tags {tag:?}"));
        }
        for parameter in said["parameters"].as_array().into_iter().flatten() {
            let shared =
                parameter["$ref"].as_str().and_then(|name| DOCUMENT.pointer(name.trim_start_matches('#')));
            let parameter = shared.unwrap_or(parameter);
            if parameter["description"].as_str().is_none_or(str::is_empty) {
                faults.push(format!("{id}: {} has no description", parameter["name"]));
            }
        }
    }
    none("operations that do not say what they are", faults);
}

#[test]
fn every_parameter_of_a_path_is_documented_and_every_reference_leads_somewhere() {
    let mut faults = Vec::new();
    for stated in operations() {
        let parameters = stated.stated["parameters"].as_array().into_iter().flatten();
        let documented: BTreeSet<&str> = parameters
            .filter(|parameter| parameter["in"] == "path")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        let needed: BTreeSet<&str> =
            stated.template.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        if documented != needed {
            faults.push(format!("{} has {needed:?} and documents {documented:?}", stated.id));
        }
    }
    walk(&DOCUMENT, &mut |value| {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let there = reference.strip_prefix('#').and_then(|pointer| DOCUMENT.pointer(pointer));
            if there.is_none() {
                faults.push(format!("{reference} leads nowhere"));
            }
        }
    });
    none("faults of the document", faults);
}

fn walk(value: &Value, visit: &mut impl FnMut(&Value)) {
    visit(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        Value::Object(members) => members.values().for_each(|member| walk(member, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn what_changes_a_versioned_resource_needs_if_match() {
    let needs = |stated: &Stated| {
        let parameters = stated.stated["parameters"].as_array().into_iter().flatten();
        parameters.into_iter().any(|parameter| parameter["name"] == "If-Match" && parameter["in"] == "header")
    };
    let mut faults = Vec::new();
    for stated in operations() {
        // A session or a second factor has no version: it is there, or it is gone.
        // A piece of an upload says where it begins instead.
        let unversioned = ["revoke_session", "remove_totp", "resume_upload"].contains(&stated.id.as_str());
        let changes = matches!(stated.method.as_str(), "PATCH" | "DELETE" | "PUT") && !unversioned;
        let acts = stated.method == "POST" && stated.id != "logout" && !stated.template.ends_with('}') && {
            // An action on one thing: its workflow knows it in a state, and its path ends in a word behind an id.
            let parts: Vec<&str> = stated.template.split('/').collect();
            let behind_an_id = parts.len() > 2 && parts[parts.len() - 2].starts_with('{');
            // What is posted to a list that can be read comes into being there.
            let listed = |other: &Stated| other.method == "GET" && other.template == stated.template;
            behind_an_id && moves(operation(stated)) && !operations().iter().any(listed)
        };
        if (changes || acts) && !needs(stated) {
            faults.push(format!("{} {}", stated.method, stated.template));
        }
        let responses = &stated.stated["responses"];
        if needs(stated) != (responses.get("412").is_some() && responses.get("428").is_some()) {
            faults.push(format!("{} documents 412 and 428 where it needs If-Match", stated.id));
        }
    }
    none("operations without If-Match", faults);
}

/// Whether an operation leads from one state of a thing to another, or keeps it in its state.
fn moves(operation: Operation) -> bool {
    let mut rows = Workflow::iter().flat_map(|workflow| workflow.table().rows);
    rows.any(|row| row.operation == operation && row.from.is_some())
}

#[test]
fn no_body_takes_members_that_it_does_not_name() {
    let mut faults = Vec::new();
    // Of a form of RFC 6749 what is not known is passed over (section 3.2).
    for stated in operations().iter().filter(|stated| stated.id != "issue_token") {
        for (media_type, content) in
            stated.stated.pointer("/requestBody/content").and_then(Value::as_object).into_iter().flatten()
        {
            // Bytes have no members.
            if media_type == "application/offset+octet-stream" {
                continue;
            }
            let schema = &content["schema"];
            let name = schema["$ref"].as_str().unwrap_or("").trim_start_matches('#');
            let whole = DOCUMENT.pointer(name).filter(|_| !name.is_empty()).unwrap_or(schema);
            if whole["additionalProperties"] != false && whole["unevaluatedProperties"] != false {
                faults.push(format!("{}: {name}", stated.id));
            }
        }
    }
    none("bodies that are open", faults);
}

both! {
    async fn the_document_is_served_as_it_is_in_the_repository(world: World) {
        let served = world.public().get("/openapi.json").await.expect(200);
        assert_eq!(served.header("content-type"), Some("application/json"));
        assert_eq!(served.body, *DOCUMENT);
        assert_eq!(served.body["openapi"].as_str().unwrap().split('.').next(), Some("3"));
        assert_eq!(served.text, serde_json::to_string_pretty(&*DOCUMENT).unwrap() + "\n");
    }

    async fn swagger_ui_asks_no_other_host(world: World) {
        let moved = world.public().get("/docs").await;
        assert_eq!((moved.status, moved.header("location")), (307, Some("/docs/")));
        let page = world.public().get("/docs/").await.expect(200);
        assert!(page.header("content-type").unwrap().starts_with("text/html"));
        let mut files = vec!["index.html".to_owned()];
        for attribute in ["src=\"", "href=\""] {
            for part in page.text.split(attribute).skip(1) {
                files.push(part.split('"').next().unwrap().trim_start_matches("./").to_owned());
            }
        }
        files.retain(|file| file != "../reference/");
        assert!(files.iter().any(|file| file.contains("swagger-ui-bundle")), "{files:?}");
        let mut scripts = String::new();
        for file in &files {
            assert!(!file.contains("://") && !file.starts_with("//"), "{file} is somewhere else");
            let found = world.public().get(&format!("/docs/{file}")).await.expect(200);
            let is_ours = file.ends_with("initializer.js") || file.ends_with(".html");
            scripts += if is_ours { &found.text } else { "" };
        }
        assert!(scripts.contains("/openapi.json"), "the page shows our document");
        for elsewhere in ["http://", "https://", "url: \"//"] {
            assert!(!scripts.contains(elsewhere), "the page names {elsewhere}…");
        }
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'self'") && !policy.contains("http"), "the browser would refuse it: {policy}");
        world.public().get("/docs/nothing.js").await.refused(404, "not_found");
    }

    async fn the_reference_asks_no_other_host(world: World) {
        let moved = world.public().get("/reference").await;
        assert_eq!((moved.status, moved.header("location")), (307, Some("/reference/")));
        let page = world.public().get("/reference/").await.expect(200);
        assert!(page.header("content-type").unwrap().starts_with("text/html"));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'self'") && !policy.contains("http"), "the browser would refuse it: {policy}");
        let mut scripts = page.text.split("src=\"").skip(1).map(|part| part.split('"').next().unwrap());
        for file in ["reference.js", "scalar.js"] {
            assert_eq!(scripts.next(), Some(file), "{page}");
            let found = world.public().get(&format!("/reference/{file}")).await.expect(200);
            assert_eq!(found.header("content-type"), Some("text/javascript; charset=utf-8"));
            assert_eq!(found.header("cache-control"), Some("public, max-age=300"));
        }
        assert_eq!(scripts.next(), None, "{page}");
        world.public().get("/reference/nothing.js").await.refused(404, "not_found");
    }
}

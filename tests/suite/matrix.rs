//! The access matrix (D-901 to D-903): every operation × everyone × what is theirs, what is another's, what is not there.
//!
//! What is expected comes from `policy::rule` alone. An operation that leads to a thing which the scene does not have fails
//! the test, so that nothing can be added without being in it.

use std::collections::BTreeSet;

use pingxuan_api::identity::tokens::ACCESS_SECONDS;
use pingxuan_domain::client::Scope;
use pingxuan_domain::policy::{Grant, Reach, Who, open_before_duties, rule};
use pingxuan_domain::{Operation, Role};
use pingxuan_tests::contract::{Stated, operations};
use pingxuan_tests::fields::Fields;
use pingxuan_tests::forge::Forge;
use pingxuan_tests::scene::{self, ONE, Scene, Thing, UNIT};
use pingxuan_tests::story::SUPERVISOR;
use pingxuan_tests::world::PASSWORD;
use pingxuan_tests::{Person, Reply, World, both, pages};
use reqwest::Method;
use serde_json::json;
use strum::IntoEnumIterator;
use uuid::Uuid;

/// Somebody who calls everything.
struct Caller {
    person: Person,
    name: &'static str,
    standing: Standing,
    roles: Vec<Role>,
    unit: Option<Uuid>,
    supervisor: Option<Uuid>,
    scopes: Vec<Scope>,
}

#[derive(Clone, Copy, PartialEq)]
enum Standing {
    NobodyKnown,
    Client,
    LoggedIn,
    /// With the password that was given.
    FirstLogIn,
}

#[derive(Debug, PartialEq)]
enum Expected {
    Unauthenticated,
    Forbidden,
    NotFound,
    /// Anything but these.
    Passes,
}

impl Caller {
    fn nobody(name: &'static str, person: Person) -> Self {
        let (roles, scopes) = (vec![], vec![]);
        Self { person, name, standing: Standing::NobodyKnown, roles, unit: None, supervisor: None, scopes }
    }

    async fn client(world: &World, name: &'static str, scopes: &[Scope]) -> Self {
        let person = world.machine(name, scopes).await;
        Self { standing: Standing::Client, scopes: scopes.to_vec(), ..Self::nobody(name, person) }
    }

    fn of(name: &'static str, person: Person) -> Self {
        let roles = person.roles().to_vec();
        let unit = roles.contains(&Role::Unit).then(|| person.unit_id());
        let supervisor = roles.contains(&Role::Supervisor).then(|| person.supervisor_id());
        Self { person, name, standing: Standing::LoggedIn, roles, unit, supervisor, scopes: vec![] }
    }

    /// The reaches that the policy gives them.
    fn reaches(&self, operation: Operation) -> Vec<Reach> {
        let given = |grant: &Grant| match grant.who {
            Who::Public => true,
            Who::LoggedIn => !matches!(self.standing, Standing::NobodyKnown | Standing::Client),
            Who::Role(role) => self.roles.contains(&role),
            Who::Scope(scope) => self.scopes.contains(&scope),
        };
        rule(operation).into_iter().filter(given).map(|grant| grant.reach).collect()
    }

    /// What they are to be answered, for a thing or for none that is there.
    fn expects(&self, operation: Operation, thing: Option<&Thing>) -> Expected {
        let reaches = self.reaches(operation);
        let open = rule(operation).iter().any(|grant| grant.who == Who::Public);
        let first = open_before_duties(operation);
        if reaches.is_empty() {
            let known = self.standing != Standing::NobodyKnown;
            return if known { Expected::Forbidden } else { Expected::Unauthenticated };
        }
        if self.standing == Standing::FirstLogIn && !open && !first {
            return Expected::Forbidden;
        }
        match thing {
            Some(thing) if reaches.iter().any(|reach| thing.within(*reach, self.unit, self.supervisor)) => {
                Expected::Passes
            }
            Some(_) | None => Expected::NotFound,
        }
    }
}

async fn everyone(world: &World) -> Vec<Caller> {
    let keeper = world.security_admin().await;
    let office = world.office().await;
    let again = async |person: &Person| {
        world.log_in(person.username(), PASSWORD).await.expect(200).text_at("/access_token")
    };
    let over = again(&office).await;
    world.move_clock(&world.now().plus_seconds(ACCESS_SECONDS).to_string()).await;
    let ended = again(&office).await;
    world.bearer(&ended).post("/auth/logout").await.expect(204);
    let leaver = world.person("leaver", &[Role::Office]).await;
    let disabled = again(&leaver).await;
    keeper.act(&format!("/users/{}/disable", leaver.user_id()), json!(null)).await.expect(200);
    let forge = Forge::of(world, office.username()).await;
    let foreign = forge.signed_by_another(|_| forge.head());
    let newcomer = Caller::of("with the password given", world.newcomer("newcomer", &[Role::Office]).await);
    let newcomer = Caller { standing: Standing::FirstLogIn, ..newcomer };
    vec![
        Caller::nobody("without a token", world.public()),
        Caller::nobody("with a bad token", world.bearer("bad")),
        Caller::nobody("with a token that is over", world.bearer(&over)),
        Caller::nobody("with a token of an ended session", world.bearer(&ended)),
        Caller::nobody("with a token of a disabled account", world.bearer(&disabled)),
        Caller::nobody("with a token of another key", world.bearer(&foreign)),
        newcomer,
        Caller::of("unit", world.unit(UNIT).await),
        Caller::of("supervisor", world.supervisor(ONE).await),
        Caller::of("office", world.office().await),
        Caller::of("approver", world.approver().await),
        Caller::of("auditor", world.auditor().await),
        Caller::of("admin", world.admin().await),
        Caller::of("security_admin", keeper),
        Caller::client(world, "a client with every scope", &Scope::iter().collect::<Vec<_>>()).await,
        Caller::client(world, "a client that reads awards", &[Scope::AwardsRead]).await,
    ]
}

/// What an answer tells, but for the time, and what it repeats of the request.
fn told(reply: &Reply) -> String {
    const OF_THE_REQUEST: [&str; 3] = ["date", "x-request-id", "content-length"];
    let mut headers: Vec<String> = reply
        .headers
        .iter()
        .filter(|(name, _)| !OF_THE_REQUEST.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    let mut body = reply.body.clone();
    for member in ["request_id", "instance"] {
        body.as_object_mut().and_then(|members| members.shift_remove(member));
    }
    format!("{} {} {body}", reply.status, headers.join(", "))
}

/// The page that people review: every answer that was found, one sign each.
struct Page {
    head: String,
    rows: String,
    calls: usize,
}

impl Page {
    fn of(scene: &Scene, callers: &[Caller]) -> Self {
        let mut head = "# Who was answered what\n\nGenerated by `tests/suite/matrix.rs`; do not edit.\n\nEvery operation was called by \
            everyone below on everything below. A cell has one sign for each thing of the kind in the row's second column, in the order \
            of the list, and a last one for what is not there: `+` let through to the operation, `0` not there for them (404), `x` not \
            theirs to do (403), `!` not logged in (401). Where it leads to no thing, the one sign is for the whole.\n\n## Things\n\n"
            .to_owned();
        let mut keys: Vec<&str> = Vec::new();
        for thing in &scene.things {
            if !keys.contains(&thing.key) {
                keys.push(thing.key);
            }
        }
        for key in keys {
            let names = scene.things.iter().filter(|thing| thing.key == key);
            let names: Vec<&str> = names.map(|thing| thing.name.as_str()).collect();
            head += &format!("- `{key}`: {}\n", names.join("; "));
        }
        let names: Vec<&str> = callers.iter().map(|caller| caller.name).collect();
        head += &format!("\n## Answers\n\n| operation | of | {} |\n", names.join(" | "));
        head += &format!("| --- | --- |{}\n", " --- |".repeat(callers.len()));
        Self { head, rows: String::new(), calls: 0 }
    }

    fn begin(&mut self, operation: Operation, key: Option<&str>) {
        let start = if self.rows.is_empty() { "" } else { "\n" };
        let key = key.map_or_else(String::new, |key| format!("`{key}`"));
        self.rows += &format!("{start}| `{operation}` | {key} |");
    }

    fn cell(&mut self, signs: &str) {
        self.calls += signs.len();
        self.rows += &format!(" `{signs}` |");
    }

    fn whole(&self) -> String {
        format!("{}{}\n\n{} calls.\n", self.head, self.rows, self.calls)
    }
}

impl Expected {
    fn sign(&self) -> char {
        match self {
            Self::Unauthenticated => '!',
            Self::Forbidden => 'x',
            Self::NotFound => '0',
            Self::Passes => '+',
        }
    }
}

fn parameters(template: &str) -> Vec<&str> {
    template.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect()
}

/// The path to a thing; with another name in its own place where it is to be one that is not there.
fn path(template: &str, thing: &Thing, there: bool) -> String {
    let last = parameters(template).last().copied().unwrap_or_default().to_owned();
    let mut path = template.to_owned();
    for (name, value) in &thing.params {
        let absent = match *name {
            "year" => "1999".to_owned(),
            name if name.ends_with("_id") => Uuid::new_v4().to_string(),
            _ => "nothing".to_owned(),
        };
        path = path.replace(&format!("{{{name}}}"), if *name == last && !there { &absent } else { value });
    }
    path
}

/// The things that an operation can be called on.
fn things<'a>(stated: &Stated, scene: &'a Scene) -> Vec<&'a Thing> {
    let wanted = parameters(&stated.template);
    let Some(last) = wanted.last() else { return vec![] };
    let fits = |thing: &&Thing| {
        let named = thing.key == *last && wanted.iter().all(|name| thing.param(name).is_some());
        // Not everything stands in a ranking, and who is evaluated fills in no form.
        let ranked = thing.ranked || thing.key != "application_id" || !stated.template.contains("/ranking");
        let declares =
            thing.param("category_code") != Some(SUPERVISOR) || !stated.template.ends_with("/form");
        named && ranked && declares
    };
    let found: Vec<&Thing> = scene.things.iter().filter(fits).collect();
    assert!(!found.is_empty(), "{} leads to {last}, of which the scene has none: add one", stated.id);
    found
}

/// Whether an operation takes a header.
fn takes(stated: &Stated, header: &str) -> bool {
    let parameters = stated.stated["parameters"].as_array().into_iter().flatten();
    parameters.into_iter().any(|parameter| parameter["in"] == "header" && parameter["name"] == header)
}

/// Somebody and something on which they may call an operation.
fn within_reach<'a>(stated: &Stated, scene: &'a Scene, callers: &'a [Caller]) -> (&'a Caller, &'a Thing) {
    let operation: Operation = stated.id.parse().unwrap();
    let things = things(stated, scene);
    let pairs = callers.iter().flat_map(|caller| things.iter().map(move |thing| (caller, *thing)));
    let mut able = pairs.filter(|(caller, thing)| caller.expects(operation, Some(thing)) == Expected::Passes);
    able.next().unwrap_or_else(|| panic!("{operation} is within nobody's reach"))
}

both! {
    async fn d_901_everyone_may_do_what_the_policy_says_and_nothing_else(world: World) {
        let scene = scene::set(&world).await;
        let callers = everyone(&world).await;
        let mut faults = Vec::new();
        let mut page = Page::of(&scene, &callers);
        let mut fields = Fields::default();
        for stated in operations() {
            let operation: Operation = stated.id.parse().unwrap();
            let method: Method = stated.method.parse().unwrap();
            page.begin(operation, things(stated, &scene).first().map(|thing| thing.key));
            for caller in &callers {
                let mut cell = String::new();
                let mut call = async |path: String, what: &str, expected: Expected| {
                    let reply = caller.person.request(method.clone(), &path).await;
                    if operation == Operation::Logout {
                        caller.person.forget();
                    }
                    let found = match (reply.status, reply.code()) {
                        // Credentials that are wrong are not a missing log-in.
                        (401, "unauthenticated") => Expected::Unauthenticated,
                        (403, _) => Expected::Forbidden,
                        // Where a path names nothing, it is the caller's own that is not there.
                        (404, _) if stated.template.contains('{') => Expected::NotFound,
                        // The client names what it puts: whether another's is there is not told.
                        (428, _) if method == Method::PUT && expected == Expected::NotFound => Expected::NotFound,
                        (_, _) => Expected::Passes,
                    };
                    if found != expected {
                        faults.push(format!(
                            "{operation} {} on {what}: {} {}, expected {expected:?}",
                            caller.name, reply.status, reply.code()
                        ));
                    }
                    cell.push(found.sign());
                    if method == Method::GET && reply.status == 200 && stated.template.starts_with("/api/v1/") {
                        fields.note(operation.code(), what, caller.name, &reply.body);
                    }
                    reply
                };
                let things = things(stated, &scene);
                let mut out_of_reach = Vec::new();
                for thing in &things {
                    let expected = caller.expects(operation, Some(thing));
                    let hidden = expected == Expected::NotFound;
                    let reply = call(path(&stated.template, thing, true), &thing.name, expected).await;
                    out_of_reach.extend(hidden.then(|| (&thing.name, told(&reply))));
                }
                match things.first() {
                    Some(thing) => {
                        let expected = caller.expects(operation, None);
                        let reply = call(path(&stated.template, thing, false), "what is not there", expected).await;
                        // S-02: what is out of reach answers as what is not there, to the letter.
                        let not_there = told(&reply);
                        let told_apart = out_of_reach.into_iter().filter(|(_, told)| *told != not_there);
                        faults.extend(told_apart.map(|(name, told)| format!(
                            "{operation} {}: {name} is told from what is not there:\n{told}\n{not_there}",
                            caller.name
                        )));
                    }
                    None => {
                        let reaches = caller.reaches(operation);
                        let expected = caller.expects(operation, None);
                        let all = expected == Expected::NotFound && !reaches.is_empty();
                        let expected = if all { Expected::Passes } else { expected };
                        call(stated.template.clone(), "all", expected).await;
                    }
                }
                page.cell(&cell);
            }
        }
        assert!(faults.is_empty(), "{} of {} calls:\n{}", faults.len(), page.calls, faults.join("\n"));
        pages::compare("docs/access-matrix.md", &page.whole());
        // S-03: who is shown what, and what is masked.
        pages::compare("docs/field-matrix.md", &fields.page());
    }

    async fn d_903_lists_hold_what_is_within_reach_and_nothing_else(world: World) {
        let scene = scene::set(&world).await;
        let callers = everyone(&world).await;
        let supervisor = world.supervisor(ONE).await.supervisor_id();
        let (accepting, verifying, selecting) = (scene.accepting, scene.verifying, scene.selecting);
        let lists = [
            (Operation::ListUsers, "/users".to_owned(), "user_id", "id"),
            (Operation::ListUnits, "/units".to_owned(), "unit_id", "id"),
            (Operation::ListSupervisors, "/supervisors".to_owned(), "supervisor_id", "id"),
            (Operation::ListCampaigns, "/campaigns".to_owned(), "campaign_id", "id"),
            (Operation::ListExtensions, format!("/campaigns/{accepting}/extensions"), "extension_id", "id"),
            (Operation::ListApplications, "/applications".to_owned(), "application_id", "id"),
            (Operation::ListAssignments, format!("/campaigns/{verifying}/assignments"), "assignment_id", "id"),
            (Operation::ListRecusals, format!("/campaigns/{verifying}/recusals"), "recusal_id", "id"),
            (Operation::ListThematicActivities, "/thematic-activities".to_owned(), "activity_id", "id"),
            (Operation::ListSiteVisits, format!("/campaigns/{verifying}/site-visits"), "site_visit_id", "id"),
            (Operation::ListDutyRecords, format!("/supervisors/{supervisor}/duty-records"), "duty_record_id", "id"),
            (Operation::ListShortlists, format!("/campaigns/{selecting}/shortlists"), "shortlist_id", "id"),
            (Operation::ListVettingRequests, format!("/campaigns/{selecting}/vetting-requests"), "request_id", "id"),
            (Operation::ListVetoes, "/vetoes".to_owned(), "veto_id", "id"),
            (Operation::ListObjections, "/objections".to_owned(), "objection_id", "id"),
            (Operation::ListAwards, "/awards".to_owned(), "award_id", "id"),
            (Operation::ListPublicNotices, "/public/notices".to_owned(), "notice_id", "id"),
            (Operation::ListPublicAwards, "/public/awards".to_owned(), "certificate_number", "certificate_number"),
        ];
        for (operation, list, key, member) in &lists {
            for caller in &callers {
                if caller.expects(*operation, None) != Expected::NotFound {
                    continue;
                }
                let reply = caller.person.get(&format!("{list}?limit=100&include=total")).await.expect(200);
                let listed: BTreeSet<String> = reply.column(member).into_iter().collect();
                assert_eq!(reply.at("/total"), listed.len(), "the total counts what is listed");
                for thing in scene.things.iter().filter(|thing| thing.key == *key) {
                    // Of records only one supervisor's are listed.
                    let here = *key != "duty_record_id" || thing.supervisor == Some(supervisor);
                    let wanted = here && caller.expects(*operation, Some(thing)) == Expected::Passes;
                    assert_eq!(listed.contains(thing.id()), wanted, "{operation} {}: {}", caller.name, thing.name);
                }
            }
        }
    }

    async fn every_change_of_a_versioned_thing_names_its_version(world: World) {
        let scene = scene::set(&world).await;
        let callers = everyone(&world).await;
        let mut operations_seen = 0;
        for stated in operations().iter().filter(|stated| takes(stated, "If-Match")) {
            let operation: Operation = stated.id.parse().unwrap();
            if operation == Operation::CancelJob {
                // A job is whoever's asked for it, and nobody's here.
                continue;
            }
            let (caller, thing) = within_reach(stated, &scene, &callers);
            let path = path(&stated.template, thing, true);
            let send = async |header: Option<(&str, &str)>| {
                let request = caller.person.request(stated.method.parse().unwrap(), &path);
                match header {
                    Some((name, value)) => request.header(name, value).await,
                    None => request.await,
                }
            };
            send(None).await.refused(428, "precondition_required");
            for stale in ["\"0\"", "\"99999.0000000000000000\"", "nonsense"] {
                send(Some(("if-match", stale))).await.refused(412, "precondition_failed");
            }
            if stated.method == "PUT" {
                let reply = send(Some(("if-none-match", "*"))).await;
                if takes(stated, "If-None-Match") {
                    reply.refused(412, "already_exists");
                } else {
                    reply.refused(428, "precondition_required");
                }
            }
            if operation.is_decision() {
                send(Some(("if-match", "*"))).await.refused(428, "wildcard_refused");
            }
            operations_seen += 1;
        }
        assert!(operations_seen > 20, "{operations_seen} operations");
    }

    async fn every_body_is_refused_that_is_not_what_its_operation_takes(world: World) {
        let scene = scene::set(&world).await;
        let callers = everyone(&world).await;
        for stated in operations().iter().filter(|stated| stated.stated.get("requestBody").is_some()) {
            let operation: Operation = stated.id.parse().unwrap();
            let method: Method = stated.method.parse().unwrap();
            let (caller, path) = if parameters(&stated.template).is_empty() {
                let able = callers.iter().find(|caller| caller.expects(operation, None) == Expected::NotFound);
                (able.unwrap(), stated.template.clone())
            } else {
                let (caller, thing) = within_reach(stated, &scene, &callers);
                (caller, path(&stated.template, thing, true))
            };
            let etag = if !takes(stated, "If-Match") {
                None
            } else if operation.is_decision() {
                let (resource, _) = path.rsplit_once('/').unwrap();
                Some(caller.person.etag_of(resource).await)
            } else {
                Some("*".to_owned())
            };
            let send = async |media_type: &str, body: &str| {
                let request = caller.person.request(method.clone(), &path).body(media_type, body);
                match &etag {
                    Some(etag) => request.if_match(etag).await,
                    None => request.await,
                }
            };
            let content = stated.stated["requestBody"]["content"].as_object().unwrap();
            if matches!(
                operation,
                Operation::IssueToken | Operation::ResumeUpload | Operation::CreateImport
            ) {
                // A form of a standard, which says what is refused; bytes, of which none is wrong by itself; and a form that is read
                // part by part.
                continue;
            }
            let media_type = content.keys().next().unwrap();
            send("text/plain", "{}").await.refused(415, "unsupported_media_type");
            send(media_type, "{").await.refused(400, "malformed_json");
            send(media_type, "7").await.invalid(&[("", "wrong_type")]);
            let reply = send(media_type, "{\"no_such_member\": 1, \"id\": 2}").await.refused(422, "validation_failed");
            for member in ["/no_such_member", "/id"] {
                let fault = (member.to_owned(), "unknown_member".to_owned());
                assert!(reply.faults().contains(&fault), "{reply}\nnames {member}");
            }
        }
    }
}

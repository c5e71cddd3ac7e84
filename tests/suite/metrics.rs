//! Figures for Prometheus: they can be read, they count what happens, and they name nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use pingxuan_api::metrics::FAMILIES;
use pingxuan_api::metrics::listening::listen;
use pingxuan_domain::Operation;
use pingxuan_tests::story::INDIVIDUAL;
use pingxuan_tests::{World, both};
use strum::IntoEnumIterator;

/// A name with its labels, as they are written.
type Series = (String, Vec<(String, String)>);
type Figures = BTreeMap<Series, f64>;

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap()
}

/// What is scraped, read as strictly as Prometheus reads it.
async fn scraped(world: &World) -> Figures {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let (address, server) = listen(Arc::new(world.app().clone()), any).unwrap();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let answer = client().get(format!("http://{address}/metrics")).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text().await.unwrap();
    handle.stop(true).await;
    read(&text)
}

fn read(text: &str) -> Figures {
    let (mut figures, mut kinds) = (Figures::new(), BTreeMap::new());
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(said) = line.strip_prefix("# ") {
            let mut words = said.splitn(3, ' ');
            let (what, name, rest) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
            match what {
                "TYPE" => assert!(kinds.insert(name.to_owned(), rest.to_owned()).is_none(), "{name} twice"),
                other => assert_eq!(other, "HELP"),
            }
            continue;
        }
        let (series, figure) = line.rsplit_once(' ').unwrap();
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        let labels = labels.strip_suffix('}').unwrap();
        let labels = labels.split(',').filter(|label| !label.is_empty()).map(|label| {
            let (name, value) = label.split_once('=').unwrap();
            let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap();
            (name.to_owned(), value.to_owned())
        });
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|part| name.strip_suffix(part));
        let family = family.filter(|family| kinds.get(*family).is_some_and(|kind| kind == "histogram"));
        assert!(kinds.contains_key(family.unwrap_or(name)), "{name} is of no family");
        let figure: f64 = figure.parse().unwrap();
        let before = figures.insert((name.to_owned(), labels.collect()), figure);
        assert_eq!(before, None, "{line} stands twice");
    }
    let told: BTreeSet<&str> = kinds.keys().map(String::as_str).collect();
    let known: BTreeSet<&str> = FAMILIES.iter().map(|family| family.name).collect();
    assert_eq!(told, known);
    for family in FAMILIES {
        assert_eq!(kinds[family.name], family.kind.to_string());
        assert_eq!(family.kind.to_string() == "counter", family.name.ends_with("_total"), "{}", family.name);
    }
    figures
}

fn figure(figures: &Figures, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    figures.get(&(name.to_owned(), labels)).copied()
}

both! {
    async fn what_happens_is_counted(world: World) {
        let campaign = world.accepting_campaign().await;
        world.submitted(campaign, "江背镇", INDIVIDUAL).await;
        world.office().await.get("/campaigns").await.expect(200);
        for _ in 0..3 {
            world.public().get("/users").await.expect(401);
        }
        world.public().get("/nowhere").await.expect(404);
        let figures = scraped(&world).await;
        let requests = |operation: &str, caller: &str, status: &str| {
            let labels = [("operation", operation), ("caller", caller), ("status", status)];
            figure(&figures, "pingxuan_http_requests_total", &labels)
        };
        assert_eq!(requests("list_users", "public", "4xx"), Some(3.0));
        assert!(requests("list_campaigns", "user", "2xx") >= Some(1.0));
        assert!(requests("none", "public", "4xx").is_some());
        let took = [("operation", "list_users")];
        assert_eq!(figure(&figures, "pingxuan_http_request_duration_seconds_count", &took), Some(3.0));
        assert_eq!(figure(&figures, "pingxuan_http_requests_in_flight", &[]), Some(0.0));
        assert_eq!(figure(&figures, "pingxuan_database_up", &[]), Some(1.0));
        assert_eq!(figure(&figures, "pingxuan_applications", &[("state", "submitted")]), Some(1.0));
        assert!(figure(&figures, "pingxuan_audit_events", &[("outcome", "done")]) > Some(1.0));
        assert!(figure(&figures, "pingxuan_database_statements_total", &[("outcome", "done")]) > Some(10.0));
        assert!(figure(&figures, "pingxuan_database_transactions_total", &[]) > Some(1.0));
    }

    async fn labels_are_few_and_name_nobody(world: World) {
        let campaign = world.accepting_campaign().await;
        world.submitted(campaign, "江背镇", INDIVIDUAL).await;
        world.public().get("/nowhere/%22%0A").await;
        let codes: BTreeSet<&str> = Operation::iter().map(Operation::code).chain(["none"]).collect();
        for (name, labels) in scraped(&world).await.into_keys() {
            for (label, value) in labels {
                let few = value.len() <= 40 && !value.contains('-') && value.is_ascii();
                assert!(few, "{name}: {label} is {value}");
                assert!(label != "operation" || codes.contains(value.as_str()), "{value}");
            }
        }
    }

    async fn buckets_grow_to_the_count(world: World) {
        world.public().get("/users").await.expect(401);
        let figures = scraped(&world).await;
        let bucket = |((name, labels), figure): (&Series, &f64)| {
            let of = labels.contains(&("operation".into(), "list_users".into()));
            let bound = labels.iter().find(|(label, _)| label == "le")?.1.replace("+Inf", "inf");
            (name.ends_with("_bucket") && of).then(|| (bound.parse::<f64>().unwrap(), *figure))
        };
        let mut buckets: Vec<(f64, f64)> = figures.iter().filter_map(bucket).collect();
        buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
        assert!(buckets.len() > 5 && buckets.is_sorted_by(|one, other| one.1 <= other.1), "{buckets:?}");
        assert_eq!(buckets.last(), Some(&(f64::INFINITY, 1.0)));
    }

    async fn figures_have_an_address_of_their_own(world: World) {
        let answer = client().get(format!("http://{}/metrics", world.address())).send().await.unwrap();
        assert_eq!(answer.status(), 404);
    }
}

/// Dashboard and alert rules name figures that there are, and the dashboard shows all of them.
#[test]
fn dashboard_and_alerts_name_what_is_scraped() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/grafana");
    let known: BTreeSet<&str> = FAMILIES.iter().map(|family| family.name).collect();
    let named = |file: &str| {
        let text = std::fs::read_to_string(format!("{folder}/{file}")).unwrap();
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        let names = words.filter(|word| word.starts_with("pingxuan_"));
        names.map(|name| name.strip_suffix("_bucket").unwrap_or(name).to_owned()).collect::<BTreeSet<_>>()
    };
    for file in ["pingxuan.json", "alerts.yaml"] {
        let unknown: Vec<String> =
            named(file).into_iter().filter(|name| !known.contains(name.as_str())).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
    let shown = named("pingxuan.json");
    let missing: Vec<&&str> = known.iter().filter(|name| !shown.contains(**name)).collect();
    assert!(missing.is_empty(), "no panel shows {missing:?}");
}

//! Spans of requests, as a collector of OpenTelemetry receives them.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::rt::{spawn, time::sleep};
use actix_web::{App, HttpResponse, HttpServer, web};
use pingxuan_api::spans::Spans;
use pingxuan_tests::{World, both};
use serde_json::Value;

type Received = Mutex<Vec<Value>>;

async fn take(received: web::Data<Received>, sent: web::Json<Value>) -> HttpResponse {
    received.lock().unwrap().push(sent.into_inner());
    HttpResponse::Ok().json(serde_json::json!({}))
}

fn free_port() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()
}

/// Starts a collector; answers what it receives.
fn collector(listener: TcpListener) -> Arc<Received> {
    let received = Arc::new(Received::default());
    let shared = web::Data::from(Arc::clone(&received));
    let server = HttpServer::new(move || {
        App::new().app_data(shared.clone()).route("/v1/traces", web::post().to(take))
    });
    spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
    received
}

fn sent_to(place: SocketAddr) -> Spans {
    Spans::sent_to(&format!("http://{place}")).unwrap()
}

fn spans(received: &Received) -> Vec<Value> {
    let documents = received.lock().unwrap().clone();
    let of =
        |document: &Value| document["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap().clone();
    documents.iter().flat_map(of).collect()
}

fn attribute<'a>(span: &'a Value, key: &str) -> Option<&'a Value> {
    let attributes = span["attributes"].as_array()?;
    attributes.iter().find(|attribute| attribute["key"] == key).map(|attribute| &attribute["value"])
}

both! {
    async fn a_collector_receives_a_span_for_each_request(world: World) {
        let listener = free_port();
        let spans_go = sent_to(listener.local_addr().unwrap());
        let received = collector(listener);
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        world.beside_as(|app| app.spans = spans_go, async |other| {
            let shown = other.public().get("/public/awards").header("traceparent", parent).await.expect(200);
            other.public().get("/users").await.expect(401);
            let office = other.office().await;
            office.get("/campaigns").await.expect(200);
            // Whoever began this trace does not record it.
            let quiet = parent.replace("-01", "-00");
            other.public().get("/public/notices").header("traceparent", &quiet).await.expect(200);
            other.public().get("/health/live").await.expect(200);
            for _ in 0..200 {
                if spans(&received).iter().any(|span| span["name"] == "list_campaigns") {
                    break;
                }
                sleep(Duration::from_millis(50)).await;
            }
            let told = shown.header("traceresponse").unwrap().to_owned();
            let spans = spans(&received);
            let named: Vec<&str> = spans.iter().map(|span| span["name"].as_str().unwrap()).collect();
            assert_eq!(named[..2], ["list_public_awards", "list_users"]);
            assert!(!named.contains(&"list_public_notices") && !named.contains(&"liveness"), "{named:?}");
            let asked = spans.last().unwrap();
            assert_eq!(asked["name"], "list_campaigns");
            assert_eq!(attribute(asked, "user.id").unwrap()["stringValue"], office.user_id().to_string());
            assert_eq!(spans[0]["traceId"], "0af7651916cd43dd8448eb211c80319c");
            assert_eq!(spans[0]["parentSpanId"], "b7ad6b7169203331");
            assert_eq!(told.split('-').nth(2), spans[0]["spanId"].as_str());
            assert_eq!(attribute(&spans[0], "http.route").unwrap()["stringValue"], "/api/v1/public/awards");
            assert_eq!(attribute(&spans[1], "http.response.status_code").unwrap()["intValue"], "401");
            assert_eq!((attribute(&spans[1], "user.id"), spans[1].get("parentSpanId")), (None, None));
            let nanos = |member: &str| spans[0][member].as_str().unwrap().parse::<u128>().unwrap();
            assert!(nanos("startTimeUnixNano") < nanos("endTimeUnixNano"));
        })
        .await;
    }

    async fn a_collector_that_is_away_holds_nobody_up_and_receives_later(world: World) {
        // Nobody listens there yet.
        let place = free_port().local_addr().unwrap();
        let kept = sent_to(place);
        let spans_go = kept.clone();
        world.beside_as(|app| app.spans = spans_go, async |other| {
            other.public().get("/public/awards").await.expect(200);
            kept.send().await;
            other.public().get("/public/awards").await.expect(200);
        })
        .await;
        let received = collector(TcpListener::bind(place).unwrap());
        kept.send().await;
        assert_eq!(spans(&received).len(), 2);
        kept.send().await;
        assert_eq!(spans(&received).len(), 2, "nothing is sent twice");
    }
}

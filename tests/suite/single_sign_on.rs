//! Single sign-on: whom the identity provider names is let in, once, in the browser that was sent there; nothing else is believed.

use std::sync::Arc;

use futures_util::future::join_all;
use pingxuan_api::identity::single_sign_on::provider::Provider as Known;
use pingxuan_api::identity::single_sign_on::registration::Registration;
use pingxuan_domain::Role;
use pingxuan_tests::dump::{dump, holds};
use pingxuan_tests::provider::{CLIENT, KIDS, Manner, Provider, signed};
use pingxuan_tests::world::PASSWORD;
use pingxuan_tests::{Reply, World, both};
use reqwest::Url;
use serde_json::{Value, json};

/// A server beside a world's own that knows the provider, with further settings.
async fn signing_on(
    world: &World,
    provider: &Provider,
    settings: &[(&str, &str)],
    story: impl AsyncFnOnce(World),
) {
    let usual = [
        ("oidc_issuer", provider.issuer.as_str()),
        ("oidc_client_id", CLIENT),
        ("public_url", "https://pingxuan.example.org"),
    ];
    let text = |key: &str| {
        let found = settings.iter().chain(&usual).find(|(name, _)| *name == key);
        found.map(|(_, text)| (*text).to_owned())
    };
    let registration = Registration::read(text).unwrap().unwrap();
    let known = Arc::new(Known::new(registration).unwrap());
    world.beside_as(|app| app.single_sign_on = Some(known), story).await;
}

/// A browser that was sent to the provider.
#[derive(Clone)]
struct Browser {
    world: World,
    cookie: String,
    state: String,
    nonce: String,
    challenge: String,
}

async fn begin(world: &World) -> Browser {
    let reply = world.public().get("/auth/oidc/start").await.expect(303);
    let place = Url::parse(reply.header("location").unwrap()).unwrap();
    let asked = |name: &str| place.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let cookie = reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let world = world.clone();
    Browser {
        world,
        cookie,
        state: asked("state"),
        nonce: asked("nonce"),
        challenge: asked("code_challenge"),
    }
}

impl Browser {
    /// What the provider would say of an account.
    fn claims(&self, provider: &Provider, username: &str) -> Value {
        let now = self.world.now().seconds();
        json!({
            "iss": provider.issuer, "aud": CLIENT, "sub": "0b9d", "preferred_username": username, "nonce": self.nonce,
            "iat": now, "exp": now + 300, "auth_time": now - 5, "name": "钟某",
        })
    }

    /// Comes back with a code for which the provider gives an ID token.
    async fn with(&self, provider: &Provider, id_token: String) -> Reply {
        provider.gives("the-code", &self.challenge, id_token);
        self.back("code=the-code&session_state=3f2a&iss_hint=1").await
    }

    /// Comes back as somebody.
    async fn named(&self, provider: &Provider, username: &str) -> Reply {
        let claims = self.claims(provider, username);
        self.with(provider, signed("EdDSA", &head("EdDSA"), &claims)).await
    }

    /// Comes back with its state and this.
    async fn back(&self, query: &str) -> Reply {
        let place = format!("/auth/oidc/callback?state={}&{query}", self.state);
        self.world.public().get(&place).header("cookie", &format!("other=1; {}", self.cookie)).await
    }
}

fn head(algorithm: &str) -> Value {
    json!({"alg": algorithm, "kid": algorithm, "typ": "JWT"})
}

const FAILED: (u16, &str) = (401, "single_sign_on_failed");

both! {
    async fn s_10_whoever_has_logged_in_at_the_provider_is_let_in(world: World) {
        world.office().await;
        let provider = Provider::start().await;
        signing_on(&world, &provider, &[], async |here| {
            let reply = here.public().get("/auth/oidc/start").await.expect(303);
            let place = Url::parse(reply.header("location").unwrap()).unwrap();
            assert!(place.as_str().starts_with(&format!("{}/authorize?realm=county&response_type=code", provider.issuer)), "{place}");
            for (name, value) in [
                ("client_id", CLIENT), ("scope", "openid profile"), ("code_challenge_method", "S256"),
                ("redirect_uri", "https://pingxuan.example.org/api/v1/auth/oidc/callback"),
            ] {
                assert!(place.query_pairs().any(|pair| pair == (name.into(), value.into())), "{name} in {place}");
            }
            let cookie = reply.header("set-cookie").unwrap();
            for attribute in ["; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/api/v1/auth/oidc", "; Max-Age=600"] {
                assert!(cookie.contains(attribute), "{attribute} in {cookie}");
            }
            for algorithm in KIDS {
                let browser = begin(&here).await;
                let claims = browser.claims(&provider, "office");
                let reply = browser.with(&provider, signed(algorithm, &head(algorithm), &claims)).await.expect(200);
                let me = here.bearer(&reply.text_at("/access_token")).get("/me").await.expect(200);
                assert_eq!(me.at("/username"), "office");
                let body = json!({"refresh_token": reply.text_at("/refresh_token")});
                here.public().post("/auth/refresh").json(body).await.expect(200);
                assert!(reply.header("set-cookie").unwrap().contains("Max-Age=0"));
            }
            // A code and a state are good once.
            let browser = begin(&here).await;
            browser.named(&provider, "office").await.expect(200);
            browser.named(&provider, "office").await.refused(FAILED.0, FAILED.1);
            // What the provider publishes is kept.
            assert_eq!((provider.asked("discovery"), provider.asked("keys")), (1, 1));
        }).await;
    }

    async fn s_10_a_log_in_ends_where_it_began_within_ten_minutes(world: World) {
        world.office().await;
        let provider = Provider::start().await;
        signing_on(&world, &provider, &[], async |here| {
            let (one, two) = (begin(&here).await, begin(&here).await);
            for cookie in [two.cookie.as_str(), "pingxuan_oidc=", "other=1"] {
                let one = begin(&here).await;
                let stolen = Browser { cookie: cookie.to_owned(), ..one.clone() };
                stolen.named(&provider, "office").await.refused(FAILED.0, FAILED.1);
                // It is used up, also for the browser in which it began.
                one.named(&provider, "office").await.refused(FAILED.0, FAILED.1);
            }
            let made_up = Browser { state: "os_made_up".to_owned(), ..one.clone() };
            made_up.named(&provider, "office").await.refused(FAILED.0, FAILED.1);
            here.public().get("/auth/oidc/callback").await.refused(FAILED.0, FAILED.1);
            here.public().get("/auth/oidc/callback?state=a&state=b").await.refused(400, "invalid_parameter");
            two.named(&provider, "office").await.expect(200);
            assert_eq!(provider.asked("token"), 1, "nothing is asked for a log-in that did not begin here");

            here.move_clock("2022-11-07T09:10:00+08:00").await;
            one.named(&provider, "office").await.refused(FAILED.0, FAILED.1);
            let dumped = dump(here.database_url()).await;
            assert!(!dumped.contains("oidc_logins: "), "what is past its time is forgotten");
        }).await;
    }

    async fn s_10_of_many_that_come_back_at_once_one_is_let_in(world: World) {
        world.office().await;
        let provider = Provider::start().await;
        signing_on(&world, &provider, &[], async |here| {
            let browser = begin(&here).await;
            let answers = join_all((0..8).map(|_| browser.named(&provider, "office"))).await;
            assert_eq!(answers.iter().filter(|reply| reply.status == 200).count(), 1);
            assert_eq!(provider.asked("token"), 1);
        }).await;
    }

    async fn s_10_no_id_token_but_the_providers_own_for_this_log_in_is_believed(world: World) {
        world.office().await;
        let provider = Provider::start().await;
        signing_on(&world, &provider, &[], async |here| {
            let now = here.now().seconds();
            let other = begin(&here).await;
            let claims = [
                json!({"nonce": other.nonce}), json!({"nonce": null}), json!({"nonce": ""}),
                json!({"aud": "another"}), json!({"aud": []}), json!({"aud": null}),
                json!({"aud": [CLIENT, "another"]}), json!({"aud": [CLIENT, "another"], "azp": "another"}),
                json!({"azp": "another"}),
                json!({"iss": "https://sso.example.org"}), json!({"iss": format!("{}/", provider.issuer)}), json!({"iss": null}),
                json!({"exp": now - 60}), json!({"exp": null}), json!({"exp": "soon"}),
                json!({"iat": now + 61}), json!({"iat": null}), json!({"nbf": now + 61}),
                json!({"preferred_username": null}), json!({"preferred_username": ""}), json!({"preferred_username": ["office"]}),
            ];
            for other in claims {
                let browser = begin(&here).await;
                let mut claims = browser.claims(&provider, "office");
                json_patch::merge(&mut claims, &other);
                let reply = browser.with(&provider, signed("EdDSA", &head("EdDSA"), &claims)).await;
                assert_eq!((reply.status, reply.code()), FAILED, "{other}");
            }
            // The key and the head do not fit: no algorithm, the published key as a secret, another kind of key, a key that nobody knows.
            let heads = [
                ("none", json!({"alg": "none"})), ("none", json!({"alg": "none", "kid": "EdDSA"})), ("none", head("EdDSA")),
                ("HS256", json!({"alg": "HS256", "kid": "EdDSA"})), ("HS256", json!({"alg": "HS256", "kid": "shared"})),
                ("ES256", json!({"alg": "ES256", "kid": "EdDSA"})), ("EdDSA", json!({"alg": "ES256", "kid": "ES256"})),
                ("RS256", json!({"alg": "PS256", "kid": "RS256"})), ("RS256", json!({"alg": "RS512", "kid": "RS256"})),
                ("EdDSA", json!({"alg": "EdDSA", "kid": "unknown"})), ("EdDSA", json!({"alg": "EdDSA"})),
                ("EdDSA", json!({"alg": "EdDSA", "kid": "EdDSA", "crit": ["b64"], "b64": true})),
            ];
            for (algorithm, head) in heads {
                let browser = begin(&here).await;
                let claims = browser.claims(&provider, "office");
                let reply = browser.with(&provider, signed(algorithm, &head, &claims)).await;
                assert_eq!((reply.status, reply.code()), FAILED, "{algorithm} {head}");
            }
            for broken in ["", "a.b", "a.b.c", "e30.e30.e30"] {
                begin(&here).await.with(&provider, broken.to_owned()).await.refused(FAILED.0, FAILED.1);
            }
            // What is right at the edge, and several audiences with this service as the authorised party.
            for right in [
                json!({"exp": now - 59}), json!({"iat": now + 60}), json!({"aud": [CLIENT]}),
                json!({"aud": ["another", CLIENT], "azp": CLIENT}),
            ] {
                let browser = begin(&here).await;
                let mut claims = browser.claims(&provider, "office");
                json_patch::merge(&mut claims, &right);
                let reply = browser.with(&provider, signed("EdDSA", &head("EdDSA"), &claims)).await;
                assert_eq!(reply.status, 200, "{right}");
            }
            // The answer of another provider is not taken to this one (RFC 9207).
            let browser = begin(&here).await;
            browser.back("code=the-code&iss=https%3A%2F%2Fsso.example.org").await.refused(FAILED.0, FAILED.1);
        }).await;
    }

    async fn s_10_a_new_key_of_the_provider_is_asked_for_once_a_minute_at_most(world: World) {
        world.office().await;
        let provider = Provider::start().await;
        provider.hides("ES256", true);
        signing_on(&world, &provider, &[], async |here| {
            let come = async || {
                let browser = begin(&here).await;
                let claims = browser.claims(&provider, "office");
                browser.with(&provider, signed("ES256", &head("ES256"), &claims)).await
            };
            come().await.refused(FAILED.0, FAILED.1);
            provider.hides("ES256", false);
            come().await.refused(FAILED.0, FAILED.1);
            assert_eq!(provider.asked("keys"), 1);
            here.move_clock("2022-11-07T09:01:00+08:00").await;
            come().await.expect(200);
            assert_eq!((provider.asked("keys"), provider.asked("discovery")), (2, 1));
            here.move_clock("2022-11-07T09:11:00+08:00").await;
            come().await.expect(200);
            assert_eq!((provider.asked("keys"), provider.asked("discovery")), (3, 2));
        }).await;
    }

    async fn s_10_accounts_are_found_and_never_made(world: World) {
        let office = world.office().await;
        let keeper = world.security_admin().await;
        world.person("leaver", &[Role::Auditor]).await;
        let leaver = keeper.get("/users?limit=100").await.expect(200);
        let leaver = leaver.items().iter().find(|user| user["username"] == "leaver").unwrap()["id"].as_str().unwrap().to_owned();
        keeper.act(&format!("/users/{leaver}/disable"), Value::Null).await.expect(200);
        let provider = Provider::start().await;
        signing_on(&world, &provider, &[("oidc_claim", "employee_number")], async |here| {
            let come = async |claims: Value| {
                let browser = begin(&here).await;
                let mut all = browser.claims(&provider, "office");
                json_patch::merge(&mut all, &claims);
                browser.with(&provider, signed("EdDSA", &head("EdDSA"), &all)).await
            };
            let unknown = come(json!({"employee_number": "nobody"})).await.refused(FAILED.0, FAILED.1);
            let closed = come(json!({"employee_number": "leaver"})).await.refused(FAILED.0, FAILED.1);
            assert_eq!(unknown.at("/detail"), closed.at("/detail"));
            come(json!({})).await.refused(FAILED.0, FAILED.1);
            come(json!({"employee_number": "office"})).await.expect(200);
            begin(&here).await.back("error=access_denied&error_description=No&error_uri=x").await.refused(FAILED.0, FAILED.1);
            let auditor = world.auditor().await;
            let failed = auditor.get("/audit-events?operation=oidc_callback&outcome=failed&limit=100").await.expect(200);
            assert_eq!(failed.items().len(), 4, "{failed}");
            assert!(!failed.text.contains("nobody"), "what was named is not kept");
            let done = auditor.get("/audit-events?operation=oidc_callback&outcome=done").await.expect(200);
            assert!(done.text.contains(&office.user_id().to_string()), "{done}");
        }).await;
    }

    async fn s_18_single_sign_on_waits_for_the_second_factor(world: World) {
        world.office().await;
        let code = enrolled(&world).await;
        let provider = Provider::start().await;
        signing_on(&world, &provider, &[], async |here| {
            let waiting = begin(&here).await.named(&provider, "office").await.expect(202);
            assert_eq!(waiting.body.get("access_token"), None);
            let shown = json!({"pending_token": waiting.text_at("/pending_token"), "code": code});
            let reply = here.public().post("/auth/second-factor").json(shown).await.expect(200);
            here.bearer(&reply.text_at("/access_token")).get("/me").await.expect(200);
        }).await;
        signing_on(&world, &provider, &[("oidc_return_url", "https://pages.example.org/in")], async |here| {
            let back = begin(&here).await.named(&provider, "office").await.expect(303);
            assert!(back.header("location").unwrap().starts_with("https://pages.example.org/in#pending_token=pl_"), "{back}");
        }).await;
    }

    async fn s_10_a_page_of_the_front_end_is_returned_to(world: World) {
        world.office().await;
        let provider = Provider::start().await;
        provider.wants("a%2Fsecret%3A+1");
        let settings = [("oidc_return_url", "https://pages.example.org/in?from=sso"), ("oidc_client_secret", "a/secret: 1")];
        signing_on(&world, &provider, &settings, async |here| {
            let at = |reply: &Reply| reply.header("location").unwrap().to_owned();
            let back = begin(&here).await.named(&provider, "office").await.expect(303);
            let token = at(&back).strip_prefix("https://pages.example.org/in?from=sso#refresh_token=").unwrap().to_owned();
            assert_eq!(back.header("cache-control"), Some("no-store"));
            let renewed = here.public().post("/auth/refresh").json(json!({"refresh_token": token})).await.expect(200);
            here.bearer(&renewed.text_at("/access_token")).get("/me").await.expect(200);
            here.public().post("/auth/refresh").json(json!({"refresh_token": token})).await.refused(401, "refresh_token_reused");

            let failed = "https://pages.example.org/in?from=sso#error=single_sign_on_failed";
            assert_eq!(at(&begin(&here).await.named(&provider, "nobody").await.expect(303)), failed);
            assert_eq!(at(&begin(&here).await.back("error=access_denied").await.expect(303)), failed);
            let away = begin(&here).await.back("error=temporarily_unavailable").await.expect(303);
            assert_eq!(at(&away), "https://pages.example.org/in?from=sso#error=single_sign_on_away");
        }).await;
    }

    async fn s_10_a_provider_that_is_away_is_said_to_be_so(world: World) {
        world.office().await;
        let provider = Provider::start().await;
        let away = |reply: Reply| {
            let reply = reply.refused(503, "single_sign_on_away");
            assert_eq!(reply.header("retry-after"), Some("2"));
        };
        for manner in [Manner::Nonsense, Manner::AsAnother, Manner::Elsewhere, Manner::Endless] {
            provider.speaks(manner);
            signing_on(&world, &provider, &[], async |here| {
                away(here.public().get("/auth/oidc/start").await);
            }).await;
        }
        provider.speaks(Manner::Well);
        signing_on(&world, &provider, &[], async |here| {
            for manner in [Manner::Nonsense, Manner::Elsewhere, Manner::Endless, Manner::Strange] {
                let browser = begin(&here).await;
                provider.speaks(manner);
                away(browser.named(&provider, "office").await);
                provider.speaks(Manner::Well);
            }
            let browser = begin(&here).await;
            provider.speaks(Manner::Forgetful);
            browser.named(&provider, "office").await.refused(FAILED.0, FAILED.1);
            let browser = begin(&here).await;
            provider.stop().await;
            away(browser.named(&provider, "office").await);
        }).await;
    }

    async fn s_10_without_a_provider_there_is_no_single_sign_on(world: World) {
        world.public().get("/auth/oidc/start").await.refused(404, "single_sign_on_off");
        world.public().get("/auth/oidc/callback?code=a&state=b").await.refused(404, "single_sign_on_off");
    }

    async fn s_10_what_a_log_in_waits_with_stands_nowhere_in_clear(world: World) {
        world.office().await;
        let provider = Provider::start().await;
        signing_on(&world, &provider, &[], async |here| {
            let browser = begin(&here).await;
            let dumped = dump(here.database_url()).await;
            assert!(dumped.contains("oidc_logins: "), "it is kept");
            let cookie = browser.cookie.split('=').nth(1).unwrap();
            for canary in [browser.state.as_str(), &browser.nonce, cookie, "ov_"] {
                assert!(!holds(&dumped, canary), "{canary} stands in the database");
            }
        }).await;
    }
}

/// Enrols the office's second factor; one of its recovery codes.
async fn enrolled(world: &World) -> String {
    let reply = world.log_in("office", PASSWORD).await.expect(200);
    let me = world.bearer(&reply.text_at("/access_token"));
    let secret = me.post("/me/totp").await.expect(200).text_at("/secret");
    let code = crate::second_factor::code_at(&secret, world.now().seconds());
    let confirmed = me.post("/me/totp/confirm").json(json!({"code": code})).await.expect(200);
    confirmed.text_at("/recovery_codes/0")
}

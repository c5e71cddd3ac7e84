import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { browser } from "./browser.mjs";
import { provide } from "./provider.mjs";
import { freePort, serve } from "./server.mjs";

const { CERTIFICATE, PINGXUAN } = process.env;
const PASSWORD = "Once-and-for-all-1";

/** Changes a one-time password; answers a token of a log-in with the new one. */
async function first(server, username, once) {
  const logIn = async (password) => {
    const { status, body } = await server.call("POST", "/auth/login", { body: { username, password } });
    assert.equal(status, 200, JSON.stringify(body));
    return body.access_token;
  };
  const body = { current_password: once, new_password: PASSWORD };
  const changed = await server.call("POST", "/me/password", { token: await logIn(once), body });
  assert.equal(changed.status, 204, JSON.stringify(changed.body));
  return logIn(PASSWORD);
}

/** Logs in at the provider's pages, and comes as far as the address that the provider sends the browser back to. */
async function logIn(visitor, server, username) {
  const back = (address) => address.startsWith(`${server.api}/auth/oidc/callback`);
  let { address, answer } = await visitor.follow(`${server.api}/auth/oidc/start`, back);
  for (let pages = 0; answer && pages < 3; pages += 1) {
    assert.equal(answer.status, 200, `${address}: ${answer.status}`);
    const html = await answer.text();
    const fields = html.includes('name="login"') ? { login: username, password: "any" } : {};
    ({ address, answer } = await visitor.send(address, html, fields, back));
  }
  assert.ok(back(address), `the provider sends the browser back, not to ${address}`);
  return address;
}

const CLIENTS = [
  {
    what: "by TLS, a client with a secret, ID tokens signed with RS256",
    tls: true,
    client: { client_id: "pingxuan", client_secret: "a/secret:with+signs %", id_token_signed_response_alg: "RS256" },
  },
  {
    what: "a client with PKCE alone, ID tokens signed with PS256",
    client: { client_id: "pingxuan", token_endpoint_auth_method: "none", id_token_signed_response_alg: "PS256" },
  },
];

for (const { what, tls, client } of CLIENTS) {
  describe(what, () => {
    let provider;
    let server;

    before(async () => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      provider = await provide({ ...client, redirect_uris: [`${url}/api/v1/auth/oidc/callback`] }, tls);
      server = await serve(PINGXUAN, port, {
        PINGXUAN_PUBLIC_URL: url,
        PINGXUAN_OIDC_ISSUER: provider.issuer,
        PINGXUAN_OIDC_CLIENT_ID: client.client_id,
        ...(tls && { SSL_CERT_FILE: CERTIFICATE }),
        ...(client.client_secret && { PINGXUAN_OIDC_CLIENT_SECRET: client.client_secret }),
      });
      const token = await first(server, "security-admin", server.password);
      const body = { username: "zhong", display_name: "县“五型”办 钟某", roles: ["office"] };
      const made = await server.call("POST", "/users", { token, body });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      await first(server, "zhong", made.body.initial_password);
    });

    after(async () => {
      await server?.stop();
      await provider?.stop();
    });

    it("lets in whoever has logged in at the provider, once", async () => {
      const visitor = browser();
      const address = await logIn(visitor, server, "zhong");
      const answer = await visitor.ask(address);
      const tokens = await answer.json();
      assert.equal(answer.status, 200, JSON.stringify(tokens));
      const me = await server.call("GET", "/me", { token: tokens.access_token });
      assert.equal(me.body.username, "zhong", JSON.stringify(me.body));
      const renewed = await server.call("POST", "/auth/refresh", { body: { refresh_token: tokens.refresh_token } });
      assert.equal(renewed.status, 200, JSON.stringify(renewed.body));

      const again = await visitor.ask(address);
      assert.equal(again.status, 401);
      assert.equal((await again.json()).code, "single_sign_on_failed");
    });

    it("lets nobody in whose browser did not begin", async () => {
      const address = await logIn(browser(), server, "zhong");
      const answer = await browser().ask(address);
      assert.equal(answer.status, 401);
      assert.equal((await answer.json()).code, "single_sign_on_failed");
    });

    it("lets nobody in who has no account", async () => {
      const visitor = browser();
      const answer = await visitor.ask(await logIn(visitor, server, "stranger"));
      assert.equal(answer.status, 401);
      assert.equal((await answer.json()).code, "single_sign_on_failed");
      assert.ok(!server.log().includes("stranger"), "whom the provider names is not logged");
    });

    it("redeems no code that the provider did not give", async () => {
      const visitor = browser();
      const address = new URL(await logIn(visitor, server, "zhong"));
      address.searchParams.set("code", "of-nobody");
      const answer = await visitor.ask(address.href);
      assert.equal(answer.status, 401);
      assert.equal((await answer.json()).code, "single_sign_on_failed");
    });
  });
}

describe("a provider that cannot be asked", () => {
  /** Sees to it that the server says so, with the seconds to wait. */
  const isAway = async (issuer) => {
    const port = await freePort();
    const server = await serve(PINGXUAN, port, {
      PINGXUAN_PUBLIC_URL: `http://127.0.0.1:${port}`,
      PINGXUAN_OIDC_ISSUER: issuer,
      PINGXUAN_OIDC_CLIENT_ID: "pingxuan",
    });
    try {
      const answer = await browser().ask(`${server.api}/auth/oidc/start`);
      assert.equal(answer.status, 503);
      assert.ok(Number(answer.headers.get("retry-after")) > 0);
      assert.equal((await answer.json()).code, "single_sign_on_away");
    } finally {
      await server.stop();
    }
  };

  it("is away where nothing listens", async () => {
    await isAway(`http://127.0.0.1:${await freePort()}`);
  });

  it("is away where nobody vouches for its certificate", async () => {
    const provider = await provide({ client_id: "pingxuan", client_secret: "none", redirect_uris: ["https://a.example.org/"] }, true);
    try {
      await isAway(provider.issuer);
    } finally {
      await provider.stop();
    }
  });
});

it("does not start with settings that make no sense", async () => {
  const settings = { PINGXUAN_OIDC_ISSUER: "http://sso.example.org", PINGXUAN_OIDC_CLIENT_ID: "pingxuan" };
  await assert.rejects(serve(PINGXUAN, 0, settings), /PINGXUAN_OIDC_ISSUER is 'http:\/\/sso\.example\.org': write an address that begins with https/);
});

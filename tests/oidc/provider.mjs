// A real identity provider on a free port: one client, and whoever logs in at its own pages is who they say they are.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

/** Starts it for a client; says where it is, and how it is stopped. */
export async function provide(client) {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: [{ response_types: ["code"], grant_types: ["authorization_code"], ...client }],
    claims: { openid: ["sub"], profile: ["preferred_username", "name"] },
    // Claims stand in the ID token, as with most providers; the service asks for nothing else.
    conformIdTokenClaims: false,
    cookies: { keys: ["of this run alone"] },
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "PS256"] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, preferred_username: sub, name: "钟某" }) }),
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: "of-this-run", use: "sig" }] },
    pkce: { required: () => true },
  });
  server.on("request", provider.callback());
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { issuer, stop };
}

// A real identity provider on a free port: one client, and whoever logs in at its own pages is who they say they are.
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { Provider } from "oidc-provider";

/** Starts it for a client, with a certificate or in the clear; says where it is, and how it is stopped. */
export async function provide(client, tls) {
  const certificate = tls && { key: readFileSync(process.env.KEY), cert: readFileSync(process.env.CERTIFICATE) };
  const server = tls ? createSecureServer(certificate) : createServer();
  await new Promise((ready) => server.listen(0, "localhost", ready));
  const issuer = `${tls ? "https" : "http"}://localhost:${server.address().port}`;
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

// The server that signs people on: the real binary on a new SQLite file.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A port that is free now: the provider knows the server's address before there is a server. */
export async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts it with settings; says its first account's password, how it is called and how it is stopped. */
export async function serve(binary, port, settings) {
  const folder = await mkdtemp(join(tmpdir(), "pingxuan-oidc-"));
  const options = ["serve", "--bind", `127.0.0.1:${port}`, "--data-dir", join(folder, "data")];
  const env = { ...process.env, PINGXUAN_SECOND_FACTOR_ROLES: "none", ...settings };
  const server = spawn(binary, options, { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  server.stderr.on("data", (part) => (log += part));
  const ended = new Promise((done) => server.once("close", done).once("error", done));
  const stop = async () => {
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  let password;
  const serves = await new Promise((found) => {
    createInterface({ input: server.stdout })
      .on("line", (line) => {
        password = line.match(/^ +password +(\S+)/)?.[1] ?? password;
        if (line.startsWith("API ")) found(true);
      })
      .on("close", () => found(false));
  });
  if (!serves) {
    await stop();
    throw new Error(`${binary} does not serve: ${log}`);
  }
  const api = `http://127.0.0.1:${port}/api/v1`;
  /** Status and body of an answer. */
  const call = async (method, path, { token, body } = {}) => {
    const headers = { "Content-Type": "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    const answer = await fetch(api + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  };
  return { api, password, call, stop, log: () => log };
}

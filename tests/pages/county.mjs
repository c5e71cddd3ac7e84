// The server that the pages are read from: `pingxuan serve --demo` on a free port.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Starts it; says where it listens, who has an account, and how it is stopped. */
export async function serve(binary) {
  const folder = await mkdtemp(join(tmpdir(), "pingxuan-pages-"));
  const list = join(folder, "accounts.json");
  const options = ["--demo", "--bind", "127.0.0.1:0", "--data-dir", join(folder, "data"), "--accounts", list];
  const server = spawn(binary, ["serve", ...options], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise((done) => server.once("close", done).once("error", done));
  const stop = async () => {
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const address = await new Promise((found) => {
    createInterface({ input: server.stdout })
      .on("line", (line) => {
        const [, address] = line.match(/^API +(http:\/\/[0-9.:]+)/) ?? [];
        if (address) found(address);
      })
      .on("close", () => found(undefined));
  });
  if (!address) {
    await stop();
    throw new Error(`${binary} does not serve`);
  }
  return { address, accounts: JSON.parse(await readFile(list, "utf8")), stop };
}

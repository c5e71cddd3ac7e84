// A demonstration on a free port, with a database of its own, and who calls it.
import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Starts a demonstration, hands it to what is to be done with it, and stops it whatever comes of that. */
export async function withDemonstration(binary, work) {
    const folder = mkdtempSync(join(tmpdir(), "pingxuan-forms-"));
    const settings = Object.entries(process.env).filter(([name]) => !name.startsWith("PINGXUAN_") && name !== "DATABASE_URL");
    const log = join(folder, "server.log");
    const server = spawn(binary, ["serve", "--demo", "--bind", "127.0.0.1:0", "--data-dir", join(folder, "data"), "--accounts", join(folder, "accounts.json")], {
        // Ten thousand forms are sent as fast as they are taken.
        env: { ...Object.fromEntries(settings), PINGXUAN_REQUESTS_A_MINUTE: "0" },
        stdio: ["ignore", "pipe", openSync(log, "w")],
    });
    const ended = new Promise((resolve) => server.once("exit", resolve).once("error", resolve));
    const clear = () => {
        server.kill();
        rmSync(folder, { recursive: true, force: true });
    };
    process.once("exit", clear);
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
    try {
        let url;
        for await (const line of createInterface({ input: server.stdout })) {
            url ??= /^API +(http:\/\/\S+)$/.exec(line)?.[1];
            if (line.startsWith("Swagger UI")) break;
        }
        if (!url) throw new Error(`${binary} does not serve: ${readFileSync(log, "utf8").slice(-500)}`);
        server.stdout.resume();
        return await work(url, JSON.parse(readFileSync(join(folder, "accounts.json"), "utf8")));
    } finally {
        server.kill();
        await ended;
        clear();
    }
}

/** Somebody who calls, over as many connections as there are calls at a time. */
export class Caller {
    #agent = new http.Agent({ keepAlive: true });
    #headers = { "Content-Type": "application/json", "Accept-Language": "en" };

    constructor(url, account) {
        Object.assign(this, { url, account });
    }

    async logIn() {
        const { username, password } = this.account;
        const { body } = await this.#send("POST", "/auth/login", JSON.stringify({ username, password }));
        this.#headers.Authorization = `Bearer ${body.access_token}`;
        return this;
    }

    /** Status, body and tag of an answer; logs in anew where a token has grown old. The text is sent as it is. */
    async send(method, path, text, headers) {
        const answer = await this.#send(method, path, text, headers);
        if (answer.status !== 401) return answer;
        await this.logIn();
        return this.#send(method, path, text, headers);
    }

    /** The body of an answer that must be a success, to a call about whatever version there is. */
    async act(method, path, body) {
        const answer = await this.send(method, path, body && JSON.stringify(body), { "If-Match": "*" });
        if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
        return answer.body;
    }

    get = (path) => this.act("GET", path);

    #send(method, path, text, headers) {
        return new Promise((resolve, reject) => {
            const options = { method, agent: this.#agent, headers: { ...this.#headers, ...headers } };
            const request = http.request(this.url + path, options, (response) => {
                let body = "";
                response.setEncoding("utf8").on("data", (part) => (body += part));
                response.on("end", () => resolve({ status: response.statusCode, body: body && JSON.parse(body), tag: response.headers.etag }));
            });
            // A connection that had nothing to do for a while may be closed by the server just now.
            const again = (error) => (request.reusedSocket && error.code === "ECONNRESET" ? resolve(this.#send(method, path, text, headers)) : reject(error));
            request.on("error", again).end(text);
        });
    }
}

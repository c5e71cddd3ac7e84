// The page of the guide in a browser, against a demonstration of its own:
//   NODE_PATH=…/node_modules PINGXUAN=target/debug/pingxuan CHROMIUM=/usr/bin/chromium node docs/front-end/test.mjs
// Needs playwright-core below NODE_PATH.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const { chromium } = createRequire(import.meta.url)("playwright-core");

const data = await mkdtemp(join(tmpdir(), "page-"));
const demonstration = spawn(process.env.PINGXUAN ?? "target/debug/pingxuan", ["serve", "--demo", "--bind", "127.0.0.1:0", "--data-dir", data], {
  stdio: ["ignore", "pipe", "ignore"],
});
const ended = once(demonstration, "exit");

/** Where the demonstration listens, once it does. */
async function address() {
  for await (const line of createInterface({ input: demonstration.stdout })) {
    const found = /^API +(http:\/\/[0-9.:]+)/.exec(line);
    if (found) return found[1];
  }
  throw new Error("the demonstration does not start");
}

/** Serves the page on the first free port from which it may call the demonstration. */
async function serve() {
  const html = await readFile(new URL("index.html", import.meta.url));
  const files = createServer((_, response) => response.setHeader("Content-Type", "text/html; charset=utf-8").end(html));
  for (const port of [5173, 4173, 3000, 8081]) {
    const listens = await new Promise((done) => files.once("error", () => done(false)).listen(port, "127.0.0.1", () => done(true)));
    if (listens) return { files, site: `http://127.0.0.1:${port}/` };
  }
  throw new Error("no allowed port is free");
}

let files, browser;
const unexpected = [];
try {
  const server = await address();
  const served = await serve();
  const { site } = served;
  files = served.files;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => unexpected.push(String(error)));
  page.on("console", (message) => {
    // The browser itself notes every refusal; a refusal that the page handles is no error of the page.
    if (message.type() === "error" && !/status of (401|409|412|422)/.test(message.text())) unexpected.push(message.text());
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== "data:" && ![new URL(site).origin, new URL(server).origin].includes(origin)) unexpected.push(`asks ${request.url()}`);
  });
  const button = (name) => page.getByRole("button", { name, exact: true });
  const says = async (text) => {
    try {
      await page.getByRole("status").filter({ hasText: text }).waitFor();
    } catch {
      assert.fail(`the page should say ${text}, and says: ${await page.getByRole("status").textContent()}`);
    }
  };
  const logIn = async (username, password = "Pingxuan-2022-demo") => {
    await page.locator("input[name=username]").fill(username);
    await page.locator("input[name=password]").fill(password);
    await page.locator("main form button").click();
  };

  await page.goto(`${site}?server=${encodeURIComponent(server)}`);
  await logIn("meijiao", "wrong");
  await says("用户名或密码");
  await logIn("meijiao");
  await button("兴国县梅窖镇").click();
  const submit = button("提交");
  await submit.waitFor();
  assert(await submit.isDisabled(), "what lacks something cannot be submitted");
  assert.match(await page.locator('[data-pointer="/form/phone"]').textContent(), /必填/);

  await page.getByLabel("单位人数").fill("many");
  await button("保存").click();
  await page.locator('[data-pointer="/form/headcount"]').filter({ hasText: "类型" }).waitFor();

  // Somebody else saves in between; what was typed stays, and is saved at the second try.
  const api = async (method, path, { token, body, type = "application/json" } = {}) => {
    const headers = { "Content-Type": type, "If-Match": "*", ...(token && { Authorization: `Bearer ${token}` }) };
    const answer = await fetch(server + path, { method, headers, body: JSON.stringify(body) });
    assert(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.json();
  };
  const { access_token: token } = await api("POST", "/api/v1/auth/login", { body: { username: "meijiao", password: "Pingxuan-2022-demo" } });
  const [{ id }] = (await api("GET", "/api/v1/applications", { token })).items;
  await api("PATCH", `/api/v1/applications/${id}`, { token, body: { form: { contact: "刘某" } }, type: "application/merge-patch+json" });
  await page.getByLabel("单位人数").fill("40");
  await page.getByLabel("联系电话").fill("0797-5320000");
  for (const box of await page.locator("textarea").all()) await box.fill("事迹。");
  await button("增加一行").first().click();
  await button("保存").click();
  await says("已被他人修改");
  await button("保存").click();
  await page.locator('[data-pointer="/form/honours/1/year"], [data-pointer="/form/honours/1"]').filter({ hasText: "必填" }).first().waitFor();
  await button("删除").nth(1).click();
  await button("保存").click();
  await says("已保存");
  const saved = await api("GET", `/api/v1/applications/${id}`, { token });
  assert.equal(saved.form.headcount, 40);
  assert.equal(saved.form.honours.length, 1);
  await submit.click();
  await says("已办理");
  await button("撤回").waitFor();
  assert.equal(await submit.count(), 0, "what is submitted cannot be submitted");

  await page.getByLabel("语言 Language").selectOption("en");
  await page.getByRole("cell", { name: "Submitted" }).waitFor();
  await button("Log out").click();
  await logIn("office-01");
  await page.getByText("5 of 1").waitFor();
  for (let turns = 0; (await button("More").isVisible()) && turns < 10; turns += 1) {
    const rows = await page.locator("main tr").count();
    await button("More").click();
    await page.locator("main tr").nth(rows).waitFor();
  }
  const [shown, total] = (await page.locator("main p span").textContent()).split(" of ");
  assert.equal(shown, total, "all pages were turned");

  await button("Clock to an hour before the deadline").click();
  await says("It is now 12/31/2022");
  await page.locator("main tr button").first().click();
  await says("log in again");
  await button("Begin again").click();
  await says("It is now 11/7/2022");
  await logIn("meijiao");
  await page.getByRole("cell", { name: "Draft" }).waitFor();
  assert.deepEqual(unexpected, []);
  console.log("The page does what the guide says.");
} finally {
  await browser?.close();
  files?.close();
  demonstration.kill();
  await ended;
  await rm(data, { recursive: true, force: true });
}

// The page of docs/front-end.md, from a static server on another origin: what the guide says of it, it does.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, it } from "node:test";
import { serve } from "./county.mjs";
import { browse } from "./reader.mjs";

const { PINGXUAN, CHROMIUM } = process.env;
const PAGE = new URL("../../docs/front-end/index.html", import.meta.url);
/** The ports from which a page may call the demonstration. */
const PORTS = [5173, 4173, 3000, 8081];
/** What Chromium writes about an answer that is meant to be a refusal. */
const REFUSED = /the server responded with a status of (401|412|422)/;
let county;
let browser;
let files;
let site;

before(async () => {
  county = await serve(PINGXUAN);
  browser = await browse(CHROMIUM);
  const html = await readFile(PAGE);
  files = createServer((_, response) => response.setHeader("Content-Type", "text/html; charset=utf-8").end(html));
  const listens = (port) => new Promise((done) => files.once("error", () => done(false)).listen(port, "127.0.0.1", () => done(true)));
  for (const port of PORTS) {
    if (await listens(port)) {
      site = `http://127.0.0.1:${port}/`;
      return;
    }
  }
  throw new Error(`none of the ports ${PORTS.join(", ")} is free`);
});

after(async () => {
  await browser?.close();
  files?.close();
  await county?.stop();
});

it("the guide's page declares, meets faults and another's changes, turns pages and plays with the sandbox", async () => {
  const server = county.address;
  const [{ password: known }] = county.accounts;
  const unexpected = [];
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => unexpected.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !REFUSED.test(message.text())) unexpected.push(message.text());
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
  const logIn = async (username, password = known) => {
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
  const { access_token: token } = await api("POST", "/api/v1/auth/login", { body: { username: "meijiao", password: known } });
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
});

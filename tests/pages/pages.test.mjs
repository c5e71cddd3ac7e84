import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { serve } from "./county.mjs";
import { browse, picture, read } from "./reader.mjs";

const { PINGXUAN, CHROMIUM } = process.env;
/** What Chromium writes about an answer that is meant to be a refusal. */
const REFUSED = /the server responded with a status of 401/;
let county;
let browser;
let titles;

before(async () => {
  county = await serve(PINGXUAN);
  browser = await browse(CHROMIUM);
  const document = await (await fetch(`${county.address}/openapi.json`)).json();
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  titles = new Map(operations.map(({ operationId, summary }) => [operationId, summary]));
});

after(async () => {
  await browser?.close();
  await county?.stop();
});

const reads = (act, more = {}) => read(browser, { address: county.address, ...more }, act);
const someone = () => county.accounts.find(({ roles }) => roles.includes("office"));

async function logIn(page, { username, password }) {
  const form = page.locator("#log-in");
  await form.getByLabel("Username").fill(username);
  await form.getByLabel("Password").fill(password);
  await form.getByRole("button").click();
}

/** Carries an operation out in Swagger UI, and says the status and the text of the answer. */
async function carryOut(page, tag, operation) {
  const block = page.locator(`#operations-${tag}-${operation}`);
  await block.locator(".opblock-summary-control").click();
  await block.getByRole("button", { name: "Execute" }).click();
  const answer = block.locator(".live-responses-table tr.response");
  return { status: await answer.locator(".response-col_status").innerText(), text: await answer.innerText() };
}

describe("Swagger UI", () => {
  it("logs somebody in, makes a call as them, and forgets them with the page", async () => {
    const account = someone();
    await reads(async (page) => {
      await page.goto("/docs/");
      await page.locator("#operations-auth-get_me").waitFor();
      await picture(page, "docs");
      await logIn(page, account);
      await page.locator("#who").filter({ hasText: account.username }).waitFor();
      await picture(page, "docs-logged-in");
      const { status, text } = await carryOut(page, "auth", "get_me");
      assert.equal(status, "200");
      assert.match(text, new RegExp(`"username": "${account.username}"`));
      await picture(page, "docs-answered");
      await page.reload();
      await page.locator("#log-in").waitFor();
      assert.equal(await page.locator("#log-out").isVisible(), false);
    });
  });

  it("says why somebody is not let in, renews the session of who is, and logs out", async () => {
    const account = someone();
    await reads(
      async (page) => {
        await page.clock.install();
        await page.goto("/docs/");
        await logIn(page, { ...account, password: "wrong" });
        await page.getByRole("status").filter({ hasText: /\p{Script=Han}/u }).waitFor();
        assert.equal(await page.locator("#log-out").isVisible(), false);
        await picture(page, "docs-refused");
        await logIn(page, account);
        await page.locator("#log-out").waitFor();
        const renewed = page.waitForResponse("**/api/v1/auth/refresh");
        await page.clock.fastForward("24:00:00");
        assert.equal((await renewed).status(), 200);
        await page.locator("#log-out").getByRole("button").click();
        await page.locator("#log-in").waitFor();
        assert.equal((await carryOut(page, "auth", "get_me")).status, "401");
      },
      { expected: REFUSED },
    );
  });

  it("links to the reference", async () => {
    await reads(async (page) => {
      await page.goto("/docs/");
      await page.getByRole("link", { name: "接口参考 · Reference" }).click();
      await page.waitForURL("**/reference/");
      await page.getByRole("heading", { name: "评选 Pingxuan" }).waitFor();
    });
  });
});

describe("the reference", () => {
  it("shows an operation by its title, and what is searched for in Chinese", async () => {
    await reads(async (page) => {
      await page.goto("/reference/");
      await page.getByRole("heading", { name: "评选 Pingxuan" }).waitFor();
      await picture(page, "reference");
      await page.getByRole("button", { name: "搜索" }).first().click();
      const box = page.getByRole("dialog");
      await box.getByRole("combobox").or(box.getByRole("textbox")).first().fill("申报列表");
      const found = box.getByText(titles.get("list_applications")).first();
      await found.waitFor();
      await picture(page, "reference-search");
      await found.click();
      await page.getByRole("heading", { name: titles.get("list_applications") }).waitFor();
      await picture(page, "reference-operation");
    });
  });

  it("opens at an operation that is linked to, in English for who reads English", async () => {
    await reads(
      async (page) => {
        await page.goto("/reference/#tag/auth/POST/api/v1/auth/login");
        await page.getByRole("heading", { name: titles.get("login") }).waitFor();
        await page.getByRole("button", { name: "Search" }).first().waitFor();
        await picture(page, "reference-english");
      },
      { language: "en-GB" },
    );
  });

  it("is found without its slash", async () => {
    await reads(async (page) => {
      await page.goto("/reference");
      assert.equal(new URL(page.url()).pathname, "/reference/");
    });
  });
});

describe("the page of an error code", () => {
  for (const [language, words] of [["zh-CN", /\p{Script=Han}/u], ["en-GB", /^[^\p{Script=Han}]+$/u]]) {
    it(`says what it means in ${language}`, async () => {
      await reads(
        async (page) => {
          const answer = await page.goto("/problems/validation_failed");
          assert.equal(answer.status(), 200);
          assert.match(answer.headers()["content-type"], /^text\/html/);
          assert.match(await page.getByRole("heading", { level: 1 }).innerText(), words);
          await page.getByText("validation_failed").first().waitFor();
          assert.equal(await page.locator("html").getAttribute("lang"), language.split("-")[0] === "en" ? "en" : "zh-CN");
          await picture(page, `problem-${language}`);
        },
        { language },
      );
    });
  }
});

// A person at a browser, who notes what a page should not do.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

// Without these Chromium itself asks hosts of its maker, and finds any that a page asks.
const QUIET = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

const PATIENCE = 120_000; // milliseconds: a machine may have more to do

export const browse = (executablePath) => chromium.launch({ executablePath, args: QUIET });

/**
 * Lets somebody who reads `language` read pages of `address`. When they are done, there was no request to another host, no error in the
 * console but those that `expected` matches, nothing that the policy forbids, and nothing was kept in the browser.
 */
export async function read(browser, { address, language = "zh-CN", expected }, act) {
  const context = await browser.newContext({ baseURL: address, locale: language, viewport: { width: 1400, height: 900 } });
  context.setDefaultTimeout(PATIENCE);
  const faults = [];
  const kinds = new Set();
  try {
    context.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (!["data:", "blob:"].includes(protocol) && origin !== address) faults.push(`asks ${request.url()}`);
      kinds.add(request.resourceType());
    });
    context.on("console", (message) => {
      if (message.type() === "error" && !expected?.test(message.text())) faults.push(message.text());
    });
    context.on("weberror", (error) => faults.push(String(error.error())));
    await context.exposeBinding("forbidden", (_, what) => faults.push(`forbidden by the policy: ${what}`));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        globalThis.forbidden(`${event.effectiveDirective} ${event.blockedURI}`);
      });
    });
    const page = await context.newPage();
    await act(page);
    const { cookies, origins } = await context.storageState({ indexedDB: true });
    assert.deepEqual({ cookies, origins }, { cookies: [], origins: [] }, "the page keeps something in the browser");
    assert.equal(await page.evaluate(() => sessionStorage.length), 0, "the page keeps something in the session");
  } finally {
    await context.close();
  }
  assert.equal(faults.length, 0, faults.join("\n"));
  assert.ok(kinds.has("document"), "nothing was read");
}

/** Keeps a picture in the folder that SCREENSHOTS names. */
export async function picture(page, name) {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

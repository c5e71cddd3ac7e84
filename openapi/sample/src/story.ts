// The front end at work: the morning of a clerk of 梅窖镇 (Meijiao), whose declaration is begun and not finished.
//   node story.js URL PASSWORD          against `pingxuan serve --demo`, where every value is checked
//   node story.js URL PASSWORD --mock   against a mock of the contract, which keeps nothing: it is asked (`Prefer: code=…`) for the
//                                       answer that the server would give, and must find no fault in what is sent
import assert from "node:assert/strict";
import { buttons, FrontEnd, Refused, type Button, type Outcome } from "./front-end.js";

const [base, password, how] = process.argv.slice(2);
assert(base !== undefined && password !== undefined, "story.js URL PASSWORD [--mock]");
const mock = how === "--mock";

/** The statuses that the requests of a step are to be answered with, one after the other, the last one for all that follow. */
let expected: number[] = [];
async function watched(request: Request): Promise<Response> {
  const [status, ...others] = expected;
  if (others.length > 0) expected = others;
  if (mock && status !== undefined) request.headers.set("Prefer", `code=${status}`);
  const response = await fetch(request);
  for (const violation of JSON.parse(response.headers.get("sl-violations") ?? "[]") as { location: string[]; message: string }[]) {
    assert.notEqual(violation.location[0], "request", `${request.method} ${request.url}: ${violation.message}`);
  }
  assert.equal(response.status, status, `${request.method} ${request.url}: ${await response.clone().text()}`);
  return response;
}

async function step<Result>(title: string, statuses: number[], act: () => Promise<Result>): Promise<Result> {
  expected = statuses;
  const result = await act();
  console.log(`${title}: ${statuses.join(", ")}`);
  return result;
}

/** What a server says has to be so; a mock says what its examples say. */
function check(holds: boolean, what: string): void {
  assert(mock || holds, what);
}

function saved(outcome: Outcome) {
  assert(outcome.kind === "saved", `not saved, but ${outcome.kind}`);
  return outcome.declaration;
}

const button = (all: Button[], operation: string) => all.find((one) => one.operation === operation);

const page = new FrontEnd(base, "zh-CN", watched);

const refused = await step("log in with a wrong password", [401], () => page.logIn("meijiao", "wrong").catch((error: unknown) => error));
assert(refused instanceof Refused, `refused by a problem document, and not by ${String(refused)}`);
check(refused.problem.code === "invalid_credentials", `a code that can be relied on, and not ${refused.problem.code}`);
await step("log in", [200], () => page.logIn("meijiao", password));
await step("renew the session", [200], () => page.renew());

const names = new Set<string>();
await step("turn all pages of the units", [200], async () => {
  for await (const units of page.unitsByPage(25)) {
    for (const { id } of units) names.add(id);
    if (mock) break; // a mock answers the same page for ever
  }
});
check(names.size === 61, `61 units, and not ${names.size}`);

const { items, total } = await step("list the declarations", [200], () => page.declarations());
check(total === items.length, "the total is told");
const [listed] = items;
assert(listed !== undefined, "there is a declaration");

const opened = await step("open the declaration", [200], () => page.open(listed.id));
const before = button(buttons(opened.application), "submit_application");
check(before?.enabled === false && before.reasons.length > 0, "the button is grey, and says why");

const wrong = await step("fill in what cannot be", [422], () => page.change(opened, { headcount: "many", nickname: "梅梅" }));
assert(wrong.kind === "faulty" && wrong.faults.size > 0);
for (const [pointer, text] of wrong.faults) console.log(`  ${pointer}: ${text}`);
check(wrong.faults.has("/form/headcount") && wrong.faults.has("/form/nickname"), "every fault is told at once, by pointer");

const deeds = Object.fromEntries([1, 2, 3, 4, 5].map((number) => [`criterion_${number}`, `第 ${number} 项事迹`]));
const changed = saved(await step("fill in the deeds", [200], () => page.change(opened, { deeds })));
check(changed.version !== opened.version, "another version");

const late = await step("fill in from another, older window", [412, 200], () => page.change(opened, { headcount: 91 }));
assert(late.kind === "stale");
check(late.now.version === changed.version, "what is there now is shown");
const complete = saved(await step("fill in once more, knowing what is there", [200], () => page.change(late.now, { phone: "0797-5320000" })));

const ready = button(buttons(complete.application), "submit_application");
check(ready?.enabled === true, "the button has come alive");
const submitted = saved(await step("submit", [200], () => page.submit(complete)));
check(submitted.application.state === "submitted", "it is submitted");
check(button(buttons(submitted.application), "submit_application") === undefined, "the button is gone");
check(button(buttons(submitted.application), "withdraw_application")?.enabled === true, "another has come");

await step("log out", [204], () => page.logOut());
console.log(`The story went as told, against ${mock ? "the mock" : "the server"}.`);

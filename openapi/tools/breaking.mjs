// Whether a document breaks what was released, and whether a break would be noticed. Within v1 there are additions only, so no
// major change may lie between a document of released/ and this one, and an addition raises info.version; and each of the changes
// below, planted in a copy of this one, must be found as major, by the rule that is named.
//   node tools/breaking.mjs [openapi.json]
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { folder, run } from "./linters.mjs";

const path = resolve(process.argv[2] ?? join(folder, "openapi.json"));
const text = readFileSync(path, "utf8");

/** The major changes between two documents (the rule, what it says, and at which operation), and what bump the whole asks for. */
function compared(base, revision) {
  const done = run("redocly", ["diff", base, revision, "--config", "redocly.yaml", "--fail-on", "major", "--format", "json"], [0, 1]);
  const report = JSON.parse(done.stdout);
  if ((done.status === 1) !== (report.summary.major > 0)) throw new Error(`redocly diff exits with ${done.status}`);
  const majors = report.changes.flatMap(({ path: pointer, verdicts = [] }) => {
    const at = pointer.split("/").slice(2, 4).join(" ").replaceAll("~1", "/");
    return verdicts.filter(({ impact }) => impact === "major").map(({ ruleId, message }) => ({ rule: ruleId, message, at }));
  });
  return { majors, bump: report.bump, versions: report.infoVersions };
}

const document = JSON.parse(text);
const places = Object.values(document.paths).flatMap((item) =>
  Object.entries(item).map(([method, operation]) => ({ item, method, operation })),
);
const place = (id) => places.find(({ operation }) => operation.operationId === id);
const operation = (id) => place(id).operation;
const resolved = (schema) =>
  schema.$ref ? resolved(schema.$ref.slice(2).split("/").reduce((value, name) => value[name], document)) : schema;
const parameter = (id, name) => operation(id).parameters.map(resolved).find((one) => one.name === name);
const asked = (id) => resolved(Object.values(operation(id).requestBody.content)[0].schema);
const answered = (id) => resolved(operation(id).responses["200"].content["application/json"].schema);
const without = (names, name) => names.filter((one) => one !== name);

/** What breaks clients: what it is, an operation that it hits, the rule that finds it, what that says, and how it is done. */
const PLANTED = [
  ["an operation is removed", "get_me", "operation-removed", "GET /api/v1/me", (id) => delete place(id).item[place(id).method]],
  ["a member of an answer is removed", "get_unit", "property-removed", "`short_name`", (id) => {
    delete answered(id).properties.short_name;
    answered(id).required = without(answered(id).required, "short_name");
  }],
  ["a member of an answer may be missing", "get_award", "required-properties-removed", "`id`", (id) => {
    answered(id).required = without(answered(id).required, "id");
  }],
  ["a member of an answer has another type", "get_user", "schema-type-changed", "`display_name`", (id) => {
    answered(id).properties.display_name = { type: "boolean" };
  }],
  ["an answer is removed", "create_user", "response-removed", "`201`", (id) => delete operation(id).responses["201"]],
  ["a parameter becomes required", "list_units", "parameter-became-required", "`limit`", (id) => {
    parameter(id, "limit").required = true;
  }],
  ["a parameter is removed", "list_users", "parameter-removed", "`sort`", (id) => {
    operation(id).parameters = operation(id).parameters.filter((one) => resolved(one).name !== "sort");
  }],
  ["a maximum is narrowed", "list_awards", "schema-constraint-changed", "'<= 50'", (id) => {
    parameter(id, "limit").schema.maximum = 50;
  }],
  ["a text is to be shorter", "create_unit", "schema-constraint-changed", "to '5'", (id) => {
    asked(id).properties.name.maxLength = 5;
  }],
  ["a choice is removed from a body", "create_unit", "enum-values-removed", "`UnitKind`", (id) =>
    resolved(asked(id).properties.kind).enum.pop()],
  ["a choice is removed from a filter", "list_applications", "enum-values-removed", "`ApplicationState`", (id) => {
    resolved(parameter(id, "state").schema).enum.pop();
  }],
  ["a member of a body becomes required", "create_supervisor", "required-properties-added", "`rank`", (id) => {
    asked(id).properties.rank = { type: "string", maxLength: 9 };
    asked(id).required.push("rank");
  }],
  ["what was public needs a token", "list_public_notices", "security-requirement-changed", "/api/v1/public/notices get", (id) => {
    operation(id).security = [{ bearer: [] }];
  }],
];

let faults = 0;
const fault = (message) => {
  faults += 1;
  console.log(message);
};
const released = readdirSync(join(folder, "released")).filter((name) => name.endsWith(".json")).sort();
if (released.length === 0) fault("released/ holds no document");
for (const name of released) {
  const { majors, bump, versions } = compared(join(folder, "released", name), path);
  console.log(`released/${name}: ${majors.length} breaking changes`);
  for (const { rule, message, at } of majors.slice(0, 10)) console.log(`  ${at}: ${rule}: ${message}`);
  faults += majors.length;
  const minor = (version) => version.split(".").slice(0, 2).join(".");
  if (bump === "minor" && minor(versions.base) === minor(versions.revision)) {
    fault(`released/${name}: something was added, and info.version still is ${versions.revision}`);
  }
}
const scratch = mkdtempSync(join(tmpdir(), "pingxuan-breaking-"));
try {
  for (const [, id, , , plant] of PLANTED) plant(id);
  const revision = join(scratch, "revision.json");
  writeFileSync(revision, JSON.stringify(document, null, 2));
  const found = compared(path, revision).majors;
  for (const [what, id, wanted, says] of PLANTED) {
    const finds = ({ rule, message, at }) => rule === wanted && `${at} ${message}`.includes(says);
    if (!found.some(finds)) fault(`planted in ${id}: ${what}, and ${wanted} does not find it`);
  }
} finally {
  rmSync(scratch, { recursive: true });
}
console.log(`${PLANTED.length} breaking changes planted, ${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;

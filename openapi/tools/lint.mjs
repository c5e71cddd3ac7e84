// Redocly and Spectral on a document: every finding of any severity counts, unless exceptions.yaml names it.
//   node tools/lint.mjs [openapi.json]
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { folder, redocly, spectral } from "./linters.mjs";

const SHOWN = 3;
const path = resolve(process.argv[2] ?? join(folder, "openapi.json"));
const document = JSON.parse(readFileSync(path, "utf8"));
const exceptions = parse(readFileSync(join(folder, "exceptions.yaml"), "utf8"));
for (const { rule, at, why } of exceptions) {
  if (!rule || !at || !why) throw new Error(`exceptions.yaml: ${rule}: rule, at and why are needed`);
}

const operationOf = (pointer) => {
  const [, section, template, method] = pointer.split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return section === "paths" ? document.paths[template]?.[method] : undefined;
};
const holds = (place, pointer) => {
  if (place === "everywhere") return true;
  if (place === "public") return operationOf(pointer)?.["x-roles"]?.public !== undefined;
  if (place.startsWith("/")) return pointer === place || pointer.startsWith(`${place}/`);
  return operationOf(pointer)?.operationId === place;
};

/** The places of exceptions that were needed, to tell those that were not. */
const needed = new Set();
const excepted = (finding) => {
  let found = false;
  for (const { rule, at } of exceptions) {
    if (rule !== finding.rule) continue;
    for (const place of Array.isArray(at) ? at : [at]) {
      if (!holds(place, finding.pointer)) continue;
      needed.add(`${rule} ${place}`);
      found = true;
    }
  }
  return found;
};

let faults = 0;
for (const [name, linter] of [["Redocly", redocly], ["Spectral", spectral]]) {
  const findings = linter([path]).get(path) ?? [];
  const left = findings.filter((finding) => !excepted(finding));
  faults += left.length;
  console.log(`${name}: ${left.length} findings, ${findings.length - left.length} deliberate exceptions`);
  for (const [rule, found] of grouped(left)) {
    console.log(`  ${rule}: ${found.length}`);
    for (const { pointer, message } of found.slice(0, SHOWN)) console.log(`    ${pointer}  ${message.slice(0, 160)}`);
  }
}
const stated = exceptions.flatMap(({ rule, at }) => (Array.isArray(at) ? at : [at]).map((place) => `${rule} ${place}`));
for (const place of stated.filter((one) => !needed.has(one))) {
  faults += 1;
  console.log(`exceptions.yaml: nothing needs this any more: ${place}`);
}
process.exitCode = faults === 0 ? 0 : 1;

function grouped(findings) {
  const groups = new Map();
  for (const one of findings) groups.set(one.rule, [...(groups.get(one.rule) ?? []), one]);
  return groups;
}

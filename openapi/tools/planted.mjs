// Shows of every rule of the house, and of some of everybody's, that it bites: each violation of planted/violations.yaml is planted
// in a copy of planted/clean.yaml, and the rule must find it, where it is and nowhere else.
//   node tools/planted.mjs           checks
//   node tools/planted.mjs --write   writes down anew where each is found and which others find it too, to be read before it is kept
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import { folder, redocly, spectral } from "./linters.mjs";

const read = (name) => readFileSync(join(folder, name), "utf8");
const clean = parse(read("planted/clean.yaml"), { merge: true });
const planned = parse(read("planted/violations.yaml"));
const everywhere = new Set(parse(read("exceptions.yaml")).filter(({ at }) => at === "everywhere").map(({ rule }) => rule));
const own = Object.keys(parse(read("spectral.yaml")).rules);

const parts = (pointer) => pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
const at = (document, names) => names.reduce((value, name) => value[name], document);

/** A text that begins with $/ stands for what is at that place. */
function broken(change) {
  const document = JSON.parse(JSON.stringify(clean)); // what the YAML shares by anchors comes apart
  for (const [pointer, value] of Object.entries(change)) {
    const names = parts(pointer);
    const last = names.pop();
    const holder = at(document, names);
    if (value !== null) {
      holder[last] = typeof value === "string" && value.startsWith("$/") ? structuredClone(at(document, parts(value.slice(1)))) : value;
    } else if (Array.isArray(holder)) {
      holder.splice(Number(last), 1);
    } else {
      delete holder[last];
    }
  }
  return document;
}

const faults = own.filter((rule) => !planned.some((one) => one.rule === rule)).map((rule) => `${rule}: no violation is planted`);
const scratch = mkdtempSync(join(tmpdir(), "pingxuan-planted-"));
try {
  const write = (name, document) => {
    const path = join(scratch, `${name}.json`);
    writeFileSync(path, JSON.stringify(document, null, 1));
    return path;
  };
  const unbroken = write("clean", clean);
  const paths = planned.map(({ change }, index) => write(`planted-${String(index).padStart(3, "0")}`, broken(change)));
  const toRedocly = paths.filter((_, index) => planned[index].by === "Redocly");
  const bySpectral = spectral([unbroken, ...paths.filter((path) => !toRedocly.includes(path))]);
  const byRedocly = redocly([unbroken, ...toRedocly]);

  const known = new Set([...(bySpectral.get(unbroken) ?? []), ...(byRedocly.get(unbroken) ?? [])].map(key));
  const kept = parseDocument(read("planted/violations.yaml"));
  planned.forEach(({ rule, at: places, also = [] }, index) => {
    const findings = (toRedocly.includes(paths[index]) ? byRedocly : bySpectral).get(paths[index]) ?? [];
    const news = findings.filter((one) => !known.has(key(one)) && !everywhere.has(one.rule));
    const here = [...new Set(news.filter((one) => one.rule === rule).map((one) => one.pointer))].sort();
    const others = [...new Set(news.filter((one) => one.rule !== rule).map((one) => one.rule))].sort();
    kept.setIn([index, "at"], here);
    if (others.length > 0) kept.setIn([index, "also"], others);
    else kept.deleteIn([index, "also"]);
    const same = (left, right) => JSON.stringify(left) === JSON.stringify([...right].sort());
    if (here.length === 0) faults.push(`${rule} (${index + 1}) does not bite`);
    else if (!same(here, places ?? [])) faults.push(`${rule} (${index + 1}) bites at ${here.join(", ")}`);
    if (!same(others, also)) faults.push(`${rule} (${index + 1}): so do ${others.join(", ") || "no others"}`);
  });
  if (process.argv[2] === "--write") writeFileSync(join(folder, "planted/violations.yaml"), kept.toString({ lineWidth: 130 }));
} finally {
  rmSync(scratch, { recursive: true });
}

function key({ rule, pointer, message }) {
  return JSON.stringify([rule, pointer, message]);
}

for (const fault of faults) console.log(fault);
console.log(`${planned.length} violations planted, ${own.length} rules of the house, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;

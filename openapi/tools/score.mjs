// Redocly's score of a document, which must not fall below a least one; and how many bodies have examples (all must: `examples-given`).
//   node tools/score.mjs openapi.json LEAST
import { readFileSync } from "node:fs";
import { run } from "./linters.mjs";

const [document, least] = process.argv.slice(2);
const report = JSON.parse(run("redocly", ["score", document, "--config", "redocly.yaml", "--format", "json"]).stdout);
const percent = Object.entries(report.subscores).map(([name, value]) => `${name} ${Math.round(value * 100)}`);
console.log(`Redocly's score: ${report.agentReadiness} of 100, at least ${least} (${percent.join(", ")})`);
const bodies = Object.values(JSON.parse(readFileSync(document, "utf8")).paths)
  .flatMap((item) => Object.values(item))
  .flatMap(({ requestBody, responses }) => [requestBody, ...Object.values(responses)])
  .flatMap((holder) => Object.values(holder?.content ?? {}));
const exampled = bodies.filter(({ example, examples }) => example !== undefined || Object.keys(examples ?? {}).length > 0);
console.log(`bodies with an example: ${exampled.length} of ${bodies.length}`);
process.exitCode = report.agentReadiness >= Number(least) ? 0 : 1;

// What Redocly and Spectral find in documents, in one form: by document, {rule, pointer, message}.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const ENVIRONMENT = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" };

/** Runs a tool of node_modules; what it says stays with it unless it failed in a way of its own. */
export function run(tool, args, accepted = [0]) {
  const done = spawnSync(join(folder, "node_modules/.bin", tool), args, {
    cwd: folder,
    env: ENVIRONMENT,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (done.error) throw done.error;
  if (!accepted.includes(done.status)) {
    throw new Error(`${tool} ${args.join(" ")}: ${done.status}\n${done.stdout.slice(-2000)}\n${done.stderr.slice(-2000)}`);
  }
  return done;
}

const pointerOf = (path) =>
  path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** The findings without repetition: a rule that looks at the same place by several ways says the same. */
function collect(found) {
  const byDocument = new Map();
  const seen = new Set();
  for (const { document, ...finding } of found) {
    const key = JSON.stringify([document, finding.rule, finding.pointer, finding.message]);
    if (seen.has(key)) continue;
    seen.add(key);
    byDocument.set(document, [...(byDocument.get(document) ?? []), finding]);
  }
  return byDocument;
}

/** Spectral with spectral.yaml. */
export function spectral(documents) {
  const scratch = mkdtempSync(join(tmpdir(), "pingxuan-spectral-"));
  try {
    const out = join(scratch, "found.json");
    run("spectral", ["lint", ...documents, "-r", "spectral.yaml", "-f", "json", "-o", out, "-F", "hint"], [0, 1]);
    const found = JSON.parse(readFileSync(out, "utf8"));
    return collect(
      found.map(({ code, path, message, source }) => ({ document: source, rule: String(code), pointer: pointerOf(path), message })),
    );
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Redocly with redocly.yaml, one document after the other. */
export function redocly(documents) {
  const found = documents.flatMap((document) => {
    const done = run("redocly", ["lint", document, "--config", "redocly.yaml", "--format", "json", "--max-problems", "100000"], [0, 1]);
    return JSON.parse(done.stdout).problems.map(({ ruleId, message, location }) => ({
      document,
      rule: ruleId,
      pointer: (location[0]?.pointer ?? "").replace(/^#/, "").replace(/\/$/, ""),
      message,
    }));
  });
  return collect(found);
}

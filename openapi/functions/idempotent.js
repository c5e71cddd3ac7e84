// Rule 6: Idempotency-Key is honoured, and never required, by every POST that creates or acts, but for those named there.
import { header, parameter, placeOf, successes } from "./shared.js";

const WITHOUT = /\/auth\/|^\/oauth2\/token$|\/me\/|\/reveal$|\/(dry-run|what-if)$/;

export default function idempotent(operation, _options, context) {
  const { path } = placeOf(context);
  const key = parameter(operation, "header", "Idempotency-Key");
  if (WITHOUT.test(path)) {
    return key ? [{ message: "is no operation that honours Idempotency-Key" }] : [];
  }
  if (!key) return [{ message: "Idempotency-Key is missing" }];
  const found = [];
  if (key.required) found.push("Idempotency-Key is never required");
  if (!operation.responses?.["409"]) found.push("a twin in flight is 409, which is missing");
  if (!operation.responses?.["422"]) found.push("a key used with another body is 422, which is missing");
  for (const [status, response] of successes(operation)) {
    if (!header(response, "Idempotent-Replayed")) found.push(`answers ${status} without Idempotent-Replayed`);
  }
  return found.map((message) => ({ message }));
}

// Rule 4: what is changed by If-Match is answered with its ETag, and a GET with an ETag honours If-None-Match with 304.
import { header, parameter, placeOf, successes } from "./shared.js";

export default function answersTagged(operation, _options, context) {
  const { method } = placeOf(context);
  const found = [];
  const answers = successes(operation).filter(([, response]) => response?.content);
  const tagged = answers.some(([, response]) => header(response, "ETag"));
  if (parameter(operation, "header", "If-Match")) {
    for (const [status, response] of answers) {
      if (!header(response, "ETag")) found.push(`takes If-Match and answers ${status} without ETag`);
    }
  }
  if (method === "get") {
    const asks = parameter(operation, "header", "If-None-Match") !== undefined;
    const unchanged = operation.responses?.["304"] !== undefined;
    if (asks !== tagged || unchanged !== tagged) found.push("ETag, If-None-Match and 304 belong together in a GET");
  }
  for (const [status, response] of successes(operation)) {
    if (["201", "202"].includes(status) && !header(response, "Location")) found.push(`answers ${status} and does not say where (Location)`);
  }
  return found.map((message) => ({ message }));
}

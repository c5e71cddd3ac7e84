// Rule 2: a list is a page, with limit, cursor and a link to the next one; nothing else is.
import { header, parameter } from "./shared.js";

export default function paged(operation) {
  const listed = /^list_/.test(operation.operationId ?? "");
  const answer = operation.responses?.["200"];
  const schema = answer?.content?.["application/json"]?.schema;
  const members = schema?.properties ?? {};
  const page = members.items !== undefined && members.next_cursor !== undefined;
  const found = [];
  if (page && !listed) found.push("answers a page, and its operation id does not begin with list_");
  if (listed && !page) found.push("a list answers {items, next_cursor}");
  if (page) {
    const limit = parameter(operation, "query", "limit")?.schema;
    if (limit?.minimum !== 1 || limit?.maximum !== 100 || limit?.default !== 20) {
      found.push("limit goes from 1 to 100 and is 20 by default");
    }
    if (!parameter(operation, "query", "cursor")) found.push("cursor is missing");
    if (!header(answer, "Link")) found.push("the header Link is missing");
    for (const name of ["items", "next_cursor"]) {
      if (!schema.required?.includes(name)) found.push(`${name} is always there and is to be required`);
    }
  }
  return found.map((message) => ({ message }));
}

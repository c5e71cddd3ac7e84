// Rule 4: PATCH, PUT, DELETE and every action on a versioned resource need If-Match, and say 412 and 428; a PUT that creates
// takes If-None-Match too.
import { isAction, parameter, placeOf, successes } from "./shared.js";

export default function conditional(operation, _options, context) {
  const place = placeOf(context);
  const found = [];
  const must = ["patch", "put", "delete"].includes(place.method) || isAction(place, context.document.data);
  const match = parameter(operation, "header", "If-Match");
  if (must && !match) found.push("If-Match is missing");
  if (match) {
    for (const status of ["412", "428"]) {
      if (!operation.responses?.[status]) found.push(`takes If-Match and never says ${status}`);
    }
  }
  if (place.method === "put") {
    const creates = successes(operation).some(([status]) => status === "201");
    if (creates !== (parameter(operation, "header", "If-None-Match") !== undefined)) {
      found.push("If-None-Match and 201 belong together in a PUT");
    }
    if (!creates && match && !match.required) found.push("If-Match is to be required");
  } else if (must && match && !match.required) {
    found.push("If-Match is to be required");
  }
  return found.map((message) => ({ message }));
}

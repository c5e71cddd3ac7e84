// Rule 8: what is sent is closed: every object names its members and refuses others, or says how many there may be.
const BELOW = ["allOf", "anyOf", "oneOf"];

export default function closedInputs(schema, _options, context) {
  const found = [];
  const seen = new Set();
  const visit = (one, path) => {
    if (!one || typeof one !== "object" || seen.has(one)) return;
    seen.add(one);
    const types = Array.isArray(one.type) ? one.type : [one.type];
    if (types.includes("object")) {
      const closed = one.additionalProperties === false || one.unevaluatedProperties === false;
      if (!closed && (one.properties || one.maxProperties === undefined)) {
        found.push({ message: `${path.join(".") || "the body"} takes members that nobody named` });
      }
    }
    for (const [name, member] of Object.entries(one.properties ?? {})) visit(member, [...path, name]);
    if (one.items) visit(one.items, [...path, "[]"]);
    if (typeof one.additionalProperties === "object") visit(one.additionalProperties, [...path, "*"]);
    for (const word of BELOW) (one[word] ?? []).forEach((part) => visit(part, path));
  };
  visit(schema, []);
  return found.map((one) => ({ ...one, path: context.path }));
}

// Every rule of a schema broken in turn: a limit moved by one, anything else left out. The check must notice each.

const LIMITS = ["minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "x-total-max-length"];
const RULES = ["type", "enum", "pattern", "format", "additionalProperties"];

/** What there is to break at one schema and below it: where, what, and how. */
function breaks(schema, path = "") {
    const found = [];
    for (const limit of LIMITS.filter((limit) => limit in schema)) {
        for (const by of [1, -1]) {
            if (schema[limit] + by >= 0 || limit.endsWith("imum")) found.push([`${path} ${limit} ${by > 0 ? "+1" : "-1"}`, (copy) => (copy[limit] += by)]);
        }
    }
    // A `pattern` beside `format: date` says nothing more.
    const rules = RULES.filter((rule) => rule in schema && !(rule === "pattern" && schema.format === "date"));
    found.push(...rules.map((rule) => [`${path} ${rule} left out`, (copy) => delete copy[rule]]));
    for (const name of schema.required ?? []) {
        found.push([`${path} ${name} not required`, (copy) => (copy.required = copy.required.filter((other) => other !== name))]);
    }
    const within = (step, inner) => inner.map(([label, breaking]) => [label, (copy) => breaking(step(copy))]);
    for (const [name, below] of Object.entries(schema.properties ?? {})) {
        found.push(...within((copy) => copy.properties[name], breaks(below, `${path}/${name}`)));
    }
    if (schema.items) found.push(...within((copy) => copy.items, breaks(schema.items, `${path}/*`)));
    return found;
}

/** The schema with each of its rules broken. */
export function plants(schema) {
    return breaks(schema).map(([label, breaking]) => {
        const copy = structuredClone(schema);
        breaking(copy);
        return { label, schema: copy };
    });
}

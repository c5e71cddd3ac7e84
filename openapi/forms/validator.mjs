// What a front end checks forms with before it sends them: ajv, with what our forms have beyond JSON Schema 2020-12.
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/** For people and for drawing; no value is refused for any of these. */
const SAID_ONLY = ["x-title-en", "x-description-en", "x-enum-titles", "x-means"];

/** The texts of an object together hold at most so many characters, counted as `maxLength` counts them. */
const total = {
    keyword: "x-total-max-length",
    type: "object",
    schemaType: "number",
    validate: (limit, members) => {
        const texts = Object.values(members).filter((member) => typeof member === "string");
        return texts.reduce((length, text) => length + [...text].length, 0) <= limit;
    },
    error: { message: ({ schema }) => `must NOT have more than ${schema} characters in all` },
};

/** Teaches an ajv our forms: RJSF's too, `customizeValidator({ AjvClass: Ajv2020, extenderFn: extend })`. */
export const extend = (ajv) => ajv.addVocabulary(SAID_ONLY).addKeyword(total);

/** `strict` refuses a schema with a keyword that nobody knows. */
export function validator({ strict = true } = {}) {
    const ajv = new Ajv2020({ allErrors: true, strict });
    formats.default(ajv, ["date"]);
    return extend(ajv);
}

/** The server's code for what ajv finds by a keyword. */
const CODES = {
    type: "wrong_type",
    required: "required",
    additionalProperties: "unknown_member",
    enum: "not_a_choice",
    minLength: "too_short",
    maxLength: "too_long",
    pattern: "wrong_format",
    format: "wrong_format",
    minimum: "too_small",
    maximum: "too_large",
    minItems: "too_few",
    maxItems: "too_many",
    "x-total-max-length": "too_long",
};

/** A fault as the server tells it: it points at the member that is missing or unknown, not at the object around it. */
export function fault(error) {
    const member = error.params.missingProperty ?? error.params.additionalProperty;
    const below = member === undefined ? "" : `/${member.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return { pointer: `/form${error.instancePath}${below}`, code: CODES[error.keyword] ?? "invalid" };
}

/** What to check of a form that is sent: in a merge patch (RFC 7396), a member that is null is one taken away. */
export function merged(sent) {
    if (sent === null || typeof sent !== "object" || Array.isArray(sent)) return sent;
    const members = Object.entries(sent).filter(([, member]) => member !== null);
    return Object.fromEntries(members.map(([name, member]) => [name, merged(member)]));
}

// Forms filled in well, and nearly well. All from one seed: the same seed gives the same forms.
import fc from "fast-check";

/** Stands for the name of the unit that fills the form in. */
export const OWN_NAME = "\uE001";

/** A number that is written as it stands here: `1.0` is an integer too, and JavaScript would write `1`. */
const written = (number) => `\uE000${number}`;

/** The JSON of a form. */
export function json(form, unitName) {
    const text = JSON.stringify(form).replace(/"\uE000([^"]*)"/gu, "$1");
    return text.replaceAll(OWN_NAME, JSON.stringify(unitName).slice(1, -1));
}

/** The characters that no text may hold (D-905). */
export const FORBIDDEN = /[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;

// Characters of one, two, three and four bytes, such as stand for themselves and such as join the one before.
const CHARACTERS = [..."兴国县五型政府建设先进个人·，。（）“”𠮷𬱖㙍éÅﬁ①Ⅷ🏅👨\u200d👩\u0301\u0308\u3000\ufe0f aZ09-_/~\\\"'<&%\n\t"];

const LENGTHS = ["国", "a", "𠮷", "e\u0301", "👨\u200d👩\u200d👧", " ", "\n"];

const made = new Map();

/** A text of exactly so many characters. */
function ofLength(unit, length) {
    const key = `${length} ${unit}`;
    if (!made.has(key)) made.set(key, [...unit.repeat(length)].slice(0, length).join(""));
    return made.get(key);
}

/** The last character of a citizen ID, from the 17 before it (GB 11643-1999). */
export function checkDigit(citizenId) {
    const sum = [...citizenId.slice(0, 17)].reduce((sum, digit, place) => sum + Number(digit) * (2 ** (17 - place) % 11), 0);
    return "10X98765432"[sum % 11];
}

function citizenId(region, born, order) {
    const first17 = `${region}${born.toISOString().slice(0, 10).replaceAll("-", "")}${String(order).padStart(3, "0")}`;
    return first17 + checkDigit(first17);
}

const day = (from, until) => fc.date({ min: new Date(from), max: new Date(until), noInvalidDate: true });

const citizenIds = fc.tuple(fc.integer({ min: 110000, max: 659999 }), day("1900-01-01", "2010-12-31"), fc.nat(999));

function text(schema) {
    const { minLength = 0, maxLength, pattern, format } = schema;
    if (schema["x-means"] === "unit_name") return fc.constant(OWN_NAME);
    if (schema["x-means"] === "citizen_id") return citizenIds.map((parts) => citizenId(...parts));
    if (format === "date") return day("1900-01-01", "2100-12-31").map((date) => date.toISOString().slice(0, 10));
    const fits = (text) => [...text].length >= minLength && [...text].length <= maxLength && !FORBIDDEN.test(text);
    if (pattern) return fc.stringMatching(new RegExp(pattern, "u")).filter(fits);
    const characters = fc.constantFrom(...CHARACTERS);
    return fc.array(characters, { minLength, maxLength: Math.min(maxLength, minLength + 40) }).map((all) => all.join(""));
}

/** Forms that are valid. */
export function valid(schema) {
    if (schema.enum) return fc.constantFrom(...schema.enum.filter((code) => code.length <= schema.maxLength));
    switch (schema.type) {
        case "string":
            return text(schema);
        case "integer":
            return fc.integer({ min: schema.minimum, max: schema.maximum });
        case "boolean":
            return fc.boolean();
        case "array": {
            const minLength = schema.minItems ?? 0;
            return fc.array(valid(schema.items), { minLength, maxLength: Math.min(schema.maxItems, minLength + 3) });
        }
        case "object": {
            const members = Object.entries(schema.properties).map(([name, below]) => [name, valid(below)]);
            return fc.record(Object.fromEntries(members), { requiredKeys: schema.required ?? [] });
        }
        default:
            throw new Error(`no instances of the type ${schema.type}`);
    }
}

/** A valid form with all members, and a row in each list: every place there is. */
function full(schema) {
    if (schema.type === "array") {
        const minLength = Math.max(schema.minItems ?? 0, 1);
        return fc.array(full(schema.items), { minLength, maxLength: minLength });
    }
    if (schema.type !== "object") return valid(schema);
    return fc.record(Object.fromEntries(Object.entries(schema.properties).map(([name, below]) => [name, full(below)])));
}

/** Every place of a form, with its schema. */
function places(schema, value, path = []) {
    const found = [{ schema, value, path }];
    if (schema.type === "object" && value !== null && typeof value === "object") {
        for (const [name, below] of Object.entries(schema.properties)) {
            if (Object.hasOwn(value, name)) found.push(...places(below, value[name], [...path, name]));
        }
    }
    if (schema.type === "array" && Array.isArray(value)) {
        value.forEach((item, at) => found.push(...places(schema.items, item, [...path, at])));
    }
    return found;
}

function replaced(form, [step, ...path], value) {
    if (step === undefined) return value;
    const copy = Array.isArray(form) ? [...form] : { ...form };
    copy[step] = replaced(form[step], path, value);
    return copy;
}

/** What could stand at a place instead: nearly valid, or valid at the very limit. */
function instead({ schema, value }) {
    const otherTypes = [null, true, "text", "", 5, 1.5, [], {}, [value], { value }, [[]], [null]];
    return [...otherTypes, ...({ string: texts, integer: integers, boolean: booleans, array: lists, object: objects }[schema.type]?.(schema, value) ?? [])];
}

function texts(schema, value) {
    const { minLength = 0, maxLength } = schema;
    const lengths = [minLength - 1, minLength, minLength + 1, maxLength - 1, maxLength, maxLength + 1].filter((length) => length >= 0);
    const found = lengths.flatMap((length) => LENGTHS.map((unit) => ofLength(unit, length)));
    if (typeof value !== "string") return found;
    found.push(` ${value}`, `${value} `, `${value}\n`, `\n${value}`, `${value}\u0000`, `${value}*`);
    const characters = [...value];
    found.push(characters.slice(1).join(""), characters.slice(0, -1).join(""), characters.reverse().join(""));
    if (schema.enum) found.push(...schema.enum.flatMap((code) => [code, code.toUpperCase(), `${code} `, schema["x-enum-titles"][code].zh]));
    if (schema.pattern || schema.format) {
        const digits = (zero) => value.replace(/[0-9]/g, (digit) => String.fromCodePoint(zero + Number(digit)));
        found.push(digits(0xff10), digits(0x660), value.replace(/[0-9](?!.*[0-9])/, "x"), value.replaceAll("-", "－"), value.replaceAll("-", "/"));
        found.push(...["\u00a0", "\u3000", "\u180e", "\u200b", "\u2003", "\r"].map((space) => value.replace(/\s|.$/u, space)));
        found.push(...["é", "Ⅷ", "²", "\u017f", "\u212a", "𠮷"].flatMap((letter) => [letter + value, value.replace(/.$/u, letter), `a${letter}b`]));
        found.push(value.toLowerCase(), "0797-0000000", "0797-00000000", "010-12345678", "13800000000", "2022-00", "2022-13", "1899-12", "2099-12");
    }
    if (schema["x-means"] === "citizen_id") found.push("360732199902300012", value.slice(0, 17) + (Number(checkDigit(value)) ? "0" : "1"));
    const days = ["2022-02-29", "2024-02-29", "1900-02-29", "2000-02-29", "2022-04-31", "2022-12-31", "2022-13-01", "2022-00-10", "2022-10-00"];
    const shapes = ["0000-01-01", "0001-01-01", "9999-12-31", "2022-1-01", "22-01-01", "20220101", "+2022-01-1", "-022-01-01", "2022-11-07T00:00:00Z", "２０２２-11-07"];
    if (schema.format === "date") found.push(...days, ...shapes);
    return found;
}

function integers({ minimum, maximum }) {
    const found = [minimum - 1, minimum, minimum + 1, maximum - 1, maximum, maximum + 1, -minimum, minimum + 0.5, String(minimum), 0, 1e30, -1e300];
    const spelt = [`${minimum}.0`, `${maximum}.000`, `${minimum}e0`, `${maximum}E+0`, `${maximum}0e-1`, `${maximum}.5`, `${maximum}.00000000001`, "-0", "-0.0", "1e-7", "18446744073709551616", "9007199254740993"];
    return [...found, ...spelt.map(written)];
}

const booleans = (_, value) => [!value, 0, 1, "true", "false", "是"];

function lists(schema, value) {
    if (!Array.isArray(value)) return [];
    const item = value[0] ?? null;
    const counts = [(schema.minItems ?? 0) - 1, schema.minItems ?? 0, schema.maxItems, schema.maxItems + 1].filter((count) => count >= 0);
    const found = counts.map((count) => Array.from({ length: count }, () => item));
    return [...found, [...value, null], [...value, value], [value], [...value, ...value], { ...value }, [...value, "text", 5, {}]];
}

function objects(schema, value) {
    if (value === null || typeof value !== "object") return [];
    const found = Object.keys(value).map((name) => Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)));
    const names = ["unknown", "", "a/b", "~0~1", "__proto__", "constructor", "toString", "单位", "Name", "name ", "x-means", "$schema", "0"];
    found.push(...names.map((name) => Object.fromEntries([...Object.entries(value), [name, "text"]])));
    found.push({ ...value, unknown: null }, { ...value, unknown: { deeper: [null] } });
    const total = schema["x-total-max-length"];
    if (total) {
        const members = Object.entries(schema.properties).filter(([, { type }]) => type === "string");
        for (const length of [total - 1, total, total + 1]) {
            for (const unit of LENGTHS) {
                let rest = length - members.length;
                const filled = members.map(([name, { maxLength }]) => {
                    const more = Math.min(rest, maxLength - 1);
                    rest -= more;
                    return [name, ofLength(unit, 1 + more)];
                });
                found.push({ ...value, ...Object.fromEntries(filled) });
            }
        }
    }
    return found;
}

/** One change at every place of a form that has them all, each in turn. */
export function sweep(schema, seed) {
    const [form] = fc.sample(full(schema), { seed, numRuns: 1 });
    const changed = places(schema, form).flatMap((place) => instead(place).map((value) => replaced(form, place.path, value)));
    return [...new Map([form, ...changed].map((form) => [JSON.stringify(form), form])).values()];
}

/** Forms with as many changes as is said, none to three of them: where, and what stands there instead. */
export function random(schema, seed, count) {
    const change = fc.tuple(fc.nat(), fc.nat());
    const changes = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 7, arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }) });
    const changed = fc.tuple(valid(schema), changes).map(([form, changes]) =>
        changes.reduce((form, [where, what]) => {
            const all = places(schema, form);
            const place = all[where % all.length];
            const choices = instead(place);
            return replaced(form, place.path, choices[what % choices.length]);
        }, form),
    );
    return fc.sample(changed, { seed, numRuns: count });
}

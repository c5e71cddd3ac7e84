// Whether a browser's validator and the server find the same fault with the same forms.
import { BEYOND } from "./beyond.mjs";
import { json, random, sweep } from "./instances.mjs";
import { plants } from "./plants.mjs";
import { fault, merged, validator } from "./validator.mjs";

/** What a draft may still have: the write takes it, and the check before the submission tells of it. */
const UNFINISHED = new Set(["required", "too_short", "too_few", "too_small", "wrong_format"]);

const CONNECTIONS = 8;

const key = ({ pointer, code }) => `${pointer} ${code}`;
const unfinished = (key) => UNFINISHED.has(key.split(" ").at(-1));

const strict = validator();
const lax = validator({ strict: false });

/** What ajv finds with a form, as the server tells it. */
function judge(schema, ajv = strict) {
    const validate = ajv.compile(schema);
    return (form) => new Set(validate(form) ? [] : validate.errors.map((error) => key(fault(error))));
}

/** What is found on one side alone. Where the write was refused, the server tells of nothing that is merely unfinished. */
function difference(server, browser) {
    const told = [...browser].filter((key) => !server.unread && !(server.refused && unfinished(key)));
    return { server: [...server.found].filter((key) => !browser.has(key)), browser: told.filter((key) => !server.found.has(key)) };
}

const agrees = (server, browser) => Object.values(difference(server, browser)).every((only) => only.length === 0);

/** What a server would answer that agrees with the browser. */
function agreeing(browser) {
    const finished = [...browser].filter((key) => !unfinished(key));
    return finished.length > 0 ? { refused: true, found: new Set(finished) } : { refused: false, found: browser };
}

/** The forms to be filled in: those by which each rule, were it broken, would be noticed; all single changes in the long mode; then chance. */
function instances(schema, { seed, count, each }) {
    const all = sweep(schema, seed).map((form) => ({ form, read: merged(JSON.parse(json(form, "单位"))) }));
    const judged = judge(schema);
    for (const one of all) one.found = judged(one.read);
    const telling = new Set();
    const unnoticed = [];
    for (const plant of plants(schema)) {
        const broken = judge(plant.schema, lax);
        const notices = ({ read, found }) => !agrees(agreeing(found), broken(read));
        if ([...telling].some(notices)) continue;
        const first = all.find(notices);
        if (first) telling.add(first);
        else unnoticed.push(plant.label);
    }
    if (unnoticed.length > 0) throw new Error(`no form was made that would tell of: ${unnoticed.join("; ")}`);
    const first = each ? all : [...telling];
    return [...first.map(({ form }) => form), ...random(schema, seed, count)].slice(0, Math.max(count, first.length));
}

/** What the server finds with a form: by the write, or where that is taken by the check before the submission. */
async function ask(caller, place, unit, text) {
    const body = `{"campaign_id":"${place.campaign}","category_code":"${place.category}","unit_id":"${unit.id}","form":${text}}`;
    const written = await caller.send("POST", "/applications", body);
    let faults = written.body.errors;
    if (written.status === 201) faults = (await caller.get(`/applications/${written.body.id}/check`)).blocked_by;
    else if (written.status !== 422) throw new Error(`${written.status} ${JSON.stringify(written.body)} for ${text}`);
    // What points elsewhere is about the campaign, not about the form.
    return { refused: written.status === 422, faults: faults.filter(({ pointer }) => pointer?.startsWith("/form")) };
}

/** The value that a fault points at. */
const at = (form, pointer) => {
    const steps = pointer.split("/").slice(2).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    return steps.reduce((value, step) => value?.[step], form);
};

/** The reason for which no schema can say a fault, if there is one. */
function beyond(schema, form, unit, { pointer, code }) {
    const value = at(form, pointer);
    const means = schema.properties[pointer.slice("/form/".length)]?.["x-means"];
    return BEYOND.find((rule) => rule.code === code && (!rule.means || rule.means === means) && typeof value === "string" && rule.of(value, { unit }));
}

/** Fills a form in, again and again, and compares. */
export async function agree(caller, place, settings) {
    const { schema } = place.form;
    const browser = judge(schema);
    const forms = instances(schema, settings);
    const result = { forms: forms.length, valid: 0, refused: 0, faults: new Map(), beyond: new Map(), disagreements: [], cases: [] };
    const count = (counted, of) => counted.set(of, (counted.get(of) ?? 0) + 1);
    let next = 0;
    const work = async () => {
        while (next < forms.length) {
            const number = next++;
            const unit = place.units[number % place.units.length];
            const text = json(forms[number], unit.name);
            const read = merged(JSON.parse(text));
            const { refused, faults } = await ask(caller, place, unit, text);
            const found = browser(read);
            const server = { refused, unread: false, found: new Set() };
            for (const told of faults.filter((told) => !found.has(key(told)))) {
                const rule = beyond(schema, read, unit, told);
                if (!rule) server.found.add(key(told));
                else count(result.beyond, rule);
                server.unread ||= rule?.alone ?? false;
            }
            for (const told of faults.map(key)) if (found.has(told)) server.found.add(told);
            if (found.size === 0) result.valid += 1;
            if (refused) result.refused += 1;
            for (const key of found) count(result.faults, key.split(" ").at(-1));
            if (!agrees(server, found)) result.disagreements.push({ text, refused, ...difference(server, found) });
            result.cases.push({ read, server });
        }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
    return result;
}

/** The broken rules that the answers of the server do not tell of. */
export function unnoticed(schema, cases) {
    const all = plants(schema);
    const missed = all.filter((plant) => {
        const broken = judge(plant.schema, lax);
        return cases.every(({ read, server }) => agrees(server, broken(read)));
    });
    return { planted: all.length, missed: missed.map(({ label }) => label) };
}

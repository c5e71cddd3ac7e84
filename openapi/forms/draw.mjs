// Whether RJSF draws a form by its schema and hints: every field once, in the order of the hints, with its title, widget and width.
import Form from "@rjsf/core";
import { customizeValidator } from "@rjsf/validator-ajv8";
import { Ajv2020 } from "ajv/dist/2020.js";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { titled, uiSchema } from "./ui-schema.mjs";
import { extend } from "./validator.mjs";

const rjsf = customizeValidator({ AjvClass: Ajv2020, extenderFn: extend });

/** What each widget is in HTML. */
const DRAWN = {
    text: /^<input [^>]*type="text"/,
    textarea: /^<textarea /,
    number: /^<input [^>]*type="number"/,
    tel: /^<input [^>]*type="tel"/,
    month: /^<input [^>]*type="month"/,
    date: /^<input [^>]*type="date"/,
    select: /^<select /,
    radio: /^<div [^>]*role="radiogroup"/,
    checkbox: /^<input [^>]*type="checkbox"/,
    table: /^<fieldset /,
    group: /^<fieldset /,
};

/** What is drawn where no widget is named. */
const BY_TYPE = { string: "text", integer: "number", boolean: "checkbox", array: "table", object: "group" };

/** The HTML of a form with one empty row in each list. */
function html(form, language) {
    const rows = ({ type, items, properties = {} }) => {
        if (type === "array") return [rows(items)];
        if (type !== "object") return undefined;
        return Object.fromEntries(Object.entries(properties).map(([name, below]) => [name, rows(below)]));
    };
    const said = console.error;
    // React's warnings
    console.error = (...words) => {
        throw new Error(words.join(" "));
    };
    try {
        return renderToStaticMarkup(createElement(Form.default ?? Form, {
            schema: titled(form.schema, language),
            uiSchema: uiSchema(form, language),
            formData: rows(form.schema),
            validator: rjsf,
            noHtml5Validate: true,
            idPrefix: "form",
            idSeparator: "/",
        }));
    } finally {
        console.error = said;
    }
}

/** The fields as they should be drawn. */
function expected({ schema, ui }, language, pointer = "", path = "form") {
    const hint = pointer === "" ? ui : (ui.fields[pointer] ?? {});
    const title = titled(schema, language).title;
    const choices = (schema.enum ?? []).map((code) => schema["x-enum-titles"][code][language]);
    const field = { path, title, widget: hint.widget ?? BY_TYPE[schema.type], width: pointer === "" ? undefined : hint.width, choices };
    const rows = schema.items ? [{ ...field, path: `${path}/0`, title: titled(schema.items, language).title, widget: BY_TYPE[schema.items.type], width: undefined }] : [];
    const properties = (schema.items ?? schema).properties ?? {};
    const below = schema.items ? `${path}/0` : path;
    const members = (hint.order ?? Object.keys(properties)).flatMap((name) => expected({ schema: properties[name] ?? {}, ui }, language, `${pointer}/${name}`, `${below}/${name}`));
    return [field, ...rows, ...members];
}

const escaped = (text) => renderToStaticMarkup(text ?? "");

/** What is wrong with the drawing of a form, in one language; or with that of another form, were it taken for this one. */
export function faults(form, language, another = form) {
    let drawn;
    try {
        drawn = html(another, language);
    } catch (error) {
        return [`not drawn: ${error.message}`];
    }
    const { errors, validationError } = rjsf.rawValidation(titled(another.schema, language), {});
    const found = validationError || !errors?.length ? [`RJSF does not check an empty form: ${validationError}`] : [];
    const fields = expected(form, language);
    const label = /<label class="control-label" for="([^"]+)">([^<]*)|<legend id="([^"]+)__title">([^<]*)|<input type="checkbox" id="([^"]+)"[^>]*><span>([^<]*)/g;
    const labels = [...drawn.matchAll(label)].map(([, ...groups]) => groups.filter((group) => group !== undefined).join(" "));
    const wanted = fields.map(({ path, title }) => `${path} ${escaped(title)}`);
    if (labels.join("\n") !== wanted.join("\n")) {
        found.push(...wanted.filter((one) => labels.filter((other) => other === one).length !== 1).map((one) => `not drawn once: ${one}`));
        found.push(...labels.filter((one) => !wanted.includes(one)).map((one) => `drawn besides: ${one}`));
        if (found.length === 0) found.push(`another order: ${labels.map((one) => one.split(" ")[0]).join(", ")}`);
    }
    for (const { path, widget, width, choices } of fields) {
        const element = [...drawn.matchAll(new RegExp(`<[a-z]+ [^>]*?\\bid="${path}"[^>]*>`, "g"))].map(([element]) => element);
        if (element.length !== 1 || !DRAWN[widget]?.test(element[0])) found.push(`no ${widget}: ${path} (${element.join() || "nothing"})`);
        const start = drawn.indexOf(`id="${path}"`);
        const classes = [...drawn.slice(0, start).matchAll(/<div class="form-group rjsf-field rjsf-field-[a-z]+([^"]*)"/g)].at(-1)?.[1];
        if (width && !classes?.split(" ").includes(`col-${width}`)) found.push(`not ${width} wide: ${path} (${classes})`);
        const missing = choices.filter((choice) => !drawn.slice(start).includes(`>${escaped(choice)}<`));
        found.push(...missing.map((choice) => `no choice ${choice}: ${path}`));
    }
    const pointers = new Set(fields.map(({ path }) => path.slice("form".length)));
    found.push(...Object.keys(another.ui.fields).filter((pointer) => !pointers.has(pointer)).map((pointer) => `a hint for nothing: ${pointer}`));
    return found;
}

/** What would be wrong with a form, each of which must be noticed. */
export const SPOILT = {
    "another order": (form) => form.ui.order.reverse(),
    "a field that is not in the order": (form) => form.ui.order.pop(),
    "a field that is in the order twice": (form) => form.ui.order.push(form.ui.order[0]),
    "a field without a title": (form) => delete Object.values(form.schema.properties)[0].title,
    "another width": (form) => (Object.values(form.ui.fields)[0].width -= 1),
    "another widget": (form) => (Object.values(form.ui.fields)[0].widget = "textarea"),
    "a hint for nothing": (form) => (form.ui.fields["/nothing"] = { width: 3 }),
};

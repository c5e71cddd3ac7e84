// Our hints for drawing a form, as RJSF (react-jsonschema-form) wants them: `<Form schema={titled(schema, language)}
// uiSchema={uiSchema(form, language)} noHtml5Validate />`. Widths become the classes `col-1` to `col-12` of the page's grid.

const WIDGETS = {
    text: { "ui:widget": "text" },
    textarea: { "ui:widget": "textarea" },
    number: { "ui:widget": "updown" },
    tel: { "ui:options": { inputType: "tel" } },
    month: { "ui:options": { inputType: "month" } },
    date: { "ui:widget": "date" },
    select: { "ui:widget": "select" },
    radio: { "ui:widget": "radio" },
    checkbox: { "ui:widget": "checkbox" },
    table: {}, // a list of rows, and
    group: {}, // a fieldset: RJSF draws both without being told.
};

/** Hints stand by JSON pointer into the form; RJSF has them nested as the schema is, those of a list's rows below `items`. */
export function uiSchema({ schema, ui }, language = "zh", pointer = "") {
    const hint = pointer === "" ? ui : (ui.fields[pointer] ?? {});
    const drawn = hint.width ? { "ui:classNames": `col-${hint.width}` } : {};
    if (schema.items) {
        const { "ui:classNames": _, ...row } = uiSchema({ schema: schema.items, ui }, language, pointer);
        return { ...drawn, items: row };
    }
    for (const [name, below] of Object.entries(schema.properties ?? {})) {
        drawn[name] = uiSchema({ schema: below, ui }, language, `${pointer}/${name}`);
    }
    if (schema.enum) drawn["ui:enumNames"] = schema.enum.map((code) => schema["x-enum-titles"][code][language]);
    if (hint.order) drawn["ui:order"] = hint.order;
    return { ...drawn, ...WIDGETS[hint.widget] };
}

/** The schema with its titles and descriptions in a language; what is drawn takes its labels from them. */
export function titled(schema, language = "zh") {
    if (language === "zh") return schema;
    const copy = { ...schema, title: schema["x-title-en"] };
    if (schema.description) copy.description = schema["x-description-en"];
    if (schema.items) copy.items = titled(schema.items, language);
    if (schema.properties) {
        const properties = Object.entries(schema.properties);
        copy.properties = Object.fromEntries(properties.map(([name, below]) => [name, titled(below, language)]));
    }
    return copy;
}

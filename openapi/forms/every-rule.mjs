// A form of everything that a notice definition lets a form have: the forms of 2022 do without much of it.

const titled = (zh, en, rest) => ({ title: zh, "x-title-en": en, ...rest });
const text = (zh, en, maxLength, rest) => titled(zh, en, { type: "string", maxLength, ...rest });
const number = (zh, en, minimum, maximum) => titled(zh, en, { type: "integer", minimum, maximum });
const group = (zh, en, properties, required, rest) => titled(zh, en, { type: "object", additionalProperties: false, required, ...rest, properties });
const list = (zh, en, items, maxItems, rest) => titled(zh, en, { type: "array", maxItems, ...rest, items });
const choice = { enum: ["first", "second"], "x-enum-titles": { first: { zh: "甲", en: "First" }, second: { zh: "乙", en: "Second" } } };

const properties = {
    name: text("单位名称", "Name", 100, { minLength: 1, "x-means": "unit_name" }),
    note: text("备注", "Note", 3, { minLength: 0, description: "可不填。", "x-description-en": "May be left out." }),
    // Patterns whose classes other languages than JavaScript read otherwise.
    chinese: text("汉字", "Chinese", 8, { pattern: "^[一-鿿·]+$" }),
    word: text("字母", "Word", 10, { pattern: "^\\w+$" }),
    digits: text("数字", "Digits", 10, { pattern: "^\\d{2,}$" }),
    two_words: text("两词", "Two words", 10, { pattern: "^\\S+\\s\\S+$" }),
    any_between: text("任一字", "Any between", 10, { pattern: "^a.b$" }),
    somewhere: text("任意处", "Somewhere", 10, { pattern: "[0-9]{2}" }),
    neither: text("非空非数", "Neither", 10, { pattern: "^[^\\s\\d]+$" }),
    rare: text("生僻字", "Rare", 4, { pattern: "^\\u{20BB7}?[\\u56fd/]*$" }),
    day: text("日期", "Day", 40, { format: "date" }),
    balance: number("差额", "Balance", -5, 5),
    agreed: titled("是否同意", "Agreed", { type: "boolean" }),
    choice: text("选项", "Choice", 10, choice),
    other_choice: text("另一选项", "Another choice", 5, choice), // no more than five: `second` is too long
    outer: group("外层", "Outer", {
        inner: group("内层", "Inner", { left: text("左", "Left", 9), right: text("右", "Right", 9), number: number("数", "Number", 0, 9) }, ["left"], { "x-total-max-length": 12 }),
        remark: text("说明", "Remark", 20),
    }, []),
    lines: list("逐条", "Lines", text("条", "Line", 5, { minLength: 2 }), 4, { minItems: 2 }),
    years: list("年份", "Years", number("年", "Year", 2020, 2030), 3),
    parts: list("部分", "Parts", group("部分", "Part", {
        label: text("名称", "Label", 5),
        points: list("要点", "Points", text("要点", "Point", 3), 2, { minItems: 1 }),
    }, ["points"]), 2),
};

export const everyRule = {
    code: "every_rule",
    title: { zh: "全部规则", en: "Every rule" },
    schema: {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        ...group("全部规则", "Every rule", properties, ["name", "lines"], { description: "用于检查。", "x-description-en": "To check with." }),
    },
    ui: {
        order: Object.keys(properties).reverse(),
        fields: {
            "/name": { widget: "text", width: 12 },
            "/note": { widget: "textarea", width: 3 },
            "/balance": { widget: "number", width: 1 },
            "/day": { widget: "date", width: 5 },
            "/choice": { widget: "radio", width: 6 },
            "/other_choice": { widget: "select", width: 6 },
            "/outer": { widget: "group", width: 12, order: ["remark", "inner"] },
            "/outer/inner": { width: 6, order: ["right", "number", "left"] },
            "/outer/inner/right": { widget: "tel", width: 2 },
            "/parts": { widget: "table", width: 12, order: ["points", "label"] },
        },
    },
};

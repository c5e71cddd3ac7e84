//! The parts of a paper from a form: JSON Schema, hints for its layout, and what was filled in.

use serde_json::Value;

use super::paper::{Cell, LABEL, Language, Part, RASTER, Role, Style, Table};

/// A form with its title and its fields in the order, width and shape that the hints give. Drafts may lack any value.
///
/// `schema` is JSON Schema 2020-12 with `x-title-en` and `x-enum-titles`; `hints` has `order` and `fields` by JSON pointer with
/// `widget`, `width` (of twelve) and, for a group or a table, `order`.
#[must_use]
pub fn form(schema: &Value, hints: &Value, value: &Value, language: Language) -> Vec<Part> {
    let title = Part::Text(Style::Title, label(schema, language).to_owned());
    let mut layout =
        Layout { hints, language, done: vec![title], table: Table::default(), row: Row::default() };
    layout.group(schema, hints.get("order"), "", value);
    layout.end_table();
    layout.done
}

/// The form as far as it is laid out.
struct Layout<'a> {
    hints: &'a Value,
    language: Language,
    done: Vec<Part>,
    table: Table,
    row: Row,
}

/// Fields side by side, and how much of the raster they take.
#[derive(Default)]
struct Row {
    cells: Vec<Cell>,
    taken: u8,
}

impl Layout<'_> {
    /// The fields of an object.
    fn group(&mut self, schema: &Value, order: Option<&Value>, pointer: &str, value: &Value) {
        for (name, schema) in ordered(schema.get("properties"), order) {
            let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            self.field(schema, &pointer, value.get(name).unwrap_or(&Value::Null));
        }
        self.end_row();
    }

    fn field(&mut self, schema: &Value, pointer: &str, value: &Value) {
        let hint = self.hints.get("fields").and_then(|fields| fields.get(pointer));
        let hint = |name: &str| hint.and_then(|hint| hint.get(name));
        let title = label(schema, self.language);
        if schema.get("properties").is_some() {
            self.end_row();
            self.table.rows.push(vec![Cell::new(RASTER, Role::Band, title)]);
            self.group(schema, hint("order"), pointer, value);
        } else if schema.pointer("/items/properties").is_some() {
            self.end_table();
            let list = list(schema, title, hint("order"), value, self.language);
            self.done.push(Part::Table(list));
        } else if hint("widget").and_then(Value::as_str) == Some("textarea") {
            self.end_row();
            let cell = Cell::new(RASTER, Role::Long(title.to_owned()), text(schema, value, self.language));
            self.table.rows.push(vec![cell]);
        } else {
            let width = hint("width").and_then(Value::as_u64).and_then(|width| u8::try_from(width).ok());
            let width = width.unwrap_or(12).clamp(2, 12) * 2;
            self.side_by_side(width, title, text(schema, value, self.language));
        }
    }

    fn side_by_side(&mut self, width: u8, title: &str, text: String) {
        if self.row.taken + width > RASTER {
            self.end_row();
        }
        self.row.taken += width;
        let label = LABEL.min(width / 2);
        self.row.cells.push(Cell::new(label, Role::Label, title));
        self.row.cells.push(Cell::new(width - label, Role::Value, text));
    }

    /// Ends the row; its last field takes what is left of the width.
    fn end_row(&mut self) {
        let Row { mut cells, taken } = std::mem::take(&mut self.row);
        if let Some(last) = cells.last_mut() {
            last.span += RASTER - taken;
            self.table.rows.push(cells);
        }
    }

    fn end_table(&mut self) {
        self.end_row();
        let table = std::mem::take(&mut self.table);
        if !table.rows.is_empty() {
            self.done.push(Part::Table(table));
        }
    }
}

/// A list of objects: a column for each member, wider where its texts may be longer.
fn list(schema: &Value, title: &str, order: Option<&Value>, value: &Value, language: Language) -> Table {
    let members = ordered(schema.pointer("/items/properties"), order);
    let columns: Vec<(String, u8)> = members
        .iter()
        .map(|(_, member)| {
            let long = member.get("maxLength").and_then(Value::as_u64).unwrap_or(0) > 20;
            (label(member, language).to_owned(), if long { 5 } else { 2 })
        })
        .collect();
    let row = |entry: &Value| -> Vec<String> {
        let member = |(name, schema): &(&String, &Value)| {
            text(schema, entry.get(name.as_str()).unwrap_or(&Value::Null), language)
        };
        members.iter().map(member).collect()
    };
    let entries = value.as_array();
    let mut table = Table::list(&columns, entries.into_iter().flatten().map(row));
    table.rows.insert(0, vec![Cell::new(RASTER, Role::Band, title)]);
    table.head = 2;
    if entries.is_none_or(Vec::is_empty) {
        // A list that is empty says so; one that was not filled in yet leaves room.
        let nothing = if entries.is_some() { language.none() } else { "" };
        table.rows.push(vec![Cell::new(RASTER, Role::Label, nothing)]);
    }
    table
}

/// The members of an object in the order that is asked for, then those of which the order does not speak.
fn ordered<'a>(properties: Option<&'a Value>, order: Option<&Value>) -> Vec<(&'a String, &'a Value)> {
    let Some(properties) = properties.and_then(Value::as_object) else { return Vec::new() };
    let order = order.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let place = |name: &str| order.iter().position(|known| known == name).unwrap_or(usize::MAX);
    let mut members: Vec<_> = properties.iter().collect();
    members.sort_by_key(|(name, _)| place(name));
    members
}

/// What a part of the form is called.
fn label(schema: &Value, language: Language) -> &str {
    let text = |name: &str| schema.get(name).and_then(Value::as_str);
    let zh = text("title").unwrap_or_default();
    language.of(zh, text("x-title-en").unwrap_or(zh))
}

/// A value as people read it.
fn text(schema: &Value, value: &Value, language: Language) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => language.yes_or_no(*yes).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => chosen(schema, text, language).unwrap_or(text).to_owned(),
        Value::Array(entries) => {
            let schema = schema.get("items").unwrap_or(&Value::Null);
            let texts: Vec<String> = entries.iter().map(|entry| text(schema, entry, language)).collect();
            texts.join(language.comma())
        }
        Value::Object(members) => {
            let schema =
                |name: &str| schema.get("properties").and_then(|all| all.get(name)).unwrap_or(&Value::Null);
            let texts: Vec<String> =
                members.iter().map(|(name, member)| text(schema(name), member, language)).collect();
            texts.join(language.comma())
        }
    }
}

/// The name of a choice.
fn chosen<'a>(schema: &'a Value, choice: &str, language: Language) -> Option<&'a str> {
    schema.get("x-enum-titles")?.get(choice)?.get(language.of("zh", "en"))?.as_str()
}

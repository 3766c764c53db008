//! Checks a TOML document against the case's own JSON Schema, so that *every* slip is reported at
//! once, each with its line, and the schema that is printed can never differ from what is checked.

use knowledge_graph::TopicId;
use serde_json::Value as Json;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    case_id::is_hyphenated,
    problem::{Problem, both},
    schema::{HASH_FORMAT, ID_FORMAT, TOPIC_FORMAT},
};

/// Walks one document.
pub(crate) struct ShapeChecker<'s> {
    root: &'s Json,
    problems: Vec<(usize, Problem)>,
}

impl<'s> ShapeChecker<'s> {
    /// Compares `document` with `schema`; each problem comes with the byte offset it is at.
    pub(crate) fn problems(schema: &'s Json, document: &Spanned<DeTable<'_>>) -> Vec<(usize, Problem)> {
        let mut checker = Self { root: schema, problems: Vec::new() };
        checker.table(schema, document.get_ref(), document.span().start, "");
        checker.problems
    }

    fn report(&mut self, offset: usize, problem: Problem) {
        self.problems.push((offset, problem));
    }

    /// Follows `$ref`, and takes the non-null branch of an optional value.
    fn resolve(&self, schema: &'s Json) -> &'s Json {
        let mut schema = schema;
        loop {
            if let Some(target) = schema.get("$ref").and_then(Json::as_str) {
                let Some(found) = target.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer)) else {
                    return schema;
                };
                schema = found;
            } else if let Some(branches) = schema.get("anyOf").and_then(Json::as_array) {
                let Some(branch) = branches.iter().find(|branch| branch.get("type") != Some(&Json::from("null")))
                else {
                    return schema;
                };
                schema = branch;
            } else {
                return schema;
            }
        }
    }

    fn value(&mut self, schema: &'s Json, value: &Spanned<DeValue<'_>>, path: &str) {
        let schema = self.resolve(schema);
        let offset = value.span().start;
        let choices = choices(schema);
        match (expected_type(schema), value.get_ref()) {
            ("object", DeValue::Table(table)) => self.table(schema, table, offset, path),
            ("array", DeValue::Array(items)) => {
                let Some(item_schema) = schema.get("items") else { return };
                for (index, item) in items.iter().enumerate() {
                    self.value(item_schema, item, &format!("{path}[{index}]"));
                }
            }
            (_, DeValue::String(text)) if !choices.is_empty() => self.choice(&choices, text, offset, path),
            ("string", DeValue::String(text)) => self.string(schema, text, offset, path),
            ("boolean", DeValue::Boolean(_)) | ("number", DeValue::Integer(_)) => {}
            ("integer", DeValue::Integer(number)) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix()).ok();
                self.whole_number(schema, parsed, offset, path);
            }
            ("number", DeValue::Float(number)) => {
                if !number.as_str().parse::<f64>().is_ok_and(f64::is_finite) {
                    let message = both("this is not a finite number", "这不是有限的数值");
                    self.report(offset, Problem::error(path, message, both("Write a plain number", "请写普通数字")));
                }
            }
            (expected, found) => self.wrong_type(expected, found, offset, path),
        }
    }

    fn table(&mut self, schema: &'s Json, table: &DeTable<'_>, offset: usize, path: &str) {
        let properties = schema.get("properties").and_then(Json::as_object);
        for (key, value) in table {
            let inner = join(path, key.get_ref());
            if let Some(property) = properties.and_then(|properties| properties.get(key.get_ref().as_ref())) {
                self.value(property, value, &inner);
                continue;
            }
            match schema.get("additionalProperties") {
                Some(other) if other.is_object() => self.value(other, value, &inner),
                _ => {
                    let known: Vec<&str> =
                        properties.map(|p| p.keys().map(String::as_str).collect()).unwrap_or_default();
                    self.unknown_key(key.get_ref(), &known, key.span().start, &inner);
                }
            }
        }
        let required = schema.get("required").and_then(Json::as_array).into_iter().flatten();
        for name in required.filter_map(Json::as_str) {
            if !table.keys().any(|key| key.get_ref() == name) {
                self.missing_key(schema, name, offset, path);
            }
        }
    }

    fn unknown_key(&mut self, key: &str, known: &[&str], offset: usize, path: &str) {
        let message = both(format!("the key `{key}` is not known"), format!("未知的键 `{key}`"));
        let mend = match nearest(key, known) {
            Some(near) => both(format!("Did you mean `{near}`?"), format!("是否应为 `{near}`？")),
            None => both(
                format!("Remove it; known keys here are {}", list(known)),
                format!("请删除；此处可用的键：{}", list(known)),
            ),
        };
        self.report(offset, Problem::error(path, message, mend));
    }

    fn missing_key(&mut self, schema: &'s Json, name: &str, offset: usize, path: &str) {
        let meaning = schema
            .pointer(&format!("/properties/{name}/description"))
            .and_then(Json::as_str)
            .map(|text| format!(" ({})", text.split('\n').next().unwrap_or_default().trim_end_matches('.')))
            .unwrap_or_default();
        let message = both(format!("the key `{name}` is missing"), format!("缺少键 `{name}`"));
        let mend = both(format!("Add `{name}`{meaning}"), format!("请添加 `{name}`{meaning}"));
        self.report(offset, Problem::error(join(path, name), message, mend));
    }

    fn choice(&mut self, choices: &[&str], text: &str, offset: usize, path: &str) {
        if choices.contains(&text) {
            return;
        }
        let message = both(format!("`{text}` is not a choice here"), format!("此处不能写 `{text}`"));
        let mend = both(format!("Write one of {}", list(choices)), format!("请从中选择：{}", list(choices)));
        self.report(offset, Problem::error(path, message, mend));
    }

    fn string(&mut self, schema: &Json, text: &str, offset: usize, path: &str) {
        match schema.get("format").and_then(Json::as_str) {
            Some(TOPIC_FORMAT) => {
                if let Err(error) = text.parse::<TopicId>() {
                    let message = both(format!("this is not a topic: {error}"), format!("`{text}` 不是合法的主题编号"));
                    let mend = both(
                        "Write `kind:name` or `kind:name/facet`, such as `finding:chest-pain/onset`",
                        "请写成 `类别:名称` 或 `类别:名称/方面`，例如 `finding:chest-pain/onset`",
                    );
                    self.report(offset, Problem::error(path, message, mend));
                }
            }
            Some(ID_FORMAT) if !is_hyphenated(text) => {
                let message = both(format!("`{text}` is not an id"), format!("`{text}` 不是合法的编号"));
                let mend = both(
                    "Use lower-case letters and digits joined by single hyphens, at most 80 characters",
                    "请用小写字母和数字，以单个连字符相连，最多 80 个字符",
                );
                self.report(offset, Problem::error(path, message, mend));
            }
            Some(HASH_FORMAT) if !is_hash(text) => {
                let message = both("this is not a content hash", "这不是内容哈希");
                let mend = both(
                    "Take the 64 hexadecimal digits from the file as it was exported, or remove the line",
                    "请从导出时的文件中取回 64 位十六进制数字，或删除此行",
                );
                self.report(offset, Problem::error(path, message, mend));
            }
            _ => {}
        }
    }

    fn whole_number(&mut self, schema: &Json, number: Option<i64>, offset: usize, path: &str) {
        let low = schema.get("minimum").and_then(Json::as_i64).unwrap_or(i64::MIN);
        let high = schema.get("maximum").and_then(Json::as_i64).unwrap_or(match schema_format(schema) {
            Some("uint32") => i64::from(u32::MAX),
            _ => i64::MAX,
        });
        if number.is_some_and(|number| (low..=high).contains(&number)) {
            return;
        }
        let message = both("the number is out of range", "数值超出范围");
        let mend =
            both(format!("Write a whole number from {low} to {high}"), format!("请写 {low} 到 {high} 之间的整数"));
        self.report(offset, Problem::error(path, message, mend));
    }

    fn wrong_type(&mut self, expected: &str, found: &DeValue<'_>, offset: usize, path: &str) {
        let (found_en, found_zh) = kind_of(found);
        let (wanted_en, wanted_zh) = wanted(expected);
        let message = both(
            format!("this is {found_en}, but {wanted_en} is wanted"),
            format!("这里写的是{found_zh}，应为{wanted_zh}"),
        );
        let mend = both(format!("Write {wanted_en}"), format!("请写{wanted_zh}"));
        self.report(offset, Problem::error(path, message, mend));
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn schema_format(schema: &Json) -> Option<&str> {
    schema.get("format").and_then(Json::as_str)
}

/// The type a schema wants; `["string", "null"]` counts as `string`.
fn expected_type(schema: &Json) -> &str {
    match schema.get("type") {
        Some(Json::String(name)) => name,
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).find(|name| *name != "null").unwrap_or(""),
        _ if !choices(schema).is_empty() => "string",
        _ => "object",
    }
}

/// The values a schema allows, when it lists them.
fn choices(schema: &Json) -> Vec<&str> {
    let listed = schema.get("enum").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    let one_of = schema.get("oneOf").and_then(Json::as_array).into_iter().flatten().flat_map(|branch| {
        let single = branch.get("const").and_then(Json::as_str);
        let several = branch.get("enum").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        single.into_iter().chain(several)
    });
    listed.chain(one_of).collect()
}

fn kind_of(value: &DeValue<'_>) -> (&'static str, &'static str) {
    match value {
        DeValue::String(_) => ("a text", "文字"),
        DeValue::Integer(_) => ("a whole number", "整数"),
        DeValue::Float(_) => ("a number with decimals", "小数"),
        DeValue::Boolean(_) => ("true or false", "true 或 false"),
        DeValue::Datetime(_) => ("a date", "日期"),
        DeValue::Array(_) => ("a list", "列表"),
        DeValue::Table(_) => ("a table", "表"),
    }
}

fn wanted(expected: &str) -> (&'static str, &'static str) {
    match expected {
        "string" => ("a text in quotes", "带引号的文字"),
        "integer" => ("a whole number", "整数"),
        "number" => ("a number", "数字"),
        "boolean" => ("`true` or `false`", "`true` 或 `false`"),
        "array" => ("a list", "列表"),
        _ => ("a table such as `{ en = \"…\", zh = \"…\" }`", "表，例如 `{ en = \"…\", zh = \"…\" }`"),
    }
}

fn nearest<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(key, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

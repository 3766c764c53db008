//! The JSON Schema of a case file, derived from the types that read it.

use std::borrow::Cow;

use knowledge_graph::Section;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::format::Case;

/// The `format` keyword of ids: lower-case words joined by hyphens.
pub(crate) const ID_FORMAT: &str = "hyphenated-id";
/// The `format` keyword of hashes: SHA-256 in lower-case hex.
pub(crate) const HASH_FORMAT: &str = "sha256-hex";
/// The `format` keyword of topic ids.
pub(crate) const TOPIC_FORMAT: &str = "topic-id";

/// The JSON Schema (draft 2020-12) of a case file. TOML has the same shapes as JSON, so editors
/// that know JSON Schema for TOML can check and complete a case while it is written.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Case).to_value()
}

/// Stands for [`knowledge_graph::Bilingual`] in the schema.
pub(crate) enum BilingualShape {}
/// Stands for [`knowledge_graph::BilingualList`] in the schema.
pub(crate) enum BilingualListShape {}
/// Stands for [`knowledge_graph::TopicId`] in the schema.
pub(crate) enum TopicShape {}
/// Stands for [`knowledge_graph::Section`] in the schema.
pub(crate) enum SectionShape {}
/// Stands for an id in the schema.
pub(crate) enum IdShape {}
/// Stands for a content hash in the schema.
pub(crate) enum HashShape {}

impl JsonSchema for BilingualShape {
    fn schema_name() -> Cow<'static, str> {
        "Bilingual".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One text, written in both languages.",
            "type": "object",
            "properties": {
                "en": { "description": "The English text.", "type": "string" },
                "zh": { "description": "The Chinese text.", "type": "string" },
            },
            "required": ["en", "zh"],
            "additionalProperties": false,
        })
    }
}

impl JsonSchema for BilingualListShape {
    fn schema_name() -> Cow<'static, str> {
        "BilingualList".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Several texts in both languages; the two lists need not pair up.",
            "type": "object",
            "properties": {
                "en": { "description": "English texts.", "type": "array", "items": { "type": "string" } },
                "zh": { "description": "Chinese texts.", "type": "array", "items": { "type": "string" } },
            },
            "additionalProperties": false,
        })
    }
}

impl JsonSchema for TopicShape {
    fn schema_name() -> Cow<'static, str> {
        "TopicId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A topic: `kind:name` or `kind:name/facet`, such as `finding:chest-pain/radiation`.",
            "type": "string",
            "format": TOPIC_FORMAT,
            "pattern": "^[a-z-]+:[a-z0-9][a-z0-9-]*(/[a-z-]+)?$",
        })
    }
}

impl JsonSchema for SectionShape {
    fn schema_name() -> Cow<'static, str> {
        "Section".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = Section::ALL.iter().map(|section| section.as_str()).collect();
        json_schema!({ "description": "A section of the history.", "type": "string", "enum": names })
    }
}

impl JsonSchema for IdShape {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Lower-case letters and digits joined by single hyphens.",
            "type": "string",
            "format": ID_FORMAT,
            "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
        })
    }
}

impl JsonSchema for HashShape {
    fn schema_name() -> Cow<'static, str> {
        "Hash".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "SHA-256 as 64 lower-case hexadecimal digits.",
            "type": "string",
            "format": HASH_FORMAT,
            "pattern": "^[0-9a-f]{64}$",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_key_of_the_format_is_described() {
        fn walk(value: &Value, path: &str, missing: &mut Vec<String>) {
            if let Some(properties) = value.get("properties").and_then(Value::as_object) {
                for (name, property) in properties {
                    if property.get("description").is_none() {
                        missing.push(format!("{path}/{name}"));
                    }
                }
            }
            if let Some(definitions) = value.get("$defs").and_then(Value::as_object) {
                for (name, definition) in definitions {
                    walk(definition, &format!("{path}/{name}"), missing);
                }
            }
        }
        let mut missing = Vec::new();
        walk(&schema(), "", &mut missing);
        assert!(missing.is_empty(), "no description: {missing:?}");
    }

    #[test]
    fn unknown_keys_are_refused_everywhere() {
        let schema = schema();
        assert_eq!(schema["additionalProperties"], Value::Bool(false));
        for (name, definition) in schema["$defs"].as_object().unwrap() {
            if definition.get("properties").is_some() {
                assert_eq!(definition["additionalProperties"], Value::Bool(false), "{name}");
            }
        }
    }
}

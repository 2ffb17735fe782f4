//! The content of a message: a string, or a list of typed parts in one of many vocabularies.

use super::{Media, MediaKind, Part, Payload, Source, ToolCall, ToolResult};
use crate::json_view::{Fields, Json};

/// The parts of a `content`, `parts` or similar value.
pub fn parts(content: Json<'_>) -> Vec<Part> {
    if content.is_null() {
        Vec::new()
    } else if content.is_array() {
        join_texts(content.items().filter_map(part).collect())
    } else {
        part(content).into_iter().collect()
    }
}

/// A result is data: text that is JSON is shown as JSON.
pub fn result_parts(content: Json<'_>) -> Vec<Part> {
    let data = |part| match part {
        Part::Text(text) if super::is_json_container(&text) => Part::Json(text),
        other => other,
    };
    parts(content).into_iter().map(data).collect()
}

/// Streamed answers arrive as many small texts: neighbours of a single list are one text when each is a fragment.
fn join_texts(parts: Vec<Part>) -> Vec<Part> {
    let n_texts = parts.iter().filter(|part| matches!(part, Part::Text(_))).count();
    if n_texts < 8 || n_texts < parts.len() {
        return parts;
    }
    let whole: String = parts.iter().filter_map(Part::text).collect();
    vec![Part::Text(whole.into())]
}

fn part(json: Json<'_>) -> Option<Part> {
    if let Some(text) = json.str() {
        return (!text.is_empty()).then(|| Part::Text(text.into()));
    }
    if !json.is_object() {
        return (!json.is_null()).then(|| Part::Json(json.raw().into()));
    }
    let fields = json.fields();
    let kind = fields.str(&["type"]).unwrap_or_default();
    let known = match kind.as_str() {
        "text" | "input_text" | "output_text" | "summary_text" | "text_delta" => {
            text(&fields, &["text", "content"]).map(Part::Text)
        }
        "refusal" => text(&fields, &["refusal"]).map(Part::Refusal),
        "thinking" | "reasoning" | "reasoning_content" | "redacted_thinking" => reasoning(&fields),
        "image_url" | "input_image" | "image" => image(&fields).map(Part::Media),
        "input_audio" | "audio" => audio(&fields).map(Part::Media),
        "file" | "document" | "input_file" | "media" => file(&fields).map(Part::Media),
        "blob" | "uri" => semantic_media(&fields).map(Part::Media),
        "tool_use" | "server_tool_use" | "tool_call" | "tool-call" | "function_call" | "custom_tool_call"
        | "mcp_call" | "function" => tool_call(&fields).map(Part::ToolCall),
        "tool_result"
        | "tool-result"
        | "tool_call_response"
        | "function_call_output"
        | "web_search_tool_result"
        | "custom_tool_call_output" => Some(Part::ToolResult(tool_result(&fields))),
        "" => gemini(&fields),
        _ => None,
    };
    Some(known.unwrap_or_else(|| Part::Json(json.raw().into())))
}

/// Gemini's parts have no type: the field that is there says what they are.
fn gemini(fields: &Fields<'_>) -> Option<Part> {
    if let Some(data) = fields.first(&["inline_data", "inlineData"]) {
        let data = data.fields();
        let mime_type = data.str(&["mime_type", "mimeType"])?;
        return Some(Part::Media(Media::from_base64(kind_of(&mime_type), mime_type, data.str(&["data"])?)));
    }
    if let Some(file) = fields.first(&["file_data", "fileData"]) {
        let file = file.fields();
        let mime_type = file.str(&["mime_type", "mimeType"]).unwrap_or_default();
        let source = Source::Remote(file.str(&["file_uri", "fileUri"])?);
        return Some(Part::Media(Media { kind: kind_of(&mime_type), mime_type, name: None, source }));
    }
    if let Some(call) = fields.first(&["function_call", "functionCall"]) {
        return tool_call(&call.fields()).map(Part::ToolCall);
    }
    if let Some(response) = fields.first(&["function_response", "functionResponse"]) {
        return Some(Part::ToolResult(tool_result(&response.fields())));
    }
    if fields.get("thought").is_some_and(|thought| thought.raw() == "true") {
        return text(fields, &["text"]).map(Part::Reasoning);
    }
    // Bedrock's parts are named the same way.
    if let Some(call) = fields.get("toolUse") {
        return tool_call(&call.fields()).map(Part::ToolCall);
    }
    if let Some(result) = fields.get("toolResult") {
        return Some(Part::ToolResult(tool_result(&result.fields())));
    }
    (fields.len() <= 3).then(|| text(fields, &["text"]).map(Part::Text)).flatten()
}

fn text(fields: &Fields<'_>, names: &[&str]) -> Option<std::sync::Arc<str>> {
    // Assistants of OpenAI nest it: {"type":"text","text":{"value":"…"}}.
    let nested = || fields.get("text").and_then(|text| text.fields().str(&["value"]));
    fields.str(names).or_else(nested).map(Into::into)
}

fn reasoning(fields: &Fields<'_>) -> Option<Part> {
    if let Some(text) = fields.str(&["thinking", "reasoning", "text", "content", "data"]) {
        return (!text.is_empty()).then(|| Part::Reasoning(text.into()));
    }
    let pieces: Vec<String> = fields
        .first(&["summary", "content"])?
        .items()
        .filter_map(|piece| piece.str().or_else(|| piece.fields().str(&["text"])))
        .collect();
    (!pieces.is_empty()).then(|| Part::Reasoning(pieces.join("\n\n").into()))
}

fn image(fields: &Fields<'_>) -> Option<Media> {
    let kind = MediaKind::Image;
    if let Some(url) = fields.get("image_url") {
        let url = url.str().or_else(|| url.fields().str(&["url"]))?;
        return Some(Media::from_url(kind, url));
    }
    if let Some(source) = fields.get("source") {
        return from_source(kind, &source.fields());
    }
    let mime_type = fields.str(&["mime_type", "mimeType", "media_type", "mediaType"]);
    if let Some(data) = fields.str(&["base64", "data"]) {
        return Some(Media::from_base64(kind, mime_type.unwrap_or_else(|| "image/png".into()), data));
    }
    let image = fields.str(&["url", "image"])?;
    let is_address = image.starts_with("data:") || image.contains("://");
    Some(if is_address {
        Media::from_url(kind, image)
    } else {
        Media::from_base64(kind, mime_type.unwrap_or_default(), image)
    })
}

fn audio(fields: &Fields<'_>) -> Option<Media> {
    let kind = MediaKind::Audio;
    let inner = fields.first(&["input_audio", "audio"]).filter(|inner| inner.is_object()).map(Json::fields);
    let fields = inner.as_ref().unwrap_or(fields);
    if let Some(source) = fields.get("source") {
        return from_source(kind, &source.fields());
    }
    if let Some(data) = fields.str(&["data", "base64"]) {
        let from_format = || fields.str(&["format"]).map(|format| format!("audio/{format}"));
        let mime_type = fields.str(&["mime_type", "media_type", "mediaType"]).or_else(from_format);
        return Some(Media::from_base64(kind, mime_type.unwrap_or_else(|| "audio/wav".into()), data));
    }
    fields.str(&["url"]).map(|url| Media::from_url(kind, url)).or_else(|| reference(kind, fields))
}

fn file(fields: &Fields<'_>) -> Option<Media> {
    let inner = fields.get("file").filter(|inner| inner.is_object()).map(Json::fields);
    let outer = fields;
    let fields = inner.as_ref().unwrap_or(outer);
    let mime_type = fields.str(&["mime_type", "mimeType", "media_type", "mediaType"]).unwrap_or_default();
    let kind = kind_of(&mime_type);
    let media = if let Some(source) = fields.get("source") {
        from_source(kind, &source.fields())
    } else if let Some(data) = fields.str(&["file_data", "data", "base64"]) {
        Some(Media::from_base64(kind, mime_type, data))
    } else if let Some(url) = fields.str(&["url", "file_url"]) {
        Some(Media::from_url(kind, url))
    } else {
        reference(kind, fields)
    };
    let name = fields.str(&["filename", "file_name", "name", "title"]).or_else(|| outer.str(&["title", "filename"]));
    media.map(|media| Media { name, ..media })
}

/// OpenTelemetry's `blob` and `uri`: the kind is said as `modality`.
fn semantic_media(fields: &Fields<'_>) -> Option<Media> {
    let mime_type = fields.str(&["mime_type"]).unwrap_or_default();
    let kind = match fields.str(&["modality"]).as_deref() {
        Some("image") => MediaKind::Image,
        Some("audio") => MediaKind::Audio,
        _ => kind_of(&mime_type),
    };
    match fields.str(&["uri"]) {
        Some(address) => Some(Media { mime_type, ..Media::from_url(kind, address) }),
        None => Some(Media::from_base64(kind, mime_type, fields.str(&["content", "data"])?)),
    }
}

/// Anthropic's `source`: base64, a URL, plain text or a file id.
fn from_source(kind: MediaKind, source: &Fields<'_>) -> Option<Media> {
    let mime_type = source.str(&["media_type", "mime_type"]).unwrap_or_default();
    match source.str(&["type"]).as_deref() {
        Some("url") => source.str(&["url"]).map(|url| Media::from_url(kind, url)),
        Some("base64") | None => source.str(&["data"]).map(|data| Media::from_base64(kind, mime_type, data)),
        _ => reference(kind, source),
    }
}

fn reference(kind: MediaKind, fields: &Fields<'_>) -> Option<Media> {
    let id = fields.str(&["file_id", "id", "fileId"])?;
    Some(Media { kind, mime_type: String::new(), name: None, source: Source::Reference(id) })
}

fn kind_of(mime_type: &str) -> MediaKind {
    match mime_type.split('/').next() {
        Some("image") => MediaKind::Image,
        Some("audio") => MediaKind::Audio,
        _ => MediaKind::File,
    }
}

/// A call in any vocabulary: OpenAI's nested `function`, Anthropic's `input`, LangChain's and Gemini's `args`.
pub fn tool_call(fields: &Fields<'_>) -> Option<ToolCall> {
    let function = fields.get("function").filter(|inner| inner.is_object()).map(Json::fields);
    let inner = function.as_ref().unwrap_or(fields);
    let name = inner.str(&["name", "toolName", "tool_name"]).or_else(|| fields.str(&["function"]))?;
    let arguments = inner.first(&["arguments", "input", "args", "parameters"]);
    let arguments = arguments.map_or(Payload::Json("{}".into()), Payload::of_json);
    Some(ToolCall { id: fields.str(&["call_id", "id", "toolCallId", "tool_call_id", "toolUseId"]), name, arguments })
}

/// A result in any vocabulary.
pub fn tool_result(fields: &Fields<'_>) -> ToolResult {
    let content = fields.first(&["content", "output", "result", "response"]);
    let is_true = |name| fields.get(name).is_some_and(|flag| flag.raw() == "true");
    ToolResult {
        call_id: fields.str(&["tool_use_id", "call_id", "tool_call_id", "toolCallId", "toolUseId", "id"]),
        name: fields.str(&["name", "toolName", "tool_name"]),
        parts: content.map(result_parts).unwrap_or_default(),
        is_error: is_true("is_error") || is_true("isError") || fields.str(&["status"]).as_deref() == Some("error"),
    }
}

//! Looks inside JSON text as code does: fields by name, items in order, strings decoded. Nothing is read twice without
//! need: [`Json::fields`] passes once over an object and remembers where each field is.

use super::node::{Children, Kind, Node, root};
use super::strings;
use std::borrow::Cow;

/// A value in a text.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a> {
    text: &'a str,
    node: Node,
}

impl<'a> Json<'a> {
    /// The whole text as one value; `None` for blank text.
    pub fn parse(text: &'a str) -> Option<Self> {
        root(text).map(|node| Json { text, node })
    }

    /// Its JSON as written.
    pub fn raw(self) -> &'a str {
        self.node.raw(self.text)
    }

    pub fn kind(self) -> Kind {
        self.node.kind
    }

    pub fn is_object(self) -> bool {
        matches!(self.node.kind, Kind::Object { .. })
    }

    pub fn is_array(self) -> bool {
        matches!(self.node.kind, Kind::Array { .. })
    }

    pub fn is_null(self) -> bool {
        self.node.kind == Kind::Null
    }

    /// How many items or fields; 0 for scalars.
    pub fn len(self) -> usize {
        self.node.n_children().unwrap_or(0)
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The text of a string, decoded.
    pub fn str(self) -> Option<String> {
        (self.node.kind == Kind::String).then(|| strings::decode_all(self.raw()))
    }

    pub fn number(self) -> Option<f64> {
        (self.node.kind == Kind::Number).then(|| self.raw().parse().ok()).flatten()
    }

    /// The items of an array; nothing for anything else.
    pub fn items(self) -> impl Iterator<Item = Json<'a>> {
        let text = self.text;
        let array = self.is_array().then(|| Children::of(text, self.node));
        array.into_iter().flatten().map(move |child| Json { text, node: child.value })
    }

    /// The fields of an object; empty for anything else.
    pub fn fields(self) -> Fields<'a> {
        if !self.is_object() {
            return Fields { list: Vec::new() };
        }
        let list = Children::of(self.text, self.node)
            .filter_map(|child| {
                let key = child.key?.raw(self.text);
                let inner = key.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(key);
                let name = if inner.contains('\\') { strings::decode_all(key).into() } else { Cow::Borrowed(inner) };
                Some((name, Json { text: self.text, node: child.value }))
            })
            .collect();
        Fields { list }
    }
}

/// The fields of one object, in the order of the text. Fields that are null count as absent.
#[derive(Clone, Debug, Default)]
pub struct Fields<'a> {
    list: Vec<(Cow<'a, str>, Json<'a>)>,
}

impl<'a> Fields<'a> {
    /// All fields, nulls included.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Json<'a>)> {
        self.list.iter().map(|(name, value)| (name.as_ref(), *value))
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<Json<'a>> {
        self.list.iter().find(|(key, value)| key == name && !value.is_null()).map(|(_, value)| *value)
    }

    /// The first of `names` that is there.
    pub fn first(&self, names: &[&str]) -> Option<Json<'a>> {
        names.iter().find_map(|name| self.get(name))
    }

    /// The first of `names` that holds a string, decoded.
    pub fn str(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.get(name).and_then(Json::str))
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_name_and_nulls_are_absent() {
        let fields = Json::parse(r#"{"a":null,"b\n":"x","c":[1,"y"],"a":2}"#).unwrap().fields();
        assert_eq!(fields.get("a").and_then(Json::number), Some(2.0));
        assert_eq!(fields.str(&["missing", "b\n"]).as_deref(), Some("x"));
        assert_eq!(fields.get("c").unwrap().items().map(Json::raw).collect::<Vec<_>>(), ["1", "\"y\""]);
        assert_eq!(fields.len(), 4);
    }

    #[test]
    fn scalars_have_neither_fields_nor_items() {
        let scalar = Json::parse("\"text\"").unwrap();
        assert!(scalar.fields().is_empty() && scalar.items().next().is_none());
    }
}

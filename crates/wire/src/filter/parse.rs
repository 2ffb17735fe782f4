//! LangSmith's call form: `and(eq(run_type, "llm"), gt(latency, "5s"))`.

use super::ast::{Comparison, Field, Filter, Literal, PairPart, PairRows, PairTest, TestKind, TextPart};
use super::build::{Condition, pair_up};
use super::checks::{
    check_comparison, check_count, check_depth, check_like, check_null, check_pattern, check_size, search,
    unknown_field,
};
use super::error::{FilterError, quote, suggestion};
use super::fields::{self, FieldInfo, Kind, Subject, TEXT_PARTS};
use super::functions::FUNCTIONS;
use super::lex::{Token, token_at};
use super::value::{Raw, literal};
use std::ops::Range;

/// Reads the call form. Blank text is [`Filter::ALL`].
pub fn parse(text: &str) -> Result<Filter, FilterError> {
    parse_with(&fields::FIELDS, text)
}

/// The same for filters on projects: they have the fields of [`fields::PROJECT_FIELDS`].
pub fn parse_of_projects(text: &str) -> Result<Filter, FilterError> {
    parse_with(&fields::PROJECT_FIELDS, text)
}

fn parse_with(fields: &'static [FieldInfo], text: &str) -> Result<Filter, FilterError> {
    check_size(text)?;
    if text.trim().is_empty() {
        return Ok(Filter::ALL);
    }
    let mut parser = Parser { fields, text, position: 0, n_conditions: 0 };
    let filter = parser.call(0)?.into_filter();
    match parser.next()? {
        (Token::End, _) => Ok(filter),
        (token, span) => Err(FilterError::new(
            span,
            format!("The filter is complete before {}. Several conditions go into and(…) or or(…).", token.describe()),
        )),
    }
}

struct Parser<'a> {
    fields: &'static [FieldInfo],
    text: &'a str,
    position: usize,
    n_conditions: usize,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Result<(Token<'a>, Range<usize>), FilterError> {
        let (token, span) = token_at(self.text, self.position)?;
        self.position = span.end;
        Ok((token, span))
    }

    fn peek(&self) -> Result<(Token<'a>, Range<usize>), FilterError> {
        token_at(self.text, self.position)
    }

    /// The next token must be `wanted`; `after` says what it follows, for the message.
    fn expect(&mut self, wanted: Token<'static>, after: &str) -> Result<Range<usize>, FilterError> {
        let (token, span) = self.next()?;
        match token == wanted {
            true => Ok(span),
            false => Err(FilterError::new(
                span,
                format!("Expected {} {after}, not {}.", wanted.describe(), token.describe()),
            )),
        }
    }

    fn call(&mut self, depth: usize) -> Result<Condition, FilterError> {
        let (token, span) = self.next()?;
        let Token::Word(name) = token else {
            return Err(FilterError::new(
                span,
                format!("Expected a condition such as eq(status, \"error\"), not {}.", token.describe()),
            ));
        };
        let is_known = FUNCTIONS.iter().any(|function| function.name == name);
        if !is_known {
            return Err(unknown_function(name, span));
        }
        self.expect(Token::Open, &format!("after {name}"))?;
        let condition = match name {
            "and" => {
                let conditions = self.calls(depth, &span)?;
                Condition::Whole(Filter::all_of(pair_up(conditions)))
            }
            "or" => {
                let conditions = self.calls(depth, &span)?;
                Condition::Whole(Filter::any_of(conditions.into_iter().map(Condition::into_filter)))
            }
            "not" => Condition::Whole(Filter::Not(self.inner(depth, &span)?)),
            "root_run" => Condition::Whole(Filter::RootRun(self.inner(depth, &span)?)),
            "any_run" => Condition::Whole(Filter::AnyRun(self.inner(depth, &span)?)),
            leaf => {
                self.n_conditions += 1;
                check_count(self.n_conditions, &span)?;
                self.leaf(leaf, span)?
            }
        };
        self.expect(Token::Close, &format!("at the end of {name}(…)"))?;
        Ok(condition)
    }

    fn inner(&mut self, depth: usize, span: &Range<usize>) -> Result<Box<Filter>, FilterError> {
        check_depth(depth, span)?;
        Ok(Box::new(self.call(depth + 1)?.into_filter()))
    }

    fn calls(&mut self, depth: usize, span: &Range<usize>) -> Result<Vec<Condition>, FilterError> {
        check_depth(depth, span)?;
        let mut conditions = Vec::new();
        if self.peek()?.0 == Token::Close {
            return Ok(conditions);
        }
        loop {
            conditions.push(self.call(depth + 1)?);
            if self.peek()?.0 != Token::Comma {
                return Ok(conditions);
            }
            self.next()?;
        }
    }

    /// A call without conditions inside, after its opening parenthesis.
    fn leaf(&mut self, function: &str, span: Range<usize>) -> Result<Condition, FilterError> {
        match function {
            "has" => self.has(),
            "exists" => self.exists(),
            "search" => self.search(),
            "like" => {
                let (info, field_span) = self.field()?;
                check_like(info, &field_span)?;
                self.comma(r#"like(name, "search_%")"#)?;
                let (pattern, span) = self.quoted("a pattern in quotes, such as \"search_%\"")?;
                check_pattern(&pattern, span)?;
                Ok(match info.subject {
                    Subject::Field(field) => Condition::Whole(Filter::Like { field, pattern }),
                    Subject::Row(rows, part) => Condition::Row(rows, PairTest { part, test: TestKind::Like(pattern) }),
                })
            }
            "in" => self.is_in(),
            name => {
                let comparison = comparison(name).ok_or_else(|| unknown_function(name, span))?;
                self.compare(name, comparison)
            }
        }
    }

    fn compare(&mut self, function: &str, comparison: Comparison) -> Result<Condition, FilterError> {
        let (token, span) = self.peek()?;
        let is_execution_order = matches!(token, Token::Word("execution_order"))
            || matches!(&token, Token::Text(text) if text == "execution_order");
        if is_execution_order {
            self.next()?;
            self.comma("eq(execution_order, 1)")?;
            return self.execution_order(comparison, span);
        }
        let (info, span) = self.field()?;
        check_comparison(info, comparison, &span)?;
        self.comma(&format!("{function}({}, …)", info.name))?;
        let (value, span) = self.value(info.kind)?;
        check_null(comparison, &value, span)?;
        Ok(match info.subject {
            Subject::Field(field) => Condition::Whole(Filter::Compare { field, comparison, value }),
            Subject::Row(rows, part) => {
                Condition::Row(rows, PairTest { part, test: TestKind::Compare(comparison, value) })
            }
        })
    }

    /// The old spelling of "is a root run".
    fn execution_order(&mut self, comparison: Comparison, span: Range<usize>) -> Result<Condition, FilterError> {
        let (value, value_span) = self.value(Kind::Count)?;
        if !matches!(comparison, Comparison::Eq | Comparison::Neq) || value != Literal::Count(1) {
            return Err(FilterError::new(
                span.start..value_span.end,
                "Of execution_order only eq(execution_order, 1) is known: the root runs.",
            ));
        }
        Ok(Condition::Whole(Filter::Compare { field: Field::IsRoot, comparison, value: Literal::Bool(true) }))
    }

    fn is_in(&mut self) -> Result<Condition, FilterError> {
        let (info, _) = self.field()?;
        self.comma(&format!("in({}, […])", info.name))?;
        self.expect(Token::OpenList, "before the values")?;
        let mut values = Vec::new();
        if self.peek()?.0 != Token::CloseList {
            loop {
                let (value, span) = self.value(info.kind)?;
                if value == Literal::Null {
                    return Err(FilterError::new(span, "A list holds no null; ask with eq(…, null) beside it."));
                }
                values.push(value);
                if self.peek()?.0 != Token::Comma {
                    break;
                }
                self.next()?;
            }
        }
        self.expect(Token::CloseList, "or a comma after a value")?;
        Ok(match info.subject {
            Subject::Field(field) => Condition::Whole(Filter::In { field, values }),
            Subject::Row(rows, part) => Condition::Row(rows, PairTest { part, test: TestKind::In(values) }),
        })
    }

    fn has(&mut self) -> Result<Condition, FilterError> {
        let (name, span) = self.name("tags or metadata")?;
        match name.as_str() {
            "tags" => {
                self.comma(r#"has(tags, "beta")"#)?;
                let (tag, _) = self.quoted("a tag in quotes")?;
                let (comparison, value) = (Comparison::Eq, Literal::Text(tag));
                Ok(Condition::Whole(Filter::Compare { field: Field::Tags, comparison, value }))
            }
            "metadata" => {
                self.comma(r#"has(metadata, '{"env": "prod"}')"#)?;
                let (json, span) = self.quoted(r#"a JSON object in quotes, such as '{"env": "prod"}'"#)?;
                match serde_json::from_str(&json) {
                    Ok(entries) => Ok(Condition::Whole(Filter::MetadataContains(entries))),
                    Err(_) => Err(FilterError::new(
                        span,
                        "This is not a JSON object such as '{\"env\": \"prod\"}'. To ask for a key: exists(metadata, \"env\").",
                    )),
                }
            }
            _ => Err(FilterError::new(span, format!("has looks at tags or metadata, not at {}.", quote(&name)))),
        }
    }

    fn exists(&mut self) -> Result<Condition, FilterError> {
        let (name, span) = self.name("metadata")?;
        if name != "metadata" {
            let message = format!(
                "exists looks at metadata, not at {}. Whether a field has a value is asked with neq(…, null).",
                quote(&name)
            );
            return Err(FilterError::new(span, message));
        }
        self.comma(r#"exists(metadata, "env")"#)?;
        let (key, _) = self.quoted("a key in quotes")?;
        let test = TestKind::Compare(Comparison::Eq, Literal::Text(key));
        // Complete in itself: it asks for a key, whatever is asked beside it.
        let condition = Condition::Row(PairRows::Metadata, PairTest { part: PairPart::Key, test });
        Ok(Condition::Whole(condition.into_filter()))
    }

    fn search(&mut self) -> Result<Condition, FilterError> {
        let (token, span) = self.next()?;
        let (within, text, span) = match (token, self.peek()?.0) {
            (Token::Text(text), Token::Comma) => self.search_within(&text, span)?,
            (Token::Text(text), _) => (None, text, span),
            (Token::Word(word), _) => self.search_within(word, span)?,
            (token, _) => {
                let message = format!("Expected the text to search for, in quotes, not {}.", token.describe());
                return Err(FilterError::new(span, message));
            }
        };
        search(within, text, span).map(Condition::Whole)
    }

    fn search_within(
        &mut self,
        name: &str,
        span: Range<usize>,
    ) -> Result<(Option<TextPart>, String, Range<usize>), FilterError> {
        let part = TEXT_PARTS.iter().find(|(_, call, short)| [*call, *short].contains(&name));
        let Some((part, ..)) = part else {
            let hint = suggestion(name, TEXT_PARTS.iter().map(|(_, call, _)| *call));
            let message = format!("search looks in inputs, outputs, error or name, not in {}.{hint}", quote(name));
            return Err(FilterError::new(span, message));
        };
        self.comma(r#"search(inputs, "refund")"#)?;
        let (text, span) = self.quoted("the text to search for, in quotes")?;
        Ok((Some(*part), text, span))
    }

    fn comma(&mut self, example: &str) -> Result<(), FilterError> {
        self.expect(Token::Comma, &format!("as in {example}")).map(drop)
    }

    /// A bare name, or the same in quotes.
    fn name(&mut self, expected: &str) -> Result<(String, Range<usize>), FilterError> {
        match self.next()? {
            (Token::Word(name), span) => Ok((name.to_owned(), span)),
            (Token::Text(name), span) => Ok((name, span)),
            (token, span) => Err(FilterError::new(span, format!("Expected {expected}, not {}.", token.describe()))),
        }
    }

    fn field(&mut self) -> Result<(&'static FieldInfo, Range<usize>), FilterError> {
        let (name, span) = self.name("a field, such as status")?;
        match fields::find_in(self.fields, &name) {
            Some(info) => Ok((info, span)),
            None => Err(unknown_field(&name, span, self.fields.iter().map(|info| info.name))),
        }
    }

    fn quoted(&mut self, expected: &str) -> Result<(String, Range<usize>), FilterError> {
        match self.next()? {
            (Token::Text(text), span) => Ok((text, span)),
            (token, span) => Err(FilterError::new(span, format!("Expected {expected}, not {}.", token.describe()))),
        }
    }

    fn value(&mut self, kind: Kind) -> Result<(Literal, Range<usize>), FilterError> {
        let (token, span) = self.next()?;
        let raw = match &token {
            Token::Text(text) => Raw::Text(text),
            Token::Number(number) => Raw::Number(number),
            Token::Word(word) if word.eq_ignore_ascii_case("true") => Raw::Bool(true),
            Token::Word(word) if word.eq_ignore_ascii_case("false") => Raw::Bool(false),
            // Python programs print their filters with `None`.
            Token::Word(word) if word.eq_ignore_ascii_case("null") || *word == "None" => Raw::Null,
            Token::Word(word) => {
                let message = format!("Texts stand in quotes: \"{word}\".");
                return Err(FilterError::new(span, message));
            }
            token => {
                let message = format!("Expected a value, not {}.", token.describe());
                return Err(FilterError::new(span, message));
            }
        };
        match literal(kind, raw) {
            Ok(value) => Ok((value, span)),
            Err(message) => Err(FilterError::new(span, message)),
        }
    }
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        "eq" => Comparison::Eq,
        "neq" => Comparison::Neq,
        "gt" => Comparison::Gt,
        "gte" => Comparison::Gte,
        "lt" => Comparison::Lt,
        "lte" => Comparison::Lte,
        _ => return None,
    })
}

fn unknown_function(name: &str, span: Range<usize>) -> FilterError {
    let hint = match fields::find(name) {
        Some(info) => format!(" It is a field: eq({}, …).", info.name),
        None => suggestion(name, FUNCTIONS.iter().map(|function| function.name)),
    };
    FilterError::new(span, format!("There is no function {}.{hint}", quote(name)))
}

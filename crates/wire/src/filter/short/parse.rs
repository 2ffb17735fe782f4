//! Reads the short form.

use super::condition;
use super::names::{self, Name};
use super::scan::{Head, ends_word, is_call, scan_head, scan_operator, scan_values};
use crate::filter::ast::{Comparison, Filter};
use crate::filter::build::is_eq;
use crate::filter::checks::{check_count, check_depth, check_size, search};
use crate::filter::error::{FilterError, quote, suggestion};
use crate::filter::lex::unquote;
use crate::filter::words::quoted;
use crate::filter::{FUNCTIONS, parse as parse_calls};
use std::ops::Range;

/// Reads the short form, or calls when the text starts like one. Blank text is [`Filter::ALL`].
pub fn parse(text: &str) -> Result<Filter, FilterError> {
    if is_call(text) {
        return parse_calls(text);
    }
    check_size(text)?;
    let mut parser = Parser { text, position: 0, n_conditions: 0 };
    parser.skip_space();
    if parser.rest().is_empty() {
        return Ok(Filter::ALL);
    }
    let filter = parser.query(0)?;
    match parser.rest().is_empty() {
        true => Ok(filter),
        false => Err(FilterError::new(parser.here(), "This bracket closes nothing.")),
    }
}

struct Parser<'a> {
    text: &'a str,
    position: usize,
    n_conditions: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    /// The next character, or the end.
    fn here(&self) -> Range<usize> {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        self.position..self.position + length
    }

    fn skip_space(&mut self) {
        self.position = self.text.len() - self.rest().trim_start().len();
    }

    /// Passes over the keyword when it stands here as a word.
    fn eat(&mut self, keyword: &str) -> bool {
        let is_here = self.rest().strip_prefix(keyword).is_some_and(|after| after.chars().next().is_none_or(ends_word));
        if is_here {
            self.position += keyword.len();
            self.skip_space();
        }
        is_here
    }

    /// Conjunctions with `OR` between.
    fn query(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let mut any = vec![self.conjunction(depth)?];
        while self.eat("OR") {
            any.push(self.conjunction(depth)?);
        }
        Ok(Filter::any_of(any))
    }

    /// Up to `OR`, a closing bracket or the end.
    fn conjunction(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let mut all = Vec::new();
        loop {
            self.skip_space();
            let is_expected = all.is_empty() || self.eat("AND");
            let start = self.position;
            let is_over = self.rest().is_empty() || self.rest().starts_with(')') || self.eat("OR");
            if is_over {
                let is_complete = !is_expected;
                self.position = start;
                if is_complete {
                    return Ok(Filter::all_of(all));
                }
                return Err(FilterError::new(self.here(), "Expected a condition here, such as status:error."));
            }
            all.push(self.item(depth)?);
        }
    }

    fn item(&mut self, depth: usize) -> Result<Filter, FilterError> {
        check_depth(depth, &self.here())?;
        if self.eat("NOT") {
            return Ok(Filter::Not(Box::new(self.operand("NOT", depth)?)));
        }
        if self.rest().starts_with('-') {
            self.position += 1;
            if let Some(head) = scan_head(self.text, self.position) {
                return self.condition(head).map(opposite);
            }
            return Ok(Filter::Not(Box::new(self.operand("-", depth)?)));
        }
        if self.rest().starts_with('(') {
            return self.group(depth);
        }
        if let Some(head) = scan_head(self.text, self.position) {
            return self.condition(head);
        }
        let start = self.position;
        if self.rest().starts_with('"') {
            let (text, end) = unquote(self.text, start)?;
            self.position = end;
            return self.search(quoted(&text), start);
        }
        let length = self.rest().find(ends_word).unwrap_or(self.rest().len());
        let word = &self.rest()[..length];
        self.position += length;
        match (word, self.rest().starts_with('(')) {
            (word, false) => self.search(word.to_owned(), start),
            ("any", true) => Ok(Filter::AnyRun(Box::new(self.group(depth)?))),
            ("root", true) => Ok(Filter::RootRun(Box::new(self.group(depth)?))),
            (word, true) => Err(not_a_function(word, start..self.position)),
        }
    }

    /// What a negation is of.
    fn operand(&mut self, negation: &str, depth: usize) -> Result<Filter, FilterError> {
        let is_missing =
            self.rest().is_empty() || self.rest().starts_with(|char: char| char.is_whitespace() || char == ')');
        match is_missing {
            true => Err(FilterError::new(self.here(), format!("After {negation} comes what is excluded."))),
            false => self.item(depth + 1),
        }
    }

    fn group(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let open = self.here();
        self.position += 1;
        let filter = self.query(depth + 1)?;
        if !self.rest().starts_with(')') {
            return Err(FilterError::new(open, "This bracket is never closed."));
        }
        self.position += 1;
        Ok(filter)
    }

    fn condition(&mut self, head: Head) -> Result<Filter, FilterError> {
        self.n_conditions += 1;
        check_count(self.n_conditions, &head.span)?;
        let Some(name) = names::find(head.name) else {
            let hint = suggestion(head.name, names::all());
            let message = format!(
                "There is no field {}.{hint} A text to search for with a colon stands in quotes.",
                quote(head.name)
            );
            return Err(FilterError::new(head.span, message));
        };
        let (operator, length) = scan_operator(&self.text[head.span.end + 1..]);
        let values = scan_values(self.text, head.span.end + 1 + length)?;
        self.position = values.span.end;
        if values.values.is_empty() {
            let example = match name {
                Name::Field(info) => format!(", as in {}", info.example),
                _ => String::new(),
            };
            let message =
                format!("Expected a value after {}{example}.", &self.text[head.span.start..values.span.start]);
            return Err(FilterError::new(values.span, message));
        }
        if self.rest().starts_with('(') {
            return Err(FilterError::new(values.span, "A value with brackets stands in quotes."));
        }
        condition::read(name, head, operator, values)
    }

    fn search(&mut self, text: String, start: usize) -> Result<Filter, FilterError> {
        let span = start..self.position;
        self.n_conditions += 1;
        check_count(self.n_conditions, &span)?;
        search(None, text, span)
    }
}

/// The condition with a `-` before it. Equality becomes inequality; anything else is wrapped in [`Filter::Not`].
pub(super) fn opposite(filter: Filter) -> Filter {
    match filter {
        Filter::Compare { field, comparison: Comparison::Eq, value } => {
            Filter::Compare { field, comparison: Comparison::Neq, value }
        }
        Filter::Compare { field, comparison: Comparison::Neq, value } => {
            Filter::Compare { field, comparison: Comparison::Eq, value }
        }
        Filter::Pair(mut pair) if pair.tests.iter().all(|test| is_eq(&test.test)) => {
            pair.is_negated = !pair.is_negated;
            Filter::Pair(pair)
        }
        other => Filter::Not(Box::new(other)),
    }
}

fn not_a_function(word: &str, span: Range<usize>) -> FilterError {
    let known = ["any", "root"].into_iter();
    let hint = match FUNCTIONS.iter().any(|function| function.name == word) {
        true => " Calls stand alone: either the whole filter is calls, or none of it is.".to_owned(),
        false => suggestion(word, known.chain(FUNCTIONS.iter().map(|function| function.name))),
    };
    let message = format!("There is no {}(…) here.{hint} A text to search for with brackets stands in quotes.", word);
    FilterError::new(span, message)
}

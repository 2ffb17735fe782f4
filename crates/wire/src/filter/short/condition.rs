//! One condition of the short form: what stands before the colon, the operator and the values.

use super::names::{self, Name};
use super::scan::{Head, Operator, Value, Values};
use crate::filter::ast::{Comparison, Field, Filter, Literal, PairPart, PairRows, PairTest, TestKind, TextPart};
use crate::filter::build::pair;
use crate::filter::checks::{check_comparison, check_like, check_null, check_pattern, search};
use crate::filter::error::{FilterError, quote};
use crate::filter::fields::{self, FieldInfo, Kind, Subject, TEXT_PARTS};
use crate::filter::value::{Raw, literal};
use crate::filter::words::quoted;
use std::ops::Range;

/// Reads the condition. `values` is not empty.
pub(super) fn read(name: Name, head: Head, operator: Operator, values: Values) -> Result<Filter, FilterError> {
    if let (Some(key), false) = (&head.key, matches!(name, Name::Search)) {
        let Some(info) = names::keyed(name) else {
            let message =
                format!("{} has no parts; a dot goes with meta, input, output, feedback, score and search.", head.name);
            return Err(FilterError::new(head.span, message));
        };
        let info = match info.subject {
            // People mean the score when they compare feedback with a number.
            Subject::Row(PairRows::Feedback, PairPart::Value)
                if head.name.eq_ignore_ascii_case("feedback") && is_numeric(operator, &values) =>
            {
                fields::info(Subject::Row(PairRows::Feedback, PairPart::Score))
            }
            _ => info,
        };
        let place = Place { info, key: Some(key.clone()), span: head.span };
        return place.read(operator, values);
    }
    match name {
        Name::Field(info) => Place { info, key: None, span: head.span }.read(operator, values),
        Name::Part(part, rows) => read_part(part, rows, head.span, operator, values),
        Name::Search => read_search(head, operator, values),
        Name::After => started(Comparison::Gte, operator, values),
        Name::Before => started(Comparison::Lt, operator, values),
        Name::Has => has(operator, values),
        Name::Is => is(operator, values),
    }
}

/// What is compared: a field, or a part of rows, perhaps of those with a key.
struct Place {
    info: &'static FieldInfo,
    key: Option<String>,
    span: Range<usize>,
}

impl Place {
    fn read(&self, operator: Operator, values: Values) -> Result<Filter, FilterError> {
        if is_presence(operator, &values) {
            return Ok(self.is_present());
        }
        if let Some(range) = self.range(operator, &values)? {
            return Ok(self.all(range));
        }
        match operator {
            Operator::None => self.one_of(Operator::None, &values),
            Operator::Compare(Comparison::Eq) => self.one_of(operator, &values),
            Operator::Compare(comparison) => {
                let value = single(&values)?;
                check_comparison(self.info, comparison, &self.span)?;
                let literal = self.literal(operator, value)?;
                check_null(comparison, &literal, value.span.clone())?;
                Ok(self.all(vec![TestKind::Compare(comparison, literal)]))
            }
            Operator::Like => {
                let value = single(&values)?;
                check_like(self.info, &self.span)?;
                check_pattern(&value.text, value.span.clone())?;
                Ok(self.all(vec![TestKind::Like(value.text.clone())]))
            }
        }
    }

    /// Equal to one of the values, or fitting one when it has a wildcard.
    fn one_of(&self, operator: Operator, values: &Values) -> Result<Filter, FilterError> {
        let is_search = self.info.subject == Subject::Field(Field::Error) && operator == Operator::None;
        let has_wildcards = operator == Operator::None && values.values.iter().any(Value::has_wildcard);
        if is_search || has_wildcards {
            let each = values.values.iter().map(|value| match value.has_wildcard() {
                true => self.fits(value),
                false if is_search => search(Some(TextPart::Error), words_of(value), value.span.clone()),
                false => Ok(self.all(vec![TestKind::Compare(Comparison::Eq, self.literal(operator, value)?)])),
            });
            return Ok(Filter::any_of(each.collect::<Result<Vec<_>, _>>()?));
        }
        let literals =
            values.values.iter().map(|value| self.literal(operator, value)).collect::<Result<Vec<_>, FilterError>>()?;
        if values.is_list {
            let null = literals.iter().position(|literal| *literal == Literal::Null);
            if let Some(idx) = null {
                let message = "A list holds no null; ask for it in a condition of its own.";
                return Err(FilterError::new(values.values[idx].span.clone(), message));
            }
            return Ok(self.all(vec![TestKind::In(literals)]));
        }
        Ok(self.all(literals.into_iter().map(|literal| TestKind::Compare(Comparison::Eq, literal)).collect()))
    }

    fn fits(&self, value: &Value) -> Result<Filter, FilterError> {
        check_like(self.info, &self.span)?;
        check_pattern(&value.text, value.span.clone())?;
        Ok(self.all(vec![TestKind::Like(value.text.replace('*', "%"))]))
    }

    /// `1s..5s`, both included; one end may be left out.
    fn range(&self, operator: Operator, values: &Values) -> Result<Option<Vec<TestKind>>, FilterError> {
        let [value] = values.values.as_slice() else { return Ok(None) };
        let Some((from, to)) = value.text.split_once("..") else { return Ok(None) };
        let is_number = |text: &str| text.is_empty() || text.parse::<f64>().is_ok();
        let is_range = match self.info.kind {
            Kind::Any => is_number(from) && is_number(to),
            kind => kind.is_ordered(),
        };
        if operator != Operator::None
            || value.is_quoted
            || values.is_list
            || !is_range
            || (from.is_empty() && to.is_empty())
        {
            return Ok(None);
        }
        let middle = value.span.start + from.len();
        let ends =
            [(Comparison::Gte, from, value.span.start..middle), (Comparison::Lte, to, middle + 2..value.span.end)];
        let mut tests = Vec::new();
        for (comparison, text, span) in ends.into_iter().filter(|(_, text, _)| !text.is_empty()) {
            let end = Value { text: text.to_owned(), is_quoted: false, span };
            tests.push(TestKind::Compare(comparison, self.literal(Operator::Compare(comparison), &end)?));
        }
        Ok(Some(tests))
    }

    fn literal(&self, operator: Operator, value: &Value) -> Result<Literal, FilterError> {
        let text = value.text.as_str();
        // Without an operator `3` may be the text or the number: texts compare with both. Who writes `=3` means the number.
        let is_typed = operator != Operator::None && !value.is_quoted;
        let raw = match (self.info.kind, text) {
            (Kind::Any | Kind::Score, "null") if is_typed => Raw::Null,
            (Kind::Any, "true") if is_typed => Raw::Bool(true),
            (Kind::Any, "false") if is_typed => Raw::Bool(false),
            (Kind::Any, number) if is_typed && number.parse::<f64>().is_ok_and(f64::is_finite) => Raw::Number(number),
            (_, text) => Raw::Text(text),
        };
        literal(self.info.kind, raw).map_err(|message| FilterError::new(value.span.clone(), message))
    }

    /// All tests hold, of the field or of one row.
    fn all(&self, tests: Vec<TestKind>) -> Filter {
        match self.info.subject {
            Subject::Field(field) => Filter::all_of(tests.into_iter().map(|test| match test {
                TestKind::Compare(comparison, value) => Filter::Compare { field, comparison, value },
                TestKind::In(values) => Filter::In { field, values },
                TestKind::Like(pattern) => Filter::Like { field, pattern },
            })),
            Subject::Row(rows, part) => {
                let tests = tests.into_iter().map(|test| PairTest { part, test });
                pair(rows, self.key_test().into_iter().chain(tests).collect())
            }
        }
    }

    fn key_test(&self) -> Option<PairTest> {
        let key = Literal::Text(self.key.clone()?);
        Some(PairTest { part: PairPart::Key, test: TestKind::Compare(Comparison::Eq, key) })
    }

    fn is_present(&self) -> Filter {
        match (self.info.subject, &self.key) {
            // The row is there: its key says so.
            (Subject::Row(_, PairPart::Value), Some(_)) => self.all(Vec::new()),
            (Subject::Row(_, PairPart::Key), _) => self.all(vec![TestKind::Like("%".to_owned())]),
            _ => self.all(vec![TestKind::Compare(Comparison::Neq, Literal::Null)]),
        }
    }
}

/// `input:refund` searches; operators, wildcards and ranges look at the values one by one.
fn read_part(
    part: TextPart,
    rows: PairRows,
    span: Range<usize>,
    operator: Operator,
    values: Values,
) -> Result<Filter, FilterError> {
    let on = |part: PairPart| Place { info: fields::info(Subject::Row(rows, part)), key: None, span: span.clone() };
    if is_presence(operator, &values) {
        return Ok(on(PairPart::Key).is_present());
    }
    if operator != Operator::None || values.values.iter().any(Value::has_wildcard) {
        return on(PairPart::Value).read(operator, values);
    }
    let each = values.values.into_iter().map(|value| search(Some(part), words_of(&value), value.span));
    Ok(Filter::any_of(each.collect::<Result<Vec<_>, _>>()?))
}

/// The text to search for: quotes keep words side by side.
fn words_of(value: &Value) -> String {
    if value.is_quoted { quoted(&value.text) } else { value.text.clone() }
}

/// `search:"late refund"` takes what `search("late refund")` takes, quotes inside included.
fn read_search(head: Head, operator: Operator, values: Values) -> Result<Filter, FilterError> {
    no_operator(operator, &values)?;
    let within = match &head.key {
        None => None,
        Some(key) => {
            let part = TEXT_PARTS.iter().find(|(_, call, short)| [*call, *short].contains(&key.as_str()));
            let message = || format!("search looks in inputs, outputs, error or name, not in {}.", quote(key));
            Some(part.ok_or_else(|| FilterError::new(head.span.clone(), message()))?.0)
        }
    };
    let each = values.values.into_iter().map(|value| search(within, value.text, value.span));
    Ok(Filter::any_of(each.collect::<Result<Vec<_>, _>>()?))
}

fn started(comparison: Comparison, operator: Operator, values: Values) -> Result<Filter, FilterError> {
    no_operator(operator, &values)?;
    let value = single(&values)?;
    match literal(Kind::Time, Raw::Text(&value.text)) {
        Ok(value) => Ok(Filter::Compare { field: Field::StartTime, comparison, value }),
        Err(message) => Err(FilterError::new(value.span.clone(), message)),
    }
}

/// `has:feedback` is `feedback:*`.
fn has(operator: Operator, values: Values) -> Result<Filter, FilterError> {
    no_operator(operator, &values)?;
    let value = single(&values)?;
    let info = match names::find(&value.text) {
        Some(Name::Field(info)) => info,
        Some(Name::Part(_, rows)) => fields::info(Subject::Row(rows, PairPart::Key)),
        _ => {
            let message = format!(
                "{} is nothing that a run has: try error, feedback, parent, tag or thread.",
                quote(&value.text)
            );
            return Err(FilterError::new(value.span.clone(), message));
        }
    };
    Ok(Place { info, key: None, span: value.span.clone() }.is_present())
}

fn is(operator: Operator, values: Values) -> Result<Filter, FilterError> {
    no_operator(operator, &values)?;
    let value = single(&values)?;
    if !value.text.eq_ignore_ascii_case("root") {
        let message = format!("A run is:root or it is not; {} means nothing here.", quote(&value.text));
        return Err(FilterError::new(value.span.clone(), message));
    }
    Ok(Filter::Compare { field: Field::IsRoot, comparison: Comparison::Eq, value: Literal::Bool(true) })
}

fn no_operator(operator: Operator, values: &Values) -> Result<(), FilterError> {
    match operator {
        Operator::None => Ok(()),
        _ => Err(FilterError::new(values.span.clone(), "No sign goes before this value.")),
    }
}

fn single(values: &Values) -> Result<&Value, FilterError> {
    match values.values.as_slice() {
        [value] if !values.is_list => Ok(value),
        _ => Err(FilterError::new(values.span.clone(), "One value goes here, not a list.")),
    }
}

/// `field:*`.
fn is_presence(operator: Operator, values: &Values) -> bool {
    let is_star = |value: &Value| value.text == "*" && !value.is_quoted;
    operator == Operator::None && !values.is_list && values.values.iter().all(is_star)
}

/// Whether it is compared with numbers, by a sign or as a range.
fn is_numeric(operator: Operator, values: &Values) -> bool {
    let is_number = |value: &Value| {
        let parts = value.text.split_once("..").map_or(vec![value.text.as_str()], |(from, to)| vec![from, to]);
        let is_range = parts.len() == 2;
        let is_number = |text: &str| text.parse::<f64>().is_ok() || (is_range && text.is_empty());
        !value.is_quoted && (is_range || operator != Operator::None) && parts.into_iter().all(is_number)
    };
    operator != Operator::Like && values.values.iter().all(is_number)
}

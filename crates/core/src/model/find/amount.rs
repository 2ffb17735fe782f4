//! Figures as people type them: `>2s`, `1s..5s`, `<=0.01`, `10k..`.

/// A range of figures, in nanoseconds, dollars or pieces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AmountRange {
    pub least: f64,
    pub most: f64,
    /// The ends do not belong to it.
    pub is_open: bool,
}

impl AmountRange {
    pub fn contains(self, amount: f64) -> bool {
        if self.is_open {
            self.least < amount && amount < self.most
        } else {
            self.least <= amount && amount <= self.most
        }
    }
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Time,
    Dollars,
    Count,
}

/// Reads a comparison, or says how one is written.
pub fn read_range(text: &str, unit: Unit) -> Result<AmountRange, String> {
    let example = match unit {
        Unit::Time => ">2s, <=200ms or 1s..5s",
        Unit::Dollars => ">0.01 or 0.01..0.05",
        Unit::Count => ">1000 or 1k..10k",
    };
    let expected = || format!("“{text}” is no comparison: write {example}");
    let amount = |text: &str| read_amount(text.trim(), unit).ok_or_else(expected);
    let (least, most) = (f64::NEG_INFINITY, f64::INFINITY);
    if let Some(rest) = text.strip_prefix(">=") {
        return Ok(AmountRange { least: amount(rest)?, most, is_open: false });
    }
    if let Some(rest) = text.strip_prefix("<=") {
        return Ok(AmountRange { least, most: amount(rest)?, is_open: false });
    }
    if let Some(rest) = text.strip_prefix('>') {
        return Ok(AmountRange { least: amount(rest)?, most, is_open: true });
    }
    if let Some(rest) = text.strip_prefix('<') {
        return Ok(AmountRange { least, most: amount(rest)?, is_open: true });
    }
    let (from, to) = text.split_once("..").ok_or_else(expected)?;
    if from.is_empty() && to.is_empty() {
        return Err(expected());
    }
    let least = if from.is_empty() { least } else { amount(from)? };
    let most = if to.is_empty() { most } else { amount(to)? };
    Ok(AmountRange { least, most, is_open: false })
}

fn read_amount(text: &str, unit: Unit) -> Option<f64> {
    const TIMES: [(&str, f64); 8] =
        [("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("min", 60e9), ("s", 1e9), ("m", 60e9), ("h", 3600e9)];
    const COUNTS: [(&str, f64); 3] = [("k", 1e3), ("K", 1e3), ("M", 1e6)];
    let (units, usual): (&[(&str, f64)], f64) = match unit {
        Unit::Time => (&TIMES, 1e9),
        Unit::Count => (&COUNTS, 1.0),
        Unit::Dollars => (&[], 1.0),
    };
    let text = if unit == Unit::Dollars { text.strip_prefix('$').unwrap_or(text) } else { text };
    let of_unit = units.iter().find_map(|&(suffix, factor)| Some((text.strip_suffix(suffix)?, factor)));
    let (number, factor) = of_unit.unwrap_or((text, usual));
    let starts_well = number.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    number
        .trim_end()
        .parse::<f64>()
        .ok()
        .filter(|number| starts_well && number.is_finite())
        .map(|number| number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, unit: Unit, inside: &[f64], outside: &[f64]) {
        let range = read_range(text, unit).expect("a comparison");
        assert!(inside.iter().all(|&amount| range.contains(amount)), "{text}");
        assert!(!outside.iter().any(|&amount| range.contains(amount)), "{text}");
    }

    #[test]
    fn comparisons_and_ranges_are_read() {
        check(">2s", Unit::Time, &[2.1e9], &[2e9, 1.0]);
        check(">=2", Unit::Time, &[2e9], &[1.9e9]);
        check("<200ms", Unit::Time, &[0.0, 1.9e8], &[2e8]);
        check("1s..1.5min", Unit::Time, &[1e9, 9e10], &[0.9e9, 9.1e10]);
        check("..$0.05", Unit::Dollars, &[0.0, 0.05], &[0.06]);
        check("10k..", Unit::Count, &[1e4], &[9999.0]);
    }

    #[test]
    fn anything_else_says_how_it_is_written() {
        for text in ["", "2s", ">", ">two", "..", ">-1s", ">inf", ">NaN", "a..b"] {
            assert!(
                read_range(text, Unit::Time).is_err_and(|message| message.ends_with("write >2s, <=200ms or 1s..5s")),
                "{text}"
            );
        }
    }
}

//! Money as an exact decimal: SDK tests compare costs with `Decimal`, so binary noise must never show.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};
use std::str::FromStr;

/// US dollars in units of 10⁻¹² (picodollars): exact for every published price per token, up to ±9.2 million dollars.
///
/// Prints as a plain decimal (`0.000001`), reads decimals with or without an exponent and rounds what is finer than
/// 10⁻¹². Additions saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd {
    pub picodollars: i64,
}

const PICO_PER_DOLLAR: i64 = 1_000_000_000_000;

impl Usd {
    pub const ZERO: Usd = Usd { picodollars: 0 };

    pub fn from_pico(picodollars: i64) -> Self {
        Usd { picodollars }
    }

    /// For arithmetic that need not be exact, such as bar lengths.
    pub fn to_f64(self) -> f64 {
        self.picodollars as f64 / PICO_PER_DOLLAR as f64
    }
}

/// The text is not a decimal number, or is too large for [`Usd`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidUsd;

impl fmt::Display for InvalidUsd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an amount of money")
    }
}

impl std::error::Error for InvalidUsd {}

impl FromStr for Usd {
    type Err = InvalidUsd;

    fn from_str(text: &str) -> Result<Self, InvalidUsd> {
        let (mantissa, exponent) = match text.trim().split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| InvalidUsd)?),
            None => (text.trim(), 0),
        };
        let (is_negative, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !is_number(whole) || !is_number(fraction) {
            return Err(InvalidUsd);
        }
        let significant = format!("{whole}{fraction}");
        let significant = significant.trim_start_matches('0');
        if significant.is_empty() {
            return Ok(Usd::ZERO);
        }
        // value = significant × 10^shift picodollars
        let shift = exponent.saturating_sub(i32::try_from(fraction.len()).map_err(|_| InvalidUsd)?).saturating_add(12);
        let n_digits = i32::try_from(significant.len()).map_err(|_| InvalidUsd)?;
        if n_digits.saturating_add(shift) > 19 {
            return Err(InvalidUsd);
        }
        let pico: i128 = if shift >= 0 {
            significant.parse::<i128>().map_err(|_| InvalidUsd)? * 10i128.pow(shift.unsigned_abs())
        } else {
            let kept = n_digits.saturating_add(shift);
            if kept < 0 {
                0
            } else {
                let (head, tail) = significant.split_at(kept.unsigned_abs() as usize);
                let head = if head.is_empty() { 0 } else { head.parse::<i128>().map_err(|_| InvalidUsd)? };
                head + i128::from(tail.as_bytes()[0] >= b'5')
            }
        };
        let pico = i64::try_from(pico).map_err(|_| InvalidUsd)?;
        Ok(Usd { picodollars: if is_negative { -pico } else { pico } })
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.picodollars < 0 { "-" } else { "" };
        let pico = self.picodollars.unsigned_abs();
        let (dollars, rest) = (pico / PICO_PER_DOLLAR.unsigned_abs(), pico % PICO_PER_DOLLAR.unsigned_abs());
        if rest == 0 {
            return write!(f, "{sign}{dollars}");
        }
        let fraction = format!("{rest:012}");
        write!(f, "{sign}{dollars}.{}", fraction.trim_end_matches('0'))
    }
}

impl Add for Usd {
    type Output = Usd;
    fn add(self, other: Usd) -> Usd {
        Usd { picodollars: self.picodollars.saturating_add(other.picodollars) }
    }
}

impl AddAssign for Usd {
    fn add_assign(&mut self, other: Usd) {
        *self = *self + other;
    }
}

impl Sub for Usd {
    type Output = Usd;
    fn sub(self, other: Usd) -> Usd {
        Usd { picodollars: self.picodollars.saturating_sub(other.picodollars) }
    }
}

impl Neg for Usd {
    type Output = Usd;
    fn neg(self) -> Usd {
        Usd { picodollars: self.picodollars.saturating_neg() }
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Usd>>(iter: I) -> Usd {
        iter.fold(Usd::ZERO, Add::add)
    }
}

impl Serialize for Usd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Usd {
    /// Reads a decimal string or a JSON number; a number's shortest decimal form is taken, so `1e-06` is exact.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Usd;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount of money as a number or a decimal string")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Usd, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_i64<E: de::Error>(self, dollars: i64) -> Result<Usd, E> {
                dollars.to_string().parse().map_err(E::custom)
            }
            fn visit_u64<E: de::Error>(self, dollars: u64) -> Result<Usd, E> {
                dollars.to_string().parse().map_err(E::custom)
            }
            fn visit_f64<E: de::Error>(self, dollars: f64) -> Result<Usd, E> {
                dollars.to_string().parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(text.parse::<Usd>().map_or("refused".into(), |usd| usd.to_string()), expected);
    }

    #[test]
    fn decimals_and_exponents_are_exact() {
        check("0.000001", "0.000001");
        check("1e-06", "0.000001");
        check("3E-7", "0.0000003");
        check("1.5e2", "150");
        check("-0.25", "-0.25");
        check(".5", "0.5");
        check("0", "0");
        check("0e99", "0");
    }

    #[test]
    fn what_is_finer_than_a_picodollar_is_rounded() {
        check("0.0000000000005", "0.000000000001");
        check("0.0000000000004", "0");
        check("1e-400", "0");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", ".", "-", "NaN", "inf", "1e400", "99999999", "0x1", "1.2.3", "１"] {
            check(text, "refused");
        }
    }

    #[test]
    fn numbers_keep_their_shortest_decimal_form() {
        let usd: Usd = serde_json::from_str("1e-06").unwrap();
        assert_eq!(serde_json::to_string(&usd).unwrap(), "\"0.000001\"");
    }

    proptest! {
        #[test]
        fn printing_and_reading_gives_the_same_amount(picodollars in -9_000_000_000_000_000_000i64..9_000_000_000_000_000_000) {
            let usd = Usd { picodollars };
            prop_assert_eq!(usd.to_string().parse::<Usd>(), Ok(usd));
        }

        #[test]
        fn reading_never_panics(text in ".*") {
            let _ = text.parse::<Usd>();
        }
    }
}

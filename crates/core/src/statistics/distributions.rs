//! The distributions that intervals and tests are read from, to about twelve digits.

use std::f64::consts::PI;

/// Share of a standard normal distribution below `z`.
pub fn normal_below(z: f64) -> f64 {
    if z < 0.0 { normal_above(-z) } else { 1.0 - normal_above(z) }
}

/// Share of a standard normal distribution above `z`.
pub fn normal_above(z: f64) -> f64 {
    if z < 0.0 {
        return 1.0 - normal_above(-z);
    }
    let density = (-z * z / 2.0).exp() / (2.0 * PI).sqrt();
    if z < 4.0 {
        // Taylor's series around the middle.
        let (mut term, mut sum, mut odd) = (z, z, 1.0);
        while term > sum * 1e-17 {
            odd += 2.0;
            term *= z * z / odd;
            sum += term;
        }
        return 0.5 - density * sum;
    }
    // Laplace's continued fraction, from the inside out.
    density / (1..200).rev().fold(z, |below, n| z + f64::from(n) / below)
}

/// The `z` that this share of a standard normal distribution is below. `share` is between 0 and 1.
pub fn normal_quantile(share: f64) -> f64 {
    where_reached(share, normal_below)
}

/// Two-sided: how often Student's t with `df` degrees of freedom is at least this far from 0.
pub fn t_beyond(t: f64, df: f64) -> f64 {
    if !t.is_finite() {
        return 0.0;
    }
    // Both shares from `t`: with many degrees of freedom, one less the first keeps few digits of the second.
    beta_below(df / (df + t * t), t * t / (df + t * t), df / 2.0, 0.5)
}

/// The t that this share of Student's distribution with `df` degrees of freedom is below.
pub fn t_quantile(share: f64, df: f64) -> f64 {
    where_reached(share, |t| {
        let tail = t_beyond(t, df) / 2.0;
        if t < 0.0 { tail } else { 1.0 - tail }
    })
}

/// Where a growing function of the whole line reaches `share`.
fn where_reached(share: f64, below: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-1.0, 1.0);
    // One degree of freedom has the longest tails; the shares that are asked for end long before this.
    while low > -1e9 && below(low) > share {
        low *= 4.0;
    }
    while high < 1e9 && below(high) < share {
        high *= 4.0;
    }
    for _ in 0..64 {
        let middle = low + (high - low) / 2.0;
        if below(middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    low + (high - low) / 2.0
}

/// The regularised incomplete beta function: the share of the Beta(a, b) distribution below `x`.
pub fn beta_share(x: f64, a: f64, b: f64) -> f64 {
    beta_below(x, 1.0 - x, a, b)
}

/// As [`beta_share`]; `rest` is what `x` lacks to 1.
fn beta_below(x: f64, rest: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if rest <= 0.0 {
        return 1.0;
    }
    // The fraction converges fast on this side of the mean.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_below(rest, x, b, a);
    }
    // The logarithm of what is near 1 is read off the other, which has more digits.
    let ln = |of: f64, other: f64| if of < 0.5 { of.ln() } else { (-other).ln_1p() };
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * ln(x, rest) + b * ln(rest, x)).exp() / a;
    front * beta_fraction(x, a, b)
}

/// Lentz's way to sum the continued fraction of the incomplete beta function.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let not_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / not_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    // Steps grow with the square root of the parameters; a million runs take about a thousand.
    for n in 1..20_000 {
        let m = f64::from(n);
        for numerator in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / not_zero(1.0 + numerator * d);
            c = not_zero(1.0 + numerator / c);
            fraction *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

/// Lanczos' approximation of the logarithm of Γ, for positive `x`.
pub fn ln_gamma(x: f64) -> f64 {
    const G: f64 = 7.0;
    const COEFFICIENTS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        return (PI / (PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let sum = (1u32..).zip(&COEFFICIENTS[1..]).fold(COEFFICIENTS[0], |sum, (n, c)| sum + c / (x + f64::from(n)));
    let t = x + G + 0.5;
    0.5 * (2.0 * PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-11 * expected.abs().max(1e-3), "{value} instead of {expected}");
    }

    #[test]
    fn shares_are_those_of_the_tables() {
        check(normal_below(0.0), 0.5);
        check(normal_quantile(0.975), 1.959_963_984_540_054);
        check(normal_quantile(0.8), 0.841_621_233_572_914_2);
        check(t_quantile(0.975, 4.0), 2.776_445_105_197_793_6);
        check(t_beyond(0.0, 7.0), 1.0);
        check(ln_gamma(11.0), 3_628_800f64.ln());
        check(beta_share(0.5, 2.0, 2.0), 0.5);
    }

    #[test]
    fn many_degrees_of_freedom_take_no_digits() {
        let (share, df) = (0.501_079_647_031_798_3, 85_865.437_607_069_15);
        assert!((1.0 - t_beyond(t_quantile(share, df), df) / 2.0 - share).abs() < 1e-10);
    }

    #[test]
    fn nothing_is_beyond_infinity() {
        assert_eq!(t_beyond(f64::INFINITY, 5.0), 0.0);
        assert!(normal_above(40.0) >= 0.0 && normal_below(-40.0) < 1e-300);
    }

    proptest! {
        #[test]
        fn quantiles_are_where_the_share_is_reached(share in 0.001f64..0.999, df in 1.0f64..1e5) {
            prop_assert!((normal_below(normal_quantile(share)) - share).abs() < 1e-12);
            let t = t_quantile(share, df);
            let tail = t_beyond(t, df) / 2.0;
            let below = if t < 0.0 { tail } else { 1.0 - tail };
            prop_assert!((below - share).abs() < 1e-9);
        }
    }
}

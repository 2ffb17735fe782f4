//! The numbers are those of SciPy and statsmodels, as `statistics.py` wrote them down; and where there is no difference,
//! hardly ever is one found.

use fanlight_core::statistics::difference::Difference;
use fanlight_core::statistics::power::runs_needed;
use fanlight_core::statistics::{
    Aim, Estimate, Judged, Mean, Measured, Share, Verdict, holm, judge, mean, quantile, share,
};
use fanlight_wire::version_stats::{MeanStat, QuantileStat};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    shares: Vec<Shares>,
    means: Vec<Means>,
    corrections: Vec<Correction>,
    powers: Vec<Power>,
    quantiles: Vec<Quantile>,
}

#[derive(Deserialize)]
struct Shares {
    a: (u64, u64),
    b: (u64, u64),
    wilson_of_a: [f64; 2],
    newcombe: [f64; 2],
    p: f64,
}

#[derive(Deserialize)]
struct Means {
    a: (u64, f64, f64),
    b: (u64, f64, f64),
    interval_of_a: [f64; 2],
    welch: [f64; 2],
    p: f64,
}

#[derive(Deserialize)]
struct Correction {
    ps: Vec<f64>,
    holm: Vec<f64>,
}

#[derive(Deserialize)]
struct Power {
    effect: f64,
    alpha: f64,
    n: f64,
}

#[derive(Deserialize)]
struct Quantile {
    n: u64,
    rank: f64,
    exact: [Option<f64>; 2],
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("statistics.json")).expect("what statistics.py wrote")
}

#[track_caller]
fn assert_close(ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() <= 1e-9 + 1e-7 * theirs.abs(), "{ours} where it should be {theirs}");
}

fn bounds(estimate: Option<Estimate>) -> [f64; 2] {
    let estimate = estimate.expect("there are runs");
    [estimate.low.expect("a lower bound"), estimate.high.expect("an upper bound")]
}

#[test]
fn shares_are_those_of_statsmodels() {
    for case in golden().shares {
        let [a, b] = [case.a, case.b].map(|(n_yes, n)| Share { n_yes, n });
        let difference = share::difference(a, b).expect("there are runs");
        let wilson = bounds(a.estimate());
        for (ours, theirs) in [
            (wilson[0], case.wilson_of_a[0]),
            (wilson[1], case.wilson_of_a[1]),
            (difference.low, case.newcombe[0]),
            (difference.high, case.newcombe[1]),
            (difference.p, case.p),
        ] {
            assert_close(ours, theirs);
        }
    }
}

#[test]
fn means_are_those_of_scipy() {
    for case in golden().means {
        let [a, b] = [case.a, case.b].map(|(n, mean, variance)| Mean { n, mean, variance });
        let difference = mean::difference(a, b).expect("there are runs, and they differ");
        let own = bounds(a.estimate());
        for (ours, theirs) in [
            (own[0], case.interval_of_a[0]),
            (own[1], case.interval_of_a[1]),
            (difference.low, case.welch[0]),
            (difference.high, case.welch[1]),
            (difference.p, case.p),
        ] {
            assert_close(ours, theirs);
        }
    }
}

#[test]
fn corrections_and_power_are_those_of_statsmodels() {
    let golden = golden();
    for case in golden.corrections {
        let ours = holm::corrected(&case.ps);
        ours.iter().zip(&case.holm).for_each(|(ours, theirs)| assert_close(*ours, *theirs));
    }
    for case in golden.powers {
        // Two sides with a spread of 1 each.
        let difference = Difference { value: case.effect, low: 0.0, high: 1.0, p: 1.0, spread: 2f64.sqrt() };
        let ours = runs_needed(&difference, case.alpha).expect("there is an effect");
        // They also count the chance to find the opposite, which is nothing for these.
        assert!((ours as f64 - case.n.ceil()).abs() <= 1.0, "{ours} where it should be {}", case.n);
    }
}

/// Ours are never narrower than the exact ones, and wider by at most two ranks.
#[test]
fn intervals_of_quantiles_are_the_exact_ones_rounded_outwards() {
    for case in golden().quantiles {
        let sample: Vec<f64> = (1..=case.n).map(|value| value as f64).collect();
        let ours = QuantileStat::of(&sample, case.rank).expect("there are values");
        let [low, high] = case.exact;
        if let (Some(ours), Some(exact)) = (ours.low, low) {
            assert!((-2.0..=1.0).contains(&(ours - exact)), "from {ours}, exactly {exact}, of {}", case.n);
        }
        if let (Some(ours), Some(exact)) = (ours.high, high) {
            assert!((-1.0..=2.0).contains(&(ours - exact)), "to {ours}, exactly {exact}, of {}", case.n);
        }
    }
}

/// A little chance that is the same every time.
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        ((mixed ^ (mixed >> 33)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (radius, angle) = ((-2.0 * (1.0 - self.uniform()).ln()).sqrt(), std::f64::consts::TAU * self.uniform());
        radius * angle.cos()
    }
}

/// The measures of `n` runs: a twentieth fails, latency and cost have the long tails that they have in production, one
/// score is a thumb and one a grade. `better` makes everything better by that many deviations.
fn measures(chance: &mut Chance, n: usize, better: f64) -> Vec<Measured> {
    let mut draw = |one: &mut dyn FnMut(&mut Chance) -> f64| (0..n).map(|_| one(chance)).collect::<Vec<f64>>();
    let failed = draw(&mut |chance| f64::from(chance.uniform() < 0.05 * (1.0 - better)));
    let mut latency = draw(&mut |chance| (0.8 * (chance.normal() - better)).exp());
    let cost = draw(&mut |chance| (0.6 * (chance.normal() - better)).exp());
    let thumb = draw(&mut |chance| f64::from(chance.uniform() < 0.7 + 0.25 * better));
    let grade = draw(&mut |chance| (0.7 + 0.2 * (chance.normal() + better)).clamp(0.0, 1.0));
    latency.sort_by(f64::total_cmp);
    let quantile = |rank| match QuantileStat::of(&latency, rank) {
        Some(QuantileStat { n, value, low, high }) => Measured::Quantile(Estimate { value, low, high, n }),
        None => Measured::Nothing,
    };
    let mean = |values: &[f64]| {
        let MeanStat { n, mean, variance, .. } = MeanStat::of(values.iter().copied());
        Measured::Mean(Mean { n, mean, variance })
    };
    let share = |values: &[f64]| {
        Measured::Share(Share { n_yes: values.iter().filter(|value| **value == 1.0).count() as u64, n: n as u64 })
    };
    vec![share(&failed), quantile(0.5), quantile(0.95), mean(&cost), share(&thumb), mean(&grade)]
}

const AIMS: [Aim; 6] = [Aim::Lower, Aim::Lower, Aim::Lower, Aim::Lower, Aim::Higher, Aim::Higher];

fn compared(chance: &mut Chance, (n_a, n_b): (usize, usize), better: f64) -> Vec<Judged> {
    let (a, b) = (measures(chance, n_a, 0.0), measures(chance, n_b, better));
    let measures: Vec<_> = AIMS.into_iter().zip(a).zip(b).map(|((aim, a), b)| (aim, a, b)).collect();
    judge(&measures)
}

#[test]
fn no_winner_is_claimed_on_noise() {
    const N_COMPARISONS: usize = 1000;
    for (seed, sizes) in [(11, (200, 200)), (12, (400, 60)), (13, (25, 30))] {
        let mut chance = Chance(seed);
        let is_claim = |one: &Judged| matches!(one.verdict, Verdict::Better | Verdict::Worse);
        let n_false = (0..N_COMPARISONS).filter(|_| compared(&mut chance, sizes, 0.0).iter().any(is_claim)).count();
        assert!(n_false * 20 <= N_COMPARISONS, "{n_false} of {N_COMPARISONS} with {sizes:?} runs");
    }
}

#[test]
fn what_is_better_by_half_a_deviation_is_found() {
    let mut chance = Chance(7);
    let n_found = (0..50)
        .filter(|_| {
            let judged = compared(&mut chance, (200, 200), 0.5);
            judged.iter().filter(|one| one.verdict == Verdict::Better).count() >= 3
                && judged.iter().all(|one| one.verdict != Verdict::Worse)
        })
        .count();
    assert!(n_found >= 45, "{n_found} of 50");
}

/// Latencies that are whole seconds have no length of interval to judge by.
#[test]
fn equal_latencies_decide_nothing() {
    let same = Estimate { value: 1.0, low: Some(1.0), high: Some(1.0), n: 500 };
    assert_eq!(quantile::difference(same, Estimate { value: 2.0, low: Some(2.0), high: Some(2.0), ..same }), None);
}

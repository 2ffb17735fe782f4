//! What readers are told of two versions in production.

use super::*;
use expect_test::{Expect, expect};
use std::fmt::Write;

fn version(n: u64, n_errors: u64, p50: f64, cost: f64, tone: f64) -> VersionStats {
    let quantile = |value: f64| {
        Some(QuantileStat { n, value, low: Some(value * 0.95), high: Some(value * 1.06) }).filter(|_| n > 0)
    };
    let mean = |mean: f64, spread: f64| MeanStat { n, mean, variance: spread * spread, n_ones: None };
    VersionStats {
        n,
        n_errors,
        latency_p50: quantile(p50),
        latency_p95: quantile(p50 * 3.0),
        tokens: mean(1240.0, 300.0),
        cost: mean(cost, cost),
        feedback: [("tone".to_owned(), mean(tone, 0.2))].into_iter().filter(|_| n > 0).collect(),
        ..VersionStats::default()
    }
}

#[track_caller]
fn check(a: VersionStats, b: VersionStats, expected: Expect) {
    let production = compare(&a, &b);
    let mut drawn = summary(&production, "abc123de", "def789gh") + "\n";
    for row in &production.rows {
        let it = words(row);
        writeln!(
            drawn,
            "{} | {} | {} | {} | {} | {}",
            row.measure.label(),
            it.a,
            it.b,
            it.change,
            it.interval,
            it.verdict
        )
        .expect("a string takes all");
    }
    expected.assert_eq(&drawn);
}

#[test]
fn a_better_version_is_said_to_win_and_in_what() {
    check(
        version(400, 40, 1.4, 0.003, 0.7),
        version(400, 8, 1.1, 0.003, 0.8),
        expect![[r#"
        def789gh wins: better in errors, p50 latency, p95 latency and tone, worse in nothing.
        Error rate | 10 % | 2 % | −8 pp | −11 pp to −4.8 pp | Better
        p50 latency | 1.40 s | 1.10 s | −300 ms (−21 %) | −400 ms to −204 ms | Better
        p95 latency | 4.20 s | 3.30 s | −900 ms (−21 %) | −1.20 s to −611 ms | Better
        Tokens per run | 1,240 | 1,240 | ±0 | −42 to +42 | No difference
        Cost per run | $0.003 | $0.003 | ±0 | −$0.000416 to +$0.000416 | No difference
        tone | 0.70 | 0.80 | +0.10 (+14 %) | +0.07 to +0.13 | Better
    "#]],
    );
}

#[test]
fn a_trade_off_has_no_winner() {
    check(
        version(400, 8, 1.38, 0.0029, 0.74),
        version(400, 8, 1.61, 0.0034, 0.84),
        expect![[r#"
        A trade-off: def789gh is better in tone, worse in p50 latency and p95 latency.
        Error rate | 2 % | 2 % | ±0 | −2.1 pp to +2.1 pp | No difference
        p50 latency | 1.38 s | 1.61 s | +230 ms (+17 %) | +115 ms to +349 ms | Worse
        p95 latency | 4.14 s | 4.83 s | +690 ms (+17 %) | +344 ms to +1.05 s | Worse
        Tokens per run | 1,240 | 1,240 | ±0 | −42 to +42 | No difference
        Cost per run | $0.0029 | $0.0034 | +$0.0005 (+17 %) | +$0.0000614 to +$0.000939 | Noise among so many measures; about 570 more of each would tell
        tone | 0.74 | 0.84 | +0.10 (+14 %) | +0.07 to +0.13 | Better
    "#]],
    );
}

#[test]
fn noise_says_how_many_runs_would_tell() {
    check(
        version(200, 10, 1.4, 0.003, 0.70),
        version(200, 14, 1.41, 0.0031, 0.71),
        expect![[r#"
        No winner: what differs between abc123de and def789gh could be noise.
        Error rate | 5 % | 7 % | +2 pp | −2.8 pp to +7 pp | Could be noise; about 3,300 more of each would tell
        p50 latency | 1.40 s | 1.41 s | +10 ms (+0.7 %) | −99.7 ms to +120 ms | Could be noise; about 76,000 more of each would tell
        p95 latency | 4.20 s | 4.23 s | +30 ms (+0.7 %) | −299 ms to +359 ms | Could be noise; about 76,000 more of each would tell
        Tokens per run | 1,240 | 1,240 | ±0 | −59 to +59 | No difference
        Cost per run | $0.003 | $0.0031 | +$0.0001 (+3.3 %) | −$0.0005 to +$0.0007 | Could be noise; about 23,000 more of each would tell
        tone | 0.70 | 0.71 | +0.01 (+1.4 %) | −0.03 to +0.05 | Could be noise; about 9,500 more of each would tell
    "#]],
    );
}

#[test]
fn few_runs_say_nothing_and_none_are_dashes() {
    check(
        version(12, 1, 1.4, 0.003, 0.7),
        version(400, 8, 1.1, 0.003, 0.8),
        expect![[r#"
        Too early to say: it takes 20 runs of each version.
        Error rate | 8.3 % | 2 % | −6.3 pp |  | Too few: needs 20 of each
        p50 latency | 1.40 s | 1.10 s | −300 ms (−21 %) |  | Too few: needs 20 of each
        p95 latency | 4.20 s | 3.30 s | −900 ms (−21 %) |  | Too few: needs 20 of each
        Tokens per run | 1,240 | 1,240 | ±0 |  | Too few: needs 20 of each
        Cost per run | $0.003 | $0.003 | ±0 |  | Too few: needs 20 of each
        tone | 0.70 | 0.80 | +0.10 (+14 %) |  | Too few: needs 20 of each
    "#]],
    );
    check(
        version(0, 0, 1.4, 0.003, 0.7),
        version(30, 2, 1.1, 0.003, 0.8),
        expect![[r#"
        Too early to say: it takes 20 runs of each version.
        Error rate | – | 6.7 % |  |  | Too few: needs 20 of each
        p50 latency | – | 1.10 s |  |  | Too few: needs 20 of each
        p95 latency | – | 3.30 s |  |  | Too few: needs 20 of each
        Tokens per run | – | 1,240 |  |  | Too few: needs 20 of each
        Cost per run | – | $0.003 |  |  | Too few: needs 20 of each
        tone | – | 0.80 |  |  | Too few: needs 20 of each
    "#]],
    );
}

#[test]
fn thumbs_are_shares() {
    let mut a = version(100, 0, 1.0, 0.1, 0.0);
    a.feedback = [("ok".to_owned(), MeanStat { n: 100, mean: 0.5, variance: 0.2525, n_ones: Some(50) })].into();
    let Measured::Share(share) = Measure::Score("ok".into()).of(&a) else { panic!() };
    assert_eq!(share, Share { n_yes: 50, n: 100 });
}

#[test]
fn what_no_run_has_is_no_row() {
    let without_tokens = |version: VersionStats| VersionStats {
        tokens: MeanStat { mean: 0.0, variance: 0.0, ..version.tokens },
        ..version
    };
    let (a, b) = (version(40, 1, 1.0, 0.1, 0.5), version(40, 1, 1.0, 0.1, 0.5));
    let has_tokens = |production: Production| production.rows.iter().any(|row| row.measure == Measure::Tokens);
    assert!(has_tokens(compare(&a, &without_tokens(b.clone()))));
    assert!(!has_tokens(compare(&without_tokens(a), &without_tokens(b))));
}

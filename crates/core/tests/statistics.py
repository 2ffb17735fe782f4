"""Writes `statistics.json`: what SciPy and statsmodels say, for `statistics.rs` to agree with.

    python3 -m venv /tmp/statistics && /tmp/statistics/bin/pip install scipy==1.17.1 statsmodels==0.15.0
    /tmp/statistics/bin/python crates/core/tests/statistics.py > crates/core/tests/statistics.json
"""

import json
import random

from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

chance = random.Random(20261125)


def shares():
    fixed = [(0, 20, 0, 20), (0, 25, 5, 25), (20, 20, 20, 31), (1, 200, 9, 180), (40, 200, 10, 200), (3, 1000, 0, 40)]
    drawn = []
    for _ in range(60):
        n_a, n_b = chance.choice([20, 57, 400, 71020]), chance.choice([23, 200, 17811])
        drawn.append((chance.randint(0, n_a), n_a, chance.randint(0, n_b), n_b))
    for yes_a, n_a, yes_b, n_b in fixed + drawn:
        pooled = (yes_a + yes_b) / (n_a + n_b)
        if min(n_a, n_b) * min(pooled, 1 - pooled) >= 5:
            p = proportions_ztest([yes_b, yes_a], [n_b, n_a])[1]
        else:
            p = stats.fisher_exact([[yes_a, n_a - yes_a], [yes_b, n_b - yes_b]])[1]
        low, high = confint_proportions_2indep(yes_b, n_b, yes_a, n_a, method="newcomb", compare="diff")
        yield {
            "a": [yes_a, n_a],
            "b": [yes_b, n_b],
            "wilson_of_a": list(proportion_confint(yes_a, n_a, method="wilson")),
            "newcombe": [low, high],
            "p": p,
        }


def means():
    for _ in range(60):
        a = (chance.choice([2, 20, 312]), chance.uniform(-3, 9), chance.uniform(0.01, 40))
        b = (chance.choice([5, 21, 17811]), chance.uniform(-3, 9), chance.uniform(0.01, 40))
        (n_a, mean_a, variance_a), (n_b, mean_b, variance_b) = a, b
        welch = stats.ttest_ind_from_stats(
            mean_b, variance_b**0.5, n_b, mean_a, variance_a**0.5, n_a, equal_var=False
        )
        interval = stats.t.interval(0.95, n_a - 1, loc=mean_a, scale=(variance_a / n_a) ** 0.5)
        df = (variance_a / n_a + variance_b / n_b) ** 2 / (
            (variance_a / n_a) ** 2 / (n_a - 1) + (variance_b / n_b) ** 2 / (n_b - 1)
        )
        error = (variance_a / n_a + variance_b / n_b) ** 0.5
        half = stats.t.ppf(0.975, df) * error
        yield {
            "a": a,
            "b": b,
            "interval_of_a": list(interval),
            "welch": [mean_b - mean_a - half, mean_b - mean_a + half],
            "p": welch.pvalue,
        }


def corrections():
    for n in [1, 2, 5, 9]:
        for _ in range(5):
            ps = [chance.random() ** 3 for _ in range(n)]
            yield {"ps": ps, "holm": list(multipletests(ps, method="holm")[1])}


def powers():
    for _ in range(20):
        effect, alpha = chance.uniform(0.05, 1.5), chance.choice([0.05, 0.01, 0.05 / 7])
        yield {
            "effect": effect,
            "alpha": alpha,
            "n": NormalIndPower().solve_power(effect_size=effect, alpha=alpha, power=0.8),
        }


def quantiles():
    """How many of n values have to be below and above, for the interval to hold the quantile 95 % of the time."""
    for n in [30, 100, 1000, 17811]:
        for rank in [0.5, 0.95]:
            sample = list(range(1, n + 1))
            interval = stats.quantile_test(sample, p=rank).confidence_interval(0.95)
            bound = lambda value: None if value != value else float(value)
            yield {"n": n, "rank": rank, "exact": [bound(interval.low), bound(interval.high)]}


as_json = {
    "shares": list(shares()),
    "means": list(means()),
    "corrections": list(corrections()),
    "powers": list(powers()),
    "quantiles": list(quantiles()),
}
print(json.dumps(as_json, indent=None, separators=(",", ":")))

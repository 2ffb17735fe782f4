//! What the feedback on many runs amounts to, in a word per key. Pure.

use fanlight_wire::feedback::{FeedbackStat, FeedbackStats};

/// Each key with its mean score, or with its most frequent category, or with how often it was given.
pub fn words(stats: &FeedbackStats) -> Vec<(String, String)> {
    stats.iter().filter(|(_, stat)| stat.n > 0).map(|(key, stat)| (key.clone(), stat_words(stat))).collect()
}

fn stat_words(stat: &FeedbackStat) -> String {
    if let Some(mean) = stat.avg {
        let text = format!("{mean:.2}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    // Of equally frequent ones the first by name: a list must not flicker.
    let most_frequent = stat.values.iter().rev().max_by_key(|(_, n)| **n);
    most_frequent.map_or_else(|| format!("×{}", stat.n), |(category, _)| category.clone())
}

/// How many pieces of feedback there are, whatever they say.
pub fn count(stats: &FeedbackStats) -> i64 {
    stats.values().map(|stat| stat.n).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_show_means_categories_or_counts() {
        let stats: FeedbackStats = serde_json::from_value(json!({
            "correctness": {"n": 3, "avg": 0.666_666},
            "stars": {"n": 1, "avg": 4.0},
            "topic": {"n": 4, "avg": null, "values": {"other": 2, "billing": 2}},
            "note": {"n": 2, "avg": null, "values": {}},
            "gone": {"n": 0, "avg": null, "values": {}},
        }))
        .unwrap();
        let lines: Vec<String> = words(&stats).into_iter().map(|(key, value)| format!("{key} {value}")).collect();
        assert_eq!(lines, ["correctness 0.67", "note ×2", "stars 4", "topic billing"]);
        assert_eq!(count(&stats), 10);
    }
}

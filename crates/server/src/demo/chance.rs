//! Luck that can be repeated: every number in the demo comes from one seed.

use fanlight_wire::Timestamp;
use uuid::Uuid;

/// A seeded source of numbers, with the distributions that traffic has.
pub struct Chance(fastrand::Rng);

impl Chance {
    /// The same `seed` and `stream` give the same numbers. Streams keep one trace's luck apart from its neighbours', so
    /// that new content in one place does not reshuffle the rest.
    pub fn new(seed: u64, stream: u64) -> Self {
        Chance(fastrand::Rng::with_seed(seed ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    pub fn happens(&mut self, probability: f64) -> bool {
        self.0.f64() < probability
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.f64()
    }

    /// From `low` to `high`, both included.
    pub fn whole(&mut self, low: u64, high: u64) -> u64 {
        self.0.u64(low..=high)
    }

    /// Mostly near `median`, sometimes several times as much: how durations spread.
    pub fn around(&mut self, median: f64) -> f64 {
        // The sum of twelve uniform numbers is close enough to a normal distribution.
        let normal = (0..12).map(|_| self.0.f64()).sum::<f64>() - 6.0;
        median * (0.38 * normal).exp()
    }

    /// `choices` must not be empty.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.0.usize(0..choices.len())]
    }

    /// Picks by weight; `choices` must not be empty.
    pub fn weighted<T: Copy>(&mut self, choices: &[(T, u32)]) -> T {
        let mut left = self.0.u32(0..choices.iter().map(|choice| choice.1).sum());
        for (value, weight) in choices {
            if left < *weight {
                return *value;
            }
            left -= weight;
        }
        choices[choices.len() - 1].0
    }

    /// A version 7 UUID for something that happened at `time`.
    pub fn id_at(&mut self, time: Timestamp) -> Uuid {
        let mut random = [0; 10];
        self.0.fill(&mut random);
        let millis = u64::try_from(time.0 / 1_000_000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_luck() {
        let draw = |seed, stream| {
            let mut chance = Chance::new(seed, stream);
            (chance.whole(0, 1000), chance.around(2.0).to_bits(), chance.id_at(Timestamp(1_000_000)))
        };
        assert_eq!(draw(7, 3), draw(7, 3));
        assert_ne!(draw(7, 3), draw(7, 4));
    }

    #[test]
    fn weights_decide_how_often_a_choice_is_picked() {
        let mut chance = Chance::new(1, 1);
        let n_rare = (0..1000).filter(|_| chance.weighted(&[("rare", 1), ("common", 9)]) == "rare").count();
        assert!((60..140).contains(&n_rare), "{n_rare}");
    }
}

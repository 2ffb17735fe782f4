//! The narrow facts of every run, a column each, one slot per run in the order of their rows (`pk`).

use super::bitset::Bitset;
use fanlight_wire::RunStatus;

/// A time, or an amount of money, that is not known.
pub const ABSENT: i64 = i64::MIN;

/// Bits of the `flags` column.
pub mod flag {
    pub const ALIVE: u8 = 1;
    pub const ROOT: u8 = 2;
    pub const ERROR_TEXT: u8 = 4;
    pub const EXAMPLE: u8 = 8;
}

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident: $kind:ty),+ $(,)?) => {
        /// The facts of one run, in numbers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Facts {
            $($(#[$doc])* pub $name: $kind),+
        }

        /// The facts of all runs. Every column has one entry per slot.
        #[derive(Debug, Default)]
        pub struct Columns {
            $(pub $name: Vec<$kind>),+
        }

        impl Columns {
            /// What a run takes in columns; see `docs/decisions/0004-run-index.md`.
            pub const BYTES_PER_RUN: usize = 0 $(+ size_of::<$kind>())+;

            pub fn push(&mut self, facts: Facts) {
                $(self.$name.push(facts.$name);)+
            }

            pub fn set(&mut self, slot: u32, facts: Facts) {
                $(self.$name[slot as usize] = facts.$name;)+
            }

            pub fn get(&self, slot: u32) -> Facts {
                Facts { $($name: self.$name[slot as usize]),+ }
            }

            /// Drops the slots that are not in `kept`; those that stay keep their order.
            pub fn compact(&mut self, kept: &Bitset) {
                $(
                    let mut slot = 0u32;
                    self.$name.retain(|_| {
                        slot += 1;
                        kept.contains(slot - 1)
                    });
                    self.$name.shrink_to_fit();
                )+
            }
        }
    };
}

columns! {
    pk: u32,
    /// Row of `projects`.
    project: u32,
    /// Row of `traces`.
    trace: u32,
    start_ns: i64,
    /// Or [`ABSENT`], as the first token and the costs.
    end_ns: i64,
    first_token_ns: i64,
    /// Position in [`RunStatus::ALL`].
    status: u8,
    /// Position in [`fanlight_wire::RunType::ALL`].
    run_type: u8,
    flags: u8,
    name: u32,
    model: u32,
    provider: u32,
    thread: u32,
    error_kind: u32,
    /// Row of `error_texts`.
    error_text: u32,
    /// A set of tags.
    tags: u32,
    /// A set of metadata.
    metadata: u32,
    total_tokens: i64,
    prompt_tokens: i64,
    completion_tokens: i64,
    /// Of the prompt's tokens, those from a cache; of the completion's, those that nobody sees.
    cache_read_tokens: u32,
    reasoning_tokens: u32,
    total_cost: i64,
    prompt_cost: i64,
    completion_cost: i64,
}

impl Facts {
    pub fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

impl Columns {
    pub fn n_slots(&self) -> usize {
        self.pk.len()
    }

    /// Rows only grow, so that their order is the slots' order.
    pub fn slot(&self, pk: u32) -> Option<u32> {
        // Without gaps the slot is where it can be counted to.
        let guess = pk.checked_sub(*self.pk.first()?)? as usize;
        let idx = match self.pk.get(guess) {
            Some(&found) if found == pk => guess,
            _ => self.pk.binary_search(&pk).ok()?,
        };
        u32::try_from(idx).ok()
    }

    pub fn is(&self, slot: u32, flag: u8) -> bool {
        self.flags[slot as usize] & flag != 0
    }

    pub fn status(&self, slot: u32) -> RunStatus {
        RunStatus::ALL[usize::from(self.status[slot as usize])]
    }

    /// As lists mark them: failed, or with an error text whatever the status.
    pub fn has_error(&self, slot: u32) -> bool {
        self.is(slot, flag::ERROR_TEXT) || self.status(slot) == RunStatus::Error
    }

    /// Nanoseconds, or [`ABSENT`]. Clocks disagree: an end before its start is no latency of less than nothing.
    pub fn latency_ns(&self, slot: u32) -> i64 {
        self.since_start(slot, self.end_ns[slot as usize])
    }

    /// Nanoseconds, or [`ABSENT`].
    pub fn first_token_latency_ns(&self, slot: u32) -> i64 {
        self.since_start(slot, self.first_token_ns[slot as usize])
    }

    fn since_start(&self, slot: u32, time_ns: i64) -> i64 {
        match time_ns {
            ABSENT => ABSENT,
            time_ns => time_ns.saturating_sub(self.start_ns[slot as usize]).max(0),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A successful root run that started at `pk` seconds and took one.
    pub fn facts(pk: u32) -> Facts {
        Facts {
            pk,
            project: 1,
            trace: pk,
            start_ns: i64::from(pk) * 1_000_000_000,
            end_ns: (i64::from(pk) + 1) * 1_000_000_000,
            first_token_ns: ABSENT,
            status: 1,
            run_type: 0,
            flags: flag::ALIVE | flag::ROOT,
            name: 1,
            model: 0,
            provider: 0,
            thread: 0,
            error_kind: 0,
            error_text: 0,
            tags: 0,
            metadata: 0,
            total_tokens: 0,
            prompt_tokens: 0,
            completion_tokens: 0,
            cache_read_tokens: 0,
            reasoning_tokens: 0,
            total_cost: ABSENT,
            prompt_cost: ABSENT,
            completion_cost: ABSENT,
        }
    }

    #[test]
    fn slots_are_found_with_and_without_gaps() {
        let mut columns = Columns::default();
        assert_eq!(columns.slot(7), None);
        for pk in [5, 6, 9, 12] {
            columns.push(facts(pk));
        }
        let slots: Vec<_> = [4, 5, 6, 7, 9, 12, 13].into_iter().map(|pk| columns.slot(pk)).collect();
        assert_eq!(slots, [None, Some(0), Some(1), None, Some(2), Some(3), None]);
    }

    #[test]
    fn compacting_keeps_what_is_alive_in_order() {
        let mut columns = Columns::default();
        (1..=5).for_each(|pk| columns.push(facts(pk)));
        columns.compact(&[0, 3, 4].into_iter().collect());
        assert_eq!((columns.pk.as_slice(), columns.start_ns[1]), (&[1, 4, 5][..], 4_000_000_000));
    }

    #[test]
    fn a_latency_is_never_negative_and_absent_while_running() {
        let mut columns = Columns::default();
        columns.push(Facts { end_ns: 0, ..facts(3) });
        columns.push(Facts { end_ns: ABSENT, ..facts(4) });
        assert_eq!((columns.latency_ns(0), columns.latency_ns(1)), (0, ABSENT));
    }

    #[test]
    fn the_memory_of_a_run_is_what_the_decision_says() {
        assert_eq!(Columns::BYTES_PER_RUN, 127);
    }
}

//! A filter as it is tested on runs: everything that could be looked up beforehand has been.

use super::bitset::Bitset;
use super::columns::{ABSENT, Columns};
use fanlight_wire::filter::Comparison;

/// A number that a run has, or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    StartTime,
    EndTime,
    FirstTokenTime,
    Latency,
    FirstTokenLatency,
    TotalTokens,
    PromptTokens,
    CompletionTokens,
    TotalCost,
    PromptCost,
    CompletionCost,
}

impl Measure {
    /// Or [`ABSENT`].
    #[inline]
    pub fn of(self, columns: &Columns, slot: u32) -> i64 {
        let idx = slot as usize;
        match self {
            Measure::StartTime => columns.start_ns[idx],
            Measure::EndTime => columns.end_ns[idx],
            Measure::FirstTokenTime => columns.first_token_ns[idx],
            Measure::Latency => columns.latency_ns(slot),
            Measure::FirstTokenLatency => columns.first_token_latency_ns(slot),
            Measure::TotalTokens => columns.total_tokens[idx],
            Measure::PromptTokens => columns.prompt_tokens[idx],
            Measure::CompletionTokens => columns.completion_tokens[idx],
            Measure::TotalCost => columns.total_cost[idx],
            Measure::PromptCost => columns.prompt_cost[idx],
            Measure::CompletionCost => columns.completion_cost[idx],
        }
    }
}

/// A column of numbers that stand for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    Project,
    Trace,
    Name,
    Model,
    Provider,
    Thread,
    ErrorKind,
    /// Row of `error_texts`.
    ErrorText,
    Tags,
    Metadata,
    /// The run itself.
    Pk,
}

impl Id {
    #[inline]
    pub fn of(self, columns: &Columns, slot: u32) -> u32 {
        let idx = slot as usize;
        match self {
            Id::Project => columns.project[idx],
            Id::Trace => columns.trace[idx],
            Id::Name => columns.name[idx],
            Id::Model => columns.model[idx],
            Id::Provider => columns.provider[idx],
            Id::Thread => columns.thread[idx],
            Id::ErrorKind => columns.error_kind[idx],
            Id::ErrorText => columns.error_text[idx],
            Id::Tags => columns.tags[idx],
            Id::Metadata => columns.metadata[idx],
            Id::Pk => columns.pk[idx],
        }
    }
}

/// A test on the run in a slot.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    Always(bool),
    And(Vec<Predicate>),
    Or(Vec<Predicate>),
    Not(Box<Predicate>),
    /// The column's number is in the set.
    In(Id, Bitset),
    /// The column's number is this one.
    Is(Id, u32),
    /// Every bit of the mask is set among the run's flags.
    Flag(u8),
    /// Bit per position in `RunStatus::ALL`.
    Status(u8),
    /// Bit per position in `RunType::ALL`.
    RunType(u8),
    Present(Measure),
    /// The measure is there, and from the first to the second, both included.
    Between(Measure, i64, i64),
}

impl Predicate {
    pub fn holds(&self, columns: &Columns, slot: u32) -> bool {
        match self {
            Predicate::Always(yes) => *yes,
            Predicate::And(all) => all.iter().all(|one| one.holds(columns, slot)),
            Predicate::Or(any) => any.iter().any(|one| one.holds(columns, slot)),
            Predicate::Not(other) => !other.holds(columns, slot),
            Predicate::In(id, set) => set.contains(id.of(columns, slot)),
            Predicate::Is(id, number) => id.of(columns, slot) == *number,
            Predicate::Flag(mask) => columns.flags[slot as usize] & mask == *mask,
            Predicate::Status(mask) => mask >> columns.status[slot as usize] & 1 == 1,
            Predicate::RunType(mask) => mask >> columns.run_type[slot as usize] & 1 == 1,
            Predicate::Present(measure) => measure.of(columns, slot) != ABSENT,
            Predicate::Between(measure, low, high) => {
                let value = measure.of(columns, slot);
                value != ABSENT && value >= *low && value <= *high
            }
        }
    }

    pub fn negated(self) -> Predicate {
        match self {
            Predicate::Always(yes) => Predicate::Always(!yes),
            Predicate::Not(other) => *other,
            other => Predicate::Not(Box::new(other)),
        }
    }

    /// All hold. What is known beforehand is left out, and what is cheap is asked first.
    pub fn all(predicates: impl IntoIterator<Item = Predicate>) -> Predicate {
        let mut all = Vec::new();
        for predicate in predicates {
            match predicate {
                Predicate::Always(true) => {}
                Predicate::Always(false) => return Predicate::Always(false),
                Predicate::And(inner) => all.extend(inner),
                other => all.push(other),
            }
        }
        all.sort_by_key(Predicate::cost);
        match all.len() {
            0 => Predicate::Always(true),
            1 => all.remove(0),
            _ => Predicate::And(all),
        }
    }

    /// One holds.
    pub fn any(predicates: impl IntoIterator<Item = Predicate>) -> Predicate {
        let mut any = Vec::new();
        for predicate in predicates {
            match predicate {
                Predicate::Always(false) => {}
                Predicate::Always(true) => return Predicate::Always(true),
                Predicate::Or(inner) => any.extend(inner),
                other => any.push(other),
            }
        }
        any.sort_by_key(Predicate::cost);
        match any.len() {
            0 => Predicate::Always(false),
            1 => any.remove(0),
            _ => Predicate::Or(any),
        }
    }

    /// The measure compared with a value. Absent measures equal nothing: `Neq` alone holds for them.
    pub fn compare(measure: Measure, comparison: Comparison, value: i64) -> Predicate {
        // `ABSENT` is no value, so that the least value is the one above it.
        let least = ABSENT + 1;
        match comparison {
            Comparison::Eq if value == ABSENT => Predicate::Always(false),
            Comparison::Eq => Predicate::Between(measure, value, value),
            Comparison::Neq => Predicate::compare(measure, Comparison::Eq, value).negated(),
            Comparison::Gt => value
                .checked_add(1)
                .map_or(Predicate::Always(false), |above| Predicate::Between(measure, above, i64::MAX)),
            Comparison::Gte => Predicate::Between(measure, value, i64::MAX),
            Comparison::Lt if value <= least => Predicate::Always(false),
            Comparison::Lt => Predicate::Between(measure, least, value - 1),
            Comparison::Lte => Predicate::Between(measure, least, value),
        }
    }

    fn cost(&self) -> u32 {
        match self {
            Predicate::Always(_) | Predicate::Flag(_) | Predicate::Status(_) | Predicate::RunType(_) => 1,
            Predicate::Is(..) | Predicate::Present(_) => 2,
            Predicate::Between(..) => 3,
            Predicate::In(..) => 4,
            Predicate::Not(other) => other.cost() + 1,
            Predicate::And(all) | Predicate::Or(all) => 1 + all.iter().map(Predicate::cost).sum::<u32>(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::Facts;
    use super::super::columns::tests::facts;
    use super::*;

    fn end_of(end_ns: i64) -> Columns {
        let mut columns = Columns::default();
        columns.push(Facts { end_ns, ..facts(1) });
        columns
    }

    #[test]
    fn only_neq_holds_for_what_is_absent() {
        let absent = end_of(ABSENT);
        for value in [ABSENT, ABSENT + 1, 0, i64::MAX] {
            let holds = |comparison| Predicate::compare(Measure::EndTime, comparison, value).holds(&absent, 0);
            let [eq, neq, gt, gte, lt, lte] =
                [Comparison::Eq, Comparison::Neq, Comparison::Gt, Comparison::Gte, Comparison::Lt, Comparison::Lte]
                    .map(holds);
            assert_eq!((eq, neq, gt, gte, lt, lte), (false, true, false, false, false, false), "{value}");
        }
    }

    #[test]
    fn comparisons_are_those_of_the_numbers_up_to_the_ends_of_their_range() {
        let interesting = [ABSENT + 1, ABSENT + 2, -1, 0, 1, i64::MAX - 1, i64::MAX];
        for end in interesting {
            let columns = end_of(end);
            for value in interesting.into_iter().chain([ABSENT]) {
                let holds = |comparison| Predicate::compare(Measure::EndTime, comparison, value).holds(&columns, 0);
                assert_eq!(holds(Comparison::Eq), end == value, "{end} eq {value}");
                assert_eq!(holds(Comparison::Neq), end != value, "{end} neq {value}");
                assert_eq!(holds(Comparison::Gt), end > value, "{end} gt {value}");
                assert_eq!(holds(Comparison::Gte), end >= value, "{end} gte {value}");
                assert_eq!(holds(Comparison::Lt), end < value, "{end} lt {value}");
                assert_eq!(holds(Comparison::Lte), end <= value, "{end} lte {value}");
            }
        }
    }

    #[test]
    fn what_is_known_beforehand_is_not_asked_of_every_run() {
        let flag = Predicate::Flag(1);
        assert_eq!(Predicate::all([Predicate::Always(true), flag.clone()]), flag);
        assert_eq!(Predicate::all([Predicate::Always(false), flag.clone()]), Predicate::Always(false));
        assert_eq!(Predicate::any([Predicate::Always(true), flag.clone()]), Predicate::Always(true));
        assert_eq!(Predicate::any([]), Predicate::Always(false));
        assert_eq!(flag.clone().negated().negated(), flag);
    }
}

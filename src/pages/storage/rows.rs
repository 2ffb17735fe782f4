//! The projects by what they take: bytes, shares, and their order, `?sort=` in the address. Pure.

use fanlight_wire::storage::ProjectStorage;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// What the table can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Name,
    Traces,
    Runs,
    Size,
    Oldest,
    Retention,
}

impl Column {
    pub const ALL: [Column; 6] =
        [Column::Name, Column::Traces, Column::Runs, Column::Size, Column::Oldest, Column::Retention];

    pub fn title(self) -> &'static str {
        match self {
            Column::Name => "Project",
            Column::Traces => "Traces",
            Column::Runs => "Runs",
            Column::Size => "Size",
            Column::Oldest => "Oldest trace",
            Column::Retention => "Kept",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Column::Name => "name",
            Column::Traces => "traces",
            Column::Runs => "runs",
            Column::Size => "size",
            Column::Oldest => "oldest",
            Column::Retention => "kept",
        }
    }
}

/// A column and a direction. By default the largest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageSort {
    pub column: Column,
    pub is_descending: bool,
}

impl Default for StorageSort {
    fn default() -> Self {
        Self { column: Column::Size, is_descending: true }
    }
}

impl StorageSort {
    /// What a click on the heading of `column` leads to: the other direction, or the new column in its natural one.
    pub fn clicked(self, column: Column) -> Self {
        let is_natural_descending = matches!(column, Column::Traces | Column::Runs | Column::Size);
        let is_descending = if self.column == column { !self.is_descending } else { is_natural_descending };
        Self { column, is_descending }
    }

    /// For `aria-sort`.
    pub fn aria(self, column: Column) -> &'static str {
        match (self.column == column, self.is_descending) {
            (false, _) => "none",
            (true, true) => "descending",
            (true, false) => "ascending",
        }
    }
}

impl fmt::Display for StorageSort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_descending { "-" } else { "" }, self.column.word())
    }
}

/// The address names an order that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSort;

impl FromStr for StorageSort {
    type Err = UnknownSort;

    fn from_str(text: &str) -> Result<Self, UnknownSort> {
        let (is_descending, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
        let column = Column::ALL.into_iter().find(|column| column.word() == word).ok_or(UnknownSort)?;
        Ok(Self { column, is_descending })
    }
}

pub fn size_bytes(project: &ProjectStorage) -> u64 {
    project.run_bytes + project.payload_bytes + project.attachment_bytes
}

/// The parts of a bar as shares of the largest project: inputs and outputs, attachments, everything else.
pub fn shares(project: &ProjectStorage, largest_bytes: u64) -> [f64; 3] {
    let share = |bytes: u64| bytes as f64 / largest_bytes.max(1) as f64;
    [share(project.payload_bytes), share(project.attachment_bytes), share(project.run_bytes)]
}

/// Sorts; what has no value comes last either way, and equal projects follow by name.
pub fn sort(projects: &mut [ProjectStorage], by: StorageSort) {
    let directed = |order: Ordering| if by.is_descending { order.reverse() } else { order };
    let name = |project: &ProjectStorage| project.name.to_lowercase();
    projects.sort_by(|a, b| {
        if by.column == Column::Name {
            return directed(name(a).cmp(&name(b)));
        }
        let order = match (value(a, by.column), value(b, by.column)) {
            (Some(a), Some(b)) => directed(a.cmp(&b)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        order.then_with(|| name(a).cmp(&name(b)))
    });
}

fn value(project: &ProjectStorage, column: Column) -> Option<i64> {
    match column {
        Column::Name => None,
        Column::Traces => Some(project.n_traces as i64),
        Column::Runs => Some(project.n_runs as i64),
        Column::Size => Some(size_bytes(project) as i64),
        Column::Oldest => project.first_start_time.map(|time| time.0),
        Column::Retention => project.retention.days.map(i64::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::ProjectId;
    use fanlight_wire::storage::Retention;

    fn project(name: &str, payload_bytes: u64, days: Option<u32>) -> ProjectStorage {
        ProjectStorage {
            project_id: ProjectId(uuid::Uuid::from_u128(1)),
            name: name.into(),
            n_runs: 1,
            n_traces: 1,
            run_bytes: 100,
            payload_bytes,
            attachment_bytes: 0,
            first_start_time: None,
            last_start_time: None,
            retention: Retention { days },
        }
    }

    #[track_caller]
    fn check(by: &str, expected: &str) {
        let mut projects = [project("b", 5, None), project("A", 7, Some(30)), project("c", 900, Some(7))];
        sort(&mut projects, by.parse().unwrap());
        assert_eq!(projects.iter().map(|project| project.name.as_str()).collect::<String>(), expected);
    }

    #[test]
    fn projects_are_ordered_by_any_column() {
        check("-size", "cAb");
        check("size", "bAc");
        check("name", "Abc");
        check("kept", "cAb");
        check("-kept", "Acb");
        check("runs", "Abc");
    }

    #[test]
    fn every_order_survives_the_address() {
        for column in Column::ALL {
            for is_descending in [false, true] {
                let by = StorageSort { column, is_descending };
                assert_eq!(by.to_string().parse(), Ok(by));
            }
        }
        assert_eq!("cost".parse::<StorageSort>(), Err(UnknownSort));
        assert_eq!(StorageSort::default().clicked(Column::Size).to_string(), "size");
        assert_eq!(StorageSort::default().clicked(Column::Name).to_string(), "name");
    }

    #[test]
    fn a_bar_is_measured_by_the_largest() {
        assert_eq!(shares(&project("a", 300, None), 400), [0.75, 0.0, 0.25]);
        assert_eq!(shares(&project("a", 0, None), 0), [0.0, 0.0, 100.0]);
    }
}

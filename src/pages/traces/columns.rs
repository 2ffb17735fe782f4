//! Which columns the list has, in what order, how wide, and which of them stay in sight. Pure.

pub use super::column_id::{Alignment, ColumnId};
use super::column_id::{PLAIN, unescaped};
use std::fmt;
use std::str::FromStr;

/// One column of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub id: ColumnId,
    /// `None` for the usual width.
    pub width_px: Option<u32>,
    /// Stays in sight while the others scroll sideways.
    pub is_pinned: bool,
}

impl Column {
    fn new(id: ColumnId) -> Self {
        Column { id, width_px: None, is_pinned: false }
    }

    pub fn width_px(&self) -> u32 {
        self.width_px.unwrap_or_else(|| self.id.usual_width_px())
    }
}

/// The columns from left to right: pinned ones first, each at most once, never none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns(Vec<Column>);

const PHONE_PX: f64 = 480.0;
const MIN_WIDTH_PX: u32 = 40;
const MAX_WIDTH_PX: u32 = 1200;
/// More would not be read, and every cell costs.
const MAX_COLUMNS: usize = 24;

impl Default for Columns {
    fn default() -> Self {
        let usual = [
            ColumnId::Status,
            ColumnId::Name,
            ColumnId::Input,
            ColumnId::Output,
            ColumnId::Latency,
            ColumnId::FirstToken,
            ColumnId::Tokens,
            ColumnId::Cost,
            ColumnId::Tags,
            ColumnId::Feedback,
            ColumnId::Started,
        ];
        Columns(usual.into_iter().map(Column::new).collect())
    }
}

impl Columns {
    pub fn as_slice(&self) -> &[Column] {
        &self.0
    }

    /// How many; never none.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn get(&self, idx: usize) -> Option<&Column> {
        self.0.get(idx)
    }

    pub fn position(&self, id: &ColumnId) -> Option<usize> {
        self.0.iter().position(|column| column.id == *id)
    }

    /// Shows the column at the end, before the start time if that is last, or hides it; the last column stays.
    pub fn toggled(&self, id: &ColumnId) -> Columns {
        let mut columns = self.0.clone();
        match self.position(id) {
            Some(idx) if columns.len() > 1 => drop(columns.remove(idx)),
            Some(_) => {}
            None if columns.len() < MAX_COLUMNS => {
                let is_before = columns.last().is_some_and(|last| last.id == ColumnId::Started);
                columns.insert(columns.len() - usize::from(is_before), Column::new(id.clone()));
            }
            None => {}
        }
        Columns(columns)
    }

    pub fn resized(&self, idx: usize, width_px: f64) -> Columns {
        let width_px = (width_px.round() as i64).clamp(MIN_WIDTH_PX.into(), MAX_WIDTH_PX.into()) as u32;
        self.changed(idx, |column| column.width_px = Some(width_px))
    }

    /// Back to the usual width.
    pub fn refitted(&self, idx: usize) -> Columns {
        self.changed(idx, |column| column.width_px = None)
    }

    pub fn pin_toggled(&self, idx: usize) -> Columns {
        self.changed(idx, |column| column.is_pinned = !column.is_pinned)
    }

    /// The column at `from` comes to stand at `to`, within its own kind: pinned or not.
    pub fn moved(&self, from: usize, to: usize) -> Columns {
        let mut columns = self.0.clone();
        if from < columns.len() {
            let column = columns.remove(from);
            columns.insert(to.min(columns.len()), column);
        }
        Columns(columns).sorted()
    }

    fn changed(&self, idx: usize, change: impl FnOnce(&mut Column)) -> Columns {
        let mut columns = self.clone();
        if let Some(column) = columns.0.get_mut(idx) {
            change(column);
        }
        columns.sorted()
    }

    fn sorted(mut self) -> Columns {
        self.0.sort_by_key(|column| !column.is_pinned);
        self
    }

    /// For `grid-template-columns`.
    pub fn template(&self) -> String {
        let track = |column: &Column| match column.width_px {
            None if column.id.is_flexible() => {
                let share = if column.id == ColumnId::Name { 1 } else { 2 };
                format!("minmax({}px, {share}fr)", column.id.usual_width_px() * 2 / 3)
            }
            _ => format!("{}px", column.width_px()),
        };
        self.0.iter().map(track).collect::<Vec<_>>().join(" ")
    }

    /// The least that [`Columns::template`] takes, without gaps.
    pub fn min_width_px(&self) -> u32 {
        let least = |column: &Column| match column.width_px {
            None if column.id.is_flexible() => column.id.usual_width_px() * 2 / 3,
            _ => column.width_px(),
        };
        self.0.iter().map(least).sum()
    }

    /// The usual columns, as many as a list of `width_px` has room for, `gap_px` beside each: what a trace itself also shows
    /// goes first.
    pub fn usual(width_px: f64, gap_px: u32) -> Columns {
        let mut columns = Columns::default();
        let goes_first = [
            ColumnId::FirstToken,
            ColumnId::Feedback,
            ColumnId::Tags,
            ColumnId::Output,
            ColumnId::Tokens,
            ColumnId::Cost,
        ];
        // A phone draws two lines a row: the style sheet says which columns are in them.
        if width_px < PHONE_PX {
            return columns;
        }
        for id in goes_first {
            let least_px = columns.min_width_px() + gap_px * (columns.count() as u32 + 1);
            if f64::from(least_px) <= width_px {
                break;
            }
            columns.0.retain(|column| column.id != id);
        }
        columns
    }

    /// How far each pinned column stands from the left edge; `None` for those that scroll. `gap_px` is between columns,
    /// `start_px` before the first.
    pub fn pinned_at(&self, gap_px: u32, start_px: u32) -> Vec<Option<u32>> {
        let mut left_px = start_px;
        self.0
            .iter()
            .map(|column| {
                let at = column.is_pinned.then_some(left_px);
                left_px += column.width_px() + gap_px;
                at
            })
            .collect()
    }

    /// Keys of metadata that the server must send.
    pub fn needs_metadata(&self) -> bool {
        self.0.iter().any(|column| matches!(column.id, ColumnId::Metadata(_)))
    }
}

/// `name.180.pin,latency,metadata.env`.
impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, column) in self.0.iter().enumerate() {
            let comma = if idx > 0 { "," } else { "" };
            write!(f, "{comma}{}", column.id)?;
            if let Some(width_px) = column.width_px {
                write!(f, ".{width_px}")?;
            }
            if column.is_pinned {
                f.write_str(".pin")?;
            }
        }
        Ok(())
    }
}

/// The text names no columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidColumns;

impl FromStr for Columns {
    type Err = InvalidColumns;

    /// Columns of a newer version, and doubles, are left out; nothing known is an error.
    fn from_str(text: &str) -> Result<Self, InvalidColumns> {
        let mut columns: Vec<Column> = Vec::new();
        for column in text.split(',').filter_map(read_column) {
            if columns.len() < MAX_COLUMNS && columns.iter().all(|known| known.id != column.id) {
                columns.push(column);
            }
        }
        if columns.is_empty() { Err(InvalidColumns) } else { Ok(Columns(columns).sorted()) }
    }
}

fn read_column(text: &str) -> Option<Column> {
    let mut parts = text.split('.');
    let word = parts.next()?;
    let id = match word {
        "metadata" => ColumnId::Metadata(unescaped(parts.next().filter(|key| !key.is_empty())?)),
        "feedback" => match parts.clone().next() {
            Some(key) if key != "pin" && key.parse::<u32>().is_err() => {
                parts.next();
                ColumnId::FeedbackKey(unescaped(key))
            }
            _ => ColumnId::Feedback,
        },
        word => PLAIN.iter().find(|(_, known, ..)| *known == word)?.0.clone(),
    };
    let mut column = Column::new(id);
    for part in parts {
        match part.parse::<u32>() {
            Ok(width_px) => column.width_px = Some(width_px.clamp(MIN_WIDTH_PX, MAX_WIDTH_PX)),
            Err(_) => column.is_pinned |= part == "pin",
        }
    }
    Some(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let columns: Columns = text.parse().expect(text);
        assert_eq!(columns.to_string(), expected);
        assert_eq!(columns.to_string().parse(), Ok(columns));
    }

    #[test]
    fn layouts_survive_the_address() {
        check("name", "name");
        check(
            "status,name.180.pin,metadata.env.90,feedback,feedback.score",
            "name.180.pin,status,metadata.env.90,feedback,feedback.score",
        );
        check("feedback.200.pin", "feedback.200.pin");
        check("metadata.user!did!cx!!", "metadata.user!did!cx!!");
        check("feedback.!200.200,feedback.!pin", "feedback.!200.200,feedback.!pin");
    }

    #[test]
    fn what_is_unknown_or_there_already_is_left_out() {
        check("name,shoe,name,latency.pin", "latency.pin,name");
        assert_eq!("shoe,".parse::<Columns>(), Err(InvalidColumns));
    }

    #[test]
    fn every_plain_column_has_a_word_of_its_own() {
        for id in ColumnId::plain() {
            assert_eq!(id.to_string().parse::<Columns>().unwrap().0[0].id, id);
        }
    }

    #[test]
    fn columns_are_shown_hidden_moved_and_pinned() {
        let columns: Columns = "status,name,started".parse().unwrap();
        assert_eq!(columns.toggled(&ColumnId::Model).to_string(), "status,name,model,started");
        assert_eq!(columns.toggled(&ColumnId::Name).to_string(), "status,started");
        assert_eq!(columns.moved(0, 2).to_string(), "name,started,status");
        assert_eq!(columns.pin_toggled(1).to_string(), "name.pin,status,started");
        assert_eq!(columns.pin_toggled(1).moved(0, 2).to_string(), "name.pin,status,started");
        let one: Columns = "name".parse().unwrap();
        assert_eq!(one.toggled(&ColumnId::Name), one);
    }

    #[test]
    fn widths_stay_within_reason_and_can_be_given_up() {
        let columns: Columns = "name,latency".parse().unwrap();
        assert_eq!(columns.resized(0, 3.0).to_string(), "name.40,latency");
        assert_eq!(columns.resized(0, 1e9).to_string(), "name.1200,latency");
        assert_eq!(columns.resized(0, 300.4).refitted(0), columns);
        assert_eq!(columns.template(), "minmax(100px, 1fr) 118px");
        assert_eq!(columns.resized(0, 200.0).template(), "200px 118px");
    }

    #[test]
    fn a_narrow_list_has_fewer_of_the_usual_columns() {
        assert_eq!(Columns::usual(0.0, 12), Columns::default());
        assert_eq!(Columns::usual(2000.0, 12), Columns::default());
        let narrow = Columns::usual(600.0, 12);
        assert!(narrow.min_width_px() <= 600 && narrow.position(&ColumnId::Name).is_some(), "{narrow}");
        let lengths: Vec<usize> = [1600.0, 1200.0, 900.0, 600.0].map(|px| Columns::usual(px, 12).count()).into();
        assert!(lengths.is_sorted_by(|wider, narrower| wider >= narrower), "{lengths:?}");
    }

    #[test]
    fn pinned_columns_stand_beside_each_other() {
        let columns: Columns = "name.100.pin,cost.50.pin,latency".parse().unwrap();
        assert_eq!(columns.pinned_at(10, 5), [Some(5), Some(115), None]);
    }
}

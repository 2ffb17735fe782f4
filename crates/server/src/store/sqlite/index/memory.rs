//! The index itself: columns, dictionaries and orders, and how a commit changes them.

use super::columns::{ABSENT, Columns, Facts, flag};
use super::dictionary::{Dictionary, NONE};
use super::facts::{FactRow, Publication};
use super::order::Order;
use super::sets::{MetadataSets, TagSets};
use std::collections::{HashMap, HashSet};

/// How a run that nobody named is shown, and found.
pub const UNNAMED: &str = "unnamed";

/// Dead slots are dropped when they are more than this, and more than a quarter.
const MIN_DEAD_SLOTS: usize = 10_000;

/// The runs of one project.
#[derive(Debug, Default)]
pub struct ProjectOrder {
    pub all: Order,
    pub roots: Order,
}

#[derive(Debug, Default)]
pub struct Index {
    pub columns: Columns,
    pub names: Dictionary,
    pub models: Dictionary,
    pub providers: Dictionary,
    pub threads: Dictionary,
    pub error_kinds: Dictionary,
    pub tags: TagSets,
    pub metadata: MetadataSets,
    pub projects: HashMap<u32, ProjectOrder>,
    /// Their runs are still in the table for a while.
    removed_projects: HashSet<u32>,
    n_dead: usize,
}

/// Where a run stands in the orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    project: u32,
    start_ns: i64,
    is_root: bool,
}

impl Place {
    fn of(facts: &Facts) -> Option<Place> {
        let place = Place { project: facts.project, start_ns: facts.start_ns, is_root: facts.is(flag::ROOT) };
        facts.is(flag::ALIVE).then_some(place)
    }
}

/// Slots that go out of or into the orders of a project: of all runs, and of roots.
#[derive(Default)]
struct Moves {
    by_project: HashMap<u32, (Vec<u32>, Vec<u32>)>,
}

impl Moves {
    fn note(&mut self, place: Option<Place>, slot: u32) {
        let Some(place) = place else { return };
        let (all, roots) = self.by_project.entry(place.project).or_default();
        all.push(slot);
        if place.is_root {
            roots.push(slot);
        }
    }
}

impl Index {
    /// Makes the index say what the database says after a commit. Runs that are not known yet have greater rows than all
    /// that are.
    pub fn apply(&mut self, publication: &Publication) {
        for (pk, json) in publication.metadata_sets() {
            self.metadata.add(*pk, json);
        }
        for project in publication.removed_projects() {
            self.remove_project(pk32(*project));
        }
        let mut changed: Vec<(u32, Facts)> = Vec::new();
        let mut new: Vec<Facts> = Vec::new();
        for row in publication.rows() {
            let facts = self.intern(row);
            match self.columns.slot(facts.pk) {
                Some(slot) => changed.push((slot, facts)),
                None => new.push(facts),
            }
        }
        for pk in publication.removed_runs() {
            if let Some(slot) = self.columns.slot(pk32(*pk)) {
                let facts = self.columns.get(slot);
                changed.push((slot, Facts { flags: facts.flags & !flag::ALIVE, ..facts }));
            }
        }
        self.change(&changed, new);
        self.compact_if_worth_it();
    }

    fn change(&mut self, changed: &[(u32, Facts)], new: Vec<Facts>) {
        let (mut leaving, mut entering) = (Moves::default(), Moves::default());
        for (slot, facts) in changed {
            let (before, now) = (Place::of(&self.columns.get(*slot)), Place::of(facts));
            self.n_dead += usize::from(now.is_none());
            self.n_dead -= usize::from(before.is_none());
            if before != now {
                leaving.note(before, *slot);
                entering.note(now, *slot);
            }
        }
        // Before the columns change: a run is found in its order by the start that it had.
        for (project, (all, roots)) in leaving.by_project {
            let order = self.projects.entry(project).or_default();
            order.all.remove(&self.columns, &all);
            order.roots.remove(&self.columns, &roots);
        }
        for (slot, facts) in changed {
            self.columns.set(*slot, *facts);
        }
        for facts in new {
            let slot = u32::try_from(self.columns.n_slots()).expect("there are fewer runs than 32 bits can count");
            let place = Place::of(&facts);
            self.n_dead += usize::from(place.is_none());
            entering.note(place, slot);
            self.columns.push(facts);
        }
        self.enter(entering);
    }

    /// A row of the table, while the store opens: in order of rows, then [`Index::sort`].
    pub fn load(&mut self, row: &FactRow) {
        let facts = self.intern(row);
        self.n_dead += usize::from(Place::of(&facts).is_none());
        self.columns.push(facts);
    }

    /// Metadata and projects come before the rows that name them.
    pub fn load_metadata(&mut self, pk: i64, json: &str) {
        self.metadata.add(pk, json);
    }

    pub fn load_removed_project(&mut self, project: i64) {
        self.removed_projects.insert(pk32(project));
    }

    /// Makes the orders of everything loaded.
    pub fn sort(&mut self) {
        let mut entering = Moves::default();
        for slot in self.alive() {
            entering.note(Place::of(&self.columns.get(slot)), slot);
        }
        self.enter(entering);
    }

    fn enter(&mut self, entering: Moves) {
        for (project, (all, roots)) in entering.by_project {
            let order = self.projects.entry(project).or_default();
            order.all.insert(&self.columns, all);
            order.roots.insert(&self.columns, roots);
        }
    }

    fn intern(&mut self, row: &FactRow) -> Facts {
        let project = pk32(row.project);
        let is_gone = self.removed_projects.contains(&project);
        let bit = |flag: u8, is_set: bool| if is_set { flag } else { 0 };
        Facts {
            pk: pk32(row.pk),
            project,
            trace: pk32(row.trace),
            start_ns: row.start_ns.max(ABSENT + 1),
            end_ns: known(row.end_ns),
            first_token_ns: known(row.first_token_ns),
            status: row.status as u8,
            run_type: row.run_type as u8,
            flags: bit(flag::ALIVE, !is_gone)
                | bit(flag::ROOT, row.is_root)
                | bit(flag::ERROR_TEXT, row.has_error_text)
                | bit(flag::EXAMPLE, row.has_example),
            name: self.names.intern(row.name.as_deref().unwrap_or(UNNAMED)),
            model: self.models.intern_opt(row.model.as_deref()),
            provider: self.providers.intern_opt(row.provider.as_deref()),
            thread: self.threads.intern_opt(row.thread_id.as_deref()),
            error_kind: self.error_kinds.intern_opt(row.error_kind.as_deref()),
            error_text: row.error_text.map_or(NONE, pk32),
            tags: self.tags.intern(row.tags.as_deref()),
            metadata: self.metadata.find(row.metadata_set),
            total_tokens: row.total_tokens,
            prompt_tokens: row.prompt_tokens,
            completion_tokens: row.completion_tokens,
            cache_read_tokens: count32(row.cache_read_tokens),
            reasoning_tokens: count32(row.reasoning_tokens),
            total_cost: known(row.total_cost),
            prompt_cost: known(row.prompt_cost),
            completion_cost: known(row.completion_cost),
        }
    }

    /// At once, as the project is out of sight at once; its rows are removed from the table bit by bit.
    fn remove_project(&mut self, project: u32) {
        self.removed_projects.insert(project);
        let Some(order) = self.projects.remove(&project) else { return };
        for &slot in order.all.slots() {
            self.columns.flags[slot as usize] &= !flag::ALIVE;
        }
        self.n_dead += order.all.n_runs();
    }

    fn compact_if_worth_it(&mut self) {
        if self.n_dead > MIN_DEAD_SLOTS && self.n_dead > self.columns.n_slots() / 4 {
            self.compact();
        }
    }

    /// Drops what is dead. Runs keep their order, and with it the orders theirs.
    pub fn compact(&mut self) {
        let n_slots = u32::try_from(self.columns.n_slots()).expect("slots are numbered with 32 bits");
        let kept = (0..n_slots).filter(|&slot| self.columns.is(slot, flag::ALIVE)).collect();
        let mut new_slots = vec![0u32; self.columns.n_slots()];
        for (new, old) in (0u32..).zip(super::bitset::Bitset::iter(&kept)) {
            new_slots[old as usize] = new;
        }
        self.columns.compact(&kept);
        for order in self.projects.values_mut() {
            order.all.renumber(|slot| new_slots[slot as usize]);
            order.roots.renumber(|slot| new_slots[slot as usize]);
        }
        self.n_dead = 0;
    }

    /// Every run that is there, in no order that means anything.
    pub fn alive(&self) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(&self.columns.flags).filter(|(_, flags)| **flags & flag::ALIVE != 0).map(|(slot, _)| slot)
    }
}

/// What is known is never taken for [`ABSENT`], whatever was sent.
fn known(number: Option<i64>) -> i64 {
    number.map_or(ABSENT, |number| number.max(ABSENT + 1))
}

/// Four billion tokens are more than any run has: what is beyond is taken as the nearest.
fn count32(count: i64) -> u32 {
    u32::try_from(count.max(0)).unwrap_or(u32::MAX)
}

/// Four billion runs would be terabytes of SQLite; rows are numbered from one.
pub fn pk32(pk: i64) -> u32 {
    u32::try_from(pk).expect("rows are fewer than 32 bits can count")
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::{RunStatus, RunType};
    use proptest::prelude::*;
    use std::borrow::Cow;

    fn row(pk: i64, project: i64, start_ns: i64, is_root: bool) -> FactRow<'static> {
        FactRow {
            pk,
            project,
            trace: 1,
            start_ns,
            end_ns: None,
            first_token_ns: None,
            status: RunStatus::Pending,
            run_type: RunType::Chain,
            is_root,
            has_error_text: false,
            has_example: false,
            name: Some(Cow::Owned(format!("run {pk}"))),
            model: None,
            provider: None,
            thread_id: None,
            error_kind: None,
            error_text: None,
            tags: None,
            metadata_set: None,
            prompt_tokens: 0,
            completion_tokens: 0,
            total_tokens: 0,
            cache_read_tokens: 0,
            reasoning_tokens: 0,
            prompt_cost: None,
            completion_cost: None,
            total_cost: None,
        }
    }

    fn saved(rows: impl IntoIterator<Item = FactRow<'static>>) -> Publication {
        let mut publication = Publication::default();
        rows.into_iter().for_each(|row| publication.save_run(row));
        publication
    }

    fn removed(pks: impl IntoIterator<Item = i64>) -> Publication {
        let mut publication = Publication::default();
        pks.into_iter().for_each(|pk| publication.remove_run(pk));
        publication
    }

    /// Rows of all runs and of roots of a project, in order.
    fn orders(index: &Index, project: u32) -> [Vec<u32>; 2] {
        let pks = |order: &Order| order.slots().iter().map(|&slot| index.columns.pk[slot as usize]).collect();
        index.projects.get(&project).map_or_else(Default::default, |order| [pks(&order.all), pks(&order.roots)])
    }

    #[test]
    fn runs_that_change_project_start_or_parent_move_in_the_orders() {
        let mut index = Index::default();
        index.apply(&saved([row(1, 1, 10, true), row(2, 1, 20, true), row(3, 1, 30, false)]));
        assert_eq!(orders(&index, 1), [vec![1, 2, 3], vec![1, 2]]);
        index.apply(&saved([row(1, 1, 25, true), row(2, 2, 20, true), row(3, 1, 30, true), row(4, 1, 5, false)]));
        assert_eq!(orders(&index, 1), [vec![4, 1, 3], vec![1, 3]]);
        assert_eq!(orders(&index, 2), [vec![2], vec![2]]);
    }

    #[test]
    fn the_last_state_of_a_run_counts_in_one_commit() {
        let mut publication = saved([row(1, 1, 10, true), row(1, 1, 99, false), row(2, 1, 20, true)]);
        publication.remove_run(2);
        let mut index = Index::default();
        index.apply(&publication);
        assert_eq!(orders(&index, 1), [vec![1], vec![]]);
        assert_eq!((index.columns.start_ns[0], index.columns.n_slots()), (99, 1));
    }

    #[test]
    fn removed_runs_leave_dead_slots_that_compacting_drops() {
        let mut index = Index::default();
        index.apply(&saved((1..=6).map(|pk| row(pk, 1, 100 - pk, pk % 2 == 0))));
        index.apply(&removed([2, 5, 77]));
        assert_eq!((index.columns.n_slots(), index.alive().count()), (6, 4));
        let before = orders(&index, 1);
        assert_eq!(before, [vec![6, 4, 3, 1], vec![6, 4]]);
        index.compact();
        assert_eq!((index.columns.n_slots(), orders(&index, 1)), (4, before));
        // What comes afterwards finds its place.
        index.apply(&saved([row(3, 1, 1000, true), row(9, 1, 0, true)]));
        assert_eq!(orders(&index, 1), [vec![9, 6, 4, 1, 3], vec![9, 6, 4, 3]]);
    }

    #[test]
    fn many_dead_slots_are_dropped_without_being_asked() {
        let n_runs = 2 * MIN_DEAD_SLOTS as i64;
        let mut index = Index::default();
        index.apply(&saved((1..=n_runs).map(|pk| row(pk, 1, pk, true))));
        index.apply(&removed(1..=MIN_DEAD_SLOTS as i64));
        assert_eq!(index.columns.n_slots(), 2 * MIN_DEAD_SLOTS);
        index.apply(&removed([MIN_DEAD_SLOTS as i64 + 1]));
        assert_eq!(index.columns.n_slots(), MIN_DEAD_SLOTS - 1);
    }

    #[test]
    fn a_deleted_project_is_gone_at_once_and_its_late_runs_stay_out_of_sight() {
        let mut index = Index::default();
        index.apply(&saved([row(1, 1, 10, true), row(2, 2, 20, true)]));
        let mut publication = saved([row(3, 1, 30, true)]);
        publication.remove_project(1);
        index.apply(&publication);
        assert_eq!((orders(&index, 1), orders(&index, 2)), (Default::default(), [vec![2], vec![2]]));
        assert_eq!(index.alive().count(), 1);
        // A run may still move out of it.
        index.apply(&saved([row(1, 2, 10, true)]));
        assert_eq!(orders(&index, 2), [vec![1, 2], vec![1, 2]]);
    }

    proptest! {
        #[test]
        fn changes_one_by_one_lead_to_what_loading_the_last_state_does(
            changes in proptest::collection::vec((1i64..8, 1i64..3, 0i64..5, any::<bool>(), 0u8..10), 0..40),
        ) {
            let (mut index, mut table) = (Index::default(), std::collections::BTreeMap::new());
            let mut next_pk = 1;
            for (pk, project, start_ns, is_root, dice) in changes {
                let is_known = table.contains_key(&pk);
                if dice == 0 && is_known {
                    table.remove(&pk);
                    index.apply(&removed([pk]));
                } else if dice == 1 {
                    index.compact();
                } else {
                    let pk = if is_known { pk } else { next_pk };
                    next_pk = next_pk.max(pk + 1);
                    table.insert(pk, row(pk, project, start_ns, is_root));
                    index.apply(&saved([row(pk, project, start_ns, is_root)]));
                }
            }
            let mut loaded = Index::default();
            table.values().for_each(|row| loaded.load(row));
            loaded.sort();
            for project in [1, 2] {
                prop_assert_eq!(orders(&index, project), orders(&loaded, project));
            }
        }
    }
}

//! Where a question looks: projects, a range of time, roots or all, perhaps only runs that were named.

use super::bitset::Bitset;
use super::columns::flag;
use super::memory::Index;
use super::predicate::{Id, Measure, Predicate};
use crate::store::effort;

/// The runs to look at. All conditions hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// Rows of projects that exist.
    pub projects: Vec<u32>,
    pub is_root: Option<bool>,
    /// Started then or later.
    pub from_ns: Option<i64>,
    /// Started then or earlier.
    pub until_ns: Option<i64>,
    /// Only these rows.
    pub pks: Option<Bitset>,
    /// Rows after this one came when the question had been read, perhaps after SQL answered its part of it.
    pub last_pk: Option<u32>,
}

impl Scope {
    /// Slots in order of start, project by project; not yet tested for [`Scope::rest`].
    pub fn orders<'a>(&self, index: &'a Index) -> Vec<&'a [u32]> {
        let orders = self.projects.iter().filter_map(|project| index.projects.get(project));
        let slots = orders.map(|project| {
            let order = if self.is_root == Some(true) { &project.roots } else { &project.all };
            &order.slots()[order.range(&index.columns, self.from_ns, self.until_ns)]
        });
        slots.filter(|slots| !slots.is_empty()).collect()
    }

    /// The slots of the named rows in order of start, when rows are named.
    pub fn named(&self, index: &Index) -> Option<Vec<u32>> {
        let pks = self.pks.as_ref()?;
        let whole = self.whole();
        let mut slots: Vec<u32> = pks.iter().filter_map(|pk| index.columns.slot(pk)).collect();
        slots.retain(|&slot| whole.holds(&index.columns, slot));
        slots.sort_by_key(|&slot| (index.columns.start_ns[slot as usize], slot));
        Some(slots)
    }

    pub fn was_there(&self, index: &Index, slot: u32) -> bool {
        self.last_pk.is_none_or(|last_pk| index.columns.pk[slot as usize] <= last_pk)
    }

    /// What the orders do not already stand for.
    pub fn rest(&self) -> Predicate {
        match self.is_root {
            Some(false) => Predicate::Flag(flag::ROOT).negated(),
            _ => Predicate::Always(true),
        }
    }

    /// Every condition on the run itself.
    fn whole(&self) -> Predicate {
        let projects = self.projects.iter().copied().collect();
        let (from_ns, until_ns) = (self.from_ns.unwrap_or(i64::MIN), self.until_ns.unwrap_or(i64::MAX));
        let root = self.is_root.map(|is_root| {
            let root = Predicate::Flag(flag::ROOT);
            if is_root { root } else { root.negated() }
        });
        Predicate::all(
            [
                Predicate::Flag(flag::ALIVE),
                Predicate::In(Id::Project, projects),
                Predicate::Between(Measure::StartTime, from_ns, until_ns),
            ]
            .into_iter()
            .chain(root),
        )
    }

    /// Calls `on_run` with the slot of every run here that passes, in no order that means anything.
    pub fn for_each(&self, index: &Index, predicate: &Predicate, mut on_run: impl FnMut(u32)) {
        let mut look = |slots: &[u32], predicate: &Predicate| {
            effort::looked_at(slots.len());
            for &slot in slots {
                if self.was_there(index, slot) && predicate.holds(&index.columns, slot) {
                    on_run(slot);
                }
            }
        };
        match self.named(index) {
            Some(slots) => look(&slots, predicate),
            None => {
                let predicate = Predicate::all([self.rest(), predicate.clone()]);
                self.orders(index).into_iter().for_each(|slots| look(slots, &predicate));
            }
        }
    }
}

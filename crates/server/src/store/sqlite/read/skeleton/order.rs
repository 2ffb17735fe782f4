//! Display order: depth first, siblings by start, and equal starts by their place in the dotted order.

use super::rows::Row;
use fanlight_wire::skeleton::NO_RUN;

/// Positions in `rows` in display order, and each one's parent as a position in that order. Each row stands once.
pub fn display_order(rows: &[Row], parents: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut by_start: Vec<u32> = (0..rows.len() as u32).collect();
    by_start.sort_unstable_by_key(|&row| {
        let row = &rows[row as usize];
        (row.start_ns, row.order_us, row.id)
    });
    // Lists in columns, filled latest first: no memory for each parent, and each list is in order.
    let mut first_child = vec![NO_RUN; rows.len()];
    let mut next_sibling = vec![NO_RUN; rows.len()];
    let mut first_top = NO_RUN;
    for &row in by_start.iter().rev() {
        let head = match parents[row as usize] {
            NO_RUN => &mut first_top,
            parent => &mut first_child[parent as usize],
        };
        next_sibling[row as usize] = std::mem::replace(head, row);
    }
    let mut order = Vec::with_capacity(rows.len());
    let mut placed_parents = Vec::with_capacity(rows.len());
    let mut to_visit = vec![(first_top, NO_RUN)];
    while let Some((row, parent)) = to_visit.pop() {
        if row == NO_RUN {
            continue;
        }
        let position = order.len() as u32;
        order.push(row);
        placed_parents.push(parent);
        to_visit.push((next_sibling[row as usize], parent));
        to_visit.push((first_child[row as usize], position));
    }
    debug_assert_eq!(order.len(), rows.len(), "the writer leaves no ring of parents");
    (order, placed_parents)
}

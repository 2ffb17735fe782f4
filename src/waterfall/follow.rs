//! Following a trace under way: the newest run stays in sight until the reader moves.

use super::state::Waterfall;
use super::time_window::TimeWindow;
use crate::model::RunIdx;
use leptos::prelude::*;

/// Of a zoomed window, how much lies before the newest run.
const BEFORE_NEWEST: f64 = 0.8;

impl Waterfall {
    /// Begins or ends to follow.
    pub fn follow(&self, follows: bool) {
        self.follows.set(follows);
        if follows {
            self.show_newest();
            self.say("Following the newest run, until you move".into());
        }
    }

    /// The reader moves: what they look at stays where it is.
    pub fn stop_following(&self) {
        if self.follows.get_untracked() {
            self.follows.set(false);
            self.say("No longer following".into());
        }
    }

    /// Scrolls to the run that started last, and moves a zoomed window there. The selection stays.
    pub fn show_newest(&self) {
        let tree = self.tree.get_untracked();
        let Some(newest) = (0..tree.n_runs() as RunIdx).max_by_key(|&run| (tree.start_ns(run), run)) else { return };
        self.collapsed.update(|collapsed| {
            collapsed.reveal(&tree, newest);
        });
        let row = self.rows.with_untracked(|rows| rows.position_of_or_above(newest));
        let wanted = row.and_then(|row| self.row_view_untracked().scroll_to_see(row));
        if wanted.is_some() {
            self.scroll_request.set(wanted);
        }
        let start_ns = tree.start_ns(newest) as f64;
        let window = self.window.get_untracked().filter(|window| !window.overlaps(start_ns, start_ns));
        if let Some(window) = window {
            let start_ns = start_ns - BEFORE_NEWEST * window.len_ns();
            self.set_window(TimeWindow { start_ns, end_ns: start_ns + window.len_ns() });
        }
    }
}

//! A row of equal runs: a tick for each where there is room, one stretch where there is none.

use super::super::marks::{DrawList, Fill, Layer, Paint, Shape};
use super::super::rows::GroupRow;
use super::merge::merged;
use super::{ChartView, Row, stripe};

/// Adds the marks of a group's row, whose upper edge is at `top`: red where a run beside its members failed, and the
/// stripe of the critical path over those that the trace waited for.
pub(super) fn lay(view: &ChartView<'_>, group: GroupRow, top: f64, unit_px: f64, list: &mut DrawList) {
    let row = Row { is_faded: view.matches.is_some(), ..Row::new(view, group.first, top) };
    let runs = group.group.first..group.group.end;
    for mark in merged(view, runs.clone(), unit_px) {
        let (layer, paint) = match row.fill {
            _ if mark.n_failed > 0 => (Layer::Ends, Paint::Error),
            Fill::NEUTRAL => (Layer::Ends, Paint::Fill(row.fill)),
            fill => (Layer::Bars, Paint::Fill(fill)),
        };
        // A pixel of air between neighbours that have room for it, so that they can be counted.
        let w = if mark.w >= 3.0 { mark.w - 1.0 } else { mark.w };
        list.marks.push(row.mark(layer, Shape::Block, paint, mark.x, w));
    }
    if row.is_faded {
        list.marks.push(row.mark(Layer::Veils, Shape::Block, Paint::Veil, 0.0, view.scale.width_px()));
    }
    if let Some(path) = view.critical_path.filter(|_| view.has_text()) {
        stripe::lay(view, &row, path.pieces_within(runs), unit_px, list);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::collapse::Collapsed;
    use super::super::super::coloring::Coloring;
    use super::super::super::critical_path::CriticalPath;
    use super::super::super::groups::Groups;
    use super::super::super::link::choices::ColorBy;
    use super::super::super::marks::Mark;
    use super::super::super::rows::{RowRules, RowView, VisibleRows};
    use super::super::super::text_width::TextWidths;
    use super::super::super::time_scale::TimeScale;
    use super::super::super::time_window::TimeWindow;
    use super::super::layout;
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use proptest::prelude::*;

    const TOP: f64 = 26.0;

    /// The marks of the second row, the group's.
    fn draw(calls: &str, has_path: bool) -> Vec<Mark> {
        let (tree, collapsed) = (trace_from_text(&format!("agent 0..100\n{calls}")), Collapsed::none());
        let groups = Groups::find(&tree);
        let rows = VisibleRows::with_rules(&tree, &RowRules { groups: &groups, ..RowRules::of_folds(&collapsed) });
        let path = CriticalPath::new(&tree, 0);
        let list = layout(&ChartView {
            tree: &tree,
            rows: &rows,
            collapsed: &collapsed,
            scale: &TimeScale::linear(TimeWindow { start_ns: 0.0, end_ns: 100e6 }, 100.0),
            row_view: RowView { scroll_top_px: 0.0, height_px: 2.0 * TOP, row_height_px: TOP },
            bar_top_px: 5.0,
            bar_height_px: 16.0,
            now_ns: 0,
            selected: None,
            matches: None,
            critical_path: has_path.then_some(&path),
            coloring: &Coloring::new(&tree, ColorBy::Kind),
            inks: &[0; Fill::COUNT],
            widths: &TextWidths::uniform(7.0),
            is_monochrome: false,
            is_stacked: false,
        });
        list.marks.into_iter().filter(|mark| mark.y >= TOP).collect()
    }

    #[test]
    fn each_call_is_a_tick_and_a_failed_one_shows() {
        let ticks = [(0, ""), (20, ""), (40, ""), (60, "error"), (80, ""), (90, "")];
        let calls: String = ticks.iter().map(|(at, how)| format!(" get:tool {at}..{} {how}\n", at + 5)).collect();
        let marks = draw(&calls, false);
        let failed: Vec<_> = marks.iter().filter(|mark| mark.paint == Paint::Error).collect();
        assert_eq!((marks.len(), failed.len()), (6, 1));
        assert!((failed[0].x - 60.0).abs() < 2.0, "{failed:?}");
    }

    #[test]
    fn a_loop_on_the_critical_path_has_its_stripe() {
        let calls: String = (0..20).map(|call| format!(" get:tool {}..{}\n", call * 5, call * 5 + 5)).collect();
        let marks = draw(&calls, true);
        let stripes: Vec<_> =
            marks.iter().filter(|mark| mark.paint == Paint::Critical && mark.layer == Layer::Critical).collect();
        assert_eq!((stripes.len(), stripes[0].x, stripes[0].w), (1, 0.0, 100.0));
    }

    proptest! {
        #[test]
        fn marks_are_no_more_than_pixels_and_inside_the_box(calls in prop::collection::vec((0u32..150, 0u32..100), 5..300)) {
            let line = |(start, len): &(u32, u32)| format!(" get:tool {start}..{}\n", start + len);
            let marks = draw(&calls.iter().map(line).collect::<String>(), false);
            prop_assert!(marks.len() <= 101);
            for mark in marks {
                prop_assert!(mark.x >= 0.0 && mark.x + mark.w <= 100.001 && mark.w >= 0.0, "{:?}", mark);
            }
        }
    }
}

//! What the chart draws, as text, and what holds for every trace.

use super::super::idle_gaps::IdleGaps;
use super::super::link::choices::ColorBy;
use super::super::marks::{Label, LabelPaint};
use super::super::painter::{MOST_STYLE_CHANGES, count, draw_as_text};
use super::super::time_window::TimeWindow;
use super::*;
use crate::model::fixtures::trace_from_text;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use std::sync::Arc;

const WIDTH: f64 = 500.0;

/// What a view is made of, for tests that change one thing.
struct Shown<'a> {
    tree: &'a RunTree,
    folded: &'a [RunIdx],
    scale: TimeScale,
    matches: Option<&'a [RunIdx]>,
    has_critical_path: bool,
    row_height_px: f64,
    height_px: f64,
}

impl<'a> Shown<'a> {
    fn new(tree: &'a RunTree, folded: &'a [RunIdx], window: TimeWindow) -> Self {
        let scale = TimeScale::linear(window, WIDTH);
        Shown { tree, folded, scale, matches: None, has_critical_path: false, row_height_px: 26.0, height_px: 260.0 }
    }

    fn with<T>(&self, look: impl FnOnce(&ChartView<'_>) -> T) -> T {
        let mut collapsed = Collapsed::none();
        self.folded.iter().for_each(|&run| collapsed.set(run, true));
        let rows = VisibleRows::new(self.tree, &collapsed);
        let path = CriticalPath::new(self.tree, 90_000_000);
        look(&ChartView {
            tree: self.tree,
            rows: &rows,
            collapsed: &collapsed,
            scale: &self.scale,
            row_view: RowView { scroll_top_px: 0.0, height_px: self.height_px, row_height_px: self.row_height_px },
            bar_top_px: if self.row_height_px >= TEXT_FROM_PX { 5.0 } else { 0.0 },
            bar_height_px: if self.row_height_px >= TEXT_FROM_PX { 16.0 } else { self.row_height_px },
            now_ns: 90_000_000,
            selected: None,
            matches: self.matches,
            critical_path: self.has_critical_path.then_some(&path),
            coloring: &Coloring::new(self.tree, ColorBy::Kind),
            inks: &[0; Fill::COUNT],
            widths: &TextWidths::uniform(7.0),
            is_monochrome: false,
            is_stacked: false,
        })
    }

    fn list(&self) -> DrawList {
        self.with(layout)
    }
}

#[track_caller]
fn check(trace: &str, folded: &[RunIdx], window_ms: (f64, f64), expected: Expect) {
    let tree = trace_from_text(trace);
    let window = TimeWindow { start_ns: window_ms.0 * 1e6, end_ns: window_ms.1 * 1e6 };
    expected.assert_eq(&draw_as_text(&Shown::new(&tree, folded, window).list()));
}

#[test]
fn a_bar_has_a_soft_head_until_its_first_token_and_its_label_inside_or_after() {
    check(
        "agent 0..100
           chat:llm 10..60 first=20
           parse:parser 60..61",
        &[],
        (0.0, 100.0),
        expect![[r#"
            series-1
              Bar 50,31 250×16
            series-6
              Bar 300,57 5×16
            run-chain
              Outline 0,5 500×16
            Veil
              Head 50,31 50×16
            OnBar(0)
              "100 ms" 6,13
              "50 ms" 106,39
            Beside
              "1 ms" 311,65
        "#]],
    );
}

#[test]
fn a_failed_run_is_hatched_and_a_running_one_dashed() {
    check(
        "agent 0..
           search:tool 10..60 error",
        &[],
        (0.0, 100.0),
        expect![[r#"
            series-2
              Bar 50,31 250×16
            run-chain
              DashedOutline 0,5 450×16
            Error
              Outline 50,31 250×16
            ErrorHatch
              Bar 50,31 250×16
            OnBar(0)
              "90 ms" 6,13
            Beside
              "50 ms" 306,39
        "#]],
    );
}

#[test]
fn a_folded_run_shows_what_its_children_cover() {
    check(
        "agent 0..100
           a:llm 0..30
           b:tool 10..60
             c:tool 20..30 error
           d:llm 80..90",
        &[0],
        (0.0, 100.0),
        expect![[r#"
            series-1
              Block 0,22 150×3
              Block 400,22 50×3
            run-chain
              Outline 0,5 500×16
            Error
              Block 151,22 148×3
            OnBar(0)
              "100 ms" 6,13
        "#]],
    );
}

#[test]
fn bars_outside_the_window_leave_an_arrow_and_instants_are_diamonds() {
    check(
        "agent 0..100
           a:llm 0..30
           b:tool 55..55
           c:llm 80..90",
        &[],
        (50.0, 60.0),
        expect![[r#"
            series-2
              Diamond 244,59 12×12
            run-chain
              Outline -8,5 516×16
            Muted
              ArrowLeft 3,31 6×16
              ArrowRight 491,83 6×16
            OnBar(0)
              "100 ms" 6,13
            Beside
              "0 ms" 262,65
        "#]],
    );
}

#[test]
fn a_search_fades_what_it_did_not_find() {
    let tree = trace_from_text("agent 0..100\n a 10..60\n b 20..30");
    let shown = Shown { matches: Some(&[1]), ..Shown::new(&tree, &[], TimeWindow::whole(100_000_000)) };
    let list = shown.list();
    let veiled: Vec<_> = list.marks.iter().filter(|mark| mark.paint == Paint::Veil).map(|mark| mark.y).collect();
    assert_eq!(veiled, [5.0, 57.0]);
    let of = |label: &Label| (label.text.clone(), label.paint == LabelPaint::Faded);
    let faded: Vec<_> = list.labels.iter().map(of).collect();
    assert_eq!(faded, [("50 ms".into(), false), ("100 ms".into(), true), ("10 ms".into(), true)]);
}

#[test]
fn a_run_whose_clock_is_behind_its_parents_is_marked() {
    check(
        "agent 100..200\n   chat:llm 60..150",
        &[],
        (-20.0, 200.0),
        expect![[r#"
            series-1
              Bar 45,31 205×16
            run-chain
              Outline 136,5 227×16
            Muted
              Skew 37,31 6×16
            OnBar(0)
              "100 ms" 142,13
              "90 ms" 51,39
        "#]],
    );
}

#[test]
fn a_compressed_gap_is_a_band_that_crosses_no_name_where_names_stand_above_bars() {
    let tree = trace_from_text("agent 0..1000\n  a:llm 0..100\n  b:llm 900..1000");
    let (window, gaps) = (TimeWindow { start_ns: 0.0, end_ns: 1e9 }, Arc::new(IdleGaps::find(&tree)));
    let shown = Shown { scale: TimeScale::new(window, WIDTH, &gaps), ..Shown::new(&tree, &[], window) };
    let bands = |is_stacked: bool| {
        let list = shown.with(|view| ground::ground(&ChartView { is_stacked, ..*view }));
        let bands = list.marks.into_iter().filter(|mark| mark.paint == Paint::GapHatch);
        bands.map(|mark| (mark.x.round(), mark.y, mark.w.round(), mark.h)).collect::<Vec<_>>()
    };
    assert_eq!(bands(false), [(236.0, 0.0, 28.0, 260.0)]);
    assert_eq!(bands(true), [5.0, 31.0, 57.0].map(|y| (236.0, y, 28.0, 16.0)));
}

#[test]
fn rows_too_low_for_text_are_blocks() {
    let tree = trace_from_text("agent 0..100\n   chat:llm 10..60 first=20\n   tool:tool 60..80 error");
    let window = TimeWindow { start_ns: 0.0, end_ns: 1e8 };
    let shown = Shown { row_height_px: 4.0, ..Shown::new(&tree, &[], window) };
    expect![[r#"
        series-1
          Block 50,4 250×4
        run-chain
          Block 0,0 500×4
        Error
          Block 300,8 100×4
    "#]]
    .assert_eq(&draw_as_text(&shown.list()));
}

#[test]
fn runs_that_share_pixels_are_one_mark_that_knows_how_many() {
    let lines: String = (0..1000).map(|idx| format!("\n  call:tool {idx}..{}", f64::from(idx) + 0.5)).collect();
    let tree = trace_from_text(&format!("agent 0..1000{lines}"));
    let shown = Shown::new(&tree, &[0], TimeWindow { start_ns: 0.0, end_ns: 1e9 });
    let mark = shown.with(|view| strip::mark_at(view, 0, 250.0)).expect("the strip is under the pointer");
    assert_eq!((mark.n_runs, mark.n_failed), (2, 0));
    assert!(mark.start_ns >= 496e6 && mark.end_ns <= 504e6, "{mark:?}");
}

prop_compose! {
    fn traces()(spans in prop::collection::vec((0u32..1000, 0u32..1000, 0usize..5, prop::bool::ANY), 1..40)) -> String {
        let line = |(start, end, depth, has_error): &(u32, u32, usize, bool)| {
            format!("{}run:llm {start}..{end}{}", " ".repeat(depth + 1), if *has_error { " error" } else { "" })
        };
        spans.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

proptest! {
    #[test]
    fn every_mark_is_finite_and_inside_the_box(
        trace in traces(), start in -1e9..1e9f64, len in 100.0..1e10f64, folded in prop::collection::vec(0u32..40, 0..9),
        row_height_px in 1.0..40.0f64, has_critical_path in prop::bool::ANY,
    ) {
        let tree = trace_from_text(&trace);
        let window = TimeWindow { start_ns: start, end_ns: start + len };
        let list = Shown { row_height_px, has_critical_path, ..Shown::new(&tree, &folded, window) }.list();
        for mark in &list.marks {
            prop_assert!([mark.x, mark.y, mark.w, mark.h].iter().all(|px| px.is_finite()));
            prop_assert!(mark.x >= -9.0 && mark.x + mark.w <= WIDTH + 10.0 && mark.w >= 0.0, "{:?}", mark);
        }
        for label in &list.labels {
            prop_assert!(label.x >= 0.0 && label.x + 7.0 * label.text.chars().count() as f64 <= WIDTH + 0.001);
        }
    }

    #[test]
    fn no_failed_run_is_ever_left_out(
        trace in traces(), folded in prop::collection::vec(0u32..40, 0..9), row_height_px in prop::sample::select(vec![4.0, 26.0]),
    ) {
        let tree = trace_from_text(&trace);
        let shown = Shown { row_height_px, ..Shown::new(&tree, &folded, TimeWindow::whole(tree.extent_ns())) };
        let list = shown.list();
        let reds = |top: f64| {
            list.marks.iter().any(|mark| mark.paint == Paint::Error && mark.y >= top && mark.y < top + row_height_px)
        };
        shown.with(|view| {
            for row in view.row_view.shown(view.rows.len()) {
                let run = view.rows.run_at(row).expect("shown rows exist");
                let hides_failure = view.collapsed.contains(run) && tree.n_errors_below(run) > 0;
                prop_assert_eq!(reds(view.row_view.y_of(row)), tree.has_error(run) || hides_failure);
            }
            Ok(())
        })?;
    }

    #[test]
    fn each_run_of_a_strip_is_in_exactly_one_mark(trace in traces(), len in 1e3..1e9f64) {
        let tree = trace_from_text(&trace);
        let window = TimeWindow { start_ns: 0.0, end_ns: len };
        Shown::new(&tree, &[0], window).with(|view| {
            let marks = merge::merged(view, tree.children(0), 1.0);
            let n_seen = tree.children(0).filter(|&run| view.is_seen(view.span(run))).count();
            prop_assert_eq!(marks.iter().map(|mark| mark.n_runs as usize).sum::<usize>(), n_seen);
            prop_assert!(marks.windows(2).all(|pair| pair[0].x + pair[0].w <= pair[1].x + 1e-6));
            Ok(())
        })?;
    }

    #[test]
    fn some_rows_are_drawn_as_in_the_whole(trace in traces(), from in 0usize..10, n in 1usize..4) {
        let tree = trace_from_text(&trace);
        let shown = Shown::new(&tree, &[1, 2], TimeWindow::whole(tree.extent_ns()));
        let (whole, part) = (shown.list(), shown.with(|view| layout_rows(view, from..from + n)));
        let (top, bottom) = (26.0 * from as f64, 26.0 * (from + n) as f64);
        let inside: Vec<_> = whole.marks.into_iter().filter(|mark| mark.y >= top && mark.y < bottom).collect();
        prop_assert_eq!(part.marks, inside);
        prop_assert!(inside_rows(&part.labels, top, bottom));
    }
}

fn inside_rows(labels: &[Label], top: f64, bottom: f64) -> bool {
    labels.iter().all(|label| label.y_middle >= top && label.y_middle <= bottom)
}

/// A tall screen of folded runs with 5,000 children each, every tenth failed, all kinds, under search, critical path on.
#[test]
fn no_frame_costs_more_than_its_budget() {
    let kinds = ["llm", "tool", "retriever", "embedding", "prompt", "parser", "chain"];
    let mut text = String::from("root 0..1000\n");
    for row in 0..70 {
        text += &format!("  step:{} 0..1000{}\n", kinds[row % 7], if row % 10 == 0 { " error" } else { "" });
        for child in 0..400 {
            let start = f64::from(child) * 2.5;
            text += &format!(
                "    call:{} {start}..{}{}\n",
                kinds[child as usize % 7],
                start + 0.9,
                if child % 10 == 0 { " error" } else { "" }
            );
        }
    }
    let tree = trace_from_text(&text);
    let folded: Vec<RunIdx> = tree.children(0).collect();
    let matches: Vec<RunIdx> = (0..tree.n_runs() as RunIdx).step_by(2).collect();
    for (has_critical_path, row_height_px) in [(false, 26.0), (true, 26.0), (true, 12.0), (true, 2.0)] {
        for zoom in [1.0, 0.3, 0.01] {
            let window = TimeWindow { start_ns: 0.0, end_ns: 1e9 * zoom };
            let scale = TimeScale::linear(window, 2000.0);
            let (height_px, matches) = (1600.0, Some(&*matches));
            let shown = Shown {
                scale,
                matches,
                has_critical_path,
                row_height_px,
                height_px,
                ..Shown::new(&tree, &folded, window)
            };
            let counts = count(&shown.list());
            assert!(counts.n_rects <= MOST_RECTS && counts.n_labels <= MOST_LABELS, "{counts:?}");
            assert!(counts.n_style_changes <= MOST_STYLE_CHANGES, "{counts:?}");
        }
    }
}

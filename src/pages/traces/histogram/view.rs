//! Draws the histogram and lets a part of it be chosen by pointer or keys.

use super::brush::{Brush, BrushKey, Chosen, KEYS};
use super::layout::{BARS_HEIGHT_PX, Chart, HEAT_HEIGHT_PX, bucket_at, bucket_start, layout, n_buckets};
use super::table::DataTable;
use crate::components::clock::zone_offset_minutes;
use crate::components::element_size::use_element_size;
use crate::components::erased::{dynamic, effect, live, memo};
use crate::components::keyboard::action;
use crate::components::{icon::Icon, icon::IconView, unique_id};
use crate::format::local_time::{ticks, zone_name};
use crate::pages::fetched::Fetched;
use crate::pages::traces::time_range::TimeRange;
use fanlight_wire::Timestamp;
use fanlight_wire::run_stats::Histogram;
use leptos::html;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

/// Between two labels of the axis.
const LABEL_PX: f64 = 84.0;
/// A press becomes a drag here.
const DRAG_PX: f64 = 4.0;

/// Where a drag began, in pixels of the plot.
#[derive(Clone, Copy, PartialEq)]
struct Press {
    x_px: f64,
    y_px: f64,
    is_drag: bool,
}

/// The histogram of `data`. `on_choose` narrows the list; `on_reset` shows all time again.
#[component]
pub fn HistogramView(
    data: Fetched<Histogram>,
    /// The range that the list is narrowed to, which a reset would give up.
    #[prop(into)]
    time: Signal<TimeRange>,
    on_choose: Callback<Chosen>,
    on_reset: Callback<()>,
) -> impl IntoView {
    let plot = NodeRef::<html::Div>::new();
    let size = use_element_size(plot);
    let width_px = memo(move || size.get().width_px);
    let histogram = memo(move || data.value.get().unwrap_or_default());
    let chart = memo(move || layout(&histogram.read(), width_px.get()));
    let brush = RwSignal::new(None::<Brush>);
    let press = RwSignal::new(None::<Press>);
    let is_table_open = RwSignal::new(false);
    // A brush on other bars would mean another time.
    effect(move || {
        histogram.track();
        brush.set(None);
    });
    let apply = move || {
        let chosen = brush.get_untracked().and_then(|brush| {
            histogram.with_untracked(|histogram| chart.with_untracked(|chart| brush.chosen(histogram, chart)))
        });
        if let Some(chosen) = chosen {
            on_choose.run(chosen);
        }
    };
    let words = memo(move || {
        let brush = brush.get()?;
        Some(histogram.with(|histogram| chart.with(|chart| brush.words(histogram, chart, zone_offset_minutes))))
    });
    let value_now = move || brush.get().map_or(0, |brush| brush.head);
    let on_keydown = move |event: KeyboardEvent| {
        let Some(key) = action(KEYS, &event) else { return };
        if key == BrushKey::Clear && brush.get_untracked().is_none() {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        match key {
            BrushKey::Apply => apply(),
            BrushKey::Table => is_table_open.set(true),
            key => {
                let n = histogram.with_untracked(n_buckets);
                let n_rows = chart.with_untracked(|chart| chart.rows.len());
                brush.update(|brush| *brush = Brush::moved(*brush, key, n, n_rows));
            }
        }
    };
    let place = move |event: &PointerEvent| {
        let rect = plot.get_untracked().map(|plot| plot.get_bounding_client_rect());
        rect.map_or((0.0, 0.0), |rect| {
            (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top())
        })
    };
    let on_down = move |event: PointerEvent| {
        if event.button() != 0 || histogram.with_untracked(n_buckets) == 0 {
            return;
        }
        if let Some(plot) = plot.get_untracked() {
            // Without capture a drag merely ends at the edge.
            let _ = plot.set_pointer_capture(event.pointer_id());
        }
        let (x_px, y_px) = place(&event);
        press.set(Some(Press { x_px, y_px, is_drag: false }));
    };
    let on_move = move |event: PointerEvent| {
        let (x_px, y_px) = place(&event);
        let width_px = width_px.get_untracked();
        let bucket = |x_px: f64| histogram.with_untracked(|histogram| bucket_at(histogram, x_px, width_px));
        match press.get_untracked() {
            Some(start) if start.is_drag || (start.x_px - x_px).abs().max((start.y_px - y_px).abs()) >= DRAG_PX => {
                press.set(Some(Press { is_drag: true, ..start }));
                let rows = chart.with_untracked(|chart| row_at(chart, start.y_px).zip(row_near(chart, y_px)));
                brush.set(Some(Brush { anchor: bucket(start.x_px), head: bucket(x_px), rows }));
            }
            Some(_) => {}
            None if histogram.with_untracked(n_buckets) > 0 => {
                brush.set(Some(Brush {
                    rows: chart.with_untracked(|chart| row_at(chart, y_px)).map(|row| (row, row)),
                    ..Brush::at(bucket(x_px))
                }));
            }
            None => {}
        }
    };
    let on_up = move |_| {
        if press.get_untracked().is_some() {
            // A click is the choice of one bar, or of one cell.
            apply();
        }
        press.set(None);
    };
    let on_leave = move |_| {
        if press.get_untracked().is_none() {
            brush.set(None);
        }
    };
    let text = move |pick: fn(&Chart) -> String| memo(move || chart.with(pick));
    let brush_left = move || bucket_x(brush.get().map_or(0, |brush| brush.first()), &histogram.read());
    let brush_right = move || bucket_x(brush.get().map_or(0, |brush| brush.last() + 1), &histogram.read());
    let brush_rows = move || {
        let chart = chart.read();
        match brush.get().and_then(|brush| brush.row_span()) {
            Some((top, low)) => {
                let from = BARS_HEIGHT_PX + top as f64 * chart.row_height_px;
                (from, (low + 1 - top) as f64 * chart.row_height_px)
            }
            None => (0.0, BARS_HEIGHT_PX + HEAT_HEIGHT_PX),
        }
    };
    let summary_id = unique_id("histogram-summary");
    let is_zoomed = memo(move || time.get() != TimeRange::All);
    view! {
        <section class="histogram" class:is-loading=live(move || data.is_loading.get()) aria-label="Runs over time">
            <div
                class="histogram-plot"
                node_ref=plot
                role="slider"
                tabindex="0"
                aria-label="Choose a time"
                aria-describedby=summary_id.clone()
                aria-valuemin="0"
                aria-valuemax=live(move || histogram.with(n_buckets).saturating_sub(1).to_string())
                aria-valuenow=live(move || value_now().to_string())
                aria-valuetext=live(move || words.get().unwrap_or_else(|| "Nothing chosen".into()))
                on:keydown=on_keydown
                on:pointerdown=on_down
                on:pointermove=on_move
                on:pointerup=on_up
                on:pointerleave=on_leave
                on:pointercancel=move |_| {
                    press.set(None);
                    brush.set(None);
                }
                on:dblclick=move |_| on_reset.run(())
                on:blur=move |_| brush.set(None)
            >
                <svg class="histogram-bars" aria-hidden="true" height=BARS_HEIGHT_PX.to_string()>
                    <path class="histogram-success" d=text(|chart| chart.success.clone()) />
                    <path class="histogram-other" d=text(|chart| chart.other.clone()) />
                    <path class="histogram-error" d=text(|chart| chart.error.clone()) />
                </svg>
                <svg class="histogram-heat" aria-hidden="true" height=HEAT_HEIGHT_PX.to_string()>
                    {(0..super::layout::N_LEVELS)
                        .map(|level| {
                            view! {
                                <path
                                    class=format!("histogram-level is-{level}")
                                    d=memo(move || chart.with(|chart| chart.heat[level].clone()))
                                />
                            }
                        })
                        .collect_view()}
                </svg>
                <div
                    class="histogram-brush"
                    class:is-dragged=live(move || press.get().is_some_and(|press| press.is_drag))
                    hidden=live(move || brush.get().is_none())
                    aria-hidden="true"
                    style:--left=live(move || format!("{:.3}%", brush_left()))
                    style:--right=live(move || format!("{:.3}%", 100.0 - brush_right()))
                    style:--top=live(move || format!("{:.1}px", brush_rows().0))
                    style:--height=live(move || format!("{:.1}px", brush_rows().1))
                ></div>
                <div class="histogram-axis" aria-hidden="true">
                    {dynamic(move || axis(&histogram.read(), width_px.get()))}
                </div>
            </div>
            <div class="histogram-foot">
                <p class="histogram-summary" id=summary_id>
                    {dynamic(move || match words.get() {
                        Some(words) => words,
                        None if data.value.with(Option::is_none) => "Counting".to_owned(),
                        None => summary(&histogram.read(), &chart.read()),
                    })}
                </p>
                {dynamic(move || {
                    data.failure
                        .get()
                        .map(|error| {
                            view! {
                                <span class="histogram-failure" role="alert">
                                    {error.to_string()}
                                    <button type="button" class="button is-quiet" on:click=move |_| data.refetch()>
                                        "Try again"
                                    </button>
                                </span>
                            }
                        })
                })}
                {dynamic(move || {
                    is_zoomed
                        .get()
                        .then(|| {
                            view! {
                                <button type="button" class="histogram-link" on:click=move |_| on_reset.run(())>
                                    "Show all time"
                                </button>
                            }
                        })
                })}
                <button
                    type="button"
                    class="histogram-link"
                    title="The numbers as a table (Shift+D)"
                    on:click=move |_| is_table_open.set(true)
                >
                    <IconView icon=Icon::List />
                    <span class="visually-hidden">"Histogram as a table"</span>
                </button>
            </div>
            <DataTable is_open=is_table_open histogram />
        </section>
    }
}

/// The row of the heat map at a height of the plot; `None` above it, in the bars.
fn row_at(chart: &Chart, y_px: f64) -> Option<usize> {
    let y_px = y_px - BARS_HEIGHT_PX;
    ((0.0..HEAT_HEIGHT_PX).contains(&y_px) && !chart.rows.is_empty()).then(|| row_below(chart, y_px))
}

/// The nearest row: a drag that began in the heat map stays in it.
fn row_near(chart: &Chart, y_px: f64) -> Option<usize> {
    let y_px = (y_px - BARS_HEIGHT_PX).clamp(0.0, HEAT_HEIGHT_PX - 1.0);
    (!chart.rows.is_empty()).then(|| row_below(chart, y_px))
}

fn row_below(chart: &Chart, y_px: f64) -> usize {
    ((y_px / chart.row_height_px.max(1.0)) as usize).min(chart.rows.len() - 1)
}

/// Where a bucket begins, in percent of the width.
fn bucket_x(bucket: usize, histogram: &Histogram) -> f64 {
    bucket as f64 / n_buckets(histogram).max(1) as f64 * 100.0
}

fn axis(histogram: &Histogram, width_px: f64) -> AnyView {
    let bounds = histogram.start.zip(bucket_start(histogram, n_buckets(histogram)));
    let Some((from, to)) = bounds else { return ().into_any() };
    let length_ns = to.since(from).max(1) as f64;
    let max = ((width_px / LABEL_PX) as usize).clamp(2, 14);
    ticks(from, to, max, zone_offset_minutes)
        .into_iter()
        .map(|tick| {
            let share = tick.time.since(from) as f64 / length_ns;
            // A label at the very end would stick out.
            (share < 0.97).then(|| {
                view! {
                    <span class="histogram-tick" style:--at=format!("{:.3}%", share * 100.0)>
                        {tick.label}
                    </span>
                }
            })
        })
        .collect_view()
        .into_any()
}

/// "60 bars of 5 m, at most 1,204 runs; times in UTC+01:00": what the chart shows as a whole.
fn summary(histogram: &Histogram, chart: &Chart) -> String {
    let Some(start) = histogram.start else { return "Nothing to count".into() };
    let zone = zone_name(zone_offset_minutes(Timestamp(start.0)));
    let grouped = |n: u64| crate::format::digits::grouped(n as i64);
    let failed: u64 = histogram.n_error.iter().sum();
    // A bar is a whole number of a unit: "3 h", not "3 h 00 m".
    let bucket = crate::format::duration::duration(histogram.bucket_ns);
    let bucket = [" 00 s", " 00 m", " 00 h"].iter().find_map(|rest| bucket.strip_suffix(rest)).unwrap_or(&bucket);
    format!("{} failed · {bucket} per bar, at most {} · {zone}", grouped(failed), grouped(chart.max_count))
}

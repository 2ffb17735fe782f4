//! One chart of a board, with what can be done with it.

use super::handle::{Arrangement, handle};
use crate::charts::figure::{ChartFigure, Progress, Shared, failure_view};
use crate::components::erased::{dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::menu::{Menu, MenuItem};
use crate::components::unique_id;
use crate::format::visible::visible;
use crate::monitor::answer::heat;
use crate::monitor::board::{Totals, chart_of, runs_of, totals_of};
use crate::monitor::board_change::{Change, ChartKey, place_of};
use crate::monitor::content::Content;
use crate::monitor::panel::shown_of;
use crate::pages::fetched::{Fetched, fetched};
use crate::pages::monitor::data::{Data, roots};
use crate::pages::monitor::grid::progress;
use fanlight_wire::board::{Chart, MAX_CHARTS, Mark};
use fanlight_wire::monitor::Quantity;
use fanlight_wire::monitor::heatmap::{Heatmap, HeatmapQuery};
use fanlight_wire::monitor::series::Series;
use leptos::prelude::*;
use std::sync::Arc;

/// The chart of `key`: as long as it has this key, it is the same.
pub fn chart_view(
    data: Data,
    shared: Shared,
    arrangement: Arrangement,
    key: ChartKey,
    on_edit: Callback<ChartKey>,
) -> AnyView {
    let charts = arrangement.charts;
    let chart = charts.with_untracked(|charts| place_of(charts, key).map(|idx| charts[idx].clone()));
    let Some(chart) = chart else { return ().into_any() };
    let title = visible(&chart.title).into_owned();
    let items = menu(arrangement, key, on_edit);
    let label = format!("What to do with {title}");
    let named = title.clone();
    let tools = ViewFn::from(move || {
        view! {
            {handle(arrangement, key, &named)}
            <Menu label=label.clone() items button_class="button is-quiet is-icon plot-table-button">
                <IconView icon=Icon::More />
            </Menu>
        }
    });
    let class = match chart.width {
        Some(2) => "board-chart is-wide",
        Some(3) => "board-chart is-whole",
        _ => "board-chart",
    };
    let drawn = match chart.mark {
        Mark::Heatmap => heat_chart(data, shared, title, chart, tools),
        Mark::Number | Mark::Table => totals(data, title, chart, tools),
        Mark::Line | Mark::Bar | Mark::Area => time_chart(data, shared, title, chart, tools),
    };
    view! {
        <div
            class=class
            class:is-dragged=live(move || arrangement.is_dragged(key))
            class:is-before=live(move || arrangement.is_target(key) == Some(false))
            class:is-after=live(move || arrangement.is_target(key) == Some(true))
        >
            {drawn}
        </div>
    }
    .into_any()
}

/// What can be done with a chart.
fn menu(arrangement: Arrangement, key: ChartKey, on_edit: Callback<ChartKey>) -> Signal<Vec<MenuItem>> {
    let charts = arrangement.charts;
    let place = memo(move || charts.with(|charts| (place_of(charts, key), charts.len())));
    let item = |label: &str, is_danger: bool, on_select: Callback<()>| MenuItem {
        label: label.to_owned(),
        is_danger,
        on_select,
    };
    let edit = Callback::new(move |()| on_edit.run(key));
    let step = |by: isize| {
        Callback::new(move |()| {
            if let Some(at) = place.get_untracked().0 {
                arrangement.move_to(key, at.saturating_add_signed(by));
            }
        })
    };
    let (earlier, later) = (step(-1), step(1));
    let duplicate = Callback::new(move |()| arrangement.change(Change::Duplicate(key), || {}));
    let remove = Callback::new(move |()| remove(arrangement, key));
    Signal::derive(move || {
        let (at, n_charts) = place.get();
        let mut items = vec![item("Edit…", false, edit)];
        if at.is_some_and(|at| at > 0) {
            items.push(item("Move earlier", false, earlier));
        }
        if at.is_some_and(|at| at + 1 < n_charts) {
            items.push(item("Move later", false, later));
        }
        if n_charts < MAX_CHARTS {
            items.push(item("Duplicate", false, duplicate));
        }
        items.push(item("Remove", true, remove));
        items
    })
}

/// Removes a chart, which can be taken back for a moment, also from another page.
fn remove(arrangement: Arrangement, key: ChartKey) {
    let Arrangement { boards, board, charts, .. } = arrangement;
    let Some((idx, chart)) =
        charts.with_untracked(|charts| place_of(charts, key).map(|idx| (idx, charts[idx].clone())))
    else {
        return;
    };
    let api = boards.api();
    arrangement.change(Change::Remove(key), move || {
        let undo = Callback::new(move |()| boards.restore(api.clone(), board, Change::Restore(idx, chart.clone())));
        boards.toasts.show_with_undo("Chart removed", undo);
    });
}

/// Asks what `chart` is about, whenever the page asks something else.
fn asked(data: Data, chart: StoredValue<Chart>) -> Fetched<Series> {
    fetched(move || {
        let asked = data.asked.get()?;
        let (runs, metrics, by) =
            chart.with_value(|it| (runs_of(it, &roots(data.project, &asked)), it.metrics.clone(), it.group_by.clone()));
        Some(data.series(runs, metrics, by))
    })
}

fn time_chart(data: Data, shared: Shared, title: String, chart: Chart, tools: ViewFn) -> AnyView {
    let chart = StoredValue::new(chart);
    let answer = asked(data, chart);
    let drawn = memo(move || {
        answer.value.with(|answer| answer.as_ref().map(|answer| chart.with_value(|it| chart_of(it, answer))))
    });
    let content = memo(move || {
        let Some((mut chart, _)) = drawn.get() else { return Arc::default() };
        chart.rules = data.rules();
        Arc::new(Content::Chart(chart))
    });
    let note = memo(move || {
        let shown = answer.value.with(|answer| answer.as_ref().and_then(|answer| shown_of(answer, "group")));
        let n_left_out = drawn.with(|drawn| drawn.as_ref().map_or(0, |(_, n_left_out)| *n_left_out));
        let left_out = (n_left_out > 0).then(|| format!("{n_left_out} in another unit are not drawn"));
        [shown, left_out].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    });
    view! { <ChartFigure title=Signal::stored(title) note content progress=progress(answer) shared tools /> }.into_any()
}

fn heat_chart(data: Data, shared: Shared, title: String, chart: Chart, tools: ViewFn) -> AnyView {
    if chart.of.is_some_and(|of| of != Quantity::Latency) {
        let words = || view! { <p class="plot-nothing">"Only latencies are drawn as a heat map here"</p> }.into_any();
        let progress = Progress {
            is_loading: Signal::stored(false),
            failure: Signal::stored(None),
            on_retry: Callback::new(|()| {}),
        };
        return card(title, progress, tools, words);
    }
    let answer: Fetched<Heatmap> = fetched(move || {
        let asked = data.asked.get()?;
        let query = runs_of(&chart, &roots(data.project, &asked));
        Some(data.heatmap(HeatmapQuery { query, ..HeatmapQuery::default() }))
    });
    let content = memo(move || {
        let cells = answer.value.with(|answer| answer.as_ref().map(heat));
        cells.map_or_else(Arc::default, |heat| Arc::new(Content::Heat { heat, lines: Vec::new() }))
    });
    let note = memo(|| "darker is more".to_owned());
    view! { <ChartFigure title=Signal::stored(title) note content progress=progress(answer) shared tools /> }.into_any()
}

/// Numbers of the whole range: one large one, a few, or a table.
fn totals(data: Data, title: String, chart: Chart, tools: ViewFn) -> AnyView {
    let is_table = chart.mark == Mark::Table;
    let by = chart.group_by.as_ref().map(|by| crate::monitor::answer::key_words(&by.key));
    let chart = StoredValue::new(chart);
    let answer = asked(data, chart);
    let words = move || {
        let totals =
            answer.value.with(|answer| answer.as_ref().map(|it| chart.with_value(|chart| totals_of(chart, it))));
        match totals {
            None => view! { <p class="plot-nothing">"Counting"</p> }.into_any(),
            Some(totals) if totals.rows.is_empty() => {
                view! { <p class="plot-nothing">"Nothing to measure in this time"</p> }.into_any()
            }
            Some(totals) if is_table => table(totals, by.as_deref().unwrap_or_default()),
            Some(totals) => numbers(totals),
        }
    };
    card(title, progress(answer), tools, words)
}

/// A card that has no axes.
fn card(
    title: String,
    progress: Progress,
    tools: ViewFn,
    words: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let title_id = unique_id("board-title");
    let labelled_by = title_id.clone();
    view! {
        <figure
            class="plot-card"
            class:is-loading=live(move || progress.is_loading.get())
            aria-labelledby=labelled_by
            aria-busy=live(move || progress.is_loading.get().to_string())
        >
            <figcaption class="plot-caption">
                <h2 id=title_id>{title}</h2>
                <span class="plot-tools">{tools.run()}</span>
            </figcaption>
            {dynamic(move || match progress.failure.get() {
                Some(message) => failure_view(message, progress.on_retry),
                None => words(),
            })}
        </figure>
    }
    .into_any()
}

fn numbers(totals: Totals) -> AnyView {
    let Totals { metrics, rows } = totals;
    let is_one = rows.len() * metrics.len() == 1;
    let lines = rows.into_iter().flat_map(|(name, values)| {
        let named = move |metric: &String| if name.is_empty() { metric.clone() } else { format!("{name}: {metric}") };
        metrics.iter().map(named).zip(values).collect::<Vec<_>>()
    });
    let line = |(name, value): (String, String)| {
        view! {
            <div>
                <dt>{visible(&name).into_owned()}</dt>
                <dd>{value}</dd>
            </div>
        }
        .into_any()
    };
    let lines: Vec<AnyView> = lines.map(line).collect();
    view! {
        <dl class="board-numbers" class:is-one=is_one>
            {lines}
        </dl>
    }
    .into_any()
}

/// `by` is what the rows are, in words; empty for one row without a name.
fn table(totals: Totals, by: &str) -> AnyView {
    let head = |words: &String| view! { <th scope="col">{visible(words).into_owned()}</th> }.into_any();
    let heads: Vec<AnyView> = totals.metrics.iter().map(head).collect();
    let row = |(name, values): (String, Vec<String>)| {
        let cells: Vec<AnyView> = values.into_iter().map(|value| view! { <td>{value}</td> }.into_any()).collect();
        let name = if name.is_empty() { "all".to_owned() } else { visible(&name).into_owned() };
        view! {
            <tr>
                <th scope="row">
                    <bdi>{name}</bdi>
                </th>
                {cells}
            </tr>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = totals.rows.into_iter().map(row).collect();
    let corner = if by.is_empty() { "Runs".to_owned() } else { visible(by).into_owned() };
    view! {
        <div class="board-table" tabindex="0" role="group" aria-label="Numbers">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{corner}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

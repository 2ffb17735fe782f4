//! One chart of a board: what is measured of which runs, split by what, drawn how.

use crate::components::erased::{When, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::unique_id;
use crate::format::visible::visible;
use crate::monitor::board_draft::Draft;
use crate::monitor::metric_words::metric_of;
use crate::pages::monitor::bar::group_options;
use crate::pages::monitor::data::Data;
use fanlight_wire::board::{Chart, ChartRuns, Mark};
use leptos::prelude::*;

/// Values of a choice, and what each is called.
type Options = Vec<(String, String)>;

const RUNS: [(ChartRuns, &str, &str); 3] = [
    (ChartRuns::Traces, "traces", "Traces"),
    (ChartRuns::Runs, "runs", "All runs"),
    (ChartRuns::Models, "models", "Calls of models"),
];
const MARKS: [(Mark, &str, &str); 6] = [
    (Mark::Line, "line", "Lines"),
    (Mark::Bar, "bar", "Bars"),
    (Mark::Area, "area", "Areas"),
    (Mark::Number, "number", "Number"),
    (Mark::Table, "table", "Table"),
    (Mark::Heatmap, "heatmap", "Heat map of latencies"),
];
const WIDTHS: [(u8, &str, &str); 3] = [(1, "1", "A third of the board"), (2, "2", "Two thirds"), (3, "3", "All of it")];

/// The form for `chart`; `on_save` gets what it became. `failure` says why it was not saved.
#[component]
pub fn ChartForm(
    data: Data,
    chart: Chart,
    failure: RwSignal<Option<String>>,
    is_saving: RwSignal<bool>,
    on_save: Callback<Chart>,
) -> impl IntoView {
    let draft = RwSignal::new(Draft::of(&chart));
    let problem = RwSignal::new(None::<String>);
    let before = StoredValue::new(chart);
    let change = move |change: &dyn Fn(&mut Draft)| draft.update(|draft| change(draft));
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        match draft.with_untracked(|draft| before.with_value(|before| draft.finish(before))) {
            Ok(chart) => on_save.run(chart),
            Err(error) => problem.set(Some(error.message)),
        }
    };
    let error_id = unique_id("chart-error");
    let described_by = error_id.clone();
    let runs = memo(move || word_of(&RUNS, &draft.with(|draft| draft.runs)));
    let mark = memo(move || word_of(&MARKS, &draft.with(|draft| draft.mark)));
    let width = memo(move || word_of(&WIDTHS, &draft.with(|draft| draft.width)));
    let group = memo(move || draft.with(|draft| draft.group.as_ref().map(ToString::to_string).unwrap_or_default()));
    let groups = memo(move || {
        let nothing = std::iter::once((String::new(), "nothing".to_owned()));
        let mut options: Options = nothing.chain(group_options(&data.metadata_keys())).collect();
        let chosen = group.get();
        if !options.iter().any(|(value, _)| *value == chosen) {
            let label = chosen.strip_prefix("metadata.").unwrap_or(&chosen).to_owned();
            options.push((chosen, visible(&label).into_owned()));
        }
        options
    });
    let is_heatmap = memo(move || draft.with(|draft| draft.mark == Mark::Heatmap));
    let is_full = memo(move || {
        let keys = data.feedback_keys();
        draft.with(|draft| !draft.has_room() || draft.offered(draft.metrics.len(), &keys).is_empty())
    });
    let usual_title = memo(move || draft.with(Draft::usual_title));
    view! {
        <form class="chart-form" on:submit=on_submit novalidate>
            {choice("Drawn as", words(&MARKS), mark, move |value| {
                change(&|draft| draft.set_mark(value_of(&MARKS, &value)));
            })}
            <When when=move || !is_heatmap.get()>
                <fieldset class="chart-form-metrics">
                    <legend>"What"</legend>
                    {dynamic(move || metrics(data, draft))}
                    <When when=move || !is_full.get()>
                        <button
                            type="button"
                            class="button is-quiet"
                            on:click=move |_| {
                                let keys = data.feedback_keys();
                                change(&|draft| draft.add_metric(&keys));
                            }
                        >
                            <IconView icon=Icon::Plus />
                            "One more"
                        </button>
                    </When>
                </fieldset>
            </When>
            {choice("Of", words(&RUNS), runs, move |value| change(&|draft| draft.runs = value_of(&RUNS, &value)))}
            <label class="field">
                <span>"Only where"</span>
                <input
                    class="input"
                    prop:value=draft.with_untracked(|draft| draft.filter.clone())
                    placeholder="status:error latency:>2s"
                    maxlength="8192"
                    autocomplete="off"
                    spellcheck="false"
                    aria-invalid=live(move || problem.with(Option::is_some).to_string())
                    aria-describedby=described_by
                    on:input:target=move |event| {
                        problem.set(None);
                        let typed = event.target().value();
                        change(&|draft| draft.filter.clone_from(&typed));
                    }
                />
                <span class="field-error" id=error_id role="alert">
                    {dynamic(move || problem.get())}
                </span>
            </label>
            <When when=move || !is_heatmap.get()>
                {dynamic(move || {
                    choice("By", groups.get(), group, move |value| change(&|draft| draft.group = value.parse().ok()))
                })}
            </When>
            {choice("Width", words(&WIDTHS), width, move |value| change(&|draft| draft.width = value_of(&WIDTHS, &value)))}
            <label class="field">
                <span>"Title"</span>
                <input
                    class="input"
                    prop:value=draft.with_untracked(|draft| draft.title.clone())
                    maxlength="100"
                    placeholder=live(move || visible(&usual_title.get()).into_owned())
                    autocomplete="off"
                    on:input:target=move |event| {
                        let typed = event.target().value();
                        change(&|draft| draft.title.clone_from(&typed));
                    }
                />
            </label>
            <p class="field-error" role="alert">
                {dynamic(move || failure.get())}
            </p>
            <div class="dialog-actions">
                <button type="submit" class="button is-primary" disabled=live(move || is_saving.get())>
                    {dynamic(move || if is_saving.get() { "Saving" } else { "Save" })}
                </button>
            </div>
        </form>
    }
}

/// A choice for each metric, and a way to drop it.
fn metrics(data: Data, draft: RwSignal<Draft>) -> Vec<AnyView> {
    // Drawn again when their number, what they are of or what an axis allows changes.
    let (n_metrics, runs) = draft.with(|draft| (draft.metrics.len(), draft.runs));
    let feedback = data.feedback_keys();
    let row = |idx: usize| {
        let feedback = feedback.clone();
        let offered = draft.with(|draft| draft.offered(idx, &feedback));
        let options = offered.iter().map(|metric| (metric.to_string(), visible(&metric_of(metric, runs)).into_owned()));
        let chosen =
            memo(move || draft.with(|draft| draft.metrics.get(idx).map(ToString::to_string).unwrap_or_default()));
        let label = if idx == 0 { "Metric".to_owned() } else { format!("Metric {}", idx + 1) };
        let set = move |value: String| {
            if let Ok(metric) = value.parse() {
                draft.update(|draft| draft.set_metric(idx, metric));
            }
        };
        let drop_label = format!("Without metric {}", idx + 1);
        view! {
            <div class="chart-form-metric">
                {select(Some(label), options.collect(), chosen, set)}
                {(n_metrics > 1)
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="button is-quiet is-icon"
                                aria-label=drop_label.clone()
                                title=drop_label
                                on:click=move |_| {
                                    draft
                                        .update(|draft| {
                                            if idx < draft.metrics.len() {
                                                draft.metrics.remove(idx);
                                            }
                                        });
                                }
                            >
                                <IconView icon=Icon::Close />
                            </button>
                        }
                    })}
            </div>
        }
        .into_any()
    };
    (0..n_metrics).map(row).collect()
}

fn words<T>(all: &[(T, &str, &str)]) -> Options {
    all.iter().map(|(_, value, label)| ((*value).to_owned(), (*label).to_owned())).collect()
}

fn word_of<T: PartialEq>(all: &[(T, &str, &str)], value: &T) -> String {
    all.iter().find(|it| it.0 == *value).map_or("", |it| it.1).to_owned()
}

/// The value of a word; the first one of a word that is not offered.
fn value_of<T: Copy>(all: &[(T, &str, &str)], word: &str) -> T {
    all.iter().find(|it| it.1 == word).unwrap_or(&all[0]).0
}

fn choice(
    label: &'static str,
    options: Options,
    chosen: Memo<String>,
    on_choose: impl Fn(String) + Send + Sync + 'static,
) -> AnyView {
    view! {
        <label class="field">
            <span>{label}</span>
            {select(None, options, chosen, on_choose)}
        </label>
    }
    .into_any()
}

/// `label` where nothing else names it.
fn select(
    label: Option<String>,
    options: Options,
    chosen: Memo<String>,
    on_choose: impl Fn(String) + Send + Sync + 'static,
) -> AnyView {
    let option = |(value, words): (String, String)| {
        let is_chosen = chosen.get_untracked() == value;
        view! {
            <option value=value selected=is_chosen>
                {words}
            </option>
        }
        .into_any()
    };
    let options: Vec<AnyView> = options.into_iter().map(option).collect();
    view! {
        <select
            class="input"
            aria-label=label
            on:change:target=move |event| on_choose(event.target().value())
        >
            {options}
        </select>
    }
    .into_any()
}

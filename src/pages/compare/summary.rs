//! The comparison in short: what the traces took as wholes, where they part, and which runs the difference comes from.

use super::baseline::BaselineState;
use super::load::{Digests, PairLoader};
use super::state::CompareState;
use crate::compare::contributors::Contributor;
use crate::compare::keys::Command;
use crate::compare::measure::{Amounts, Change};
use crate::compare::row_text::PairText;
use crate::compare::rows::Folded;
use crate::compare::{Comparison, Measure, PairIdx};
use crate::components::erased::{When, dynamic, live, memo};
use crate::components::unique_id;
use crate::format::digits::grouped;
use crate::format::visible::visible;
use leptos::prelude::*;

/// Runs that are named for each measure.
const N_CONTRIBUTORS: usize = 5;

/// See the module.
#[component]
pub fn CompareSummary(state: CompareState, loader: PairLoader, baseline: Option<BaselineState>) -> impl IntoView {
    let totals = move || {
        state.comparison.with(|comparison| {
            let total = |measure: Measure| total_view(measure, comparison.totals(measure));
            Measure::ALL.map(total).into_iter().collect_view()
        })
    };
    view! {
        <section class="compare-summary" aria-label="Summary">
            <div class="compare-totals">{dynamic(totals)}</div>
            <Verdict state />
            {match baseline {
                Some(baseline) => view! { <Progress baseline /> }.into_any(),
                None => view! { <Notice state loader /> }.into_any(),
            }}
            <div class="compare-contributors">
                <Contributors state measure=Measure::Time title="Where the time differs" />
                <Contributors state measure=Measure::Cost title="Where the cost differs" />
            </div>
        </section>
    }
}

fn total_view(measure: Measure, Amounts { a, b, delta }: Amounts) -> Option<AnyView> {
    let text = |amount: Option<i64>| amount.map_or("–".to_owned(), |amount| measure.text(amount));
    (a.is_some() || b.is_some()).then(|| {
        let change = delta.map(|_| measure.change(a.unwrap_or(0), b.unwrap_or(0)));
        view! {
            <span class="compare-total">
                <span class="compare-total-label">{measure.label()}</span>
                <span>{text(a)} " → " <b>{text(b)}</b></span>
                {delta.map(|delta| delta_view(change, measure.signed_text(delta)))}
            </span>
        }
        .into_any()
    })
}

fn delta_view(change: Option<Change>, text: String) -> impl IntoView {
    let class = match change {
        Some(Change::More) => "compare-delta is-more",
        Some(Change::Less) => "compare-delta is-less",
        Some(Change::Noise) | None => "compare-delta",
    };
    view! { <span class=class>{text}</span> }
}

/// How many differences there are, and the first of them.
#[component]
fn Verdict(state: CompareState) -> impl IntoView {
    let n_different = memo(move || state.comparison.with(|it| it.n_different(0..it.n_pairs() as PairIdx)));
    let first = move || {
        state.comparison.with(|comparison| {
            let text = PairText::new(comparison, &Folded::default(), Measure::Time, comparison.first_divergence()?);
            let how: Vec<&str> = text.differences.iter().map(|&difference| comparison.sentence(difference)).collect();
            Some((visible(&text.name).into_owned(), how.join(", ")))
        })
    };
    let is_judged = move || state.comparison.with(|comparison| comparison.baseline().is_some());
    view! {
        <div class="compare-verdict">
            {dynamic(move || match (n_different.get(), first()) {
                (0, _) | (_, None) => {
                    let (nothing, why) = if is_judged() {
                        ("Nothing unusual", "Every run took what its counterparts take, noise apart.")
                    } else {
                        (
                            "No differences",
                            "Every run has its counterpart, and all that was compared is the same. Times may differ.",
                        )
                    };
                    view! {
                        <b>{nothing}</b>
                        <span>{why}</span>
                    }
                        .into_any()
                }
                (n, Some((name, how))) => {
                    let (one, many, first) = if is_judged() {
                        ("1 run is unusual", "runs are unusual", "First: ")
                    } else {
                        ("1 difference", "differences", "First divergence: ")
                    };
                    let count = if n == 1 { one.to_owned() } else { format!("{} {many}", grouped(n.into())) };
                    view! {
                        <b>{count}</b>
                        <button
                            type="button"
                            class="button compare-first"
                            on:click=move |_| {
                                state.carry_out(Command::FirstDivergence);
                                state.focus();
                            }
                        >
                            <span>{first}<b><bdi>{name}</bdi></b>", "{how}</span>
                            <kbd>"<"</kbd>
                        </button>
                    }
                        .into_any()
                }
            })}
        </div>
    }
}

/// How many of the baseline's traces have been looked at.
#[component]
fn Progress(baseline: BaselineState) -> impl IntoView {
    let n_traces = baseline.traces().len();
    view! {
        <When when=move || { baseline.n_added.get() < n_traces }>
            <p class="compare-notice" role="status">
                {dynamic(move || format!("Compared with {} of {n_traces} traces so far", baseline.n_added.get()))}
            </p>
        </When>
    }
}

/// What was not compared, and why.
#[component]
fn Notice(state: CompareState, loader: PairLoader) -> impl IntoView {
    let words = memo(move || {
        let n_undigested = state.comparison.with(|it| it.a.n_undigested() + it.b.n_undigested());
        Some(match loader.digests.get() {
            Digests::NotOffered => {
                "Compared by names, models, status and tokens: this server cannot say which payloads are equal. Those of \
                 the selected run are compared when it is selected."
                    .to_owned()
            }
            Digests::Failed => "The payloads could not be compared this time; names, models, status and tokens were.".to_owned(),
            Digests::Here if n_undigested > 0 => {
                format!("The payloads of {} runs were too many or too large to compare; the rest was.", grouped(n_undigested as i64))
            }
            Digests::Here => return None,
        })
    });
    let can_retry = move || loader.digests.get() == Digests::Failed;
    view! {
        <When when=move || words.get().is_some()>
            <p class="compare-notice" role="status">
                {dynamic(move || words.get())}
                <When when=can_retry>
                    <button type="button" class="button" on:click=move |_| loader.retry()>
                        "Try again"
                    </button>
                </When>
            </p>
        </When>
    }
}

/// The runs that differ most by themselves, as buttons that lead to them.
#[component]
fn Contributors(state: CompareState, measure: Measure, title: &'static str) -> impl IntoView {
    let found = memo(move || state.comparison.with(|comparison| comparison.contributors(measure, N_CONTRIBUTORS)));
    let largest = move || found.with(|found| found.first().map_or(1, |it| it.delta.unsigned_abs().max(1)));
    let heading = unique_id("contributors");
    let labelled_by = heading.clone();
    view! {
        <When when=move || found.with(|found| !found.is_empty())>
            <div class="compare-contributor-list" role="group" aria-labelledby=labelled_by.clone()>
                <h2 id=heading.clone()>{title}</h2>
                <div>{dynamic(move || {
                    let largest = largest();
                    let comparison = state.comparison.get();
                    found
                        .get()
                        .into_iter()
                        .map(|it| contributor_view(state, &comparison, measure, it, largest))
                        .collect_view()
                })}</div>
            </div>
        </When>
    }
}

fn contributor_view(
    state: CompareState,
    comparison: &Comparison,
    measure: Measure,
    Contributor { pair, delta }: Contributor,
    largest: u64,
) -> AnyView {
    let name_of = |idx| visible(&PairText::new(comparison, &Folded::default(), measure, idx).name).into_owned();
    // Runs of one name are told apart by who called them.
    let caller = comparison.parent(pair).filter(|&parent| comparison.parent(parent).is_some()).map(name_of);
    let change = if delta > 0 { Change::More } else { Change::Less };
    let share = 100.0 * delta.unsigned_abs() as f64 / largest as f64;
    let on_click = move |_| {
        state.select(pair);
        state.focus();
    };
    view! {
        <button
            type="button"
            class="compare-contributor"
            class:is-more=live(move || change == Change::More)
            style:--share=format!("{share:.0}%")
            on:click=on_click
        >
            <bdi>
                {name_of(pair)}
                {caller.map(|caller| view! { <span class="compare-contributor-in">" in "{caller}</span> })}
            </bdi>
            {delta_view(Some(change), measure.signed_text(delta))}
        </button>
    }
    .into_any()
}

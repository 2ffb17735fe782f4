//! Where the trace's time went, as one bar under the header. A part leads to the runs behind it.

use crate::components::erased::{dynamic, effect, memo};
use crate::format::digits::percent;
use crate::format::duration::duration;
use crate::model::time_went::{Spent, TimeWent};
use crate::waterfall::Waterfall;
use crate::waterfall::time_window::TimeWindow;
use leptos::prelude::*;
use std::time::Duration;

/// In larger traces it takes a noticeable while, which the reader decides on.
const AT_ONCE_UP_TO: usize = 250_000;
/// Parts smaller than this share of the bar carry no words.
const LABELLED_FROM: f64 = 0.09;

fn label(spent: Spent) -> &'static str {
    match spent {
        Spent::Llm => "LLM",
        Spent::Tool => "Tools",
        Spent::Retrieval => "Retrieval",
        Spent::Framework => "Framework",
        Spent::Waiting => "Waiting",
    }
}

fn class(spent: Spent) -> &'static str {
    match spent {
        Spent::Llm => "time-bar-part is-llm",
        Spent::Tool => "time-bar-part is-tool",
        Spent::Retrieval => "time-bar-part is-retriever",
        Spent::Framework => "time-bar-part is-chain",
        Spent::Waiting => "time-bar-part is-waiting",
    }
}

/// A list of parts, largest time first in the order of the kinds; clicking one searches for its runs, waiting goes to the
/// longest gap.
#[component]
pub fn TimeBar(state: Waterfall) -> impl IntoView {
    let went = RwSignal::new(TimeWent::default());
    let is_asked = RwSignal::new(false);
    let is_huge = memo(move || state.tree.with(|tree| tree.n_runs() > AT_ONCE_UP_TO));
    effect(move || {
        state.tree.track();
        if is_huge.get() && !is_asked.get() {
            return;
        }
        // After the rows are on screen: in a large trace this takes longer than a frame.
        set_timeout(
            move || {
                if let Some(next) = state.tree.try_with_untracked(|tree| TimeWent::new(tree)) {
                    went.set(next);
                }
            },
            Duration::from_millis(1),
        );
    });
    let is_shown = memo(move || went.with(|went| went.total_ns() > 0));
    let show = move |spent: Spent| match (spent.search(), went.with_untracked(|went| went.longest_wait_ns())) {
        (Some(search), _) => {
            let now = state.search.query.get_untracked();
            // Again: the search is taken back.
            state.search.query.set(if now == search { String::new() } else { search.to_owned() });
        }
        (None, Some((start, end))) => {
            state.remember_window();
            state.move_window(TimeWindow::around(start as f64, end as f64, untrack(|| state.bounds())));
        }
        (None, None) => state.search.query.set("status:interrupted".into()),
    };
    let part = move |spent: Spent, went: &TimeWent| {
        let share = went.of(spent) as f64 / went.total_ns().max(1) as f64;
        let words = format!("{} {}, {}", label(spent), duration(went.of(spent) as i64), percent(share));
        let title = match spent {
            Spent::Waiting => format!("{words}: go to the longest wait"),
            _ => format!("{words}: find these runs"),
        };
        let is_on = move || state.search.query.with(|query| Some(query.as_str()) == spent.search());
        view! {
            <li class=class(spent) style:--share=format!("{share:.5}")>
                <button
                    type="button"
                    aria-label=title.clone()
                    title=title.clone()
                    aria-pressed=move || spent.search().map(|_| is_on().to_string())
                    on:click=move |_| show(spent)
                >
                    {(share >= LABELLED_FROM).then(|| {
                        view! {
                            <span class="time-bar-label">{label(spent)}</span>
                            <span class="time-bar-figure">{duration(went.of(spent) as i64)}</span>
                        }
                    })}
                </button>
            </li>
        }
    };
    view! {
        {dynamic(move || {
            (is_huge.get() && !is_asked.get()).then(|| {
                view! {
                    <div class="time-bar-offer">
                        <button type="button" class="button" on:click=move |_| is_asked.set(true)>
                            "Work out where the time went"
                        </button>
                    </div>
                }
            })
        })}
        {dynamic(move || {
            is_shown.get().then(|| {
                let went = went.get();
                let parts = Spent::ALL.into_iter().filter(|&spent| went.of(spent) > 0);
                view! {
                    <ul class="time-bar" aria-label="Where the time went">
                        {parts.map(|spent| part(spent, &went)).collect_view()}
                    </ul>
                }
            })
        })}
    }
}

//! The bar above the views: which one is on, and what its x-axis counts.

use crate::components::erased::{When, live};
use crate::components::unique_id;
use crate::trace_view::{ViewKind, XUnit};
use leptos::prelude::*;

/// One choice of a few, each a word.
#[derive(Clone)]
struct Word {
    label: &'static str,
    title: String,
    is_on: Signal<bool>,
    on_choose: Callback<()>,
    /// The reader points at it.
    on_near: Callback<()>,
}

/// The switch between the views, and for those that have one the unit of the x-axis.
#[component]
pub fn ViewBar(
    view: Memo<ViewKind>,
    on_view: Callback<ViewKind>,
    on_near: Callback<ViewKind>,
    unit: Memo<XUnit>,
    on_unit: Callback<XUnit>,
) -> impl IntoView {
    let views = move || {
        let word = |&kind: &ViewKind| Word {
            label: kind.label(),
            title: format!("{} ({})", kind.label(), kind.key()),
            is_on: Signal::derive(move || view.get() == kind),
            on_choose: Callback::new(move |()| on_view.run(kind)),
            on_near: Callback::new(move |()| on_near.run(kind)),
        };
        switch("View", ViewKind::ALL.iter().map(word).collect())
    };
    let units = move || {
        let word = |&choice: &XUnit| Word {
            label: choice.label(),
            title: format!("By {choice}"),
            is_on: Signal::derive(move || unit.get() == choice),
            on_choose: Callback::new(move |()| on_unit.run(choice)),
            on_near: Callback::new(|()| {}),
        };
        switch("Measure by", XUnit::ALL.iter().map(word).collect())
    };
    view! {
        <div class="view-bar">
            {views()} <span class="page-header-space"></span>
            <When when=move || view.get().has_units()>{units()}</When>
        </div>
    }
}

fn switch(legend: &'static str, words: Vec<Word>) -> AnyView {
    let name = unique_id("switch");
    let choice = move |word: Word| {
        let Word { label, title, is_on, on_choose, on_near } = word;
        view! {
            <label class="segmented-choice is-word" title=title on:pointerenter=move |_| on_near.run(())>
                <input
                    type="radio"
                    class="visually-hidden"
                    name=name.clone()
                    prop:checked=live(move || is_on.get())
                    on:change=move |_| on_choose.run(())
                />
                {label}
            </label>
        }
    };
    view! {
        <fieldset class="segmented">
            <legend class="visually-hidden">{legend}</legend>
            {words.into_iter().map(choice).collect_view()}
        </fieldset>
    }
    .into_any()
}

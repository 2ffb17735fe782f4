//! The numbers on top: what the range comes to, how that changed, and its course.

use super::data::Data;
use crate::charts::change::Verdict;
use crate::charts::sparkline::Sparkline;
use crate::components::erased::{dynamic, memo};
use crate::monitor::cards::{Card, cards};
use leptos::prelude::*;

/// The cards of the overview.
#[component]
pub fn Cards(data: Data) -> impl IntoView {
    let cards = memo(move || {
        data.overview.value.with(|now| {
            let Some(now) = now else { return Vec::new() };
            data.before.value.with(|before| cards(now, before.as_ref().and_then(Option::as_ref)))
        })
    });
    view! {
        <section class="monitor-cards" aria-label="In this time">
            {dynamic(move || cards.get().into_iter().map(card).collect::<Vec<_>>())}
        </section>
    }
}

fn card(card: Card) -> AnyView {
    let change = card.change.map(|change| {
        let class = match change.verdict {
            Verdict::Better => "monitor-change is-better",
            Verdict::Worse => "monitor-change is-worse",
            Verdict::Neither => "monitor-change",
        };
        // Colour never speaks alone.
        let verdict = match change.verdict {
            Verdict::Better => ", better",
            Verdict::Worse => ", worse",
            Verdict::Neither => "",
        };
        view! {
            <span class=class>{change.text}<span class="visually-hidden">{verdict}</span></span>
            " vs previous"
        }
    });
    let course = card.course;
    view! {
        <article class="monitor-card">
            <h2>{card.title}</h2>
            <p class="monitor-value">{card.value}</p>
            <p class="monitor-against">{change} {card.note.map(|note| view! { <span class="monitor-card-note">{note}</span> })}</p>
            <Sparkline chart=Signal::stored(course) />
        </article>
    }
    .into_any()
}

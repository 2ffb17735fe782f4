//! The thread in one line: whose it is, how many turns, what it took; and a link to it.

use crate::components::clock::use_now;
use crate::components::erased::{dynamic, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::relative_time::RelativeTime;
use crate::components::toast::use_toasts;
use crate::format::cost::cost;
use crate::format::digits::grouped;
use crate::format::duration::{duration, duration_from_seconds};
use crate::format::tokens::tokens;
use crate::format::visible::visible;
use crate::pages::trace::copy_address;
use crate::preferences::use_preferences;
use crate::routes;
use fanlight_wire::thread::Thread;
use fanlight_wire::{ProjectId, Timestamp};
use leptos::prelude::*;
use leptos_meta::Title;

/// See the module. `n_turns` counts what is known, before the sums are there.
#[component]
pub fn ThreadHeader(
    project: ProjectId,
    thread: String,
    facts: RwSignal<Option<Thread>>,
    #[prop(into)] n_turns: Signal<usize>,
) -> impl IntoView {
    let (now, toasts) = (use_now(), use_toasts());
    let preferences = use_preferences();
    let name = visible(&thread).into_owned();
    let is_running = memo(move || facts.with(|facts| facts.as_ref().is_some_and(|it| it.max_end_time.is_none())));
    let words = memo(move || {
        // Only a running thread follows the clock.
        let now = if is_running.get() { Some(now.get()) } else { None };
        // A long thread is counted before its turns are all listed.
        let n_turns = facts.with(|facts| facts.as_ref().map_or(0, |thread| thread.count as usize)).max(n_turns.get());
        let mut words = vec![("turns", grouped(n_turns as i64))];
        facts.with(|facts| words.extend(facts.as_ref().map(|thread| facts_of(thread, now)).unwrap_or_default()));
        words
    });
    let last = memo(move || {
        facts.with(|facts| facts.as_ref().and_then(|thread| thread.max_end_time.or(thread.max_start_time)))
    });
    view! {
        <Title text=format!("{name} · Threads") />
        <header class="page-header trace-header">
            <h1 class="trace-title">
                <a class="trace-title-back" href=routes::threads(project)>
                    "Threads"
                </a>
                <span class="trace-title-slash" aria-hidden="true">
                    "/"
                </span>
                <bdi class="trace-title-name" title=name.clone()>
                    {name.clone()}
                </bdi>
            </h1>
            <div class="trace-facts">
                {dynamic(move || {
                    words
                        .get()
                        .into_iter()
                        .map(|(label, value)| {
                            view! {
                                <span class="chip" class:is-error=label == "failed">
                                    {label} " " <b>{value}</b>
                                </span>
                            }
                        })
                        .collect_view()
                })}
                {dynamic(move || {
                    last.get()
                        .map(|time| {
                            view! {
                                <span class="chip">
                                    "last active " <RelativeTime time />
                                </span>
                            }
                        })
                })}
            </div>
            <label class="switch">
                <input
                    type="checkbox"
                    prop:checked=move || preferences.with(|preferences| preferences.has_markdown)
                    on:change=move |event| {
                        let checked = event_target_checked(&event);
                        preferences.update(|preferences| preferences.has_markdown = checked);
                    }
                />
                <span>"Markdown"</span>
            </label>
            <button type="button" class="button" on:click=move |_| copy_address(window().location().href().unwrap_or_default(), toasts)>
                <IconView icon=Icon::Copy />
                "Copy link"
            </button>
        </header>
    }
}

/// What is known of the whole thread; `now` while a turn runs.
fn facts_of(thread: &Thread, now: Option<Timestamp>) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let (start, end) = (thread.min_start_time.or(thread.start_time), thread.max_end_time.or(now));
    facts.extend(start.zip(end).map(|(start, end)| ("lasted", duration(end.since(start).max(0)))));
    if thread.count > 1 {
        facts.extend(thread.latency_p50.map(|seconds| ("turn p50", duration_from_seconds(seconds))));
        facts.extend(thread.latency_p99.map(|seconds| ("p99", duration_from_seconds(seconds))));
    }
    if thread.total_tokens > 0 {
        facts.push(("tokens", tokens(thread.total_tokens)));
    }
    facts.extend(thread.total_cost.map(|amount| ("cost", cost(amount))));
    if thread.num_errored_turns > 0 {
        facts.push(("failed", grouped(thread.num_errored_turns as i64)));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(thread: serde_json::Value, expected: &str) {
        let thread: Thread = serde_json::from_value(thread).unwrap();
        let now = "2026-11-23T23:00:00Z".parse().ok();
        let words: Vec<String> =
            facts_of(&thread, now).iter().map(|(label, value)| format!("{label} {value}")).collect();
        assert_eq!(words.join(", "), expected);
    }

    #[test]
    fn only_what_is_known_is_said() {
        check(json!({"thread_id": "t", "count": 1}), "");
        check(
            json!({"count": 1, "min_start_time": "2026-11-23T22:00:00Z", "max_end_time": null, "latency_p50": 1.5}),
            "lasted 1 h 00 m",
        );
        check(
            json!({
                "count": 3, "min_start_time": "2026-11-23T22:00:00Z", "max_end_time": "2026-11-23T22:02:05Z",
                "latency_p50": 1.5, "latency_p99": 4.0, "total_tokens": 12_400, "total_cost": "0.0312", "num_errored_turns": 1,
            }),
            "lasted 2 m 05 s, turn p50 1.50 s, p99 4.00 s, tokens 12.4k, cost $0.0312, failed 1",
        );
    }
}

//! Why a run failed: the sentence first, then the stack trace with the reader's own frames standing out.

use super::copy::CopyIcon;
use super::run_data::RunData;
use super::stack::{ErrorReport, StackLine, report};
use crate::components::erased::{When, dynamic, memo};
use crate::format::visible::visible;
use leptos::prelude::*;
use std::sync::Arc;

/// Longer traces open with their last lines: Python names the cause there.
const LAST_SHOWN: usize = 30;

/// The error of a run.
#[component]
pub fn ErrorTab(data: Memo<Arc<RunData>>) -> impl IntoView {
    let error = memo(move || data.with(|data| data.run.error.clone().unwrap_or_default()));
    move || {
        let text = error.get();
        let ErrorReport { headline, message, lines } = report(&text);
        let n_library = lines.iter().filter(|line| matches!(line, StackLine::Frame(frame) if frame.is_library)).count();
        let (has_stack, n_frames) = (!lines.is_empty(), lines.len());
        let hides_library = RwSignal::new(false);
        let shows_all = RwSignal::new(n_frames <= LAST_SHOWN);
        let lines = StoredValue::new(lines);
        let shown = move || {
            let n_skipped = if shows_all.get() { 0 } else { n_frames - LAST_SHOWN };
            lines.with_value(|lines| {
                let wanted = |line: &&StackLine| {
                    !hides_library.get() || !matches!(line, StackLine::Frame(frame) if frame.is_library)
                };
                lines.iter().skip(n_skipped).filter(wanted).map(line_view).collect_view()
            })
        };
        view! {
            <section class="error-report">
                <header class="error-head">
                    <h3 class="error-headline" dir="auto">{visible(&headline).into_owned()}</h3>
                    <CopyIcon text=move |()| error.get_untracked() label="Copy the error" />
                </header>
                {(!message.is_empty()).then(|| view! { <p class="error-message" dir="auto">{visible(&message).into_owned()}</p> })}
                {has_stack
                    .then(|| {
                        view! {
                            <div class="error-tools">
                                <h4>"Stack trace"</h4>
                                {(n_library > 0)
                                    .then(|| {
                                        view! {
                                            <label class="switch">
                                                <input
                                                    type="checkbox"
                                                    prop:checked=hides_library
                                                    on:change=move |event| hides_library.set(event_target_checked(&event))
                                                />
                                                <span>{format!("Hide library frames ({n_library})")}</span>
                                            </label>
                                        }
                                    })}
                                <When when=move || !shows_all.get()>
                                    <button type="button" class="button is-quiet" on:click=move |_| shows_all.set(true)>
                                        {format!("Show all {n_frames} lines")}
                                    </button>
                                </When>
                            </div>
                            <ol class="stack">{dynamic(shown)}</ol>
                        }
                    })}
            </section>
        }
    }
}

fn line_view(line: &StackLine) -> AnyView {
    match line {
        StackLine::Text(text) => {
            view! { <li class="stack-text" dir="auto">{visible(text).into_owned()}</li> }.into_any()
        }
        StackLine::Frame(frame) => {
            let code = (!frame.code.is_empty()).then(
                || view! { <pre class="stack-code" dir="ltr"><code>{visible(&frame.code).into_owned()}</code></pre> },
            );
            view! {
                <li class="stack-frame" class:is-library=frame.is_library>
                    <p>
                        <bdi class="stack-function">{visible(&frame.function).into_owned()}</bdi>
                        <bdi class="stack-place">{visible(&frame.place).into_owned()}</bdi>
                    </p>
                    {code}
                </li>
            }
            .into_any()
        }
    }
}

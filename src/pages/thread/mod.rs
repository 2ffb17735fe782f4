//! `/projects/:project_id/threads/:thread_id`: one conversation, turn by turn, each linked to its trace.
//!
//! [`turns`] says which turns are on screen, [`load`] fetches them, [`said`] finds what was said in a turn's payloads,
//! `turn_card` draws it, `walk` moves through them by keys and keeps the address.

mod header;
mod keys;
mod load;
mod said;
mod turn;
mod turn_card;
mod turns;
mod walk;

use crate::components::erased::{Keyed, When, dynamic, effect, memo};
use crate::components::load_failed::LoadFailed;
use crate::components::part::Drawn;
use crate::components::seen::use_seen;
use crate::components::skeleton::RowsSkeleton;
use crate::format::digits::grouped;
use crate::pages::not_found::NotFoundPage;
use crate::pages::trace::details::feedback_store::Drafts;
use crate::preferences::use_preferences;
use crate::routes::{self, thread_segment};
use fanlight_wire::{ProjectId, TraceId};
use header::ThreadHeader;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_router::hooks::use_params_map;
use load::{MAX_TURNS, Status, ThreadLoader};
use turn_card::TurnCard;
use turns::{MAX_DRAWN, Turns};
use walk::Walk;

/// How near an end of what is drawn may come to the screen before more is fetched.
const NEAR: &str = "800px";

/// The page, in a file of its own.
#[wasm_split(thread, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <ThreadPage /> }.into_any())
}

/// Shows one thread; another one in the address starts afresh.
#[component]
fn ThreadPage() -> impl IntoView {
    let params = use_params_map();
    let address = memo(move || {
        let params = params.read();
        let project: ProjectId = params.get("project_id")?.parse().ok()?;
        Some((project, thread_segment::read(&params.get("thread_id")?)))
    });
    dynamic(move || match address.get() {
        Some((project, thread)) => view! { <Conversation project thread /> }.into_any(),
        None => view! { <NotFoundPage /> }.into_any(),
    })
}

#[component]
fn Conversation(project: ProjectId, thread: String) -> impl IntoView {
    Drafts::provide();
    let walk = Walk::new();
    let loader = ThreadLoader::start(project, thread.clone(), walk.current.get_untracked(), walk.keep_place());
    walk.start(project, loader);
    let n_turns = memo(move || loader.turns.with(Turns::len));
    view! {
        <div class="page">
            <ThreadHeader project thread facts=loader.facts n_turns />
            <div class="page-scroll turns-scroll" node_ref=walk.scroller tabindex="-1">
                {dynamic(move || match loader.status.get() {
                    Status::Loading => view! { <RowsSkeleton n_rows=12 /> }.into_any(),
                    Status::Failed(error) => {
                        view! { <LoadFailed message=error.to_string() on_retry=move |()| loader.load(walk.current.get_untracked()) /> }
                            .into_any()
                    }
                    Status::Missing => view! { <NoSuchThread project /> }.into_any(),
                    Status::Ready => view! { <TurnFeed project loader walk /> }.into_any(),
                })}
            </div>
        </div>
    }
}

/// The turns on screen, and what leads to those before and after.
#[component]
fn TurnFeed(project: ProjectId, loader: ThreadLoader, walk: Walk) -> impl IntoView {
    let preferences = use_preferences();
    let is_markdown = Signal::derive(move || preferences.with(|preferences| preferences.has_markdown));
    let turns = loader.turns;
    let drawn = memo(move || turns.with(Turns::drawn_ids));
    let n_turns = memo(move || turns.with(Turns::len));
    let n_before = memo(move || turns.with(|turns| turns.window().start));
    let n_after = memo(move || turns.with(|turns| turns.len().saturating_sub(turns.window().end)));
    let (above, below) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let (sees_above, sees_below) = (use_seen(above, NEAR), use_seen(below, NEAR));
    let go_earlier = move || loader.show(turns.with_untracked(Turns::earlier), || {});
    let go_later = move || loader.show(turns.with_untracked(Turns::later), || {});
    effect(move || {
        let (above, below) = (sees_above.get() && n_before.get() > 0, sees_below.get() && n_after.get() > 0);
        let is_busy = loader.is_moving.get() || loader.failure.with(Option::is_some);
        // On a screen that shows all that may be drawn, growing at one end would shrink the other for ever.
        let is_full = drawn.with(Vec::len) >= MAX_DRAWN && above && below;
        if is_busy || is_full {
            return;
        }
        if below {
            go_later();
        } else if above {
            go_earlier();
        }
    });
    view! {
        <div class="turns">
            <div class="turns-more" node_ref=above>
                <When when=move || n_before.get() != 0>
                    <button type="button" class="button" on:click=move |_| go_earlier()>
                        {dynamic(move || format!("Earlier turns ({})", grouped(n_before.get() as i64)))}
                    </button>
                </When>
            </div>
            <div role="feed" aria-label="Turns" aria-busy=move || loader.is_moving.get().to_string()>
                <Keyed each=move || drawn.get() key=|id| *id let:id>
                    <TurnCard
                        project
                        id
                        turn=memo(move || turns.with(|turns| turns.get(id).cloned()))
                        number=memo(move || turns.with(|turns| turns.position(id).map_or(0, |idx| idx + 1)))
                        n_turns
                        is_current=memo(move || walk.current.get() == Some(id))
                        is_markdown
                        on_focus=walk.on_focus()
                    />
                </Keyed>
            </div>
            <div class="turns-more" node_ref=below>
                <When when=move || n_after.get() != 0>
                    <button type="button" class="button" on:click=move |_| go_later()>
                        {dynamic(move || format!("Later turns ({})", grouped(n_after.get() as i64)))}
                    </button>
                </When>
                <When when=move || { n_turns.get() >= MAX_TURNS }>
                    <p class="turn-note">{format!("Only the first {} turns are shown", grouped(MAX_TURNS as i64))}</p>
                </When>
            </div>
            {dynamic(move || {
                loader
                    .failure
                    .get()
                    .map(|error| {
                        view! {
                            <div class="page-failure" role="alert">
                                <span>{format!("More turns could not be loaded. {error}")}</span>
                                <button type="button" class="button" on:click=move |_| loader.failure.set(None)>
                                    "Try again"
                                </button>
                            </div>
                        }
                    })
            })}
            <NewTurns loader walk />
        </div>
    }
}

/// "1 new turn": what was said while the reader was elsewhere in the thread.
#[component]
fn NewTurns(loader: ThreadLoader, walk: Walk) -> impl IntoView {
    // Counted from what there was when the end was last on screen.
    let n_new = Memo::new(move |before: Option<&(usize, usize)>| {
        let (n_turns, is_at_end) = loader.turns.with(|turns| (turns.len(), turns.window().end == turns.len()));
        let n_seen = before.filter(|_| !is_at_end && loader.is_listed.get()).map_or(n_turns, |(n_seen, _)| *n_seen);
        (n_seen, n_turns.saturating_sub(n_seen))
    });
    view! {
        <div class="new-traces turns-new" role="status">
            {dynamic(move || {
                let n_new = n_new.get().1;
                (n_new > 0)
                    .then(|| {
                        let words = if n_new == 1 { "1 new turn".to_owned() } else { format!("{} new turns", grouped(n_new as i64)) };
                        view! {
                            <button type="button" class="button new-traces-chip" on:click=move |_| walk.go_to_last(loader)>
                                {words}
                            </button>
                        }
                    })
            })}
        </div>
    }
}

#[component]
fn NoSuchThread(project: ProjectId) -> impl IntoView {
    view! {
        <div class="empty-state">
            <h2>"No such thread"</h2>
            <p>
                "No trace of this project carries this thread id, or all that did were deleted. If the application has only just sent one, it appears here by itself once it arrives."
            </p>
            <a class="button" href=routes::threads(project)>
                "All threads"
            </a>
        </div>
    }
}

/// The turn that an address selects.
fn turn_of(search: &str) -> Option<TraceId> {
    routes::query_pairs(search).into_iter().find(|(key, _)| key == routes::QUERY_TURN)?.1.parse().ok()
}

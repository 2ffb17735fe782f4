//! Parts of the dashboard whose code is a file of its own, fetched when the part is first shown.
//!
//! A part is a function under `#[wasm_split]` that returns [`Drawn`]; `cargo xtask split` makes the files. What a part
//! uses is in its file only as long as nothing else names it: whoever shows a part goes through [`part`].

use super::erased::dynamic;
use super::load_failed::LoadFailed;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// The view of a part, or that its code did not come.
pub type Drawn = Result<AnyView, SplitLoaderError>;

/// What fetching the code of a part comes to.
pub type Fetched = Result<(), SplitLoaderError>;

type Fetch = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Fetched>>> + Send + Sync>;

/// The sentence below "This could not be loaded".
pub const MISSING: &str = "The code of this part did not arrive. If Fanlight was updated meanwhile, reload the page.";

/// How far the code of a part has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    OnItsWay,
    Here,
    Missing,
}

/// Shows `waiting` until the code is here, then what `draw` draws: at once when `fetch` has been called before.
///
/// `fetch` and `draw` are the two functions that `#[wasm_split]` makes of one. A fetch that fails says so and can be
/// tried again.
pub fn part<F, D>(
    fetch: impl Fn() -> F + Send + Sync + 'static,
    draw: impl Fn() -> D + Send + 'static,
    waiting: impl Into<ViewFn>,
) -> AnyView
where
    F: Future<Output = Fetched> + 'static,
    D: Future<Output = Drawn>,
{
    let draw = move || now(pin!(draw())).and_then(Result::ok).expect("drawn only where its code is");
    fetched_part(Arc::new(move || Box::pin(fetch())), Box::new(draw), waiting.into())
}

/// Starts to fetch the code of a part that is likely to be shown. Should it fail, showing the part tries again.
pub fn fetch_ahead(fetched: impl Future<Output = Fetched> + 'static) {
    leptos::task::spawn_local(async move { drop(fetched.await) });
}

fn fetched_part(fetch: Fetch, draw: Box<dyn Fn() -> AnyView + Send>, waiting: ViewFn) -> AnyView {
    let code = RwSignal::new(Code::OnItsWay);
    start(&fetch, code);
    dynamic(move || match code.get() {
        Code::Here => draw(),
        Code::OnItsWay => waiting.run(),
        Code::Missing => {
            let fetch = Arc::clone(&fetch);
            view! { <LoadFailed message=MISSING on_retry=move |()| start(&fetch, code) /> }.into_any()
        }
    })
}

/// Fetches, and says in `code` what came of it.
fn start(fetch: &Fetch, code: RwSignal<Code>) {
    let of = |fetched: Fetched| if fetched.is_ok() { Code::Here } else { Code::Missing };
    let mut fetched = fetch();
    if let Some(fetched) = now(fetched.as_mut()) {
        code.set(of(fetched));
        return;
    }
    code.set(Code::OnItsWay);
    leptos::task::spawn_local(async move {
        // The part may be gone from the page by then.
        code.try_set(of(fetched.await));
    });
}

/// What the future yields without having to wait.
fn now<T>(future: Pin<&mut (impl Future<Output = T> + ?Sized)>) -> Option<T> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

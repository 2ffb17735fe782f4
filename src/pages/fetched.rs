//! Data that is fetched again whenever what it is about changes; the newest question wins, older ones are aborted.

use crate::api::ApiError;
use crate::components::erased::effect;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::pin::Pin;
use std::time::Duration;

pub type Fetching<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// The last answer, kept while the next is on its way.
#[derive(Debug)]
pub struct Fetched<T: Send + Sync + 'static> {
    pub value: RwSignal<Option<T>>,
    pub failure: RwSignal<Option<ApiError>>,
    pub is_loading: RwSignal<bool>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Fetched<T> {}

impl<T: Send + Sync + 'static> Fetched<T> {
    /// Asks the same again.
    pub fn refetch(&self) {
        // Whoever fetched may be gone by now.
        let _ = self.again.try_update(|again| *again += 1);
    }
}

/// Calls `start` now and when a signal that it reads changes. `None` leaves everything as it is.
pub fn fetched<T: Send + Sync + 'static>(start: impl Fn() -> Option<Fetching<T>> + 'static) -> Fetched<T> {
    let fetched = Fetched {
        value: RwSignal::new(None),
        failure: RwSignal::new(None),
        is_loading: RwSignal::new(true),
        again: RwSignal::new(0),
    };
    effect(move || {
        fetched.again.track();
        let Some(answer) = start() else { return };
        fetched.is_loading.set(true);
        // Ends with this run of the effect: the next question aborts this one.
        spawn_local_scoped_with_cancellation(async move {
            let answer = answer.await;
            fetched.is_loading.set(false);
            match answer {
                Ok(value) => {
                    fetched.failure.set(None);
                    fetched.value.set(Some(value));
                }
                Err(error) => fetched.failure.set(Some(error)),
            }
        });
    });
    fetched
}

/// Waits, so that what is asked while somebody types or walks on is dropped before it is sent.
pub async fn rest(time: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                // The answer to nobody: the future may be gone.
                let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
            },
            time,
        );
    });
    // It cannot fail: nothing rejects it.
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

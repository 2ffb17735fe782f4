//! Lists, conditions, memos, effects and whatever else changes in views, with the types of items and closures erased.
//!
//! Leptos compiles `<For>`, `<Show>` and each closure in a view anew for each use: 8 KB of WebAssembly for a list, 1 KB
//! for an attribute. These are compiled once: what differs between uses is boxed.

use leptos::prelude::*;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// An item of a list: the hash of its key, and what draws it.
type Item = (u64, Box<dyn FnOnce() -> AnyView + Send>);

/// Draws each item of a list, and keeps what it has drawn as long as the item's key stays in the list.
#[component]
pub fn Keyed<I, T, K, V>(
    each: impl Fn() -> I + Send + 'static,
    key: impl Fn(&T) -> K + Send + 'static,
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    I: IntoIterator<Item = T>,
    T: Send + 'static,
    K: Hash,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    let item = move |item: T| -> Item {
        let mut hasher = DefaultHasher::new();
        key(&item).hash(&mut hasher);
        let children = Arc::clone(&children);
        (hasher.finish(), Box::new(move || children(item).into_any()))
    };
    keyed_items(Box::new(move || each().into_iter().map(&item).collect()))
}

fn keyed_items(items: Box<dyn Fn() -> Vec<Item> + Send>) -> AnyView {
    let each = move || {
        let mut items = items();
        let mut seen = HashSet::with_capacity(items.len());
        for (key, _) in &mut items {
            // Leptos panics at equal keys, and what a trace holds must not be able to do that.
            while !seen.insert(*key) {
                *key = key.wrapping_add(1);
            }
        }
        items
    };
    view! { <For each key=|(key, _)| *key children=|(_, draw)| draw() /> }.into_any()
}

/// Shows its children while `when` holds, else `fallback`. They are made anew each time that it changes.
#[component]
pub fn When(
    when: impl Fn() -> bool + Send + Sync + 'static,
    children: ChildrenFn,
    #[prop(optional, into)] fallback: ViewFn,
) -> impl IntoView {
    shown_when(Box::new(when), children, fallback)
}

fn shown_when(when: Box<dyn Fn() -> bool + Send + Sync>, children: ChildrenFn, fallback: ViewFn) -> AnyView {
    let holds = boxed_memo(when);
    dynamic(move || if holds.get() { children() } else { fallback.run() })
}

/// A part of a view that is drawn again when what `draw` reads changes.
pub fn dynamic<V: IntoView + 'static>(draw: impl Fn() -> V + Send + 'static) -> AnyView {
    dynamic_view(Box::new(move || draw().into_any()))
}

fn dynamic_view(draw: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || draw()).into_any()
}

/// A value of an attribute, class or style that follows what `read` reads.
pub fn live<T: Send + Sync + 'static>(
    read: impl Fn() -> T + Send + Sync + 'static,
) -> Arc<dyn Fn() -> T + Send + Sync> {
    Arc::new(read)
}

/// A [`Memo`] that does not look at what it was before.
pub fn memo<T: PartialEq + Send + Sync + 'static>(compute: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    boxed_memo(Box::new(compute))
}

fn boxed_memo<T: PartialEq + Send + Sync + 'static>(compute: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| compute())
}

/// An [`Effect`] that does not look at what it returned before.
pub fn effect(run: impl FnMut() + 'static) {
    boxed_effect(Box::new(run));
}

fn boxed_effect(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}

//! A long list whose items have heights of their own: only those in view, and a few around, are on the page.
//!
//! It scrolls with whatever it stands in. The space of the items that are not drawn is kept by guesses, which give way to what
//! was measured; see [`crate::heights`].

use crate::components::erased::{Keyed, dynamic, effect, live, memo};
use crate::heights::Heights;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, HtmlElement, ResizeObserver, ScrollIntoViewOptions, ScrollLogicalPosition};

/// The attribute that names an item's key.
const KEY: &str = "data-key";

/// How many frames an item is followed to its place: what is drawn around it on the way turns out to be taller or lower than
/// it was guessed.
const SETTLES_FRAMES: u32 = 10;

/// An item that is drawn, and the space of those left out before it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    key: u64,
    idx: usize,
    gap_px: f64,
}

/// Draws the items in view of `items`: keys that differ, each with a guess of the item's height in pixels.
#[component]
pub fn MeasuredList(
    items: Signal<Vec<(u64, f64)>>,
    /// What to draw for a key and its position; not tracked.
    draw: Callback<(u64, usize), AnyView>,
    /// Stays on the page wherever the reader scrolls: the item with the focus, or one to scroll to.
    #[prop(into)]
    pinned: Signal<Option<u64>>,
) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    let heights = RwSignal::new(Heights::default());
    // Top and bottom of what is in view, from the top of the list.
    let in_view = RwSignal::new((0.0, f64::from(window_height())));
    effect(move || {
        let items = items.get();
        heights.update(|heights| heights.set_items(items));
    });
    let look = move || {
        let Some(Some(list)) = list.try_get_untracked() else { return };
        let top = list.get_bounding_client_rect().top();
        let now = (-top, f64::from(window_height()) - top);
        if in_view.try_get_untracked().is_some_and(|before| before != now) {
            in_view.set(now);
        }
    };
    let measure = move || {
        let Some(Some(list)) = list.try_get_untracked() else { return };
        let measured = measure_items(&list);
        if measured.iter().any(|(_, height)| *height > 0.0)
            && heights.try_update_untracked(|heights| heights.measure(measured)) == Some(true)
        {
            heights.notify();
        }
    };
    watch(list, look, measure);
    let range = memo(move || {
        let (top, bottom) = in_view.get();
        heights.with(|heights| heights.drawn(top, bottom))
    });
    let places = memo(move || {
        let (range, pinned) = (range.get(), pinned.get());
        heights.with(|heights| places(heights, range, pinned))
    });
    effect(move || {
        places.track();
        // Their heights are known once they are laid out.
        request_animation_frame(measure);
    });
    let gap_of = move |key: u64| {
        places.with(|places| places.iter().find(|place| place.key == key).map_or(0.0, |place| place.gap_px))
    };
    let after_px = move || {
        let drawn_to = places.with(|places| places.last().map_or(0, |place| place.idx + 1));
        heights.with(|heights| heights.total_px() - heights.top_px(drawn_to))
    };
    view! {
        <div node_ref=list class="measured-list" role="presentation">
            <Keyed each=move || places.get() key=|place| place.key let:place>
                <div
                    class="measured-item"
                    role="presentation"
                    attr:data-key=place.key.to_string()
                    style:--gap=live(move || format!("{:.1}px", gap_of(place.key)))
                >
                    {draw.run((place.key, place.idx))}
                </div>
            </Keyed>
            {dynamic(move || {
                let after_px = after_px();
                (after_px > 0.0)
                    .then(|| {
                        view! { <div class="measured-rest" aria-hidden="true" style:--gap=format!("{after_px:.1}px")></div> }
                    })
            })}
        </div>
    }
}

/// Scrolls to the element `id` in an item that is pinned, and perhaps about to be drawn.
pub fn scroll_to_item(id: String, block: ScrollLogicalPosition) {
    follow_item(id, block, SETTLES_FRAMES);
}

fn follow_item(id: String, block: ScrollLogicalPosition, n_frames: u32) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id) {
            let options = ScrollIntoViewOptions::new();
            options.set_block(block);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
        if n_frames > 0 {
            follow_item(id, block, n_frames - 1);
        }
    });
}

/// The items to draw, and the one that is pinned wherever it is.
fn places(heights: &Heights, range: std::ops::Range<usize>, pinned: Option<u64>) -> Vec<Place> {
    let mut drawn: Vec<usize> = range.clone().collect();
    let pinned = pinned.and_then(|key| (0..heights.len()).find(|&idx| heights.key(idx) == Some(key)));
    if let Some(pinned) = pinned.filter(|pinned| !range.contains(pinned)) {
        drawn.insert(drawn.partition_point(|&idx| idx < pinned), pinned);
    }
    let mut end = 0;
    let place = |idx: usize| {
        let gap_px = heights.top_px(idx) - heights.top_px(end);
        end = idx + 1;
        Some(Place { key: heights.key(idx)?, idx, gap_px })
    };
    drawn.into_iter().filter_map(place).collect()
}

fn window_height() -> i32 {
    window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0) as i32
}

/// Keys and heights of the items on the page.
fn measure_items(list: &HtmlElement) -> Vec<(u64, f64)> {
    let children = list.children();
    (0..children.length())
        .filter_map(|idx| {
            let item: HtmlElement = children.item(idx)?.dyn_into().ok()?;
            let key = item.get_attribute(KEY)?.parse().ok()?;
            Some((key, item.offset_height().into()))
        })
        .collect()
}

/// Calls `look` when anything scrolls or the window changes, and both when the list changes its size.
fn watch(list: NodeRef<html::Div>, look: impl Fn() + Copy + 'static, measure: impl Fn() + Copy + 'static) {
    effect(move || {
        let Some(list) = list.get() else { return };
        look();
        let on_scroll = Closure::<dyn FnMut()>::new(look);
        let on_resize = Closure::<dyn FnMut()>::new(move || {
            look();
            measure();
        });
        let options = AddEventListenerOptions::new();
        options.set_capture(true);
        options.set_passive(true);
        let document = document();
        // Scrolling does not bubble; on its way down it passes the document whatever scrolls.
        let _ = document.add_event_listener_with_callback_and_add_event_listener_options(
            "scroll",
            on_scroll.as_ref().unchecked_ref(),
            &options,
        );
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(&list);
        }
        let kept = StoredValue::new_local((observer, on_scroll, on_resize));
        on_cleanup(move || {
            kept.try_with_value(|(observer, on_scroll, _)| {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                let _ = document.remove_event_listener_with_callback_and_bool(
                    "scroll",
                    on_scroll.as_ref().unchecked_ref(),
                    true,
                );
            });
        });
    });
}

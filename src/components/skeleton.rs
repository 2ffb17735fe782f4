//! Grey bars of the final height while something loads, so that nothing moves when it comes.

use leptos::prelude::*;

/// `n_rows` rows of a list. Says "Loading" once to screen readers.
#[component]
pub fn RowsSkeleton(n_rows: usize) -> impl IntoView {
    view! {
        <div class="rows-skeleton" role="status">
            <span class="visually-hidden">"Loading"</span>
            {(0..n_rows)
                .map(|_| {
                    view! {
                        <div class="rows-skeleton-row">
                            <span class="skeleton-bar"></span>
                            <span class="skeleton-bar"></span>
                            <span class="skeleton-bar"></span>
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}

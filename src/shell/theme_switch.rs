//! Light, dark, or as the system says.

use crate::components::icon::Icon;
use crate::components::segmented::{Segment, Segmented};
use crate::preferences::{ThemeChoice, use_preferences};
use leptos::prelude::*;

const CHOICES: &[Segment<ThemeChoice>] = &[
    Segment { value: ThemeChoice::System, label: "As the system", icon: Icon::Monitor },
    Segment { value: ThemeChoice::Light, label: "Light", icon: Icon::Sun },
    Segment { value: ThemeChoice::Dark, label: "Dark", icon: Icon::Moon },
];

/// Sets the theme and keeps it as a preference.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let preferences = use_preferences();
    view! {
        <Segmented
            label="Theme"
            segments=CHOICES
            value=Signal::derive(move || preferences.with(|preferences| preferences.theme))
            on_change=move |theme| preferences.update(|preferences| preferences.theme = theme)
        />
    }
}

//! Line icons, drawn in the colour of the text around them. Decoration only: the control beside it carries the name.

use leptos::prelude::*;

/// Shapes on a 24 × 24 grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Logo,
    ArrowUp,
    Chart,
    Check,
    ChevronDown,
    ChevronRight,
    Close,
    Copy,
    Filter,
    Folder,
    Grip,
    Keyboard,
    List,
    Menu,
    Monitor,
    Moon,
    More,
    Pencil,
    Pin,
    Plus,
    Prompt,
    Price,
    Refresh,
    Search,
    Storage,
    Sun,
    Thread,
    ThumbDown,
    ThumbUp,
    Undo,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Logo => {
                "M2.5 18.5a9.5 9.5 0 0 1 19 0zM8.2 18.5a3.8 3.8 0 0 1 7.6 0M12 9v5.6M5.3 11.8l4 3.9M18.7 11.8l-4 3.9"
            }
            Icon::ArrowUp => "M12 19V5m-6 6 6-6 6 6",
            Icon::Chart => "M4 4v16h16M8 15l3.5-4.5 3 2.5L20 6.5",
            Icon::Check => "m5 12.5 4.5 4.5L19 7.5",
            Icon::ChevronDown => "m6 9.5 6 6 6-6",
            Icon::ChevronRight => "m9.5 6 6 6-6 6",
            Icon::Close => "M6 6l12 12M18 6 6 18",
            Icon::Copy => {
                "M9 9h9a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 18 21H9a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 9 9zM4.5 15V4.5A1.5 1.5 0 0 1 6 3h9"
            }
            Icon::Filter => "M4 5.5h16l-6.2 7.3V19l-3.6-2v-4.2z",
            Icon::Folder => {
                "M3 6.5A1.5 1.5 0 0 1 4.5 5h4.6l2 2.5h8.4A1.5 1.5 0 0 1 21 9v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 18z"
            }
            Icon::Grip => "M9 6h.01M9 12h.01M9 18h.01M15 6h.01M15 12h.01M15 18h.01",
            Icon::Keyboard => {
                "M3.5 6h17A1.5 1.5 0 0 1 22 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-17A1.5 1.5 0 0 1 2 16.5v-9A1.5 1.5 0 0 1 3.5 6zM6 10h.01M10 10h.01M14 10h.01M18 10h.01M8 14h8"
            }
            Icon::List => "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
            Icon::Menu => "M4 7h16M4 12h16M4 17h16",
            Icon::Monitor => {
                "M4 4.5h16A1.5 1.5 0 0 1 21.5 6v9a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 15V6A1.5 1.5 0 0 1 4 4.5zM8 20h8"
            }
            Icon::Moon => "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
            Icon::More => {
                "M5 12a.7.7 0 1 0 1.4 0 .7.7 0 1 0-1.4 0M11.3 12a.7.7 0 1 0 1.4 0 .7.7 0 1 0-1.4 0M17.6 12a.7.7 0 1 0 1.4 0 .7.7 0 1 0-1.4 0"
            }
            Icon::Pencil => "M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19z",
            Icon::Pin => "M9 4h6l-1 6 3.5 3.5h-11L10 10zM12 13.5V20",
            Icon::Prompt => "M5 4h14v16H5zM8.5 9 11 11.5 8.5 14M12.5 15h3.5",
            Icon::Plus => "M12 5v14M5 12h14",
            Icon::Price => "M4 4.5h7.2L20 13.3 13.3 20 4.5 11.2zM8.5 8.5h.01",
            Icon::Refresh => "M20 11.5a8 8 0 1 0-2.3 6.2M20 5v6.5h-6.5",
            Icon::Search => "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5 20 20",
            Icon::Storage => {
                "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zm0 0v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3"
            }
            Icon::Sun => {
                "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"
            }
            Icon::Thread => {
                "M4.5 4h11A1.5 1.5 0 0 1 17 5.5v6a1.5 1.5 0 0 1-1.5 1.5H8l-3.5 3V13A1.5 1.5 0 0 1 3 11.5v-6A1.5 1.5 0 0 1 4.5 4zM20 8.5a1 1 0 0 1 1 1V16a1.5 1.5 0 0 1-1.5 1.5V20L16 17.5h-5"
            }
            Icon::ThumbDown => {
                "M7 13.5V4H4.5A1.5 1.5 0 0 0 3 5.5V12a1.5 1.5 0 0 0 1.5 1.5zm0 0 4 7.5a2.5 2.5 0 0 0 2.5-2.5v-4h5a2 2 0 0 0 2-2.3l-1.2-6.5A2 2 0 0 0 17.3 4H7"
            }
            Icon::ThumbUp => {
                "M7 10.5V20H4.5A1.5 1.5 0 0 1 3 18.5V12a1.5 1.5 0 0 1 1.5-1.5zm0 0 4-7.5a2.5 2.5 0 0 1 2.5 2.5v4h5a2 2 0 0 1 2 2.3l-1.2 6.5A2 2 0 0 1 17.3 20H7"
            }
            Icon::Undo => "M9 14 4.5 9.5 9 5M4.5 9.5h9a5.5 5.5 0 0 1 0 11H10",
        }
    }
}

/// Draws `icon` at 1.25 em, or at the size its place sets through `--icon-size`.
#[component]
pub fn IconView(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
}

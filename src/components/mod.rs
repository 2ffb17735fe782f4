//! Widgets that know no route and no API: they take values and callbacks.

pub mod load_failed;

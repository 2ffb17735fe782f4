pub mod format;
pub mod json_view;
pub mod markdown;
pub mod messages;

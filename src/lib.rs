pub mod documents;
pub mod feedback;
pub mod format;
pub mod json_view;
pub mod markdown;
pub mod messages;

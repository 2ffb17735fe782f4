pub mod events;
pub mod settings;
pub mod stack;
pub mod tabs;

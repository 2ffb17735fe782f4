pub mod visible;

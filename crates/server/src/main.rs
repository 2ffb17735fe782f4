//! The `fanlight` binary; everything is in the library.

fn main() {}

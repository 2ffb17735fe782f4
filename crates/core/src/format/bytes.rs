//! Sizes: `512 B`, `1.24 kB`, `3.40 MB`, in steps of 1000.

use super::digits::{rounds_below, three_digits};

/// A number of bytes, for people.
pub fn bytes(size_bytes: u64) -> String {
    if size_bytes < 1000 {
        return format!("{size_bytes} B");
    }
    let size = size_bytes as f64;
    for (unit_bytes, unit) in [(1e3, "kB"), (1e6, "MB"), (1e9, "GB")] {
        if rounds_below(size / unit_bytes, 0, 1000.0) {
            return format!("{} {unit}", three_digits(size / unit_bytes));
        }
    }
    format!("{} TB", three_digits(size / 1e12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_three_digits() {
        for (size, expected) in
            [(0, "0 B"), (999, "999 B"), (1240, "1.24 kB"), (999_900, "1.00 MB"), (64 * 1024 * 1024, "67.1 MB")]
        {
            assert_eq!(bytes(size), expected);
        }
    }
}

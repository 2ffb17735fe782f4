//! What becomes of code that several parts need. Pure.
//!
//! The splitter makes a file for every set of parts that share something: with four parts up to eleven, with ten some two
//! hundred, most of them small. Each would be a request of its own, so they are put together, in the main file or in others:
//! as long as a request saved is worth more than the bytes that some readers then download for nothing.

use super::loader::Parts;
use std::collections::{BTreeMap, BTreeSet};

/// What a request costs, in bytes before compression.
const REQUEST_BYTES: i64 = 30_000;

/// Pages where people begin, and how much more their first load counts than that of another part.
const START_PAGES: [&str; 2] = ["projects", "traces"];
const START_WEIGHT: i64 = 10;

/// Parts that are only ever shown on the page of another: what both need is there already.
const SHOWN_ON: [(&str, &[&str]); 2] =
    [("traces", &["tools", "overview", "filters"]), ("trace", &["details", "lanes", "messages", "aggregate", "graph"])];

/// Files that become one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Never empty; the bundle has the name of the first. The main file is none of them.
    pub files: Vec<String>,
    /// It becomes part of the main file.
    pub is_in_main: bool,
    /// Bit n: the n-th part loads it, and was not shown on the page of one that does.
    loaded_by: u64,
    size_bytes: i64,
}

/// Puts the files of all parts together. `size_bytes` says how large each is.
pub fn bundles(parts: &Parts, size_bytes: impl Fn(&str) -> u64) -> Vec<Bundle> {
    let is_start = |part: &String| START_PAGES.contains(&part.as_str());
    let starts = parts.keys().enumerate().filter(|(_, part)| is_start(part)).fold(0, |mask, (idx, _)| mask | 1 << idx);
    let mut bundles: Vec<Bundle> = loaders(parts)
        .into_iter()
        .map(|(file, loaded_by)| Bundle {
            size_bytes: i64::try_from(size_bytes(&file)).unwrap_or(i64::MAX),
            files: vec![file],
            is_in_main: false,
            loaded_by,
        })
        .collect();
    // Everyone loads it, so how large it is makes no difference.
    let everyone = (0..parts.len()).fold(0, |mask, idx| mask | 1 << idx);
    bundles.push(Bundle { files: Vec::new(), is_in_main: true, loaded_by: everyone, size_bytes: 0 });
    while let Some((one, other)) = best_pair(&bundles, starts) {
        let other = bundles.remove(other);
        let one = &mut bundles[one];
        one.files.extend(other.files);
        one.is_in_main |= other.is_in_main;
        one.loaded_by |= other.loaded_by;
        one.size_bytes += other.size_bytes;
    }
    bundles.retain(|bundle| !bundle.files.is_empty());
    // A file with a part's own code has the part's name.
    bundles.iter_mut().for_each(|bundle| bundle.files.sort_by_key(|file| !file.starts_with("split_")));
    bundles
}

/// The parts with each file replaced by the bundle that it is in.
pub fn bundled(parts: &Parts, bundles: &[Bundle]) -> Parts {
    let bundle_of = |file: &String| bundles.iter().find(|bundle| bundle.files.contains(file));
    let names = |files: &BTreeSet<String>| {
        let bundles = files.iter().filter_map(bundle_of).filter(|bundle| !bundle.is_in_main);
        bundles.map(|bundle| bundle.files[0].clone()).collect()
    };
    parts.iter().map(|(part, files)| (part.clone(), names(files))).collect()
}

/// Which parts load each file, those apart that are shown on the page of one that does.
fn loaders(parts: &Parts) -> BTreeMap<String, u64> {
    let mut loaders: BTreeMap<String, u64> = BTreeMap::new();
    for (idx, (part, files)) in parts.iter().enumerate() {
        let page = SHOWN_ON.iter().find(|(_, shown)| shown.contains(&part.as_str()));
        let page = page.and_then(|(page, _)| parts.get(*page));
        for file in files.iter().filter(|file| !page.is_some_and(|page| page.contains(*file))) {
            *loaders.entry(file.clone()).or_default() |= 1 << idx;
        }
    }
    loaders
}

/// The two that are better off as one, by most; the first stands before the second.
fn best_pair(bundles: &[Bundle], starts: u64) -> Option<(usize, usize)> {
    let mut best: Option<(i64, usize, usize)> = None;
    for (other_idx, other) in bundles.iter().enumerate() {
        for (one_idx, one) in bundles[..other_idx].iter().enumerate() {
            let gain = gain(one, other, starts);
            if gain > best.map_or(0, |(gain, ..)| gain) {
                best = Some((gain, one_idx, other_idx));
            }
        }
    }
    best.map(|(_, one, other)| (one, other))
}

/// Requests saved less bytes downloaded for nothing, summed over the parts.
fn gain(one: &Bundle, other: &Bundle, starts: u64) -> i64 {
    let count = |mask: u64| i64::from(mask.count_ones()) + (START_WEIGHT - 1) * i64::from((mask & starts).count_ones());
    REQUEST_BYTES * count(one.loaded_by & other.loaded_by)
        - other.size_bytes.saturating_mul(count(one.loaded_by & !other.loaded_by))
        - one.size_bytes.saturating_mul(count(other.loaded_by & !one.loaded_by))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: u64 = 1024;

    fn parts(rows: &[(&str, &[&str])]) -> Parts {
        let files = |files: &[&str]| files.iter().map(|&file| file.to_owned()).collect();
        rows.iter().map(|&(name, row)| (name.to_owned(), files(row))).collect()
    }

    fn shown(parts: &Parts, size_bytes: impl Fn(&str) -> u64) -> Vec<String> {
        let line =
            |bundle: &Bundle| format!("{}{}", if bundle.is_in_main { "main " } else { "" }, bundle.files.join(" "));
        let mut lines: Vec<String> = bundles(parts, size_bytes).iter().map(line).collect();
        lines.sort();
        lines
    }

    #[test]
    fn what_everyone_needs_is_in_the_main_file_and_what_one_needs_is_not() {
        let parts = parts(&[("a", &["all", "own-a"]), ("b", &["all", "own-b"]), ("c", &["all", "own-c"])]);
        assert_eq!(shown(&parts, |_| 900 * KIB), ["main all", "own-a", "own-b", "own-c"]);
    }

    #[test]
    fn a_file_that_few_need_is_worth_a_request_when_it_is_large() {
        let parts =
            parts(&[("a", &["own-a", "shared"]), ("b", &["own-b", "shared"]), ("c", &["own-c"]), ("d", &["own-d"])]);
        let size = |shared: u64| move |file: &str| if file == "shared" { shared } else { 900 * KIB };
        assert_eq!(shown(&parts, size(5 * KIB)), ["main shared", "own-a", "own-b", "own-c", "own-d"]);
        assert_eq!(shown(&parts, size(100 * KIB)), ["own-a", "own-b", "own-c", "own-d", "shared"]);
    }

    #[test]
    fn small_files_for_nearly_the_same_parts_become_one() {
        let parts = parts(&[
            ("a", &["own-a", "s1", "s2"]),
            ("b", &["own-b", "s1", "s2"]),
            ("c", &["own-c", "s2"]),
            ("d", &["own-d"]),
            ("e", &["own-e"]),
        ]);
        let size = |file: &str| if file.starts_with("own") { 900 * KIB } else { 50 * KIB };
        assert_eq!(shown(&parts, size), ["own-a", "own-b", "own-c", "own-d", "own-e", "s1 s2"]);
        let bundled = bundled(&parts, &bundles(&parts, size));
        assert_eq!(bundled["c"], BTreeSet::from(["own-c".to_owned(), "s1".to_owned()]));
        assert_eq!(bundled["d"], BTreeSet::from(["own-d".to_owned()]));
    }

    #[test]
    fn a_page_where_people_begin_does_not_carry_what_others_need() {
        let parts =
            parts(&[("a", &["own-a", "s1", "s2"]), ("b", &["own-b", "s1", "s2"]), ("traces", &["own-t", "s2"])]);
        let size = |file: &str| if file.starts_with("own") { 900 * KIB } else { 20 * KIB };
        assert_eq!(shown(&parts, size), ["main s2", "own-a", "own-b", "own-t", "s1"]);
    }

    #[test]
    fn what_a_page_shares_with_what_is_shown_on_it_is_the_page_s() {
        let parts = parts(&[("tools", &["own-tools", "both"]), ("traces", &["both", "own-traces"]), ("x", &["own-x"])]);
        assert_eq!(shown(&parts, |_| 900 * KIB), ["both own-traces", "own-tools", "own-x"]);
        let bundled = bundled(&parts, &bundles(&parts, |_| 900 * KIB));
        assert_eq!(bundled["tools"], BTreeSet::from(["both".to_owned(), "own-tools".to_owned()]));
    }
}

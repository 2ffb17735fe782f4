//! What it took to answer a request, and what was left out: what response headers say and budgets are held to.
//!
//! Counted where runs are looked at, on threads that read for one request at a time, and carried back to the request.

use std::cell::Cell;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Runs that the store looked at.
    pub n_runs: u64,
    /// Runs whose words were not looked at, because more wait for the search index than one question reads.
    pub n_unsearched: u64,
    /// Blocks of payloads that were decompressed.
    pub n_blocks: u64,
}

impl Effort {
    const NONE: Effort = Effort { n_runs: 0, n_unsearched: 0, n_blocks: 0 };

    fn and(self, other: Effort) -> Effort {
        Effort {
            n_runs: self.n_runs + other.n_runs,
            // The same runs are left out of every search of a request.
            n_unsearched: self.n_unsearched.max(other.n_unsearched),
            n_blocks: self.n_blocks + other.n_blocks,
        }
    }
}

thread_local! {
    static OF_THIS_READ: Cell<Effort> = const { Cell::new(Effort::NONE) };
}

tokio::task_local! {
    static OF_THIS_REQUEST: Cell<Effort>;
}

/// Adds to what the read on this thread has looked at.
pub fn looked_at(n_runs: usize) {
    OF_THIS_READ.set(OF_THIS_READ.get().and(Effort { n_runs: n_runs as u64, ..Effort::NONE }));
}

/// Says that a search on this thread left runs out.
pub fn left_out(n_unsearched: usize) {
    OF_THIS_READ.set(OF_THIS_READ.get().and(Effort { n_unsearched: n_unsearched as u64, ..Effort::NONE }));
}

/// Adds to what the read on this thread has decompressed.
pub fn decompressed(n_blocks: usize) {
    OF_THIS_READ.set(OF_THIS_READ.get().and(Effort { n_blocks: n_blocks as u64, ..Effort::NONE }));
}

/// Does `work` on this thread; returns what it took, too.
pub fn of_read<T>(work: impl FnOnce() -> T) -> (T, Effort) {
    OF_THIS_READ.set(Effort::NONE);
    let answer = work();
    (answer, OF_THIS_READ.take())
}

/// Says what a read for the request under way took. Does nothing outside [`of_request`].
pub fn add_to_request(effort: Effort) {
    // Reads that no request waits for are nobody's effort.
    let _ = OF_THIS_REQUEST.try_with(|sum| sum.set(sum.get().and(effort)));
}

/// Answers a request; returns what its reads took, too.
pub async fn of_request<T>(answer: impl Future<Output = T>) -> (T, Effort) {
    let measured = async { (answer.await, OF_THIS_REQUEST.with(Cell::get)) };
    OF_THIS_REQUEST.scope(Cell::new(Effort::NONE), measured).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn reads_on_other_threads_count_for_the_request_that_waits_for_them() {
        let read = |n_runs, n_unsearched| async move {
            let work = move || {
                looked_at(n_runs);
                left_out(n_unsearched);
                decompressed(2);
            };
            let read = tokio::task::spawn_blocking(move || of_read(work).1);
            add_to_request(read.await.unwrap());
        };
        let (_, sum) = of_request(async {
            read(3, 7).await;
            read(4, 5).await;
        })
        .await;
        assert_eq!(sum, Effort { n_runs: 7, n_unsearched: 7, n_blocks: 4 });
        // Nobody's request: neither lost time nor a panic.
        read(5, 0).await;
    }
}

//! Charts over many runs, from columns: what `…/monitor/*` is answered with.
//!
//! [`buckets`] cuts time as people do. [`grouping`] splits runs by what they have, [`cells`] counts each run where it
//! belongs, [`measures`] makes metrics of that, and [`series`] the answer. [`area`] is a box of a chart; [`heatmap`],
//! [`exemplars`], [`differs`], [`steps`], [`top`] and [`markers`] each answer one more question,
//! and [`projection`] says what a month will have cost.
//!
//! Whatever takes long and needs no columns, percentiles above all, is done after the lock of the index is released.
//! Why nothing is summed up beforehand: `docs/decisions/0012-no-rollups.md`.

pub mod area;
pub mod buckets;
pub mod cells;
pub mod differs;
pub mod exemplars;
pub mod grouping;
pub mod heatmap;
pub mod markers;
pub mod measures;
pub mod projection;
pub mod series;
pub mod steps;
pub mod top;

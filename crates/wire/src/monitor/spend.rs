//! `GET /api/fanlight/v1/projects/{project_id}/spend?time_zone=`: what this month cost, and what it will have cost.

use crate::{Timestamp, Usd};
use serde::{Deserialize, Serialize};

/// Of the root runs that started since the month began, on the clocks of a time zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spend {
    pub month_start: Timestamp,
    pub month_end: Timestamp,
    /// As far as prices are known.
    pub spent: Usd,
    /// What the project may cost in a month; see [`BudgetWrite`].
    #[serde(default)]
    pub budget: Option<Usd>,
    /// Absent without any full day to judge by.
    #[serde(default)]
    pub projected: Option<Projection>,
    /// Model runs of this month with tokens, and those of them without a price.
    pub n_model_runs: u64,
    pub n_unpriced: u64,
    pub unpriced_tokens: i64,
}

/// What the month will have cost: spent so far, and for the time that is left the daily mean of the last full days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Projection {
    pub amount: Usd,
    /// Full days that the mean is of: the last 7, or fewer while the project is younger.
    pub n_days: u32,
}

/// The body of `PUT /api/fanlight/v1/projects/{project_id}/budget`: null takes the budget away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetWrite {
    /// US dollars per month of the calendar, more than 0.
    #[serde(default)]
    pub monthly: Option<Usd>,
}

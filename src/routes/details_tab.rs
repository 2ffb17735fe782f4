//! The tabs of a run's details, as addresses name them.

use std::fmt;
use std::str::FromStr;

/// A tab of the details panel, `tab=` in the query of a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DetailsTab {
    #[default]
    Messages,
    Documents,
    /// Inputs and outputs as JSON trees.
    Data,
    Error,
    /// How the cost came about.
    Cost,
    Metadata,
    Feedback,
    Events,
    Attachments,
    Raw,
}

impl DetailsTab {
    pub const ALL: [DetailsTab; 10] = [
        DetailsTab::Messages,
        DetailsTab::Documents,
        DetailsTab::Data,
        DetailsTab::Error,
        DetailsTab::Cost,
        DetailsTab::Metadata,
        DetailsTab::Feedback,
        DetailsTab::Events,
        DetailsTab::Attachments,
        DetailsTab::Raw,
    ];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            DetailsTab::Messages => "messages",
            DetailsTab::Documents => "documents",
            DetailsTab::Data => "data",
            DetailsTab::Error => "error",
            DetailsTab::Cost => "cost",
            DetailsTab::Metadata => "metadata",
            DetailsTab::Feedback => "feedback",
            DetailsTab::Events => "events",
            DetailsTab::Attachments => "attachments",
            DetailsTab::Raw => "raw",
        }
    }
}

impl fmt::Display for DetailsTab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An address names a tab that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownTab;

impl FromStr for DetailsTab {
    type Err = UnknownTab;

    fn from_str(text: &str) -> Result<Self, UnknownTab> {
        DetailsTab::ALL.into_iter().find(|tab| tab.as_str() == text).ok_or(UnknownTab)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tab_survives_the_address() {
        for tab in DetailsTab::ALL {
            assert_eq!(tab.to_string().parse(), Ok(tab));
        }
        assert_eq!("nonsense".parse::<DetailsTab>(), Err(UnknownTab));
    }
}

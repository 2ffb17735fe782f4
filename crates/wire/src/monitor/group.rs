//! What runs are split by.

use crate::run_stats::{FacetKey, UnknownFacet};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// `project`, or a facet that runs have values of: `name`, `run_type`, `status`, `error_kind`, `model`, `provider`, `tag`,
/// `metadata.KEY`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GroupKey {
    Project,
    /// Neither [`FacetKey::MetadataKeys`] nor [`FacetKey::Feedback`].
    Facet(FacetKey),
}

impl GroupKey {
    /// A run may be in several groups: sums over groups are more than the whole.
    pub fn is_overlapping(&self) -> bool {
        *self == GroupKey::Facet(FacetKey::Tag)
    }
}

impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GroupKey::Project => f.write_str("project"),
            GroupKey::Facet(facet) => facet.fmt(f),
        }
    }
}

impl FromStr for GroupKey {
    type Err = UnknownFacet;

    fn from_str(text: &str) -> Result<Self, UnknownFacet> {
        match text {
            "project" => Ok(GroupKey::Project),
            other => match other.parse()? {
                FacetKey::MetadataKeys | FacetKey::Feedback => Err(UnknownFacet(other.to_owned())),
                facet => Ok(GroupKey::Facet(facet)),
            },
        }
    }
}

impl Serialize for GroupKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GroupKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| de::Error::custom(format!("runs cannot be grouped by {text:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_a_project_or_a_facet_with_values() {
        for text in ["project", "model", "metadata.user_id"] {
            assert_eq!(text.parse::<GroupKey>().map(|key| key.to_string()).as_deref(), Ok(text));
        }
        assert!("metadata".parse::<GroupKey>().is_err() && "feedback".parse::<GroupKey>().is_err());
    }
}

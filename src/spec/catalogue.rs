//! stub
use super::*;
use crate::data::{Folder, Mistakes};
/// a
#[derive(Debug)]
pub struct Catalogue;
/// a
#[derive(Debug)]
pub struct Requirement {
    /// a
    pub id: String,
    /// a
    pub party: Party,
    /// a
    pub category: Category,
    /// a
    pub says: String,
}
impl Requirement {
    /// a
    pub fn section(&self, _v: Version) -> &str {
        ""
    }
}
impl Catalogue {
    /// a
    pub fn load(_f: &Folder) -> Result<Self, Mistakes> {
        Ok(Self)
    }
    /// a
    pub fn get(&self, _id: &str) -> Option<&Requirement> {
        None
    }
    /// a
    pub fn iter(&self) -> impl Iterator<Item = &Requirement> {
        std::iter::empty()
    }
    /// a
    pub fn level(&self, _id: &str, _v: Version) -> Option<Level> {
        None
    }
}

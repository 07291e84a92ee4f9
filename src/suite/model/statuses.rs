/// A set of HTTP statuses.
#[derive(Debug, Clone)]
pub struct Statuses {
    /// Ranges, both ends included.
    pub ranges: Vec<(u16, u16)>,
}

impl Statuses {
    pub fn has(&self, status: u16) -> bool {
        self.ranges
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&status))
    }

    /// Whether one of them is 2xx.
    pub fn may_succeed(&self) -> bool {
        let mut ranges = self.ranges.iter();
        ranges.any(|(first, _)| (200..300).contains(first))
    }

    /// Whether all of them are 2xx.
    pub fn succeed(&self) -> bool {
        self.ranges
            .iter()
            .all(|(first, last)| *first >= 200 && *last < 300)
    }
}

impl std::fmt::Display for Statuses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (first, last)) in self.ranges.iter().enumerate() {
            if index > 0 {
                f.write_str(" or ")?;
            }
            if first == last {
                write!(f, "{first}")?;
            } else {
                write!(f, "{}xx", first / 100)?;
            }
        }
        Ok(())
    }
}

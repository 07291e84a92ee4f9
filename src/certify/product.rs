//! PRODUCT.yaml: what is certified, and by whom.

use std::fmt::Write as _;

/// The types of products.
pub(super) const KINDS: [&str; 3] = ["distribution", "hosted platform", "installer"];

/// The product as the certification site describes it. An empty field is not known yet.
#[derive(Debug, Clone, Default)]
pub struct Product {
    /// The legal entity that certifies.
    pub vendor: String,
    /// The name of the product.
    pub name: String,
    /// The product's own version.
    pub version: String,
    /// Its page.
    pub website: String,
    /// Its documentation.
    pub documentation: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// A sentence about it.
    pub description: String,
    /// Its source, where it is open.
    pub repository: Option<String>,
    /// Its logo.
    pub logo: Option<String>,
}

/// A product that cannot be certified as it is described.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProductError {
    /// The name uses what belongs to the specification's owner.
    #[error(
        "the product's name `{0}` contains the term OCI, which certification does not allow: use another name with --product"
    )]
    Named(String),
    /// No folder can be named after it.
    #[error("the product's name `{0}` has no ASCII letter or digit for the name of its folder")]
    Unnamed(String),
    /// A value that has to be there is empty.
    #[error("{0} is empty: say who or what is certified")]
    Empty(&'static str),
    /// A type that the certification site does not have.
    #[error("--type: `{0}` is unknown: use one of {known}", known = KINDS.join(", "))]
    Kind(String),
    /// An address that cannot be opened.
    #[error("{option}: `{value}` is not a web address: write https://…")]
    Address {
        /// The option it comes from.
        option: &'static str,
        /// What was written.
        value: String,
    },
}

impl Product {
    /// Refuses what a reviewer would refuse.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), ProductError> {
        if self.vendor.trim().is_empty() {
            return Err(ProductError::Empty("--vendor"));
        }
        if self.name.trim().is_empty() {
            return Err(ProductError::Empty("--product"));
        }
        if names_oci(&self.name) {
            return Err(ProductError::Named(self.name.clone()));
        }
        if self.slug().is_empty() {
            return Err(ProductError::Unnamed(self.name.clone()));
        }
        if !self.kind.is_empty() && !is_kind(&self.kind) {
            return Err(ProductError::Kind(self.kind.clone()));
        }
        let addresses = [
            ("--website", Some(&self.website)),
            ("--documentation", Some(&self.documentation)),
            ("--repository", self.repository.as_ref()),
            ("--logo", self.logo.as_ref()),
        ];
        for (option, value) in addresses {
            let Some(value) = value.filter(|value| !value.is_empty()) else {
                continue;
            };
            if !is_web_address(value) {
                let value = value.clone();
                return Err(ProductError::Address { option, value });
            }
        }
        Ok(())
    }

    /// The name of its folder: lower case, with hyphens for all but letters and digits.
    pub fn slug(&self) -> String {
        let lower = self.name.to_ascii_lowercase();
        let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        words.join("-")
    }

    /// The file. A string of JSON is one of YAML too.
    pub fn yaml(&self) -> String {
        let mut text = String::new();
        let always = [
            ("vendor", &self.vendor),
            ("name", &self.name),
            ("version", &self.version),
            ("website_url", &self.website),
            ("documentation_url", &self.documentation),
            ("type", &self.kind),
            ("description", &self.description),
        ];
        let always = always.map(|(key, value)| (key, Some(value)));
        let sometimes = [
            ("repo_url", self.repository.as_ref()),
            ("product_logo_url", self.logo.as_ref()),
        ];
        for (key, value) in always.into_iter().chain(sometimes) {
            if let Some(value) = value {
                // Writing to a text cannot fail.
                let _ = writeln!(text, "{key}: {}", serde_json::json!(value));
            }
        }
        text
    }
}

/// Whether a text names one of [`KINDS`], in any case of its letters.
pub(super) fn is_kind(text: &str) -> bool {
    KINDS
        .iter()
        .any(|kind| kind.eq_ignore_ascii_case(text.trim()))
}

/// Whether a browser can open it.
pub(super) fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// Whether a name contains the term: in capitals anywhere, or as a word. (`Social` contains other letters.)
pub(super) fn names_oci(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    name.contains("OCI") || words.any(|word| word.eq_ignore_ascii_case("oci"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_term_is_found_and_no_other() {
        for name in ["OCI Registry", "myOCI", "an oci store", "Oci-Hub"] {
            assert!(names_oci(name), "{name}");
        }
        assert!(!names_oci("Social Registry"));
    }

    #[test]
    fn a_type_is_one_of_the_known() {
        for kind in ["distribution", "Hosted Platform", " installer"] {
            assert!(is_kind(kind), "{kind}");
        }
        assert!(!is_kind("registry"));
        let product = Product {
            vendor: "V".to_owned(),
            name: "N".to_owned(),
            kind: "registry".to_owned(),
            ..Product::default()
        };
        let error = product.check().map_err(|error| error.to_string());
        let says =
            "--type: `registry` is unknown: use one of distribution, hosted platform, installer";
        assert_eq!(error, Err(says.to_owned()));
    }

    #[test]
    fn a_folder_is_named_after_the_product() {
        let name = "Example: Registry (2)".to_owned();
        let product = Product {
            name,
            ..Product::default()
        };
        assert_eq!(product.slug(), "example-registry-2");
    }
}

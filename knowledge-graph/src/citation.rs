//! How a source is cited, and where it can be read.

use crate::{Language, format::Source};

impl Source {
    /// Authors, title and year: "Fanaroff AC, et al. Does this patient … (2015)".
    pub fn citation(&self) -> String {
        format!("{}. {} ({})", self.authors.trim_end_matches('.'), self.title, self.year)
    }

    /// First author, or body, and year: "Fanaroff AC et al., 2015"; 「Fanaroff AC等，2015」.
    pub fn short_citation(&self, language: Language) -> String {
        let first = self.authors.split_once(',').map(|(first, _)| first);
        let name = first.unwrap_or_else(|| self.authors.trim_end_matches('.'));
        match (language, first.is_some()) {
            (Language::En, true) => format!("{name} et al., {}", self.year),
            (Language::En, false) => format!("{name}, {}", self.year),
            (Language::Zh, true) => format!("{name}等，{}", self.year),
            (Language::Zh, false) => format!("{name}，{}", self.year),
        }
    }

    /// Its address: `PubMed`'s entry, else the DOI's or its own page; `None` when only its name is
    /// known.
    pub fn link(&self) -> Option<String> {
        if let Some(pmid) = self.pmid {
            return Some(format!("https://pubmed.ncbi.nlm.nih.gov/{pmid}/"));
        }
        let locator = self.locator.as_deref()?;
        match locator.strip_prefix("doi:") {
            Some(doi) => Some(format!("https://doi.org/{doi}")),
            None => (locator.starts_with("https://") || locator.starts_with("http://")).then(|| locator.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::format::Evidence;

    #[rstest]
    #[case(Some(26_547_467), None, Some("https://pubmed.ncbi.nlm.nih.gov/26547467/"))]
    #[case(None, Some("doi:10.1093/brain/awt285"), Some("https://doi.org/10.1093/brain/awt285"))]
    #[case(None, Some("https://hhtguidelines.org"), Some("https://hhtguidelines.org"))]
    #[case(None, Some("JAMA 2016;315:801-810"), None)]
    #[case(None, None, None)]
    fn a_source_leads_to_pubmed_its_doi_or_its_page(
        #[case] pmid: Option<u32>,
        #[case] locator: Option<&str>,
        #[case] link: Option<&str>,
    ) {
        let source = Source {
            id: "one".to_owned(),
            title: "A title".to_owned(),
            authors: "Someone A, et al.".to_owned(),
            year: 2015,
            pmid,
            locator: locator.map(str::to_owned),
            evidence: Evidence::Study,
        };

        assert_eq!(source.link().as_deref(), link);
        assert_eq!(source.short_citation(Language::En), "Someone A et al., 2015");
        assert_eq!(source.short_citation(Language::Zh), "Someone A等，2015");
        assert_eq!(source.citation(), "Someone A, et al. A title (2015)");
    }
}

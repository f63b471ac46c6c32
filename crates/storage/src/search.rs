//! How a search finds dashboards: the same on every backend.

use coboard_protocol::Catalogue;

use crate::limits::SEARCH_WORDS_MAX;

/// The text that a search looks into: title, folder and tags in lower case.
pub fn search_text(catalogue: &Catalogue) -> String {
    let parts = [&catalogue.title, &catalogue.folder]
        .into_iter()
        .chain(&catalogue.tags);
    let text: Vec<_> = parts.map(|part| part.to_lowercase()).collect();
    text.join("\n")
}

/// The words of a search in lower case. Each must occur in [`search_text`]; none finds everything.
pub fn search_words(search: Option<&str>) -> Vec<String> {
    search
        .unwrap_or_default()
        .split_whitespace()
        .take(SEARCH_WORDS_MAX)
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_case() {
        let text = search_text(&Catalogue {
            title: "Größe der Nodes".to_owned(),
            folder: "Kubernetes".to_owned(),
            tags: vec!["Prod".to_owned()],
            ..Catalogue::default()
        });
        let finds = |search| search_words(search).iter().all(|word| text.contains(word));
        assert!(finds(Some(" nodes  PROD kuber ")));
        assert!(finds(Some("GRÖßE")));
        assert!(finds(None) && finds(Some(" ")));
        assert!(!finds(Some("nodes dev")));
        assert_eq!(
            search_words(Some(&"x ".repeat(100))).len(),
            SEARCH_WORDS_MAX
        );
    }
}

//! Names and descriptions as words, so that `pageToken`, `page_token` and `page[token]` read alike.

/// A name without case and punctuation: `page[size]` is `pagesize`.
pub(crate) fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The words of a name, in lower case: `startingAfter`, `starting_after` and `starting-after` are two words.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_ascii_alphanumeric() {
            is_open = false;
            continue;
        }
        if letter.is_ascii_uppercase() && was_small {
            is_open = false;
        }
        was_small = !letter.is_ascii_uppercase();
        let small = letter.to_ascii_lowercase();
        match words.last_mut().filter(|_| is_open) {
            Some(word) => word.push(small),
            None => words.push(small.to_string()),
        }
        is_open = true;
    }
    words
}

/// A sentence as words between single spaces, so that [`says`] finds whole words only.
pub(crate) fn sentence(text: &str) -> String {
    let letters = text.chars().map(|letter| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_lowercase()
        } else {
            ' '
        }
    });
    let letters: String = letters.collect();
    let words: Vec<_> = letters.split_ascii_whitespace().collect();
    format!(" {} ", words.join(" "))
}

/// Whether a [`sentence`] has one of these phrases.
pub(crate) fn says(sentence: &str, phrases: &[&str]) -> bool {
    phrases
        .iter()
        .any(|phrase| sentence.contains(&format!(" {phrase} ")))
}

/// Whether both name the same thing, one of them perhaps as a plural.
pub(crate) fn is_plural_of(many: &str, one: &str) -> bool {
    let stem = |name: &str| {
        let stem = name.strip_suffix("ies").map(|stem| format!("{stem}y"));
        let stem = stem.or_else(|| name.strip_suffix('s').map(str::to_owned));
        stem.unwrap_or_else(|| name.to_owned())
    };
    !one.is_empty() && (many == one || stem(many) == stem(one) || stem(many) == one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_have_the_same_words() {
        for name in [
            "pageToken",
            "page_token",
            "page[token]",
            "PageToken",
            "page-token",
        ] {
            assert_eq!(words(name), ["page", "token"], "{name}");
            assert_eq!(plain(name), "pagetoken");
        }
        assert_eq!(words("maxResults2"), ["max", "results2"]);
    }

    #[test]
    fn only_whole_words_are_said() {
        let said = sentence("Updated: the *next* page.");
        assert!(says(&said, &["next page"]));
        assert!(!says(&said, &["date", "ext"]));
    }

    #[test]
    fn plurals_are_those_of_their_word() {
        for (many, one) in [
            ("pins", "pin"),
            ("entries", "entry"),
            ("staff", "staff"),
            ("pin", "pins"),
        ] {
            assert!(is_plural_of(many, one), "{many} {one}");
        }
        assert!(!is_plural_of("pins", "page"));
    }
}

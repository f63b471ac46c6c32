//! Who somebody is. Open access for now: people say it themselves, and nothing is verified.

use coboard_protocol::limits::NAME_CHARS_MAX;
use coboard_protocol::{User, UserId};
use percent_encoding::percent_decode_str;

/// A token that says nothing usable.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the token is missing, malformed or of an unknown kind")]
pub struct TokenError;

/// Reads an open token: `open:USERID:NAME`, the name percent-encoded.
///
/// # Errors
/// [`TokenError`] if it has another shape.
pub fn open_token(token: &str) -> Result<User, TokenError> {
    let rest = token.strip_prefix("open:").ok_or(TokenError)?;
    let (id, name) = rest.split_once(':').ok_or(TokenError)?;
    let id = UserId::try_from(id).map_err(|_| TokenError)?;
    let name = percent_decode_str(name)
        .decode_utf8()
        .map_err(|_| TokenError)?;
    Ok(User {
        id,
        name: display_name(&name),
    })
}

/// Who comes without a token, over HTTP only.
pub(crate) fn anonymous() -> User {
    User {
        id: UserId::try_from("anonymous").expect("a word is an identifier"),
        name: "Someone".to_owned(),
    }
}

/// A name fit to be shown: without control characters, cut, never empty.
fn display_name(name: &str) -> String {
    let name: String = name
        .chars()
        .filter(|c| !c.is_control())
        .take(NAME_CHARS_MAX)
        .collect();
    let name = name.trim();
    if name.is_empty() { "Someone" } else { name }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded_and_made_fit() {
        let user = open_token("open:u-1:J%C3%BCrgen%20%26%20Co").expect("it is well formed");
        assert_eq!(
            (user.id.as_str(), user.name.as_str()),
            ("u-1", "Jürgen & Co")
        );
        let user = open_token("open:u:%0A%20").expect("it is well formed");
        assert_eq!(user.name, "Someone");
        let long = format!("open:u:{}", "x".repeat(500));
        assert_eq!(
            open_token(&long).expect("it is well formed").name.len(),
            NAME_CHARS_MAX
        );
    }

    #[test]
    fn other_tokens_are_refused() {
        for token in [
            "",
            "open",
            "open:",
            "open::x",
            "open:a b:x",
            "open:u:%ff",
            "jwt:u:x",
            "open:u",
        ] {
            assert_eq!(open_token(token), Err(TokenError), "{token}");
        }
    }
}

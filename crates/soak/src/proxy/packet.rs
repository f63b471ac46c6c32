//! What a packet is, by its beginning.

/// The kinds of packet that a proxy treats in a way of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// The answer to a `submit`. One that refuses the submit as a whole is not recognised.
    SubmitAnswer,
    /// The event `committed`.
    Committed,
    /// The event `head`.
    Head,
    /// Anything else.
    Other,
}

/// What only the answer to a `submit` begins with, behind its number.
const RESULTS: &[u8] = br#"[{"ok":true,"value":{"results":["#;

/// The kind of a packet of the server in the namespace `/`.
pub(super) fn kind(payload: &[u8]) -> Kind {
    if let Some(answer) = payload.strip_prefix(b"43") {
        let digits = answer.iter().take_while(|byte| byte.is_ascii_digit());
        let rest = &answer[digits.count()..];
        return if rest.starts_with(RESULTS) {
            Kind::SubmitAnswer
        } else {
            Kind::Other
        };
    }
    match payload {
        event if event.starts_with(br#"42["committed","#) => Kind::Committed,
        event if event.starts_with(br#"42["head","#) => Kind::Head,
        _ => Kind::Other,
    }
}

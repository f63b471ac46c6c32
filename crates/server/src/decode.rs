//! Reading what clients send. Whatever it is, it ends as a value or as a typed error.

use coboard_engine::room::{Refused, Submission};
use coboard_protocol::codec::components;
use coboard_protocol::limits::{OPERATION_BYTES_MAX, OPERATIONS_PER_SUBMIT_MAX};
use coboard_protocol::{
    DocumentId, ErrorBody, ErrorCode, Meta, Operation, OperationId, Revision, SessionId,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_json::error::Category;
use serde_json::value::RawValue;

/// A submit with its operations decoded one by one: a bad one does not spoil the others.
#[derive(Debug)]
pub(crate) struct Submit {
    pub(crate) document: DocumentId,
    pub(crate) session: SessionId,
    pub(crate) operations: Vec<Submission>,
}

#[derive(Deserialize)]
struct RawSubmit {
    document: DocumentId,
    session: SessionId,
    operations: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct RawOperation {
    id: OperationId,
    base: Revision,
    components: Json,
    #[serde(default)]
    meta: Meta,
}

#[derive(Deserialize)]
struct Identified {
    id: OperationId,
}

/// Reads a message.
///
/// # Errors
/// The body to be answered.
pub(crate) fn message<T: DeserializeOwned>(text: &str) -> Result<T, ErrorBody> {
    serde_json::from_str(text).map_err(|error| refused(&error))
}

/// Reads a submit.
///
/// # Errors
/// The body to be answered, if not even the ids of the operations can be read.
pub(crate) fn submit(text: &str) -> Result<Submit, ErrorBody> {
    let raw: RawSubmit = message(text)?;
    if raw.operations.len() > OPERATIONS_PER_SUBMIT_MAX {
        let error = ErrorBody::new(ErrorCode::TooLarge, "a submit has too many operations");
        return Err(error.with("limit", OPERATIONS_PER_SUBMIT_MAX));
    }
    if raw.operations.is_empty() {
        return Err(ErrorBody::new(
            ErrorCode::Schema,
            "a submit has no operations",
        ));
    }
    let operations = raw
        .operations
        .iter()
        .map(|text| submission(text.get()))
        .collect::<Result<_, _>>()?;
    Ok(Submit {
        document: raw.document,
        session: raw.session,
        operations,
    })
}

fn submission(text: &str) -> Result<Submission, ErrorBody> {
    match operation(text) {
        Ok(operation) => Ok(Ok(operation)),
        Err(error) => match serde_json::from_str::<Identified>(text) {
            Ok(Identified { id }) => Ok(Err(Refused { id, error })),
            Err(_) => Err(error),
        },
    }
}

fn operation(text: &str) -> Result<Operation, ErrorBody> {
    if text.len() > OPERATION_BYTES_MAX {
        let error = ErrorBody::new(ErrorCode::TooLarge, "an operation is too large");
        return Err(error.with("limit", OPERATION_BYTES_MAX));
    }
    let raw: RawOperation = message(text)?;
    Ok(Operation {
        id: raw.id,
        base: raw.base,
        components: components::from_json(&raw.components).map_err(|error| error.body())?,
        meta: raw.meta,
    })
}

/// What is wrong with a text that is not the message it should be, without any of its content.
pub(crate) fn refused(error: &serde_json::Error) -> ErrorBody {
    let (code, message) = match error.classify() {
        Category::Data => (
            ErrorCode::Schema,
            "a field is missing or has the wrong type",
        ),
        Category::Eof | Category::Io => (ErrorCode::BadJson, "the text is not JSON"),
        Category::Syntax => of_syntax(&error.to_string()),
    };
    ErrorBody::new(code, message)
}

/// The parser names its limits only in words. A test holds them fast.
fn of_syntax(text: &str) -> (ErrorCode, &'static str) {
    if text.starts_with("recursion limit exceeded") {
        (ErrorCode::Depth, "the text is nested too deeply")
    } else if text.starts_with("number out of range") {
        (ErrorCode::Num, "a number is not finite")
    } else if [
        "lone leading surrogate",
        "unexpected end of hex escape",
        "invalid unicode code point",
    ]
    .iter()
    .any(|start| text.starts_with(start))
    {
        (ErrorCode::Str, "a string is not valid Unicode")
    } else {
        (ErrorCode::BadJson, "the text is not JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(text: &str) -> &'static str {
        message::<Json>(text).expect_err("it is bad").code.as_str()
    }

    #[test]
    fn bad_json_gets_the_code_of_its_fault() {
        let deep = |depth| "[".repeat(depth) + &"]".repeat(depth);
        for (text, code) in [
            (deep(128).as_str(), "E_DEPTH"),
            (&deep(100_000), "E_DEPTH"),
            ("1e400", "E_NUM"),
            ("-1e309", "E_NUM"),
            (r#""\ud800""#, "E_STR"),
            (r#""\udc00\ud800""#, "E_STR"),
            (r#""\ud83dx""#, "E_STR"),
            ("NaN", "E_BAD_JSON"),
            ("01", "E_BAD_JSON"),
            ("[1] x", "E_BAD_JSON"),
            ("\u{feff}[]", "E_BAD_JSON"),
            ("", "E_BAD_JSON"),
            ("\"\u{1}\"", "E_BAD_JSON"),
        ] {
            assert_eq!(code_of(text), code, "{}", &text[..text.len().min(20)]);
        }
    }

    #[test]
    fn one_bad_operation_leaves_the_others() {
        let text = r#"{"document":"d","session":"s","operations":[
            {"id":{"client":"c","sequence":1},"base":0,"components":{"cells":{"@0/a":{"s":[1]}}}},
            {"id":{"client":"c","sequence":2},"base":0,"components":{"cells":{"@0/a":{"x":1}}}},
            {"id":{"client":"c","sequence":3},"base":-1,"components":{}}]}"#;
        let submit = submit(text).expect("the envelope is fine");
        assert!(submit.operations[0].is_ok());
        for (at, code) in [(1, ErrorCode::Op), (2, ErrorCode::Schema)] {
            let refused = submit.operations[at].as_ref().expect_err("it is bad");
            assert_eq!(
                (refused.id.sequence, refused.error.code),
                (at as u64 + 1, code)
            );
        }
    }

    #[test]
    fn a_submit_without_ids_is_refused_as_a_whole() {
        for (operations, code) in [
            (r#"[{"base":0}]"#.to_owned(), ErrorCode::Schema),
            ("[]".to_owned(), ErrorCode::Schema),
            ("null".to_owned(), ErrorCode::Schema),
            (format!("[{}1]", "1,".repeat(200)), ErrorCode::TooLarge),
        ] {
            let text = format!(r#"{{"document":"d","session":"s","operations":{operations}}}"#);
            assert_eq!(submit(&text).expect_err("it is bad").code, code);
        }
    }
}

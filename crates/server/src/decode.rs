//! Reading what clients send. Whatever it is, it ends as a value or as a typed error.

use coboard_engine::room::{Refused, Submission};
use coboard_protocol::codec::components;
use coboard_protocol::limits::{OPERATION_BYTES_MAX, OPERATIONS_PER_SUBMIT_MAX};
use coboard_protocol::strict::{self, TextError};
use coboard_protocol::{
    DocumentId, ErrorBody, ErrorCode, Meta, Operation, OperationId, Revision, SessionId,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
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
    shaped(strict::from_text(text))
}

/// Reads the body of an HTTP request.
///
/// # Errors
/// The body to be answered.
pub(crate) fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ErrorBody> {
    shaped(strict::from_bytes(bytes))
}

fn shaped<T: DeserializeOwned>(json: Result<Json, TextError>) -> Result<T, ErrorBody> {
    let json = json.map_err(TextError::body)?;
    serde_json::from_value(json).map_err(|_| wrong_shape())
}

/// Reads a submit.
///
/// # Errors
/// The body to be answered, if not even the ids of the operations can be read.
pub(crate) fn submit(text: &str) -> Result<Submit, ErrorBody> {
    // Its operations stay text: each is read, and refused, by itself.
    let raw: RawSubmit = serde_json::from_str(text).map_err(|error| refused(&error))?;
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
fn refused(error: &serde_json::Error) -> ErrorBody {
    TextError::of(error).map_or_else(wrong_shape, TextError::body)
}

fn wrong_shape() -> ErrorBody {
    let message = "a field is missing or has the wrong type";
    ErrorBody::new(ErrorCode::Schema, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_json_gets_the_code_of_its_fault_on_every_way_in() {
        let deep = "[".repeat(128) + &"]".repeat(128);
        for (json, code) in [
            (deep.as_str(), "E_DEPTH"),
            ("1e400", "E_NUM"),
            (r#""\ud800""#, "E_STR"),
            ("NaN", "E_BAD_JSON"),
            ("[1,]", "E_BAD_JSON"),
            (r#"{"a":1,"a":1}"#, "E_KEY"),
            ("18446744073709551616", "E_NUM"),
        ] {
            let refused = message::<Json>(json).expect_err("it is bad");
            assert_eq!(refused.code.as_str(), code, "{json}");
            let refused = body::<Json>(json.as_bytes()).expect_err("it is bad");
            assert_eq!(refused.code.as_str(), code, "{json}");
            let operation = format!(
                r#"{{"id":{{"client":"c","sequence":1}},"base":0,"components":{{"cells":{{"@0/a":{{"s":[{json}]}}}}}}}}"#
            );
            let refused = super::operation(&operation).expect_err("it is bad");
            assert_eq!(refused.code.as_str(), code, "{json}");
        }
        assert_eq!(
            body::<Json>(b"\"\xff\"")
                .expect_err("it is bad")
                .code
                .as_str(),
            "E_STR"
        );
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

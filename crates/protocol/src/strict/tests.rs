//! The bad texts of the catalogue of bad inputs, and that nothing else is refused or changed.

use super::*;
use crate::codec::plain_from_json;

fn code(text: &str) -> &'static str {
    match from_text(text) {
        Ok(json) => panic!("{} was read as {json}", &text[..text.len().min(40)]),
        Err(error) => error.code().as_str(),
    }
}

#[test]
fn text_that_is_no_json_is_refused() {
    for text in [
        "",
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        ".5",
        "01",
        "1.",
        "0x10",
        "-",
        "\u{feff}[]",
        "[1] x",
        "[1][2]",
        "[1,]",
        "{\"a\":1,}",
        "[1 /* one */]",
        "['a']",
        "\"\u{1}\"",
        "{a:1}",
        "{\"a\"}",
        "\"\\x41\"",
        "tru",
        "[",
        "{\"a\":",
    ] {
        assert_eq!(code(text), "E_BAD_JSON", "{text:?}");
    }
}

#[test]
fn numbers_that_no_double_holds_are_refused_wherever_they_stand() {
    let digits = "7".repeat(100_000);
    for number in [
        "1e400",
        "-1e309",
        "9007199254740992",
        "-9007199254740992",
        "9007199254740993",
        "9223372036854775808",
        "18446744073709551616",
        "-18446744073709551616",
        "123456789012345678901234567890",
        &digits,
    ] {
        for text in [
            number.to_owned(),
            format!("[1,{number}]"),
            format!(r#"{{"a\"":"\\","b":{{"c": {number} }}}}"#),
        ] {
            assert_eq!(code(&text), "E_NUM", "{}", &text[..text.len().min(60)]);
        }
    }
}

#[test]
fn numbers_that_a_double_holds_come_back_bit_for_bit() {
    for (text, bits) in [
        ("9007199254740991", 9_007_199_254_740_991_f64),
        ("-9007199254740991", -9_007_199_254_740_991_f64),
        ("0.44426470082635805", 0.444_264_700_826_358_05),
        ("101.66666666666667", 101.666_666_666_666_67),
        ("1.0999999999999999", 1.099_999_999_999_999_9),
        ("-2.0962010729287593e-206", -2.096_201_072_928_759_3e-206),
        ("5e-324", 5e-324),
        ("1.7976931348623157e308", f64::MAX),
        ("1e-400", 0.0),
        ("1E2", 100.0),
        ("1e20", 1e20),
    ] {
        let number = from_text(text).expect(text).as_f64().expect("a number");
        assert_eq!(number.to_bits(), bits.to_bits(), "{text}");
    }
}

/// The browser's core gets what JavaScript wrote, from `serde_json`: what one edge takes, the other
/// takes, as the same number.
#[test]
fn both_edges_treat_what_javascript_writes_alike() {
    for (text, taken) in [
        ("9007199254740991", true),
        ("9007199254740992", false),
        ("-9007199254740992", false),
        ("10000000000000000000", false),
        ("-10000000000000000000", true),
        ("18446744073709552000", true),
        ("100000000000000000000", true),
        ("-100000000000000000000", true),
        ("123456789012345680000", true),
        ("999999999999999900000", true),
        ("1e+21", true),
        ("1.7976931348623157e+308", true),
    ] {
        let browser: Json = serde_json::from_str(text).expect("JSON");
        let browser = plain_from_json(&browser).ok();
        let rest = from_text(text).ok();
        let rest = rest.and_then(|json| plain_from_json(&json).ok());
        assert_eq!((&rest, rest.is_some()), (&browser, taken), "{text}");
    }
    // Nobody wrote these from a double.
    for text in [
        "18446744073709551616",
        "100000000000000000001",
        "1000000000000000000000",
        "-100000000000000000001",
    ] {
        assert_eq!(code(text), "E_NUM", "{text}");
    }
}

#[test]
fn digits_inside_strings_are_no_numbers() {
    for text in [
        r#""99999999999999999999""#,
        r#"{"99999999999999999999":"\"99999999999999999999\\"}"#,
        r#"["\\",{"a":"\\\"18446744073709551616"}]"#,
    ] {
        let json: Json = serde_json::from_str(text).expect("it is JSON");
        assert_eq!(from_text(text), Ok(json));
    }
}

#[test]
fn strings_are_unicode_and_whole() {
    for text in [
        r#""\ud800""#,
        r#""\udc00\ud800""#,
        r#""\ud83dx""#,
        r#"{"\ud800":1}"#,
    ] {
        assert_eq!(code(text), "E_STR", "{text}");
    }
    for bytes in [
        &b"\"\xc0\x80\""[..],
        b"\"\xff\"",
        b"\"\xed\xa0\x80\"",
        b"\"\xf0\x9f\"",
    ] {
        assert_eq!(from_bytes(bytes), Err(TextError::BadString));
    }
    for text in [
        "\"\\u0000\"",
        "\"\u{2028}\u{202e}\u{200d}\u{feff}\u{7f}\"",
        "\"\\ud83d\\ude00\"",
    ] {
        let json: String = serde_json::from_str(text).expect("it is JSON");
        assert_eq!(from_text(text), Ok(Json::String(json)), "{text}");
    }
}

#[test]
fn a_key_stands_once_in_an_object() {
    for text in [
        r#"{"a":1,"a":2}"#,
        r#"{"a":1,"\u0061":1}"#,
        r#"[{"b":{"":1,"":1}}]"#,
        r#"{"s":[1],"t":[],"s":[1]}"#,
    ] {
        assert_eq!(code(text), "E_KEY", "{text}");
    }
    // Distinct for us: nothing is normalised.
    for text in [
        r#"{"a":{"a":1}}"#,
        r#"{"a":1,"A":1,"a\u0000":1}"#,
        "{\"\u{e9}\":1,\"e\u{301}\":1}",
    ] {
        assert!(from_text(text).is_ok(), "{text}");
    }
}

#[test]
fn depth_and_keys_have_limits() {
    let deep = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(from_text(&deep(TEXT_DEPTH_MAX)).is_ok());
    for depth in [TEXT_DEPTH_MAX + 1, 100_000, 1_000_000] {
        assert_eq!(code(&deep(depth)), "E_DEPTH");
    }
    let wide = |count| {
        let fields: Vec<String> = (0..count).map(|i| format!(r#""{i}":{i}"#)).collect();
        format!("{{{}}}", fields.join(","))
    };
    assert!(from_text(&wide(OBJECT_KEYS_MAX)).is_ok());
    for count in [OBJECT_KEYS_MAX + 1, 100_000] {
        assert_eq!(code(&wide(count)), "E_TOO_LARGE");
    }
}

#[test]
fn an_error_says_which_limit() {
    for (error, limit) in [
        (TextError::TooDeep, TEXT_DEPTH_MAX as u64),
        (TextError::TooManyKeys, OBJECT_KEYS_MAX as u64),
    ] {
        assert_eq!(error.body().details["limit"], limit);
    }
}

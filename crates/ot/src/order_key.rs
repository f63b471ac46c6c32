//! Keys that order the items of a list: fractional, unique, short.
//!
//! A key is an integer head (`a0`, `a1`, … `az`, `b00`, …), perhaps a fraction, and a suffix
//! made of the client number and a counter, so that two people never make equal keys: between
//! equal keys nothing could be put. Appending and prepending keep keys short; inserting between
//! two grows by about one character in six inserts at one place.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Longest key in bytes. 1,000 inserts into one gap make about 170.
pub const ORDER_KEY_BYTES_MAX: usize = 256;

/// Digits in order of their bytes. The dot separates the suffix and sorts below every digit.
const DIGITS: &[u8; 63] = b".0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Index in [`DIGITS`] of the smallest true digit.
const ZERO: usize = 1;
/// Index in [`DIGITS`] of the largest digit.
const LAST: usize = 62;

/// Longest key that needs no allocation: longer ones are rare.
const SHORT_BYTES: usize = 24;
/// Bytes of a number: keys are compared by so many at a time.
const WORD_BYTES: usize = 8;

/// The place of an item among those of its list. Keys order as bytes.
#[derive(Clone)]
pub struct OrderKey(Text);

/// The text of a key. What fits is always short, so there is one form of each text.
#[derive(Clone)]
enum Text {
    Short(Short),
    Long(Arc<str>),
}

/// Zeros behind the end: they sort below every character, so the whole array orders as the text.
///
/// Aligned, so that it is copied and compared in whole words. Measured 2026-11: of an array of 22
/// bytes at an odd address a move spent a quarter of its time in reading what was just written.
#[derive(Clone, Copy)]
#[repr(align(8))]
struct Short([u8; SHORT_BYTES]);

impl Short {
    /// Numbers that order as the text.
    fn words(&self) -> [u64; SHORT_BYTES / WORD_BYTES] {
        let (words, _) = self.0.as_chunks();
        std::array::from_fn(|index| u64::from_be_bytes(words[index]))
    }
}

impl OrderKey {
    /// Reads a key. `None` if it is empty, too long or holds other characters than dots, digits and letters.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=ORDER_KEY_BYTES_MAX).contains(&text.len());
        let legal = text.bytes().all(|b| b == b'.' || b.is_ascii_alphanumeric());
        (fits && legal).then(|| Self::of(text))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Short(Short(bytes)) => {
                let end = bytes.iter().position(|byte| *byte == 0);
                // Keys are made of text only, so there is always one.
                std::str::from_utf8(&bytes[..end.unwrap_or(SHORT_BYTES)]).unwrap_or_default()
            }
            Text::Long(text) => text,
        }
    }

    fn of(text: &str) -> Self {
        if text.len() > SHORT_BYTES {
            return Self(Text::Long(text.into()));
        }
        let mut bytes = [0; SHORT_BYTES];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Self(Text::Short(Short(bytes)))
    }

    /// The first eight bytes as a number, zeros behind a shorter key. It orders as the key does.
    pub(crate) fn head(&self) -> u64 {
        match &self.0 {
            Text::Short(short) => short.words()[0],
            Text::Long(text) => {
                let head = text.as_bytes().first_chunk().copied();
                head.map_or(0, u64::from_be_bytes)
            }
        }
    }

    /// All bytes; those of a short key with the zeros behind it.
    fn bytes(&self) -> &[u8] {
        match &self.0 {
            Text::Short(Short(bytes)) => bytes,
            Text::Long(text) => text.as_bytes(),
        }
    }

    /// The keys `a0`, `a1`, … that a fresh list starts with. They need no suffix: one client makes them all.
    pub fn sequence() -> impl Iterator<Item = Self> {
        let mut next = Some("a0".to_owned());
        std::iter::from_fn(move || {
            let key = next.take()?;
            next = increment(&key);
            Some(Self::of(&key))
        })
    }

    /// A key after `left` and before `right`, either of which may be absent.
    ///
    /// `unique` is the client number and a counter that this client never used before.
    /// If the neighbours leave no room (their order is not strict), the key follows `left`.
    pub fn between(left: Option<&Self>, right: Option<&Self>, unique: (u32, u32)) -> Self {
        let left = left.map_or("", Self::as_str);
        let mut key = match right.map(Self::as_str) {
            None if left.is_empty() => "a0".to_owned(),
            None => head(left)
                .and_then(increment)
                .unwrap_or_else(|| above(left)),
            Some(right) if left.is_empty() => head(right)
                .and_then(decrement)
                .unwrap_or_else(|| midpoint("", right)),
            Some(right) => midpoint(left, right),
        };
        key.push('.');
        push_number(&mut key, unique.0);
        key.push('.');
        push_number(&mut key, unique.1);
        key.push('.');
        Self::of(&key)
    }
}

impl PartialEq for OrderKey {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for OrderKey {}

impl PartialOrd for OrderKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OrderKey {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            // Of a fixed length: the zeros behind the end decide.
            (Text::Short(one), Text::Short(other)) => one.words().cmp(&other.words()),
            // A short one is shorter than the other, so its zeros decide at the latest.
            (Text::Short(_) | Text::Long(_), Text::Short(_) | Text::Long(_)) => {
                self.bytes().cmp(other.bytes())
            }
        }
    }
}

impl Hash for OrderKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for OrderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OrderKey").field(&self.as_str()).finish()
    }
}

impl fmt::Display for OrderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

/// The integer head of a key: a letter that tells the length, then digits.
fn head(key: &str) -> Option<&str> {
    let length = match key.bytes().next()? {
        letter @ b'a'..=b'z' => usize::from(letter - b'a') + 2,
        letter @ b'A'..=b'Z' => usize::from(b'Z' - letter) + 2,
        _ => return None,
    };
    let head = key.get(..length)?;
    head.bytes().skip(1).all(|b| b != b'.').then_some(head)
}

/// The next larger integer head; `None` after the largest.
fn increment(head: &str) -> Option<String> {
    let mut bytes = head.as_bytes().to_vec();
    for byte in bytes[1..].iter_mut().rev() {
        if *byte != b'z' {
            *byte = DIGITS[digit(*byte) + 1];
            return String::from_utf8(bytes).ok();
        }
        *byte = b'0';
    }
    match bytes[0] {
        b'z' => None,
        b'Z' => Some("a0".to_owned()),
        letter => {
            bytes[0] = letter + 1;
            if letter >= b'a' {
                bytes.push(b'0');
            } else {
                bytes.pop();
            }
            String::from_utf8(bytes).ok()
        }
    }
}

/// The next smaller integer head; `None` before the smallest.
fn decrement(head: &str) -> Option<String> {
    let mut bytes = head.as_bytes().to_vec();
    for byte in bytes[1..].iter_mut().rev() {
        if *byte != b'0' {
            *byte = DIGITS[digit(*byte) - 1];
            return String::from_utf8(bytes).ok();
        }
        *byte = b'z';
    }
    match bytes[0] {
        b'A' => None,
        b'a' => Some("Zz".to_owned()),
        letter => {
            bytes[0] = letter - 1;
            if letter > b'a' {
                bytes.pop();
            } else {
                bytes.push(b'z');
            }
            String::from_utf8(bytes).ok()
        }
    }
}

/// A text after `left` and before `right` that is no beginning of `right`.
fn midpoint(left: &str, right: &str) -> String {
    let common = left
        .bytes()
        .zip(right.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let (prefix, left_rest, right_rest) = (&right[..common], &left[common..], &right[common..]);
    let Some(high) = right_rest.bytes().next().map(digit) else {
        return above(left);
    };
    let low = left_rest.bytes().next().map(digit);
    let middle = (low.map_or(ZERO, |low| low + 1) + high) / 2;
    if middle > ZERO && low.is_none_or(|low| low < middle) && middle < high {
        return format!("{prefix}{}", char::from(DIGITS[middle]));
    }
    match left_rest.chars().next() {
        Some(first) => format!("{prefix}{first}{}", above(&left_rest[1..])),
        // The smallest digit never stands last: below it there would be no room but in the suffix.
        None => format!("{prefix}{}", below(right_rest)),
    }
}

/// A text after `text` and after everything that starts with it up to a dot.
fn above(text: &str) -> String {
    let keep = text.bytes().take_while(|b| digit(*b) == LAST).count();
    let low = text.as_bytes().get(keep).copied().map_or(ZERO, digit);
    format!(
        "{}{}",
        &text[..keep],
        char::from(DIGITS[(low + LAST).div_ceil(2)])
    )
}

/// A text before `text` that is no beginning of it, as far as there is one.
fn below(text: &str) -> String {
    let keep = text.bytes().take_while(|b| digit(*b) <= ZERO).count();
    let (kept, rest) = text.split_at(keep);
    match rest.bytes().next().map(digit) {
        Some(high) if high / 2 > ZERO => format!("{kept}{}", char::from(DIGITS[high / 2])),
        Some(_) => format!("{kept}0V"),
        None => text.to_owned(),
    }
}

fn digit(byte: u8) -> usize {
    DIGITS.binary_search(&byte).unwrap_or(ZERO)
}

fn push_number(text: &mut String, mut number: u32) {
    let start = text.len();
    loop {
        text.insert(start, char::from(DIGITS[ZERO + (number % 62) as usize]));
        number /= 62;
        if number == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert_at(keys: &mut Vec<OrderKey>, index: usize, client: u32, counter: u32) {
        let left = index.checked_sub(1).map(|i| keys[i].clone());
        let right = keys.get(index).cloned();
        let key = OrderKey::between(left.as_ref(), right.as_ref(), (client, counter));
        if let Some(left) = &left {
            assert!(*left < key, "{left} < {key}");
        }
        if let Some(right) = &right {
            assert!(key < *right, "{key} < {right}");
        }
        keys.insert(index, key);
    }

    #[test]
    fn any_place_has_room() {
        let mut keys: Vec<OrderKey> = OrderKey::sequence().take(70).collect();
        let mut random = 12345_u32;
        for counter in 1..5000 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let index = (random >> 8) as usize % (keys.len() + 1);
            insert_at(&mut keys, index, 1 + random % 3, counter);
        }
        assert!(keys.is_sorted());
    }

    #[test]
    fn keys_order_as_text_around_the_short_length() {
        let letters: Vec<String> = ["a", "a0", "b", ".", "z"].map(str::to_owned).to_vec();
        let mut texts = letters.clone();
        for length in [1, SHORT_BYTES - 1, SHORT_BYTES, SHORT_BYTES + 1, 40] {
            for end in &letters {
                texts.push("a".repeat(length) + end);
            }
        }
        for one in &texts {
            let key = OrderKey::parse(one).expect("legal");
            assert_eq!((key.as_str(), key.to_string()), (&**one, one.clone()));
            for other in &texts {
                let other_key = OrderKey::parse(other).expect("legal");
                assert_eq!(key.cmp(&other_key), one.cmp(other), "{one} {other}");
                assert_eq!(key == other_key, one == other);
            }
        }
    }

    #[test]
    fn ends_stay_short_and_one_gap_grows_slowly() {
        let (mut end, mut start, mut gap) = (
            vec![],
            vec![],
            OrderKey::sequence().take(2).collect::<Vec<_>>(),
        );
        for counter in 1..10_000 {
            let index = end.len();
            insert_at(&mut end, index, 7, counter);
            insert_at(&mut start, 0, 7, counter);
            if counter <= 1_000 {
                insert_at(&mut gap, 1, 7, counter);
            }
        }
        let longest = |keys: &[OrderKey]| keys.iter().map(|k| k.as_str().len()).max();
        assert!(longest(&end) <= Some(11), "{:?}", longest(&end));
        assert!(longest(&start) <= Some(11), "{:?}", longest(&start));
        assert!(
            longest(&gap) <= Some(ORDER_KEY_BYTES_MAX),
            "{:?}",
            longest(&gap)
        );
    }

    #[test]
    fn two_people_in_one_gap_leave_room_between_them() {
        let ends: Vec<OrderKey> = OrderKey::sequence().take(2).collect();
        let make = |client| OrderKey::between(Some(&ends[0]), Some(&ends[1]), (client, 1));
        for (a, b) in [(1, 2), (1, 12), (2, 62), (61, 62), (1, 63)] {
            let (a, b) = (make(a), make(b));
            assert_ne!(a, b);
            let mut keys = vec![a, b];
            keys.sort();
            for counter in 2..200 {
                insert_at(&mut keys, 1, 3, counter);
            }
        }
    }

    #[test]
    fn hostile_neighbours_do_no_harm() {
        for text in [".", "..", "0", "zz", "A", "~"] {
            let Some(key) = OrderKey::parse(text) else {
                continue;
            };
            OrderKey::between(Some(&key), Some(&key), (1, 1));
            OrderKey::between(None, Some(&key), (1, 1));
            OrderKey::between(Some(&key), None, (1, 1));
        }
        assert_eq!(OrderKey::parse(""), None);
        assert_eq!(OrderKey::parse("é"), None);
    }
}

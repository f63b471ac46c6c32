//! What the server sends, cut into the head of its answer and WebSocket messages.

/// How the head of an HTTP message ends.
const HEAD_END: &[u8] = b"\r\n\r\n";
/// Longer heads pass as bytes.
const HEAD_MAX: usize = 64 * 1024;

/// A part of the stream that is delivered or not as a whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Item {
    /// Bytes that mean nothing to the proxy.
    Bytes(Vec<u8>),
    /// A message, whole.
    Message {
        /// All of its frames as they came.
        raw: Vec<u8>,
        /// What they carry together.
        payload: Vec<u8>,
    },
}

/// Where in the stream the next byte is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Head,
    Frames,
    /// Behind something that is no WebSocket of the server.
    Bytes,
}

/// Cuts the stream, in whatever pieces it comes.
#[derive(Debug)]
pub(crate) struct Stream {
    place: Place,
    /// What came and is not cut yet.
    buffer: Vec<u8>,
    /// The frames of a message whose last one is missing.
    raw: Vec<u8>,
    payload: Vec<u8>,
}

/// The head of a frame.
struct Frame {
    last: bool,
    control: bool,
    payload_at: usize,
    end: usize,
}

impl Stream {
    /// A stream that begins with the head of an HTTP answer.
    pub(crate) fn new() -> Self {
        Self {
            place: Place::Head,
            buffer: Vec::new(),
            raw: Vec::new(),
            payload: Vec::new(),
        }
    }

    /// Takes what was read.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next part that is complete.
    pub(crate) fn next(&mut self) -> Option<Item> {
        match self.place {
            Place::Head => self.head(),
            Place::Frames => self.message(),
            Place::Bytes => self.rest(),
        }
    }

    fn head(&mut self) -> Option<Item> {
        let Some(end) = head_end(&self.buffer) else {
            if self.buffer.len() > HEAD_MAX {
                self.place = Place::Bytes;
                return self.rest();
            }
            return None;
        };
        let head = self.take(end);
        let upgraded = head.starts_with(b"HTTP/1.1 101 ");
        self.place = if upgraded {
            Place::Frames
        } else {
            Place::Bytes
        };
        Some(Item::Bytes(head))
    }

    fn message(&mut self) -> Option<Item> {
        loop {
            let frame = match read_frame(&self.buffer) {
                Ok(frame) => frame?,
                Err(Masked) => {
                    self.place = Place::Bytes;
                    return self.rest();
                }
            };
            if self.buffer.len() < frame.end {
                return None;
            }
            let raw = self.take(frame.end);
            if frame.control {
                return Some(Item::Bytes(raw));
            }
            self.payload.extend_from_slice(&raw[frame.payload_at..]);
            self.raw.extend(raw);
            if frame.last {
                return Some(Item::Message {
                    raw: std::mem::take(&mut self.raw),
                    payload: std::mem::take(&mut self.payload),
                });
            }
        }
    }

    fn rest(&mut self) -> Option<Item> {
        let mut bytes = std::mem::take(&mut self.raw);
        bytes.append(&mut self.buffer);
        (!bytes.is_empty()).then_some(Item::Bytes(bytes))
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(length);
        std::mem::replace(&mut self.buffer, rest)
    }
}

/// Where the head of an HTTP message ends, if it is there.
pub(super) fn head_end(bytes: &[u8]) -> Option<usize> {
    let ends = |window: &[u8]| window == HEAD_END;
    let at = bytes.windows(HEAD_END.len()).position(ends)?;
    Some(at + HEAD_END.len())
}

/// No server masks its frames: this is something else.
#[derive(Debug)]
struct Masked;

/// The head of the frame that begins here, if enough of it is there.
fn read_frame(bytes: &[u8]) -> Result<Option<Frame>, Masked> {
    let [first, second, rest @ ..] = bytes else {
        return Ok(None);
    };
    if second & 0x80 != 0 {
        return Err(Masked);
    }
    let (length, payload_at) = match second & 0x7f {
        126 => match rest.first_chunk::<2>() {
            Some(length) => (u64::from(u16::from_be_bytes(*length)), 4),
            None => return Ok(None),
        },
        127 => match rest.first_chunk::<8>() {
            Some(length) => (u64::from_be_bytes(*length), 10),
            None => return Ok(None),
        },
        length => (u64::from(length), 2),
    };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    Ok(Some(Frame {
        last: first & 0x80 != 0,
        control: first & 0x08 != 0,
        payload_at,
        end: length.saturating_add(payload_at),
    }))
}

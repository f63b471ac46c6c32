//! Packets over long polling: one request waits for what the server has to say, another one carries
//! what is sent.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// Between two packets of one body.
const SEPARATOR: char = '\u{1e}';
/// How a head ends.
const HEAD_END: &str = "\r\n\r\n";
/// A connection that carried nothing for so long may be closed by the server before the next request.
const IDLE_MAX: Duration = Duration::from_secs(5);
/// Bytes of one read.
const READ_BYTES: usize = 32 * 1024;

/// A session of Engine.IO.
pub(super) struct Polling {
    server: SocketAddr,
    id: String,
    listening: Exchange,
    sending: Exchange,
    packets: VecDeque<String>,
}

/// A connection that carries one request after the other.
struct Exchange {
    socket: TcpStream,
    /// Whether a request waits for its answer.
    asked: bool,
    used_at: Instant,
    buffer: Vec<u8>,
    bytes: Vec<u8>,
}

impl Polling {
    pub(super) async fn open(server: SocketAddr) -> Result<Self> {
        let mut polling = Self {
            server,
            id: String::new(),
            listening: Exchange::open(server).await?,
            sending: Exchange::open(server).await?,
            packets: VecDeque::new(),
        };
        let opened = polling.read().await?;
        let opened = opened.strip_prefix('0').context("the handshake")?;
        let opened: Json = serde_json::from_str(opened)?;
        polling.id = opened["sid"].as_str().context("an id")?.to_owned();
        Ok(polling)
    }

    pub(super) async fn read(&mut self) -> Result<String> {
        loop {
            if let Some(packet) = self.packets.pop_front() {
                return Ok(packet);
            }
            if !self.listening.asked {
                let head = self.head("GET", 0);
                self.listening.ask(&head, "").await?;
            }
            let body = self.listening.answer().await?;
            self.packets
                .extend(body.split(SEPARATOR).map(str::to_owned));
        }
    }

    pub(super) async fn write(&mut self, packet: &str) -> Result<()> {
        let head = self.head("POST", packet.len());
        if self.sending.used_at.elapsed() > IDLE_MAX {
            self.sending = Exchange::open(self.server).await?;
        }
        self.sending.ask(&head, packet).await?;
        self.sending.answer().await?;
        Ok(())
    }

    fn head(&self, method: &str, bytes: usize) -> String {
        let id = match self.id.as_str() {
            "" => String::new(),
            id => format!("&sid={id}"),
        };
        format!(
            "{method} /socket.io/?EIO=4&transport=polling{id} HTTP/1.1\r\nhost: {}\r\n\
             content-type: text/plain;charset=UTF-8\r\ncontent-length: {bytes}{HEAD_END}",
            self.server
        )
    }
}

impl Exchange {
    async fn open(server: SocketAddr) -> Result<Self> {
        let socket = TcpStream::connect(server).await?;
        socket.set_nodelay(true)?;
        Ok(Self {
            socket,
            asked: false,
            used_at: Instant::now(),
            buffer: Vec::new(),
            bytes: vec![0; READ_BYTES],
        })
    }

    async fn ask(&mut self, head: &str, body: &str) -> Result<()> {
        self.asked = true;
        let request = [head, body].concat();
        Ok(self.socket.write_all(request.as_bytes()).await?)
    }

    /// The body of the answer. Nothing is lost when the future is dropped.
    async fn answer(&mut self) -> Result<String> {
        loop {
            if let Some((body, end)) = body(&self.buffer)? {
                self.buffer.drain(..end);
                self.asked = false;
                self.used_at = Instant::now();
                return Ok(body);
            }
            let count = self.socket.read(&mut self.bytes).await?;
            if count == 0 {
                bail!("the server closed the connection");
            }
            self.buffer.extend_from_slice(&self.bytes[..count]);
        }
    }
}

/// The body of an answer that is whole, and where it ends.
fn body(bytes: &[u8]) -> Result<Option<(String, usize)>> {
    let mark = HEAD_END.as_bytes();
    let Some(at) = bytes.windows(mark.len()).position(|it| it == mark) else {
        return Ok(None);
    };
    let head = std::str::from_utf8(&bytes[..at])?.to_ascii_lowercase();
    let start = at + mark.len();
    if !head.starts_with("http/1.1 200") {
        bail!("the server answered: {head}");
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    let Some(length) = length else {
        return chunks(bytes, start);
    };
    let end = start + length.trim().parse::<usize>()?;
    if bytes.len() < end {
        return Ok(None);
    }
    Ok(Some((String::from_utf8(bytes[start..end].to_vec())?, end)))
}

/// The same of a body that comes in chunks.
fn chunks(bytes: &[u8], mut at: usize) -> Result<Option<(String, usize)>> {
    let mut body = Vec::new();
    loop {
        let rest = &bytes[at..];
        let Some(line) = rest.windows(2).position(|it| it == b"\r\n") else {
            return Ok(None);
        };
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..line])?.trim(), 16)?;
        let start = line + 2;
        if rest.len() < start + length + 2 {
            return Ok(None);
        }
        at += start + length + 2;
        if length == 0 {
            return Ok(Some((String::from_utf8(body)?, at)));
        }
        body.extend_from_slice(&rest[start..start + length]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_read_when_they_are_whole() {
        let plain = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n2\x1e40HTTP";
        let (text, end) = body(plain).expect("an answer").expect("whole");
        assert_eq!((text.as_str(), end), ("2\u{1e}40", plain.len() - 4));
        let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n2\r\n3\r\n\x1e40\r\n0\r\n\r\n";
        let (text, end) = body(chunked).expect("an answer").expect("whole");
        assert_eq!((text.as_str(), end), ("2\u{1e}40", chunked.len()));
        for all in [&plain[..plain.len() - 4], &chunked[..]] {
            for cut in 0..all.len() {
                assert!(matches!(body(&all[..cut]), Ok(None)), "{cut}");
            }
        }
        assert!(body(b"HTTP/1.1 400 Bad Request\r\n\r\n").is_err());
    }
}

//! Packets in WebSocket messages.

use std::net::SocketAddr;

use anyhow::{Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::proxy::{Item, Stream};

/// Bytes of one read.
const READ_BYTES: usize = 32 * 1024;
/// A text frame that is whole.
const TEXT: u8 = 0x81;
/// The mask is all zeros: what is sent stays as it is.
const MASKED: u8 = 0x80;
/// Lengths beyond are written in two bytes more.
const SHORT_MAX: usize = 125;

/// A WebSocket.
pub(super) struct WebSocket {
    socket: TcpStream,
    stream: Stream,
    bytes: Vec<u8>,
}

impl WebSocket {
    pub(super) async fn open(server: SocketAddr) -> Result<Self> {
        let mut socket = TcpStream::connect(server).await?;
        socket.set_nodelay(true)?;
        let request = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: {server}\r\n\
             upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        socket.write_all(request.as_bytes()).await?;
        let mut opened = Self {
            socket,
            stream: Stream::new(),
            bytes: vec![0; READ_BYTES],
        };
        // Before its handshake the server takes nothing.
        let handshake = opened.read().await?;
        ensure!(handshake.starts_with('0'), "no handshake: {handshake}");
        Ok(opened)
    }

    pub(super) async fn read(&mut self) -> Result<String> {
        loop {
            while let Some(item) = self.stream.next() {
                if let Item::Message { payload, .. } = item {
                    return Ok(String::from_utf8(payload)?);
                }
            }
            let count = self.socket.read(&mut self.bytes).await?;
            if count == 0 {
                bail!("the server closed the socket");
            }
            self.stream.push(&self.bytes[..count]);
        }
    }

    pub(super) async fn write(&mut self, packet: &str) -> Result<()> {
        let length = packet.len();
        let mut frame = vec![TEXT];
        match u16::try_from(length) {
            Ok(_) if length <= SHORT_MAX => frame.push(MASKED | length as u8),
            Ok(length) => {
                frame.push(MASKED | 126);
                frame.extend(length.to_be_bytes());
            }
            Err(_) => bail!("a packet of {length} bytes is not what this line is for"),
        }
        frame.extend([0; 4]);
        frame.extend(packet.as_bytes());
        Ok(self.socket.write_all(&frame).await?)
    }
}

//! Which server, who, and how patient.

use std::fmt;

use coboard_protocol::{ClientId, User};
use hyper::Uri;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rand::Rng;

use crate::backoff::Backoff;

/// Where a server is: `http://HOST:PORT`. Without TLS, so on this machine or behind a proxy of one's own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServerUrl {
    /// `HOST:PORT`, to connect to and to name in `Host`.
    authority: String,
}

/// Why a text does not name a server.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// It is no URL with a host.
    #[error("this is no URL with a host")]
    Malformed,
    /// It wants something else than plain HTTP.
    #[error("only http:// is supported")]
    Scheme,
}

/// The port of plain HTTP.
const HTTP_PORT: u16 = 80;

impl ServerUrl {
    /// Reads `http://HOST[:PORT]`; a path behind it is left aside.
    ///
    /// # Errors
    /// [`UrlError`] if it is none.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let uri: Uri = text.parse().map_err(|_| UrlError::Malformed)?;
        if uri.scheme_str().is_some_and(|scheme| scheme != "http") {
            return Err(UrlError::Scheme);
        }
        let host = uri.host().filter(|host| !host.is_empty());
        let (Some(host), Some(_)) = (host, uri.scheme_str()) else {
            return Err(UrlError::Malformed);
        };
        let port = uri.port_u16().unwrap_or(HTTP_PORT);
        Ok(Self {
            authority: format!("{host}:{port}"),
        })
    }

    /// `HOST:PORT`.
    pub fn authority(&self) -> &str {
        &self.authority
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.authority)
    }
}

/// How a client connects.
#[derive(Clone, Debug)]
pub struct Options {
    /// The server.
    pub server: ServerUrl,
    /// The person, as far as this side knows.
    pub user: User,
    /// What proves it to the server.
    pub token: String,
    /// The client. A random one unless set; one that is used again must go on with its operations.
    pub client: ClientId,
    /// The waits between attempts to connect.
    pub backoff: Backoff,
}

impl Options {
    /// Options for a server with open access, where a person is who they say they are.
    pub fn open_access(server: ServerUrl, user: User) -> Self {
        Self {
            token: open_token(&user),
            server,
            user,
            client: random_client(),
            backoff: Backoff::default(),
        }
    }
}

/// The token of open access: `open:USERID:NAME`, the name percent-encoded.
pub fn open_token(user: &User) -> String {
    let name = utf8_percent_encode(&user.name, NON_ALPHANUMERIC);
    format!("open:{}:{name}", user.id)
}

fn random_client() -> ClientId {
    let id = format!("n{:032x}", rand::rng().random::<u128>());
    ClientId::try_from(id).expect("hexadecimal digits are an identifier")
}

#[cfg(test)]
mod tests {
    use coboard_protocol::UserId;

    use super::*;

    #[test]
    fn a_server_is_a_host_and_a_port() {
        for (text, authority) in [
            ("http://127.0.0.1:7420", "127.0.0.1:7420"),
            ("http://localhost:1/", "localhost:1"),
            ("http://[::1]:7420/d/x?y", "[::1]:7420"),
            ("http://boards", "boards:80"),
        ] {
            let url = ServerUrl::parse(text).expect("a URL");
            assert_eq!(url.authority(), authority);
        }
        assert_eq!(ServerUrl::parse("https://x"), Err(UrlError::Scheme));
        assert_eq!(ServerUrl::parse("ws://x"), Err(UrlError::Scheme));
        for text in [
            "",
            "x",
            "/x",
            "127.0.0.1:7420",
            "http://",
            "http://:80",
            "http://a b",
        ] {
            assert_eq!(ServerUrl::parse(text), Err(UrlError::Malformed), "{text}");
        }
    }

    #[test]
    fn a_name_is_encoded_in_the_token() {
        let user = User {
            id: UserId::try_from("u-1").expect("legal"),
            name: "Jürgen & Co".into(),
        };
        assert_eq!(open_token(&user), "open:u-1:J%C3%BCrgen%20%26%20Co");
    }

    #[test]
    fn two_clients_are_never_the_same() {
        assert_ne!(random_client(), random_client());
    }
}

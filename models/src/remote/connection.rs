//! One request over one connection, and its body as it comes.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, Response, Uri, body::Incoming, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

/// A server in reach accepts a connection much sooner.
const CONNECTING: Duration = Duration::from_secs(3);
/// Longest whole answer that is read, in bytes; a list of models is far shorter.
const LONGEST_BODY: usize = 1 << 20;

/// Where a server listens.
#[derive(Clone, Debug)]
pub(super) struct Address {
    host: String,
    port: u16,
    /// What stands before `/v1`.
    base: String,
}

impl Address {
    /// Reads `http://host:port/path`. Traffic to other machines belongs into a tunnel or behind a
    /// proxy that speaks TLS: it holds what students say.
    pub(super) fn parse(address: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("`{address}` {what}; write it as http://host:port");
        let uri: Uri = address.trim().parse().map_err(|_| wrong("is not an address"))?;
        if uri.scheme_str() != Some("http") {
            return Err(wrong("does not begin with http://"));
        }
        let host = uri.host().ok_or_else(|| wrong("names no host"))?.trim_matches(['[', ']']).to_owned();
        let path = uri.path().trim_end_matches('/');
        let base = path.strip_suffix("/v1").unwrap_or(path).to_owned();
        Ok(Self { host, port: uri.port_u16().unwrap_or(80), base })
    }

    /// Sends one request and waits at most `patience` for the answer's head.
    pub(super) async fn send(
        &self,
        path: &str,
        key: Option<&str>,
        body: Option<String>,
        patience: Duration,
    ) -> Result<Response<Incoming>, String> {
        let connecting = TcpStream::connect((self.host.as_str(), self.port));
        let stream = timeout(CONNECTING, connecting).await.map_err(|_| "it cannot be reached".to_owned())?;
        let stream = stream.map_err(|error| error.to_string())?;
        // Tokens are small and each is waited for.
        let _slower_without = stream.set_nodelay(true);
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
        tokio::spawn(async move {
            // What went wrong shows in the answer's body.
            let _ended = connection.await;
        });
        let request = self.request(path, key, body)?;
        let answer = timeout(patience, sender.send_request(request)).await;
        answer.map_err(|_| "it does not answer".to_owned())?.map_err(|error| error.to_string())
    }

    fn request(&self, path: &str, key: Option<&str>, body: Option<String>) -> Result<Request<Full<Bytes>>, String> {
        let mut request = Request::builder()
            .method(if body.is_some() { "POST" } else { "GET" })
            .uri(format!("{}{path}", self.base))
            .header(header::HOST, format!("{}:{}", self.host, self.port))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        request.body(Full::new(Bytes::from(body.unwrap_or_default()))).map_err(|error| error.to_string())
    }
}

/// The next piece of a body; none at its end.
pub(super) async fn next_piece(body: &mut Incoming) -> Result<Option<Bytes>, String> {
    while let Some(frame) = body.frame().await {
        if let Ok(piece) = frame.map_err(|error| error.to_string())?.into_data() {
            return Ok(Some(piece));
        }
    }
    Ok(None)
}

/// A whole body, of an answer that should be short.
pub(super) async fn whole(mut body: Incoming) -> Result<Vec<u8>, String> {
    let mut whole = Vec::new();
    while let Some(piece) = next_piece(&mut body).await? {
        whole.extend_from_slice(&piece);
        if whole.len() > LONGEST_BODY {
            return Err("its answer is too long".to_owned());
        }
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_their_version() {
        for (address, host, port, base) in [
            ("http://10.0.0.5:8000", "10.0.0.5", 8000, ""),
            ("http://models.example/v1", "models.example", 80, ""),
            ("http://[::1]:8080/llm/v1/", "::1", 8080, "/llm"),
        ] {
            let read = Address::parse(address).unwrap();
            assert_eq!((read.host.as_str(), read.port, read.base.as_str()), (host, port, base), "{address}");
        }
        for address in ["10.0.0.5:8000", "https://models.example", "", "http://"] {
            assert!(Address::parse(address).unwrap_err().contains("http://host:port"), "{address}");
        }
    }
}

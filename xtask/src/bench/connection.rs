//! A client of one connection that stays open: HTTP/1.1, as little of it as the bench needs.

use std::io::{BufRead as _, BufReader, Error, ErrorKind, Read as _, Result, Write as _};
use std::net::TcpStream;

/// An open connection.
#[derive(Debug)]
pub(super) struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
    token: String,
}

impl Connection {
    /// Connects to `http://host:port`; requests carry `token`.
    pub(super) fn open(url: &str, token: &str) -> Result<Self> {
        let host = url.strip_prefix("http://").unwrap_or(url).to_owned();
        let stream = TcpStream::connect(&host)?;
        stream.set_nodelay(true)?;
        let stream = BufReader::with_capacity(1 << 16, stream);
        Ok(Self {
            stream,
            host,
            token: token.to_owned(),
        })
    }

    /// Asks for `target` and puts the body of the answer, which must be 200, into `body`.
    pub(super) fn get(&mut self, target: &str, body: &mut Vec<u8>) -> Result<()> {
        body.clear();
        self.ask(target, |piece| body.extend_from_slice(piece))
    }

    /// Asks for `target` and counts the bytes of the body without keeping them.
    pub(super) fn count(&mut self, target: &str) -> Result<u64> {
        let mut length = 0;
        self.ask(target, |piece| length += piece.len() as u64)?;
        Ok(length)
    }

    fn ask(&mut self, target: &str, mut take: impl FnMut(&[u8])) -> Result<()> {
        let request = format!(
            "GET {target} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\r\n",
            self.host, self.token
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let status = self.line()?;
        if !status.contains(" 200") {
            return Err(Error::other(format!("{target}: {status}")));
        }
        let mut length = None;
        loop {
            let header = self.line()?.to_ascii_lowercase();
            match header.split_once(": ") {
                Some(("content-length", bytes)) => length = bytes.parse().ok(),
                Some(_) => {}
                None => break,
            }
        }
        match length {
            Some(length) => self.piece(length, &mut take),
            None => self.chunks(&mut take),
        }
    }

    /// RFC 9112, 7.1: pieces, each behind its length, until one of none.
    fn chunks(&mut self, take: &mut impl FnMut(&[u8])) -> Result<()> {
        loop {
            let line = self.line()?;
            let length = u64::from_str_radix(&line, 16);
            let length = length.map_err(|_| Error::other(format!("`{line}` is no length")))?;
            self.piece(length, take)?;
            self.line()?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    fn piece(&mut self, length: u64, take: &mut impl FnMut(&[u8])) -> Result<()> {
        let mut left = length;
        while left > 0 {
            let buffer = self.stream.fill_buf()?;
            if buffer.is_empty() {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let here = buffer
                .len()
                .min(usize::try_from(left).unwrap_or(usize::MAX));
            take(&buffer[..here]);
            self.stream.consume(here);
            left -= here as u64;
        }
        Ok(())
    }

    /// The next line, without its end.
    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stream.by_ref().take(1 << 16).read_line(&mut line)?;
        match line.trim_end() {
            "" if line.is_empty() => Err(ErrorKind::UnexpectedEof.into()),
            line => Ok(line.to_owned()),
        }
    }
}

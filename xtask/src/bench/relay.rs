//! A relay before a server, which counts the bytes of its answers.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// A relay on a free port. It runs until the program ends.
#[derive(Debug)]
pub(super) struct Relay {
    /// Where it listens, as `http://127.0.0.1:40123`.
    pub(super) url: String,
    answered: Arc<AtomicU64>,
}

impl Relay {
    /// Relays to `server`, a `http://host:port`.
    pub(super) fn before(server: &str) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("cannot relay: {error}");
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let url = format!("http://{}", listener.local_addr().map_err(failed)?);
        let server = server.strip_prefix("http://").unwrap_or(server).to_owned();
        let answered = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&answered);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let _ = joined(client, &server, &counted);
            }
        });
        Ok(Self { url, answered })
    }

    /// The number of bytes of all answers so far, with their headers.
    pub(super) fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }
}

/// Copies both ways between a client and the server, each in a thread of its own.
fn joined(client: TcpStream, server: &str, answered: &Arc<AtomicU64>) -> std::io::Result<()> {
    let server = TcpStream::connect(server)?;
    for one in [&client, &server] {
        one.set_nodelay(true)?;
    }
    let (from_client, to_client) = (client.try_clone()?, client);
    let (from_server, to_server) = (server.try_clone()?, server);
    let answered = Arc::clone(answered);
    thread::spawn(move || copied(from_client, to_server, &AtomicU64::new(0)));
    thread::spawn(move || copied(from_server, to_client, &answered));
    Ok(())
}

/// Copies until one side ends, and then ends the other.
fn copied(mut from: TcpStream, mut to: TcpStream, count: &AtomicU64) {
    let mut piece = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut piece) {
        count.fetch_add(length as u64, Ordering::Relaxed);
        if to.write_all(&piece[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
    let _ = from.shutdown(std::net::Shutdown::Both);
}

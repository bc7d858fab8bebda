//! Signals that tell a program to end.

use std::future::Future;

use tokio::sync::{mpsc, oneshot};

/// The first future is done at the first signal to end, the second at the second one. The call begins to catch signals, within a runtime.
pub fn told_to_end() -> std::io::Result<(impl Future<Output = ()>, impl Future<Output = ()>)> {
    let (first, stop) = oneshot::channel::<()>();
    let (second, at_once) = oneshot::channel::<()>();
    let mut signals = signals()?;
    tokio::spawn(async move {
        for told in [first, second] {
            if signals.recv().await.is_none() {
                // Without signals, only the end of the process stops the server.
                std::future::pending::<()>().await;
            }
            // If the receiver is gone, the server has ended.
            let _ = told.send(());
        }
    });
    let done = |told: oneshot::Receiver<()>| async { told.await.unwrap_or(()) };
    Ok((done(stop), done(at_once)))
}

/// One message for each signal to end: SIGINT and SIGTERM, or Ctrl-C. It begins to catch them, within a runtime.
#[cfg(unix)]
pub fn signals() -> std::io::Result<mpsc::Receiver<()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (send, signals) = mpsc::channel(2);
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let (send, mut caught) = (send.clone(), signal(kind)?);
        tokio::spawn(async move {
            while caught.recv().await.is_some() && send.send(()).await.is_ok() {}
        });
    }
    Ok(signals)
}

/// One message for each signal to end: SIGINT and SIGTERM, or Ctrl-C. It begins to catch them, within a runtime.
#[cfg(not(unix))]
pub fn signals() -> std::io::Result<mpsc::Receiver<()>> {
    let (send, signals) = mpsc::channel(2);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() && send.send(()).await.is_ok() {}
    });
    Ok(signals)
}

//! The conditions in which a correct server is judged: when it closes connections, how long it takes to
//! answer, at which address it is called, and how fast it may be asked. None of them changes a verdict.

use std::fmt;
use std::net::{Ipv6Addr, TcpListener};

/// The conditions of one run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conditions {
    /// The seconds after which an idle connection is closed, or `off`.
    keep_alive: Option<&'static str>,
    /// The milliseconds before each answer.
    delay: u32,
    address: Address,
    /// The greatest number of requests in a second.
    rate: Option<u32>,
}

/// Where the server listens, and what the judge calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Address {
    #[default]
    V4,
    V6,
    /// The server listens at one of the addresses that the name may stand for.
    Name,
}

/// Idle connections are closed sooner than the judge asks again in some laws.
pub(crate) const CLOSING_SOON: Conditions = Conditions {
    keep_alive: Some("1"),
    delay: 0,
    address: Address::V4,
    rate: None,
};

/// As it comes, and the rows that find most for the seconds that they take.
pub(crate) fn few() -> Vec<Conditions> {
    let off = Conditions {
        keep_alive: Some("off"),
        address: Address::V6,
        ..Conditions::default()
    };
    let soon = Conditions {
        address: Address::Name,
        ..CLOSING_SOON
    };
    vec![Conditions::default(), off, soon]
}

/// As it comes, and a table of the rest. Each two of keep-alive, delay and address meet once; all three
/// together would take three times as long.
pub(crate) fn table() -> Vec<Conditions> {
    let addresses = [Address::Name, Address::V4, Address::V6];
    let mut table = vec![Conditions::default()];
    for (row, keep_alive) in ["1", "5", "off"].into_iter().enumerate() {
        for (column, delay) in [0, 50, 150].into_iter().enumerate() {
            table.push(Conditions {
                keep_alive: Some(keep_alive),
                delay,
                address: addresses[(row + column) % addresses.len()],
                rate: None,
            });
        }
    }
    table.push(Conditions {
        keep_alive: Some("0"),
        ..Conditions::default()
    });
    table.push(Conditions {
        rate: Some(25),
        ..Conditions::default()
    });
    table
}

impl Conditions {
    /// Whether this machine has the address.
    pub(crate) fn are_possible(&self) -> bool {
        self.address != Address::V6 || TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
    }

    /// The server's environment.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        let mut settings = Vec::new();
        if let Some(keep_alive) = self.keep_alive {
            settings.push(("KEEP_ALIVE", keep_alive.to_owned()));
        }
        if self.delay > 0 {
            settings.push(("DELAY", self.delay.to_string()));
        }
        if self.address == Address::V6 {
            settings.push(("HOST", Ipv6Addr::LOCALHOST.to_string()));
        }
        settings
    }

    /// What the judge calls the server that says to listen at `url`.
    pub(crate) fn url(&self, url: &str) -> String {
        match self.address {
            Address::Name => url.replace("127.0.0.1", "localhost"),
            Address::V4 | Address::V6 => url.to_owned(),
        }
    }

    /// The judge's arguments.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let rate = self
            .rate
            .map(|rate| ["--rate".to_owned(), rate.to_string()]);
        rate.into_iter().flatten().collect()
    }
}

/// What differs from a server as it comes, as `, keep-alive 1, 50 ms, [::1]`.
impl fmt::Display for Conditions {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(keep_alive) = self.keep_alive {
            write!(to, ", keep-alive {keep_alive}")?;
        }
        if self.delay > 0 {
            write!(to, ", {} ms", self.delay)?;
        }
        match self.address {
            Address::V4 => {}
            Address::V6 => write!(to, ", [::1]")?,
            Address::Name => write!(to, ", localhost")?,
        }
        if let Some(rate) = self.rate {
            write!(to, ", {rate} requests a second")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_two_conditions_meet() {
        let table = table();
        let pairs = |pair: fn(&Conditions) -> (String, String)| {
            let rows = table
                .iter()
                .filter(|row| row.keep_alive.is_some_and(|it| it != "0"));
            rows.map(pair).collect::<BTreeSet<_>>().len()
        };
        assert_eq!(
            pairs(|row| (format!("{:?}", row.keep_alive), row.delay.to_string())),
            9
        );
        assert_eq!(
            pairs(|row| (
                format!("{:?}", row.keep_alive),
                format!("{:?}", row.address)
            )),
            9
        );
        assert_eq!(
            pairs(|row| (row.delay.to_string(), format!("{:?}", row.address))),
            9
        );
    }
}

//! Two mocks of one seed and one epoch behind a proxy that asks them in turn: one consistent world.
//!
//! Then one of the mocks is killed, and clients see the same world.
//!
//! The judge takes no hand in it, for a hook would reach one of the two. The proxy is nginx; without it a
//! line says so.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs, iter, process};

use jiff::Timestamp;

use crate::program::{Serving, target};
use crate::root;
use crate::soak::exchange;
use crate::step::{absent, step};

const WHAT: &str = "two mocks behind nginx are one world";

/// How many addresses are tried.
const TRIES: usize = 5;

/// How long nginx may take until it listens.
const PATIENCE: Duration = Duration::from_secs(10);

/// A proxy in the foreground; ended when this is dropped.
struct Balancer(Child);

impl Drop for Balancer {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing is left to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Has the judge judge two mocks as one server, given the folder of the built programs.
pub(crate) fn judged(programs: &Path) -> Result<(), String> {
    let Some(nginx) = nginx() else {
        absent(WHAT, "nginx");
        return Ok(());
    };
    let folder = target("xtask")?.join("balanced");
    let written = |error| format!("cannot write into {}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(written)?;
    let asked = folder.join("asked.log");
    let mut begun = Err(String::new());
    // Another program may take the address before nginx does. Then there is another one.
    for _ in 0..TRIES {
        fs::write(&asked, "").map_err(written)?;
        begun = begin(programs, &nginx, &folder);
        if begun.is_ok() {
            break;
        }
    }
    let (address, mocks, _balancer) = begun?;
    let servers: Vec<_> = mocks.iter().map(host).collect();
    let mut check = Command::new(programs.join("conformance"));
    check
        .current_dir(root())
        .args(["check", &format!("http://{address}")])
        .args(["--subject", "xtask/src/balanced/subject.yaml"]);
    let output = step(WHAT, &mut check, 0)?;
    for line in output
        .text
        .lines()
        .rev()
        .take(2)
        .collect::<Vec<_>>()
        .iter()
        .rev()
    {
        println!("        {line}");
    }
    let asked = fs::read_to_string(&asked).map_err(|error| format!("no log of nginx: {error}"))?;
    for server in &servers {
        let times = asked.lines().filter(|line| line == server).count();
        println!("        {server} was asked {times} times");
        if times * 3 < asked.lines().count() {
            return Err(format!(
                "{server} was hardly asked; see that nginx asks in turn"
            ));
        }
    }
    let before = pages(&address, 2)?;
    let [killed, _left] = mocks;
    drop(killed);
    let after = pages(&address, 20)?;
    if before.iter().chain(&after).any(|page| *page != before[0]) {
        return Err("one mock was killed, and clients see another world".to_owned());
    }
    println!(
        "        one was killed, and {} answers stayed the same",
        after.len()
    );
    Ok(())
}

/// An address, two mocks, and nginx in front of them at that address.
fn begin(
    programs: &Path,
    nginx: &Path,
    folder: &Path,
) -> Result<(String, [Serving; 2], Balancer), String> {
    let address = free_address()?;
    let epoch = Timestamp::now().to_string();
    let mocks = [
        mock(programs, &address, &epoch)?,
        mock(programs, &address, &epoch)?,
    ];
    let servers: Vec<_> = mocks.iter().map(host).collect();
    let mark = format!("balanced-{}", process::id());
    fs::write(folder.join("nginx.conf"), config(&address, &servers, &mark))
        .map_err(|error| format!("cannot write into {}: {error}", folder.display()))?;
    let balancer = balance(nginx, folder, &address, &mark)?;
    Ok((address, mocks, balancer))
}

/// Host and port of a mock.
fn host(mock: &Serving) -> String {
    mock.url.trim_start_matches("http://").to_owned()
}

/// The answers to `times` requests for one page, without their heads. Each must be a page.
fn pages(address: &str, times: usize) -> Result<Vec<String>, String> {
    const PAGE: &str = "/v1/jobs/01JADA00000000000000000020/events?since=3";
    let page = |_| {
        let answer = exchange(address, "GET", PAGE, "")?;
        if !answer.starts_with("HTTP/1.1 200 ") {
            let line = answer.lines().next().unwrap_or_default();
            return Err(format!("{PAGE}: `{line}`, and 200 must come"));
        }
        let body = answer
            .split_once("\r\n\r\n")
            .map(|(_, body)| body.to_owned());
        body.ok_or_else(|| format!("{PAGE}: the answer has no end"))
    };
    (0..times).map(page).collect()
}

fn mock(programs: &Path, address: &str, epoch: &str) -> Result<Serving, String> {
    let mut mock = Command::new(programs.join("mock-server"));
    mock.current_dir(root())
        .args(["--listen", "127.0.0.1:0", "--log", "off", "--no-control"])
        .args(["--scenario", "xtask/src/balanced/world.yaml"])
        .args(["--seed", "7", "--epoch", epoch])
        .args(["--base-url", &format!("http://{address}")]);
    Serving::start(&mut mock)
}

/// An address that nobody listens on at the moment: nginx cannot be told to find one itself.
fn free_address() -> Result<String, String> {
    let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let address = address.map_err(|error| format!("no port is free: {error}"))?;
    Ok(address.to_string())
}

/// The configuration of nginx. At the path `/MARK` it says that it is this one.
fn config(address: &str, servers: &[String], mark: &str) -> String {
    let servers: String = servers
        .iter()
        .map(|server| format!("    server {server};\n"))
        .collect();
    // Everything that nginx writes stays in the folder that it is started in.
    format!(
        "\
daemon off;
master_process off;
pid nginx.pid;
events {{ worker_connections 512; }}
http {{
  # RFC 9110, 15.5.6: what nginx itself refuses is refused with what would be taken.
  map $request_method $allow {{
    default '';
    TRACE 'GET, HEAD, OPTIONS';
  }}
  log_format asked '$upstream_addr';
  access_log asked.log asked;
  client_body_temp_path temp;
  proxy_temp_path temp;
  fastcgi_temp_path temp;
  uwsgi_temp_path temp;
  scgi_temp_path temp;
  upstream mocks {{
{servers}    keepalive 8;
  }}
  server {{
    listen {address};
    merge_slashes off;
    large_client_header_buffers 4 128k;
    add_header Allow $allow always;
    location = /{mark} {{
      access_log off;
      return 200 '{mark}';
    }}
    location / {{
      proxy_pass http://mocks;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection '';
      proxy_buffering off;
    }}
  }}
}}
"
    )
}

/// Starts nginx in `folder`, and waits until it answers at the path `/MARK`. Another program does not.
fn balance(nginx: &Path, folder: &Path, address: &str, mark: &str) -> Result<Balancer, String> {
    let said = fs::File::create(folder.join("nginx.log"));
    let said = said.map_err(|error| format!("cannot write nginx.log: {error}"))?;
    let mut start = Command::new(nginx);
    start
        .arg("-p")
        .arg(folder)
        .args(["-c", "nginx.conf", "-e", "stderr"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(said);
    let started = start.spawn();
    let mut balancer = Balancer(started.map_err(|error| format!("cannot run nginx: {error}"))?);
    let began = Instant::now();
    let answers = || exchange(address, "GET", &format!("/{mark}"), "");
    while !answers().is_ok_and(|answer| answer.ends_with(mark)) {
        let ended = balancer.0.try_wait().is_ok_and(|status| status.is_some());
        if ended || began.elapsed() > PATIENCE {
            let said = fs::read_to_string(folder.join("nginx.log")).unwrap_or_default();
            return Err(format!("nginx does not listen on {address}: {said}"));
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(balancer)
}

/// Where nginx is; not everyone has Debian's place for it in the path.
fn nginx() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = env::split_paths(&path).collect();
    let folders = folders.into_iter().chain(iter::once("/usr/sbin".into()));
    folders
        .map(|folder| folder.join("nginx"))
        .find(|file| file.is_file())
}

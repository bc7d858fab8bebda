//! The mock as a program: over a real socket, and with wrong arguments.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use openapi::Document;

const ADA: &str = "Authorization: Bearer token-of-ada\r\n";
const TIMELINE: &str = "/v1/jobs/01JADA0000000000000000DEAD/events";

/// A mock on a free port, ended with its test.
struct Running {
    child: Child,
    address: String,
    greeting: Vec<String>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut program = program();
        program.args(["--log", "off"]).args(arguments);
        Self::of(program)
    }

    /// The mock that a program starts.
    fn of(mut program: Command) -> Self {
        program.args(["--listen", "127.0.0.1:0"]);
        let mut child = program.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.strip_prefix("listening on http://").expect(&first);
        let greeting = lines.map(Result::unwrap);
        // The greeting ends with an empty line after its commands.
        let mut empty = 0;
        let greeting = greeting.take_while(|line| {
            empty += usize::from(line.is_empty());
            !(line.is_empty() && empty > 4)
        });
        Self {
            address: address.to_owned(),
            greeting: greeting.collect(),
            child,
        }
    }

    /// Sends bytes as they are, and reads until the other side is done.
    fn send(&self, bytes: &[u8]) -> String {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        // The server may answer, and close, before it has read everything.
        let _ = socket.write_all(bytes);
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, target: &str) -> String {
        self.send(&request("GET", target.as_bytes(), ADA))
    }

    /// The memory that it had at most, in KiB.
    #[cfg(target_os = "linux")]
    fn peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|line| line.split_whitespace().next());
        peak.unwrap().parse().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_mock-server"))
}

fn request(method: &str, target: &[u8], headers: &str) -> Vec<u8> {
    let end = format!(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
    [method.as_bytes(), b" ", target, end.as_bytes()].concat()
}

/// The words of a line, as a shell reads them.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            '\\' if !quoted => words.last_mut().unwrap().extend(letters.next()),
            letter => words.last_mut().unwrap().push(letter),
        }
    }
    words
}

/// Checks that the greeting prints three commands, and that each is answered with a page.
fn commands_work(mock: &Running) {
    let lines = mock.greeting.iter().map(|line| line.trim());
    let commands: Vec<_> = lines.filter(|line| line.starts_with("curl ")).collect();
    assert_eq!(commands.len(), 3);
    for command in commands {
        let mut words = words(command).into_iter().skip(1);
        let (mut headers, mut url, mut takes_brackets) = (String::new(), String::new(), false);
        while let Some(word) = words.next() {
            match word.as_str() {
                "-g" => takes_brackets = true,
                "-H" => headers += &format!("{}\r\n", words.next().unwrap()),
                "-b" => headers += &format!("Cookie: {}\r\n", words.next().unwrap()),
                _ => url = word,
            }
        }
        assert_eq!(url.contains('['), takes_brackets, "{command}");
        let base = format!("http://{}", mock.address);
        let target = url.strip_prefix(&base).expect(&url);
        let answer = mock.send(&request("GET", target.as_bytes(), &headers));
        assert!(
            answer.starts_with("HTTP/1.1 200 OK\r\n"),
            "{command}: {answer}"
        );
    }
}

#[test]
fn the_commands_that_it_prints_work_as_printed() {
    commands_work(&Running::start(&["--now", "2026-01-05T09:00:00Z"]));
}

/// Two paged operations that need more than an id and a token.
const NEEDY: &str = r#"
openapi: 3.1.0
paths:
  /orgs/{org}/jobs/{id}/log:
    get:
      operationId: log
      security: [{ cookie: [] }]
      parameters:
        - { name: org, in: path, required: true, example: "o'neil & sons", schema: { type: string } }
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: Api-Version, in: header, required: true, schema: { type: string, const: '2026-01-05' } }
        - { name: tenant, in: cookie, required: true, schema: { type: string, minLength: 3 } }
        - { name: 'filter[currency]', in: query, required: true, schema: { type: string, enum: ['€ 1', usd] } }
        - { name: 'page[after]', in: query, schema: { type: string } }
        - { name: 'page[size]', in: query, schema: { type: integer, minimum: 1, maximum: 9 } }
      responses: { '200': { $ref: '#/components/responses/Rows' } }
      x-pagination: { style: cursor, items: $.rows, key: $.id, request: { cursor: { in: query, name: 'page[after]' }, limit: { in: query, name: 'page[size]' } }, next: { cursor: $.next }, parent: { parameter: id } }
  /notes:
    get:
      operationId: notes
      security: [{ query: [] }]
      parameters:
        - { name: days, in: query, required: true, schema: { type: integer, minimum: 5, maximum: 7 } }
        - { name: after, in: query, schema: { type: string } }
      responses: { '200': { $ref: '#/components/responses/Rows' } }
      x-pagination: { style: cursor, items: $.rows, key: $.id, request: { cursor: { in: query, name: after } }, next: { cursor: $.next } }
components:
  responses:
    Rows: { description: '', content: { application/json: { schema: { type: object, required: [rows], properties: { rows: { type: array, items: { type: object, required: [id], properties: { id: { type: string } } } }, next: { type: string } } } } } }
  securitySchemes: { cookie: { type: apiKey, in: cookie, name: session }, query: { type: apiKey, in: query, name: key } }
"#;

#[test]
fn the_commands_carry_every_value_that_the_operations_need() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("needy.yaml");
    fs::write(&file, NEEDY).unwrap();
    commands_work(&Running::start(&[file.to_str().unwrap()]));
}

#[test]
fn it_says_where_its_console_is_and_none_without_a_control_path() {
    let line = |mock: &Running| format!("console at http://{}/__mock/", mock.address);
    let mock = Running::start(&[]);
    assert_eq!(mock.greeting[0], line(&mock));
    let page = mock.get("/__mock/");
    assert!(page.contains("<title>Eventline mock</title>"), "{page}");
    let mock = Running::start(&["--no-control"]);
    assert!(!mock.greeting.contains(&line(&mock)));
    assert!(mock.get("/__mock/").starts_with("HTTP/1.1 404"));
}

#[test]
fn urls_lead_back_to_the_address_that_it_listens_on() {
    let mock = Running::start(&[]);
    let answer = mock.get(TIMELINE);
    assert!(
        answer.contains(&format!("\"http://{}/", mock.address)),
        "{answer}"
    );
}

#[test]
fn ping_waits_until_the_mock_answers() {
    let mock = Running::start(&[]);
    assert!(call(&["ping", &mock.address]).status.success());
    let address = mock.address.clone();
    drop(mock);
    let output = call(&["ping", &address]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains(&format!("{address} does not answer")),
        "{said}"
    );
    // Asked again while it is not there yet, it is found once it is.
    let waiting = program().args(["ping", &address, "--wait", "60s"]).spawn();
    let mut child = program()
        .args(["--listen", &address, "--log", "off"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    assert!(waiting.unwrap().wait().unwrap().success());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn urls_begin_with_the_base_url() {
    let mock = Running::start(&["--base-url", "https://mock.example/below/"]);
    let answer = mock.get(TIMELINE);
    assert!(
        answer.contains("\"https://mock.example/below/__mock/artifacts/"),
        "{answer}"
    );
    for url in ["mock.example", "ftp://mock.example", "http://x/?a=1"] {
        check(&["--base-url", url], &["write scheme, host and port"]);
    }
}

#[test]
fn whatever_bytes_are_sent_are_answered() {
    let mock = Running::start(&[]);
    let long = |length| {
        [
            b"/v1/jobs/x/events?since=1&x=".as_slice(),
            &vec![b'a'; length],
        ]
        .concat()
    };
    let targets: Vec<(Vec<u8>, &[&str])> = vec![
        (b"/v1/jobs/\x00/events".to_vec(), &["400"]),
        (b"/v1/jobs/\xff\xfe/events".to_vec(), &["400"]),
        (b"/v1/jobs/%00/events".to_vec(), &["404"]),
        (b"/v1/jobs/%FF%zz%/events".to_vec(), &["404"]),
        (b"/v1/jobs/../events".to_vec(), &["404"]),
        (b"/v1/jobs/%2e%2e%2f/events?since=%".to_vec(), &["422"]),
        (long(60_000), &["404"]),
        (long(65_536), &["414"]),
        (long(1_000_000), &["414", "431"]),
    ];
    for (target, expect) in targets {
        let answer = mock.send(&request("GET", &target, ADA));
        let status = answer.get(9..12).unwrap_or("none");
        let shown = String::from_utf8_lossy(&target[..target.len().min(60)]).into_owned();
        assert!(expect.contains(&status), "{shown}: {status}");
    }
    let many: String = (0..90)
        .map(|number| format!("X-{number}: {number}\r\n"))
        .collect();
    let answer = mock.send(&request("GET", TIMELINE.as_bytes(), &(many + ADA)));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // It still answers after all of them.
    assert!(mock.get(TIMELINE).starts_with("HTTP/1.1 200"));
}

#[test]
fn a_page_on_another_origin_may_ask_with_credentials() {
    let mock = Running::start(&[]);
    let asks = "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: authorization\r\n";
    let allowed = mock.send(&request("OPTIONS", TIMELINE.as_bytes(), asks));
    assert!(allowed.starts_with("HTTP/1.1 200"), "{allowed}");
    assert!(
        allowed.contains("access-control-allow-headers: authorization\r\n"),
        "{allowed}"
    );
    assert!(
        allowed.contains("access-control-allow-origin: *\r\n"),
        "{allowed}"
    );
    let origin = format!("Origin: http://localhost:3000\r\n{ADA}");
    let answer = mock.send(&request("GET", TIMELINE.as_bytes(), &origin));
    assert!(
        answer.contains("access-control-allow-origin: *\r\n"),
        "{answer}"
    );
    // Pages by number say in a `Link` header how to go on.
    let exposed = answer
        .lines()
        .find(|line| line.starts_with("access-control-expose-headers"));
    assert!(
        exposed.is_some_and(|line| line.contains("link")),
        "{answer}"
    );
    let plain = mock.send(&request("OPTIONS", TIMELINE.as_bytes(), ""));
    assert!(plain.contains("allow: GET, HEAD, OPTIONS\r\n"), "{plain}");
}

#[test]
fn one_seed_one_world() {
    let frozen = ["--now", "2026-01-05T09:00:00Z"];
    let body = |arguments: &[&str]| {
        let answer = Running::start(arguments)
            .get("/v1/preview/training-jobs/0a000000-0000-4000-8000-00000000feed/events");
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    };
    let (one, other) = (body(&frozen), body(&frozen));
    assert_eq!(one, other);
    assert_ne!(one, body(&["--now", "2026-01-05T09:00:00Z", "--seed", "2"]));
}

#[cfg(target_os = "linux")]
#[test]
fn the_longest_answer_read_whole_leaves_memory_flat() {
    let mock = Running::start(&[]);
    let answer = mock.get("/v1/jobs/01JADA00000000000000100000/events");
    assert!(answer.len() > 20_000_000, "{}", answer.len());
    let peak = mock.peak();
    assert!(peak < 30 * 1024, "{peak} KiB");
}

#[cfg(unix)]
#[test]
fn it_ends_with_success_on_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let mut mock = Running::start(&[]);
        let told = Command::new("kill")
            .args([signal, &mock.child.id().to_string()])
            .status()
            .unwrap();
        assert!(told.success());
        assert!(mock.child.wait().unwrap().success(), "{signal}");
    }
}

#[cfg(unix)]
#[test]
fn a_client_that_is_stuck_does_not_keep_it_from_ending() {
    // The first bytes of a page come at once, and the rest takes hours.
    let stuck = ["--fault", "slow=1B/s"];
    let tell = |mock: &Running| {
        let id = mock.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status();
        assert!(told.unwrap().success());
    };
    let ask = |mock: &Running| {
        let mut socket = TcpStream::connect(&mock.address).unwrap();
        let request = request("GET", TIMELINE.as_bytes(), ADA);
        socket.write_all(&request).unwrap();
        socket.read_exact(&mut [0]).unwrap();
        socket
    };
    let mut mock = Running::start(&[&stuck[..], &["--stop-timeout", "50ms"]].concat());
    let socket = ask(&mock);
    tell(&mock);
    assert!(mock.child.wait().unwrap().success());
    drop(socket);

    let mut mock = Running::start(&[&stuck[..], &["--stop-timeout", "24h"]].concat());
    let mut socket = ask(&mock);
    tell(&mock);
    // The first signal closes the listener, and leaves the answer running.
    while TcpStream::connect(&mock.address).is_ok() {}
    socket.read_exact(&mut [0]).unwrap();
    tell(&mock);
    assert!(mock.child.wait().unwrap().success());
}

#[test]
fn what_a_client_sends_does_not_change_the_log() {
    for log in ["text", "json"] {
        let mut child = program()
            .args(["--listen", "127.0.0.1:0", "--log", log])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.strip_prefix("listening on http://").unwrap();
        // A line's end, the start of a terminal's command, a bell, and a mark that turns text around.
        let target = format!("{TIMELINE}?a%0Ab%1B%5B2J%07%E2%80%AEc=1");
        let mut socket = TcpStream::connect(address).unwrap();
        socket
            .write_all(&request("GET", target.as_bytes(), ADA))
            .unwrap();
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        assert!(answer.starts_with(b"HTTP/1.1 200"));
        child.kill().unwrap();
        let log = child.wait_with_output().unwrap().stderr;
        let log = String::from_utf8(log).unwrap();
        let line = log
            .lines()
            .find(|line| line.contains("no parameter of this"));
        let line = line.unwrap_or_else(|| panic!("{log}"));
        assert!(line.contains("2J") && line.contains("answered"), "{line}");
        let harmful = |one: char| one.is_control() || one == '\u{202e}';
        assert!(!line.contains(harmful), "{line:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_a_command_with_2_and_a_line() {
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    let document = file(
        "plain.yaml",
        "openapi: 3.1.0\ninfo: { title: a, version: '1' }\npaths: {}\n",
    );
    let document = document.to_str().unwrap();
    for arguments in [
        &["scenario", "new"][..],
        &["scenario", "schema"],
        &["scenario", "list"],
        &["init", document],
    ] {
        let output = program().args(arguments).stdout(full()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains("cannot write"), "{arguments:?}: {said}");
        // Nothing can be said then, and nothing panics.
        let mut silent = program();
        silent.args(arguments).stdout(full()).stderr(full());
        assert_eq!(silent.status().unwrap().code(), Some(2), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
#[cfg(target_os = "linux")]
fn a_log_that_cannot_be_written_refuses_no_request() {
    for log in ["text", "json"] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut logging = program();
        logging.args(["--log", log]).stderr(full);
        let mock = Running::of(logging);
        for target in [
            TIMELINE.to_owned(),
            format!("{TIMELINE}?since=x"),
            TIMELINE.to_owned(),
        ] {
            let answer = mock.get(&target);
            assert!(answer.starts_with("HTTP/1.1 "), "{log}: {answer}");
            assert!(!answer.starts_with("HTTP/1.1 5"), "{log}: {answer}");
        }
    }
}

#[test]
fn the_requests_that_it_remembers_have_a_bound_in_bytes() {
    let mock = Running::start(&[]);
    let names: String = (0..6_000)
        .map(|number| format!("&x{number}={number}"))
        .collect();
    let target = format!("{TIMELINE}?since=1{names}");
    assert!(target.len() > 60_000, "{}", target.len());
    for _ in 0..500 {
        let answer = mock.send(&request("GET", target.as_bytes(), ADA));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let remembered = mock.get("/__mock/requests");
    assert!(remembered.len() < 6_000_000, "{}", remembered.len());
    let peak = mock.peak();
    assert!(peak < 60 * 1024, "{peak} KiB");
}

/// A folder of this test's own, with a file in it.
fn file(name: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("program");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

fn call(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

/// Checks that the program ends with 2, and that its diagnostic holds all of `words`.
fn check(arguments: &[&str], words: &[&str]) {
    let output = call(arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    // The diagnostic is wrapped to the terminal's width, with a bar at the left.
    let words_said = said.split_whitespace().filter(|word| *word != "│");
    let flat = words_said.collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(flat.contains(word), "{arguments:?}: {said}");
    }
}

#[test]
fn wrong_arguments_are_explained_and_end_it_with_2() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    check(
        &["--listen", &taken],
        &["cannot listen on", &taken, "--listen"],
    );
    check(&["--listen", "nowhere"], &["cannot listen on nowhere"]);
    check(&["--sed", "1"], &["unexpected argument '--sed'"]);
    check(
        &["--locale", "xx"],
        &["'--locale <LOCALE>'", "known are en, ar_sa, "],
    );
    check(&["--seed", "x"], &["invalid value 'x'"]);
    check(&["--now", "noon"], &["invalid value 'noon'"]);
    check(
        &["--scenario", "no-such.yaml"],
        &["cannot read no-such.yaml"],
    );
    check(&["no-such.yaml"], &["cannot read no-such.yaml"]);
    check(
        &["--overlay", "x.yaml"],
        &["has no document to be laid over"],
    );
}

#[test]
fn files_of_another_kind_and_misspelt_commands_are_told() {
    check(
        &["sceanrio", "list"],
        &[
            "`sceanrio` is no file, and no command",
            "mock-server scenario",
        ],
    );
    let document = file("kind.yaml", "openapi: 3.1.0\npaths: {}\n");
    let document = document.to_str().unwrap();
    check(
        &["--scenario", document],
        &["not a scenario, but an OpenAPI document"],
    );
    check(
        &[document, "--overlay", document],
        &["not an overlay, but an OpenAPI document"],
    );
}

#[test]
fn a_minified_document_is_cut_around_the_place() {
    let long = "x".repeat(100_000);
    let text = format!(
        r##"{{"openapi":"3.1.0","a":"{long}","paths":{{"/a":{{"get":{{"responses":{{"200":{{"$ref":"#/gone"}}}}}}}}}},"b":"{long}"}}"##
    );
    let document = file("minified.json", &text);
    let arguments = [document.to_str().unwrap(), "--strict-document"];
    for narrated in [false, true] {
        let mut command = program();
        if narrated {
            command.env("NO_GRAPHICS", "1");
        }
        let output = command.args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        // Words may stand in two lines.
        let words = said.replace(['│', '\n'], " ");
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("leads nowhere"), "{said}");
        assert!(said.contains(r#""$ref":"#), "{said}");
        assert!(output.stderr.len() < 4_000, "{}", output.stderr.len());
    }
}

#[test]
fn mistakes_in_files_are_reported_with_their_place() {
    let document = file(
        "plain.yaml",
        "openapi: 3.1.0\ninfo: { title: x, version: x }\npaths: {}\n",
    );
    let document = document.to_str().unwrap();
    let other = file(
        "other.overlay.yaml",
        "overlay: 1.0.0\ninfo: { title: x, version: x }\nactions: []\n",
    );
    let second = file("second.yaml", "openapi: 3.1.0\npaths: {}\n");
    let arguments = [
        document,
        second.to_str().unwrap(),
        "--overlay",
        other.to_str().unwrap(),
    ];
    check(
        &arguments,
        &["fits none of the documents", "plain.overlay.yaml"],
    );
    let scenario = file("bad.yaml", "owners:\n  - { name: ada, tokem: x }\n");
    check(
        &["--scenario", scenario.to_str().unwrap()],
        &["bad.yaml:2:", "unknown field `tokem`"],
    );
}

#[test]
fn a_part_of_a_document_that_cannot_be_read_is_a_warning() {
    let document = file(
        "odd.yaml",
        "openapi: 3.2.0
paths:
  /pins:
    get:
      parameters:
        - { name: all, in: smoke, schema: {} }
        - { name: after, in: query, schema: { type: string } }
      responses: { 200: { content: { application/json: { schema: { properties: { data: { items: { properties: { id: { type: string } } } } } } } } } }
      x-pagination: { style: cursor, items: $.data, key: $.id, request: { cursor: { in: query, name: after } }, next: { cursor: '$.data[-1:].id' } }
",
    );
    let mut child = program()
        .args(["--listen", "127.0.0.1:0", "--log", "off"])
        .arg(document)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.starts_with("listening on"), "{first}");
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("odd.yaml:6:"), "{said}");
    assert!(said.contains("`in: smoke`"), "{said}");
}

#[test]
fn a_wrong_example_is_told_once_when_its_operation_is_asked_and_by_a_draft() {
    let document = file(
        "examples.yaml",
        "openapi: 3.1.0
paths:
  /a: { get: { responses: { 200: { content: { application/json: { schema: { type: integer, minimum: 1, example: one } } } } } } }
  /b: { get: { responses: { 200: { content: { application/json: { schema: { type: integer, default: two } } } } } } }
",
    );
    let document = document.to_str().unwrap();
    let mut child = program()
        .args(["--listen", "127.0.0.1:0", document])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let address = first.strip_prefix("listening on http://").expect(&first);
    for _ in 0..2 {
        let mut socket = TcpStream::connect(address).unwrap();
        socket.write_all(&request("GET", b"/a", "")).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let place =
        "examples.yaml#/paths/~1a/get/responses/200/content/application~1json/schema/example";
    assert_eq!(said.matches(place).count(), 1, "{said}");
    assert!(!said.contains("schema/default"), "{said}");

    let drafted = call(&["init", document]);
    let said = String::from_utf8_lossy(&drafted.stderr);
    for place in ["examples.yaml:3:", "examples.yaml:4:"] {
        assert!(said.contains(place), "{said}");
    }
}

#[test]
fn a_strict_reading_refuses_a_document_with_flaws_and_lists_them() {
    let document = file(
        "flawed.yaml",
        "openapi: 3.2.0\npaths:\n  /a: { get: { security: null, responses: { 200: { $ref: '#/gone' } } } }\n",
    );
    let document = document.to_str().unwrap();
    let listed = [
        "flawed.yaml has 2 flaws",
        "`$ref: #/gone` leads nowhere",
        "`security` must be a list",
    ];
    check(&[document, "--strict-document"], &listed);
    let proxy = ["proxy", "--upstream", "http://127.0.0.1:9", document];
    check(&[&proxy[..], &["--strict-document"]].concat(), &listed);
    let scenario = ["scenario", "check", "default", document];
    check(&[&scenario[..], &["--strict-document"]].concat(), &listed);
}

#[test]
fn without_a_control_path_there_is_nothing_but_the_documents() {
    let open = Running::start(&[]);
    assert!(open.get("/__mock/jobs").starts_with("HTTP/1.1 200"));
    let shut = Running::start(&["--no-control"]);
    assert!(shut.get("/__mock/jobs").starts_with("HTTP/1.1 404"));
    assert!(shut.get(TIMELINE).starts_with("HTTP/1.1 200"));
    check(&["--speed", "warp"], &["write it as in `10x`"]);
    check(
        &["--no-control", "--control-from", "anywhere"],
        &["cannot be used with"],
    );
    check(&["--artifact-ttl", "0s"], &["a second or more"]);
}

#[test]
fn ready_scenarios_are_served_by_name_and_checked() {
    let mock = Running::start(&["--scenario", "thousand-jobs"]);
    assert!(
        mock.get("/__mock/jobs")
            .contains("0a000000-0000-4000-8000-000000000899")
    );
    let names = String::from_utf8(call(&["scenario", "list"]).stdout).unwrap();
    assert_eq!(names.lines().count(), 7);
    for name in names.lines() {
        let output = call(&["scenario", "check", name]);
        assert!(output.status.success(), "{name}");
    }
    let new = String::from_utf8(call(&["scenario", "new"]).stdout).unwrap();
    let begun = file("new.yaml", &new);
    assert!(
        call(&["scenario", "check", begun.to_str().unwrap()])
            .status
            .success()
    );
    let schema = call(&["scenario", "schema"]).stdout;
    assert!(
        String::from_utf8(schema)
            .unwrap()
            .contains("Eventline scenario")
    );
    check(
        &["scenario", "check", "no-such"],
        &["cannot read no-such", "thousand-jobs"],
    );
}

#[test]
fn faults_truncate_an_answer_or_drop_it() {
    let truncated = Running::start(&["--fault", "truncate"]).get(TIMELINE);
    assert!(truncated.starts_with("HTTP/1.1 200"), "{truncated}");
    let (head, body) = truncated.split_once("\r\n\r\n").unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.unwrap().parse().unwrap();
    assert_eq!(body.len(), length / 2);
    assert_eq!(Running::start(&["--fault", "drop"]).get(TIMELINE), "");
    check(&["--fault", "flood"], &["is not a fault: write"]);
    check(
        &["--fault", "drop@operation=nobody"],
        &["`nobody` is no name of timelines in these documents"],
    );
    let mock = Running::start(&["--strict-requests"]);
    let undeclared = mock.get(&format!("{TIMELINE}?sinse=3"));
    assert!(undeclared.starts_with("HTTP/1.1 422"), "{undeclared}");
}

#[test]
fn a_list_that_may_page_in_another_way_is_served_and_named() {
    let list = |parameter: &str| {
        format!(
            "{{ get: {{ parameters: [{{ name: {parameter}, in: query, schema: {{ type: string }} }}, {{ name: before, in: query, schema: {{ type: string }} }}, {{ name: limit, in: query, schema: {{ type: integer, default: 5 }} }}], responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ type: array, items: {{ type: object, required: [id], properties: {{ id: {{ type: string }} }} }} }} }} }} }} }} }} }}"
        )
    };
    let text = format!(
        "{{ openapi: 3.1.0, info: {{ title: '', version: '' }}, paths: {{ /notes: {} }} }}",
        list("after")
    );
    let path = file("doubtful.yaml", &text);
    let mut child = program()
        .args(["--listen", "127.0.0.1:0", "--log", "off", "--no-watch"])
        .arg(&path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let mock = Running {
        address: first
            .strip_prefix("listening on http://")
            .unwrap()
            .to_owned(),
        greeting: Vec::new(),
        child,
    };
    let ids = |target: &str| -> Vec<String> {
        let answer = mock.get(target);
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let items: Vec<serde_json::Value> = serde_json::from_str(body).expect(&answer);
        items.iter().map(|item| item["id"].to_string()).collect()
    };
    let one = ids("/notes?limit=4");
    let after = one[1].trim_matches('"');
    let behind = ids(&format!("/notes?limit=2&after={after}"));
    assert_eq!(behind, one[2..4]);
    // A judge does not take the list for one, so it is not sent there.
    assert!(!mock.get("/__mock/subject.yaml").contains("notes"));
    assert!(
        mock.get("/__mock/subject.yaml?doubtful=true")
            .contains("notes")
    );
    assert!(
        mock.get("/__mock/subject.yaml?all")
            .starts_with("HTTP/1.1 400")
    );
    let mut running = mock;
    running.child.kill().unwrap();
    let mut said = String::new();
    let mut errors = running.child.stderr.take().unwrap();
    errors.read_to_string(&mut said).unwrap();
    assert!(
        said.contains("lists that may page in another way: GET /notes;"),
        "{said}"
    );
}

#[test]
fn drafts_say_how_lists_page_and_replace_no_file() {
    let document = file(
        "shelves.yaml",
        "
openapi: 3.1.0
paths:
  /shelves/{shelf}/books:
    get:
      operationId: listBooks
      parameters:
        - { name: shelf, in: path, required: true, schema: { type: string } }
        - { name: after, in: query, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 10 } }
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [data, has_more], properties: { has_more: { type: boolean }, data: { type: array, items: { type: object, required: [id], properties: { id: { type: string } } } } } } } } } }
",
    );
    let [overlay, world] =
        ["drafted.overlay.yaml", "drafted-world.yaml"].map(|name| file(name, "old"));
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (document, out, world_out) = (text(&document), text(&overlay), text(&world));
    let arguments = [
        "init",
        &document,
        "--overlay-out",
        &out,
        "--scenario-out",
        &world_out,
    ];
    check(&arguments, &["drafted.overlay.yaml exists", "`--force`"]);
    assert_eq!(fs::read_to_string(&overlay).unwrap(), "old");
    let forced = call(&[&arguments[..], &["--force"]].concat());
    assert!(forced.status.success() && forced.stdout.is_empty());

    let documents = Document::open(&[&document], &[&out]).unwrap();
    let contracts = documents[0].contracts().unwrap();
    assert_eq!(contracts.len(), 1);
    assert_eq!(contracts[0].reasons(), []);
    let plain = Document::open(&[&document], &[]).unwrap();
    let assumed = plain[0].assumed();
    assert_eq!(contracts[0].pagination(), assumed[0].pagination());
    let drafted = fs::read_to_string(&overlay).unwrap();
    for (_, reason) in assumed[0].reasons() {
        assert!(drafted.contains(reason), "{reason}: {drafted}");
    }
    let checked = call(&[
        "scenario",
        "check",
        &world_out,
        &document,
        "--overlay",
        &out,
    ]);
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(said.contains("a world of 2 owners"), "{said}");

    let printed = call(&["init", &document]);
    assert_eq!(String::from_utf8_lossy(&printed.stdout), drafted);
}

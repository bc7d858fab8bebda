// The console in a real browser, on a mock at MOCK_URL whose control path is open.
//
// CHROMIUM is the browser's program, WORLD the scenario file that the mock was started with; pictures of each
// view go into the folder SHOTS. Nothing here waits for a time: every wait is for a condition, and has an end.

"use strict";
const assert = require("node:assert/strict");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { after, before, beforeEach, test } = require("node:test");
const { pathToFileURL } = require("node:url");
const { gunzipSync } = require("node:zlib");
const { chromium } = require("playwright-core");

const { MOCK_URL, CHROMIUM, SHOTS, WORLD } = process.env;
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const PATIENCE = 15_000;

const RUNNING = ["job-timeline", "01JADA0000000000000000FEED"];
/** A job with a minute behind it, however long the mock has been up. */
const YOUNG = { owner: "ada", starts: "1m ago", pace: { every: "3s" } };
const PICTURED = ["job-timeline", "01JADA0000000000000000CAFE"];
const TRAINING = ["wandb-training", "0a000000-0000-4000-8000-00000000cafe"];
const VIEWS = {
  jobs: "jobs",
  timeline: `jobs/${PICTURED.join("/")}`,
  training: `jobs/${TRAINING.join("/")}`,
  pages: `jobs/${TRAINING.join("/")}/pages?limit=2`,
  requests: "requests",
  switches: "switches",
  reference: "reference",
  operations: "operations",
};

let browser;
/** What browsers said that they should not have; every test ends with none of it. */
let complaints = [];

before(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
});
after(() => browser?.close());
beforeEach(async () => {
  complaints = [];
  await control("POST", "reset");
  // A reset leads back to the scenario of the start, which is the file.
  await control("PUT", "scenario", { name: "default" });
});

async function control(method, path, body) {
  const answer = await fetch(`${MOCK_URL}/__mock/${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

/** A page of the console at `hash`, for `look` to look at; afterwards nothing may have gone wrong in it. */
async function console_(hash, look, { viewport = DESKTOP, colorScheme = "light" } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, permissions: ["clipboard-read", "clipboard-write"] });
  context.setDefaultTimeout(PATIENCE);
  try {
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
    page.on("console", (message) => {
      // A refusal that was asked for is no complaint.
      const refused = message.text().startsWith("Failed to load resource: ");
      if (message.type() === "error" && !refused) complaints.push(message.text());
    });
    await page.goto(`${MOCK_URL}/__mock/#/${hash}`);
    await look(page);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

/** Resolves when `holds` of the locator's text is true. */
async function until(locator, holds, what) {
  const end = Date.now() + PATIENCE;
  let text;
  do {
    text = await locator.first().textContent().catch((error) => `(${error.message})`);
    if (holds(text)) return text;
    // Each look is a round through the browser, which draws in between.
    await locator.page().evaluate(() => new Promise(requestAnimationFrame));
  } while (Date.now() < end);
  assert.fail(`${what}; it says: ${text}`);
}

const job = ([timeline, id]) => `jobs/${timeline}/${id}`;
const button = (page, name) => page.getByRole("button", { name, exact: true });

test("every job is listed, found by a filter, and walked by keys", async () => {
  const { jobs } = await control("GET", "jobs");
  await console_("jobs", async (page) => {
    const rows = page.locator(".group a");
    await rows.nth(jobs.length - 1).waitFor();
    assert.equal(await rows.count(), jobs.length);
    await page.keyboard.press("/");
    await page.keyboard.type("grace running");
    await page.waitForFunction(() => document.querySelectorAll(".group a").length === 2);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await until(page.locator("h1"), (text) => text.includes("running"), "the job is opened");
    assert.match(page.url(), /#\/jobs\/job-timeline\/01JGRACE/);
  });
});

test("an event that is appended arrives on the timeline, asked for as a client would", async () => {
  await control("PUT", "time", { freeze: "now" });
  const { id } = await control("POST", "jobs/job-timeline", YOUNG);
  await console_(job(["job-timeline", id]), async (page) => {
    await until(page.locator(".readout"), (text) => text.startsWith("live"), "the timeline is live");
    const before = await page.locator(".event").count();
    const { jobs } = await control("GET", "jobs");
    assert.equal(before, jobs.find((one) => one.id === id).events);
    await button(page, "with fields…").click();
    await page.getByLabel("Fields of the event").fill('{"message": "by my own hand"}');
    await button(page, "Append with these fields").click();
    await until(page.locator(".event"), (text) => text.includes("by my own hand"), "the event is on top");
    assert.equal(await page.locator(".event").count(), before + 1);
    const { requests } = await control("GET", "requests");
    const asked = requests.filter((one) => one.target.includes(`${id}/events`));
    assert.ok(asked.length > 1 && asked.every((one) => one.verdict === "kept"), JSON.stringify(asked));
    await button(page, "Finish").click();
    await until(page.locator(".jobhead .state"), (text) => text === "ended well", "the job ended");
    await until(page.locator(".readout"), (text) => text.startsWith("at its end"), "the tail ended");
  });
});

test("whoever reads further down keeps the place when events come", async () => {
  await control("PUT", "time", { freeze: "now" });
  const { id } = await control("POST", "jobs/job-timeline", YOUNG);
  await console_(job(["job-timeline", id]), async (page) => {
    await until(page.locator(".readout"), (text) => text.startsWith("live"), "the timeline is live");
    const card = page.locator(".event").nth(6);
    await card.evaluate((element) => element.scrollIntoView({ block: "start" }));
    const key = await card.getAttribute("data-event");
    const top = () => page.locator(`[data-event="${key}"]`).evaluate((element) => element.getBoundingClientRect().top);
    await page.waitForFunction(() => document.querySelector(".pane.detail").scrollTop > 100);
    const was = await top();
    await control("POST", `${job(["job-timeline", id])}/events`);
    const pill = page.locator(".pill");
    await until(pill, (text) => text === "↑ 1 new", "it says that there is a new one");
    assert.ok(Math.abs((await top()) - was) < 2, `${was} became ${await top()}`);
    await pill.click();
    await pill.waitFor({ state: "hidden" });
  });
});

test("pictures load, and one that has expired is read again", async () => {
  await control("PUT", "time", { freeze: "now" });
  await console_("jobs", async (page) => {
    let release;
    const moved = new Promise((resolve) => (release = resolve));
    await page.route("**/__mock/artifacts/**", async (route) => {
      await moved;
      await route.continue();
    });
    await page.goto(`${MOCK_URL}/__mock/#/${job(PICTURED)}`);
    await page.locator(".event img").first().waitFor();
    await control("PUT", "time", { shift: "2h" });
    release();
    const gone = page.locator(".event", { has: page.locator(".gone") }).first();
    await until(gone.locator(".gone .frame"), (text) => text.startsWith("expired"), "the picture has expired");
    const key = await gone.getAttribute("data-event");
    await gone.getByRole("button", { name: "Read again" }).click();
    await page.waitForFunction((key) => document.querySelector(`[data-event="${key}"] img`)?.naturalWidth > 0, key);
  });
});

test("nothing is polled for whoever has left before it began", async () => {
  const long = ["wandb-training", "0a000000-0000-4000-8000-000010000000"];
  await console_("requests", async (page) => {
    let release;
    const left = new Promise((resolve) => (release = resolve));
    await page.route("**/cursor?behind=*", async (route) => {
      await left;
      await route.continue();
    });
    await Promise.all([page.waitForRequest("**/cursor?behind=*"), page.goto(`${MOCK_URL}/__mock/#/${job(long)}`)]);
    await page.keyboard.press("2");
    await page.locator(".requests").waitFor({ state: "attached" });
    const answered = page.waitForResponse("**/cursor?behind=*");
    release();
    await answered;
    // Two rounds of what is polled here: enough for a poll that should not be.
    for (let round = 0; round < 2; round += 1) await page.waitForResponse("**/__mock/requests**");
    const { requests } = await control("GET", "requests");
    assert.deepEqual(requests.filter((one) => one.target.includes(long[1])), []);
  });
});

test("pages join by cursor, and say what was asked", async () => {
  await console_(`${job(TRAINING)}/pages?limit=2`, async (page) => {
    const wire = page.locator(".wire").first();
    await until(wire, (text) => text.includes("limit=2"), "the first page is asked for");
    await until(page.locator(".exchange .facts"), (text) => text.startsWith("2 events, more behind"), "two events");
    const first = JSON.parse(await page.locator(".exchange pre.json").textContent());
    await page.keyboard.press("n");
    await until(wire, (text) => text.includes(first.last_id), "the second page begins behind the first");
    assert.ok(page.url().includes(`cursor=${first.last_id}`), page.url());
    await button(page, "curl").click();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(command, `curl -i -H 'Authorization: Bearer token-of-ada' '${MOCK_URL}/v1/preview/training-jobs/${TRAINING[1]}/events?after=${first.last_id}&limit=2'`);
    await page.getByLabel("Number of an event").fill("250");
    await button(page, "Go to").click();
    await until(page.locator(".exchange .facts"), (text) => text.startsWith("1 event, nothing behind"), "the last page");
  });
});

test("an answer is shown as it came, with numbers that JavaScript cannot hold", async () => {
  await control("PUT", "scenario", { name: "unpleasant" });
  const { jobs } = await control("GET", "jobs");
  const { timeline, id } = jobs.find((one) => one.timeline === TRAINING[0] && one.owner === "ada" && one.events > 2);
  const headers = { authorization: "Bearer token-of-ada" };
  const sent = await (await fetch(`${MOCK_URL}/v1/preview/training-jobs/${id}/events`, { headers })).text();
  const dense = (text) => text.replace(/\s/g, "");
  assert.notEqual(dense(JSON.stringify(JSON.parse(sent))), dense(sent), "some number is beyond JavaScript's");
  await console_(`${job([timeline, id])}/pages`, async (page) => {
    await until(page.locator(".exchange pre.json"), (text) => dense(text) === dense(sent), "it is the same text");
  });
});

test("refusals can be seen without being thought out", async () => {
  await console_(`${job(TRAINING)}/pages`, async (page) => {
    await page.locator(".exchange pre.json").waitFor();
    for (const [trial, status] of [["limit too great", 422], ["limit no number", 422], ["unknown job", 404], ["somebody else", 404], ["no token", 401]]) {
      await button(page, trial).click();
      await until(page.locator(".exchange h3 .status"), (text) => text === String(status), `${trial} is ${status}`);
    }
  });
});

test("a fault that is switched on shows in the pager, in the log and in the head", async () => {
  await console_("switches", async (page) => {
    await page.getByLabel("Value").fill("429");
    await button(page, "Add fault").click();
    await until(page.locator("#status .bad"), (text) => text === "1 fault", "the head shows it");
    await page.goto(`${MOCK_URL}/__mock/#/${job(TRAINING)}/pages`);
    await until(page.locator(".exchange h3 .status"), (text) => text === "429", "the pager is refused");
    await until(page.locator(".exchange .trouble"), (text) => text.includes("status=429"), "it says why");
    await page.goto(`${MOCK_URL}/__mock/#/requests?verdict=faults`);
    await until(page.locator(".requests .fault"), (text) => text === "status=429", "the log shows it");
    await page.locator(".requests summary").first().click();
    await button(page, "Copy as curl").click();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(command, `curl -i -H "Authorization: Bearer $TOKEN" '${MOCK_URL}/v1/preview/training-jobs/${TRAINING[1]}/events'`);
    await page.keyboard.press("3");
    await button(page, "Remove status=429").click();
    await page.locator("#status .bad").waitFor({ state: "hidden" });
    await page.getByLabel("Fault", { exact: true }).selectOption("truncate");
    await button(page, "Add fault").click();
    await page.locator(".faults .breaks").waitFor();
    await page.goto(`${MOCK_URL}/__mock/#/${job(TRAINING)}/pages`);
    await until(page.locator(".exchange"), (text) => text.includes("in the middle of the body"), "the answer breaks off");
    await page.goto(`${MOCK_URL}/__mock/#/requests?verdict=faults`);
    await until(page.locator(".requests .fault.breaks"), (text) => text.includes("truncate"), "the log marks it");
  });
});

test("an answer that is older than a change does not undo it", async () => {
  await control("PUT", "faults", { faults: ["status=429"] });
  await console_("switches", async (page) => {
    await page.locator(".faults code").waitFor();
    let release;
    const changed = new Promise((resolve) => (release = resolve));
    let held = 0;
    await page.route("**/__mock/faults", async (route) => {
      if (route.request().method() !== "GET") return route.continue();
      const response = await route.fetch();
      held += 1;
      await changed;
      await route.fulfill({ response });
    });
    await page.waitForRequest((request) => request.url().endsWith("/faults") && request.method() === "GET");
    while (held === 0) await page.evaluate(() => new Promise(requestAnimationFrame));
    await button(page, "Remove status=429").click();
    await page.locator("#status .bad").waitFor({ state: "hidden" });
    const shown = page.evaluate(() => {
      const place = document.querySelector("#status .bad");
      return new Promise((resolve) => {
        new MutationObserver(() => place.hidden || resolve("the old fault")).observe(place, { attributes: true });
        addEventListener("told", () => resolve("nothing"));
      });
    });
    // The state is read again behind the answer that was held.
    const again = page.waitForRequest("**/__mock/scenario");
    release();
    await again;
    await page.waitForResponse("**/__mock/faults");
    await page.evaluate(() => dispatchEvent(new Event("told")));
    assert.equal(await shown, "nothing");
  });
});

test("a fault strikes one job only, and its timeline goes on when it is over", async () => {
  const { id } = await control("POST", "jobs/job-timeline", YOUNG);
  const fault = `status=503@operation=job-timeline@job=${id}`;
  await console_("switches", async (page) => {
    await page.getByLabel("Value").fill("503");
    await page.getByLabel("Operation", { exact: false }).selectOption("job-timeline");
    await page.locator(".grid .wide input").fill(id);
    await button(page, "Add fault").click();
    await until(page.locator(".faults code"), (text) => text === fault, "it is in force");
    await page.goto(`${MOCK_URL}/__mock/#/${job(["job-timeline", id])}`);
    await until(page.locator(".readout"), (text) => text.startsWith("status 503, on purpose"), "the tail is refused");
    await control("PUT", "faults", { faults: [] });
    await until(page.locator(".readout"), (text) => text.startsWith("live"), "it goes on");
    await page.locator(".event").first().waitFor();
  });
});

test("time is frozen, moved and let go", async () => {
  await console_("switches", async (page) => {
    await button(page, "Freeze").click();
    await until(page.locator(".clock .badge"), (text) => text === "frozen", "the head says so");
    const stood = await control("GET", "time");
    assert.equal(stood.speed, 0);
    await button(page, "+1h").click();
    const later = new Date(Date.parse(stood.now) + 3_600_000).toISOString().slice(11, 19);
    await until(page.locator(".clock .digits"), (text) => text === later, `it is ${later}`);
    await button(page, "Real time").click();
    await page.locator(".clock .badge").waitFor({ state: "hidden" });
    assert.equal((await control("GET", "time")).real, true);
  });
});

test("a thousand jobs are listed and filtered", async () => {
  await console_("switches", async (page) => {
    await page.getByLabel("Scenario").selectOption("thousand-jobs");
    await button(page, "Serve it").click();
    await until(page.locator(".world"), (text) => text === "thousand-jobs", "the head shows the world");
    const { jobs } = await control("GET", "jobs");
    assert.ok(jobs.length >= 1000, jobs.length);
    await page.keyboard.press("1");
    await page.waitForFunction((count) => document.querySelectorAll(".group a").length === count, jobs.length);
    const one = jobs.at(-1).id;
    await page.locator("[data-filter]").fill(one);
    await page.waitForFunction(() => document.querySelectorAll(".group a").length === 1);
  });
});

test("an edit that is broken shows over every view, until it is mended", async () => {
  const good = fs.readFileSync(WORLD, "utf8");
  await control("PUT", "scenario", { name: path.basename(WORLD, ".yaml") });
  try {
    await console_("requests", async (page) => {
      await page.locator(".clock .digits").waitFor();
      fs.writeFileSync(WORLD, good.replace("owners:", "ownerz:"));
      await until(page.locator(".banner.problem"), (text) => text.includes("ownerz") && text.includes("spell it"), "place and cure");
      await page.screenshot({ path: path.join(SHOTS, "banner-desktop-light.png") });
      fs.writeFileSync(WORLD, good);
      await page.locator(".banner").waitFor({ state: "detached" });
    });
  } finally {
    fs.writeFileSync(WORLD, good);
  }
});

test("a job that is created is opened, and one that is deleted is gone", async () => {
  await console_("jobs", async (page) => {
    await button(page, "+ New").click();
    const asked = page.getByRole("dialog");
    await asked.getByLabel("Timeline").selectOption("job-timeline");
    await asked.getByLabel("Note").fill("made in a test");
    await asked.getByLabel("Events, if it is to stop").fill("3");
    await asked.getByLabel("One every").fill("100ms");
    await page.keyboard.press("Enter");
    await until(page.locator("h1"), (text) => text === "made in a test", "it is opened");
    await page.locator(".event").nth(2).waitFor();
    await button(page, "Delete…").click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.locator(".empty").waitFor();
    const { jobs } = await control("GET", "jobs");
    assert.ok(!jobs.some((one) => one.note === "made in a test"));
  });
});

test("the page of the first half hour shows what is appended", async () => {
  await control("PUT", "time", { freeze: "now" });
  const file = pathToFileURL(path.join(__dirname, "../../../docs/first-page.html"));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${file}?mock=${MOCK_URL}`);
    await until(page.locator("#state"), (text) => text === "live", "it is live");
    await control("POST", `${job(RUNNING)}/events`, { message: "seen by a page" });
    await until(page.locator("li"), (text) => text.includes("seen by a page"), "the event is on top");
  } finally {
    await context.close();
  }
});

test("markup in what is served stays text", async () => {
  await control("PUT", "scenario", { name: "unpleasant" });
  const { jobs } = await control("GET", "jobs");
  for (const { timeline, id, events } of jobs) {
    if (events === 0) continue;
    await console_(job([timeline, id]), async (page) => {
      await page.locator(".event").first().waitFor();
      for (const card of await page.locator("summary").all()) await card.click();
      assert.equal(await page.locator(".event :is(script, b b, i i, marquee, iframe, [onerror])").count(), 0);
      await noSideways(page);
    }, { viewport: PHONE });
  }
});

test("the API reference is there, and what is tried goes to this mock", async () => {
  await console_("reference/job-timeline", async (page) => {
    const frame = page.frameLocator("iframe");
    await frame.getByRole("button", { name: "Execute" }).click();
    const status = frame.locator(".live-responses-table .response-col_status").last();
    await until(status, (text) => text.startsWith("200"), "it is answered");
    const { requests } = await control("GET", "requests");
    assert.equal(requests.at(-1).verdict, "kept");
    await button(page, "control").click();
    await frame.getByText("/__mock/documents", { exact: true }).waitFor();
  });
});

test("every operation is listed, and a request for it is shown with its answer", async () => {
  const { operations } = await control("GET", "operations");
  await console_("operations", async (page) => {
    const rows = page.locator(".operations li");
    await rows.nth(operations.length - 1).waitFor();
    assert.equal(await rows.count(), operations.length);
    await page.keyboard.press("/");
    await page.keyboard.type("get training");
    await page.waitForFunction(() => document.querySelectorAll(".operations li").length === 1);
    await rows.first().locator("summary").click();
    await until(rows.first().locator(".status"), (text) => text === "200", "it is answered");
    assert.match(await rows.first().locator("pre.wire").textContent(), /^curl -g .*training-jobs/);
    await rows.first().locator("pre.json").waitFor();
  });
});

test("the library is what its README says", () => {
  const folder = path.join(__dirname, "../vendor");
  const told = fs.readFileSync(path.join(folder, "README.md"), "utf8");
  const kept = fs.readdirSync(folder).filter((name) => name.endsWith(".gz"));
  assert.equal(kept.length, 2);
  for (const name of kept) {
    const hash = createHash("sha256").update(gunzipSync(fs.readFileSync(path.join(folder, name)))).digest("hex");
    assert.ok(told.includes(`| \`${hash}\` | package/${name.replace(".gz", "")} |`), `${name} is ${hash}`);
  }
});

test("light and dark are chosen, and remembered", async () => {
  await console_("jobs", async (page) => {
    // Keys are listened to from when there is something to show.
    await page.locator(".group a").first().waitFor();
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await page.keyboard.press("d");
    const light = await ground();
    assert.notEqual(light, dark);
    await page.reload();
    assert.equal(await ground(), light);
  }, { colorScheme: "dark" });
});

async function noSideways(page) {
  const [content, window_] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window_, `${page.url()} is ${content} wide in a window of ${window_}`);
}

/** That a view has what it shows. */
const SHOWN = { jobs: ".group a", timeline: ".event img", training: ".event", pages: "pre.json", requests: ".requests li", switches: ".card .now", reference: "iframe", operations: ".operations li" };

for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`every view fits a ${size}, ${colorScheme}`, async () => {
      for (const [view, hash] of Object.entries(VIEWS)) {
        await console_(hash, async (page) => {
          await page.locator(SHOWN[view]).first().waitFor();
          if (view === "reference") await page.frameLocator("iframe").getByRole("button", { name: "Execute" }).waitFor();
          if (view === "timeline") await page.waitForFunction(() => document.querySelector(".event img").complete);
          await noSideways(page);
          await page.screenshot({ path: path.join(SHOTS, `${view}-${size}-${colorScheme}.png`) });
        }, { viewport, colorScheme });
      }
    });
  }
}

// The collections of the console, in a real browser, on a mock at MOCK_URL that has the document of the to-do
// application and nothing else. Nothing here waits for a time.

"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");
const { after, before, beforeEach, test } = require("node:test");
const { chromium } = require("playwright-core");

const { MOCK_URL, CHROMIUM, SHOTS } = process.env;
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 400, height: 860 };
const PATIENCE = 15_000;

let browser;
let complaints = [];

before(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
});
after(() => browser?.close());
beforeEach(async () => {
  complaints = [];
  await control("POST", "reset");
});

async function control(method, path, body) {
  const answer = await fetch(`${MOCK_URL}/__mock/${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

/** Sends a request to the API, as an application does. */
async function api(method, path, body) {
  const headers = { authorization: "Bearer any", "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json" };
  const answer = await fetch(`${MOCK_URL}${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : null };
}

/** A page of the console at `hash`, for `look` to look at; afterwards nothing may have gone wrong in it. */
async function console_(hash, look, { viewport = DESKTOP, colorScheme = "light", world = "" } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, permissions: ["clipboard-read", "clipboard-write"] });
  context.setDefaultTimeout(PATIENCE);
  try {
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    page.on("console", (message) => {
      // A refusal that was asked for is no complaint.
      const refused = message.text().startsWith("Failed to load resource: ");
      if (message.type() === "error" && !refused) complaints.push(message.text());
    });
    await page.goto(`${MOCK_URL}${world}/__mock/#/${hash}`);
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
    text = await locator.first().textContent({ timeout: 1000 }).catch((error) => `(${error.message})`);
    if (holds(text)) return text;
    await locator.page().evaluate(() => new Promise(requestAnimationFrame));
  } while (Date.now() < end);
  assert.fail(`${what}; it says: ${text}`);
}

const button = (page, name) => page.getByRole("button", { name, exact: true });
const rows = (page) => page.locator(".scroll tbody tr");
const rowOf = (page, key) => page.locator(`.scroll tr[data-key-of="${key}"]`);
const shownKeys = (page) => rows(page).evaluateAll((all) => all.map((one) => one.dataset.keyOf));
const changed = (page) => page.locator(".changes li");

/** The table with its first page. */
async function listed(page) {
  await rows(page).first().waitFor();
}

test("without a choice, the page says what to choose", () =>
  console_("collections", (page) => page.getByText("Choose a collection to see its items").waitFor()));

test("collections are listed in the document's words, and the console begins with them", async () => {
  await console_("", async (page) => {
    await until(page.locator(".views [aria-current]"), (text) => text === "Collections", "it is the first view");
    const names = page.locator(".group .note");
    await names.nth(2).waitFor();
    assert.deepEqual(await names.allTextContents(), ["projects", "tasks", "comments"]);
    await page.keyboard.press("/");
    await page.keyboard.type("editTask");
    await page.waitForFunction(() => document.querySelectorAll(".group .note").length === 1);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until(page.locator("h1"), (text) => text === "tasks", "it is opened by the keyboard");
    await listed(page);
    const said = await page.locator(".acts").textContent();
    for (const one of ["GET /projects/{projectId}/tasks", "POST /projects/{projectId}/tasks", "PATCH /projects/{projectId}/tasks/{taskId}"]) assert.ok(said.includes(one), one);
  });
});

test("an item is created and edited by forms, marked, and taken back", async () => {
  await console_("collections/listProjects", async (page) => {
    await listed(page);
    const before = (await api("GET", "/projects")).body;
    await button(page, "Create…").click();
    const dialog = page.getByRole("dialog");
    assert.equal(await dialog.getByLabel(/^id/).count(), 0, "the id is the server's");
    // The mock refuses it in the document's words, and the form shows where.
    await button(dialog, "Create").click();
    await until(dialog.locator(".told .status"), (text) => text === "422", "it is refused");
    assert.equal(await dialog.getByLabel(/^name/).getAttribute("aria-invalid"), "true");
    await dialog.getByLabel(/^name/).fill("Garden <b>");
    await dialog.getByLabel(/^colour/).selectOption({ label: "green" });
    await button(dialog, "Create").click();
    await dialog.waitFor({ state: "detached" });
    await until(changed(page), (text) => text.includes("added") && text.includes("Garden <b>"), "it is told as added");
    await until(page.locator(".latest .wire"), (text) => text.startsWith("POST /projects"), "its request is shown");
    await button(page.locator(".latest"), "curl").click();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(command, /^curl -i -X POST -H 'Authorization: Bearer [^']+' -H 'content-type: application\/json' --data '\{"name":"Garden <b>","colour":"green"\}' '.*\/projects'$/);
    const { changes } = await control("GET", "collections/listProjects/changes");
    const own = changes[0].key;
    assert.deepEqual([changes.length, changes[0].item.colour], [1, "green"]);

    // The new item is on the page at the declared end, or the pages before it.
    while (!(await shownKeys(page)).includes(own)) await turned(page, "Next →");
    await until(rowOf(page, own).locator(".was"), (text) => text === "added", "it is marked in the table");
    await button(rowOf(page, own), "Undo: added " + own).click();
    await rowOf(page, own).waitFor({ state: "detached" });
    await page.locator(".changes").waitFor({ state: "hidden" });
    assert.deepEqual((await api("GET", "/projects")).body, before);
  });
});

/** Turns to another page, and waits until it is shown. */
async function turned(page, name) {
  const old = await shownKeys(page);
  await button(page, name).click();
  await page.waitForFunction((old) => {
    const keys = [...document.querySelectorAll(".scroll tbody tr")].map((one) => one.dataset.keyOf);
    return keys.length > 0 && keys.join() !== old.join();
  }, old);
}

test("what a patch does not change is not sent, and a deleted item comes back", async () => {
  const [project] = (await api("GET", "/projects")).body.items;
  const { items } = (await api("GET", `/projects/${project.id}/tasks`)).body;
  const [task, other] = items;
  await console_(`collections/listTasks?path.projectId=${project.id}`, async (page) => {
    await listed(page);
    await button(rowOf(page, task.id), "Edit").click();
    const dialog = page.getByRole("dialog");
    assert.equal(await dialog.getByLabel(/^title/).inputValue(), task.title);
    await dialog.getByLabel(/^title/).fill("Water the beans");
    await dialog.getByLabel(/^priority/).fill("5");
    await button(dialog, "Save").click();
    await until(rowOf(page, task.id).locator(".was"), (text) => text === "changed", "it is marked");
    const body = JSON.parse(await page.locator(".latest pre.json").first().textContent());
    assert.deepEqual(body, task.priority === 5 ? { title: "Water the beans" } : { title: "Water the beans", priority: 5 });
    const now = (await api("GET", `/projects/${project.id}/tasks/${task.id}`)).body;
    assert.deepEqual([now.title, now.priority, now.done, now.notes], ["Water the beans", 5, task.done, task.notes]);

    await button(rowOf(page, other.id), "Delete").click();
    await button(page.getByRole("dialog"), "Delete").click();
    await rowOf(page, other.id).waitFor({ state: "detached" });
    assert.equal((await api("GET", `/projects/${project.id}/tasks/${other.id}`)).status, 404);
    await until(page.locator(".jobhead .badge"), (text) => text === "~1 −1", "the head counts them");
    await button(page.locator(".changes"), `Undo: removed ${other.id}`).click();
    await rowOf(page, other.id).waitFor();
    await button(rowOf(page, task.id), `Undo: changed ${task.id}`).click();
    await page.locator(".changes").waitFor({ state: "hidden" });
    assert.deepEqual((await api("GET", `/projects/${project.id}/tasks`)).body.items, items);
  });
});

test("lists page, are filtered, and keep their place in the address", async () => {
  const made = (await api("POST", "/projects", { name: "Many" })).body;
  const titles = [...Array.from({ length: 11 }, (_, index) => `Task ${String(index + 1).padStart(2, "0")}`), "Zebra"];
  for (const title of titles) await api("POST", `/projects/${made.id}/tasks`, { title });
  await console_(`collections/listTasks?path.projectId=${made.id}`, async (page) => {
    await listed(page);
    const titlesShown = () => page.locator('.scroll td[data-label="title"]').allTextContents();
    const form = page.getByRole("form", { name: "What to list" });
    const show = () => button(form, "Show").click();
    await form.getByLabel("sort").selectOption("title");
    await form.getByLabel("per_page").fill("5");
    await show();
    await until(page.locator(".tablehead .facts"), (text) => text.startsWith("5 items"), "the limit holds");
    const met = await titlesShown();
    for (const count of [5, 2]) {
      await turned(page, "Next →");
      const more = await titlesShown();
      assert.equal(more.length, count);
      met.push(...more);
    }
    assert.deepEqual(met, titles);
    await until(page.locator(".tablehead .facts"), (text) => text === "2 items, nothing behind", "it is the last page");
    assert.ok(await button(page, "Next →").isDisabled());
    await page.reload();
    await until(page.locator(".tablehead .facts"), (text) => text === "2 items, nothing behind", "the address has the page");
    await form.getByLabel("q", { exact: true }).fill("zebra");
    await show();
    await until(page.locator(".tablehead .facts"), (text) => text.startsWith("1 item,"), "it is found");
    assert.deepEqual(await titlesShown(), ["Zebra"]);
  });
});

test("a list below is reached from the item above, and its parents are offered", async () => {
  await console_("collections/listComments", async (page) => {
    await listed(page);
    const values = await page.locator(".filters input[list]").evaluateAll((all) => all.map((one) => one.value));
    assert.equal(values.length, 2);
    const [project] = (await api("GET", "/projects")).body.items;
    assert.equal(values[0], String(project.id));
    assert.ok(values[1].length > 20, "the key of a task of the project");
    await page.getByRole("link", { name: "projects /projects", exact: true }).click();
    await until(page.locator("h1"), (text) => text === "projects", "the projects are shown");
    await listed(page);
    const key = (await shownKeys(page))[1];
    await rowOf(page, key).getByRole("link", { name: "tasks →" }).click();
    await until(page.locator("h1"), (text) => text === "tasks", "the tasks are shown");
    await listed(page);
    assert.equal(await page.locator(".filters input[list]").inputValue(), key);
  });
});

test("what an application changes meanwhile is shown", async () => {
  await console_("collections/listProjects", async (page) => {
    await listed(page);
    await api("POST", "/projects", { name: "From elsewhere" });
    await until(changed(page), (text) => text.includes("From elsewhere"), "it is told");
  });
});

test("an operation can be filled in and sent, and an item be written as JSON", async () => {
  await console_("operations?q=createTask", async (page) => {
    const row = page.locator(".operations li").first();
    await row.locator("summary").click();
    await button(row, "Fill in…").click();
    const dialog = page.getByRole("dialog");
    await button(dialog, "Write as JSON").click();
    await dialog.getByLabel(/^body/).fill('{"title": ');
    await button(dialog, "Send").click();
    await until(dialog.locator(".trouble"), (text) => text.startsWith("`body` is no JSON"), "it says what is wrong");
    await dialog.getByLabel(/^body/).fill('{"title": "By hand"}');
    await button(dialog, "Send").click();
    await dialog.waitFor({ state: "detached" });
    await until(row.locator(".status"), (text) => text === "201", "it is sent");
    const told = await control("GET", "collections/listTasks/changes");
    assert.deepEqual(told.changes.map((one) => one.item.title), ["By hand"]);
  });
});

test("a world has its own items, and can be chosen", async () => {
  await console_("switches", async (page) => {
    await page.getByLabel("Name of a world").fill("worker-1");
    await button(page, "Open").click();
    await until(page.locator(".world"), (text) => text.startsWith("worker-1"), "the head names it");
    await page.getByRole("link", { name: "Collections", exact: true }).click();
    await page.locator(".group a").first().click();
    await listed(page);
    await button(page, "Create…").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/^name/).fill("Only here");
    await button(dialog, "Create").click();
    await until(changed(page), (text) => text.includes("Only here"), "it is there");
    const { collections } = await control("GET", "collections");
    assert.ok(collections.every((one) => one.changes.added === 0), "the usual world has nothing of it");
  });
  await console_("switches", async (page) => {
    await page.getByRole("link", { name: "worker-1" }).waitFor();
  });
});

async function noSideways(page) {
  const [content, window_] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window_, `${page.url()} is ${content} wide in a window of ${window_}`);
}

for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`collections and forms fit a ${size}, ${colorScheme}`, async () => {
      const [project] = (await api("GET", "/projects")).body.items;
      const { items } = (await api("GET", `/projects/${project.id}/tasks`)).body;
      await api("PATCH", `/projects/${project.id}/tasks/${items[0].id}`, { title: "Water the beans" });
      await api("DELETE", `/projects/${project.id}/tasks/${items[2].id}`);
      await console_("collections", async (page) => {
        const shot = (name) => page.screenshot({ path: path.join(SHOTS, `collections-${name}-${size}-${colorScheme}.png`) });
        await page.locator(".group a").first().waitFor();
        await noSideways(page);
        await shot("list");
        await page.goto(`${MOCK_URL}/__mock/#/collections/listTasks?path.projectId=${project.id}`);
        await page.locator(".was").first().waitFor();
        await noSideways(page);
        await shot("table");
        await button(rowOf(page, items[0].id), "Edit").click();
        await page.getByRole("dialog").getByLabel(/^title/).waitFor();
        await noSideways(page);
        await shot("form");
        await page.keyboard.press("Escape");
        await button(page, "Create…").click();
        await button(page.getByRole("dialog"), "Create").click();
        await page.locator(".told .status").waitFor();
        await noSideways(page);
        await shot("refused");
      }, { viewport, colorScheme });
    });
  }
}

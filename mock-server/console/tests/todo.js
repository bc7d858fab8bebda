// A to-do application in a real browser, on a mock of its document alone at MOCK_URL.
//
// The page lies in the folder PAGE. It knows only its document, and the mock knows only that document, too: no overlay,
// no scenario of its own.

"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");
const { after, before, beforeEach, test } = require("node:test");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const { MOCK_URL, CHROMIUM, SHOTS, PAGE } = process.env;
const PATIENCE = 15_000;

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
});
after(() => browser?.close());
beforeEach(() => fetch(`${MOCK_URL}/__mock/reset`, { method: "POST" }));

/** The application, for `use` to use; afterwards nothing may have gone wrong in it. */
async function application(use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(PATIENCE);
  const complaints = [];
  try {
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    const file = pathToFileURL(path.join(PAGE, "index.html"));
    await page.goto(`${file}?api=${encodeURIComponent(MOCK_URL)}&key=any`);
    await drawn(page, 0);
    await use(page);
    assert.equal(await page.getByRole("alert").textContent(), "");
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

/** Waits until the page was drawn more than this number of times; fails if it reports an error. */
async function drawn(page, times) {
  const state = await page.waitForFunction((times) => {
    const error = document.querySelector("[role=alert]").textContent;
    return error || Number(document.body.dataset.shown ?? 0) > times;
  }, times);
  const error = await state.jsonValue();
  if (error !== true) assert.fail(error);
}

/** Does something, and waits until the page shows what came of it. */
async function shown(page, act) {
  const times = await page.evaluate(() => Number(document.body.dataset.shown ?? 0));
  await act();
  await drawn(page, times);
}

/** Loads the page again. */
async function reloaded(page) {
  await page.reload();
  await drawn(page, 0);
}

const part = (page, name) => page.getByRole("region", { name });
const rows = (page, name) => part(page, name).locator("li > .name").allTextContents();
const row = (page, name, text) => part(page, name).locator("li").filter({ has: page.getByRole("button", { name: text, exact: true }) });

async function add(page, name, field, text) {
  await page.getByLabel(field).fill(text);
  await shown(page, () => part(page, name).getByRole("button", { name: "Add", exact: true }).click());
}

/** Pages through a list to its end, and returns the names on all pages. */
async function all(page, name) {
  const found = await rows(page, name);
  const next = part(page, name).getByRole("button", { name: "Next" });
  while (await next.isEnabled()) {
    await shown(page, () => next.click());
    found.push(...(await rows(page, name)));
  }
  return found;
}

/** The number of things in a list, as the page says it. */
async function total(page, name) {
  const said = await part(page, name).getByText(/in all/).textContent();
  return Number(said.match(/(\d+) in all/)[1]);
}

test("what is created, edited and deleted is so, also after a reload", async () => {
  await application(async (page) => {
    const before = await total(page, "Projects");
    await add(page, "Projects", "New project", "Garden");
    assert.equal(await total(page, "Projects"), before + 1);
    assert.deepEqual(await rows(page, "Tasks"), [], "a new project has no tasks");
    for (const title of ["Dig", "Sow", "Water"]) await add(page, "Tasks", "New task", title);
    await add(page, "Comments", "New comment", "not in the sun");
    const rename = row(page, "Tasks", "Sow").getByRole("button", { name: "Rename" });
    await rename.click();
    await page.getByLabel("New title").fill("Sow beans");
    await shown(page, () => page.getByLabel("New title").press("Enter"));
    await shown(page, () => page.getByLabel("Done: Dig").check());
    await shown(page, () => row(page, "Tasks", "Water").getByRole("button", { name: "Delete" }).click());
    const is = async () => {
      assert.deepEqual((await rows(page, "Tasks")).sort(), ["Dig", "Sow beans"]);
      assert.ok(await page.getByLabel("Done: Dig").isChecked());
      assert.ok(!(await page.getByLabel("Done: Sow beans").isChecked()));
      assert.equal(await total(page, "Tasks"), 2);
    };
    await is();
    await reloaded(page);
    await is();
    await shown(page, () => row(page, "Tasks", "Dig").getByRole("button", { name: "Dig", exact: true }).click());
    assert.deepEqual(await rows(page, "Comments"), [], "a comment belongs to one task");
    await page.screenshot({ path: path.join(SHOTS, "todo.png") });
    await page.evaluate(() => history.replaceState(null, "", location.pathname + location.search));
    await reloaded(page);
    const names = await all(page, "Projects");
    assert.equal(names.filter((name) => name === "Garden").length, 1, "it is on one page of the list");
    assert.equal(names.length, before + 1);
    await shown(page, () => row(page, "Projects", "Garden").getByRole("button", { name: "Delete" }).click());
    assert.equal(await total(page, "Projects"), before);
  });
});

test("lists have numbered pages, which join", async () => {
  await application(async (page) => {
    await add(page, "Projects", "New project", "Many");
    const titles = Array.from({ length: 12 }, (_, index) => `Task ${index + 1}`);
    for (const title of titles) await add(page, "Tasks", "New task", title);
    assert.equal(await total(page, "Tasks"), 12);
    const met = await all(page, "Tasks");
    assert.deepEqual([...met].sort(), [...titles].sort());
    assert.match(await part(page, "Tasks").getByText(/page/).textContent(), /page 3 of 3/);
  });
});

test("the console calls lists by what the document has, and not jobs", async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(PATIENCE);
  try {
    const page = await context.newPage();
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${MOCK_URL}/__mock/#/jobs`);
    await page.getByRole("link", { name: "Lists", exact: true }).waitFor();
    await page.locator(".group a").first().waitFor();
    await page.getByText("Choose a list").waitFor();
    await page.locator(".group a").first().click();
    const back = page.locator("[data-back]");
    await back.waitFor({ state: "attached" });
    assert.equal(await back.textContent(), "← Lists");
    await page.screenshot({ path: path.join(SHOTS, "todo-console.png") });
    const words = await page.evaluate(() => document.body.innerText);
    assert.doesNotMatch(words, /\bjobs?\b/i);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
});

test("tasks are searched and sorted, on all pages", async () => {
  await application(async (page) => {
    await add(page, "Projects", "New project", "Kitchen");
    const titles = ["Bake bread", "Wash up", "Bake a cake", "Mend the tap", "Shop", "Bake rolls", "Air the room"];
    for (const title of titles) await add(page, "Tasks", "New task", title);
    const tools = part(page, "Tasks");
    await shown(page, () => tools.getByLabel("Sort").selectOption("title asc"));
    assert.deepEqual(await all(page, "Tasks"), [...titles].sort());
    await shown(page, () => tools.getByLabel("Sort").selectOption("title desc"));
    assert.deepEqual(await all(page, "Tasks"), [...titles].sort().reverse());
    const search = tools.getByRole("searchbox", { name: "Search" });
    await search.fill("bake");
    await shown(page, () => search.press("Enter"));
    assert.deepEqual(await rows(page, "Tasks"), ["Bake rolls", "Bake bread", "Bake a cake"]);
    assert.equal(await total(page, "Tasks"), 3);
    await reloaded(page);
    assert.deepEqual(await rows(page, "Tasks"), ["Bake rolls", "Bake bread", "Bake a cake"]);
  });
});

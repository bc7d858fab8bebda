// A to-do application. It knows nothing of the server but what openapi.yaml says.
"use strict";

const query = new URLSearchParams(location.search);
const API = query.get("api") ?? "http://127.0.0.1:4010";
const KEY = query.get("key") ?? "token";
const PER_PAGE = 5;

/** What the person looks at; it is kept in the address, so that a reload shows it again. */
const place = new URLSearchParams(location.hash.slice(1));

const $ = (selector, within = document) => within.querySelector(selector);

async function ask(method, path, body, type = "application/json") {
  const headers = { Authorization: `Bearer ${KEY}`, Accept: "application/json" };
  if (body) headers["Content-Type"] = type;
  const answer = await fetch(API + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`);
  return text ? JSON.parse(text) : null;
}

/** Does something that may fail, and says why if it does. */
async function attempt(act) {
  $("[role=alert]").textContent = "";
  try {
    await act();
  } catch (error) {
    $("[role=alert]").textContent = error.message;
  }
}

function go(changes) {
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") place.delete(name);
    else place.set(name, value);
  }
  location.hash = place.toString();
  return attempt(show);
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

/** Draws a list, and the numbers of its pages. */
function draw(section, page, key, row) {
  $("ul", section).replaceChildren(...page.items.map(row));
  const pages = Math.max(1, Math.ceil(page.total / PER_PAGE));
  const now = Number(place.get(key) ?? 1);
  const nav = [...section.querySelectorAll("nav")].at(-1);
  const previous = button("Previous", () => go({ [key]: now - 1 }));
  const next = button("Next", () => go({ [key]: now + 1 }));
  previous.disabled = now <= 1;
  next.disabled = now >= pages;
  const said = document.createElement("span");
  said.textContent = `page ${now} of ${pages}, ${page.total} in all`;
  nav.replaceChildren(previous, said, next);
}

const projects = () => "/projects";
const tasks = () => `/projects/${place.get("project")}/tasks`;
const comments = () => `${tasks()}/${place.get("task")}/comments`;

function item(text, isCurrent, open, ...others) {
  const row = document.createElement("li");
  if (isCurrent) row.setAttribute("aria-current", "true");
  const name = button(text, open);
  name.className = "name";
  row.append(name, ...others);
  return row;
}

async function showProjects() {
  const page = await ask("GET", `${projects()}?page=${place.get("projects") ?? 1}&per_page=${PER_PAGE}`);
  draw($("#projects"), page, "projects", (one) => {
    const remove = button("Delete", () =>
      attempt(async () => {
        await ask("DELETE", `${projects()}/${one.id}`);
        const isOpen = place.get("project") === String(one.id);
        await go(isOpen ? { project: null, task: null } : {});
      }),
    );
    const open = () => go({ project: one.id, task: null, tasks: null, comments: null });
    return item(one.name, place.get("project") === String(one.id), open, remove);
  });
}

async function showTasks() {
  const section = $("#tasks");
  section.hidden = !place.has("project");
  if (section.hidden) return;
  const wanted = new URLSearchParams({ page: place.get("tasks") ?? 1, per_page: PER_PAGE });
  if (place.has("q")) wanted.set("q", place.get("q"));
  if (place.has("sort")) {
    const [sort, order] = place.get("sort").split(" ");
    wanted.set("sort", sort);
    wanted.set("order", order);
  }
  $("[type=search]", section).value = place.get("q") ?? "";
  $("select", section).value = place.get("sort") ?? "";
  const page = await ask("GET", `${tasks()}?${wanted}`);
  draw(section, page, "tasks", (one) => {
    const path = `${tasks()}/${one.id}`;
    const edit = (changes) =>
      attempt(async () => {
        await ask("PATCH", path, changes, "application/merge-patch+json");
        await show();
      });
    const done = document.createElement("input");
    done.type = "checkbox";
    done.checked = one.done;
    done.setAttribute("aria-label", `Done: ${one.title}`);
    done.addEventListener("change", () => edit({ done: done.checked }));
    const rename = button("Rename", () => {
      const field = document.createElement("input");
      field.type = "text";
      field.value = one.title;
      field.setAttribute("aria-label", "New title");
      field.addEventListener("change", () => edit({ title: field.value }));
      rename.replaceWith(field);
      field.focus();
    });
    const remove = button("Delete", () =>
      attempt(async () => {
        await ask("DELETE", path);
        await go(place.get("task") === one.id ? { task: null } : {});
      }),
    );
    const open = () => go({ task: one.id, comments: null });
    const row = item(one.title, place.get("task") === one.id, open, rename, remove);
    row.prepend(done);
    row.classList.toggle("done", one.done);
    return row;
  });
}

async function showComments() {
  const section = $("#comments");
  section.hidden = !place.has("task");
  if (section.hidden) return;
  const page = await ask("GET", `${comments()}?page=${place.get("comments") ?? 1}&per_page=${PER_PAGE}`);
  draw(section, page, "comments", (one) => {
    const remove = button("Delete", () =>
      attempt(async () => {
        await ask("DELETE", `${comments()}/${one.id}`);
        await show();
      }),
    );
    return item(one.text, false, () => {}, remove);
  });
}

async function show() {
  await showProjects();
  await showTasks();
  await showComments();
  document.body.dataset.shown = String(Number(document.body.dataset.shown ?? 0) + 1);
}

function onAdd(selector, list, opens) {
  const form = $(`${selector} form`);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      const made = await ask("POST", list(), Object.fromEntries(new FormData(form)));
      form.reset();
      await go(opens(made));
    });
  });
}

onAdd("#projects", projects, (made) => ({ project: made.id, task: null, tasks: null }));
onAdd("#tasks", tasks, (made) => ({ task: made.id, comments: null }));
onAdd("#comments", comments, () => ({}));
$("#tasks [type=search]").addEventListener("change", (event) => go({ q: event.target.value, tasks: null }));
$("#tasks select").addEventListener("change", (event) => go({ sort: event.target.value, tasks: null }));

attempt(show);

// A new job, from a dialog with the fields of a scenario's job.

import { control, known, learnJobs, worded } from "./api.js";
import { ask, h, notify } from "./dom.js";
import { address } from "./router.js";

/** Asks for the job's fields, creates the job, and shows it. */
export async function newJob() {
  const options = (values) => values.map((value) => h("option", { value }, value));
  const timeline = h("select", {}, ...options(known.documents.map((one) => one.name)));
  const owner = h("select", {}, ...options(known.owners.map((one) => one.name)));
  const id = h("input", { placeholder: "made up", class: "mono", spellcheck: "false" });
  const note = h("input", { placeholder: "its purpose" });
  const events = h("input", { type: "number", min: 0, placeholder: "grows for ever" });
  const every = h("input", { value: "2s", placeholder: "2s" });
  const label = (text, field) => h("label", {}, text, field);
  const contents = [label("Timeline", timeline), label("Owner", owner), label("Id", id), label("Note", note), h("div", { class: "two" }, label("Events, if it is to stop", events), label("One every", every))];
  if (!(await ask(worded("New job"), contents, "Create"))) return;
  const job = { owner: owner.value, pace: { every: every.value || "2s" } };
  if (id.value) job.id = id.value;
  if (note.value) job.note = note.value;
  if (events.value) job.events = Number(events.value);
  try {
    const made = await control("POST", `jobs/${encodeURIComponent(timeline.value)}`, job);
    await learnJobs();
    location.hash = address(["jobs", timeline.value, made.id]);
    notify(worded("the job is created"));
  } catch (error) {
    notify(error.status === 404 || error.status === 405 ? worded("this mock cannot create jobs") : error.message, "bad");
  }
}

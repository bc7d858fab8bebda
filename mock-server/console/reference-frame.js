// Swagger UI on one document. Its requests go to this mock, with an owner's token and an existing job.

const asked = new URLSearchParams(location.search);
const dark = (theme) => document.documentElement.classList.toggle("dark-mode", theme === "dark");
dark(asked.get("theme"));
addEventListener("message", (event) => event.origin === location.origin && dark(event.data.theme));

const read = async (path) => (await fetch(path)).json();

/** The document with this mock as its server, and a job of the owner as the example. */
async function pointedHere(name) {
  const spec = await read(`../documents/${encodeURIComponent(name)}.json`);
  const [{ documents }, { jobs }] = await Promise.all([read("../documents"), read("../jobs")]);
  spec.servers = [{ url: location.origin }];
  for (const contract of documents.filter((one) => one.document === name)) {
    const own = jobs.filter((job) => job.timeline === contract.name && job.owner === asked.get("owner"));
    const job = own.find((job) => job.events > 1 && job.events < 1000) ?? own[0];
    const operation = spec.paths[contract.path]?.[contract.method.toLowerCase()];
    const shared = spec.paths[contract.path]?.parameters ?? [];
    const parameter = [...(operation?.parameters ?? []), ...shared].find((one) => one.in === "path" && one.name === contract.parent);
    if (job && parameter) parameter.example = job.id;
  }
  return spec;
}

/** Sets the owner's token in every security scheme that takes one. */
async function authorize(ui, spec) {
  const { owners } = await read("../owners");
  const token = owners.find((one) => one.name === asked.get("owner"))?.token ?? owners[0]?.token;
  for (const name of Object.keys(spec.components?.securitySchemes ?? {})) ui.preauthorizeApiKey(name, token);
}

async function begin() {
  const name = asked.get("document");
  const whole = name === "control" ? { url: "../openapi.yaml" } : { spec: await pointedHere(name) };
  const ui = window.SwaggerUIBundle({
    ...whole,
    dom_id: "#reference",
    // The document is not sent to a validator of others.
    validatorUrl: null,
    docExpansion: name === "control" ? "list" : "full",
    defaultModelsExpandDepth: name === "control" ? -1 : 0,
    tryItOutEnabled: name !== "control",
    displayRequestDuration: true,
    syntaxHighlight: { activated: true, theme: "nord" },
    onComplete: () => whole.spec && authorize(ui, whole.spec),
  });
}

begin().catch((error) => (document.getElementById("reference").textContent = `cannot show the document: ${error.message}`));

/**
 * Both bundled documents as an Express service, with its data in memory.
 *
 * Where the documents leave it open, it chooses otherwise than FastAPI does: training events come newest
 * first, an unknown cursor is an empty page, bad credentials are 403, the job is looked up before the
 * query is read, and `latest_seq` counts public events only.
 *
 * Environment:
 *
 * - HOST (127.0.0.1 if absent) and PORT (0 for any free one).
 * - ADA_TOKEN and GRACE_TOKEN, the tokens of its two customers.
 * - TEST_HOOKS=1 for what the judge may do besides asking.
 * - MUTATION, the one of the mistakes in mutations.yaml that it makes; each stands where a developer would
 *   make it.
 * - KEEP_ALIVE, the seconds after which an idle connection is closed (0: at once), or `off`: each answer says
 *   that its connection closes. DELAY, the milliseconds before each answer.
 */
'use strict';

const crypto = require('node:crypto');
const express = require('express');

const mutated = (name) => process.env.MUTATION === name;

const callers = new Map([
  [process.env.ADA_TOKEN, 'ada'],
  [process.env.GRACE_TOKEN, 'grace'],
]);

// ---- the store ----------------------------------------------------------------------------------------

let reads = 0;

class Timeline {
  constructor(name, owner) {
    Object.assign(this, { name, owner, events: [] });
  }

  /** Nothing else runs in between, so no two events get one number. */
  append(event) {
    const seq = this.events.length + 1;
    const id = crypto.createHash('sha256').update(`${this.name}/${seq}`).digest('hex');
    const uuid = id.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');
    this.events.push({ seq, id: uuid, visibility: 'public', createdAt: new Date(), ...event });
  }

  read() {
    reads += 1;
    return this.events.filter((event) => event.visibility === 'public' || mutated('private-shown'));
  }
}

const trainingJobs = new Map();
const jobs = new Map();
const opened = Date.UTC(2026, 1, 3, 8);

for (const [owner, first, sizes] of [['ada', 'a', [0, 1, 20, 21, 30, 100, 250]], ['grace', 'b', [0, 7, 45]]]) {
  for (const size of sizes) {
    const id = `e${first}000000-0000-4000-9000-${String(size).padStart(12, '0')}`;
    const timeline = new Timeline(id, owner);
    trainingJobs.set(id, timeline);
    for (let step = 0; step < size; step += 1) {
      timeline.append(step === 0
        ? { type: 'training_started', data: { num_sequences: size } }
        : { type: 'gradient_step', data: { loss: 3 / step, 'reward/mean': step / 250 } });
    }
  }
}

for (const [owner, sizes] of [['ada', [0, 1, 20, 21, 30, 100]], ['grace', [0, 7, 45]]]) {
  for (const size of sizes) {
    const id = `01KEXPRESS0${owner.toUpperCase()}`.padEnd(20, '0') + String(size).padStart(6, '0');
    const timeline = new Timeline(id, owner);
    jobs.set(id, timeline);
    for (let step = 0; step < size; step += 1) {
      const createdAt = new Date(opened + step * 61_500);
      if (step % 4 === 1) {
        timeline.append({ type: 'stage', message: 'retrying on another host', visibility: 'private', createdAt });
      }
      timeline.append({ type: step ? 'stage' : 'queued', message: `step ${step}`, createdAt });
    }
  }
}

// ---- refusals -----------------------------------------------------------------------------------------

const training = express.Router();
const timelines = express.Router();

training.refuse = (res, status, message) => res.status(status).json({ detail: message });
timelines.refuse = (res, status, message) => {
  const code = { 403: 'FORBIDDEN', 404: 'JOB_NOT_FOUND' }[status] ?? 'BAD_REQUEST';
  res.status(status).json({ error: { code, message, request_id: crypto.randomUUID() } });
};

for (const router of [training, timelines]) {
  router.use((req, res, next) => {
    const [, token] = /^bearer +(\S+)$/i.exec(req.get('authorization') ?? '') ?? [];
    req.caller = callers.get(token);
    if (!token || !req.caller) {
      return router.refuse(res.set('WWW-Authenticate', 'Bearer realm="jobs"'), 403, 'Who are you?');
    }
    next();
  });
}

/** Answers 404 unless there is such a timeline and it is the caller's. */
const owned = (store, router) => (req, res, next) => {
  const timeline = store.get(req.params.id);
  if (timeline && timeline.owner !== req.caller && mutated('foreign-is-403')) {
    return router.refuse(res, 403, 'Not your job');
  }
  if (!timeline || timeline.owner !== req.caller) {
    return router.refuse(res, 404, 'There is no such job');
  }
  req.timeline = timeline;
  next();
};

const invalid = (res, name, msg) => res.status(422).json({
  detail: mutated('refusal-as-text') ? `${name}: ${msg}` : [{ type: 'invalid', loc: ['query', name], msg }],
});

/** One whole number from the query: the fallback where it is not given, NaN where it is none. */
function integer(text, fallback) {
  if (text === undefined) return fallback;
  return typeof text === 'string' && /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
}

// ---- training events ----------------------------------------------------------------------------------

const positions = new Map();

training.route('/:id/events').get(owned(trainingJobs, training), (req, res) => {
  let limit = integer(req.query.limit, 20);
  // Zero and what is no number fall through to the default.
  if (mutated('limit-or-default')) limit = Number(req.query.limit) || 20;
  if (!(limit >= 1 && limit <= 100)) {
    return invalid(res, 'limit', 'must be a whole number from 1 to 100');
  }

  const events = req.timeline.read().reverse();
  let { after } = req.query;
  if (mutated('repeated-crashes')) after = after?.toLowerCase();
  let start = 0;
  if (after !== undefined) {
    const found = events.findIndex((event) => event.id === String(after).toLowerCase());
    start = found < 0 ? events.length : found + 1;
    // Where the event stood when it was served, which is not where it stands after new ones.
    if (mutated('cursor-as-offset')) start = positions.get(after) ?? start;
  }

  const page = events.slice(start, start + limit);
  page.forEach((event, index) => positions.set(event.id, start + index + 1));
  const last = mutated('last-of-timeline') ? events.at(-1) : page.at(-1);
  res.json({
    object: 'list',
    data: page.map(({ id, type, data }) => ({ id, type, data })),
    ...(page.length > 0 && { first_id: page[0].id, last_id: last.id }),
    has_more: start + page.length < events.length,
  });
}).all((req, res) => training.refuse(res.set('Allow', 'GET, HEAD'), 405, 'Only to be read'));

// ---- a job's timeline ---------------------------------------------------------------------------------

/** Signed anew whenever it is served, for ten minutes. */
function presigned(key) {
  const expires = Math.floor(Date.now() / 1000) + 600;
  const signature = crypto.createHmac('sha256', 'not a real key').update(`${key}:${expires}`).digest('base64url');
  return `https://images.example.com/${key}?Expires=${expires}&Signature=${signature}&Key-Pair-Id=K1`;
}

function jobEvent(timeline, { seq, type, visibility, message, createdAt }) {
  const key = `${timeline.name}/${seq}.webp`;
  const meta = mutated('key-in-meta') ? { width: 1024, source: key } : { width: 1024 };
  return {
    seq,
    event_type: type,
    visibility,
    message,
    ...(type === 'stage' && {
      stage: 'render',
      artifacts: [{ image_url: presigned(key), kind: 'catalog_image', role: 'final', label: null, meta }],
    }),
    created_at: createdAt.toISOString(),
  };
}

const cache = new Map();

// A cache for pollers, by what they ask for; who asks is forgotten.
const cached = (req, res, next) => {
  const kept = cache.get(req.originalUrl);
  if (kept && kept.until > Date.now()) return res.json(kept.body);
  const json = res.json.bind(res);
  res.json = (body) => {
    if (res.statusCode === 200) cache.set(req.originalUrl, { body, until: Date.now() + 500 });
    return json(body);
  };
  next();
};
if (mutated('cached-by-url')) timelines.use(cached);

timelines.route('/:id/events').get(owned(jobs, timelines), (req, res) => {
  const since = integer(req.query.since, 0);
  if (Number.isNaN(since)) return invalid(res, 'since', 'must be a whole number');

  const events = req.timeline.read();
  let behind = events.filter((event) => event.seq > since);
  // A text is compared with a text, letter by letter.
  if (mutated('since-as-text')) behind = events.filter((event) => String(event.seq) > String(since));
  res.json({
    public_id: req.params.id,
    events: behind.map((event) => jobEvent(req.timeline, event)),
    latest_seq: events.at(-1)?.seq ?? 0,
  });
}).all((req, res) => timelines.refuse(res.set('Allow', 'GET, HEAD'), 405, 'Only to be read'));

// ---- the application ----------------------------------------------------------------------------------

const app = express();
const delay = Number(process.env.DELAY ?? 0);
if (delay > 0) app.use((req, res, next) => setTimeout(next, delay));
app.use('/v1/preview/training-jobs', training);
app.use('/v1/jobs', timelines);

if (process.env.TEST_HOOKS === '1') {
  app.get('/test/reads', (req, res) => res.json({ total: { reads } }));
  for (const [name, store, type] of [['training', trainingJobs, 'gradient_step'], ['jobs', jobs, 'stage']]) {
    app.post(`/test/${name}/:id`, express.json(), (req, res) => {
      const { message = 'added by a test', visibility = 'public' } = req.body ?? {};
      store.get(req.params.id).append({ type, message, visibility, data: { loss: 0.1 } });
      res.sendStatus(204);
    });
  }
}

// Express's own answers are pages for people, with the stack in them.
app.use((req, res) => res.status(404).json({ error: 'no such page' }));
app.use((error, req, res, next) => {
  res.status(error.status ?? 500).json({ error: error.status ? 'bad request' : 'our mistake' });
});

const host = process.env.HOST ?? '127.0.0.1';
const server = app.listen(Number(process.env.PORT ?? 0), host, () => {
  console.log(`listening on http://${host.includes(':') ? `[${host}]` : host}:${server.address().port}`);
});
const keepAlive = process.env.KEEP_ALIVE ?? '5';
if (keepAlive === 'off') {
  server.maxRequestsPerSocket = 1;
} else {
  // Node takes 0 as never.
  server.keepAliveTimeout = Number(keepAlive) * 1000 || 1;
}

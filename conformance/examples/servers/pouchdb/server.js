/**
 * Databases behind `express-pouchdb`, which speaks as CouchDB does; they are in memory. PORT is 0 for any free
 * port. Databases have no owner, and nobody needs a token.
 */
'use strict';

// Else Express prints a stack for each request that it cannot read.
process.env.NODE_ENV ??= 'test';

const express = require('express');
const expressPouchDB = require('express-pouchdb');
const PouchDB = require('pouchdb-core')
  .plugin(require('pouchdb-adapter-memory'))
  .plugin(require('pouchdb-mapreduce'))
  .defaults({ adapter: 'memory' });

const sizes = { none: 0, one: 1, six: 6, fifty: 50, more: 300, live: 20 };

const app = express();
const options = { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: '/dev/null' };
app.use(expressPouchDB(PouchDB, options));

(async () => {
  for (const [name, size] of Object.entries(sizes)) {
    const database = new PouchDB(name);
    await database.info();
    // One request for each, so that changes have the order of the steps.
    for (let step = 0; step < size; step += 1) await database.post({ step });
  }
  const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
  });
})();

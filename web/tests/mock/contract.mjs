// The API document, as what the mock is held to: every answer and every live event has the shape that the document gives
// it, no field less and none more.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const document = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../functions/inbox/openapi.json'), 'utf8'),
);
const LIVE = {
  ready: 'LiveReady',
  'message.created': 'LiveMessage',
  'message.updated': 'LiveMessage',
  'conversation.updated': 'LiveConversation',
  'conversation.removed': 'LiveRemoved',
  'templates.updated': 'LiveTemplates',
  'jobs.updated': 'LiveJobs',
  'staff.updated': 'LiveStaff',
  counts: 'Counts',
  reload: 'LiveReload',
};

const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
// The document gives these as hints for code generators.
for (const hint of ['int32', 'int64', 'binary']) ajv.addFormat(hint, true);
const known = new Set();

/** What of a schema is named elsewhere in the document. */
const follow = (schema) =>
  schema.$ref ? document.components[schema.$ref.split('/')[2]][schema.$ref.split('/')[3]] : schema;

/** The same schema, closed: a field that it does not name is refused. Free ones, as a problem's facts, stay free. */
function closed(schema, open = false) {
  if (Array.isArray(schema)) return schema.map((one) => closed(one));
  if (schema === null || typeof schema !== 'object') return schema;
  if (schema.$ref) return open ? closed(follow(schema), true) : reference(schema);
  const branches = schema.allOf?.map(follow);
  const free = branches?.some(({ type, properties }) => type === 'object' && !properties);
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'allOf' ? value.map((branch) => closed(branch, true)) : closed(value),
    ]),
  );
  if (open || free || !(branches || schema.properties)) return inner;
  return { ...inner, unevaluatedProperties: false };
}

/** A schema of the document by its name, closed once. */
function reference({ $ref }) {
  const name = $ref.split('/').at(-1);
  if (!known.has(name)) {
    known.add(name);
    ajv.addSchema({ $id: `porchlight:${name}`, ...closed(follow({ $ref })) });
  }
  return { $ref: `porchlight:${name}` };
}

const paths = Object.entries(document.paths).map(([path, operations]) => ({
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
  operations,
}));

/** What is wrong with an answer; empty when it is as the document says. */
export function answerFaults(method, path, status, type, body) {
  const operation = paths.find(({ pattern }) => pattern.test(path))?.operations[method.toLowerCase()];
  // The function `files` serves bytes and has no document.
  if (!operation && path.startsWith('/api/media/')) return [];
  // What is not there at all says so as a problem.
  if (!operation)
    return status === 404 ? shapeFaults('Problem', body) : [`${method} ${path} is in no document`];
  const answer = operation.responses[status];
  if (!answer) return [`${method} ${path} never answers ${status}`];
  const { content } = follow(answer);
  if (!content) return body === undefined ? [] : [`${method} ${path} ${status} has no body`];
  const media = content[type.split(';')[0]];
  if (!media) return [`${method} ${path} ${status} is never ${type}`];
  return body === undefined ? [] : faults(`${method} ${path} ${status}`, media.schema, body);
}

/** What is wrong with a live event. */
export const eventFaults = (type, data) =>
  LIVE[type] ? shapeFaults(LIVE[type], data) : [`there is no event ${type}`];

const shapeFaults = (name, data) => faults(name, { $ref: `#/components/schemas/${name}` }, data);

/** More would only repeat the first. */
const FEW = 5;
const checks = new Map();
function faults(what, schema, data) {
  const key = JSON.stringify(schema);
  if (!checks.has(key)) checks.set(key, ajv.compile(closed(schema)));
  const check = checks.get(key);
  if (check(data)) return [];
  return check.errors
    .slice(0, FEW)
    .map(
      ({ instancePath, message, params }) =>
        `${what}: ${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    );
}

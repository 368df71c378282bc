// Uploads and files of the mock: forms, the bucket behind them, and what is said of the bytes.
import { problem } from './server.mjs';
import { ulid } from './world.mjs';

const MOST = 26_214_400;
/** How files begin, and what they are then. */
const BEGINNINGS = [
  ['\xff\xd8\xff', 'image/jpeg', 'photo'],
  ['\x89PNG', 'image/png', 'photo'],
  ['GIF8', 'image/gif', 'photo'],
  ['\0\0\0\x18ftypheic', 'image/heic', 'photo'],
  ['%PDF', 'application/pdf', 'file'],
  ['BEGIN:VCARD', 'text/vcard', 'contact'],
];
const CLEANED = new Set(['image/jpeg', 'image/png', 'image/gif']);

export class Files {
  /** What goes wrong with the next forms: each is a status, 0 for a line that breaks. */
  faults = [];
  /** While set, nobody is answered. */
  held = null;
  #uploads = new Map();
  #media = new Map();

  open(mock, { name, type, size }) {
    const id = ulid();
    this.#uploads.set(id, { id, name, type, size, bytes: null });
    return { id, url: `${mock.url}/uploads/${id}`, fields: { key: `uploads/${id}`, policy: 'signed' } };
  }

  /** The bucket: takes a form from any origin. */
  async keep(_, request, path, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    await this.held;
    const fault = this.faults.shift();
    if (fault === 0) return response.destroy();
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    const upload = this.#uploads.get(path.split('/')[2]);
    response.statusCode = request.method === 'OPTIONS' ? 204 : (fault ?? (upload ? 204 : 403));
    if (response.statusCode === 204 && request.method === 'POST')
      upload.bytes = fileOf(Buffer.concat(chunks));
    response.end();
  }

  check(id) {
    const upload = this.#uploads.get(id);
    if (!upload?.bytes) return null;
    const begins = upload.bytes.toString('latin1', 0, 16);
    const [, type = 'application/octet-stream', kind = 'file'] =
      BEGINNINGS.find(([start]) => begins.startsWith(start)) ?? [];
    Object.assign(upload, { content_type: type, kind, size: upload.bytes.length });
    return {
      id, name: upload.name, content_type: type, kind, size: upload.size, width: null, height: null,
      goes_as: CLEANED.has(type) ? 'mms' : 'link', asks: !CLEANED.has(type),
    }; // prettier-ignore
  }

  /** What stands in the way of a message with these, as the arguments of a problem. */
  asked({ attachments = [], uncleaned }) {
    const unknown = attachments.find((id) => !this.#uploads.get(id)?.bytes);
    if (unknown) return [422, 'unknown-upload', 'This file is not here any more', { upload: unknown }];
    const asks = attachments.map((id) => this.check(id)).filter(({ asks }) => asks);
    const files = asks.map(({ id, name }) => ({ id, name }));
    return asks.length > 0 && !uncleaned
      ? [409, 'asks-first', 'A file may tell more than meant', { files }]
      : null;
  }

  mediaOf(ids) {
    return ids.map((upload) => {
      const { name, content_type, kind, size, width, height, goes_as } = this.check(upload);
      const id = upload.padStart(35, '0');
      this.#media.set(id, this.#uploads.get(upload));
      return { id, url: `/api/media/${id}`, name, content_type, kind, size, width, height, state: 'ready', reason: null, goes_as };
    }); // prettier-ignore
  }

  of(id) {
    return this.#media.get(id);
  }
}

/** The last part of a form. */
function fileOf(body) {
  const border = body.subarray(0, body.indexOf('\r\n'));
  const start = body.indexOf('\r\n\r\n', body.lastIndexOf('name="file"')) + 4;
  return body.subarray(start, body.lastIndexOf(border) - 2);
}

export function openUpload(mock, { body, response }) {
  if (body.size === 0) return problem(response, 422, 'empty-file', 'This file is empty', { name: body.name });
  if (body.size > MOST) return problem(response, 422, 'too-large', 'More than 25 MB', { name: body.name });
  return mock.files.open(mock, body);
}

export function checkUpload(mock, { parts: [id], response }) {
  return mock.files.check(id) ?? problem(response, 409, 'not-uploaded', 'It has not arrived');
}

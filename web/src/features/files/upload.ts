// The way of one file to the bucket: a form from our server, the file to where the form says, and what the server says
// of the bytes.
import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { FileKind } from '../thread/files';

/** A try without progress for this long is given up. */
const STILL_MS = 30_000;
const PAUSES_MS = [1000, 4000];

/** What the server found in the bytes. */
export interface Checked {
  id: string;
  name: string;
  content_type: string;
  kind: FileKind;
  size: number;
  width: number | null;
  height: number | null;
  goes_as: 'mms' | 'link';
  /** Place, device and owner cannot be taken out of it. */
  asks: boolean;
}

interface Form {
  id: string;
  url: string;
  fields: Record<string, string>;
}

export interface Upload {
  blob: Blob;
  name: string;
  type: string;
  signal: AbortSignal;
  /** From 0 to 1. */
  onprogress: (part: number) => void;
}

/** Brings a file up; tries again while only the line is at fault. Throws a `Failure` when it cannot be. */
export async function upload(file: Upload): Promise<Checked> {
  for (let tries = 0; ; tries++) {
    try {
      return await once(file);
    } catch (cause) {
      const failure = Failure.from(cause);
      const pause = PAUSES_MS[tries];
      if (file.signal.aborted || !isPassing(failure) || pause === undefined) throw failure;
      await waited(pause, file.signal);
    }
  }
}

/** What another try mends: the line, bytes that have not arrived, a session that its owner takes up again. */
const isPassing = ({ passing, status, slug }: Failure): boolean =>
  passing || slug === 'not-uploaded' || status === 401;

async function once({ blob, name, type, signal, onprogress }: Upload): Promise<Checked> {
  onprogress(0);
  const body = { name, type, size: blob.size };
  const form = (await answer(api.POST('/api/uploads' as never, { body, signal } as never))) as Form;
  await post(form, blob, signal, onprogress);
  const params = { path: { id: form.id } };
  return (await answer(api.POST('/api/uploads/{id}/check' as never, { params, signal } as never))) as Checked;
}

/** By XMLHttpRequest, which tells how far it is. */
function post(
  form: Form,
  blob: Blob,
  signal: AbortSignal,
  onprogress: (part: number) => void,
): Promise<void> {
  const data = new FormData();
  for (const [name, value] of Object.entries(form.fields)) data.append(name, value);
  data.append('file', blob);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const lost = () => reject(new Failure(0));
    let still = setTimeout(() => request.abort(), STILL_MS);
    const moves = () => {
      clearTimeout(still);
      still = setTimeout(() => request.abort(), STILL_MS);
    };
    const cancel = () => request.abort();
    request.upload.onprogress = ({ loaded, total }) => {
      moves();
      if (total > 0) onprogress(Math.min(1, loaded / total));
    };
    request.onload = () => (isDone(request.status) ? resolve() : reject(refusal(request.status)));
    request.onerror = request.onabort = lost;
    request.onloadend = () => {
      clearTimeout(still);
      signal.removeEventListener('abort', cancel);
    };
    signal.addEventListener('abort', cancel);
    request.open('POST', form.url);
    request.send(data);
    if (signal.aborted) request.abort();
  });
}

const isDone = (status: number): boolean => status >= 200 && status < 300;

/** A form that is refused was too old: another one is asked for. */
const refusal = (status: number): Failure => new Failure(status === 403 ? 0 : status);

function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // Away from any line nothing is tried; back on it, there is no need to wait.
    const timer = navigator.onLine ? setTimeout(done, ms) : undefined;
    addEventListener('online', done);
    signal.addEventListener('abort', done);
    function done(): void {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}

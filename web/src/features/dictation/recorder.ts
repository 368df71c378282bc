// The microphone, from a press to a recording; nothing leaves this device here.

/** Opus holds speech well at this; five minutes are under a megabyte. What Safari records needs twice as much. */
const KINDS = [
  { kind: 'audio/webm;codecs=opus', bits: 24_000 },
  { kind: 'audio/ogg;codecs=opus', bits: 24_000 },
  { kind: 'audio/mp4', bits: 48_000 },
] as const;
const LOOK_MS = 100;

export type NoMicrophone = 'denied' | 'none' | 'taken' | 'cannot';

/** What a microphone hears, ten times a second, from 0 to 1. */
type Heard = (level: number) => void;

export interface Recorder {
  /** Ends it, and hands over what was recorded. */
  stop(): Promise<Blob>;
}

/** Why there is none, in one word. */
export function whyNone(cause: unknown): NoMicrophone {
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none';
  return name ? 'taken' : 'cannot';
}

/** Opens the microphone, and records until it is stopped. `ended`: somebody pulled it out. */
export async function record(heard: Heard, ended: () => void): Promise<Recorder> {
  const chosen = KINDS.find(({ kind }) => globalThis.MediaRecorder?.isTypeSupported(kind));
  if (!chosen || !navigator.mediaDevices) throw new TypeError('no recorder');
  const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  try {
    return begin(stream, chosen, heard, ended);
  } catch (cause) {
    for (const track of stream.getTracks()) track.stop();
    throw cause;
  }
}

function begin(
  stream: MediaStream,
  chosen: (typeof KINDS)[number],
  heard: Heard,
  ended: () => void,
): Recorder {
  const recorder = new MediaRecorder(stream, { mimeType: chosen.kind, audioBitsPerSecond: chosen.bits });
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => void pieces.push(data);
  const unlisten = listen(stream, heard);
  const stopped = new Promise<void>((resolve) => (recorder.onstop = () => resolve()));
  for (const track of stream.getTracks()) track.onended = ended;
  recorder.start(1000);
  return {
    async stop() {
      if (recorder.state !== 'inactive') recorder.stop();
      await stopped;
      unlisten();
      for (const track of stream.getTracks()) track.stop();
      return new Blob(pieces, { type: chosen.kind.split(';')[0] ?? '' });
    },
  };
}

function listen(stream: MediaStream, heard: Heard): () => void {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    heard(Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

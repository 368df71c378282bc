// The browser's own recogniser, where it works on the device: what is said goes to nobody.

interface Result {
  isFinal: boolean;
  0: { transcript: string };
}
interface Recogniser {
  lang: string;
  continuous: boolean;
  processLocally: boolean;
  onresult: ((event: { results: ArrayLike<Result> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  stop(): void;
}
interface Maker {
  new (): Recogniser;
  available?: (how: { langs: string[]; processLocally: true }) => Promise<string>;
}

const maker = (): Maker | undefined => (globalThis as { SpeechRecognition?: Maker }).SpeechRecognition;

/** Whether it writes down this language here, without asking anybody. */
export async function ownRecogniser(language: string): Promise<boolean> {
  try {
    const found = await maker()?.available?.({ langs: [language], processLocally: true });
    return found === 'available';
  } catch {
    return false;
  }
}

/** Listens until it is stopped. What it heard by then comes back; an error has its own name. */
export function recognise(language: string): { stop(): void; words: Promise<string> } {
  const Made = maker();
  if (!Made) throw new TypeError('no recogniser');
  const own = new Made();
  Object.assign(own, { lang: language, continuous: true, processLocally: true });
  let text = '';
  own.onresult = ({ results }) => {
    text = Array.from(results, (result) => (result.isFinal ? result[0].transcript.trim() : ''))
      .filter((one) => one)
      .join(' ');
  };
  const words = new Promise<string>((resolve, reject) => {
    own.onerror = ({ error }) => error !== 'no-speech' && reject(new DOMException(error, named(error)));
    own.onend = () => resolve(text);
  });
  own.start();
  return { stop: () => own.stop(), words };
}

const named = (error: string): string =>
  ({ 'not-allowed': 'NotAllowedError', 'audio-capture': 'NotFoundError' })[error] ?? 'AbortError';

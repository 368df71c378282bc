/** Two notes, made here: nothing to fetch. */
const NOTES = [
  { hertz: 659, at: 0 },
  { hertz: 880, at: 0.12 },
];
const LASTS = 0.45;
const LOUDNESS = 0.16;

let context: AudioContext | null = null;

/** Plays it; false where the browser lets no page make a sound before somebody has touched it. */
export async function chime(): Promise<boolean> {
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume();
  await new Promise((resolve) => setTimeout(resolve, 50));
  if (context.state !== 'running') return false;
  for (const { hertz, at } of NOTES) play(context, hertz, context.currentTime + at);
  return true;
}

function play(audio: AudioContext, hertz: number, at: number): void {
  const [note, gain] = [audio.createOscillator(), audio.createGain()];
  note.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  gain.gain.exponentialRampToValueAtTime(0.001, at + LASTS);
  note.connect(gain).connect(audio.destination);
  note.start(at);
  note.stop(at + LASTS);
}

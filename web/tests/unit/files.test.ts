// Whatever came without words is called by what it is, and can be saved.
import { screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Media, Message, Row } from '../../src/api/types';
import ConversationRow from '../../src/features/conversations/ConversationRow.svelte';
import Bubble from '../../src/features/thread/Bubble.svelte';
import { wordless } from '../../src/features/thread/files';
import { fileName } from '../../src/features/files/names';
import { Inbox } from '../../src/inbox.svelte';
import { drawIn } from './inbox';
import { mock } from './setup';

let inbox: Inbox;
beforeEach(async () => {
  inbox = new Inbox();
  inbox.welcome(mock.world.me('ana@harbor.example'));
  await inbox.list.load();
});

afterEach(() => vi.restoreAllMocks());

/** As the server tells it. */
const fileOf = (content_type: string, kind: Media['kind'] = 'file', more: Partial<Media> = {}): Media => ({
  id: '00000000000000000000000000000abcdef',
  content_type,
  kind,
  url: '/api/media/00000000000000000000000000000abcdef',
  name: null,
  size: null,
  width: null,
  height: null,
  state: 'ready',
  reason: null,
  goes_as: null,
  ...more,
});

describe('a file', () => {
  it.each([
    ['image/jpeg', 'photo', 'photo-abcdef.jpg'],
    ['image/heic', 'photo', 'photo-abcdef.heic'],
    ['IMAGE/PNG; charset=binary', 'photo', 'photo-abcdef.png'],
    ['video/quicktime', 'video', 'video-abcdef.mov'],
    ['video/3gpp', 'video', 'video-abcdef.3gp'],
    ['audio/amr', 'voice_memo', 'voice-memo-abcdef.amr'],
    ['audio/mpeg', 'voice_memo', 'voice-memo-abcdef.mp3'],
    ['text/vcard', 'contact', 'contact-abcdef.vcf'],
    ['text/x-vcard', 'contact', 'contact-abcdef.vcf'],
    ['text/directory', 'contact', 'contact-abcdef.vcf'],
    ['application/pdf', 'file', 'file-abcdef.pdf'],
    ['text/plain', 'file', 'file-abcdef.txt'],
    ['application/vnd.openxmlformats-officedocument', 'file', 'file-abcdef'],
    ['', 'file', 'file-abcdef'],
  ] as const)('of type “%s”, a %s, is saved as %s', (type, kind, name) =>
    expect(fileName(fileOf(type, kind))).toBe(name),
  );

  it('names the message that has no words', () => {
    const words = (...kinds: Media['kind'][]) => wordless({ media: kinds.map((kind) => ({ kind })) });
    expect(words('contact')).toBe('Contact');
    expect(words('photo', 'photo')).toBe('2 photos');
    expect(words('photo', 'voice_memo')).toBe('2 files');
    expect(words()).toBe('Empty message');
  });
});

describe('a bubble', () => {
  const row = () =>
    [...inbox.conversations.known.values()].find(({ name }) => name === 'Maria Delgado') as Row;
  const draw = (more: Partial<Message>) => {
    const message = { ...mock.world.timelines.get(row().id)[1], text: '', media: [], ...more };
    drawIn(inbox, Bubble, { row: row(), message, first: true, last: true, terms: [], linked: false });
  };

  it.each([
    ['text/vcard', 'contact', /^Contact VCF Save$/],
    ['audio/amr', 'voice_memo', /^Voice memo AMR Save$/],
    ['video/mp4', 'video', /^Video MP4 Save$/],
    ['application/pdf', 'file', /^File PDF Save$/],
  ] as const)('of %s names it and lets it be saved', async (type, kind, name) => {
    draw({ media: [fileOf(type, kind)] });
    const link = await screen.findByRole<HTMLAnchorElement>('link', { name });
    expect(link.download).toMatch(/-abcdef\./);
    expect(document.querySelectorAll('.bubble')).toHaveLength(1);
  });

  it.each(['', ' \n', '\u200b'])('without words and files says that it is empty: %j', (text) => {
    draw({ text });
    expect(document.querySelector('.bubble')?.textContent).toBe('Empty message');
  });

  it('says what a file is called and how large it is, whatever its name does', async () => {
    const name = '../../\u202egpj.exe';
    draw({ media: [fileOf('application/pdf', 'file', { name, size: 214_000 })] });
    const link = await screen.findByRole<HTMLAnchorElement>('link');
    expect(link.textContent?.replace(/\s+/g, ' ')).toContain('../../gpj.exe PDF · 214 kB');
  });

  it.each([
    [{ state: 'fetching' }, 'Coming from the carrier…'],
    [{ state: 'failed', reason: 'The carrier no longer has it.' }, 'The carrier no longer has it.'],
  ] as const)('says of a file that is not here how it stands: %o', async (more, words) => {
    draw({ media: [fileOf('image/jpeg', 'photo', more)] });
    expect(await screen.findByText(words)).toBeTruthy();
    expect(document.querySelector('img')).toBeNull();
  });

  it('draws no picture that would bring the page to a halt', async () => {
    draw({ media: [fileOf('image/png', 'photo', { width: 30_000, height: 30_000 })] });
    expect(await screen.findByText('Too large to show here. Save it to look at it.')).toBeTruthy();
    expect(document.querySelector('img')).toBeNull();
  });

  it('has a player only for what this browser plays', async () => {
    const plays = vi.spyOn(HTMLMediaElement.prototype, 'canPlayType');
    plays.mockImplementation((type) => (type === 'audio/mpeg' ? 'maybe' : ''));
    draw({ media: [fileOf('audio/mpeg', 'voice_memo'), fileOf('audio/amr', 'voice_memo')] });
    await waitFor(() => expect(document.querySelectorAll('audio')).toHaveLength(1));
    expect(await screen.findByText(/^This browser cannot play it/)).toBeTruthy();
  });

  it('keeps the room of a photo before it has come', () => {
    draw({ media: [fileOf('image/jpeg', 'photo', { width: 3000, height: 4000 })] });
    const { width, height } = document.querySelector('img')!;
    expect([width, height]).toEqual([240, 320]);
  });

  it('with a photo that this browser cannot show says so, once, and lets it be saved', async () => {
    draw({ media: [fileOf('image/heic', 'photo')] });
    document.querySelector('img')!.dispatchEvent(new Event('error'));
    await waitFor(() => expect(screen.getByText('This browser cannot show this photo.')).toBeTruthy());
    expect(await screen.findByRole('link', { name: /^Photo HEIC Save$/ })).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Try again/ })).toBeNull();
  });
});

describe('a row', () => {
  const says = (text: string) => {
    const one = [...inbox.conversations.known.values()].find(({ name }) => name === 'Tom Beck') as Row;
    const row = { ...one, last_message: { ...one.last_message!, text } };
    drawIn(inbox, ConversationRow, { row, terms: [], current: false, stop: true });
    return document.querySelector('.snip')?.textContent;
  };

  it('says what the server calls a message without words', () =>
    expect(says('Voice memo')).toBe('Voice memo'));
  it('calls nothing a photo that it knows nothing of', () => expect(says('')).toBe('Without words'));
  it('is not empty where the text shows nothing', () => expect(says('\u200b')).toBe('Without words'));
});

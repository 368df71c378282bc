// Files and the message that they go with: it waits for them, and nothing of it is lost or wanders.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Row } from '../../src/api/types';
import { ulid } from '../../src/app/ulid';
import { forgetEverything } from '../../src/features/outbox/journal';
import { all, bytesOf } from '../../src/features/outbox/box';
import type { Bag } from '../../src/features/files/bag.svelte';
import { pick, type From } from '../../src/features/files/picking';
import type { Inbox } from '../../src/inbox.svelte';
import { openInbox } from './inbox';
import { jpeg, png, text } from './pictures';
import { mock, network, until } from './setup';

const [MARIA, DEREK] = ['+12075550188', '+12075550111'];
let inbox: Inbox;
let ana: string;

const row = (contact: string): Row =>
  [...inbox.conversations.known.values()].find((one) => one.contact === contact) as Row;
const given = (name: string, bytes: Uint8Array<ArrayBuffer>, folder = false) => ({
  file: new File([bytes], name),
  folder,
});
const photo = (name = 'valve.jpg') => given(name, jpeg(40, 30));
const bagOf = (contact = MARIA): Promise<Bag> => inbox.sending.bag(row(contact).id);
const ready = (bag: Bag) =>
  until(() => bag.counted.length > 0 && bag.counted.every(({ state }) => state === 'ready'));
/** As Enter in the composer. */
const enter = (bag: Bag, words: string, contact = MARIA) =>
  inbox.sending.send(row(contact), words, null, bag.take());
const last = (contact = MARIA) => mock.world.timelines.get(row(contact).id).at(-1);
const stands = (bag: Bag) => bag.items.map(({ name, state }) => `${name}: ${state}`);
const whys = (bag: Bag) => bag.items.map(({ problem }) => problem);

/** Holds the bucket's answers back until the function it gives is called. */
function holdUploads(): () => void {
  let open = () => {};
  mock.files.held = new Promise<void>((resolve) => (open = resolve)) as never;
  return open;
}

beforeEach(async () => {
  ana = mock.world.me('ana@harbor.example').id;
  mock.world.drafts.clear();
  mock.files.faults = [];
  mock.files.held = null;
  await forgetEverything(ana);
  inbox = await openInbox();
});
afterEach(() => inbox.stop());

it('which way a file goes is told by its pixels and the words beside it', async () => {
  const bag = await bagOf();
  const up = { kind: 'photo' as const, content_type: 'image/jpeg', asks: false };
  const file = { ...up, name: 'roof.jpg', size: 4_999_900, width: 4000, height: 3000 };
  bag.give([{ ...file, id: ulid() }]);
  const way = () => [...bag.ways.values()].at(0);
  expect(way()).toEqual({ by: 'mms' });
  inbox.sending.draft(row(MARIA).id).write('x'.repeat(100));
  expect(way()).toEqual({ by: 'mms' });
  inbox.sending.draft(row(MARIA).id).write('x'.repeat(99) + 'é');
  expect(way()).toEqual({ by: 'link', why: 'full' });
  bag.remove(bag.counted[0]!);
  inbox.sending.draft(row(MARIA).id).write('');
  bag.give([{ ...file, id: ulid(), size: 900, width: 10_000, height: 5001 }]);
  expect(way()).toEqual({ by: 'link', why: 'size' });
});

it('a picture that is not up yet is told by what it says of itself', async () => {
  const open = holdUploads();
  const bag = await bagOf();
  bag.add([photo()]);
  await until(() => bag.counted[0]?.state === 'uploading');
  expect(bag.counted[0]?.pixels).toBe(1200);
  open();
  await ready(bag);
});

it('a camera takes one at a time, and photos are chosen several at once', () => {
  const input = document.createElement('input');
  input.type = 'file';
  let opened = 0;
  input.click = () => void opened++;
  const as = (from: From) => {
    pick(input, from);
    return [input.accept, input.multiple, input.getAttribute('capture')];
  };
  expect(as('camera')).toEqual(['image/*', false, 'environment']);
  expect(as('photos')).toEqual(['image/*,video/*', true, null]);
  expect(as('files')).toEqual(['', true, null]);
  expect(opened).toBe(3);
});

describe('a message with files', () => {
  it('waits for them, is on the screen meanwhile, and goes by itself once all are up', async () => {
    const open = holdUploads();
    const bag = await bagOf();
    bag.add([photo(), photo('again.jpg')]);
    const entry = enter(bag, 'The old valve');
    expect(inbox.sending.outbox.of(entry.conversation)[0]).toMatchObject({
      state: 'waits',
      text: 'The old valve',
    });
    expect(inbox.conversations.get(entry.conversation)?.last_message?.text).toBe('The old valve');
    expect(bag.items).toEqual([]);
    open();
    await until(() => last().text === 'The old valve');
    expect(last().media.map(({ name }: { name: string }) => name)).toEqual(['valve.jpg', 'again.jpg']);
  });

  it('goes before what was written after it', async () => {
    const open = holdUploads();
    const bag = await bagOf();
    bag.add([photo()]);
    enter(bag, 'First, with a photo');
    inbox.sending.send(row(MARIA), 'Second');
    open();
    await until(() => last().text === 'Second');
    expect(mock.world.timelines.get(row(MARIA).id).at(-2).text).toBe('First, with a photo');
  });

  it('needs no words, and its row says what it brings', async () => {
    const bag = await bagOf();
    bag.add([photo()]);
    await ready(bag);
    const { conversation } = enter(bag, '');
    expect(inbox.conversations.get(conversation)?.last_message?.text).toBe('Photo');
    await until(() => last().media.length === 1);
  });

  it('that cannot come up leaves nothing: the words and the good files are in the composer', async () => {
    const bag = await bagOf();
    // One of them is refused for good.
    mock.files.faults = [204, 400];
    bag.add([photo('one.jpg'), photo('two.jpg')]);
    const { id } = row(MARIA);
    const before = mock.world.timelines.get(id).length;
    enter(bag, 'Both of them');
    await until(() => bag.items.length === 2);
    expect(bag.items.map(({ state }) => state).sort()).toEqual(['failed', 'ready']);
    expect(inbox.sending.draft(id).text).toBe('Both of them');
    expect(mock.world.timelines.get(id)).toHaveLength(before);
    expect(inbox.sending.outbox.of(id)).toEqual([]);
    bag.items.find(({ state }) => state === 'failed')?.retry();
    await ready(bag);
    enter(bag, inbox.sending.draft(id).take());
    await until(() => last().media.length === 2);
  });

  it('comes back whole when it is refused and taken back', async () => {
    const bag = await bagOf();
    bag.add([given('warranty.pdf', text('%PDF-1.7 x'))]);
    await ready(bag);
    // Nobody was asked whether it may tell more than meant: it waits for its writer.
    const entry = enter(bag, 'The warranty');
    await until(() => inbox.sending.outbox.of(entry.conversation)[0]?.held?.why === 'tells');
    inbox.sending.withdraw(inbox.sending.outbox.of(entry.conversation)[0]!);
    await until(() => bag.items.length === 1 && inbox.sending.outbox.of(entry.conversation).length === 0);
    expect(inbox.sending.draft(entry.conversation).text).toBe('The warranty');
  });

  it('asks first where place, date and owner cannot be taken out', async () => {
    const bag = await bagOf();
    bag.add([given('warranty.pdf', text('%PDF-1.7 x')), photo()]);
    await ready(bag);
    const may = bag.mayLeave();
    expect([bag.asking, bag.telling.map(({ name }) => name)]).toEqual([true, ['warranty.pdf']]);
    bag.agree();
    expect(await may).toBe(true);
    enter(bag, 'The warranty');
    await until(() => last().media.length === 2);
  });

  it('asks nothing once that file is taken out', async () => {
    const bag = await bagOf();
    bag.add([given('warranty.pdf', text('%PDF-1.7 x'))]);
    await ready(bag);
    const may = bag.mayLeave();
    bag.remove(bag.items[0]!);
    expect(await may).toBe(false);
    expect(bag.asking).toBe(false);
  });
});

describe('a file', () => {
  it('whose line breaks, whose form is too old, is brought up by another try', async () => {
    const bag = await bagOf();
    mock.files.faults = [0, 403];
    bag.add([photo()]);
    await ready(bag);
    expect(bag.items[0]?.up?.name).toBe('valve.jpg');
  });

  it('that is empty, a folder, or one too many is refused by name, and the others stay', async () => {
    const bag = await bagOf();
    bag.add([photo('1.jpg'), given('empty.txt', new Uint8Array()), given('Photos', text('x'), true)]);
    bag.add(Array.from({ length: 10 }, (_, at) => photo(`${at + 2}.jpg`)));
    await until(() => bag.items.filter(({ state }) => state === 'ready').length === 10);
    expect(whys(bag).filter(Boolean)).toEqual([
      'This file is empty.',
      'This is a folder. Attach the files in it.',
      'A message takes 10 files. Send this one with the next.',
    ]);
    bag.tidy();
    expect(bag.items).toHaveLength(10);
  });

  it('that is taken out while it goes up is no part of the message', async () => {
    const open = holdUploads();
    const bag = await bagOf();
    bag.add([photo('one.jpg'), photo('two.jpg')]);
    await until(() => bag.items[0]?.state === 'uploading');
    bag.remove(bag.items[0]!);
    open();
    await ready(bag);
    enter(bag, 'Only the second');
    await until(() => last().text === 'Only the second');
    expect(last().media).toHaveLength(1);
  });

  it('belongs to its thread and never wanders to another', async () => {
    const [maria, derek] = [await bagOf(MARIA), await bagOf(DEREK)];
    maria.add([photo()]);
    await ready(maria);
    expect([maria.counted.length, derek.counted.length]).toEqual([1, 0]);
    inbox.sending.send(row(DEREK), 'Hello', null, derek.take());
    await until(() => last(DEREK).text === 'Hello');
    expect(last(DEREK).media).toEqual([]);
  });

  it('is what its bytes are, whatever it is called', async () => {
    const bag = await bagOf();
    bag.add([given('photo.png', text('<html><script>alert(1)</script>')), given('card.txt', png())]);
    await ready(bag);
    expect(bag.items.map(({ kind }) => kind)).toEqual(['file', 'photo']);
  });
});

describe('after a reload', () => {
  /** A page that goes ends what it was doing; here it goes on behind the next one, and is waited for. */
  const gone = async (open: () => void, ...files: readonly { state: string }[]) => {
    open();
    await until(() => files.every(({ state }) => state === 'ready'));
  };
  const reload = async () => {
    inbox.stop();
    inbox = await openInbox();
  };

  it('what was up is listed again, and what was not is told by name', async () => {
    const bag = await bagOf(DEREK);
    bag.add([photo('up.jpg')]);
    await ready(bag);
    const open = holdUploads();
    bag.add([photo('half.jpg')]);
    await until(() => bag.items[1]?.state === 'uploading');
    const before = bag.items;
    await reload();
    const { id } = row(DEREK);
    await until(() => (inbox.sending.draft(id).bag?.items.length ?? 0) > 0);
    const again = await bagOf(DEREK);
    expect([stands(again), again.lost]).toEqual([['up.jpg: ready'], ['half.jpg']]);
    enter(again, 'Here it is', DEREK);
    await until(() => last(DEREK).text === 'Here it is');
    expect(last(DEREK).media).toHaveLength(1);
    await gone(open, ...before);
  });

  it('a message that waited for its photo goes with it, once, and before what was written after it', async () => {
    const open = holdUploads();
    const bag = await bagOf(DEREK);
    bag.add([photo('half.jpg')]);
    enter(bag, 'Words worth keeping', DEREK);
    inbox.sending.send(row(DEREK), 'And after it');
    await until(async () => (await all(ana)).length === 2);
    await until(async () => {
      const [file] = (await all(ana))[0]!.files ?? [];
      return ((file && (await bytesOf(file.key!))?.size) ?? 0) > 0;
    });
    await reload();
    open();
    await until(() => last(DEREK).text === 'And after it');
    const { id } = row(DEREK);
    const [photoed, after] = mock.world.timelines.get(id).slice(-2);
    expect([photoed.text, photoed.media.length, after.media.length]).toEqual(['Words worth keeping', 1, 0]);
    await until(async () => (await all(ana)).length === 0);
  });

  it('several photos of a dead spot go with their message, in their order, and before what was written after them', async () => {
    network.on = false;
    const bag = await bagOf(DEREK);
    bag.add([photo('first.jpg'), photo('second.jpg'), photo('third.jpg')]);
    await until(() => bag.items.length === 3 && bag.items.every(({ state }) => state !== 'preparing'));
    enter(bag, 'Boiler, valve, plate', DEREK);
    inbox.sending.send(row(DEREK), 'That is all of it');
    await until(async () => {
      const [waits] = await all(ana);
      const kept = await Promise.all((waits?.files ?? []).map(({ key }) => bytesOf(key!)));
      return kept.length === 3 && kept.every((bytes) => (bytes?.size ?? 0) > 0);
    });
    inbox.stop();
    network.on = true;
    inbox = await openInbox();
    await until(() => last(DEREK).text === 'That is all of it');
    const [photos, after] = mock.world.timelines.get(row(DEREK).id).slice(-2);
    const names = (photos.media as { name: string }[]).map(({ name }) => name);
    expect([photos.text, names]).toEqual(['Boiler, valve, plate', ['first.jpg', 'second.jpg', 'third.jpg']]);
    expect(after.media).toEqual([]);
    await until(async () => (await all(ana)).length === 0);
  });

  it('one whose photo was too much for this device says so, and goes from this page', async () => {
    const open = holdUploads();
    const bag = await bagOf(DEREK);
    bag.add([photo('half.jpg')]);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const entry = enter(bag, 'Words worth keeping', DEREK);
    await until(() => inbox.sending.outbox.find(entry.id)?.unkept);
    network.on = false;
    open();
    await until(() => /this device has no room to keep it/.test(inbox.toasts.shown.at(-1)?.text ?? ''));
    expect(inbox.sending.outbox.find(entry.id)?.text).toBe('Words worth keeping');
    put.mockRestore();
    network.on = true;
    await until(() => {
      inbox.sending.outbox.flush();
      return last(DEREK).id === entry.id;
    });
    expect(last(DEREK).media).toHaveLength(1);
  });

  it('a photo of 30 MB that cannot be scaled here says so by name, and the words stay', async () => {
    const bag = await bagOf(DEREK);
    const draft = inbox.sending.draft(row(DEREK).id);
    draft.write('The whole roof');
    const huge = new Uint8Array(30_000_000);
    huge.set(jpeg(8000, 6000));
    bag.add([given('roof.jpg', huge)]);
    await until(() => bag.items[0]?.state === 'refused');
    expect([bag.items[0]?.problem, draft.text]).toEqual([expect.stringMatching(/30/), 'The whole roof']);
    expect(bag.counted).toEqual([]);
    draft.write('');
  });

  it('nothing of it is left behind on the device once its owner has signed out', async () => {
    const bag = await bagOf(DEREK);
    bag.add([photo()]);
    await ready(bag);
    await forgetEverything(ana);
    expect(Object.keys(localStorage).filter((key) => key.includes('files'))).toEqual([]);
  });
});

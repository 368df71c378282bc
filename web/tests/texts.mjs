// What the window makes of texts: a JSON list of them on stdin, what it shows and counts on stdout; with it what the
// provider's own calculator counts. The server's test asks (tests/browser/tests/texts.rs).
import { text } from 'node:stream/consumers';

import { SegmentedMessage } from 'sms-segments-calculator';
import { runnerImport } from 'vite';

const load = async (file) => (await runnerImport(`./src/features/${file}`, { configFile: false })).module;
const { parse, plain, sendable } = await load('thread/markdown.ts');
const { clean, takenOut } = await load('thread/clean.ts');
const { segments, excess } = await load('composer/segments.ts');

function read(words) {
  const leaves = plain(words);
  const { encoding, units, parts } = segments(leaves);
  return {
    clean: clean(words),
    taken_out: takenOut(words),
    sendable: sendable(words),
    shows: parse(words).map(shown),
    leaves,
    excess: excess(words),
    encoding,
    units,
    parts,
    theirs: leaves === '' ? 0 : new SegmentedMessage(leaves, 'auto').segmentsCount,
  };
}

function shown(node) {
  const { kind, text: words, href, children } = node;
  if (kind === 'text' || kind === 'code') return { [kind]: words };
  if (kind === 'link') return { link: { href, label: children.map(({ text }) => text).join('') } };
  return { [kind]: children.map(shown) };
}

const texts = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(texts.map(read)));

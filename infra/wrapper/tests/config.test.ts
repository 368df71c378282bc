// What whoever builds the app may say, and what is refused in words.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { AWAY, configOf, origin } from '../src/config';
import { drawn } from '../src/draw';

const URL = 'https://app.example.com';

test('the window is the hosted app, over https alone', () => {
  const config = configOf({ PORCHLIGHT_URL: `${URL}/` });
  // With no `allowNavigation`: no other address is given the bridge.
  assert.deepEqual(config.server, { url: URL, cleartext: false, errorPath: AWAY });
  assert.equal(config.ios?.limitsNavigationsToAppBoundDomains, true);
  assert.deepEqual([config.appId, config.appName], ['dev.porchlight.app', 'Porchlight']);
});

test('the business has an id and a name of its own', () => {
  const said = { PORCHLIGHT_URL: URL, PORCHLIGHT_APP_ID: 'com.example.harbor', PORCHLIGHT_APP_NAME: 'Harbor' };
  assert.deepEqual([configOf(said).appId, configOf(said).appName], ['com.example.harbor', 'Harbor']);
});

test('a wrong address is refused with the reason', () => {
  const wrong: [string | undefined, RegExp][] = [
    [undefined, /Set PORCHLIGHT_URL/],
    ['', /Set PORCHLIGHT_URL/],
    ['app.example.com', /no address/],
    ['http://app.example.com', /https/],
    ['https://ana:secret@app.example.com', /name or a password/],
    ['https://app.example.com/inbox', /origin/],
    ['https://app.example.com/?a=b', /origin/],
  ];
  for (const [said, why] of wrong) assert.throws(() => origin(said === undefined ? {} : { PORCHLIGHT_URL: said }), why);
});

test('an id that a store refuses is refused here', () => {
  for (const wrong of ['porchlight', 'com.1example', 'com.example.my-app', 'Com.Example', ''])
    assert.throws(() => configOf({ PORCHLIGHT_URL: URL, PORCHLIGHT_APP_ID: wrong }), /PORCHLIGHT_APP_ID/);
});

test('a page that nothing is kept for leads back to the app', () => {
  const page = drawn(readFileSync('page/away.html', 'utf8'), URL);
  assert.match(page, /<a href="https:\/\/app\.example\.com\/">Try again<\/a>/);
  assert.doesNotMatch(page, /<script/);
  assert.throws(() => drawn('<a>nowhere</a>', URL), /once/);
});

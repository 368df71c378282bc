import { chromium } from '@playwright/test';

export const executable = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];

export const browser = () => chromium.launch({ executablePath: executable, args: flags });

/** A window of somebody who has signed in here, with nothing cached: after a release, say. */
export async function freshWindow(browser, system, cookie) {
  const [name, ...value] = cookie.split('=');
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  await context.addCookies([{ name, value: value.join('='), url: system.url }]);
  await context.addInitScript(() => localStorage.setItem('porchlight.returning', 'yes'));
  const page = await context.newPage();
  return { context, page, devtools: await context.newCDPSession(page) };
}

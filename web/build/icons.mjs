// Draws the icons of the installed app from `public/favicon.svg`: `node build/icons.mjs`, when that changes; the pictures
// are committed. Chromium draws them (CHROMIUM says which).
import { chromium } from '@playwright/test';
import { readFileSync } from 'node:fs';

const folder = new URL('../public/', import.meta.url).pathname;
const logo = readFileSync(`${folder}favicon.svg`, 'utf8');
const GROUND = /<rect [^>]*fill="(#\w+)"\/>/;
const ground = GROUND.exec(logo)[1];
const mark = logo.replace(GROUND, '');

/** `fill`: how much of the width the mark takes on a ground without corners; without it the logo is drawn as it is. */
const ICONS = [
  { name: 'icons/192.png', size: 192 },
  { name: 'icons/512.png', size: 512 },
  // A system cuts its own shape out of these: all that matters is within a circle of four fifths.
  { name: 'icons/maskable-192.png', size: 192, fill: 0.8 },
  { name: 'icons/maskable-512.png', size: 512, fill: 0.8 },
  { name: 'apple-touch-icon.png', size: 180, fill: 0.94 },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage();
for (const { name, size, fill } of ICONS) {
  await page.setViewportSize({ width: size, height: size });
  const width = size * (fill ?? 1);
  await page.setContent(
    `<style>body{margin:0;height:${size}px;display:grid;place-items:center;background:${fill ? ground : 'transparent'}}svg{width:${width}px;height:${width}px}</style>${fill ? mark : logo}`,
  );
  await page.screenshot({ path: folder + name, omitBackground: true });
}
await browser.close();

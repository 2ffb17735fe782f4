// How the list of traces behaves in a browser over many runs: time to the first rows, pages, scrolling, elements, memory.
//
//     node bench/browser.mjs DIRECTORY [BINARY]
//
// DIRECTORY is one that bench/million.py made. Uses the Playwright of tests/e2e (`cargo xtask test browser` installs it).
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';

const require = createRequire(new URL('../tests/e2e/package.json', import.meta.url));
const { chromium } = require('@playwright/test');
const [directory, binary = new URL('../target/release/fanlight', import.meta.url).pathname] = process.argv.slice(2);
const ROUND_TRIPS = 50;

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const url = `http://127.0.0.1:${port}`;
const server = spawn(binary, ['serve', '--addr', `127.0.0.1:${port}`, '--data', directory], { stdio: 'ignore' });
const flags = '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const browser = await chromium.launch({
  executablePath: process.env.FANLIGHT_CHROMIUM ?? '/usr/bin/chromium',
  args: [...flags.split(' '), '--js-flags=--expose-gc'],
});

const say = (what, value) => console.log(`${what.padEnd(44)} ${value}`);
const ms = (from) => `${(performance.now() - from).toFixed(0)} ms`;

try {
  for (;;) {
    const ready = await fetch(`${url}/readyz`).catch(() => null);
    if (ready?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const [project] = await (await fetch(`${url}/api/v1/sessions?name=bench`)).json();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const list = `${url}/projects/${project.id}/traces`;
  const rows = page.getByRole('grid').getByRole('row');
  const nodes = () => page.evaluate(() => document.querySelectorAll('*').length);
  const heapMb = async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    // JavaScript's objects, those of the browser for them, and buffers: WebAssembly's memory is one.
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await session.send('Runtime.getHeapUsage');
    await session.detach();
    return (usedSize + embedderHeapUsedSize + backingStorageSize) / 1e6;
  };

  for (const scope of ['', '?scope=runs']) {
    const name = scope === '' ? 'traces' : 'runs';
    await page.goto(list + scope);
    await rows.nth(5).waitFor();
    const began = performance.now();
    await page.goto(list + scope);
    await rows.nth(5).waitFor();
    say(`first rows of ${name}, files cached`, ms(began));
    say(`elements on the page of ${name}`, await nodes());
  }
  await page.goto(list);
  await rows.nth(5).waitFor();

  // Scrolling at 3,000 px/s: frames that took too long, and moments without a row.
  const scrolled = await page.evaluate(async () => {
    const grid = document.querySelector('[role=grid]');
    const scroller = [grid, ...grid.querySelectorAll('*')].find((it) => it.scrollHeight > it.clientHeight + 10) ?? grid.closest('.virtual-list') ?? grid.parentElement;
    const frames = [];
    let blank = 0;
    let last = performance.now();
    const until = last + 5000;
    while (last < until) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      frames.push(now - last);
      scroller.scrollTop += ((now - last) * 3000) / 1000;
      last = now;
      if (grid.querySelectorAll('[role=row]').length < 10) blank += 1;
    }
    frames.sort((a, b) => a - b);
    return { p50: frames[frames.length >> 1], p95: frames[Math.floor(frames.length * 0.95)], blank, top: scroller.scrollTop };
  });
  say('scrolling: frame p50, p95', `${scrolled.p50.toFixed(1)} ms, ${scrolled.p95.toFixed(1)} ms; ${scrolled.blank} blank; ${Math.round(scrolled.top)} px`);
  say('elements after scrolling', await nodes());

  await page.goto(list);
  await rows.nth(5).waitFor();
  const open = async () => {
    await rows.nth(3).click();
    await page.getByRole('treegrid', { name: 'Runs' }).waitFor();
    await page.goBack();
    await rows.nth(5).waitFor();
  };
  for (let warm = 0; warm < 3; warm += 1) await open();
  const before = await heapMb();
  for (let trip = 0; trip < ROUND_TRIPS; trip += 1) await open();
  say(`heap before and after ${ROUND_TRIPS} round trips`, `${before.toFixed(1)} MB, ${(await heapMb()).toFixed(1)} MB`);
  say('elements after them', await nodes());
} finally {
  await browser.close();
  server.kill('SIGTERM');
}

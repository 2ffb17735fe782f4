// How a large trace behaves in a browser: time to the first rows, zooming, folding, finding, idling, elements, memory.
//
//     node bench/waterfall.mjs [--runs 100000] [--shape agent] [--binary target/release/fanlight] [--url URL/OF/A/TRACE]
//
// Starts the server with an empty data directory and sends the trace with bench/trace.py; with --url it opens a trace that
// is there. Uses the Playwright of tests/e2e (`cargo xtask test browser` installs it). Bars: docs/budgets.md.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const require = createRequire(new URL('../tests/e2e/package.json', import.meta.url));
const { chromium } = require('@playwright/test');
const here = (path) => new URL(path, import.meta.url).pathname;
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    shape: { type: 'string', default: 'agent' },
    binary: { type: 'string', default: here('../target/release/fanlight') },
    url: { type: 'string' },
  },
});

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (what, value) => console.log(`${what.padEnd(52)} ${value}`);
const ms = (number) => `${number.toFixed(0)} ms`;

async function serve() {
  const port = await new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
  const data = mkdtempSync(join(tmpdir(), 'fanlight-waterfall-'));
  const server = spawn(options.binary, ['serve', '--addr', `127.0.0.1:${port}`, '--data', data], { stdio: 'ignore' });
  const stop = () => {
    server.kill('SIGTERM');
    server.once('exit', () => rmSync(data, { recursive: true, force: true }));
  };
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    const ready = await fetch(`${url}/readyz`).catch(() => null);
    if (ready?.ok) break;
    await sleep(100);
  }
  const sent = execFileSync('python3', [here('trace.py'), '--shape', options.shape, '--runs', options.runs, '--url', url]);
  const address = sent.toString().trim().split('\n').at(-1);
  return { address, stop };
}

// Runs in the page before anything else: what it counts, nothing of Fanlight's knows of.
function watch() {
  const seen = { frames: 0, timers: 0, tasks: [], events: [], firstRows: 0, minimap: 0 };
  window.seen = seen;
  // Fanlight counts what it paints where this is set (docs/budgets.md), and publishes it by replacing the object.
  localStorage.setItem('fanlight_counters', '1');
  let counters;
  Object.defineProperty(window, 'fanlightCounters', {
    get: () => counters,
    set: (next) => {
      counters = next;
      if (next.minimap.frames > 0) seen.minimap ||= performance.now();
      seen.onPainted?.(next);
    },
  });
  // A debug build has more files than are kept otherwise.
  performance.setResourceTimingBufferSize(2_000);
  const { requestAnimationFrame, setTimeout, setInterval } = window;
  window.requestAnimationFrame = (call) => requestAnimationFrame.call(window, (now) => {
    seen.frames += 1;
    call(now);
  });
  for (const [name, original] of Object.entries({ setTimeout, setInterval })) {
    window[name] = (call, ...rest) => original.call(window, typeof call === 'function' ? (...args) => {
      seen.timers += 1;
      call(...args);
    } : call, ...rest);
  }
  const note = (list) => (entries) => list.push(...entries.getEntries().map(({ name, startTime, duration }) => ({ name, startTime, duration })));
  new PerformanceObserver(note(seen.tasks)).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver(note(seen.events)).observe({ type: 'event', durationThreshold: 16, buffered: true });
  const { instantiate, instantiateStreaming } = WebAssembly;
  const keepMemory = (made) => {
    seen.memory ??= (made.instance ?? made).exports.memory;
    return made;
  };
  WebAssembly.instantiate = (...args) => instantiate.apply(WebAssembly, args).then(keepMemory);
  WebAssembly.instantiateStreaming = (...args) => instantiateStreaming.apply(WebAssembly, args).then(keepMemory);
  const rows = new MutationObserver(() => {
    if (!document.querySelector('[role=treegrid] [role=row]')) return;
    rows.disconnect();
    requestAnimationFrame.call(window, () => requestAnimationFrame.call(window, () => (seen.firstRows = performance.now())));
  });
  rows.observe(document, { childList: true, subtree: true });
}

const server = options.url ? { address: options.url, stop: () => {} } : await serve();
const flags = '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const browser = await chromium.launch({
  executablePath: process.env.FANLIGHT_CHROMIUM ?? '/usr/bin/chromium',
  args: [...flags.split(' '), '--js-flags=--expose-gc'],
});

try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript(watch);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable');
  await devtools.send('HeapProfiler.enable');
  await devtools.send('Network.enable');
  let wireBytes = 0;
  const skeletons = new Set();
  devtools.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.url.includes('/skeleton')) skeletons.add(requestId);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (skeletons.has(requestId)) wireBytes = encodedDataLength;
  });

  const nRuns = Number(options.runs);
  const treegrid = page.getByRole('treegrid', { name: 'Runs' });
  const open = async () => {
    await page.goto(server.address);
    await treegrid.getByRole('row').first().waitFor({ timeout: 120_000 });
    await page.waitForFunction(() => window.seen.firstRows > 0);
  };
  await open();
  // The second time the files are in the browser's cache, as they are for everyone who was here before.
  await open();
  const first = await page.evaluate(() => {
    const [skeleton] = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/skeleton'));
    return { rows: window.seen.firstRows - skeleton.responseStart, minimap: window.seen.minimap - skeleton.responseStart, received: skeleton.responseEnd - skeleton.responseStart, longest: Math.max(0, ...window.seen.tasks.map(({ duration }) => duration)) };
  });
  say('first rows, from response start', ms(first.rows));
  say('  of that until the last byte', ms(first.received));
  say('map of the whole painted, from response start', ms(first.minimap));
  say('  longest task', ms(first.longest));
  await sleep(2000);
  say('wire bytes a run', (wireBytes / nRuns).toFixed(1));
  say('elements on the page', await page.evaluate(() => document.querySelectorAll('*').length));
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await devtools.send('Runtime.getHeapUsage');
  const wasmBytes = await page.evaluate(() => window.seen.memory?.buffer.byteLength ?? 0);
  say('memory: JavaScript and elements, WebAssembly', `${((usedSize + embedderHeapUsedSize + backingStorageSize) / 1e6).toFixed(1)} MB, ${(wasmBytes / 1e6).toFixed(1)} MB`);

  /** What the main thread has done so far, in milliseconds: all of it, and of that scripts, styles, layout. */
  const PARTS = ['TaskDuration', 'ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'];
  const workDone = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return PARTS.map((part) => (metrics.find(({ name }) => name === part)?.value ?? 0) * 1000);
  };
  /** How long the main thread worked for each frame while `act` ran. */
  const perFrame = async (what, act) => {
    const before = { frames: await page.evaluate(() => window.seen.frames), work: await workDone(), tasks: await page.evaluate(() => window.seen.tasks.length) };
    await act();
    await sleep(300);
    const frames = (await page.evaluate(() => window.seen.frames)) - before.frames;
    const [work, script, style, layout] = (await workDone()).map((done, part) => ((done - before.work[part]) / Math.max(1, frames)).toFixed(1));
    const tasks = (await page.evaluate(() => window.seen.tasks.length)) - before.tasks;
    say(what, `${work} ms of work a frame (scripts ${script}, styles ${style}, layout ${layout}), ${frames} frames, ${tasks} tasks over 50 ms`);
  };
  const chart = page.locator('.waterfall-chart, .chart').first();
  const box = (await chart.count()) ? await chart.boundingBox() : { x: 700, y: 300, width: 500, height: 400 };
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await perFrame('zooming in and out (60 wheel events)', async () => {
    await page.keyboard.down('Control');
    for (let step = 0; step < 60; step += 1) {
      await page.mouse.wheel(0, step < 30 ? -120 : 110);
      await sleep(16);
    }
    await page.keyboard.up('Control');
  });
  await perFrame('panning (60 wheel events)', async () => {
    await page.keyboard.down('Shift');
    for (let step = 0; step < 60; step += 1) {
      await page.mouse.wheel(0, step < 30 ? 60 : -60);
      await sleep(16);
    }
    await page.keyboard.up('Shift');
  });
  await perFrame('scrolling rows (60 wheel events)', async () => {
    for (let step = 0; step < 60; step += 1) {
      await page.mouse.wheel(0, step < 30 ? 400 : -400);
      await sleep(16);
    }
  });

  /** From an event of the pointer until its canvas is painted, the median of ten. */
  const pointerToPaint = async (what, type, canvas, act) => {
    const took = [];
    for (let step = 0; step < 10; step += 1) {
      const painted = page.evaluate(([type, canvas]) => new Promise((resolve) => {
        let began = 0;
        window.addEventListener(type, () => (began ||= performance.now()), { capture: true, once: true });
        let frames = window.fanlightCounters[canvas].frames;
        window.seen.onPainted = (now) => {
          if (began === 0 || now[canvas].frames === frames) return;
          window.seen.onPainted = null;
          resolve(performance.now() - began);
        };
        setTimeout(() => resolve(Number.NaN), 3000);
      }), [type, canvas]);
      await sleep(50);
      await act(step);
      took.push(await painted);
      await sleep(150);
    }
    took.sort((one, other) => one - other);
    say(what, `${ms(took[5])}, slowest ${ms(took[9])}`);
  };
  await pointerToPaint('pointer moved, to the overlay painted', 'pointermove', 'overlay', (step) => page.mouse.move(box.x + 60 + step * 31, box.y + 40 + step * 27));
  await pointerToPaint('click on a row, to the selection painted', 'click', 'overlay', async (step) => {
    await page.mouse.click(box.x + 60, box.y + 60 + step * 26);
  });

  /** From the key to the frame that shows what it did, as the browser's own event timing has it. */
  const keyToPaint = async (what, key) => {
    await page.evaluate(() => (window.seen.events.length = 0));
    await page.keyboard.press(key);
    await sleep(600);
    const slowest = await page.evaluate(() => Math.max(0, ...window.seen.events.filter(({ name }) => name === 'keydown').map(({ duration }) => duration)));
    say(what, slowest === 0 ? '< 16 ms' : ms(slowest));
  };
  await treegrid.getByRole('row').first().click();
  await page.keyboard.press('Home');
  await keyToPaint('fold the root, key to paint', 'ArrowLeft');
  await keyToPaint('unfold the root, key to paint', 'ArrowRight');
  await keyToPaint('unfold everything below it, key to paint', 'Shift+ArrowRight');
  await keyToPaint('fold everything below it, key to paint', 'Shift+ArrowLeft');
  await keyToPaint('next error, key to paint', 'e');
  await keyToPaint('fit the whole trace, key to paint', '0');
  await keyToPaint('critical path, key to paint', 'p');
  await page.keyboard.press('p');

  await page.keyboard.press('/');
  await page.evaluate(() => (window.seen.events.length = 0));
  await page.keyboard.type('search_orders', { delay: 40 });
  await sleep(800);
  const typing = await page.evaluate(() => Math.max(0, ...window.seen.events.map(({ duration }) => duration)));
  say('typing in the search box, slowest key to paint', typing === 0 ? '< 16 ms' : ms(typing));
  await page.keyboard.press('Escape');
  await sleep(1500);

  const idle = await page.evaluate(async () => {
    const before = { ...window.seen };
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    // The timer that waited is one.
    return { frames: window.seen.frames - before.frames, timers: window.seen.timers - before.timers - 1 };
  });
  say('frames and timers in 10 s without input', `${idle.frames}, ${idle.timers}`);
  say('tasks over 50 ms in the whole session', await page.evaluate(() => window.seen.tasks.map(({ duration }) => Math.round(duration)).join(' ') || 'none'));
  say('elements at the end', await page.evaluate(() => document.querySelectorAll('*').length));
} finally {
  await browser.close();
  server.stop();
}

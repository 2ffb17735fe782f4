// Conversations: found in the list, read turn by turn, each turn a step from its trace.
import { address, expect, test } from './support/fixtures';
import { sendLongThread, sendTurns, turn } from './support/threads';

// What a thread id may hold that an address cannot.
const ODD = 'support/50 % off? #7 ~25';

test('a conversation is found, read, and followed into a trace and back', async ({ page, project, api }) => {
  const turns = await sendTurns(api, project, [
    turn(ODD, 'Where is my parcel?', 'It left the warehouse today.'),
    turn(ODD, 'When will it come?', 'Let me look.', {
      inputs: {
        messages: [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: 'Where is my parcel?' },
          { role: 'assistant', content: 'It left the warehouse today.' },
          { role: 'user', content: 'When will it come?' },
        ],
      },
      outputs: {
        messages: [
          { role: 'assistant', content: 'Let me look.', tool_calls: [{ id: 'c1', function: { name: 'track_parcel', arguments: '{"parcel": 7}' } }] },
          { role: 'tool', tool_call_id: 'c1', content: 'in two days' },
          { role: 'assistant', content: 'In two days.' },
        ],
      },
    }),
    turn(ODD, 'Can I have my money back?', '', { outputs: undefined, error: 'TimeoutError: the refund service did not answer' }),
  ]);
  await sendTurns(api, project, [turn('another', 'Do you sell shoes?', 'We do.')]);

  await page.goto(address.threads(project));
  const row = page.getByRole('row', { name: /support\/50 % off/ });
  await expect(row).toContainText('Where is my parcel?');
  await expect(row).toContainText('TimeoutError: the refund service did not answer');
  await expect(row.getByRole('gridcell').nth(4)).toHaveText(/^3/);
  await expect(row.getByRole('img', { name: 'Failed' })).toBeAttached();

  await page.keyboard.press('/');
  await page.keyboard.type('parcel');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=parcel/);
  await expect(page.getByRole('row', { name: /another/ })).toHaveCount(0);
  await row.click();

  await expect(page.getByRole('heading', { level: 1 })).toContainText(ODD);
  const [first, second, third] = ['Turn 1', 'Turn 2', 'Turn 3'].map((name) => page.getByRole('article', { name, exact: true }));
  await expect(first).toContainText('It left the warehouse today.');
  await expect(second).toContainText('3 earlier messages were sent along');
  await expect(second).toContainText('In two days.');
  await expect(second).not.toContainText('It left the warehouse today.');
  await expect(third).toContainText('TimeoutError: the refund service did not answer');
  await second.getByText('Called track_parcel').click();
  await expect(second).toContainText('in two days');

  await page.keyboard.press('Escape');
  await first.focus();
  await page.keyboard.press('j');
  await expect(second).toBeFocused();
  await expect(page).toHaveURL(new RegExp(`turn=${turns[1]?.id}`));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('treegrid', { name: 'Runs' })).toBeVisible();
  expect(page.url()).toContain(turns[1]?.id ?? '');

  await page.getByRole('link', { name: /^thread / }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(ODD);
  await expect(second).toBeFocused();
});

test('a link to a turn opens there, and is copied by a key', async ({ page, project, api }) => {
  await sendLongThread(api, project, 'long', 60);
  await page.goto(address.thread(project, 'long'));
  await expect(page.getByRole('article', { name: 'Turn 1', exact: true })).toContainText('answer 1');
  await page.keyboard.press('End');
  const last = page.getByRole('article', { name: 'Turn 60', exact: true });
  await expect(last).toBeFocused();
  await expect(last).toContainText('answer 60');
  await page.keyboard.press('k');
  await page.keyboard.press('y');
  await expect(page.getByText('Link copied')).toBeVisible();
  await page.goto(await page.evaluate(() => navigator.clipboard.readText()));
  await expect(page.getByRole('article', { name: 'Turn 59', exact: true })).toBeFocused();
});

test('a thousand turns are read through without drawing them all', async ({ page, project, api }) => {
  test.slow();
  await sendLongThread(api, project, 'endless', 1000);
  await page.goto(address.thread(project, 'endless'));
  await expect(page.getByText('turns 1,000')).toBeVisible({ timeout: 15_000 });
  const feed = page.getByRole('feed', { name: 'Turns' });
  await feed.hover();
  await expect(async () => {
    await page.mouse.wheel(0, 3000);
    await expect(page.getByRole('article', { name: 'Turn 60', exact: true })).toBeVisible({ timeout: 250 });
  }).toPass({ timeout: 20_000 });
  expect(await feed.getByRole('article').count(), 'turns that exist at once').toBeLessThanOrEqual(30);
  // And back up: nothing is skipped.
  await expect(async () => {
    await page.mouse.wheel(0, -3000);
    await expect(page.getByRole('article', { name: 'Turn 1', exact: true })).toBeVisible({ timeout: 250 });
  }).toPass({ timeout: 20_000 });
});

test('a turn that runs is followed until it ends, and the next one joins', async ({ page, project, api }) => {
  const [running] = await sendTurns(api, project, [turn('live', 'Are you there?', '', { outputs: undefined, duration: null })]);
  await page.goto(address.thread(project, 'live'));
  const first = page.getByRole('article', { name: 'Turn 1', exact: true });
  await expect(first).toContainText('Still running');
  if (!running) throw new Error('it was sent');
  await api.patchRun(running, { end_time: new Date().toISOString(), outputs: { messages: [{ role: 'assistant', content: 'I am.' }] } });
  await expect(first).toContainText('I am.');
  await expect(first).not.toContainText('Still running');
  await api.sendTrace(project, turn('live', 'Good.', 'Is it?'), Date.now());
  await expect(page.getByRole('article', { name: 'Turn 2', exact: true })).toContainText('Is it?');
});

test('a thumb is given to a turn where it is read', async ({ page, project, api }) => {
  const [sent] = await sendTurns(api, project, [turn('rated', 'Hello?', 'Hello!')]);
  await page.goto(address.thread(project, 'rated'));
  const first = page.getByRole('article', { name: 'Turn 1', exact: true });
  await first.getByRole('button', { name: 'Thumbs up' }).click();
  await expect.poll(async () => (await api.listFeedback(sent?.id ?? '')).map((feedback) => feedback.score)).toEqual([1]);
  await page.reload();
  await expect(first.getByRole('button', { name: 'Thumbs up' })).toHaveAttribute('aria-pressed', 'true');
});

test('threads that speak wait until their reader is ready', async ({ page, project, api }) => {
  for (const thread of ['one', 'two', 'three']) await sendTurns(api, project, [turn(thread, `Hello from ${thread}`, 'Hi')]);
  await page.goto(address.threads(project));
  const rows = page.getByRole('grid', { name: 'Threads' }).getByRole('row');
  await expect(rows.nth(1)).toBeVisible();
  const names = async () => (await rows.allTextContents()).slice(1).map((text) => /(one|two|three|four)/.exec(text)?.[1]);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const focused = page.locator('[role=row]:focus');
  await expect(focused).toBeVisible();
  // Without the last cell: what was just now is a minute ago soon.
  const spoken = async () => (await focused.getByRole('gridcell').allTextContents()).slice(0, -1);
  const before = await spoken();
  expect(before.join()).toContain('Hello from');

  await api.sendTrace(project, turn('one', 'Again', 'Hi again'), Date.now());
  await api.sendTrace(project, turn('four', 'Hello from four', 'Hi'), Date.now());
  const chip = page.getByRole('button', { name: '2 updated' });
  await expect(chip).toBeVisible();
  expect(await spoken(), 'the row under the cursor').toEqual(before);
  await chip.click();
  await expect(chip).toHaveCount(0);
  expect(new Set(await names())).toEqual(new Set(['one', 'two', 'three', 'four']));
});

test('a filter that cannot be read says why and keeps the list', async ({ page, project, api }) => {
  await sendTurns(api, project, [turn('one', 'Hello', 'Hi')]);
  await page.goto(address.threads(project));
  const row = page.getByRole('row', { name: /one/ });
  await expect(row).toBeVisible();
  const field = page.getByRole('searchbox', { name: 'Search and filter threads' });
  await field.fill('latency:>');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(/.+/);
  await expect(row).toBeVisible();
  await field.fill('status:error');
  await expect(page.getByRole('heading', { name: 'No thread matches' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(row).toBeVisible();
});

test('a project without threads says how to make one', async ({ page, project, api }) => {
  await page.goto(address.threads(project));
  await expect(page.getByRole('heading', { name: 'No threads yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Copy the Python lines' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('"thread_id": "conversation-1"');
  await sendTurns(api, project, [turn('first', 'Hello', 'Hi')]);
  await expect(page.getByRole('row', { name: /first/ })).toBeVisible();
});

// What a project may cost in a month: set, exceeded and said, and taken away.
import type { Api, Project } from './support/api';
import { expect, expectAccessible, test } from './support/fixtures';

/** One trace now, whose call says itself that it cost so many dollars, and one of a model without a price. */
async function sendCalls(api: Api, project: Project, dollars: number): Promise<void> {
  const usage = { input_tokens: 700, output_tokens: 300, total_tokens: 1000 };
  await api.sendTrace(project, {
    name: 'answer',
    children: [
      { name: 'chat', type: 'llm', extra: { metadata: { ls_model_name: 'gpt-4o' } }, outputs: { usage_metadata: { ...usage, total_cost: dollars } } },
      { name: 'local', type: 'llm', extra: { metadata: { ls_model_name: 'my-llama-7b' } }, outputs: { usage_metadata: usage } },
    ],
  }, Date.now() - 1000);
}

test('a budget is set, exceeded and said, and taken away', async ({ page, project, api }) => {
  await sendCalls(api, project, 12.4);
  await page.goto(`/projects/${project.id}/monitor`);
  const month = page.getByRole('region', { name: 'This month' });
  await expect(month).toContainText('$12.40');
  await expect(month).toContainText('No budget is set');
  await expect(month).toContainText('Without 1 of 2 model calls (50.0 %, 1,000 tokens) that have no price');
  await month.getByRole('button', { name: 'Set a budget…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set a budget' });
  const field = dialog.getByLabel('US dollars a month');
  await expect(field).toBeFocused();
  await field.fill('-3');
  await expect(field).toHaveAccessibleDescription('US dollars, more than 0, such as 120.50');
  await field.fill('$1,000');
  await field.press('Enter');
  await expect(month).toContainText('$12.40 of $1,000.00');
  await expect(month).toContainText('$987.60 of the budget is left');
  await expectAccessible(page);

  await sendCalls(api, project, 1200);
  await page.getByRole('button', { name: 'Count again, up to now' }).click();
  await expect(month).toContainText('Over budget by $212.40');

  await month.getByRole('button', { name: 'Change budget…' }).click();
  await expect(page.getByRole('dialog').getByLabel('US dollars a month')).toHaveValue('1000');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Remove budget' }).click();
  await expect(month).toContainText('No budget is set');
});

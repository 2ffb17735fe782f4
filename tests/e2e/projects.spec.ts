// Projects: made, renamed, deleted; and what an empty one says.
import { address, expect, test } from './support/fixtures';

test('a project is created, renamed and deleted', async ({ page, api }) => {
  await page.goto(address.projects());
  await page.getByRole('button', { name: 'New project' }).click();
  const name = `made by hand ${Date.now()}`;
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Create project' }).click();
  await expect(page.getByRole('heading', { name: 'No traces yet' })).toBeVisible();

  await page.goto(address.projects());
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(`${name}, renamed`);
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('link', { name: `${name}, renamed` }).first()).toBeVisible();

  await page.getByRole('button', { name: `Actions for ${name}, renamed` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete project' });
  await expect(confirm).toBeDisabled();
  await page.getByRole('dialog').getByLabel("Type the project's name to confirm").fill(`${name}, renamed`);
  await confirm.click();
  await expect(page.getByRole('dialog').getByRole('status')).toContainText(/freed|The file is/, { timeout: 20_000 });
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(page.getByRole('link', { name: `${name}, renamed` })).toHaveCount(0);
  expect((await api.listProjects()).map((project) => project.name)).not.toContain(`${name}, renamed`);
});

test('a name that is taken is said in the dialog', async ({ page, project, problems }) => {
  await page.goto(address.projects());
  await page.getByRole('button', { name: 'New project' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(project.name);
  await page.getByRole('dialog').getByRole('button', { name: 'Create project' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('exists');
  await expect(page.getByRole('dialog').getByLabel('Name')).toHaveValue(project.name);
  // The browser reports the 409 by itself.
  problems.length = 0;
});

test('an empty project says how to send traces, and becomes a list by itself', async ({ page, project, api }) => {
  await page.goto(address.traces(project));
  await expect(page.getByText(`LANGSMITH_ENDPOINT=${api.url}`).first()).toBeVisible();
  await expect(page.getByText(`LANGSMITH_PROJECT=`).first()).toBeVisible();
  await api.sendTrace(project, { name: 'the first one' });
  await expect(page.getByRole('row', { name: /the first one/ })).toBeVisible();
});

test('projects are sought by name, and say how busy they were', async ({ page, project, api }) => {
  await api.sendTrace(project, { name: 'good' });
  await api.sendTrace(project, { name: 'bad', error: 'ValueError: no' });
  await page.goto(address.projects());
  const row = page.getByRole('row', { name: project.name });
  await expect(row.getByRole('img')).toHaveAccessibleName(/2 traces in 7 days, 1 failed/);
  await expect(row).toContainText('50 %');

  await page.keyboard.press('/');
  await page.keyboard.type(project.name.slice(-13));
  await expect(page).toHaveURL(/q=/);
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('searchbox', { name: 'Find a project' }).fill('nothing of this name');
  await page.getByRole('button', { name: 'Show all projects' }).click();
  await expect(row).toBeVisible();
});

// A teacher has simulated students play a case, reads the table, and looks at the case's history.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { NARROW, WIDE, look, startBrowser, visitor } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { signIn } from "./support/walks.mjs";

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const CASE = "headache-halvorsen-73";
const TITLE = 'title = { en = "A headache at last", zh = "头痛了很久" }';
const ways = [
  { language: "en", size: WIDE, dark: false },
  { language: "zh", size: NARROW, dark: false },
  { language: "zh", size: WIDE, dark: true },
  { language: "en", size: NARROW, dark: true },
];

for (const way of ways) {
  test(`a teacher tries a case and reads its history (${way.language}, ${way.size.width} px, ${way.dark ? "dark" : "light"})`, async () => {
    const server = await startServer();
    try {
      await walk(server, way);
    } finally {
      await server.stop();
    }
  });
}

async function walk(server, options) {
  const teacher = await visitor(browser, server, options);
  const { page } = teacher;
  await signIn(page, "teacher");
  await page.goto(`/manage/cases/${CASE}/dry-run`);
  await look(teacher, "dry-empty");
  await page.locator("main form button").click();
  await page.locator("main table").first().waitFor({ timeout: 120_000 });
  assert.equal(await page.locator("main progress").count(), 0);
  await look(teacher, "dry-found");
  await page.locator("main details summary").first().click();
  assert.notEqual(await page.locator("main details[open] blockquote").first().innerText(), "");

  await page.locator(`main a[href="/manage/cases/${CASE}/versions"]`).click();
  await look(teacher, "versions-one");
  await page.goto(`/manage/cases/${CASE}/1`);
  await look(teacher, "case-with-provenance");

  const shipped = await readFile(new URL(`../../cases/library/${CASE}.toml`, import.meta.url), "utf8");
  const changed = shipped.replace(/^version = 1$/m, "version = 2").replace(/^title = .*$/m, TITLE);
  await page.goto("/manage/cases/new");
  await page.locator("#text").fill(changed);
  await page.locator("main form button").click();
  await page.waitForURL(new RegExp(`${CASE}/2`));
  await page.goto(`/manage/cases/${CASE}/versions`);
  await look(teacher, "versions-two");
  await page.locator(`main a[href="/manage/cases/${CASE}/diff/1/2"]`).click();
  assert.match(await page.locator("main table").innerText(), /A headache at last/);
  assert.equal(await page.locator("main table").count(), 1, "nothing but the title changed");
  await look(teacher, "version-diff");

  await page.goto(`/manage/cases/${CASE}/versions`);
  await page.locator(`main form[action="/manage/cases/${CASE}/1/restore"] button`).click();
  await page.waitForURL(new RegExp(`${CASE}/3\\?done=saved`));
  await look(teacher, "version-restored");
  await page.goto(`/manage/cases/${CASE}/diff/1/3`);
  assert.equal(await page.locator("main table").count(), 0, "what is taken up again is as it was");
  await look(teacher, "version-same");
}

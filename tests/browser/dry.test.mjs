// A teacher has simulated students play a case, reads the table, and looks at the case's history.

import assert from "node:assert/strict";
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

  await page.locator(`main a[href="/manage/cases/${CASE}/versions"]`).click();
  await look(teacher, "versions-one");
  await page.goto(`/manage/cases/${CASE}/1`);
  await look(teacher, "case-with-provenance");
}

// Where a case comes from is shown, goes out in a file and comes back; and an examiner decides items by
// keyboard, the points of the scheme following.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { NARROW, WIDE, look, startBrowser, visitor } from "./support/browser.mjs";
import { enter, focusIsSeen, tabTo } from "./support/keyboard.mjs";
import { startServer } from "./support/server.mjs";
import { QUESTIONS, ask, finish, signIn } from "./support/walks.mjs";

const CASE = "chest-tightness-lin-58";
const SAYS = {
  en: { from: /Started from/, changed: /Changed since it was exported/, intact: /As it was exported/, credit: /Based on/, reason: "Asked in other words", machine: /The program’s own were/ },
  zh: { from: /以此为底本/, changed: /导出后被改动过/, intact: /与导出时一致/, credit: /改编自/, reason: "换了说法问过", machine: /程序原评/ },
};

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const ways = [
  { language: "en", size: WIDE },
  { language: "zh", size: NARROW },
  { language: "zh", size: WIDE, dark: true },
  { language: "en", size: NARROW, dark: true },
];

async function withServer(walk) {
  const server = await startServer();
  try {
    await walk(server);
  } finally {
    await server.stop();
  }
}

/** Pastes a case file and brings it in. */
async function bringIn(page, text) {
  await page.goto("/manage/cases/new");
  await page.locator("#text").fill(text);
  await page.locator("main form button").click();
}

for (const way of ways) {
  test(`a case says where it comes from (${way.language}, ${way.size.width} px)`, () =>
    withServer(async (server) => {
      const says = SAYS[way.language];
      const teacher = await visitor(browser, server, way);
      const { page, faults } = teacher;
      await signIn(page, "teacher");
      await page.goto("/manage/cases/write");
      await page.locator("#case").selectOption(CASE);
      await page.locator("form:has(#case) button").click();
      await page.waitForURL(/\/edit$/);
      assert.match(await page.locator(".provenance").innerText(), says.from, "the form says so from the beginning");
      await page.locator("button[name=do][value=keep]").click();
      await page.waitForURL(/done=saved/);
      assert.match(await page.locator(".provenance").innerText(), says.credit);
      assert.equal(await page.locator(`.provenance a[href='/manage/cases/${CASE}/1']`).count(), 1);
      await look(teacher, "provenance-copy");

      const [download] = await Promise.all([page.waitForEvent("download"), page.locator("a[download]").click()]);
      const file = await readFile(await download.path(), "utf8");
      assert.match(download.suggestedFilename(), /-1\.toml$/);
      const id = file.match(/^id = "([^"]+)"/m)[1];
      await bringIn(page, file.replace(`id = "${id}"`, 'id = "from-elsewhere"'));
      await page.waitForURL(/from-elsewhere\/1/);
      assert.match(await page.locator(".provenance").innerText(), says.changed);
      await look(teacher, "provenance-changed");

      await bringIn(page, file.replace(/^hash = "[0-9a-f]+"$/m, 'hash = "lost"'));
      await page.locator("#problems").waitFor();
      faults.length = 0; // The console reports the 422.
      assert.match(await page.locator("#problems").innerText(), /exported\.hash|hash/);
      await look(teacher, "provenance-damaged");

      // Elsewhere, the file alone tells it all.
      const other = await startServer();
      try {
        const colleague = await visitor(browser, other, way);
        await signIn(colleague.page, "teacher");
        await bringIn(colleague.page, file);
        await colleague.page.waitForURL(/done=saved/);
        const told = await colleague.page.locator(".provenance").innerText();
        assert.match(told, says.intact);
        assert.match(told, new RegExp(CASE));
        await look(colleague, "provenance-imported");
        await colleague.context.close();
      } finally {
        await other.stop();
      }
      await teacher.context.close();
    }));

  test(`an examiner decides by keyboard and the points follow (${way.language}, ${way.size.width} px)`, () =>
    withServer(async (server) => {
      const says = SAYS[way.language];
      const teacher = await visitor(browser, server, way);
      const { page } = teacher;
      await signIn(page, "teacher");
      await page.evaluate(
        (place) => fetch(`/api/v1/scheme-choices/${place}`, { method: "PUT", headers: { "content-type": "application/json" }, body: '{"scheme":"cn-nmle-history-15"}' }),
        `case:${CASE}`,
      );
      const student = await visitor(browser, server, way);
      await signIn(student.page, way.language === "zh" ? "lin" : "amara");
      await student.page.goto(`/cases/${CASE}`);
      await student.page.locator(`form [name=language][value=${way.language}]`).last().check();
      await student.page.locator("form[action$='/begin'] button").click();
      await student.page.waitForURL(/\/consultations\//);
      for (const question of QUESTIONS[way.language].slice(0, 2)) await ask(student.page, question);
      await finish(student.page, []);
      const address = new URL(student.page.url()).pathname;

      await page.goto(address);
      const points = () => page.locator("#marks + p strong").innerText();
      const before = await points();
      await page.keyboard.press("j");
      for (let step = 0; step < 60; step += 1) {
        if (await page.evaluate(() => document.activeElement.querySelector(".verdict.missed") !== null)) break;
        await page.keyboard.press("j");
      }
      await focusIsSeen(page, "on an item that was missed");
      const item = await page.evaluate(() => document.activeElement.id);

      // Without a reason nothing changes, and it is said.
      await page.keyboard.press("a");
      await page.locator("main [role=alert], .notice.wrong").first().waitFor();
      teacher.faults.length = 0; // The console reports the 422.
      // What is wanting can be typed at once.
      await page.waitForFunction(() => document.activeElement.name === "reason");
      await focusIsSeen(page, "after a refusal");
      await look(teacher, "decide-refused");

      await page.goto(address);
      await tabTo(page, `[id="${item}"] .decide summary`);
      if (!(await page.locator(`[id="${item}"] .decide`).evaluate((part) => part.open))) await page.keyboard.press("Enter");
      await tabTo(page, `[id="${item}"] input[name=reason]`);
      await page.keyboard.type(says.reason);
      await look(teacher, "decide");
      await enter(page, `[id="${item}"] button[value=asked]`);
      await page.waitForURL(new RegExp(`#${item}$`));
      await page.waitForFunction((id) => document.activeElement.id === id, item);
      await focusIsSeen(page, "after deciding");
      assert.notEqual(await points(), before, "the points follow");
      assert.match(await page.locator("#marks ~ p").filter({ hasText: says.machine }).innerText(), new RegExp(before.match(/[\d.]+/)[0]));
      await look(teacher, "decided");
      await student.page.reload();
      assert.equal(await student.page.locator("#marks + p strong").innerText(), await points(), "the student reads the same");
      await look(student, "decided-student");

      await page.keyboard.press("u");
      await page.waitForFunction((was) => document.querySelector("#marks + p strong").textContent === was, before);
      await student.context.close();
      await teacher.context.close();
    }));
}

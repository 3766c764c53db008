// A teacher writes a patient with clicks and keys only: from nothing and from a disease to a published
// case; what is typed is kept, checked beside its field, and can be tried before anybody sees it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NARROW, WIDE, look, startBrowser, visitor } from "./support/browser.mjs";
import { enter, focusIsSeen, tabTo } from "./support/keyboard.mjs";
import { startServer } from "./support/server.mjs";
import { signIn } from "./support/walks.mjs";

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const ways = [
  { language: "en", size: WIDE },
  { language: "zh", size: NARROW },
  { language: "zh", size: WIDE, dark: true },
  { language: "en", size: NARROW },
];

const field = (page, name) => page.locator(`[name="${name}"]:not([type=hidden])`);
const deed = (page, value) => page.locator(`button[name=do][value="${value}"]`);

/** What a form has been through: a click is a second and a half, a key a quarter of a second. */
class Hand {
  clicks = 0;
  keys = 0;
  constructor(page) {
    this.page = page;
  }
  async click(locator) {
    this.clicks += 1;
    await locator.click();
  }
  async type(name, text) {
    this.clicks += 1;
    this.keys += text.length;
    await field(this.page, name).fill(text);
  }
  get seconds() {
    return this.clicks * 1.5 + this.keys * 0.25;
  }
}

async function kept(page) {
  await page.waitForResponse((response) => response.url().endsWith("/edit/live") && response.ok());
}

for (const way of ways) {
  test(`a teacher makes a patient from a disease, changes it and publishes it (${way.language}, ${way.size.width} px)`, async () => {
    const server = await startServer();
    try {
      const teacher = await visitor(browser, server, way);
      const { page } = teacher;
      const hand = new Hand(page);
      await signIn(page, "teacher");
      await page.goto("/manage/cases");
      await hand.click(page.locator("main a[href='/manage/cases/write']"));
      await look(teacher, "form-start");
      await page.locator("#disease").selectOption("pneumonia");
      await hand.click(page.locator("form:has(#disease) button"));
      await page.waitForURL(/\/edit$/);
      await look(teacher, "form");
      const address = new URL(page.url()).pathname;

      // Typing is kept without a button, and an empty language is named beside its field.
      const saving = kept(page);
      await hand.type("title.zh", "");
      await saving;
      await page.locator('[id="said:title.zh"] .wrong').waitFor();
      assert.ok((await page.locator(".lacking a[href='#title.zh']").count()) === 1, "the meter names what lacks Chinese");
      const again = kept(page);
      await hand.type("title.zh", "咳嗽几天的患者");
      await again;
      await page.reload();
      assert.equal(await field(page, "title.zh").inputValue(), "咳嗽几天的患者", "coming back resumes");

      // Undo and redo.
      await hand.click(deed(page, "undo"));
      await page.waitForLoadState();
      assert.equal(await field(page, "title.zh").inputValue(), "");
      await hand.click(deed(page, "redo"));
      await page.waitForLoadState();
      assert.equal(await field(page, "title.zh").inputValue(), "咳嗽几天的患者");

      // Trying it as a student.
      await hand.type("ask.said", way.language === "en" ? "What brought you here today?" : "您今天是哪里不舒服？");
      await page.keyboard.press("Enter");
      await page.locator(".tried .answered").waitFor();
      // It is shown which facts were told.
      await page.locator(".tried a").first().waitFor();

      // What the graph misses is added with one click.
      const suggested = page.locator(".missing button");
      if ((await suggested.count()) > 0) {
        const before = await page.locator("#fact .item").count();
        await hand.click(suggested.first());
        await page.waitForLoadState();
        assert.equal(await page.locator("#fact .item").count(), before + 1);
        await hand.click(deed(page, "undo"));
        await page.waitForLoadState();
      }
      await look(teacher, "form-tried");
      await page.goto(`${address}/text`);
      await look(teacher, "form-text");
      await page.goto(address);
      await hand.click(deed(page, "publish"));
      await page.waitForURL(/done=published/);
      console.log(`from a disease: ${hand.clicks} clicks, ${hand.keys} keys, ${Math.round(hand.seconds)} s`);
      assert.ok(hand.seconds < 600);
      await teacher.context.close();
    } finally {
      await server.stop();
    }
  });
}

test("a patient is made from a disease and published by keyboard alone", async () => {
  const server = await startServer();
  try {
    const { page, context } = await visitor(browser, server, { size: WIDE });
    const press = (key) => page.keyboard.press(key);
    await signIn(page, "teacher");
    await page.goto("/manage/cases");
    await enter(page, "main a[href='/manage/cases/write']");
    await page.waitForURL(/\/write$/);
    await tabTo(page, "#disease");
    await page.keyboard.type("Pneumonia");
    await enter(page, "form:has(#disease) button");
    await page.waitForURL(/\/edit$/);

    // Typing: what is checked meanwhile takes the focus from nobody.
    await enter(page, ".jump a[href='#about']");
    await tabTo(page, "[name='title.en']");
    await press("Control+a");
    const saving = kept(page);
    await page.keyboard.type("A cough for days");
    await saving;
    assert.equal(await page.evaluate(() => document.activeElement.name), "title.en");
    await focusIsSeen(page, "after what was typed was kept");

    // Trying, adding what is missing and undoing are a jump away, not hundreds of fields.
    await page.reload();
    await enter(page, ".jump a[href='#try']");
    assert.ok((await tabTo(page, "[name='ask.said']")) < 12);
    await page.keyboard.type("What brought you here today?");
    await press("Enter");
    await page.locator(".tried .answered").waitFor();
    await page.waitForFunction(() => document.activeElement.name === "ask.said");
    await focusIsSeen(page, "after asking the patient");

    await page.reload();
    // New facts are added where the facts end, which is before the next part.
    await enter(page, ".jump a[href='#result']");
    const facts = await page.locator("#fact .item").count();
    assert.ok((await tabTo(page, "[name='new.fact']", "Shift+Tab")) < 5);
    await page.keyboard.type("finding:headache");
    await press("Enter");
    await page.waitForURL(/#fact/);
    assert.equal(await page.locator("#fact .item").count(), facts + 1);
    const added = decodeURIComponent(new URL(page.url()).hash.slice(1));
    await page.waitForFunction((id) => document.activeElement.closest("#fact .item")?.id === id, added);
    await focusIsSeen(page, "after adding");
    await page.goto(new URL(page.url()).pathname);
    await enter(page, "#undo");
    await page.waitForFunction((before) => document.querySelectorAll("#fact .item").length === before, facts);
    // Undoing what was done before is one key away.
    await page.waitForFunction(() => document.activeElement.id === "undo");
    await focusIsSeen(page, "after undoing");

    await enter(page, "button[name=do][value=publish]");
    await page.waitForURL(/done=published/);
    await context.close();
  } finally {
    await server.stop();
  }
});

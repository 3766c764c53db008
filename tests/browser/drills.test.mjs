// Drills: choosing a kind, answering each kind, what was right; the teachers' list. In both languages,
// at both widths, light and dark, by keyboard alone and without scripts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NARROW, WIDE, look, startBrowser, visitor } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { signIn } from "./support/walks.mjs";

const KINDS = ["next-question", "discriminate", "lay-words", "order", "ratio", "best-answer"];
/** Making the first items takes a while on a busy machine. */
const READY_WITHIN = 240_000;

let browser;
let server;
before(async () => {
  [browser, server] = await Promise.all([startBrowser(), startServer()]);
  const { page, context } = await visitor(browser, server);
  await signIn(page, "student");
  const deadline = Date.now() + READY_WITHIN;
  for (;;) {
    await page.goto("/drills");
    if ((await page.locator(".drill-kinds a").count()) === KINDS.length) break;
    assert.ok(Date.now() < deadline, "items of every kind are made in time");
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
  await context.close();
});
after(async () => {
  await browser.close();
  await server.stop();
});

const LOOKS = [
  { language: "en", size: WIDE, dark: false, login: "amara" },
  { language: "zh", size: NARROW, dark: true, login: "lin" },
  { language: "zh", size: WIDE, dark: false, login: "lin" },
  { language: "en", size: NARROW, dark: true, login: "amara" },
];

async function student({ login = "amara", ...options }) {
  const one = await visitor(browser, server, options);
  await signIn(one.page, login);
  return one;
}

/** Answers whatever is shown, right or wrong. */
async function answer(page) {
  const radio = page.locator("[name=choice]").first();
  const pairs = page.locator("[name=pair]");
  if (await radio.count()) await radio.check();
  for (let at = 0; at < (await pairs.count()); at += 1) await pairs.nth(at).selectOption({ index: at + 1 });
  await page.locator("form[data-drill] > .actions .button").first().click();
  await page.waitForURL(/\/drills\/answers\//);
}

for (const { login, ...options } of LOOKS) {
  const { language, size, dark } = options;
  test(`every kind, asked and explained: ${language}, ${size.width} px${dark ? ", dark" : ""}`, async () => {
    const one = await student({ login, ...options });
    const { page } = one;
    await page.goto("/drills");
    await look(one, "drills");
    for (const kind of KINDS) {
      await page.goto(`/drills/next?kind=${kind}`);
      await page.locator("form[data-drill]").waitFor();
      await look(one, `drill-${kind}`);
      await answer(page);
      assert.ok((await page.locator(".drill-options li").count()) >= 3, "a reason for every option");
      assert.ok((await page.locator(".sources li").count()) >= 1, "with sources");
      await look(one, `drill-${kind}-outcome`);
    }
    await page.goto("/drills");
    assert.match(await page.locator(".drill-kinds li").first().innerText(), /%/);
    await look(one, "drills-after");
    await page.goto("/home");
    await look(one, "drills-home");

    const teacher = await visitor(browser, server, options);
    await signIn(teacher.page, "teacher");
    await teacher.page.goto("/manage/drills");
    await look(teacher, "manage-drills");
    await teacher.page.locator(".drill-title").first().click();
    await look(teacher, "manage-drill");
  });
}

test("a report surfaces at the teachers', who mend the words or retire the item", async () => {
  const { page } = await student({ language: "en", size: WIDE, login: "amara" });
  const teacher = await visitor(browser, server, { language: "en", size: WIDE });
  await signIn(teacher.page, "teacher");
  await page.goto("/drills/next?kind=best-answer");
  const id = new URL(page.url()).pathname.split("/").at(-1);
  await page.locator("[name=unknown]").click();
  await page.locator(".drill-report summary").click();
  await page.locator("#reason").fill("Two options can be defended.");
  await page.locator(".drill-report button").click();
  await page.locator(".notice.good").first().waitFor();

  await teacher.page.goto("/manage/drills?bad=1");
  await look(teacher, "manage-drills-bad");
  const first = teacher.page.locator(".drill-title").first();
  assert.match(await first.getAttribute("href"), new RegExp(id));
  await first.click();
  await teacher.page.getByText("Two options can be defended.").waitFor();
  await teacher.page.locator("#explanation-zh").fill("");
  await teacher.page.locator("form[action$='" + id + "'] .button").click();
  await teacher.page.locator("#problems").waitFor();
  teacher.faults.splice(0); // the browser notes every refusal
  await look(teacher, "manage-drill-problem");
  await teacher.page.locator("#explanation-zh").fill("因此。");
  await teacher.page.locator("form[action$='" + id + "'] .button").click();
  await teacher.page.locator(".notice.good").waitFor();
  await look(teacher, "manage-drill-edited");
  await teacher.page.locator("[name=do][value=retire]").click();
  await teacher.page.locator("[name=do][value=bring-back]").waitFor();
  await page.goto(`/drills/${id}`).catch(() => null);
  assert.equal(await page.locator("form[data-drill]").count(), 0, "nobody is given it any more");
});

test("by keyboard alone: numbers choose, buttons move, Enter answers and goes on", async () => {
  const { page } = await student({ language: "en", size: WIDE, login: "amara" });
  const press = (key) => page.keyboard.press(key);
  const tabTo = async (wanted) => {
    for (let step = 0; step < 80; step += 1) {
      if (await page.evaluate((selector) => document.activeElement.matches(selector), wanted)) return;
      await press("Tab");
    }
    assert.fail(`${wanted} cannot be reached`);
  };
  await page.goto("/drills/next?kind=ratio");
  await press("2");
  assert.ok(await page.locator("[name=choice]").nth(1).isChecked());
  await press("Enter");
  await page.waitForURL(/\/drills\/answers\//);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1", "the verdict is read first");
  await press("Enter");
  await page.locator("form[data-drill]").waitFor();

  await page.goto("/drills/next?kind=order");
  const names = () => page.locator(".drill-name").allInnerTexts();
  const [first, second, ...others] = await names();
  await tabTo("[data-order] li:nth-child(2) [data-move=up]");
  await press("Enter");
  assert.deepEqual(await names(), [second, first, ...others]);
  assert.match(await page.locator("[data-moves]").innerText(), /is now number 1/);
  await tabTo("form[data-drill] > .actions .button");
  await press("Enter");
  await page.waitForURL(/\/drills\/answers\//);
  assert.equal(await page.locator(".drill-options.ordered .tag").count(), others.length + 2, "every place is told");
  const placed = page.locator(".drill-options.ordered li").filter({ has: page.locator(`strong:text-is("${second}")`) });
  assert.match(await placed.locator(".tag").innerText(), /at 1$/);

  await page.goto("/drills/next?kind=lay-words");
  await tabTo("#pair-1");
  await press("ArrowDown");
  await tabTo("form[data-drill] > .actions .button");
  await press("Enter");
  await page.waitForURL(/\/drills\/answers\//);
});

test("without scripts places are numbers, and a place given twice is asked for again", async () => {
  const one = await student({ language: "zh", size: NARROW, scripts: false, login: "lin" });
  const { page } = one;
  await page.goto("/drills/next?kind=order");
  const places = page.locator("[data-order] select");
  const count = await places.count();
  for (let at = 0; at < count; at += 1) await places.nth(at).selectOption("1");
  await page.locator("form[data-drill] > .actions .button").first().click();
  await page.locator("#problems").waitFor();
  assert.equal(await places.last().inputValue(), "1", "what was chosen stays");
  for (let at = 0; at < count; at += 1) await places.nth(at).selectOption(String(at + 1));
  await page.locator("form[data-drill] > .actions .button").first().click();
  await page.waitForURL(/\/drills\/answers\//);
  await page.locator("[data-next]").click();
  await page.locator("form[data-drill]").waitFor();
});

// Modes, help and pauses; the tutor after the debrief; the body figure: in both languages, at both
// widths, light and dark, by keyboard alone and without scripts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NARROW, WIDE, look, startBrowser, visitor } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { answered, ask, begin, finish, signIn } from "./support/walks.mjs";

let browser;
let server;
before(async () => {
  [browser, server] = await Promise.all([startBrowser(), startServer()]);
});
after(async () => {
  await browser.close();
  await server.stop();
});

const LOOKS = [
  { language: "en", size: WIDE, dark: false },
  { language: "zh", size: NARROW, dark: true },
  { language: "zh", size: WIDE, dark: false },
  { language: "en", size: NARROW, dark: true },
];
const FIRST = { en: "What brings you in today?", zh: "今天哪里不舒服？" };
const WHY = { en: "Why should I have asked about smoking?", zh: "为什么要问吸烟？" };
const NO_ANSWER = { en: "What dose of aspirin should I give?", zh: "阿司匹林给多大剂量？" };

async function student(options) {
  const one = await visitor(browser, server, options);
  await signIn(one.page, options.language === "zh" ? "lin" : "amara");
  return one;
}

/** Begins with the case of this id. */
async function enter(page, id, { mode = "practice", language = "en", section } = {}) {
  await page.goto(`/cases/${id}`);
  await page.locator(`[name=mode][value=${mode}]`).check();
  if (section) await page.locator("#section").selectOption(section);
  await page.locator(`form [name=language][value=${language}]`).last().check();
  await page.locator("form[action$='/begin'] button").click();
  await page.waitForURL(/\/consultations\//);
  return page.url().split("/").at(-1);
}

for (const options of LOOKS) {
  const { language, size, dark } = options;
  test(`help, the body, and the tutor: ${language}, ${size.width} px${dark ? ", dark" : ""}`, async () => {
    const one = await student(options);
    const { page } = one;
    await page.goto("/cases/indigestion-mahmood-63");
    assert.equal(await page.locator("[name=mode]").count(), 4);
    assert.ok((await page.locator(".rules li").count()) >= 5, "how this patient talks");
    await look(one, "modes-start");
    await enter(page, "indigestion-mahmood-63", { language });
    await ask(page, FIRST[language]);

    for (let strength = 0; strength < 3; strength += 1) {
      await page.locator(".helps form:has([value=nudge]) button").click();
      await page.locator(".hint-card").nth(strength).waitFor();
    }
    await page.locator(".helps form:has([value=expert]) button").click();
    await page.locator(".hint-card ol").waitFor();
    assert.equal(await page.locator(".hint-card ol li").count(), 3);
    await look(one, "modes-help");

    const tab = size === NARROW ? ".bottom-tabs" : ".work-tabs";
    await page.locator(`${tab} [data-view-link=examination]`).click();
    await look(one, "modes-body");
    await page.locator("#region-chest .order-choice").nth(1).click();
    await page.locator("#examination .order-card").first().waitFor();
    assert.ok((await page.locator(".spot.done").count()) >= 2, "the chest is marked on both sides");
    await look(one, "modes-body-examined");
    await page.locator(`${tab} [data-view-link=tests]`).click();
    await page.locator("#tests form:has([value=troponin]) button").click();
    await page.locator("#tests .trend").waitFor();
    assert.equal(await page.locator("#tests .trend tbody tr").count(), 2);
    await look(one, "modes-trend");

    await page.goto(page.url().split("#")[0]);
    await page.locator(".helps form[action$='/pause'] button").click();
    await page.locator("form[action$='/resume'] button").waitFor();
    await look(one, "modes-paused");
    await page.locator("form[action$='/resume'] button").click();
    await page.locator("#box").waitFor();

    await finish(page, []);
    await page.locator(".help-used summary").click();
    assert.equal(await page.locator(".help-used .hint-card").count(), 4);
    const link = page.locator(".ask-why").first();
    await link.click();
    assert.ok((await page.locator("#tutor-question").inputValue()).length > 5, "the box is filled");
    await page.locator("#tutor-question").press("Enter");
    await page.locator(".tutor-turns li").nth(0).waitFor();
    for (const [at, question] of [WHY[language], NO_ANSWER[language]].entries()) {
      await page.locator("#tutor-question").fill(question);
      await page.locator("#tutor-question").press("Enter");
      await page.locator(".tutor-turns > li").nth(at + 1).waitFor();
    }
    assert.ok((await page.locator(".tutor-turns > li").nth(1).locator(".source").count()) >= 1, "with sources");
    assert.equal(await page.locator(".tutor-turns > li").nth(2).locator(".source").count(), 0);
    await look(one, "modes-tutor");
    if (process.env.ANAMNESIS_SCREENSHOTS) {
      const file = `screenshots/modes-tutor-box-${language}-${size.width}${dark ? "-dark" : ""}.png`;
      await page.locator("#tutor").screenshot({ path: file });
    }
  });
}

test("one section alone is marked alone, and a self-test has no help", async () => {
  const one = await student({ language: "en", size: WIDE });
  const { page } = one;
  await enter(page, "indigestion-mahmood-63", { mode: "skill", section: "drugs" });
  assert.match(await page.locator(".where").innerText(), /One section: Medicines/);
  await ask(page, "Do you take any medicines?");
  await finish(page, []);
  assert.deepEqual(await page.locator(".report-section h3").allInnerTexts(), ["Medicines"]);
  await look(one, "modes-skill-debrief");

  await begin(page, { mode: "self-test" });
  assert.equal(await page.locator(".helps").count(), 0);
  assert.ok(await page.locator("#timer").getAttribute("data-minutes"), "against the clock");
  // The tutor and the graph wait until it is over.
  await finish(page, []);
});

test("help, the body figure and the tutor go by keyboard alone", async () => {
  const { page } = await student({ language: "en", size: WIDE });
  const press = (key) => page.keyboard.press(key);
  const focused = (attribute) => page.evaluate((name) => document.activeElement.getAttribute(name), attribute);
  const tabTo = async (wanted) => {
    for (let step = 0; step < 200; step += 1) {
      if (await page.evaluate((selector) => document.activeElement.matches(selector), wanted)) return;
      await press("Tab");
    }
    assert.fail(`${wanted} cannot be reached`);
  };

  await enter(page, "indigestion-mahmood-63");
  await tabTo("#box");
  await page.keyboard.type(FIRST.en);
  await press("Enter");
  await answered(page, 1);
  await press("Shift+Tab");
  while (!(await page.evaluate(() => document.activeElement.closest("form")?.action.endsWith("/hint")))) await press("Shift+Tab");
  await press("Enter");
  await page.locator(".hint-card").waitFor();

  await tabTo(".work-tabs [data-view-link=examination]");
  await press("Enter");
  await tabTo("[data-figure] .spot");
  assert.match(await focused("aria-label"), /^Head/);
  await press("ArrowDown");
  await press("ArrowDown");
  assert.match(await focused("aria-label"), /^Chest, \d+ examinations$/);
  await press("Enter");
  assert.equal(await focused("id"), "region-chest");
  await press("Tab");
  await press("Enter");
  await page.locator("#examination .order-card").first().waitFor();
  assert.match(await page.locator(".spot.done").first().getAttribute("aria-label"), /^Chest, examined/);

  await tabTo("[data-finish]");
  await press("Enter");
  await tabTo("[data-finish-confirm]");
  await press("Enter");
  await page.waitForURL(/\/debrief$/);
  await tabTo(".ask-why");
  await press("Enter");
  assert.equal(await focused("id"), "tutor-question");
  await press("Enter");
  await page.locator(".tutor-turns > li").waitFor();
});

test("without scripts help, examination and tutor work as well", async () => {
  const { page } = await student({ language: "en", size: WIDE, scripts: false });
  await enter(page, "indigestion-mahmood-63");
  await page.locator("#box").fill(FIRST.en);
  await page.locator("#say button").click();
  await page.locator(".turn.patient").waitFor();
  await page.locator(".helps form:has([value=nudge]) button").click();
  await page.locator(".hint-card").waitFor();
  await page.locator("#region-abdomen .order-choice").first().click();
  await page.locator("#examination .order-card").waitFor();
  await page.locator("[data-finish]").click();
  await page.locator("form[data-consultation] .actions .button").last().click();
  await page.waitForURL(/\/debrief$/);
  await page.locator(".ask-why").first().click();
  assert.ok((await page.locator("#tutor-question").inputValue()).length > 5);
  await page.locator(".tutor-form button").click();
  await page.locator(".tutor-turns > li").waitFor();
});

// A student's way: sign in, choose a patient, consult, finish, read the debrief, see progress.
// In both languages, on a wide and a narrow window, light and dark.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NARROW, WIDE, look, startBrowser, visitor } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { QUESTIONS, ask, begin, finish, signIn, textOf } from "./support/walks.mjs";

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const ways = [
  { login: "amara", language: "en", size: WIDE, dark: false },
  { login: "lin", language: "zh", size: NARROW, dark: false },
  { login: "amara", language: "en", size: NARROW, dark: true },
  { login: "lin", language: "zh", size: WIDE, dark: true },
];

for (const way of ways) {
  test(`a student walks from sign-in to progress (${way.language}, ${way.size.width} px, ${way.dark ? "dark" : "light"})`, async () => {
    const server = await startServer();
    try {
      await walk(server, way);
    } finally {
      await server.stop();
    }
  });
}

async function walk(server, { login, ...options }) {
  const student = await visitor(browser, server, options);
  const { page, language } = student;
  await page.goto("/sign-in");
  await look(student, "sign-in");

  await signIn(page, login);
  await look(student, "home-first");
  for (const [address, name] of [["/progress", "progress-empty"], ["/my-data", "my-data"]]) {
    await page.goto(address);
    await look(student, name);
  }
  await page.goto("/cases");
  await look(student, "cases");
  await page.locator(".row-link").first().click();
  await look(student, "case-start");

  const id = await begin(page, { language });
  await look(student, "consultation-start");
  for (const question of QUESTIONS[language]) await ask(page, question);
  await look(student, "consultation");
  const replies = await page.locator(".turn.patient .words").allInnerTexts();
  assert.equal(replies.length, QUESTIONS[language].length);

  await workPanels(student);
  await page.locator("[data-finish]").click();
  await look(student, "finish-dialog");
  await page.locator("[data-close]").click();
  await finish(page, [[language === "zh" ? "肺炎" : "Pneumonia", language === "zh" ? "发热" : "fever"], ["GERD", ""]]);

  await debrief(student, id);
  await page.goto("/progress");
  await look(student, "progress");
  assert.ok((await page.locator(".weak > li").count()) > 0, "weak areas are named");
  await page.goto("/home");
  await look(student, "home");
  await page.goto("/cases");
  assert.equal(await page.locator(".row-link .tag.good").count(), 1, "the patient counts as done");
}

/** Examination, tests, notes and diagnoses, each by its tab. */
async function workPanels(student) {
  const { page } = student;
  const tab = (name) => page.locator(`[data-view-link=${name}]:visible`);
  await tab("examination").click();
  await page.locator("#examination .order-choice").first().click();
  await page.locator("#examination .order-card").first().waitFor();
  await look(student, "consultation-examination");
  await tab("tests").click();
  await page.locator("#find-test").fill("ECG");
  assert.ok((await page.locator("#tests .order-choice:visible").count()) < 10, "the list is narrowed");
  await page.locator("#tests .order-choice:visible").first().click();
  await page.locator("#tests .order-card").first().waitFor();
  await look(student, "consultation-tests");
  await tab("notes").click();
  await page.locator("#notes-text").fill("58, worse on exertion / 活动后加重");
  await page.waitForFunction(() => document.querySelector("[data-notes-state]").textContent !== "");
  await look(student, "consultation-notes");
  await tab("differential").click();
  await page.locator("#differential [name=name]").first().fill("GERD");
  await look(student, "consultation-differential");
  if (await tab("patient").count()) {
    await tab("patient").click();
    await look(student, "consultation-patient");
    await tab("talk").click();
  }
}

async function debrief(student, id) {
  const { page } = student;
  await look(student, "debrief");
  const percent = Number.parseInt(await textOf(page, ".score"), 10);
  assert.ok(percent > 0 && percent < 100, `some was asked, some missed: ${percent}`);
  // The words that earned an item lead to the turn.
  const quote = page.locator(".quotes a").first();
  const target = await quote.getAttribute("href");
  await quote.click();
  assert.equal(await page.locator(`${target}:target`).count(), 1);
  assert.equal(await page.locator("#transcript ~ ol .turn.student").count(), await page.locator(".transcript .turn.student").count());
  assert.equal(await page.evaluate((key) => localStorage.getItem(key), `anamnesis:${id}:differential`), null);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g).length;
  assert.ok(sheets <= 2, `prints on ${sheets} sheets`);
}

// The learner's path: the map of weak areas, practising a place, a fresh patient, a review, the plan,
// and putting a suggestion off. In both languages, on a wide and a narrow window.

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
  { login: "amara", language: "en", size: WIDE },
  { login: "lin", language: "zh", size: NARROW },
  { login: "amara", language: "en", size: NARROW, dark: true },
  { login: "lin", language: "zh", size: WIDE },
];

for (const way of ways) {
  test(`a student follows the path (${way.language}, ${way.size.width} px)`, async () => {
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
  await signIn(page, login);
  for (const [address, name] of [["/weak", "weak-empty"], ["/review", "review-empty"], ["/plan", "plan-empty"]]) {
    await page.goto(address);
    await look(student, name);
  }
  const id = await begin(page, { language });
  for (const question of QUESTIONS[language].slice(0, 3)) await ask(page, question);
  await finish(page, [[language === "zh" ? "肺炎" : "Pneumonia", ""]]);

  await home(student);
  await weak(student, id);
  await review(student);
  await plan(student);
}

async function home(student) {
  const { page } = student;
  await page.goto("/home");
  await look(student, "home-next");
  const first = await textOf(page, "#next-title ~ p strong");
  await page.locator("a[href^='/home?other=']").click();
  await page.waitForURL(/other=/);
  assert.notEqual(await textOf(page, "#next-title ~ p strong"), first, "something else is something else");
  await page.goto("/home");
  await page.locator("form[action='/suggestions/decline'] button").click();
  await page.waitForURL(/done=declined/);
  assert.notEqual(await textOf(page, "#next-title ~ p strong"), first, "what was put off is not suggested");
}

async function weak(student, id) {
  const { page } = student;
  await page.goto("/weak");
  await look(student, "weak");
  assert.ok((await page.locator(".map td a").count()) > 20, "the map has places");
  assert.ok((await page.locator(`.missed-rows a[href='/consultations/${id}/debrief#checklist']`).count()) > 0);
  // A place that is known of if there is one; after three questions there may be none.
  const known = page.locator(".map td a:not(.open)");
  await ((await known.count()) > 0 ? known : page.locator(".map td a")).first().click();
  await page.waitForURL(/system=/);
  await look(student, "weak-practise");
  await page.locator("form[action='/practice-patients'] button").click();
  await page.waitForURL(/\/cases\/.*-own-/);
  await look(student, "own-patient");
  await page.locator("form[action$='/begin'] button").click();
  await page.waitForURL(/\/consultations\//);
  await page.goto("/cases");
  await look(student, "cases-own");
}

async function review(student) {
  const { page, language } = student;
  await page.goto("/weak");
  await page.locator(".missed-rows a[href^='/review']").first().click();
  await look(student, "review");
  const words = language === "zh" ? "疼痛是什么性质的？\n疼痛会放射到别处吗？" : "What does the pain feel like?\nDoes the pain spread anywhere?";
  await page.locator("#questions").fill(words);
  await page.locator("form[action='/review'] button").click();
  await page.locator("#outcome-title").waitFor();
  await look(student, "review-outcome");
}

async function plan(student) {
  const { page } = student;
  await page.goto("/plan");
  const exam = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  await page.locator("#exam").fill(exam);
  await page.locator("form[action='/plan'] button").click();
  await page.waitForURL(/done=made/);
  await look(student, "plan");
  assert.ok((await page.locator(".weeks > li").count()) >= 5);
  await page.locator("form[action='/plan/undo'] button").click();
  await page.waitForURL(/done=undone/);
  assert.equal(await page.locator(".weeks > li").count(), 0, "undoing takes the plan away");
}

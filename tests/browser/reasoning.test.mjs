// The student's reasoning in the debrief: the drawing of belief with its table, unasked questions, reasons checked.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NARROW, WIDE, look, startBrowser, visitor } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { ask, finish, signIn } from "./support/walks.mjs";

let browser;
let server;
before(async () => {
  [browser, server] = [await startBrowser(), await startServer()];
});
after(async () => {
  await browser.close();
  await server.stop();
});

const CASE = "chest-tightness-lin-58";
const SAID = {
  en: {
    questions: [
      "Hello, I'm a medical student. What brings you in today?",
      "Have you been sweating?",
      "Where does the pain spread?",
      "Do you feel sick?",
      "Are you short of breath?",
      "Do you smoke?",
      "Do you have high blood pressure?",
    ],
    diagnoses: [["r/o ACS or PE", "sweating, smoker"], ["aortic disection", "a hunch"], ["flux capacitor failure", ""]],
  },
  zh: {
    questions: ["您好，我是医学生。今天哪里不舒服？", "有没有出汗？", "疼痛往哪里放射？", "恶心吗？", "气短吗？", "您抽烟吗？", "有高血压吗？"],
    diagnoses: [["ACS待排，肺栓塞", "出汗，吸烟"], ["主动脉夹层", "直觉"], ["时空错乱症", ""]],
  },
};

for (const [login, language, size, dark] of [
  ["amara", "en", WIDE, false],
  ["lin", "zh", NARROW, false],
  ["amara", "en", NARROW, true],
  ["lin", "zh", WIDE, true],
]) {
  test(`the debrief shows how the student reasoned (${language}, ${size.width} px, ${dark ? "dark" : "light"})`, async () => {
    const student = await visitor(browser, server, { language, size, dark });
    const { page } = student;
    await signIn(page, login);
    await page.goto(`/cases/${CASE}`);
    await page.locator("[name=mode][value=practice]").check();
    await page.locator(`form [name=language][value=${language}]`).last().check();
    await page.locator("form[action$='/begin'] button").click();
    await page.waitForURL(/\/consultations\//);
    for (const question of SAID[language].questions) await ask(page, question);
    await finish(page, SAID[language].diagnoses);

    const drawing = page.locator(".belief-chart:visible");
    assert.equal(await drawing.count(), 1, "one drawing fits the window");
    assert.ok((await drawing.locator("polyline").count()) >= 2);
    await page.locator(".belief details summary").click();
    const rows = page.locator(".belief table tbody tr");
    assert.equal(await rows.count(), SAID[language].questions.length + 1, "the door and every question have a row");
    assert.equal(await page.locator("#reasoning ~ section .dx .place").count(), 4, "two of one line, none dropped");
    assert.equal(await page.locator(".unasked > li").count(), 3);
    await look(student, "reasoning");

    const pdf = await page.pdf({ preferCSSPageSize: true });
    const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g).length;
    assert.ok(sheets <= 2, `prints on ${sheets} sheets`);
    await student.context.close();
  });
}

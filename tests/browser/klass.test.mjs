// A teacher's class: a group with its code, an assignment, what is missed, this week, odd items, one
// student, one topic, a comment that the student reads, exports, and the page about transparency. In both
// languages, on a wide and a narrow window.

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
  test(`a teacher runs a class (${way.language}, ${way.size.width} px)`, async () => {
    const server = await startServer();
    try {
      await walk(server, way);
    } finally {
      await server.stop();
    }
  });
}

async function walk(server, { login, ...options }) {
  const teacher = await visitor(browser, server, options);
  await signIn(teacher.page, "teacher");
  await emptyPages(teacher);
  const { code, address } = await makeGroup(teacher);

  const student = await visitor(browser, server, options);
  await signIn(student.page, login);
  await join(student, code);
  await assign(teacher, address);
  await homework(student);
  const id = await consult(student);

  await pages(teacher, address);
  await comment(teacher, student, id);
  await leave(student);
  await takeOut(teacher, student, { address, code });
}

async function emptyPages(teacher) {
  const { page } = teacher;
  for (const [address, name] of [["/class/map", "class-map-empty"], ["/class/week", "class-week-empty"], ["/class/groups", "groups-empty"]]) {
    await page.goto(address);
    await look(teacher, name);
  }
  await page.goto("/transparency");
  await look(teacher, "transparency");
}

async function makeGroup(teacher) {
  const { page, language } = teacher;
  await page.goto("/class/groups");
  await page.locator("#group-name").fill(language === "zh" ? "四年级 周一班" : "Year 4, Monday");
  await page.locator("form[action='/class/groups'] button").click();
  await page.waitForURL(/done=made/);
  await look(teacher, "group-made");
  const address = new URL(page.url()).pathname;
  const before = await textOf(page, ".join-code");
  await page.locator("button[value=renew]").click();
  await page.waitForURL(/done=renewed/);
  const code = await textOf(page, ".join-code");
  assert.notEqual(code, before);
  return { code, address };
}

async function join(student, code) {
  const { page, faults } = student;
  await page.goto("/groups");
  await look(student, "my-groups-empty");
  await page.locator("#code").fill("YYYYYY");
  await page.locator("form[action='/groups/join'] button").click();
  await page.locator("#code-error").waitFor();
  faults.length = 0; // The console reports the 422.
  await look(student, "my-groups-wrong");
  await page.locator("#code").fill(` ${code.slice(0, 3).toLowerCase()} ${code.slice(3)}`);
  await page.locator("form[action='/groups/join'] button").click();
  await page.waitForURL(/done=joined/);
  await look(student, "my-groups");
}

async function assign(teacher, address) {
  const { page, faults } = teacher;
  await page.goto(address);
  await page.locator("#title").fill("Chest 1");
  await page.locator("form[action$='/assignments'] button").click();
  await page.locator("#assignment-error").waitFor();
  faults.length = 0; // The console reports the 422.
  assert.equal(await page.locator("#title").inputValue(), "Chest 1", "what was typed is kept");
  await look(teacher, "assignment-wrong");
  await page.locator("[name=case]").first().check();
  await page.locator("form[action$='/assignments'] button").click();
  await page.waitForURL(/done=assigned/);
  await look(teacher, "group-assigned");
}

async function homework(student) {
  const { page } = student;
  await page.goto("/home");
  await look(student, "home-due");
  assert.equal(await page.locator("[aria-labelledby=due-title] a[href^='/cases/']").count(), 1);
}

async function consult(student) {
  const { page, language } = student;
  const id = await begin(page, { language });
  for (const question of QUESTIONS[language].slice(0, 3)) await ask(page, question);
  await finish(page, [[language === "zh" ? "肺炎" : "Pneumonia", ""]]);
  return id;
}

async function pages(teacher, address) {
  const { page } = teacher;
  await page.goto("/class");
  await look(teacher, "class-group");
  await page.goto("/class/map");
  await look(teacher, "class-map");
  // A section in which something was missed.
  await page.locator(".map td a").filter({ hasText: /[1-9]\d*%/ }).first().click();
  await page.waitForURL(/section=/);
  await look(teacher, "class-student");
  await page.locator(".missed-rows .row-title a").first().click();
  await page.waitForURL(/\/class\/topic/);
  await look(teacher, "class-topic");
  assert.ok((await page.locator("a[href*='/debrief#item-']").count()) > 0);
  for (const [path, name] of [["/class/week", "class-week"], ["/class/items", "class-items"]]) {
    await page.goto(path);
    await look(teacher, name);
  }
  await page.goto(address);
  await page.locator("#assignments .row-link").first().click();
  await page.waitForURL(/\/class\/assignments\//);
  await look(teacher, "assignment");
  await page.locator("button[value=withdraw]").click();
  await page.waitForURL(/done=withdraw/);
  await page.locator("button[value=restore]").click();
  await page.waitForURL(/done=restore/);
  await exports(page);
}

/** The tables start as spreadsheets want them. */
async function exports(page) {
  await page.goto("/class");
  const starts = await page.evaluate(async () => {
    const start = async (file) => [...new Uint8Array(await (await fetch(`/class/export/${file}`)).arrayBuffer()).slice(0, 3)];
    return { csv: await start("students.csv"), xlsx: await start("items.xlsx") };
  });
  assert.deepEqual(starts.csv, [0xef, 0xbb, 0xbf], "a byte order mark for Excel");
  assert.deepEqual(starts.xlsx.slice(0, 2), [0x50, 0x4b], "a workbook is a ZIP file");
}

async function comment(teacher, student, id) {
  const words = "Ask <b>when</b> it began before anything else.";
  const { page } = teacher;
  await page.goto(`/consultations/${id}/debrief`);
  await page.locator("#comment-exchange").selectOption("1");
  await page.locator("#comment-text").fill(words);
  await page.locator("form[action$='/comments'] button").click();
  await page.waitForURL(/#comments/);
  await look(teacher, "report-comment");

  await student.page.goto("/home");
  await look(student, "home-comment");
  await student.page.locator("a[href$='/debrief#comments']").click();
  await student.page.locator(".comment .tag.attention").waitFor();
  assert.match(await student.page.locator(".comment").innerText(), /<b>when<\/b>/);
  await look(student, "debrief-comment");
  await student.page.reload();
  assert.equal(await student.page.locator(".comment .tag.attention").count(), 0, "it is new only once");

  await page.reload();
  await page.locator("form[action$='/withdraw'] button").click();
  await page.locator(".comment.withdrawn").waitFor();
  await student.page.reload();
  assert.equal(await student.page.locator(".comment").count(), 0, "what was taken back is not seen");
}

async function leave(student) {
  const { page } = student;
  await page.goto("/groups");
  await page.locator("form[action$='/leave'] button").click();
  await page.waitForURL(/done=left/);
  await look(student, "my-groups-left");
  await page.locator("form[action$='/come-back'] button").click();
  await page.waitForURL(/done=joined/);
}

async function takeOut(teacher, student, { address, code }) {
  const { page } = teacher;
  await page.goto(address);
  await page.locator("button[value=remove]").click();
  await page.waitForURL(/done=removed/);
  await look(teacher, "group-removed");
  await student.page.goto("/groups");
  assert.equal(await student.page.locator("form[action$='/come-back']").count(), 0, "who was taken out cannot come back alone");
  await page.locator("button[value=restore]").first().click();
  await page.waitForURL(/done=restored/);
  await page.locator("button[value=close]").click();
  await page.waitForURL(/done=closed/);
  await student.page.goto("/groups");
  await student.page.locator("#code").fill(code);
  await student.page.locator("form[action='/groups/join'] button").click();
  await student.page.locator("#code-error").waitFor();
}

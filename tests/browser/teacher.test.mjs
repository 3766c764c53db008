// A teacher's way: the class, a report, a case brought in, mended, tried, published, withdrawn.
// And the administrator's: accounts and the engine.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NARROW, WIDE, look, startBrowser, visitor } from "./support/browser.mjs";
import { shippedCases } from "./support/library.mjs";
import { startServer } from "./support/server.mjs";
import { QUESTIONS, ask, begin, finish, signIn, textOf } from "./support/walks.mjs";

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const ways = [
  { language: "en", size: WIDE, dark: false },
  { language: "zh", size: NARROW, dark: false },
  { language: "zh", size: WIDE, dark: true },
  { language: "en", size: NARROW, dark: true },
];

for (const way of ways) {
  test(`a teacher reads reports and publishes a case (${way.language}, ${way.size.width} px, ${way.dark ? "dark" : "light"})`, async () => {
    const server = await startServer();
    try {
      await aStudentConsults(server);
      await walk(server, way);
    } finally {
      await server.stop();
    }
  });
}

async function aStudentConsults(server) {
  const { page, context } = await visitor(browser, server, { language: "zh" });
  await signIn(page, "lin");
  await begin(page, { language: "zh" });
  for (const question of QUESTIONS.zh.slice(0, 3)) await ask(page, question);
  await finish(page, [["心绞痛", "活动后加重"]]);
  await context.close();
}

/** A shipped case under another id, as a teacher would hand it in. */
async function aCase() {
  const [first] = await shippedCases();
  return first.replace(/^id = ".*"$/m, 'id = "brought-in-by-a-teacher"');
}

async function walk(server, options) {
  const teacher = await visitor(browser, server, options);
  const { page } = teacher;
  await signIn(page, "teacher");
  await look(teacher, "class");
  assert.match(await page.locator("main").innerText(), /林晓/);
  await page.locator("a.inline-action").first().click();
  await page.waitForURL(/\/debrief$/);
  await look(teacher, "report");
  assert.match(await textOf(page, "h1"), /林晓/);

  await page.goto("/manage/cases");
  await look(teacher, "manage");
  const before = await page.locator("tbody tr").count();
  await page.goto("/manage/cases");
  await page.locator("a[href='/manage/cases/generate']").click();
  await look(teacher, "manage-generate");
  await page.locator("#disease").selectOption("gout");
  await page.locator("#comorbidity-1").selectOption("gout");
  await page.locator("main form button").click();
  await page.locator("main [role=alert]").waitFor();
  teacher.faults.length = 0; // The console reports the 422.
  assert.equal(await page.locator("#disease").inputValue(), "gout", "the choices are kept");
  await page.locator("#comorbidity-1").selectOption("type-2-diabetes");
  await page.locator("#seed").fill("11");
  await page.locator("main form button").click();
  await page.waitForURL(/done=made/);
  assert.match(await page.locator(".notice.good").innerText(), /11/);
  await look(teacher, "manage-made");

  await page.goto("/manage/cases/new");
  await look(teacher, "manage-new");

  const good = await aCase();
  const broken = good.replace(/^system = ".*"$/m, "system = 7");
  const line = broken.split("\n").indexOf("system = 7") + 1;
  await page.locator("#text").fill(broken);
  await page.locator("main form button").click();
  await page.locator("#problems").waitFor();
  teacher.faults.length = 0; // The console reports the 422.
  await look(teacher, "manage-problems");
  assert.equal(await page.locator("#problems a").first().getAttribute("href"), `#line-${line}`);
  assert.equal(await page.locator(`#line-${line}.problem`).innerText(), "system = 7");
  assert.equal((await page.locator("#text").inputValue()).trim(), broken.trim(), "the text is given back");

  await page.locator("#file").setInputFiles({ name: "case.toml", mimeType: "text/plain", buffer: Buffer.from(good) });
  await page.locator("main form button").click();
  await page.waitForURL(/brought-in-by-a-teacher/);
  await look(teacher, "manage-case");

  await page.locator("form[action$='/preview'] button").click();
  await page.waitForURL(/\/consultations\//);
  await ask(page, QUESTIONS[options.language][0]);
  await page.locator(".leave").click();
  await page.goto("/manage/cases");
  assert.equal(await page.locator("tbody tr").count(), before + 2);
  assert.equal(await studentsSee(server), false, "a draft is not for students");
  await page.locator("form[action*='brought-in-by-a-teacher'] button").click();
  await page.locator(".notice.good").waitFor();
  assert.equal(await studentsSee(server), true);
  await page.locator("form[action*='brought-in-by-a-teacher'] button").click();
  await page.waitForURL(/done=retired/);
  assert.equal(await studentsSee(server), false);
  await look(teacher, "manage-withdrawn");
}

async function studentsSee(server) {
  const { page, context } = await visitor(browser, server);
  await signIn(page, "amara");
  const response = await page.goto("/cases/brought-in-by-a-teacher");
  await context.close();
  return response.status() === 200;
}

for (const way of ways.slice(0, 2)) {
  test(`an administrator adds an account and sees the engine (${way.language}, ${way.size.width} px)`, async () => {
    const server = await startServer();
    try {
      const admin = await visitor(browser, server, way);
      const { page } = admin;
      await signIn(page, "admin");
      await look(admin, "class-empty");
      await page.goto("/admin/engine");
      await look(admin, "engine");
      await page.goto("/admin/users");
      await look(admin, "users");
      await page.locator("#new-login").fill("noor");
      await page.locator("#new-name").fill("Noor <b>Haddad</b>");
      await page.locator("form[action='/admin/users'] button").click();
      await page.locator(".secret").waitFor();
      await look(admin, "users-made");
      const password = await textOf(page, ".secret");

      const noor = await visitor(browser, server, way);
      await noor.page.goto("/sign-in");
      await noor.page.locator("#login").fill("noor");
      await noor.page.locator("#password").fill(password);
      await noor.page.locator("form:has(#password) button").click();
      await noor.page.waitForURL(/\/home$/);
      assert.match(await textOf(noor.page, "h1"), /Noor <b>Haddad<\/b>/);
      const refused = await noor.page.goto("/admin/users");
      assert.equal(refused.status(), 403);
      noor.faults.length = 0; // The console reports the 403.
      await look(noor, "error-forbidden");

      await noor.page.goto("/my-data");
      await noor.page.locator("#confirm").fill("someone else");
      await noor.page.locator(".button.danger").click();
      await noor.page.locator("#erase-error").waitFor();
      noor.faults.length = 0; // The console reports the 422.
      await look(noor, "my-data-refused");
      await noor.page.locator("#confirm").fill("noor");
      await noor.page.locator(".button.danger").click();
      await noor.page.waitForURL(/\/sign-in/);
      await page.goto("/admin/users");
      assert.doesNotMatch(await page.locator("main").innerText(), /noor/);
    } finally {
      await server.stop();
    }
  });
}

// A teacher keeps the graph current: reads a text, accepts, edits, rejects, takes back, by keyboard
// too; and sees which cases rest on what changed.

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

const TEXTS = {
  en: `# Pulmonary embolism in the emergency department

Of 250 patients with pulmonary embolism, 50 (20%) had dyspnoea. Haemoptysis was
pre-
sent in 34/120 (28 %) of cases. Smoking may be associated with a higher risk of pulmonary embolism
(odds ratio 1.8, 95% CI 1.2-2.6). The sensitivity of dizziness was 24% and its specificity 91%.

12

The differential diagnosis of pulmonary embolism includes appendicitis. Patients with pulmonary
embolism presented with an unusual metallic taste.`,
  zh: `# 急诊肺栓塞的临床特征

250例肺栓塞患者中，50例（20%）出现呼吸困难。咯血见于28%的肺栓塞患者。吸烟可能增加肺栓塞的风险（OR=1.8，95%CI 1.2～2.6）。
头晕诊断肺栓塞的敏感度为24%，特异度为91%。肺栓塞应与阑尾炎相鉴别。肺栓塞患者主诉口腔金属味。`,
};

const ways = [
  { language: "en", size: WIDE, dark: false },
  { language: "zh", size: NARROW, dark: false },
  { language: "zh", size: WIDE, dark: true },
  { language: "en", size: NARROW, dark: true },
];

for (const way of ways) {
  test(`a teacher reads a text for the graph (${way.language}, ${way.size.width} px, ${way.dark ? "dark" : "light"})`, async () => {
    const server = await startServer();
    try {
      await walk(server, way);
    } finally {
      await server.stop();
    }
  });
}

async function describe(page, title) {
  await page.locator("#title").fill(title);
  await page.locator("#authors").fill("Doe J, Roe R");
  await page.locator("#year").fill("2024");
}

async function walk(server, options) {
  const teacher = await visitor(browser, server, options);
  const { page } = teacher;
  await signIn(page, "teacher");
  await page.goto("/manage/cases");
  await page.locator("main a[href='/manage/graph']").click();
  await look(teacher, "graph-empty");
  await page.locator("a[href='/manage/graph/new']").click();
  await look(teacher, "graph-new");

  await describe(page, "A PDF");
  await page.locator("#file").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("%PDF-1.7 \xff", "latin1") });
  await page.locator("main form button").click();
  await page.locator("main [role=alert]").waitFor();
  teacher.faults.length = 0; // The console reports the 422.
  assert.match(await page.locator("main [role=alert]").innerText(), /PDF/);
  await look(teacher, "graph-pdf");
  assert.equal(await page.locator("#title").inputValue(), "A PDF", "what was written is given back");

  await describe(page, "Nothing in it");
  await page.locator("#text").fill("The authors declare no conflict of interest.");
  await page.locator("main form button").click();
  await page.waitForURL(/documents/);
  await look(teacher, "graph-nothing");

  await page.goto("/manage/graph/new");
  await describe(page, options.language === "zh" ? "急诊肺栓塞" : "Pulmonary embolism: a cohort");
  await page.locator("#text").fill(TEXTS[options.language]);
  await page.locator("main form button").click();
  await page.waitForURL(/documents/);
  await look(teacher, "graph-document");
  assert.equal(await page.locator(".proposal").count(), 6, await page.locator("main").innerText());

  await page.locator("#proposal-1 [value=accept]").click();
  await page.locator("#proposal-1.accepted").waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.id === "proposal-1"), "reading goes on where it was");
  await page.keyboard.press("j");
  assert.equal(await page.evaluate(() => document.activeElement.id), "proposal-2");
  assert.equal(await page.locator("mark.current").count(), 1, "the quotation is shown in the text");
  await page.keyboard.press("r");
  await page.locator("#proposal-2.rejected").waitFor();
  await page.keyboard.press("u");
  await page.locator("#proposal-2.open").waitFor();

  await page.locator("#frequency-2").fill("often");
  await page.locator("#proposal-2 [value=accept]").click();
  await page.locator("#proposal-2 [role=alert]").waitFor();
  teacher.faults.length = 0; // The console reports the 422.
  await look(teacher, "graph-refused");
  await page.locator("#frequency-2").fill("25-30");
  await page.locator("#note-2").fill("Table 2");
  await page.locator("#proposal-2 [value=accept]").click();
  await page.locator("#proposal-2.accepted").waitFor();
  assert.match(await page.locator("#proposal-2 h3").innerText(), /25–30 %/);
  await look(teacher, "graph-decided");
  assert.match(await page.locator(".progress-line").innerText(), /2/);
  assert.ok((await page.locator(".affected li").count()) > 0, "cases rest on what changed");

  await page.goto("/manage/cases");
  assert.ok((await page.locator("a[href^='/manage/graph#case-']").count()) > 0);
  await look(teacher, "graph-cases");
  await page.goto("/manage/graph");
  const affected = await page.locator(".affected li").count();
  await look(teacher, "graph-list");
  await page.locator(".affected button").first().click();
  await page.locator(".notice.good").waitFor();
  assert.equal(await page.locator(".affected li").count(), affected - 1);
  const toml = await page.request.get("/manage/graph/changes.toml");
  assert.match(await toml.text(), /frequency = \[0\.25, 0\.3\]/);

  // Another start uses what was accepted.
  const start = await server.crash();
  await start();
  await page.goto("/manage/graph");
  assert.equal(await page.locator(".notice.attention").count(), 0, "nothing waits any more");
  await teacher.context.close();
}

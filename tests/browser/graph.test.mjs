// The disease graph: search, a disease with its neighbourhood drawn, a finding, two diseases side by
// side, what would change your mind. In both languages, wide and narrow, light and dark; with the
// keyboard alone; without scripts; and closed during an exam.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NARROW, WIDE, look, startBrowser, visitor } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { begin, signIn } from "./support/walks.mjs";

let browser;
let server;
before(async () => {
  browser = await startBrowser();
  server = await startServer();
});
after(async () => {
  await browser.close();
  await server.stop();
});

const PAGES = [
  ["graph", "/graph"],
  ["graph-search", "/graph?q=pain"],
  ["graph-nothing", "/graph?q=zebrafish"],
  ["graph-disease", "/graph/diseases/acute-coronary-syndrome"],
  ["graph-finding", "/graph/findings/chest-pain"],
  ["graph-risk-factor", "/graph/risk-factors/smoking"],
  ["graph-test", "/graph/tests/full-blood-count"],
  ["graph-compare-empty", "/graph/compare"],
  ["graph-compare-which", "/graph/compare?a=infection&b=nonsense"],
  ["graph-compare", "/graph/compare?a=acute-coronary-syndrome&b=pulmonary-embolism"],
  ["graph-mind-empty", "/graph/mind"],
  ["graph-mind-which", "/graph/mind?add=pain&as=present"],
  ["graph-mind", "/graph/mind?present=finding:chest-pain&absent=finding:fever&age=60&sex=male"],
];

const ways = [
  { login: "amara", language: "en", size: WIDE, dark: false },
  { login: "lin", language: "zh", size: NARROW, dark: false },
  { login: "amara", language: "en", size: NARROW, dark: true },
  { login: "lin", language: "zh", size: WIDE, dark: true },
];

for (const { login, ...way } of ways) {
  test(`every page of the graph is sound (${way.language}, ${way.size.width} px, ${way.dark ? "dark" : "light"})`, async () => {
    const reader = await visitor(browser, server, way);
    await signIn(reader.page, login);
    for (const [name, address] of PAGES) {
      await reader.page.goto(address);
      await look(reader, name);
    }
    await drawing(reader);
    await reader.context.close();
  });
}

/** Every label stands inside its box, and no two boxes overlap. */
async function drawing({ page, size }) {
  await page.goto("/graph/diseases/acute-coronary-syndrome");
  const shown = page.locator(".neighbourhood:visible");
  assert.equal(await shown.count(), 1);
  assert.equal(await shown.evaluate((svg) => svg.classList.contains("narrow")), size.width < 1000);
  const faults = await shown.evaluate((svg) => {
    const within = (inner, outer) =>
      inner.left >= outer.left - 0.5 && inner.right <= outer.right + 0.5 && inner.top >= outer.top - 2 && inner.bottom <= outer.bottom + 2;
    const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const boxes = [...svg.querySelectorAll(".node, .centre")].map((node) => ({
      text: node.querySelector("text").textContent,
      box: node.querySelector("rect").getBoundingClientRect(),
      label: node.querySelector("text").getBoundingClientRect(),
    }));
    const found = boxes.filter(({ box, label }) => !within(label, box)).map(({ text }) => `${text} leaves its box`);
    boxes.forEach((one, place) => {
      for (const other of boxes.slice(place + 1)) {
        if (overlap(one.box, other.box)) found.push(`${one.text} overlaps ${other.text}`);
      }
    });
    return found;
  });
  assert.deepEqual(faults, []);
}

test("the drawing is walked by keyboard, and each node is a link with its words", async () => {
  const { page, context } = await visitor(browser, server);
  await signIn(page, "amara");
  await page.goto("/graph/diseases/acute-coronary-syndrome");
  const nodes = page.locator(".neighbourhood:visible a.node");
  const count = await nodes.count();
  assert.ok(count > 15, `${count} nodes`);

  await nodes.first().focus();
  for (let step = 1; step < count; step += 1) await page.keyboard.press("Tab");
  const last = await page.evaluate(() => document.activeElement.getAttribute("href"));
  assert.equal(last, await nodes.last().getAttribute("href"));
  const chestPain = page.locator('.neighbourhood:visible a.node[href="/graph/findings/chest-pain"]');
  assert.equal(await chestPain.locator("title").textContent(), "Chest pain, 67% of patients");
  await chestPain.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/graph\/findings\/chest-pain$/);
  await context.close();
});

test("suggestions are chosen by keyboard", async () => {
  const reader = await visitor(browser, server);
  const { page, context } = reader;
  await signIn(page, "amara");
  await page.goto("/graph");
  await page.locator("#q").pressSequentially("heart att");
  await page.locator("[role=option]").first().waitFor();
  assert.equal(await page.locator("#q").getAttribute("aria-expanded"), "true");
  await look(reader, "graph-suggestions");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator("[role=option][aria-selected=true]").count(), 1);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("[role=listbox]:visible").count(), 0);
  await page.locator("#q").press("a");
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/graph\/diseases\/acute-coronary-syndrome$/);

  await page.goto("/graph/mind");
  await page.locator("#add").pressSequentially("chest pa");
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#add").inputValue(), "Chest pain");
  await page.keyboard.press("Enter");
  await page.waitForURL(/present=finding:chest-pain/);
  await context.close();
});

test("findings are chosen, answered and taken back without scripts", async () => {
  const { page, context } = await visitor(browser, server, { scripts: false, language: "zh" });
  await signIn(page, "lin");
  await page.goto("/graph/mind");
  await page.locator("#add").fill("胸痛");
  await page.locator("[name=as][value=present]").click();
  assert.equal(await page.locator(".chip.present").count(), 1);
  const before = await page.locator(".candidates > li").first().innerText();
  await page.locator(".movers .moved a").first().click();
  assert.equal(await page.locator(".chip").count(), 2);
  assert.notEqual(await page.locator(".candidates > li").first().innerText(), before);
  await page.locator(".chip .tool-link").first().click();
  assert.equal(await page.locator(".chip.absent").count(), 1, "the answer is turned round");
  await page.locator(".chip.absent .tool-link").last().click();
  assert.equal(await page.locator(".chip").count(), 1);

  await page.goto("/graph/compare");
  await page.locator("#a").fill("肺栓塞");
  await page.locator("#b").fill("急性冠脉综合征");
  await page.locator(".compare-form button").click();
  assert.ok((await page.locator(".comparison tbody tr").count()) > 10);
  await context.close();
});

test("the graph is closed while an exam runs", async () => {
  const reader = await visitor(browser, server);
  const { page, context, faults } = reader;
  await signIn(page, "amara");
  await begin(page, { mode: "exam" });
  await page.goto("/graph/diseases/acute-coronary-syndrome");
  assert.match(await page.locator("h1").innerText(), /closed during an exam/);
  // The browser writes every refusal to the console.
  faults.splice(0);
  await look(reader, "graph-closed");
  await context.close();
});

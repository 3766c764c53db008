// Every page of the program, in every role that may open it: axe finds nothing, nothing scrolls sideways, the
// console stays quiet. The role a page is for sees it in both languages, wide and narrow; the roles above, for
// whom only the frame around it differs, see it in English wide and in Chinese narrow. `pages.json` lists the pages; a test of the
// server compares it with the routers, so that a page nobody looks at here fails there.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { NARROW, WIDE, look, startBrowser, visitor } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { signIn } from "./support/walks.mjs";

const CASE = "chest-tightness-lin-58";
const ROLES = ["guest", "student", "teacher", "admin"];
/** Pages that answer 404 by themselves: no rare diseases are imported here. */
const REFUSED = { "/graph/rare/{id}": 404 };

/** Making the first drills takes a while on a busy machine. */
const DRILLS_WITHIN = 240_000;

const pages = JSON.parse(await readFile(new URL("./pages.json", import.meta.url), "utf8"));

let browser;
let server;
let places;
before(async () => {
  browser = await startBrowser();
  server = await startServer();
  places = await furnish();
});
after(async () => {
  await server.stop();
  await browser.close();
});

/** Sends as our own pages do; where it led, or what it answered. */
function send(page, method, address, body) {
  return page.evaluate(
    async ([method, address, body]) => {
      const json = address.startsWith("/api/");
      const answer = await fetch(address, {
        method,
        headers: json
          ? { "content-type": "application/json", accept: "application/json" }
          : { "content-type": "application/x-www-form-urlencoded" },
        body: body && (json ? JSON.stringify(body) : new URLSearchParams(body).toString()),
      });
      if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
      return json ? answer.json() : new URL(answer.url).pathname;
    },
    [method, address, body],
  );
}

/** A consultation that goes on and one that was finished. */
async function consult(page) {
  const begin = async () => (await send(page, "POST", "/api/v1/encounters", { case: CASE, language: "en" })).id;
  const finished = await begin();
  for (const [key, text] of [["a", "What brings you in today?"], ["b", "Do you smoke?"]]) {
    await send(page, "POST", `/api/v1/encounters/${finished}/turns`, { key, text });
  }
  const diagnoses = [{ name: "Myocardial infarction", reason: "tight chest" }];
  await send(page, "POST", `/api/v1/encounters/${finished}/finish`, { diagnoses });
  return { finished, open: await begin() };
}

/** A drill that waits to be answered and one that was; the first are made while the server starts. */
async function drill(page) {
  const deadline = Date.now() + DRILLS_WITHIN;
  for (;;) {
    await page.goto("/drills/next?kind=best-answer");
    if (await page.locator("form[data-drill]").count()) break;
    assert.ok(Date.now() < deadline, "a drill is made in time");
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
  const asked = new URL(page.url()).pathname;
  await page.locator("[name=choice]").first().check();
  await page.locator("form[data-drill] > .actions .button").first().click();
  await page.waitForURL(/\/drills\/answers\//);
  return { drill: asked, answer: new URL(page.url()).pathname };
}

/** One of everything there is a page for. */
async function furnish() {
  const found = { case: CASE };
  const own = {};
  const at = {};
  for (const role of ROLES.slice(1)) {
    at[role] = await visitor(browser, server, {});
    await signIn(at[role].page, role);
    own[role] = { ...(await consult(at[role].page)), ...(await drill(at[role].page)) };
  }
  const { page } = at.teacher;
  found.student = (await send(page, "GET", "/api/v1/class/encounters")).find((one) => one.student_name === "Sam Taylor").student;
  found.copy = (await send(page, "POST", "/manage/cases/write", { way: "case", case: CASE })).split("/")[3];
  for (const title of ["A first title", "A second title"]) {
    await send(page, "POST", `/manage/cases/${found.copy}/edit`, { "title.en": title, do: "keep" });
  }
  await page.goto("/class/groups");
  await page.locator("#group-name").fill("Year 4");
  await page.locator("form[action='/class/groups'] button").click();
  await page.waitForURL(/done=made/);
  found.group = new URL(page.url()).pathname;
  await send(at.student.page, "POST", "/groups/join", { code: await page.locator(".join-code").innerText() });
  await page.locator("#title").fill("Chest 1");
  await page.locator("[name=case]").first().check();
  await page.locator("form[action$='/assignments'] button").click();
  await page.waitForURL(/done=assigned/);
  found.assignment = await page.locator("#assignments .row-link").first().getAttribute("href");
  await page.goto("/manage/graph/new");
  await page.locator("#title").fill("Pulmonary embolism: a cohort");
  await page.locator("#authors").fill("Doe J, Roe R");
  await page.locator("#year").fill("2024");
  await page.locator("#text").fill("Of 250 patients with pulmonary embolism, 50 (20%) had dyspnoea.");
  await page.locator("main form button").click();
  await page.waitForURL(/documents/);
  found.document = new URL(page.url()).pathname;
  for (const one of Object.values(at)) await one.context.close();
  return (role) => ({ ...found, ...own[role], reported: own.student.finished });
}

/** The addresses of a page for a role; of reports, the teacher reads the student's as well. */
function addresses(page, role) {
  const named = places(role);
  const open = page.route.endsWith("/debrief") && role !== "student" ? [...page.open, "/consultations/{reported}/debrief"] : page.open;
  return open.map((address) => address.replace(/\{(\w+)\}/g, (_, name) => named[name]));
}

/** Looks at one page wide, narrow with all that can be unfolded, or both. */
async function inspect(one, route, address, { wide, narrow }) {
  const { page, faults } = one;
  const response = await page.goto(address);
  const wanted = REFUSED[route] ?? 200;
  assert.equal(response.status(), wanted, address);
  if (wanted !== 200) faults.length = 0; // The console reports the refusal.
  const name = `page${route.replaceAll(/[^a-z0-9]+/gi, "-")}`;
  if (wide) {
    await page.setViewportSize(WIDE);
    await look({ ...one, size: WIDE }, name);
  }
  if (narrow) {
    await page.setViewportSize(NARROW);
    await page.evaluate(() => document.querySelectorAll("main details").forEach((part) => (part.open = true)));
    await look({ ...one, size: NARROW }, name);
  }
}

for (const role of ROLES) {
  for (const language of ["en", "zh"]) {
    test(`every page: ${role}, ${language}`, async () => {
      const one = await visitor(browser, server, { language });
      if (role !== "guest") await signIn(one.page, role);
      const may = pages.filter((page) => ROLES.indexOf(page.for) <= ROLES.indexOf(role));
      for (const page of may.filter((page) => !page.file)) {
        const own = page.for === role;
        const sizes = { wide: own || language === "en", narrow: own || language === "zh" };
        for (const address of addresses(page, role)) await inspect(one, page.route, address, sizes);
      }
      for (const page of may.filter((page) => page.file)) {
        const answer = await one.page.request.get(addresses(page, role)[0]);
        assert.equal(answer.status(), 200, page.route);
        assert.doesNotMatch(answer.headers()["content-type"], /html/, `${page.route} is a page, not a file`);
      }
      await one.context.close();
    });
  }
}

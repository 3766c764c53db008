// Pages for everyone, signing in, and switching the language.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NARROW, WIDE, look, startBrowser, visitor } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { signIn, textOf } from "./support/walks.mjs";

let browser;
let server;
before(async () => {
  [browser, server] = await Promise.all([startBrowser(), startServer()]);
});
after(async () => {
  await browser.close();
  await server.stop();
});

const ways = [
  { language: "en", size: WIDE },
  { language: "zh", size: NARROW },
  { language: "zh", size: WIDE, dark: true },
  { language: "en", size: NARROW, dark: true },
];

for (const way of ways) {
  test(`public pages are whole (${way.language}, ${way.size.width} px${way.dark ? ", dark" : ""})`, async () => {
    const guest = await visitor(browser, server, way);
    for (const name of ["sign-in", "how-it-works", "accessibility", "privacy"]) {
      await guest.page.goto(`/${name}`);
      await look(guest, name);
    }
    const response = await guest.page.goto("/no-such-page");
    assert.equal(response.status(), 404);
    guest.faults.length = 0; // The console reports the 404.
    await look(guest, "error-not-found-guest");
  });
}

test("a wrong password is said in place, and the login stays", async () => {
  const guest = await visitor(browser, server);
  const { page } = guest;
  await page.goto("/sign-in");
  await page.locator("#login").fill("amara");
  await page.locator("#password").fill("not the password");
  await page.locator("form:has(#password) button").click();
  await page.locator("#sign-in-error").waitFor();
  guest.faults.length = 0; // The console reports the 401.
  await look(guest, "sign-in-wrong");
  assert.equal(await page.locator("#login").inputValue(), "amara");
});

test("guessing passwords is slowed down, and the page says so", async () => {
  const { page } = await visitor(browser, server);
  await page.goto("/sign-in");
  for (let attempt = 0; attempt < 12; attempt += 1) {
    await page.locator("#login").fill("somebody");
    await page.locator("#password").fill("not the password");
    await page.locator("form:has(#password) button").click();
    await page.locator("#sign-in-error").waitFor();
    if (/Too many attempts/.test(await page.locator("#sign-in-error").innerText())) return;
  }
  assert.fail("twelve wrong passwords in a row were all taken");
});

test("someone not signed in is asked to, and then arrives where they wanted", async () => {
  const { page } = await visitor(browser, server);
  await page.goto("/cases?level=introductory");
  await page.waitForURL(/\/sign-in\?next=/);
  await page.locator("#login").fill("amara");
  await page.locator("#password").fill("anamnesis-demo");
  await page.locator("form:has(#password) button").click();
  await page.waitForURL(/\/cases\?level=introductory$/);
});

test("the language follows the browser, then the choice, and stays with the account", async () => {
  const { page } = await visitor(browser, server, { language: "zh" });
  await page.goto("/sign-in");
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  await signIn(page, "student");
  await page.locator("form[action='/language'] button").click();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.match(await textOf(page, "h1"), /^Hello, /);
  const elsewhere = await visitor(browser, server, { language: "zh" });
  await signIn(elsewhere.page, "student");
  assert.equal(await elsewhere.page.locator("html").getAttribute("lang"), "en");
});

test("a demo account signs in with one click", async () => {
  const { page } = await visitor(browser, server);
  await page.goto("/sign-in");
  await page.locator(".demo button").first().click();
  await page.waitForURL(/\/home$/);
});

test("pages stay usable at 400 % zoom", async () => {
  // 1280 px at 400 % leaves 320 CSS pixels.
  const guest = await visitor(browser, server, { size: { width: 320, height: 256 } });
  await signIn(guest.page, "amara");
  for (const address of ["/home", "/cases", "/progress", "/my-data", "/how-it-works"]) {
    await guest.page.goto(address);
    await look(guest, `zoomed${address.replaceAll("/", "-")}`);
  }
});

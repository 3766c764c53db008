// The consultation under what life does to it: keyboard only, no scripts, refresh, a lost
// connection, a crashed server, a busy patient, Chinese input.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NARROW, WIDE, look, startBrowser, visitor } from "./support/browser.mjs";
import { focusIsSeen, tabTo as tabToIn } from "./support/keyboard.mjs";
import { startServer } from "./support/server.mjs";
import { diagnoses } from "./support/library.mjs";
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

async function consulting(options = {}) {
  const student = await visitor(browser, server, options);
  await signIn(student.page, options.language === "zh" ? "lin" : "amara");
  student.id = await begin(student.page, { language: options.language ?? "en", mode: options.mode });
  return student;
}

const said = (page) => page.locator(".turn.student .words").allInnerTexts();

test("a whole consultation goes by keyboard alone", async () => {
  const { page } = await visitor(browser, server, { size: WIDE });
  const press = (key) => page.keyboard.press(key);
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.id);
  const tabTo = (wanted) => tabToIn(page, wanted);

  await page.goto("/sign-in");
  await tabTo("#login");
  await page.keyboard.type("amara");
  await press("Tab");
  await page.keyboard.type("anamnesis-demo");
  await press("Enter");
  await page.waitForURL(/\/home$/);
  await press("Tab");
  assert.match(await focused(), /Skip to content/);
  await press("Enter");
  await tabTo("main a.button");
  await press("Enter");
  await page.waitForURL(/\/cases\//);
  await tabTo("form[action$='/begin'] button");
  await press("Enter");
  await page.waitForURL(/\/consultations\//);

  await tabTo("#box");
  await page.keyboard.type("What brings you in today?");
  await press("Shift+Enter");
  await page.keyboard.type("Take your time.");
  await press("Enter");
  await answered(page, 1);
  assert.deepEqual(await said(page), ["What brings you in today?\nTake your time."]);
  assert.equal(await focused(), "box", "the next question can be typed at once");
  await focusIsSeen(page, "after asking");

  await tabTo(".work-tabs [data-view-link=examination]");
  await press("Enter");
  await tabTo("#examination .order-choice");
  await press("Enter");
  await page.locator("#examination .order-card").first().waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.closest("#examination")), "reading goes on at the result");
  await focusIsSeen(page, "after examining");
  await press("Escape");
  assert.equal(await focused(), "box", "Escape leaves the panel");
  await tabTo(".work-tabs [data-view-link=differential]");
  await press("/");
  assert.equal(await focused(), "box", "the slash leads to the box");

  await tabTo(".work-tabs [data-view-link=differential]");
  await press("Enter");
  await tabTo("#differential [name=name]");
  await page.keyboard.type("Angina");
  await tabTo("#draft-name-2");
  await page.keyboard.type("Pneumonia");
  await tabTo("#differential li:nth-child(2) [data-move=up]");
  await press("Enter");
  await focusIsSeen(page, "after moving a diagnosis");
  const ranked = () => page.locator("#differential [name=name]").evaluateAll((boxes) => boxes.map((box) => box.value));
  assert.deepEqual((await ranked()).slice(0, 2), ["Pneumonia", "Angina"]);

  await page.evaluate(() => document.activeElement.blur());
  await tabTo("[data-finish]");
  await press("Enter");
  await page.locator("#finish-dialog[open]").waitFor();
  await focusIsSeen(page, "in the dialog");
  await press("Escape");
  await focusIsSeen(page, "after the dialog");
  assert.ok(await page.evaluate(() => document.activeElement.matches("[data-finish]")), "back where it was opened");
  await press("Enter");
  await tabTo("[data-finish-confirm]");
  await press("Enter");
  await page.waitForURL(/\/debrief$/);
  assert.deepEqual(await page.locator(".two-lists .card:first-child strong").allInnerTexts(), ["Pneumonia", "Angina"]);
});

test("everything works before a script loads", async () => {
  const student = await visitor(browser, server, { size: NARROW, scripts: false });
  const { page } = student;
  await signIn(page, "amara");
  await begin(page);
  await page.locator("#box").fill("When did it start?");
  await page.locator("#say button").click();
  await page.waitForURL(/#end$/);
  assert.deepEqual(await said(page), ["When did it start?"]);
  assert.equal(await page.locator(".turn.patient").count(), 1);
  await page.locator("#examination .order-choice").first().click();
  assert.equal(await page.locator("#examination .order-card").count(), 1);
  await page.locator("#say button").click();
  assert.match(await page.locator("#say-state").innerText(), /Type what you want to say/);
  await page.locator("[data-finish]").click();
  await page.locator("[name=name]").first().fill("Angina");
  await page.locator("form[action$='/finish'] button:not([type=button])").click();
  await page.waitForURL(/\/debrief$/);
  assert.ok((await page.locator(".item").count()) > 3);
});

test("a refresh and a second tab find every turn and the unsent draft", async () => {
  const { page, context, id } = await consulting();
  await ask(page, "Do you smoke?");
  await page.locator("#box").fill("And how man");
  await page.reload();
  assert.deepEqual(await said(page), ["Do you smoke?"]);
  assert.equal(await page.locator("#box").inputValue(), "And how man");
  const second = await context.newPage();
  await second.goto(`/consultations/${id}`);
  assert.deepEqual(await said(second), ["Do you smoke?"]);
});

test("a turn said without a connection waits, says so, and is sent once the connection is back", async () => {
  const student = await consulting();
  const { page, context, id } = student;
  await context.setOffline(true);
  await page.locator("#box").fill("Have you had a fever?");
  await page.locator("#box").press("Enter");
  await page.locator(".turn.student .state.waiting").waitFor();
  assert.match(await page.locator(".turn.student .state").innerText(), /No connection/);
  await context.setOffline(false);
  await answered(page, 1);
  assert.match(await page.locator(".turn.student .state").innerText(), /Stored/);
  student.faults.length = 0; // The failed request itself is reported on the console.
  await page.goto(`/consultations/${id}`);
  assert.deepEqual(await said(page), ["Have you had a fever?"], "sent exactly once");
});

test("a turn whose answer was lost on the way is neither lost nor doubled", async () => {
  const { page, id } = await consulting();
  let dropped = 0;
  await page.route("**/api/v1/encounters/*/turns", async (route) => {
    if (dropped > 0) return route.continue();
    dropped += 1;
    await route.fetch();
    return route.abort("connectionreset");
  });
  await page.locator("#box").fill("Does the pain spread anywhere?");
  await page.locator("#box").press("Enter");
  await answered(page, 1);
  await page.unroute("**/api/v1/encounters/*/turns");
  await page.goto(`/consultations/${id}`);
  assert.equal(dropped, 1);
  assert.deepEqual(await said(page), ["Does the pain spread anywhere?"]);
});

test("a busy patient is waited for", async () => {
  const { page } = await consulting();
  let refused = 0;
  await page.route("**/api/v1/encounters/*/turns", async (route) => {
    if (refused > 0) return route.continue();
    refused += 1;
    return route.fulfill({
      status: 429,
      headers: { "Retry-After": "1" },
      json: { error: { code: "busy", message: "busy" } },
    });
  });
  await page.locator("#box").fill("Do you take any medicines?");
  await page.locator("#box").press("Enter");
  await page.locator(".state.waiting", { hasText: "busy" }).waitFor();
  await answered(page, 1);
  assert.deepEqual(await said(page), ["Do you take any medicines?"]);
});

test("a crash of the server loses nothing and the page goes on by itself", async () => {
  const own = await startServer();
  try {
    const student = await visitor(browser, own, {});
    const { page } = student;
    await signIn(page, "amara");
    const id = await begin(page);
    await ask(page, "Do you smoke?");
    const restart = await own.crash();
    await page.locator("#box").fill("Do you drink alcohol?");
    await page.locator("#box").press("Enter");
    await page.locator(".state.waiting").waitFor();
    await restart();
    await answered(page, 2);
    await page.goto(`/consultations/${id}`);
    assert.deepEqual(await said(page), ["Do you smoke?", "Do you drink alcohol?"]);
  } finally {
    await own.stop();
  }
});

test("choosing a word while writing Chinese does not send", async () => {
  const { page } = await consulting({ language: "zh" });
  await page.locator("#box").fill("疼了多久");
  await page.locator("#box").evaluate((box) => {
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }));
  });
  assert.equal(await page.locator(".turn.student").count(), 0);
  assert.equal(await page.locator("#box").inputValue(), "疼了多久");
  await page.locator("#box").press("Enter");
  await answered(page, 1);
  assert.deepEqual(await said(page), ["疼了多久"]);
});

test("replies reach a screen reader in sentences and the transcript stays quiet", async () => {
  const { page } = await consulting();
  await ask(page, "What brings you in today?");
  const reply = await page.locator(".turn.patient .words").innerText();
  const spoken = await page.locator("#announce p").allInnerTexts();
  assert.equal(spoken.join(" ").replace(/\s+/g, " ").trim(), reply.replace(/\s+/g, " ").trim());
  assert.equal(await page.locator("#announce").getAttribute("aria-live"), "polite");
  assert.equal(await page.locator("#conversation").getAttribute("aria-live"), null);
});

test("an exam shows the time left, from the server's clock", async () => {
  const { page } = await consulting({ mode: "exam" });
  const left = await page.locator("#timer .clock").innerText();
  const minutes = Number(await page.locator("#timer").getAttribute("data-minutes"));
  assert.ok(Number.parseInt(left, 10) >= minutes - 1, left);
  await page.clock.install();
  await page.reload();
  await page.clock.fastForward((minutes - 5) * 60_000 + 30_000);
  await page.locator("#timer.soon").waitFor();
  assert.match(await page.locator("#announce").innerText(), /5 minutes left/);
});

test("a student cannot read another's consultation", async () => {
  const { page, id } = await consulting();
  await ask(page, "Do you smoke?");
  await finish(page, []);
  const other = await visitor(browser, server, { language: "zh" });
  await signIn(other.page, "lin");
  for (const address of [`/consultations/${id}`, `/consultations/${id}/debrief`, `/consultations/${id}/finish`]) {
    const response = await other.page.goto(address);
    assert.equal(response.status(), 404, address);
  }
  other.faults.length = 0; // The console reports the 404s.
  await look(other, "error-not-found");
});

test("a consultation can be left for good, and does not come back", async () => {
  const { page, id, faults } = await consulting();
  await ask(page, "What brings you in today?");
  await page.goto(`/consultations/${id}/finish`);
  await page.locator("details.leave-for-good summary").click();
  await page.locator("form[action$='/leave'] button").click();
  await page.waitForURL(/\/home\?done=left$/);
  await page.locator(".notice.good").waitFor();
  assert.equal(await page.locator(`a[href='/consultations/${id}']`).count(), 0);
  await page.goto(`/consultations/${id}`);
  assert.match(page.url(), /\/home\?done=left$/);
  assert.deepEqual(faults, []);
});

test("what a student types is never markup", async () => {
  const { page, faults } = await consulting();
  const nasty = `<img src=x onerror="alert(1)"> </li><script>alert(2)</script> & "quotes"`;
  await ask(page, nasty);
  await page.reload();
  assert.deepEqual(await said(page), [nasty]);
  assert.deepEqual(faults, []);
});

test("diagnoses are ranked by dragging as well", async () => {
  const { page, id } = await consulting();
  await page.locator(".work-tabs [data-view-link=differential]").click();
  const boxes = page.locator("#differential [name=name]");
  await boxes.nth(0).fill("Angina");
  await boxes.nth(1).fill("Pneumonia");
  await page.locator("#differential .grip").nth(0).dragTo(page.locator("#differential li").nth(1));
  const ranked = () => boxes.evaluateAll((all) => all.map((box) => box.value).slice(0, 2));
  assert.deepEqual(await ranked(), ["Pneumonia", "Angina"]);
  await page.goto(`/consultations/${id}`);
  assert.deepEqual(await ranked(), ["Pneumonia", "Angina"], "kept on this device");
});

test("nothing a student sees before finishing names the diagnosis", async () => {
  for (const language of ["en", "zh"]) {
    const { page } = await visitor(browser, server, { language });
    await signIn(page, "student");
    await page.goto("/cases");
    const addresses = await page.locator(".row-link").evaluateAll((links) => links.map((link) => link.pathname));
    assert.ok(addresses.length >= 4);
    const seen = [await page.content()];
    for (const address of addresses) {
      await page.goto(address);
      seen.push(await page.content());
      await page.locator("form[action$='/begin'] button").click();
      await page.waitForURL(/\/consultations\//);
      // What can be ordered is the same for every case and may name anything.
      await page.locator(".work").evaluate((work) => work.remove());
      seen.push(await page.content());
    }
    for (const name of await diagnoses(language)) {
      assert.ok(!seen.some((html) => html.includes(name)), name);
    }
  }
});

test("the list of patients narrows by search and by filter", async () => {
  const { page } = await visitor(browser, server);
  await signIn(page, "amara");
  await page.goto("/cases");
  const all = await page.locator(".row-link").count();
  await page.locator("#level").selectOption("introductory");
  await page.locator(".filters button").click();
  const some = await page.locator(".row-link").count();
  assert.ok(some > 0 && some < all, `${some} of ${all}`);
  await page.goto("/cases?q=headache");
  assert.ok((await page.locator(".row-link").count()) >= 1);
  await page.goto("/cases?q=no+such+thing");
  assert.equal(await page.locator(".row-link").count(), 0);
  await page.locator(".empty a.button").click();
  assert.equal(await page.locator(".row-link").count(), all);
});

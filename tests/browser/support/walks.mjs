// What people do, in words of the page they see.

import assert from "node:assert/strict";

export const PASSWORD = "anamnesis-demo";

export const QUESTIONS = {
  en: [
    "Hello, I'm a medical student. What brings you in today?",
    "When did it start?",
    "Does anything make it better or worse?",
    "Have you had a fever?",
    "Do you have any medical conditions?",
    "Are you allergic to any medicines?",
    "Do you smoke?",
  ],
  zh: [
    "您好，我是医学生。今天哪里不舒服？",
    "什么时候开始的？",
    "什么情况下会加重或者缓解？",
    "有没有发烧？",
    "以前得过什么病吗？",
    "对什么药物过敏吗？",
    "您抽烟吗？",
  ],
};

/** Signs in by the form. */
export async function signIn(page, login) {
  await page.goto("/sign-in");
  await page.locator("#login").fill(login);
  await page.locator("#password").fill(PASSWORD);
  await page.locator("form:has(#password) button").click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** Begins with the first patient of the list and gives the consultation's id. */
export async function begin(page, { mode = "practice", language = "en" } = {}) {
  await page.goto("/cases");
  await page.locator(".row-link").first().click();
  await page.locator(`[name=mode][value=${mode}]`).check();
  await page.locator(`form [name=language][value=${language}]`).last().check();
  await page.locator("form[action$='/begin'] button").click();
  await page.waitForURL(/\/consultations\//);
  return page.url().split("/").at(-1);
}

/** Says something and waits until the patient has answered and the turn is stored. */
export async function ask(page, text) {
  const replies = page.locator(".turn.patient .words");
  const before = await replies.count();
  await page.locator("#box").fill(text);
  await page.locator("#box").press("Enter");
  await answered(page, before + 1);
}

/** Waits until there are `count` finished replies. */
export async function answered(page, count) {
  await page.waitForFunction(
    (wanted) => {
      const replies = [...document.querySelectorAll(".turn.patient .words")];
      return replies.length >= wanted && replies.every((reply) => !reply.querySelector(".thinking") && reply.textContent.trim());
    },
    count,
  );
}

/** Finishes by the dialog with the diagnoses given. */
export async function finish(page, diagnoses) {
  await page.locator("[data-finish]").click();
  const dialog = page.locator("#finish-dialog");
  for (const [place, [name, reason]] of diagnoses.entries()) {
    await dialog.locator("[name=name]").nth(place).fill(name);
    await dialog.locator("[name=reason]").nth(place).fill(reason);
  }
  await dialog.locator("[data-finish-confirm]").click();
  await page.waitForURL(/\/debrief$/);
}

/** The text of an element that must be there once. */
export async function textOf(page, selector) {
  const found = page.locator(selector);
  assert.equal(await found.count(), 1, selector);
  return (await found.innerText()).trim();
}

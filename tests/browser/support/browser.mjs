// A browser whose pages are watched: no console errors, no requests elsewhere, axe finds nothing,
// nothing to scroll sideways.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const pictures = join(dirname(fileURLToPath(import.meta.url)), "../screenshots");

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };

/** Starts Chromium. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * A page of its own session.
 * @param {{ language?: "en" | "zh", size?: object, dark?: boolean, scripts?: boolean }} options
 */
export async function visitor(browser, server, { language = "en", size = WIDE, dark = false, scripts = true } = {}) {
  const context = await browser.newContext({
    baseURL: server.address,
    viewport: size,
    locale: language === "zh" ? "zh-CN" : "en-GB",
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    javaScriptEnabled: scripts,
  });
  const page = await context.newPage();
  // A machine that does much else besides needs more, in milliseconds.
  page.setDefaultTimeout(Number(process.env.ANAMNESIS_PATIENCE ?? 15_000));
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.address)) faults.push(`a request elsewhere: ${request.url()}`);
  });
  return { page, context, faults, language, size, dark, shown: 0 };
}

/** Looks at the page as it stands: axe, width, faults; takes a picture when asked for by the environment. */
export async function look(visitor, name) {
  const { page, faults, language, size, dark } = visitor;
  await page.evaluate(() => document.fonts.ready);
  if (process.env.ANAMNESIS_SCREENSHOTS) {
    await mkdir(pictures, { recursive: true });
    const file = `${name}-${language}-${size.width}${dark ? "-dark" : ""}.png`;
    await page.screenshot({ path: join(pictures, file), fullPage: true });
  }
  // The same page may be looked at twice.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  const found = violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${node.target.join(" ")} – ${node.failureSummary}`),
  );
  assert.deepEqual(found, [], `axe on ${name}`);
  const { wanted, given } = await page.evaluate(() => ({
    wanted: document.documentElement.scrollWidth,
    given: document.documentElement.clientWidth,
  }));
  assert.ok(wanted <= given, `${name} scrolls sideways: ${wanted} > ${given}`);
  assert.deepEqual(faults.splice(0), [], `faults on ${name}`);
}

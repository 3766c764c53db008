// Going through a page by keyboard alone. Wherever the focus stops it must be seen: in the window, and with
// a ring around it or around what stands for it.

import assert from "node:assert/strict";

/** More stops than any way between two things should have. */
const LONGEST_WAY = 200;

/** Fails unless something has the focus and shows it; `after` says after what. */
export async function focusIsSeen(page, after) {
  const fault = await page.evaluate(async () => {
    // Even without motion a change of style takes a frame.
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    const at = document.activeElement;
    if (!at || at === document.body || at === document.documentElement) return "nothing has the focus";
    const name = `${at.tagName.toLowerCase()}${at.id ? `#${at.id}` : ""} "${(at.getAttribute("aria-label") ?? at.textContent).trim().slice(0, 40)}"`;
    const box = at.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) return `${name} has the focus and no size`;
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return `${name} has the focus outside the window`;
    const ringed = (element) => {
      const style = getComputedStyle(element);
      return style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
    };
    const drawn = (shape) => {
      const focus = document.createElement("i");
      focus.style.color = "var(--focus)";
      document.body.append(focus);
      const wanted = getComputedStyle(focus).color;
      focus.remove();
      return getComputedStyle(shape).stroke === wanted;
    };
    const around = [at, at.closest(".choice")].filter(Boolean);
    const shapes = [...at.querySelectorAll("ellipse, rect")];
    return around.some(ringed) || shapes.some(drawn) ? null : `${name} has the focus and does not show it`;
  });
  assert.equal(fault, null, after);
}

/** Tabs until `wanted` has the focus, which is seen at every stop; how many stops it took. */
export async function tabTo(page, wanted, key = "Tab") {
  for (let step = 0; step < LONGEST_WAY; step += 1) {
    if (await page.evaluate((selector) => document.activeElement.matches(selector), wanted)) return step;
    await page.keyboard.press(key);
    // Behind the last stop the focus leaves the page; the next press comes round.
    if (!(await page.evaluate(() => document.activeElement === document.body))) await focusIsSeen(page, `on the way to ${wanted}`);
  }
  assert.fail(`${wanted} cannot be reached in ${LONGEST_WAY} stops`);
}

/** Tabs to `wanted` and presses Enter on it. */
export async function enter(page, wanted) {
  await tabTo(page, wanted);
  await page.keyboard.press("Enter");
}

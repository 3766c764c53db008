// Deciding items by keyboard: J and K go from item to item, D goes to the reason, A marks asked, M not
// asked, U takes back. Enter in the reason changes nothing: which mark is meant must be chosen.

const items = [...document.querySelectorAll(".item[id]")].filter((item) => item.querySelector(".decide"));

const chosen = () => items.findIndex((item) => item.contains(document.activeElement));

function go(at) {
  items[Math.max(0, Math.min(at, items.length - 1))]?.focus();
}

for (const item of items) {
  item.querySelector("input[name=reason]").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    item.querySelector("[data-key]").focus();
  });
}

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input, textarea, select, [contenteditable]");
  if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const at = chosen();
  if (key === "j" || key === "k") {
    const doubtful = items.findIndex((item) => item.querySelector(".verdict.review"));
    go(at < 0 ? Math.max(doubtful, 0) : at + (key === "j" ? 1 : -1));
    event.preventDefault();
  } else if (at >= 0) {
    const decide = items[at].querySelector(".decide");
    const button = decide.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (key === "d") {
      decide.open = true;
      decide.querySelector("input[name=reason]").focus();
      event.preventDefault();
    } else if (button) {
      event.preventDefault();
      button.click();
    }
  }
});

// After a decision the page comes back at it: go on from there. After a refusal: at what is wanting.
const refused = location.pathname.match(/\/items\/([^/]+)\/decision$/)?.[1];
if (refused) {
  const decide = items.find((item) => item.id === `item-${decodeURIComponent(refused)}`)?.querySelector(".decide");
  const reason = decide?.querySelector("input[name=reason]");
  if (reason) {
    decide.open = true;
    reason.setAttribute("aria-invalid", "true");
    reason.focus();
  }
} else {
  items.find((item) => `#${item.id}` === location.hash)?.focus();
}

// Narrows a long list while typing.

/** Wires every `[data-find]` box of `root` to the order lists of its panel. */
export function find(root) {
  root.addEventListener("input", (event) => {
    const box = event.target.closest("[data-find]");
    if (!box) return;
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const panel = box.closest("[data-panel]");
    for (const choice of panel.querySelectorAll(".order-choice")) {
      const text = `${choice.textContent} ${choice.dataset.also}`.toLowerCase();
      choice.closest("li").hidden = !words.every((word) => text.includes(word));
    }
    for (const group of panel.querySelectorAll(".order-group")) {
      group.hidden = !group.querySelector("li:not([hidden])");
    }
  });
}

// Reading by keyboard: J and K go from proposal to proposal, A accepts, R rejects, U takes back. The
// words a proposal rests on are shown in the text.

const proposals = [...document.querySelectorAll(".proposal")];
const marks = [...document.querySelectorAll(".document mark")];

const chosen = () => proposals.findIndex((one) => one.contains(document.activeElement));

function show(proposal) {
  for (const mark of marks) {
    const current = mark.textContent === proposal.dataset.quote;
    mark.classList.toggle("current", current);
    if (!current) continue;
    const box = mark.closest(".document");
    box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  }
}

for (const proposal of proposals) {
  proposal.addEventListener("focusin", () => show(proposal));
}

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input, textarea, select, [contenteditable]");
  if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const at = chosen();
  if (key === "j" || key === "k") {
    const open = at < 0 ? proposals.findIndex((one) => one.classList.contains("open")) : at + (key === "j" ? 1 : -1);
    proposals[Math.max(0, Math.min(open, proposals.length - 1))]?.focus();
    event.preventDefault();
  } else if (at >= 0) {
    const button = proposals[at].querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (button) {
      event.preventDefault();
      button.click();
    }
  }
});

// After a decision the page comes back at it: go on from there.
const decided = proposals.find((one) => `#${one.id}` === location.hash);
decided?.focus();

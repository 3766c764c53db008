// What every page gains from scripts: printing, focus on what went wrong, no double sending.

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

const problem = document.querySelector("#problems, [role=alert]");
if (problem) {
  problem.tabIndex = -1;
  problem.focus({ preventScroll: false });
}

// A second click while the first is on its way would send the form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

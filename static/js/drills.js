// Drills by keyboard: numbers choose, buttons move what is to be put in order, Enter goes on.

const form = document.querySelector("form[data-drill]");
const choices = form ? [...form.querySelectorAll("input[name=choice]")] : [];

if (choices.length) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const choice = choices[Number(event.key) - 1];
    if (!choice) return;
    choice.checked = true;
    choice.focus();
  });
}

const order = form?.querySelector("[data-order]");
if (order) {
  const status = form.querySelector("[data-moves]");
  order.classList.add("moving");
  for (const moves of order.querySelectorAll(".moves")) moves.hidden = false;
  sortByPlaces();
  settle();
  order.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const item = button.closest("li");
    if (button.dataset.move === "up") item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    settle();
    (button.disabled ? item.querySelector("[data-move]:not(:disabled)") : button)?.focus();
    const name = item.querySelector(".drill-name").textContent.trim();
    const place = [...order.children].indexOf(item) + 1;
    status.textContent = order.dataset.moved.replace("%name%", name).replace("%place%", place);
  });
}

/** Puts back what was typed before an answer was sent back: lines with a place, in their order, first. */
function sortByPlaces() {
  const place = (item) => Number(item.querySelector("select").value) || order.children.length + 1;
  for (const item of [...order.children].sort((a, b) => place(a) - place(b))) order.append(item);
}

/** Gives every line its place. */
function settle() {
  const items = [...order.children];
  items.forEach((item, at) => {
    item.querySelector("select").value = String(at + 1);
    item.querySelector("[data-move=up]").disabled = at === 0;
    item.querySelector("[data-move=down]").disabled = at === items.length - 1;
  });
}

const outcome = document.querySelector("[data-outcome]");
if (outcome) {
  outcome.focus({ preventScroll: true });
  document.addEventListener("keydown", (event) => {
    const idle = document.activeElement === document.body || document.activeElement === outcome;
    if (event.key === "Enter" && idle) document.querySelector("[data-next]").click();
  });
}

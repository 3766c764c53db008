// A ranked list of diagnoses, reordered by buttons or by dragging.

/**
 * @param {HTMLElement} list the `<ol data-ranked>`
 * @param {{ status: HTMLElement | null, moved: string, changed: (rows: object[]) => void }} options
 */
export function ranked(list, { status, moved, changed }) {
  const report = () => changed(rows(list));
  for (const item of list.children) {
    item.querySelector(".moves").hidden = false;
    const grip = item.querySelector(".grip");
    grip.hidden = false;
    // Only the grip drags, so that text in the boxes can be selected.
    grip.addEventListener("pointerdown", () => (item.draggable = true));
    item.addEventListener("dragend", () => {
      item.draggable = false;
      item.classList.remove("dragging");
      for (const other of list.children) other.classList.remove("target");
    });
    item.addEventListener("dragstart", (event) => {
      item.classList.add("dragging");
      event.dataTransfer.effectAllowed = "move";
    });
  }
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const item = button.closest("li");
    if (button.dataset.move === "up") item.previousElementSibling?.before(item);
    else if (!item.nextElementSibling?.hidden) item.nextElementSibling?.after(item);
    settle(list);
    (button.disabled ? item.querySelector("[data-move]:not(:disabled)") : button)?.focus();
    announce(item);
    report();
  });
  list.addEventListener("dragover", (event) => {
    const item = event.target.closest("li");
    if (!list.querySelector(".dragging") || !item) return;
    event.preventDefault();
    for (const other of list.children) other.classList.toggle("target", other === item);
  });
  list.addEventListener("drop", (event) => {
    const dragged = list.querySelector(".dragging");
    const item = event.target.closest("li");
    if (!dragged || !item || dragged === item) return;
    event.preventDefault();
    const below = [...list.children].indexOf(dragged) < [...list.children].indexOf(item);
    if (below) item.after(dragged);
    else item.before(dragged);
    settle(list);
    announce(dragged);
    report();
  });
  list.addEventListener("input", report);
  const more = list.parentElement.querySelector("[data-more]");
  more.addEventListener("click", () => {
    const next = [...list.children].find((item) => item.hidden);
    next.hidden = false;
    settle(list);
    next.querySelector("input").focus();
  });
  settle(list);

  function announce(item) {
    if (!status) return;
    const name = item.querySelector("[name=name]").value || "–";
    const place = [...list.children].indexOf(item) + 1;
    status.textContent = moved.replace("%name%", name).replace("%place%", place);
  }
}

/** The rows as `{ name, reason }`, in order, empty ones included. */
export function rows(list) {
  return [...list.children].map((item) => ({
    name: item.querySelector("[name=name]").value,
    reason: item.querySelector("[name=reason]").value,
  }));
}

/** Lines shown before more are asked for. */
const FIRST_LINES = 3;

/** Fills the boxes with `values`; lines beyond the first few stay hidden while they are empty. */
export function fill(list, values) {
  [...list.children].forEach((item, place) => {
    item.querySelector("[name=name]").value = values[place]?.name ?? "";
    item.querySelector("[name=reason]").value = values[place]?.reason ?? "";
    item.hidden = place >= FIRST_LINES && !values[place]?.name && !values[place]?.reason;
  });
  settle(list);
}

function settle(list) {
  const shown = [...list.children].filter((item) => !item.hidden);
  const last = shown.length - 1;
  list.parentElement.querySelector("[data-more]").hidden = shown.length === list.children.length;
  [...list.children].forEach((item, place) => {
    item.querySelector("[data-move=up]").disabled = place === 0;
    item.querySelector("[data-move=down]").disabled = place === last;
  });
}

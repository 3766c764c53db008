// Writing a case: what is typed is kept and checked while typing, topics are offered, the patient is
// asked beside the form. Buttons that add or remove send the form as they would without scripts.

const form = document.querySelector("#case-form");
const state = document.querySelector("#save-state");
const topics = document.querySelector("#topics");
const PAUSE = 700;
/** Which button sent the form, for the page that comes back. */
const PRESSED = "case-form:pressed";
let timer = 0;
let changed = false;
let sending = Promise.resolve();

function show(answer) {
  form.elements.step.value = answer.step;
  document.querySelector("#undo").disabled = !answer.undo;
  document.querySelector("#redo").disabled = !answer.redo;
  const open = document.querySelector("#beside details")?.open;
  document.querySelector("#beside").innerHTML = answer.beside;
  const details = document.querySelector("#beside details");
  if (details && open) details.open = true;
  for (const place of form.querySelectorAll(".said")) place.replaceChildren();
  for (const said of [...answer.refused, ...answer.findings]) {
    const place = document.getElementById(`said:${said.path}`);
    const line = document.createElement("p");
    line.className = said.tone;
    line.textContent = said.text;
    place?.append(line);
  }
  for (const field of form.querySelectorAll("[aria-describedby]")) {
    const place = document.getElementById(field.getAttribute("aria-describedby"));
    field.toggleAttribute("aria-invalid", Boolean(place?.querySelector(".wrong")));
  }
}

async function send(deed) {
  const body = new URLSearchParams(new FormData(form));
  body.set("do", deed);
  changed = false;
  state.textContent = form.dataset.saving;
  try {
    const response = await fetch(form.dataset.live, { method: "POST", body });
    if (!response.ok) throw new Error(String(response.status));
    const answer = await response.json();
    show(answer);
    state.textContent = changed ? form.dataset.saving : form.dataset.saved;
    return answer;
  } catch {
    changed = true;
    state.textContent = form.dataset.unsaved;
    return null;
  }
}

/** One after the other: a step belongs to the one before it. */
function live(deed) {
  clearTimeout(timer);
  sending = sending.then(() => send(deed));
  return sending;
}

form.addEventListener("input", (event) => {
  if (event.target.matches("[data-topic]")) offer(event.target);
  if (/^(new|ask)\./.test(event.target.name)) return;
  changed = true;
  clearTimeout(timer);
  timer = setTimeout(() => live("save"), PAUSE);
});

let wanted = 0;
async function offer(field) {
  const word = field.value.trim();
  if (!word) return;
  wanted += 1;
  const mine = wanted;
  const response = await fetch(`${form.dataset.topics}?q=${encodeURIComponent(word)}`);
  if (!response.ok || mine !== wanted) return;
  const found = await response.json();
  topics.replaceChildren(
    ...found.map(({ id, name }) => {
      const option = document.createElement("option");
      option.value = `${name} [${id}]`;
      return option;
    }),
  );
}

form.addEventListener("keydown", (event) => {
  const button = event.key === "Enter" && !event.isComposing && event.target.dataset.enter;
  if (button) {
    event.preventDefault();
    document.getElementById(button).click();
  }
});

form.addEventListener("click", async (event) => {
  const button = event.target.closest("button[name=do]");
  if (!button || !["ask", "forget"].includes(button.value)) return;
  event.preventDefault();
  const answer = await live(button.value);
  if (!answer) return;
  const box = document.getElementById("ask.said");
  box.value = "";
  const talk = document.querySelector("#talk");
  talk.innerHTML = answer.talk;
  talk.scrollTop = talk.scrollHeight;
  box.focus();
});

form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  changed = false;
  const value = event.submitter?.value;
  // These lead elsewhere.
  if (value && !["keep", "publish", "discard"].includes(value)) sessionStorage.setItem(PRESSED, value);
});

// The last words before leaving are kept too.
window.addEventListener("pagehide", () => {
  if (!changed) return;
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "save");
  navigator.sendBeacon(form.dataset.live, body);
});

// After adding, writing goes on in the new item; after anything else the focus stays on what was pressed.
const pressed = sessionStorage.getItem(PRESSED);
sessionStorage.removeItem(PRESSED);
function stay(at) {
  const buttons = [...form.querySelectorAll("button[name=do]:not(:disabled)")];
  // At either end of the steps the other way is what is left.
  const other = { undo: "redo", redo: "undo" }[pressed];
  const button = buttons.find(({ value }) => value === pressed) ?? buttons.find(({ value }) => value === other);
  if (button) button.focus({ preventScroll: !button.closest(".bar-of-form") });
  else if (at) {
    at.tabIndex = -1;
    at.focus({ preventScroll: true });
  }
}
function goOn() {
  const at = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (at) at.scrollIntoView({ block: "start" });
  if (at && at.matches(".item")) at.querySelector("textarea, input, select")?.focus({ preventScroll: true });
  else if (pressed) stay(at);
}
// Until then the browser itself goes to the place in the address, and takes the focus away with it.
if (document.readyState === "complete") goOn();
else addEventListener("load", () => setTimeout(goOn), { once: true });

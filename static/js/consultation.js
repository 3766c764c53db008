// The consultation page.

import { keep, kept } from "./drafts.js";
import { find } from "./find.js";
import { notes } from "./notes.js";
import { orders } from "./orders.js";
import { fill, ranked, rows } from "./ranked.js";
import { timer } from "./timer.js";
import { Transcript } from "./transcript.js";
import { Turns } from "./turns.js";
import { views } from "./views.js";

const main = document.getElementById("main");
const id = main.dataset.consultation;
const words = { ...document.getElementById("words").dataset };
const box = document.getElementById("box");
const say = document.getElementById("say");

const transcript = new Transcript({
  list: document.getElementById("conversation"),
  live: document.getElementById("announce"),
  scroller: document.getElementById("conversation-scroll"),
  words,
  patient: main.dataset.patient,
  language: main.dataset.language,
});
const panels = views(main);
const announce = (text) => transcript.say(text);
const order = orders({ list: transcript.list, words, announce, follow: () => transcript.follow(true) });

const turns = new Turns({
  id,
  transcript,
  words,
  // A turn can order an examination ("let me listen to your chest"): fetch its result.
  done: async (outcome) => {
    if (outcome.orders?.length > 0) {
      const response = await fetch(location.pathname);
      if (response.ok) order.take(await response.text());
    }
  },
  idle: () => {},
});

// The box -----------------------------------------------------------------------------------------
box.value = box.value || kept(`${id}:draft`, "");
box.addEventListener("input", () => keep(`${id}:draft`, box.value));
box.addEventListener("keydown", (event) => {
  // While Chinese is being composed, Enter picks a word.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  send();
});
say.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});

function send() {
  const text = box.value.trim();
  if (text === "") return;
  turns.send(text);
  box.value = "";
  keep(`${id}:draft`, null);
  document.getElementById("say-state").hidden = true;
  box.focus();
}

// Keys --------------------------------------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    panels.show("talk");
    box.focus();
  } else if (event.key === "Escape" && !event.target.closest("dialog, .talk")) {
    panels.show("talk");
    box.focus();
  }
});

// Timer, notes, differential, finish ----------------------------------------------------------------
timer(document.getElementById("timer"), { announce, words });
notes(document.querySelector("[data-notes]"), { id, words });
find(document.getElementById("work"));

const draft = document.querySelector("#differential [data-ranked]");
const dialog = document.getElementById("finish-dialog");
const last = dialog.querySelector("[data-ranked]");
const keepDifferential = (values) => keep(`${id}:differential`, values.some((row) => row.name || row.reason) ? values : null);
fill(draft, kept(`${id}:differential`, []));
ranked(draft, { status: document.querySelector("[data-ranked-state]"), moved: words.moved, changed: keepDifferential });
ranked(last, { status: document.querySelector("[data-ranked-state]"), moved: words.moved, changed: keepDifferential });

document.querySelector("[data-finish]").addEventListener("click", (event) => {
  event.preventDefault();
  fill(last, rows(draft));
  dialog.showModal();
  last.querySelector("input").focus();
});
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => fill(draft, rows(last)));
dialog.querySelector("form").addEventListener("submit", () => {
  const confirm = dialog.querySelector("[data-finish-confirm]");
  confirm.setAttribute("aria-disabled", "true");
  confirm.textContent = words.finishing;
});

turns.resume();
transcript.follow(true);
if (!panels.isNarrow()) box.focus({ preventScroll: true });

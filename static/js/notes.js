// Notes are saved on the server a moment after the last key, and kept on this device until then.

import { keep, kept } from "./drafts.js";

const PAUSE = 1200;

/** Wires the notes form of one consultation. */
export function notes(form, { id, words }) {
  const area = form.querySelector("textarea");
  const state = form.querySelector("[data-notes-state]");
  const unsaved = kept(`${id}:notes`, null);
  let timer = null;

  if (unsaved !== null && unsaved !== area.value) {
    area.value = unsaved;
    save();
  }
  area.addEventListener("input", () => {
    keep(`${id}:notes`, area.value || " ");
    state.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  area.addEventListener("blur", () => timer !== null && save());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });

  async function save() {
    clearTimeout(timer);
    timer = null;
    const text = area.value;
    try {
      const response = await fetch(form.action, { method: "POST", body: new URLSearchParams({ text }) });
      // Someone signed out is led to the sign-in page: that is no saving.
      const saved = response.ok && new URL(response.url).pathname.startsWith("/consultations/");
      if (!saved) throw new Error(String(response.status));
      if (area.value === text) keep(`${id}:notes`, null);
      state.textContent = words.saved;
    } catch {
      state.textContent = words.unsaved;
    }
  }
}

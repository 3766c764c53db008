// Suggestions while typing a name of the graph: a list below the box, by keyboard and pointer.
// `data-suggest` says what is wanted: "open" goes to what is chosen, "disease" and "evidence" write
// its name into the box; the words for kinds and for how many there are come with it.

import "./page.js";

const PAGES = { disease: "diseases", finding: "findings", "risk-factor": "risk-factors", test: "tests", treatment: "treatments" };
const WANTED = { open: Object.keys(PAGES), disease: ["disease"], evidence: ["finding", "risk-factor"] };
const SHOWN = 8;
const PAUSE = 150;

const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

let lists = 0;

/** Wires one box. */
function suggest(place) {
  const box = place.querySelector("input");
  const wanted = WANTED[place.dataset.suggest];
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let hits = [];
  let at = -1;
  let timer;
  let asked = 0;

  lists += 1;
  list.id = `suggestions-${lists}`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.labels[0].textContent);
  list.hidden = true;
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  place.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) {
    box.setAttribute(name, value);
  }

  function close() {
    list.hidden = true;
    at = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function mark(next) {
    at = next;
    for (const [index, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", String(index === at));
      if (index === at) item.scrollIntoView({ block: "nearest" });
    }
    if (at < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", list.children[at].id);
  }

  function choose(hit) {
    if (place.dataset.suggest === "open") {
      location.assign(`/graph/${PAGES[hit.kind]}/${hit.id.split(":")[1]}`);
      return;
    }
    box.value = hit.name[language];
    close();
    box.focus();
  }

  function show() {
    list.replaceChildren(
      ...hits.map((hit, index) => {
        const item = document.createElement("li");
        const name = document.createElement("span");
        const kind = document.createElement("span");
        item.id = `${list.id}-${index}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        name.textContent = hit.name[language];
        kind.textContent = place.getAttribute(`data-kind-${hit.kind}`);
        kind.className = "kind";
        item.append(name, kind);
        // Before the box loses the focus, which would close the list.
        item.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          choose(hit);
        });
        return item;
      }),
    );
    list.hidden = hits.length === 0;
    at = -1;
    box.setAttribute("aria-expanded", String(!list.hidden));
    box.removeAttribute("aria-activedescendant");
    status.textContent = `${place.dataset.suggestions} ${hits.length}`;
  }

  async function look() {
    const text = box.value.trim();
    asked += 1;
    const mine = asked;
    if (!text) {
      close();
      return;
    }
    const query = new URLSearchParams({ q: text, top: "60" });
    if (wanted.length === 1) query.set("kind", wanted[0]);
    try {
      const response = await fetch(`/api/v1/graph/search?${query}`, { headers: { accept: "application/json" } });
      if (!response.ok || mine !== asked) return;
      const { topics } = await response.json();
      if (mine !== asked || document.activeElement !== box) return;
      hits = topics.filter((hit) => wanted.includes(hit.kind)).slice(0, SHOWN);
      show();
    } catch {
      // Without suggestions the form still works.
      close();
    }
  }

  box.addEventListener("input", (event) => {
    clearTimeout(timer);
    // Half-written Chinese is not searched for.
    if (!event.isComposing) timer = setTimeout(look, PAUSE);
  });
  box.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      const places = hits.length + 1;
      mark(((at + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && at >= 0) {
      choose(hits[at]);
    } else if (event.key === "Escape") {
      close();
    } else {
      return;
    }
    event.preventDefault();
  });
}

for (const place of document.querySelectorAll("[data-suggest]")) suggest(place);

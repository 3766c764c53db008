// Examinations and tests: the form is sent as it is and the answer's panels replace these.

/** Wires all order forms; `ordered` is told when a result is in. */
export function orders({ list, words, announce, follow }) {
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-order]");
    if (!form) return;
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!response.ok || new URL(response.url).pathname !== location.pathname) throw new Error(String(response.status));
      const name = button.textContent.trim();
      take(await response.text());
      announce(words.result.replace("%name%", name));
    } catch {
      button.removeAttribute("aria-disabled");
      announce(words.failed.replace("%seconds%", "2"));
      form.submit();
    }
  });

  /** Takes the order panels and the order cards of the conversation from a page. */
  function take(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const work = document.getElementById("work");
    for (const id of ["examination", "tests"]) {
      const fresh = page.getElementById(id);
      const shown = document.getElementById(id);
      if (fresh && shown) {
        shown.replaceChildren(...fresh.childNodes);
      }
    }
    // The newest result stands first.
    work.scrollTop = 0;
    work.querySelector(".work-panel:not([hidden])")?.focus({ preventScroll: true });
    const known = list.querySelectorAll(".turn.order").length;
    const cards = [...page.querySelectorAll("#conversation .turn.order")];
    for (const card of cards.slice(known)) list.append(document.importNode(card, true));
    follow();
  }

  return { take };
}

// Which panel is shown: at the right on a wide window, one at a time on a narrow one.

const panels = ["examination", "tests", "notes", "differential"];
const narrow = matchMedia("(max-width: 720px)");

/** Wires the tabs of `main` and returns `show(view, { focus })`. */
export function views(main) {
  const links = [...document.querySelectorAll("[data-view-link]")];
  let work = "examination";

  function show(view, { focus = false } = {}) {
    main.dataset.view = view;
    if (panels.includes(view)) work = view;
    for (const panel of document.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== work;
    for (const link of links) {
      const inWorkTabs = link.closest(".work-tabs") !== null;
      const current = link.dataset.viewLink === (inWorkTabs ? work : view);
      if (current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    if (focus) document.getElementById(view)?.focus({ preventScroll: true });
  }

  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link.dataset.viewLink, { focus: true });
    });
  }
  show("talk");
  return { show, isNarrow: () => narrow.matches };
}

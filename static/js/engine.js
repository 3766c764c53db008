// Keeps figures that change by themselves up to date while somebody looks: those of the engine, or
// how far a dry run is.

const EVERY = 3000;
const live = document.querySelector("#engine-live, #dry-live");

async function renew() {
  if (document.hidden) return;
  // What is finished stays as it is, with what was unfolded in it.
  if (live.dataset.while && !live.querySelector(live.dataset.while)) return;
  // What is selected, to be copied, stays.
  if (!document.getSelection()?.isCollapsed) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(`#${live.id}`);
  if (fresh) live.replaceChildren(...fresh.childNodes);
}

// Without an answer the last figures stay; the next try may have one.
if (live) setInterval(() => renew().catch(() => {}), EVERY);

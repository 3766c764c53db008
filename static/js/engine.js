// Keeps the figures of the engine's page up to date while somebody looks at it.

const EVERY = 3000;
const live = document.querySelector("#engine-live");

async function renew() {
  if (document.hidden) return;
  // What is selected, to be copied, stays.
  if (!document.getSelection()?.isCollapsed) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#engine-live");
  if (fresh) live.replaceChildren(...fresh.childNodes);
}

// Without an answer the last figures stay; the next try may have one.
if (live) setInterval(() => renew().catch(() => {}), EVERY);

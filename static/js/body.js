// The figure: one stop for Tab, the arrows go from region to region, Enter leads to what can be done there.

document.addEventListener("keydown", (event) => {
  const spot = event.target.closest?.("[data-figure] .spot");
  if (!spot) return;
  const spots = [...spot.closest("[data-figure]").querySelectorAll(".spot")];
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const to = { Home: 0, End: spots.length - 1 }[event.key] ?? (step && (spots.indexOf(spot) + step + spots.length) % spots.length);
  if (to === undefined) return;
  event.preventDefault();
  for (const other of spots) other.setAttribute("tabindex", other === spots[to] ? "0" : "-1");
  spots[to].focus();
});

document.addEventListener("click", (event) => {
  const spot = event.target.closest?.("[data-figure] .spot");
  if (!spot) return;
  event.preventDefault();
  const region = document.querySelector(spot.getAttribute("href"));
  region.scrollIntoView({ block: "start" });
  region.focus({ preventScroll: true });
});

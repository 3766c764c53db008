// The clock of a consultation. Time is the server's: the page only counts on from what it said.

/** Counts in `element`; speaks through `announce` when five minutes, one and none are left. */
export function timer(element, { announce, words }) {
  const clock = element.querySelector(".clock");
  const started = Date.parse(element.dataset.started);
  const offset = Date.parse(element.dataset.now) - Date.now();
  const limit = element.dataset.minutes ? Number(element.dataset.minutes) * 60 : null;
  let before = null;

  function tick() {
    const passed = Math.max(0, Math.floor((Date.now() + offset - started) / 1000));
    const left = limit === null ? null : limit - passed;
    clock.textContent = face(left === null ? passed : Math.max(0, left));
    if (left !== null) {
      element.classList.toggle("soon", left <= 300 && left > 0);
      element.classList.toggle("over", left <= 0);
      for (const mark of [300, 60]) {
        if (before !== null && before > mark && left <= mark) {
          announce(words.minutesLeft.replace("%n%", String(mark / 60)));
        }
      }
      if (before !== null && before > 0 && left <= 0) announce(words.timeOver);
    }
    before = left;
  }
  tick();
  setInterval(tick, 1000);
}

function face(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const two = (number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

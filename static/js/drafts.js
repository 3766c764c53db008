// What a learner typed and has not sent, kept on this device until it is stored on the server.

/** Reads the value kept under `name`, or `fallback`. */
export function kept(name, fallback) {
  try {
    const text = localStorage.getItem(`anamnesis:${name}`);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback;
  }
}

/** Keeps `value` under `name`; an empty value forgets it. */
export function keep(name, value) {
  try {
    if (value === "" || value === null || value === undefined) localStorage.removeItem(`anamnesis:${name}`);
    else localStorage.setItem(`anamnesis:${name}`, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the page goes on without it.
  }
}

/** Forgets everything kept under names that begin with `prefix`. */
export function forget(prefix) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(`anamnesis:${prefix}`)) localStorage.removeItem(key);
    }
  } catch {
    // Nothing was kept.
  }
}

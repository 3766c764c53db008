// Runs before the first paint: tells the style sheet that scripts are there.
document.documentElement.classList.add("js");
// Dates of assignments are shown and typed in the reader's time zone.
document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone};path=/;max-age=31536000;samesite=lax`;

// Runs before the first paint: tells the style sheet that scripts are there.
document.documentElement.classList.add("js");

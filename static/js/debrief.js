// The debrief: printing, and forgetting what this device kept of a consultation that is stored.

import "./page.js";
import { forget } from "./drafts.js";

forget(`${document.querySelector("[data-consultation]").dataset.consultation}:`);

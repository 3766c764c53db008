// The page on which a consultation is finished, for those who come here by its address.

import { keep, kept } from "./drafts.js";
import { fill, ranked } from "./ranked.js";

const form = document.querySelector("[data-consultation]");
const id = form.dataset.consultation;
const list = form.querySelector("[data-ranked]");
const status = form.querySelector("[data-ranked-state]");
fill(list, kept(`${id}:differential`, []));
ranked(list, { status, moved: status.dataset.moved, changed: (values) => keep(`${id}:differential`, values) });

// The shipped cases, as far as the tests need to know them.

import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const library = join(dirname(fileURLToPath(import.meta.url)), "../../../cases/library");

/** The text of every shipped case, in the order of their file names. */
export async function shippedCases() {
  const files = (await readdir(library)).filter((name) => name.endsWith(".toml")).sort();
  return Promise.all(files.map((name) => readFile(join(library, name), "utf8")));
}

/** What is wrong with each shipped patient: "Acute coronary syndrome (anterior …)" without its particulars. */
export async function diagnoses(language) {
  const names = (await shippedCases()).map((text) => {
    const section = text.slice(text.indexOf("[diagnosis]"));
    return section.match(new RegExp(`\\bname = \\{[^}]*\\b${language} = "([^"]+)"`))?.[1];
  });
  if (names.length === 0 || names.includes(undefined)) throw new Error("a shipped case has no diagnosis");
  return names.map((name) => name.split(/[（(]/)[0].trim());
}

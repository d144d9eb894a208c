// The app's words: English, Russian and Arabic; every table has every word (a test says so).

import ar from "./ar.js";
import en from "./en.js";
import ru from "./ru.js";

const TABLES = { en, ru, ar };
const KEPT = "corridor-field-language";
export const LANGUAGES = [["en", "English"], ["ru", "Русский"], ["ar", "العربية"]];

let chosen = localStorage.getItem(KEPT) ?? navigator.languages.map((one) => one.slice(0, 2)).find((one) => one in TABLES) ?? "en";

export const language = () => chosen;

/** Speaks another language from now on, and after the next start. */
export function speak(other) {
  chosen = other in TABLES ? other : "en";
  localStorage.setItem(KEPT, chosen);
}

/** The words for a key, with its `{facts}` filled in; `otherwise` stands for a key that no table has. */
export function t(key, facts = {}, otherwise = key) {
  const words = TABLES[chosen][key] ?? otherwise;
  return words.replace(/\{(\w+)\}/g, (all, name) => (name in facts ? String(facts[name]) : all));
}

// How a person looks on every screen: name, year, colour with its word, where they stand.

import { language, t } from "../texts/speak.js";
import { h } from "./dom.js";

const SCRIPTS = { ru: /[\u0400-\u04ff]/, ar: /[\u0600-\u06ff]/, en: /[A-Za-z]/ };
const MARKS = { cleared: "✓", not: "✕", hold: "!", none: "–", unknown: "?" };

/** A person's name in the reader's script where there is one, and the others. */
export function namesOf({ id, row, registered }) {
  const names = row?.names ?? [];
  const first = names.find((name) => SCRIPTS[language()].test(name)) ?? names[0];
  if (first) return [first, ...names.filter((name) => name !== first)];
  if (!registered) return [id];
  const { age_band: band, sex, application } = registered.event.body;
  return [[t("unknown_person"), t(`band_${band}`), sex && t(`sex_${sex}`), application].filter(Boolean).join(", ")];
}

export const nameOf = (one) => namesOf(one)[0];

/** The colour of a person: never by colour alone, always with a sign and a word, and why. */
export function colourBadge({ colour: { colour } }) {
  return h("span", { class: `colour ${colour}` }, `${MARKS[colour]} ${t(`colour_${colour}`)}`);
}

/** By whom somebody is cleared, or who is waited for; and a hold's instruction. */
export function whyOf(app, { row, colour: { colour, why } }) {
  if (!row) return t("not_in_roster_why");
  const by = (row.by ?? []).map((id) => app.nameOf("authorities", id)).join(", ");
  const words = why ? t(`why_${why}`) : "";
  const whom = by && (colour === "cleared" ? t("cleared_by", { by }) : colour === "not" ? t("waits_for", { by }) : "");
  return [words, whom, colour === "hold" ? row.says : null].filter(Boolean).join(" · ");
}

/** Where somebody stands, and what was last recorded here today. */
export function whereOf(app, { stands: { account, mark } }) {
  const marked = mark ? t(`mark_${mark.event.kind}`) : null;
  return [app.accountName(account), marked].filter(Boolean).join(" · ");
}

/** A line of a list: press it to open the person. */
export function personLine(app, one, press) {
  const [first, ...others] = namesOf(one);
  const year = one.row?.birth_year;
  return h("li", {},
    h("button", { type: "button", class: `line ${one.colour.colour}`, onclick: press },
      h("span", { class: "names" }, h("b", { dir: "auto" }, first), year ? h("small", {}, ` ${year}`) : null,
        others.length ? h("small", { class: "others", dir: "auto" }, others.join(" · ")) : null,
        h("small", {}, whereOf(app, one))),
      colourBadge(one)));
}

// Somebody nobody knows yet: the number of a paper form, an age and a sex; details come later, at headquarters.

import { AGE_BANDS, unknown } from "../gate/drafts.js";
import { t } from "../texts/speak.js";
import { button, choice, field, h } from "./dom.js";
import { partyScreen } from "./party.js";
import { findScreen } from "./find.js";

/** A form's number and line as they become an id: capitals, dashes between. */
export const formNumber = (text) => text.trim().toUpperCase().replace(/[^A-Z0-9]+/g, "-").replace(/^-|-$/g, "");

export function unknownScreen(app, facts) {
  const { phone } = app;
  facts.band ??= "adult";
  facts.sex ??= "";
  const form = field(t("form_number"), { autocapitalize: "characters", pattern: "[A-Za-z0-9 \\-]{1,40}", id: "form", value: facts.form ?? "" });
  form.input.addEventListener("input", () => (facts.form = form.input.value));
  const set = (name) => (value) => {
    facts[name] = value;
    app.draw();
  };
  const go = async (event) => {
    event.preventDefault();
    const said = { form: formNumber(form.input.value), drawn: phone.draw(), place: phone.place, ageBand: facts.band, sex: facts.sex };
    const drafts = unknown(phone.now(), said);
    const words = [t("unknown_person"), t(`band_${facts.band}`), facts.sex && t(`sex_${facts.sex}`)].filter(Boolean).join(", ");
    if (!(await app.record(drafts, words))) return;
    await app.restart(findScreen);
    await app.go(partyScreen, { id: drafts[0].persons[0] });
  };
  return h("form", { class: "list", onsubmit: go }, h("h1", {}, t("unknown")), h("p", {}, t("unknown_how")), form.element,
    choice(t("age"), AGE_BANDS.map((band) => [band, t(`band_${band}`)]), facts.band, set("band")),
    choice(t("sex"), [["female", t("sex_female")], ["male", t("sex_male")], ["", t("not_known")]], facts.sex, set("sex")),
    h("nav", { class: "bottom" }, h("button", { type: "submit", class: "go" }, t("record")), button(t("go_back"), () => app.back(), { class: "plain" })));
}

// What speaks against an action, by name, before it is recorded. Nothing is refused: what happened is recorded.

import { t } from "../texts/speak.js";
import { button, h } from "./dom.js";
import { nameOf, whyOf } from "./person.js";

/** The sheet that stops a touch: `found` are the warnings of standing.js; `record` goes on all the same. */
export function stopScreen(app, { found, words, record }) {
  const one = ({ code, people }) => {
    const whys = new Set(people.map((person) => whyOf(app, person)));
    const [shared] = whys.size === 1 ? whys : [null]; // said once where it holds for all of them
    const name = (person) => h("li", {}, h("span", { dir: "auto" }, nameOf(person)), shared === null ? h("small", {}, whyOf(app, person)) : null);
    return h("li", { class: `stop-${code}` }, h("b", {}, t(`stop_${code}`)), h("ul", {}, people.map(name)), shared ? h("small", {}, shared) : null);
  };
  return h("section", { class: "stop", role: "alertdialog", "aria-label": t("stop") },
    h("h1", {}, `! ${t("stop")}`), h("p", {}, words), h("ul", { class: "stops" }, found.map(one)),
    h("nav", { class: "bottom" },
      button(t("go_back"), () => app.back(), { class: "go", "data-focus": true }),
      button(t("it_happened"), record, { class: "danger" })));
}

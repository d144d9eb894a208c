// The care desk beside its work: codes found by typing, and the colour shown while a triage is filled in.

// --- Codes: a word finds them, Enter takes the first; before a word is typed the usual ones are shown --------------------

for (const list of document.querySelectorAll("[data-codes]")) {
  const search = list.querySelector("[data-code-search]");
  const labels = [...list.querySelectorAll("label[data-words]")];
  const box = (label) => label.querySelector("input");

  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let first = true;
    for (const label of labels) {
      const found = words.length ? words.every((word) => label.dataset.words.includes(word)) : "often" in label.dataset;
      label.hidden = !found && !box(label).checked;
      label.classList.toggle("first", words.length > 0 && found && first);
      if (words.length && found) first = false;
    }
    for (const group of list.querySelectorAll(".code-group")) group.hidden = [...group.querySelectorAll("label")].every((label) => label.hidden);
  };
  if (!labels.some((label) => "often" in label.dataset)) labels.forEach((label) => (label.dataset.often = ""));

  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      labels.find((label) => !label.hidden)?.querySelector("input").focus();
      return event.preventDefault();
    }
    if (event.key === "Escape" && !search.value) return search.blur();
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const label = labels.find((one) => one.classList.contains("first"));
    if (!label) return;
    box(label).checked = !box(label).checked;
    box(label).dispatchEvent(new Event("change", { bubbles: true }));
    search.value = "";
    search.dispatchEvent(new Event("input", { bubbles: true }));
    label.scrollIntoView({ block: "nearest" });
  });
  list.addEventListener("keydown", (event) => {
    if (!event.target.matches("[type=checkbox]") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const shown = labels.filter((label) => !label.hidden).map(box);
    const next = shown[shown.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    (next ?? search).focus();
    event.preventDefault();
  });
  show();
  if (!document.querySelector("[data-focus]")) search.focus(); // a refusal or an opened text comes first
}

// --- Triage: the rules say the colour, or what has still to be observed --------------------------------------------------

for (const form of document.querySelectorAll("[data-colour]")) {
  const verdict = document.getElementById("triage-colour");
  let last = 0;
  const ask = async () => {
    const turn = ++last;
    const filled = new URLSearchParams([...new FormData(form)].filter(([name, value]) => value && !["token", "csrfmiddlewaretoken"].includes(name)));
    const answer = await fetch(`${form.dataset.colour}?${filled}`, { credentials: "same-origin" }).catch(() => null);
    if (answer?.ok && turn === last) verdict.innerHTML = await answer.text();
  };
  form.addEventListener("input", ask);
  ask();
}

// What the clear desk does beside the work itself: arrows over people and rows, copying a letter, printing.

document.addEventListener("keydown", (event) => {
  const { target } = event;
  const people = [...document.querySelectorAll(".candidates input[type=radio]")];
  if (!people.length || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.matches("input:not([type=radio]), select, textarea") || document.querySelector("dialog[open]")) return;
  const mirrored = document.documentElement.dir === "rtl";
  const way = { ArrowLeft: mirrored ? "after" : "before", ArrowRight: mirrored ? "before" : "after" }[event.key];
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (way) {
    event.preventDefault();
    document.querySelector(`[data-step="${way}"]`)?.click();
  } else if (step) {
    event.preventDefault();
    const now = people.findIndex((one) => one.checked);
    const next = people[Math.min(Math.max(now + step, 0), people.length - 1)];
    next.checked = true;
    next.focus();
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (!button) return;
  if ("print" in button.dataset) return window.print();
  const text = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(text.value);
    document.getElementById("desk-news").textContent = button.dataset.said;
    button.textContent = button.dataset.said;
  } catch {
    text.focus();
    text.select(); // the reader copies it with the browser's own keys
  }
});

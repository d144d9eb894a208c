// What the cross desk does beside the work itself: a family is ticked as a whole, and the ticks are counted.

const ticks = [...document.querySelectorAll("input[data-group]")];
const all = document.querySelector("[data-all]");
const said = document.querySelector("[data-ticked]");

function count() {
  if (said) said.textContent = String(ticks.filter((tick) => tick.checked).length);
  if (all) all.checked = ticks.length > 0 && ticks.every((tick) => tick.checked);
}

for (const tick of ticks) {
  tick.addEventListener("change", () => {
    // One of a family may be unticked alone; ticking one ticks those who travel with them.
    if (tick.checked) for (const other of ticks) if (other.dataset.group === tick.dataset.group) other.checked = true;
    count();
  });
}
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
all?.addEventListener("change", () => {
  for (const tick of ticks) tick.checked = all.checked;
  count();
});
count();

// Ticks whole groups, everybody, and counts what is ticked. Without it every person is ticked alone.

const boxes = (name) => [...document.querySelectorAll(`input[type=checkbox][name="${name}"]`)];

function tell() {
  for (const group of document.querySelectorAll("[data-group]")) {
    const ids = group.dataset.group.split(" ");
    const own = boxes("persons").filter((box) => ids.includes(box.value));
    group.checked = own.length > 0 && own.every((box) => box.checked);
    group.indeterminate = !group.checked && own.some((box) => box.checked);
  }
  for (const all of document.querySelectorAll("[data-all]")) {
    const every = boxes(all.dataset.all);
    all.checked = every.length > 0 && every.every((box) => box.checked);
    all.indeterminate = !all.checked && every.some((box) => box.checked);
  }
  for (const count of document.querySelectorAll("[data-count]")) {
    count.textContent = boxes(count.dataset.count).filter((box) => box.checked).length;
  }
}

document.addEventListener("change", ({ target }) => {
  if (target.dataset.group) {
    const ids = target.dataset.group.split(" ");
    for (const box of boxes("persons")) if (ids.includes(box.value)) box.checked = target.checked;
  }
  if (target.dataset.all) for (const box of boxes(target.dataset.all)) box.checked = target.checked;
  tell();
});
document.addEventListener("news", tell);
tell();

/* Rows chosen by their checkboxes (Shift for a range), the bulk bar, and "all that match". */
import { formatNumber } from "../lib/digits.js";

export default function rowSelect(results) {
  const bar = results.querySelector("[data-bulk]");
  const form = results.querySelector("#bulk-form");
  if (!form) return;
  const all = form.querySelector("[data-all]");
  const boxes = () => [...form.querySelectorAll("input.row-select")];
  let last = null;
  let matching = false;

  function show() {
    const chosen = boxes().filter((box) => box.checked).length;
    const total = boxes().length;
    if (all) {
      all.checked = chosen > 0 && chosen === total;
      all.indeterminate = chosen > 0 && chosen < total;
    }
    if (chosen < total) matching = false;
    form.elements.all_matching.value = matching ? "1" : "";
    if (!bar) return;
    bar.hidden = chosen === 0;
    const text = bar.querySelector("[data-selected-text]");
    text.textContent = matching ? text.dataset.allText : text.dataset.one.replace("%s", formatNumber(chosen));
    const more = bar.querySelector("[data-select-matching]");
    if (more) more.hidden = matching || chosen < total;
  }

  function setAll(value) {
    for (const box of boxes()) box.checked = value;
    matching = false;
    show();
  }

  form.addEventListener("click", (event) => {
    const box = event.target.closest("input.row-select");
    if (!box) return;
    if (event.shiftKey && last && last !== box) {
      const every = boxes();
      const [from, to] = [every.indexOf(last), every.indexOf(box)].sort((a, b) => a - b);
      for (const between of every.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
  });
  form.addEventListener("change", (event) => {
    if (event.target === all) setAll(all.checked);
    else show();
  });
  bar?.querySelector("[data-select-matching]")?.addEventListener("click", () => {
    matching = true;
    show();
  });
  bar?.querySelector("[data-unselect]").addEventListener("click", () => setAll(false));
  form.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
  show();
}

/* Keys of a list: j/k (or the arrows) walk the rows, x selects, Enter opens, e edits; a click on a row's blank opens it. */
import { isTyping } from "../lib/page.js";

export default function tableKeys(results) {
  const rows = () => [...results.querySelectorAll("tbody tr[data-url]")];

  function focus(row) {
    if (!row) return;
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function step(change) {
    const all = rows();
    const at = all.indexOf(document.activeElement?.closest?.("tr[data-url]"));
    focus(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + change))]);
  }

  function onRow(event, row) {
    if (event.code === "KeyX") row.querySelector("input.row-select")?.click();
    else if (event.code === "Enter" && event.target === row) window.location.assign(row.dataset.url);
    else if (event.code === "KeyE") window.location.assign(row.dataset.editUrl ?? `${row.dataset.url}edit/`);
    else return false;
    return true;
  }

  function onKey(event) {
    if (!results.isConnected) {
      document.removeEventListener("keydown", onKey);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const row = document.activeElement?.closest?.("tr[data-url]");
    if (event.code === "KeyJ" || (row && event.code === "ArrowDown")) step(1);
    else if (event.code === "KeyK" || (row && event.code === "ArrowUp")) step(-1);
    else if (!row || !results.contains(row) || !onRow(event, row)) return;
    event.preventDefault();
  }

  document.addEventListener("keydown", onKey);
  results.addEventListener("click", (event) => {
    const row = event.target.closest("tbody tr[data-url]");
    if (!row || event.target.closest("a, button, input, label, select") || window.getSelection()?.toString()) return;
    if (event.ctrlKey || event.metaKey) window.open(row.dataset.url, "_blank");
    else window.location.assign(row.dataset.url);
  });
}

/* Keys of "my day": j/k (or the arrows on a row) walk the activities, d finishes, s puts off, Enter opens the record.
   The place is kept over the reload that follows a dialog. */
import { isTyping } from "../lib/page.js";

const PLACE = "day-row";

export default function dayKeys(list) {
  const rows = () => [...list.querySelectorAll("[data-day-row]")];
  const current = () => document.activeElement?.closest?.("[data-day-row]") ?? list.querySelector(".is-current");

  function mark(row) {
    rows().forEach((other) => other.classList.toggle("is-current", other === row));
  }

  function focus(row) {
    if (!row) return;
    mark(row);
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function step(change) {
    const all = rows();
    const at = all.indexOf(current());
    focus(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + change))]);
  }

  function press(row, part) {
    mark(row);
    row.querySelector(part)?.click();
  }

  function onKey(event) {
    if (!list.isConnected) {
      document.removeEventListener("keydown", onKey);
      return;
    }
    const busy = document.querySelector("dialog[open]") || isTyping(event.target);
    if (busy || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = current();
    if (event.code === "KeyJ" || (row && event.code === "ArrowDown")) step(1);
    else if (event.code === "KeyK" || (row && event.code === "ArrowUp")) step(-1);
    else if (!row && (event.code === "KeyD" || event.code === "KeyS")) step(0);
    else if (event.code === "KeyD") press(row, "[data-day-done]");
    else if (event.code === "KeyS") press(row, "[data-day-snooze]");
    else if (row && event.code === "Enter" && event.target === row) press(row, "[data-day-open]");
    else return;
    event.preventDefault();
  }

  document.addEventListener("keydown", onKey);
  list.addEventListener("focusin", (event) => mark(event.target.closest("[data-day-row]")));
  window.addEventListener("pagehide", () => {
    const at = rows().indexOf(current());
    if (at >= 0) sessionStorage.setItem(PLACE, String(at));
  });
  const kept = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  const isReload = performance.getEntriesByType("navigation")[0]?.type === "reload";
  if (kept !== null && isReload) focus(rows()[Math.min(Number(kept), rows().length - 1)]);
}

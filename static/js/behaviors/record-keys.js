/* Keys of a record: j next, k previous, without going back to the list. */
import { isTyping } from "../lib/page.js";

export default function recordKeys(bar) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.code === "KeyJ") bar.querySelector('[rel="next"]')?.click();
    if (event.code === "KeyK") bar.querySelector('[rel="prev"]')?.click();
  });
}

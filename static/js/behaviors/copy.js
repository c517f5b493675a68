/* Copies data-copy (or the text of data-copy-from) and says so. */
import { text, toast } from "../lib/page.js";

export default function copy(button) {
  button.addEventListener("click", async () => {
    const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const value = source ? (source.value ?? source.textContent) : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(value.trim());
      toast({ text: text("copied"), level: "success" });
    } catch {
      toast({ text: text("copy-failed"), level: "warning" });
    }
  });
}

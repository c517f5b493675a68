/* Groups digits by threes while one types; takes Persian, Arabic and Latin digits; the server parses it all again. */
import { toAscii, toUser, wantsPersian } from "../lib/digits.js";

export default function moneyInput(input) {
  function grouped(value) {
    const plain = toAscii(value).replace(/[^\d.-]/g, "");
    const [whole, ...rest] = plain.split(".");
    const comma = wantsPersian() ? "٬" : ",";
    const point = wantsPersian() ? "٫" : ".";
    const head = whole.replace(/\B(?=(\d{3})+(?!\d))/g, comma);
    return toUser(rest.length ? `${head}${point}${rest.join("")}` : head);
  }

  function countDigits(value) {
    return toAscii(value).replace(/[^\d.-]/g, "").length;
  }

  function write() {
    const before = countDigits(input.value.slice(0, input.selectionStart ?? input.value.length));
    const next = grouped(input.value);
    if (next === input.value) return;
    input.value = next;
    let at = 0;
    while (at < next.length && countDigits(next.slice(0, at)) < before) at += 1;
    if (document.activeElement === input) input.setSelectionRange(at, at);
  }

  input.addEventListener("input", write);
  write();
}

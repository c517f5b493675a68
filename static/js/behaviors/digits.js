/* Shows the digits of a number or a time as the person reads them; the server takes any. */
import { toUser } from "../lib/digits.js";

export default function digits(input) {
  function write() {
    const next = toUser(input.value);
    if (next !== input.value) input.value = next;
  }

  input.addEventListener("change", write);
  write();
}

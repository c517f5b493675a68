/* Writing a message: counts the parts of an SMS as the server does (messaging/sms.py), puts a field's place where the
   cursor is, and shows the line for another address when it is chosen. */
import { text } from "../lib/page.js";

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENSION = new Set("\f^{}\\[~]|€");

/** Length, parts and alphabet of a text as SMS. */
export function measure(words) {
  const letters = [...words];
  const unicode = !letters.every((letter) => BASIC.has(letter) || EXTENSION.has(letter));
  const widths = letters.map((letter) => (unicode ? letter.length : EXTENSION.has(letter) ? 2 : 1));
  const length = widths.reduce((sum, width) => sum + width, 0);
  const [single, joined] = unicode ? [70, 67] : [160, 153];
  if (length <= single) return { length, parts: length ? 1 : 0, room: single, unicode };
  let parts = 1;
  let room = joined;
  for (const width of widths) {
    if (width > room) {
      parts += 1;
      room = joined;
    }
    room -= width;
  }
  return { length, parts, room: joined * parts, unicode };
}

function withFooter(words, footer) {
  const line = footer.trim();
  return !line || words.trimEnd().endsWith(line) ? words : `${words.trimEnd()}\n${line}`;
}

function put(field, place) {
  field.setRangeText(`{{ ${place} }}`, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

export default function messageEditor(box) {
  const number = new Intl.NumberFormat(document.documentElement.dataset.digits === "fa" ? "fa" : "en");
  const find = (name) => box.querySelector(`[name="${name}"]`);

  function count() {
    const footed = (box.dataset.footed ?? "").split(" ").includes(find("purpose")?.value);
    for (const sign of box.querySelectorAll("[data-count]")) {
      const words = box.querySelector(`#${sign.dataset.count}`)?.value.replaceAll("\r\n", "\n") ?? "";
      const size = measure(words && footed ? withFooter(words, box.dataset.footer ?? "") : words);
      sign.textContent = `${text("sms-parts", number.format(size.parts))} · ${number.format(size.length)} / ${number.format(size.room)}`;
      sign.classList.toggle("text-danger", size.parts > 10);
    }
  }

  function other() {
    const line = box.querySelector("[data-other]");
    if (line) line.hidden = find("to")?.value !== "other";
  }

  box.addEventListener("input", count);
  box.addEventListener("change", () => {
    count();
    other();
  });
  box.addEventListener("htmx:afterSettle", count);
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-place]");
    const field = button && box.querySelector(`#${button.dataset.into}`);
    if (field) put(field, button.dataset.place);
  });
  count();
  other();
}

/* Minutes and places in a column of hours. A place is told by custom properties, as calendar-places.css does by attributes. */
import { el } from "./page.js";

const MINUTES = 1440;
const STEP = 15;

/** The minute of the day at a height of the window. */
export function minuteAt(column, y) {
  const box = column.getBoundingClientRect();
  return ((y - box.top) / box.height) * MINUTES;
}

export const snap = (minute, step = STEP) => Math.min(Math.max(Math.round(minute / step) * step, 0), MINUTES);

function set(node, start, length) {
  if (start !== null) {
    node.style.setProperty("--h", Math.floor(start / 60));
    node.style.setProperty("--m", start % 60);
  }
  if (length !== null) {
    node.style.setProperty("--dh", Math.floor(length / 60));
    node.style.setProperty("--dm", length % 60);
  }
}

const read = (node, name) => Number(node.style.getPropertyValue(name) || getComputedStyle(node).getPropertyValue(name));

/** Put a block at a minute (null: where it is), perhaps down to another. */
export function place(node, start, end = null) {
  set(node, start, end === null ? null : end - (start ?? place.start(node)));
}

place.start = (node) => read(node, "--h") * 60 + read(node, "--m");

/** Show the stretch that is being drawn with the mouse. */
export function drawDraft(column, box, from, until, words) {
  const drawn = box ?? el("div", { class: "pv-draft" }, words);
  set(drawn, from, Math.max(until - from, STEP));
  if (!box) column.append(drawn);
  return drawn;
}

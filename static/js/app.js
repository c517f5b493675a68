/* Binds behaviours: an element with data-behavior="name other" gets behaviors/name.js and behaviors/other.js,
   once, now or after an HTMX swap. A behaviour module's default function takes the element. */
import { csrfToken } from "./lib/page.js";

const modules = {
  bell: () => import("./behaviors/bell.js"),
  board: () => import("./behaviors/board.js"),
  calendar: () => import("./behaviors/calendar.js"),
  chart: () => import("./behaviors/chart.js"),
  connection: () => import("./behaviors/connection.js"),
  copy: () => import("./behaviors/copy.js"),
  "day-keys": () => import("./behaviors/day-keys.js"),
  "date-picker": () => import("./behaviors/date-picker.js"),
  digits: () => import("./behaviors/digits.js"),
  dialog: () => import("./behaviors/dialog.js"),
  duplicates: () => import("./behaviors/duplicates.js"),
  "form-keys": () => import("./behaviors/form-keys.js"),
  "list-state": () => import("./behaviors/list-state.js"),
  "message-editor": () => import("./behaviors/message-editor.js"),
  mentions: () => import("./behaviors/mentions.js"),
  "money-input": () => import("./behaviors/money-input.js"),
  palette: () => import("./behaviors/palette.js"),
  panel: () => import("./behaviors/panel.js"),
  "panel-form": () => import("./behaviors/panel-form.js"),
  password: () => import("./behaviors/password.js"),
  "plain-submit": () => import("./behaviors/plain-submit.js"),
  print: () => import("./behaviors/print.js"),
  "quick-times": () => import("./behaviors/quick-times.js"),
  "record-keys": () => import("./behaviors/record-keys.js"),
  repeat: () => import("./behaviors/repeat.js"),
  reveal: () => import("./behaviors/reveal.js"),
  "row-select": () => import("./behaviors/row-select.js"),
  shortcuts: () => import("./behaviors/shortcuts.js"),
  sidebar: () => import("./behaviors/sidebar.js"),
  "sort-list": () => import("./behaviors/sort-list.js"),
  "submit-once": () => import("./behaviors/submit-once.js"),
  "table-keys": () => import("./behaviors/table-keys.js"),
  toasts: () => import("./behaviors/toasts.js"),
  "template-kind": () => import("./behaviors/template-kind.js"),
  typeahead: () => import("./behaviors/typeahead.js"),
  unsaved: () => import("./behaviors/unsaved.js"),
};
const bound = new WeakMap();

async function bindOne(element, name) {
  const names = bound.get(element) ?? new Set();
  if (names.has(name) || !(name in modules)) return;
  bound.set(element, names.add(name));
  const module = await modules[name]();
  if (element.isConnected) module.default(element);
}

export function bind(root) {
  const elements = [...root.querySelectorAll("[data-behavior]")];
  if (root.matches?.("[data-behavior]")) elements.unshift(root);
  return Promise.allSettled(elements.flatMap((element) => element.dataset.behavior.split(/\s+/).map((name) => bindOne(element, name))));
}

let running = 0;
function busy(change) {
  running = Math.max(0, running + change);
  document.body.classList.toggle("pv-busy", running > 0);
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});
document.addEventListener("htmx:beforeSend", () => busy(1));
document.addEventListener("htmx:afterRequest", () => busy(-1));
document.addEventListener("htmx:load", (event) => bind(event.detail.elt));
document.addEventListener("pv:bind", (event) => bind(event.target));
bind(document.documentElement).then(() => {
  document.documentElement.dataset.ready = ""; // said for programs that drive the page
});

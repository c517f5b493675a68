/* What modules ask the page: its language, direction, texts, the CSRF token, vendored scripts. */
const root = document.documentElement;

export const isRtl = () => root.dir === "rtl";
export const language = () => root.lang || "fa";
export const calendar = () => root.dataset.calendar || "jalali";

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** A translated text from inc/_texts.html; %s is replaced by the value. */
export function text(key, value = "") {
  const found = document.querySelector(`#texts [data-t="${key}"]`)?.textContent ?? key;
  return found.replace("%s", value);
}

/** An icon of the sprite, as an SVG element. */
export function icon(name) {
  const sprite = document.querySelector('meta[name="sprite"]')?.content ?? "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** Make an element: el("button", {class: "btn", type: "button"}, "text", child). */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

const loading = new Map();

/** Load a vendored script once, by its <meta name="vendor-…">, and resolve with its global. */
export function vendor(name, globalName) {
  if (!loading.has(name)) {
    loading.set(
      name,
      new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = document.querySelector(`meta[name="vendor-${name}"]`).content;
        script.onload = () => resolve(window[globalName]);
        script.onerror = reject;
        document.head.append(script);
      }),
    );
  }
  return loading.get(name);
}

/** True while the person is typing, so that single keys are letters and not commands. */
export function isTyping(target) {
  return Boolean(target.closest?.('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"], dialog, .offcanvas.show, .ts-wrapper'));
}

export function toast(detail) {
  document.dispatchEvent(new CustomEvent("toast", { detail }));
}

/** fetch() as HTMX would do it: same origin, CSRF header, HX-Request. */
export function request(url, options = {}) {
  const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken(), ...options.headers };
  return fetch(url, { credentials: "same-origin", ...options, headers });
}

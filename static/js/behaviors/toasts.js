/* Toasts: those the page came with, and those an answer brings by
   HX-Trigger: {"toast": {"text": "…", "level": "success|info|warning|error", "undo": "/url/"}} (a list in "toast.value" too).
   The Undo of a toast that an answer brought on a board or calendar is theirs to send; any other one is a plain form that
   comes back to this page.
   Success and info leave after 6 s (10 s with Undo), not while pointed at or focused; warnings and errors stay. */
const STAY = { success: 6000, info: 6000 };
const STAY_UNDO = 10000;

export default function toasts(box) {
  function live(toast, level) {
    const stay = toast.querySelector("form:not([hidden])") ? STAY_UNDO : STAY[level];
    if (!stay) return;
    let timer = setTimeout(() => toast.remove(), stay);
    const hold = () => clearTimeout(timer);
    const release = () => {
      clearTimeout(timer);
      timer = setTimeout(() => toast.remove(), stay);
    };
    for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, hold);
    for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, release);
  }

  function add({ text, level = "success", undo = "" }) {
    const toast = box.querySelector("template").content.firstElementChild.cloneNode(true);
    toast.classList.add(`is-${level}`);
    toast.querySelector("span").textContent = text;
    if (undo) {
      const form = toast.querySelector("form");
      form.action = undo;
      form.hidden = false;
      form.dataset.live = "";
    }
    box.append(toast);
    live(toast, level);
  }

  document.addEventListener("toast", (event) => {
    const { value } = event.detail;
    for (const item of Array.isArray(value) ? value : [event.detail]) add(item);
  });
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) event.target.closest(".pv-toast").remove();
  });
  box.addEventListener("submit", (event) => {
    const form = event.target;
    const board = "live" in form.dataset && document.querySelector('[data-behavior~="board"], [data-behavior~="calendar"]');
    if (!board) {
      const back = form.elements.return_url;
      if (back) back.value = window.location.pathname + window.location.search;
      return;
    }
    event.preventDefault();
    form.closest(".pv-toast").remove();
    board.dispatchEvent(new CustomEvent("board:undo", { detail: { url: form.action } }));
  });
  for (const toast of box.querySelectorAll(".pv-toast")) {
    live(toast, [...toast.classList].find((name) => name.startsWith("is-"))?.slice(3));
  }
}

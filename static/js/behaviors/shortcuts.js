/* Keyboard: "/" and Ctrl+K search, "?" the sheet, "g" then a letter goes somewhere, and any element with
   data-shortcut="x" is clicked by that key. Keys are read by place (event.code), so a Persian layout works too. */
import { isTyping } from "../lib/page.js";

const SEQUENCE = 1200;

function sheet() {
  const dialog = document.getElementById("shortcuts");
  const scopes = {
    list: document.querySelector("#results"),
    detail: document.querySelector(".pv-record"),
    form: document.querySelector("form.pv-form"),
    board: document.querySelector(".pv-board"),
    calendar: document.querySelector(".pv-cal"),
  };
  for (const line of dialog.querySelectorAll("[data-scope]")) {
    line.hidden = !line.dataset.scope.split(" ").some((scope) => scopes[scope]);
  }
  dialog.showModal();
}

export default function shortcuts() {
  let goUntil = 0;

  function go(event) {
    goUntil = 0;
    if (event.code.startsWith("Key")) document.querySelector(`.pv-nav-link[data-go="${event.code.slice(3).toLowerCase()}"]`)?.click();
  }

  function single(event) {
    if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return sheet();
    if (event.code === "Slash") return document.dispatchEvent(new Event("pv:palette"));
    if (event.code === "KeyG") {
      goUntil = Date.now() + SEQUENCE;
      return true;
    }
    if (event.code === "KeyF") return document.getElementById("open-filters")?.click();
    const letter = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
    const target = letter && document.querySelector(`[data-shortcut="${letter}"]`);
    if (target && !event.defaultPrevented) target.click();
    return Boolean(target);
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") {
      event.preventDefault();
      document.dispatchEvent(new Event("pv:palette"));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (goUntil > Date.now()) {
      event.preventDefault();
      go(event);
    } else if (single(event) !== false && ["Slash"].includes(event.code)) {
      event.preventDefault();
    }
  });
  document.getElementById("shortcuts")?.addEventListener("click", (event) => {
    if (event.target.id === "shortcuts") event.target.close();
  });
}

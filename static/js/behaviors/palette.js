/* The command palette: asks the server as one types (120 ms), arrows choose, Enter opens, Esc closes. */
import { request } from "../lib/page.js";

const DELAY = 120;

export default function palette(dialog) {
  const input = dialog.querySelector('input[type="search"]');
  const list = dialog.querySelector('[role="listbox"]');
  const status = dialog.querySelector("[data-status]");
  let timer = 0;
  let running = null;
  let shown = null;

  const options = () => [...list.querySelectorAll('[role="option"]')];

  function choose(index) {
    const all = options();
    all.forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      option.id ||= `palette-option-${at}`;
    });
    const chosen = all[index];
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  async function ask() {
    const query = input.value.trim();
    if (query === shown) return;
    running?.abort();
    running = new AbortController();
    try {
      const answer = await request(`${dialog.dataset.url}?q=${encodeURIComponent(query)}`, { signal: running.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      list.innerHTML = await answer.text();
      window.htmx?.process(list);
      shown = query;
      status.textContent = String(options().length);
      choose(0);
    } catch (error) {
      if (error.name === "AbortError") return;
      list.replaceChildren(dialog.querySelector("template[data-failed]").content.cloneNode(true));
      shown = null;
    }
  }

  function open(query = "") {
    if (dialog.open) return;
    input.value = query;
    dialog.showModal();
    input.focus();
    input.select();
    ask();
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY);
  });
  dialog.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") choose((at + 1) % all.length);
    else if (event.key === "ArrowUp") choose((at - 1 + all.length) % all.length);
    else if (event.key === "Escape") dialog.close(); // a search box would only empty itself
    else return;
    event.preventDefault();
  });
  dialog.querySelector("form").addEventListener("submit", (event) => {
    const chosen = list.querySelector('[aria-selected="true"]');
    if (!chosen || input.value.trim() !== shown) return;
    event.preventDefault();
    chosen.click();
    dialog.close();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close], [hx-get]")) dialog.close();
  });
  document.addEventListener("pv:palette", () => open());
  for (const form of document.querySelectorAll("[data-palette-open]")) {
    const box = form.querySelector("input");
    box.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      open();
    });
    box.addEventListener("input", () => {
      const typed = box.value;
      box.value = "";
      open(typed);
    });
  }
}

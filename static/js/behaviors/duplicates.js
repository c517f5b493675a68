/* Likely duplicates while one types: the form's fields go to data-url, the HTML that comes back is shown. */
import { request } from "../lib/page.js";

const DELAY = 450;

export default function duplicates(form) {
  const box = form.querySelector("[data-duplicates]");
  let timer = 0;
  let running = null;

  async function ask() {
    const fields = new FormData(form);
    for (const [name, value] of [...fields.entries()]) {
      if (typeof value !== "string" || value === "" || name === "csrfmiddlewaretoken") fields.delete(name);
    }
    running?.abort();
    running = new AbortController();
    try {
      const answer = await request(`${form.dataset.url}?${new URLSearchParams(fields)}`, { signal: running.signal });
      if (answer.ok) box.innerHTML = (await answer.text()).trim();
    } catch {
      /* A hint that does not come is no error; saving checks again. */
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.matches("textarea, [type=checkbox]")) return;
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY);
  });
}

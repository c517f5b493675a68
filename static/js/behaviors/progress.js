/* A job's progress: polls data-url for {"percent": 40, "text": "…", "done": false, "redirect": ""} every second. */
import { request } from "../lib/page.js";

const EVERY = 1000;

export default function progress(box) {
  const bar = box.querySelector("progress");
  const label = box.querySelector("[data-text]");

  async function poll() {
    if (!box.isConnected) return;
    try {
      const answer = await request(box.dataset.url, { headers: { Accept: "application/json" } });
      const state = await answer.json();
      if (state.percent == null) bar.removeAttribute("value");
      else bar.value = state.percent;
      label.textContent = state.text;
      if (state.done) {
        window.location.assign(state.redirect || window.location.href);
        return;
      }
    } catch {
      /* The job goes on without us; ask again. */
    }
    setTimeout(poll, EVERY);
  }

  setTimeout(poll, EVERY);
}

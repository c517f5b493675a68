/* When an HTMX call does not arrive: a banner that says so and tries again. When it is refused: a toast that says why. */
import { text, toast } from "../lib/page.js";

export default function connection() {
  const banner = document.getElementById("offline");
  let failed = null;

  function lost(event) {
    failed = event.detail.requestConfig;
    banner.hidden = false;
  }

  function retry() {
    banner.hidden = true;
    if (!failed) return;
    const { verb, path, parameters, elt, target } = failed;
    window.htmx.ajax(verb.toUpperCase(), path, { source: elt, target, values: parameters });
    failed = null;
  }

  const messages = { 403: "forbidden", 404: "gone", 429: "slow-down" };
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  document.addEventListener("htmx:responseError", (event) => {
    toast({ text: text(messages[event.detail.xhr.status] ?? "server-error"), level: "error" });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) banner.hidden = true;
  });
  window.addEventListener("online", () => {
    if (!banner.hidden) retry();
  });
  banner.querySelector("[data-retry]").addEventListener("click", retry);
}

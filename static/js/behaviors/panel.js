/* The side panel (filters, columns): filled with the page its opener links to, each time it opens. */
import { el } from "../lib/page.js";

export default function panel(box) {
  const body = box.querySelector("#panel-body");
  const waiting = body.innerHTML;
  box.addEventListener("show.bs.offcanvas", (event) => {
    const url = event.relatedTarget?.href;
    if (!url) return;
    body.innerHTML = waiting;
    window.htmx.ajax("GET", url, { target: "#panel-body", swap: "innerHTML", source: body });
  });
  box.addEventListener("hidden.bs.offcanvas", () => body.replaceChildren(el("div")));
}

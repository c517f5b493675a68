/* A list whose items are put in order by dragging or by their up and down buttons. */
import { vendor } from "../lib/page.js";

export default async function sortList(list) {
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-up], [data-down]");
    if (!button) return;
    const item = button.closest("li");
    if ("up" in button.dataset) item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    button.focus();
  });
  const Sortable = await vendor("sortable", "Sortable");
  Sortable.create(list, { handle: ".pv-grip", animation: 120 });
}

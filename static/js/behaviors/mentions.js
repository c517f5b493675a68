/* Calling a colleague in a text field: after "@" a list of people from data-mentions-url?q=…, chosen with the arrows and
   Enter or with the pointer. What is written is the answer's "token". */
import { el, request } from "../lib/page.js";

const WAIT = 150;
const CALL = /(?:^|[\s(،.])@([^\s@[\]()][^@[\]()\n]{0,30})?$/u;
let fields = 0;

export default function mentions(area) {
  const id = `mentions-${(fields += 1)}`;
  const list = el("ul", { id, class: "pv-mentions", role: "listbox", hidden: true });
  let people = [];
  let active = -1;
  let timer = 0;
  let asked = 0;
  let drawn = ""; // the letters the list was made for

  area.after(list);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", id);

  /** The letters after the last "@" before the caret, null when nobody is being called. */
  function typed() {
    if (area.selectionStart !== area.selectionEnd) return null;
    const found = CALL.exec(area.value.slice(0, area.selectionStart));
    return found ? (found[1] ?? "") : null;
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    people = [];
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    area.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((row, number) => row.setAttribute("aria-selected", String(number === index)));
    area.setAttribute("aria-activedescendant", `${id}-${index}`);
    list.children[index]?.scrollIntoView({ block: "nearest" });
  }

  function draw(found) {
    people = found;
    if (!people.length) return close();
    list.replaceChildren(
      ...people.map((person, number) =>
        el("li", { id: `${id}-${number}`, role: "option", "aria-selected": "false" }, el("bdi", {}, person.text), el("bdi", { class: "text-secondary small", dir: "ltr" }, person.hint)),
      ),
    );
    list.hidden = false;
    return mark(0);
  }

  async function search(query) {
    const mine = (asked += 1);
    try {
      const answer = await request(`${area.dataset.mentionsUrl}?q=${encodeURIComponent(query)}`);
      const { results } = await answer.json();
      if (mine !== asked) return;
      drawn = query;
      draw(results);
    } catch {
      close();
    }
  }

  async function choose(index) {
    if (typed() !== drawn) {
      clearTimeout(timer); // typed faster than the list came: the first of the right one is meant
      await search(typed() ?? "");
    }
    const query = typed();
    const person = people[drawn === query ? Math.max(0, Math.min(index, people.length - 1)) : -1];
    if (query === null || !person) return close();
    const end = area.selectionStart;
    area.setRangeText(`${person.token} `, end - query.length - 1, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    return close();
  }

  area.addEventListener("input", () => {
    const query = typed();
    if (query === null) return close();
    clearTimeout(timer);
    timer = setTimeout(() => search(query), WAIT);
    return undefined;
  });
  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark((active + step + people.length) % people.length);
    else if ((event.key === "Enter" && !event.ctrlKey) || event.key === "Tab") choose(active);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  area.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("li");
    event.preventDefault(); // the field keeps its caret
    if (row) choose([...list.children].indexOf(row));
  });
}

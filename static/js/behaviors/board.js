/* The board: cards move by mouse, touch and keyboard, and everybody's moves appear.

   Moving. The card goes to its new column at once, then POST to the card's data-move-url with the form fields
   `stage` (the column's key) and `version` (the card's data-version). Answers:
     200  JSON {"moved": [Card], "gone": [pk], "totals": Totals, "toast": {"text", "level", "undo"}}   all optional
     422  HTML of a dialog (generic/_dialog.html): what is missing, or why it was lost. The card waits in its new column;
          if the dialog closes without success it goes back. Its success answers 204 with HX-Trigger
          {"dialog:close": true, "board:changed": {…the same JSON as above…}, "toast": {…}}.
     409  JSON {"message": "…", "moved": [Card], "totals": Totals}: somebody was faster; their state is shown.
     else the card goes back and a toast says so ({"message": "…"} when the answer is JSON).
   Undo. The toast's `undo` address is POSTed; its JSON has the same shape as 200 above.
   Polling. Every 5 s while the page is visible: GET data-poll-url with the page's own query string and since=<cursor>:
     {"cursor": "…", "moved": [Card], "gone": [pk], "totals": Totals}
   Card   = {"pk": 1, "column": "<column key>", "html": "<article …>"}: replaces the card, or puts it first in its column.
   Totals = {"<column key>": {"count": "…", "sum": "…", "weighted": "…"}}: HTML in the user's digits and money unit.
   `gone` are cards that left this board or its filters. Everything is idempotent, so a repeated answer does no harm. */
import { el, isRtl, request, text, toast, vendor } from "../lib/page.js";

const EVERY = 5000;

class Board {
  constructor(root) {
    this.root = root;
    this.cursor = root.dataset.cursor;
    this.announcer = root.querySelector("[data-announce]");
    this.lifted = null;
    this.waiting = null;
    this.moving = 0;
    root.addEventListener("show.bs.dropdown", (event) => this.fillMenu(event));
    root.addEventListener("click", (event) => this.onMenu(event));
    root.addEventListener("keydown", (event) => this.onKey(event));
    root.addEventListener("board:undo", (event) => this.undo(event.detail.url));
    document.addEventListener("board:changed", (event) => {
      this.waiting = null;
      this.apply(event.detail);
    });
    document.getElementById("dialog")?.addEventListener("close", () => this.giveUp());
    if ("mayMove" in root.dataset) this.sortable();
    if (root.dataset.pollUrl) setInterval(() => this.poll(), EVERY);
  }

  columns() {
    return [...this.root.querySelectorAll("[data-column]")];
  }

  column(key) {
    return this.root.querySelector(`[data-column="${CSS.escape(String(key))}"]`);
  }

  list(column) {
    return column.querySelector(".pv-column-cards");
  }

  card(pk) {
    return this.root.querySelector(`[data-pk="${CSS.escape(String(pk))}"]`);
  }

  say(key, value) {
    this.announcer.textContent = text(key, value);
  }

  async sortable() {
    const Sortable = await vendor("sortable", "Sortable");
    for (const column of this.columns()) {
      Sortable.create(this.list(column), {
        group: "board",
        draggable: "[data-move-url]",
        filter: ".dropdown, [data-more]",
        preventOnFilter: false,
        animation: 140,
        delay: 180,
        delayOnTouchOnly: true,
        touchStartThreshold: 6,
        sort: false,
        ghostClass: "is-ghost",
        dragClass: "is-dragged",
        onStart: () => this.root.classList.add("is-dragging"),
        onEnd: (event) => {
          this.root.classList.remove("is-dragging");
          if (event.from !== event.to) this.send(event.item, event.from.closest("[data-column]"), event.to.closest("[data-column]"));
        },
      });
    }
  }

  /* Keyboard: Space lifts the focused card, arrows choose a column, Space drops, Escape puts it back. */
  onKey(event) {
    const card = event.target.closest("[data-pk]");
    if (!card || event.target.closest(".dropdown")) return;
    if (!this.lifted) {
      if (event.code === "Space" && card.dataset.moveUrl) {
        event.preventDefault();
        this.lift(card);
      } else this.walk(event, card);
      return;
    }
    const forward = isRtl() ? "ArrowLeft" : "ArrowRight";
    const backward = isRtl() ? "ArrowRight" : "ArrowLeft";
    if (event.code === forward || event.code === "ArrowDown") this.carry(1);
    else if (event.code === backward || event.code === "ArrowUp") this.carry(-1);
    else if (event.code === "Space" || event.key === "Enter") this.drop();
    else if (event.key === "Escape") this.cancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  walk(event, card) {
    const columns = this.columns();
    const forward = isRtl() ? "ArrowLeft" : "ArrowRight";
    const backward = isRtl() ? "ArrowRight" : "ArrowLeft";
    const steps = { [forward]: 1, [backward]: -1 };
    let next = null;
    if (event.code === "ArrowDown") next = card.nextElementSibling;
    else if (event.code === "ArrowUp") next = card.previousElementSibling;
    else if (event.code in steps) {
      const at = columns.indexOf(card.closest("[data-column]")) + steps[event.code];
      next = columns[at]?.querySelector("[data-pk]");
    } else return;
    event.preventDefault();
    this.focus(next);
  }

  focus(card) {
    card?.querySelector?.(".pv-card-title")?.focus();
  }

  lift(card) {
    this.lifted = { card, from: card.closest("[data-column]"), next: card.nextSibling };
    card.classList.add("is-lifted");
    this.say("lifted");
  }

  carry(change) {
    const { card } = this.lifted;
    const columns = this.columns();
    const target = columns[columns.indexOf(card.closest("[data-column]")) + change];
    if (!target) return;
    this.list(target).prepend(card);
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.focus(card);
    this.say("over", target.dataset.label);
  }

  drop() {
    const { card, from, next } = this.lifted;
    const to = card.closest("[data-column]");
    card.classList.remove("is-lifted");
    this.lifted = null;
    if (from === to) return;
    this.say("dropped", to.dataset.label);
    this.send(card, from, to, next);
  }

  cancel() {
    const { card, from, next } = this.lifted;
    this.list(from).insertBefore(card, next);
    card.classList.remove("is-lifted");
    this.lifted = null;
    this.focus(card);
    this.say("move-cancelled");
  }

  /* The "move to…" menu of a card. */
  fillMenu(event) {
    const menu = event.target.closest(".dropdown")?.querySelector("[data-move-menu]");
    if (!menu) return;
    const here = menu.closest("[data-column]");
    const items = this.columns().map((column) =>
      el("button", { type: "button", class: "dropdown-item", "data-to": column.dataset.column, disabled: column === here }, el("bdi", {}, column.dataset.label)),
    );
    menu.replaceChildren(...items);
  }

  onMenu(event) {
    const item = event.target.closest("[data-to]");
    if (!item) return;
    const card = item.closest("[data-pk]");
    const from = card.closest("[data-column]");
    const to = this.column(item.dataset.to);
    const next = card.nextSibling;
    this.list(to).prepend(card);
    this.focus(card);
    this.send(card, from, to, next);
  }

  async send(card, from, to, next = null) {
    const back = { card, from, next };
    const body = new URLSearchParams({ stage: to.dataset.column, version: card.dataset.version });
    card.classList.add("is-sending");
    this.moving += 1;
    try {
      const answer = await request(card.dataset.moveUrl, { method: "POST", body });
      await this.answered(answer, back);
    } catch {
      this.putBack(back, text("move-failed"));
    } finally {
      this.moving -= 1;
      card.classList.remove("is-sending");
    }
  }

  async answered(answer, back) {
    const isJson = answer.headers.get("Content-Type")?.includes("json");
    if (answer.status === 422 && !isJson) {
      this.waiting = back;
      document.dispatchEvent(new CustomEvent("pv:dialog", { detail: { html: await answer.text() } }));
      return;
    }
    const data = isJson ? await answer.json() : {};
    if (!answer.ok) this.putBack(back, data.message ?? text("move-failed"));
    this.apply(data);
  }

  putBack({ card, from, next }, message) {
    const list = this.list(from);
    list.insertBefore(card, next && next.parentNode === list ? next : list.firstChild);
    if (message) toast({ text: message, level: "error" });
  }

  giveUp() {
    // The dialog's success answer closes it first and tells of the change in the same turn.
    setTimeout(() => {
      if (this.waiting) this.putBack(this.waiting, text("move-cancelled"));
      this.waiting = null;
    });
  }

  async undo(url) {
    try {
      const answer = await request(url, { method: "POST", body: new URLSearchParams() });
      const data = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (!answer.ok) toast({ text: data.message ?? text("server-error"), level: "error" });
      this.apply(data);
      await this.poll();
    } catch {
      toast({ text: text("server-error"), level: "error" });
    }
  }

  async poll() {
    if (document.hidden || this.moving || this.lifted || this.waiting || this.root.classList.contains("is-dragging")) return;
    const query = new URLSearchParams(window.location.search);
    query.set("since", this.cursor);
    try {
      const answer = await request(`${this.root.dataset.pollUrl}?${query}`);
      if (answer.ok) this.apply(await answer.json());
    } catch {
      /* The next round asks again from the same cursor. */
    }
  }

  apply({ cursor, moved = [], gone = [], totals = {}, toast: message }) {
    if (cursor) this.cursor = cursor;
    for (const one of moved) this.place(one);
    for (const pk of gone) this.card(pk)?.remove();
    for (const [key, values] of Object.entries(totals)) this.total(key, values);
    if (message) toast(message);
  }

  place({ pk, column: key, html }) {
    const column = this.column(key);
    const old = this.card(pk);
    if (!column) {
      old?.remove();
      return;
    }
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    const card = template.content.firstElementChild;
    const focused = old?.contains(document.activeElement);
    if (old && old.closest("[data-column]") === column) old.replaceWith(card);
    else {
      old?.remove();
      this.list(column).prepend(card);
      card.classList.add("is-new");
    }
    window.htmx.process(card);
    if (focused) this.focus(card);
  }

  total(key, values) {
    const column = this.column(key);
    for (const [name, value] of Object.entries(values)) {
      const place = column?.querySelector(`[data-total="${name}"]`);
      if (place) place.innerHTML = value;
    }
  }
}

export default function board(root) {
  new Board(root);
}

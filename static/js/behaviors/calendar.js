/* The calendar: events move and stretch by mouse, touch and keyboard, empty time is planned, pages turn by keys.

   Dropping. POST data-move-url (0 is the key) with the page's own query string and the fields of DropForm: `date`, perhaps
   `minute`, `until`, `until_minute`, `all_day`, and `version`. Answers are JSON:
     200  {"html": the calendar anew, "pk", "toast": {"text", "level", "undo"}}
     403, 409, 422  {"message", "html"}: refused, or somebody was faster; it is shown as it is now.
   Undo. The toast's address is POSTed; its answer has the same shape.
   A mouse drags at once, a finger after resting on the event, so that the page can still be scrolled. */
import { drawDraft, minuteAt, place, snap } from "../lib/hours.js";
import { isRtl, isTyping, request, text, toast } from "../lib/page.js";

const REST = 300;
const SLACK = 5;
const EDGE = 36;
const AWAY = 60000;
const DAY = 86400000;
const MORNING = 7;
const ABOVE = 12;
const PHONE = "(max-width: 767.98px)";
let scrolled = null;
let focusNext = null;

const dayOf = (iso) => Date.parse(`${iso}T00:00Z`);
const isoOf = (time) => new Date(time).toISOString().slice(0, 10);

class Calendar {
  constructor(root) {
    this.root = root;
    this.frame = root.querySelector(".pv-hours-frame");
    this.held = null;
    this.gone = new AbortController();
    root.addEventListener("pointerdown", (event) => this.press(event));
    root.addEventListener("dragstart", (event) => event.preventDefault());
    root.addEventListener("click", (event) => this.click(event), true);
    root.addEventListener("contextmenu", (event) => this.held?.active && event.preventDefault());
    root.addEventListener("touchmove", (event) => this.held?.active && event.preventDefault(), { passive: false });
    root.addEventListener("keydown", (event) => this.walk(event));
    root.addEventListener("board:undo", (event) => this.send(event.detail.url, new URLSearchParams()));
    this.listen("pointermove", (event) => this.move(event));
    this.listen("pointerup", (event) => this.release(event));
    this.listen("pointercancel", () => this.letGo());
    this.listen("keydown", (event) => this.keys(event));
    this.listen("calendar:changed", () => this.refresh());
    this.listen("visibilitychange", () => this.comeBack());
    this.begin();
  }

  /** Listen on the document for as long as this calendar is on the page. */
  listen(name, handler) {
    const alive = (event) => (this.root.isConnected ? handler(event) : this.gone.abort());
    document.addEventListener(name, alive, { signal: this.gone.signal });
  }

  begin() {
    const { unchosen, view } = this.root.dataset;
    if (unchosen && view !== "day" && view !== "agenda" && window.matchMedia(PHONE).matches) {
      window.htmx.ajax("GET", unchosen, { target: "#calendar", swap: "outerHTML" });
      window.history.replaceState(window.history.state, "", unchosen);
      return;
    }
    if (this.frame) {
      const hour = this.frame.querySelector(".pv-hour-names > div")?.offsetHeight ?? 0;
      this.frame.scrollTop = scrolled ?? MORNING * hour - ABOVE;
      this.frame.addEventListener("scroll", () => {
        scrolled = this.frame.scrollTop;
      });
      this.tick();
    }
    const target = focusNext && this.root.querySelector(focusNext);
    focusNext = null;
    target?.focus({ preventScroll: Boolean(this.frame) });
  }

  /** After a while away the page is shown as it is now. */
  comeBack() {
    if (document.hidden) this.left = Date.now();
    else if (Date.now() - this.left > AWAY && !this.held && !document.querySelector("dialog[open], .pv-cal .show")) this.refresh();
  }

  /** Keep the line of the present moment true. */
  tick() {
    const line = this.root.querySelector("[data-now]");
    if (!line) return;
    const started = Date.now();
    const first = Number(line.dataset.h) * 60 + Number(line.dataset.m);
    const timer = setInterval(() => {
      if (!line.isConnected) return clearInterval(timer);
      place(line, Math.min(first + Math.round((Date.now() - started) / 60000), 1439));
      return undefined;
    }, 60000);
  }

  url(template, pk) {
    return this.root.dataset[template].replace("/0/", `/${pk}/`);
  }

  // The pointer ---------------------------------------------------------------------------------------------------------

  press(event) {
    if (event.button !== 0 || !event.isPrimary || this.held) return;
    const item = event.target.closest(".pv-ev");
    const column = event.target.closest(".pv-hourcol");
    const held = { x: event.clientX, y: event.clientY, pointer: event.pointerId, touch: event.pointerType === "touch", active: false };
    if (item?.hasAttribute("data-movable")) {
      held.item = item;
      held.kind = event.target.closest("[data-stretch]") ? "stretch" : "move";
      held.cell = this.cellAt(event.clientX, event.clientY);
      const box = item.getBoundingClientRect();
      held.grip = event.clientY - (held.kind === "stretch" ? box.bottom : box.top);
    } else if (!item && column && this.root.dataset.planUrl && event.target === column && !held.touch) {
      Object.assign(held, { kind: "draft", column, from: snap(minuteAt(column, event.clientY)) });
    } else return;
    this.held = held;
    if (held.touch) held.timer = setTimeout(() => this.start(), REST);
  }

  start() {
    const { held } = this;
    if (!held) return;
    held.active = true;
    held.item?.classList.add("is-dragged");
    if (held.touch) navigator.vibrate?.(12);
  }

  move(event) {
    const { held } = this;
    if (!held || event.pointerId !== held.pointer) return;
    if (!held.active) {
      if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < SLACK) return;
      if (held.touch) return this.letGo();
      this.start();
    }
    event.preventDefault();
    this.scroll(event);
    if (held.kind === "draft") return this.draft(event);
    return this.carry(event);
  }

  scroll(event) {
    if (!this.frame) return;
    const box = this.frame.getBoundingClientRect();
    if (event.clientY > box.bottom - EDGE) this.frame.scrollTop += 12;
    else if (event.clientY < box.top + EDGE * 3 && this.held.item?.classList.contains("pv-block")) this.frame.scrollTop -= 12;
  }

  draft(event) {
    const { held } = this;
    held.until = snap(minuteAt(held.column, event.clientY));
    held.box = drawDraft(held.column, held.box, Math.min(held.from, held.until), Math.max(held.from, held.until), text("calendar-new"));
  }

  carry(event) {
    const { held } = this;
    const cell = this.cellAt(event.clientX, event.clientY);
    this.root.querySelector(".is-target")?.classList.remove("is-target");
    held.target = cell;
    if (!cell) return;
    if (held.kind === "stretch" && held.item.classList.contains("pv-block")) {
      if (!cell.matches(".pv-hourcol")) return;
      held.minute = Math.max(snap(minuteAt(cell, event.clientY - held.grip)), 15);
      if (cell.contains(held.item)) place(held.item, null, Math.max(held.minute, place.start(held.item) + 15));
      return;
    }
    cell.classList.add("is-target");
    if (cell.matches(".pv-hourcol") && held.kind === "move") {
      const block = held.item.classList.contains("pv-block");
      held.minute = Math.min(Math.max(snap(minuteAt(cell, event.clientY - (block ? held.grip : 0))), 0), 1425);
      if (block) {
        if (!cell.contains(held.item)) cell.append(held.item);
        place(held.item, held.minute);
        return;
      }
    }
    const sideways = held.kind === "move" ? event.clientX - held.x : 0;
    held.item.style.transform = held.kind === "move" ? `translate(${sideways}px, ${event.clientY - held.y}px)` : "";
  }

  /** The cell of a day, or the column of its hours, under a point. */
  cellAt(x, y) {
    return document.elementsFromPoint(x, y).find((one) => one.matches(".pv-cell[data-date], .pv-hourcol")) ?? null;
  }

  release(event) {
    const { held } = this;
    if (!held || event.pointerId !== held.pointer) return;
    const { active } = held;
    if (!active) {
      this.letGo();
      return;
    }
    this.swallow = true;
    setTimeout(() => {
      this.swallow = false;
    });
    if (held.kind === "draft") {
      const [from, until] = [held.from, held.until].sort((one, other) => one - other);
      this.plan(held.column, from, Math.max(until - from, 15));
      this.letGo();
      return;
    }
    const fields = held.target && this.fields(held);
    if (fields) this.drop(held, fields);
    else this.refresh();
    this.letGo();
  }

  letGo() {
    const { held } = this;
    if (!held) return;
    clearTimeout(held.timer);
    held.box?.remove();
    held.item?.classList.remove("is-dragged");
    if (held.item) held.item.style.transform = "";
    this.root.querySelector(".is-target")?.classList.remove("is-target");
    this.held = null;
  }

  /** What the drop means; null when it changes nothing. */
  fields({ item, kind, cell, target, minute }) {
    const { first, last, version, allDay } = item.dataset;
    const fields = new URLSearchParams({ version });
    const { date } = target.dataset;
    if (kind === "stretch") {
      fields.set("date", first);
      fields.set("until", date);
      if (item.classList.contains("pv-block")) fields.set("until_minute", minute ?? 0);
      else if (date === last) return null;
      return minute === undefined && item.classList.contains("pv-block") ? null : fields;
    }
    const moved = dayOf(date) - dayOf(cell?.dataset.date ?? date);
    fields.set("date", isoOf(dayOf(first) + moved));
    if (target.matches(".pv-hourcol") && !item.classList.contains("from-before")) {
      fields.set("date", date);
      fields.set("minute", minute);
    } else if ("whole" in target.dataset && allDay === undefined && item.classList.contains("pv-block")) fields.set("all_day", "1");
    else if (!moved) return null;
    return fields;
  }

  async drop({ item }, fields) {
    item.classList.add("is-sending");
    await this.send(`${this.url("moveUrl", item.dataset.pk)}?${this.root.dataset.query}`, fields);
  }

  async send(url, body) {
    try {
      const answer = await request(url, { method: "POST", body });
      const isJson = answer.headers.get("Content-Type")?.includes("json");
      const data = isJson ? await answer.json() : {};
      if (!answer.ok) toast({ text: data.message ?? text("calendar-failed"), level: "error" });
      if (data.toast) toast(data.toast);
      if (data.html) this.replace(data.html, data.pk);
      else await this.refresh();
    } catch {
      toast({ text: text("calendar-failed"), level: "error" });
      await this.refresh();
    }
  }

  replace(html, pk) {
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    const fresh = template.content.firstElementChild;
    if (pk) focusNext = `.pv-ev[data-pk="${pk}"]`;
    this.root.replaceWith(fresh);
    window.htmx.process(fresh);
    for (const item of pk ? fresh.querySelectorAll(`[data-pk="${pk}"]`) : []) item.classList.add("is-new");
    fresh.dispatchEvent(new CustomEvent("pv:bind", { bubbles: true }));
  }

  async refresh() {
    await window.htmx.ajax("GET", `?${this.root.dataset.query}`, { target: "#calendar", swap: "outerHTML" });
  }

  // Opening and planning ------------------------------------------------------------------------------------------------

  click(event) {
    if (this.swallow) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const item = event.target.closest(".pv-ev[data-pk]");
    if (item) {
      event.preventDefault();
      window.htmx.ajax("GET", this.url("eventUrl", item.dataset.pk), { target: "#dialog", swap: "innerHTML" });
    } else if (event.target.matches(".pv-hourcol")) this.plan(event.target, snap(minuteAt(event.target, event.clientY) - 15, 30));
    else if (event.target.matches(".pv-month .pv-cell")) this.plan(event.target);
  }

  plan(cell, minute = 540, minutes = 0) {
    const { planUrl } = this.root.dataset;
    if (!planUrl) return;
    const two = (number) => String(number).padStart(2, "0");
    const at = Math.min(Math.max(minute, 0), 1425);
    const query = new URLSearchParams({ kind: "meeting", due_at: `${cell.dataset.typed} ${two(Math.floor(at / 60))}:${two(at % 60)}` });
    if (minutes) query.set("duration", minutes);
    if (cell.dataset.resource) query.set("resources", cell.dataset.resource);
    window.htmx.ajax("GET", `${planUrl}?${query}`, { target: "#dialog", swap: "innerHTML" });
  }

  // Keys ----------------------------------------------------------------------------------------------------------------

  /** Arrows with nothing in focus turn the page. */
  keys(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "Escape" && this.held?.active) {
      this.letGo();
      this.refresh();
    }
    if (document.querySelector("dialog[open]") || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    if (event.target.closest?.("a, button, summary, [role=menu], .pv-hours-frame") && event.target !== this.frame) return;
    this.turn((event.key === "ArrowRight") === isRtl() ? -1 : 1);
    event.preventDefault();
  }

  turn(step) {
    this.root.querySelector(`[data-step="${step}"]`)?.click();
  }

  /** Arrows on a day go to other days, on an event to other events; "n" on a day plans on it. */
  walk(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const day = event.target.closest("[data-day]");
    const item = event.target.closest(".pv-ev");
    if (day && event.code === "KeyN") {
      const cell = this.root.querySelector(`[data-date="${day.dataset.day}"][data-typed]`);
      if (!cell) return;
      event.preventDefault();
      event.stopPropagation();
      this.plan(cell);
      return;
    }
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key) || (!day && !item)) return;
    event.preventDefault();
    if (day) this.goTo(day, event.key);
    else this.nextEvent(item, ["ArrowDown", isRtl() ? "ArrowLeft" : "ArrowRight"].includes(event.key) ? 1 : -1);
  }

  goTo(day, key) {
    const along = isRtl() ? { ArrowLeft: 1, ArrowRight: -1 } : { ArrowRight: 1, ArrowLeft: -1 };
    const inMonth = this.root.dataset.view === "month";
    if (!(key in along) && !inMonth) {
      const events = day.closest("section, .pv-colhead")?.querySelectorAll(".pv-ev[href]");
      (events?.[0] ?? this.root.querySelector(".pv-ev[href]"))?.focus();
      return;
    }
    const days = along[key] ?? (key === "ArrowDown" ? 7 : -7);
    const date = isoOf(dayOf(day.dataset.day) + days * DAY);
    const there = this.root.querySelector(`[data-day="${date}"]`);
    if (there) there.focus();
    else {
      focusNext = `[data-day="${date}"]`;
      this.turn(Math.sign(days));
    }
  }

  nextEvent(item, step) {
    const all = [...this.root.querySelectorAll(".pv-ev[href]")];
    all[all.indexOf(item) + step]?.focus();
  }
}

export default function calendar(root) {
  new Calendar(root);
}

/* A date field that can be typed or picked, in the user's calendar and digits. The calendar is a labelled dialog with a
   keyboard grid: arrows move by a day, PageUp/PageDown by a month, Home/End in the week, Enter picks, Esc closes.
   data-calendar overrides the page's calendar; data-time keeps (or adds) the time that follows the date. */
import * as cal from "../lib/calendar.js";
import { toAscii, toUser } from "../lib/digits.js";
import { calendar as pageCalendar, el, icon, isRtl, language, text } from "../lib/page.js";

const FRIDAY = 5;

function names(system, options) {
  const locale = `${language()}-u-ca-${system === cal.jalali ? "persian" : "gregory"}`;
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
}

class Picker {
  constructor(input) {
    this.input = input;
    this.system = (input.dataset.calendar || pageCalendar()) === "jalali" ? cal.jalali : cal.gregorian;
    this.firstDay = language() === "fa" ? 6 : 1;
    input.value = toUser(toAscii(input.value));
    this.build();
  }

  build() {
    const label = this.input.labels?.[0]?.textContent.replace("*", "").trim() ?? "";
    this.box = el("div", { class: "pv-date" });
    this.input.replaceWith(this.box);
    this.button = el("button", { type: "button", class: "pv-iconbtn pv-date-open", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-label": text("pick-date", label) }, icon("calendar"));
    this.panel = el("div", { class: "pv-calendar", role: "dialog", "aria-label": text("pick-date", label), hidden: true });
    this.box.append(this.input, this.button, this.panel);
    this.input.setAttribute("autocomplete", "off");
    this.button.addEventListener("click", () => (this.panel.hidden ? this.open() : this.close()));
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && event.altKey) this.open();
    });
    this.panel.addEventListener("keydown", (event) => this.onKey(event));
    document.addEventListener("pointerdown", (event) => {
      if (!this.panel.hidden && !this.box.contains(event.target)) this.close(false);
    });
  }

  value() {
    return cal.parse(toAscii(this.input.value));
  }

  open() {
    this.day = this.value() ?? cal.today();
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.draw();
    const below = window.innerHeight - this.box.getBoundingClientRect().bottom;
    this.panel.classList.toggle("is-up", below < this.panel.offsetHeight + 12 && this.box.getBoundingClientRect().top > this.panel.offsetHeight);
    this.focusDay();
  }

  close(back = true) {
    this.panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (back) this.button.focus();
  }

  pick(date) {
    const time = /\d{1,2}:\d{2}.*$/.exec(toAscii(this.input.value))?.[0] ?? ("time" in this.input.dataset ? "09:00" : "");
    this.input.value = toUser(date ? [cal.format(this.system, date), time].filter(Boolean).join(" ") : "");
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
  }

  move(date) {
    this.day = date;
    this.draw();
    this.focusDay();
  }

  focusDay() {
    this.panel.querySelector('td button[tabindex="0"]')?.focus();
  }

  onKey(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
      return;
    }
    if (!event.target.closest("td")) return;
    const forward = isRtl() ? -1 : 1;
    const weekday = (this.day.getUTCDay() - this.firstDay + 7) % 7;
    const targets = {
      ArrowRight: () => cal.addDays(this.day, forward),
      ArrowLeft: () => cal.addDays(this.day, -forward),
      ArrowDown: () => cal.addDays(this.day, 7),
      ArrowUp: () => cal.addDays(this.day, -7),
      PageDown: () => cal.addMonths(this.system, this.day, event.shiftKey ? 12 : 1),
      PageUp: () => cal.addMonths(this.system, this.day, event.shiftKey ? -12 : -1),
      Home: () => cal.addDays(this.day, -weekday),
      End: () => cal.addDays(this.day, 6 - weekday),
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    this.move(targets[event.key]());
  }

  head() {
    const { year, month, day } = this.system.parts(this.day);
    const monthName = names(this.system, { month: "long" });
    const months = Array.from({ length: 12 }, (_, at) => el("option", { value: at + 1, selected: at + 1 === month }, monthName.format(this.system.date(year, at + 1, 1))));
    const select = el("select", { class: "form-select form-select-sm", "aria-label": text("month") }, ...months);
    const box = el("input", { class: "form-control form-control-sm", inputmode: "numeric", size: 4, value: toUser(year), "aria-label": text("year") });
    const go = (y, m) => {
      this.day = this.system.date(y, m, Math.min(day, this.system.monthLength(y, m)));
      this.draw();
    };
    select.addEventListener("change", () => {
      go(year, Number(select.value));
      this.panel.querySelector("select").focus();
    });
    box.addEventListener("change", () => {
      const typed = Number.parseInt(toAscii(box.value), 10);
      if (typed >= this.system.range[0] && typed <= this.system.range[1]) go(typed, month);
      else box.value = toUser(year);
    });
    const arrow = (label, name, count) => {
      const button = el("button", { type: "button", class: "pv-iconbtn", "aria-label": text(label) }, el("span", { class: "pv-flip" }, icon(name)));
      button.addEventListener("click", () => {
        this.day = cal.addMonths(this.system, this.day, count);
        this.draw();
        this.panel.querySelector(`[aria-label="${text(label)}"]`).focus();
      });
      return button;
    };
    return el("div", { class: "pv-calendar-head" }, arrow("previous-month", "chevron-left", -1), select, box, arrow("next-month", "chevron-right", 1));
  }

  grid() {
    const { year, month } = this.system.parts(this.day);
    const first = this.system.date(year, month, 1);
    const length = this.system.monthLength(year, month);
    const lead = (first.getUTCDay() - this.firstDay + 7) % 7;
    const short = names(this.system, { weekday: "narrow" });
    const long = names(this.system, { weekday: "long" });
    const heads = Array.from({ length: 7 }, (_, at) => {
      const date = cal.addDays(first, at - lead);
      return el("th", { scope: "col", abbr: long.format(date) }, short.format(date));
    });
    const cells = [...Array.from({ length: lead }, () => el("td")), ...Array.from({ length }, (_, at) => this.cell(cal.addDays(first, at), at + 1))];
    const rows = [];
    for (let at = 0; at < cells.length; at += 7) rows.push(el("tr", {}, ...cells.slice(at, at + 7)));
    return el("table", { role: "grid" }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
  }

  cell(date, number) {
    const same = (other) => other?.getTime() === date.getTime();
    const button = el(
      "button",
      {
        type: "button",
        tabindex: same(this.day) ? "0" : "-1",
        "aria-label": this.words(date),
        "aria-pressed": String(same(this.value())),
        "aria-current": same(cal.today()) ? "date" : false,
        class: date.getUTCDay() === FRIDAY ? "is-off" : false,
      },
      toUser(number),
    );
    button.addEventListener("click", () => this.pick(date));
    return el("td", {}, button);
  }

  /** "پنجشنبه ۳۰ اسفند ۱۴۰۳": Intl puts the parts of a Jalali date in an odd order. */
  words(date) {
    const { year, day } = this.system.parts(date);
    const word = (options) => names(this.system, options).format(date);
    return [word({ weekday: "long" }), toUser(day), word({ month: "long" }), toUser(year)].join(" ");
  }

  draw() {
    const now = el("button", { type: "button", class: "btn btn-sm" }, text("today"));
    const none = el("button", { type: "button", class: "btn btn-sm btn-ghost-secondary" }, text("clear"));
    now.addEventListener("click", () => this.pick(cal.today()));
    none.addEventListener("click", () => this.pick(null));
    this.panel.replaceChildren(this.head(), this.grid(), el("div", { class: "d-flex gap-2 mt-2" }, now, none));
  }
}

export default function datePicker(input) {
  if (!input.closest(".pv-date")) new Picker(input);
}

/* The repetition of an activity: shows the fields that the chosen one needs, and says in words what they mean. */
const NEEDS = {
  repeat_every: ["daily", "weekly", "monthly", "monthly_weekday", "month_end", "yearly", "year_end"],
  repeat_weekdays: ["weekly"],
  repeat_day: ["monthly"],
  repeat_day_off: ["daily", "weekly", "monthly", "monthly_weekday", "yearly"],
  repeat_ends: ["daily", "workdays", "weekly", "monthly", "monthly_weekday", "month_end", "yearly", "year_end"],
};

export default function repeat(select) {
  const { form } = select;
  const place = document.createElement("div");
  place.setAttribute("aria-live", "polite");
  select.closest(".row").after(place);

  const show = (name, visible) => {
    const field = form.elements[name];
    const input = field instanceof RadioNodeList ? field[0] : field;
    input?.closest("[class*=col-]")?.toggleAttribute("hidden", !visible);
  };
  const arrange = () => {
    for (const [name, kinds] of Object.entries(NEEDS)) show(name, kinds.includes(select.value));
    const ends = NEEDS.repeat_ends.includes(select.value) ? form.elements.repeat_ends.value : "";
    show("repeat_until", ends === "until");
    show("repeat_count", ends === "count");
    show("repeat_skip", place.querySelector("[data-may-lack]") !== null);
  };

  let running;
  const tell = async () => {
    running?.abort();
    running = new AbortController();
    const fields = [...new FormData(form)].filter(([name, value]) => (name.startsWith("repeat") || name === "due_at") && value);
    if (!select.value) place.replaceChildren();
    else {
      try {
        const answer = await fetch(`${select.dataset.preview}?${new URLSearchParams(fields)}`, { signal: running.signal });
        if (!answer.ok) return;
        place.innerHTML = await answer.text(); // our own page: escaped on the server
      } catch {
        return; // another change is on its way, or no connection: the form works without it
      }
    }
    arrange();
  };
  form.addEventListener("change", (event) => {
    if (!event.target.name?.startsWith("repeat") && event.target.name !== "due_at") return;
    arrange();
    tell();
  });
  arrange();
  tell();
}

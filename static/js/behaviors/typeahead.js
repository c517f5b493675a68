/* A select whose choices are asked from data-url as one types:
   GET ?q=… answers {"results": [{"value": "1", "text": "…", "hint": "…"}]}. Tom Select draws it. */
import { request, text, vendor } from "../lib/page.js";

export default async function typeahead(select) {
  const TomSelect = await vendor("tom-select", "TomSelect");
  const { url, create } = select.dataset;
  const labelled = document.querySelector(`label[for="${select.id}"]`);
  const remote = url
    ? {
        valueField: "value",
        labelField: "text",
        searchField: [],
        preload: "focus",
        loadThrottle: 150,
        shouldLoad: () => true,
        async load(query, done) {
          try {
            const joint = url.includes("?") ? "&" : "?";
            const answer = await request(`${url}${joint}q=${encodeURIComponent(query)}`);
            this.clearOptions((option) => this.items.includes(String(option.value)));
            done((await answer.json()).results);
          } catch {
            done();
          }
        },
      }
    : {};
  const control = new TomSelect(select, {
    ...remote,
    copyClassesToDropdown: false,
    controlInput: "<input>",
    dropdownParent: select.closest("dialog") ?? "body",
    maxOptions: 100,
    create: Boolean(create),
    highlight: false,
    plugins: select.multiple ? { remove_button: { title: text("clear") } } : select.required ? {} : { clear_button: { title: text("clear") } },
    placeholder: select.dataset.placeholder || text(url ? "type-to-search" : "choose"),
    render: {
      option: (item, escape) =>
        `<div><bdi>${escape(item.text)}</bdi>${item.hint ? ` <bdi class="pv-ts-hint">${escape(item.hint)}</bdi>` : ""}</div>`,
      item: (item, escape) => `<div><bdi>${escape(item.text)}</bdi></div>`,
      no_results: () => `<div class="no-results">${text("no-results")}</div>`,
      loading: () => `<div class="no-results">${text("loading")}</div>`,
    },
  });
  // The real select is out of sight and out of the tab order: only the control speaks.
  select.setAttribute("aria-hidden", "true");
  if (labelled) control.control_input.setAttribute("aria-label", labelled.textContent.replace("*", "").trim());
}

/* A form in the side panel: long lists of choices get a search, only what was filled is sent, then the panel closes. */
export default function panelForm(form) {
  for (const select of form.querySelectorAll("select[multiple]:not([data-behavior])")) {
    select.dataset.behavior = "typeahead";
    select.dispatchEvent(new CustomEvent("pv:bind", { bubbles: true }));
  }
  form.addEventListener("submit", () => {
    if (form.hasAttribute("hx-get")) return;
    for (const field of form.elements) if (field.name && ["", "unknown"].includes(field.value)) field.disabled = true;
  });
  form.addEventListener("htmx:configRequest", (event) => {
    for (const [name, value] of [...event.detail.formData.entries()]) {
      if (value === "" || value === "unknown") event.detail.formData.delete(name);
    }
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    window.tabler.Offcanvas.getInstance(form.closest(".offcanvas"))?.hide();
  });
}

/* A form in the side panel: sends only what was filled, then closes the panel. */
export default function panelForm(form) {
  form.addEventListener("htmx:configRequest", (event) => {
    for (const [name, value] of [...event.detail.formData.entries()]) {
      if (value === "") event.detail.formData.delete(name);
    }
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    window.tabler.Offcanvas.getInstance(form.closest(".offcanvas"))?.hide();
  });
}

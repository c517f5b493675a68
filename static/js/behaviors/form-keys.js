/* Ctrl+Enter saves a form, of a page or in a dialog, from any of its fields. */
export default function formKeys(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(":is(.pv-savebar, .pv-dialog-foot) button[type=submit]"));
  });
}

/* Ctrl+Enter saves a form from any of its fields. */
export default function formKeys(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(".pv-savebar button[type=submit]"));
  });
}

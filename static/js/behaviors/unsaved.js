/* Warns before leaving a form that was changed and not saved. */
export default function unsaved(form) {
  const sign = form.querySelector("[data-unsaved]");
  let dirty = "changed" in form.dataset || Boolean(form.querySelector(".is-invalid, .pv-conflict"));

  function show(value) {
    dirty = value;
    if (sign) sign.hidden = !value;
  }

  if ("changed" in form.dataset) show(true);
  form.addEventListener("input", () => show(true));
  form.addEventListener("change", () => show(true));
  form.addEventListener("submit", () => {
    dirty = false;
  });
  form.querySelector("[data-discard]")?.addEventListener("click", () => show(false));
  window.addEventListener("beforeunload", (event) => {
    if (dirty && form.isConnected) event.preventDefault();
  });
  form.querySelector(".is-invalid")?.focus();
}

/* The one dialog: opens when HTMX fills it, closes on Cancel, Esc, the backdrop, or HX-Trigger "dialog:close". */
export default function dialog(box) {
  const close = () => {
    if (box.open) box.close();
  };

  function focusFirst() {
    const wrong = box.querySelector(".is-invalid, [aria-invalid='true']");
    const first = box.querySelector("[autofocus], .pv-dialog-body :is(input:not([type=hidden]), select, textarea)");
    (wrong ?? first)?.focus();
  }

  function opened() {
    if (!box.innerHTML.trim()) return close();
    box.classList.toggle("is-wide", Boolean(box.querySelector("[data-wide]")));
    if (!box.open) box.showModal();
    return focusFirst();
  }

  box.addEventListener("htmx:afterSettle", (event) => {
    if (event.target === box || event.detail.target === box) opened();
  });
  document.addEventListener("pv:dialog", (event) => {
    box.innerHTML = event.detail.html;
    window.htmx.process(box);
    box.dispatchEvent(new CustomEvent("pv:bind", { bubbles: true }));
    opened();
  });
  document.addEventListener("dialog:close", close);
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) {
      event.preventDefault();
      close();
    } else if (event.target === box && !box.querySelector("form[data-dirty]")) close();
  });
  box.addEventListener("input", (event) => event.target.form?.setAttribute("data-dirty", ""));
  box.addEventListener("close", () => box.replaceChildren());
}

/* Buttons that put a ready moment into an input (data-target is its id). Shown only where there is a script. */
export default function quickTimes(box) {
  const input = document.getElementById(box.dataset.target);
  if (!input) return;
  box.hidden = false;
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-value]");
    if (!button) return;
    input.value = button.dataset.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
}

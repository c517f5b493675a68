/* Shows or hides the typed password. The button sits beside the input and names it in data-input. */
export default function password(button) {
  const input = document.getElementById(button.dataset.input);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
}

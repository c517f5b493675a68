/* A second click on Save does nothing: the buttons rest from the moment the form is sent until it is back. */
const REST = 15000;

export default function submitOnce(form) {
  const buttons = () => [...form.querySelectorAll("button[type=submit], button:not([type])")];
  const wake = () => {
    delete form.dataset.sent;
    for (const button of buttons()) button.disabled = false;
  };
  form.addEventListener("submit", (event) => {
    const question = form.dataset.confirm;
    if (event.defaultPrevented) return;
    if (form.dataset.sent || (question && !window.confirm(question))) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    // After this turn, so that the pressed button's own name and value are still sent.
    setTimeout(() => {
      for (const button of buttons()) button.disabled = true;
    });
    setTimeout(wake, REST);
  });
  window.addEventListener("pageshow", wake);
}

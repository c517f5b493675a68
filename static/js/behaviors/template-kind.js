/* The form of a message template: shows the fields of the chosen kind of record, subjects only for e-mails, counts
   only for SMS. */
export default function templateKind(form) {
  const find = (name) => form.querySelector(`[name="${name}"]`);

  function show() {
    const kind = find("host")?.value;
    const mail = find("channel")?.value === "email";
    for (const part of form.querySelectorAll("[data-kind]")) part.hidden = part.dataset.kind !== kind;
    for (const part of form.querySelectorAll("[data-mail]")) part.hidden = !mail;
    for (const part of form.querySelectorAll("[data-sms]")) part.hidden = mail;
  }

  form.addEventListener("change", show);
  show();
}

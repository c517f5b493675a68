/* A button of an HTMX form that sends it the plain way to data-url, with its own name and value: a page of its own goes on with it. */
export default function plainSubmit(button) {
  button.addEventListener("click", () => {
    const { form } = button;
    const said = document.createElement("input");
    said.type = "hidden";
    said.name = button.name;
    said.value = button.value;
    form.append(said);
    form.action = button.dataset.url;
    form.submit();
  });
}

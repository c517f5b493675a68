/* A select that shows the fields named in data-fields only while it has the value data-value. */
export default function reveal(select) {
  const names = select.dataset.fields.split(" ");
  const arrange = () => {
    for (const name of names) {
      const found = select.form.elements[name];
      const input = found instanceof RadioNodeList ? found[0] : found;
      input?.closest("[class*=col-]")?.toggleAttribute("hidden", select.value !== select.dataset.value);
    }
  };
  select.addEventListener("change", arrange);
  arrange();
}

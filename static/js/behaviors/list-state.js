/* After each swap of the results, the buttons outside them point at the present filters. */
export default function listState(results) {
  const state = results.querySelector("[data-filters-url]");
  if (!state) return;
  const filters = document.getElementById("open-filters");
  if (filters) filters.href = state.dataset.filtersUrl;
  for (const [kind, url] of Object.entries({ csv: state.dataset.csv, xlsx: state.dataset.xlsx })) {
    const link = document.querySelector(`[data-export="${kind}"]`);
    if (link && url) link.href = url;
  }
}

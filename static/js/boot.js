/* Runs before the first paint: the theme of a user who chose "auto", and the width of the navigation. */
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    if (root.dataset.theme === "auto") root.dataset.bsTheme = dark.matches ? "dark" : "light";
  };
  apply();
  dark.addEventListener("change", apply);
  root.classList.add("js");
  try {
    root.classList.toggle("pv-nav-mini", localStorage.getItem("pv.nav") === "mini");
  } catch {
    /* Storage may be forbidden; the wide navigation is fine then. */
  }
})();

/* The side navigation: narrow or wide, remembered in this browser. */
export default function sidebar(nav) {
  const root = document.documentElement;
  const button = nav.querySelector("[data-toggle-nav]");
  if (!button) return;
  const show = () => button.setAttribute("aria-pressed", String(root.classList.contains("pv-nav-mini")));
  button.addEventListener("click", () => {
    const mini = root.classList.toggle("pv-nav-mini");
    try {
      localStorage.setItem("pv.nav", mini ? "mini" : "wide");
    } catch {
      /* Without storage the choice lasts for this page. */
    }
    show();
  });
  show();
}

// Sets light or dark before the first paint: the choice made here, else that of the system.
// It is a classic script, because modules run only after the first paint.
(() => {
  const KEY = "eventline-theme";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // Storage may be forbidden; the choice then lasts as long as the page.
    }
  }

  function show(choice) {
    root.dataset.theme = choice ?? (dark.matches ? "dark" : "light");
    dispatchEvent(new Event("theme"));
  }

  window.theme = {
    get now() {
      return root.dataset.theme;
    },
    toggle() {
      const next = root.dataset.theme === "dark" ? "light" : "dark";
      try {
        localStorage.setItem(KEY, next);
      } catch {
        // See above.
      }
      show(next);
    },
  };
  dark.addEventListener("change", () => show(chosen()));
  show(chosen());
})();

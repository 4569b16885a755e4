// Light or dark: the reader's choice, kept in this browser; without one, what the system asks for.
// It runs before the page is drawn, so that nothing flashes, and the button is shown only where it works.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const system = () => (dark.matches ? "dark" : "light");
const shown = () => root.dataset.theme ?? system();

function choose(theme) {
  try {
    if (theme === system()) localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {} // a browser may keep nothing: the choice then holds for this page
  if (theme === system()) delete root.dataset.theme;
  else root.dataset.theme = theme;
}

try {
  const kept = localStorage.getItem("theme");
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
} catch {}
root.dataset.script = "";

addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    const tell = () => button.setAttribute("aria-pressed", String(shown() === "dark"));
    dark.addEventListener("change", tell);
    button.addEventListener("click", () => {
      choose(shown() === "dark" ? "light" : "dark");
      tell();
    });
    tell();
  }
});

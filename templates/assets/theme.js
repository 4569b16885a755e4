// Light or dark: what the reader chose in this browser, or else what the system asks for. It runs before the page is
// drawn, so that nothing flashes, and the button is shown only where it works.
const root = document.documentElement.dataset;
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.theme ? root.theme === "dark" : dark.matches);

let kept = {};
try {
	kept = localStorage;
} catch {} // a browser may keep nothing: a choice then holds for its page
if (/^(dark|light)$/.test(kept.theme)) root.theme = kept.theme;
root.script = "";

addEventListener("DOMContentLoaded", () => {
	for (const button of document.querySelectorAll("[data-theme-switch]")) {
		const tell = () => button.setAttribute("aria-pressed", isDark());
		dark.addEventListener("change", tell);
		button.addEventListener("click", () => {
			const theme = isDark() ? "light" : "dark";
			delete root.theme;
			delete kept.theme;
			if (dark.matches !== (theme === "dark")) root.theme = kept.theme = theme;
			tell();
		});
		tell();
	}
});

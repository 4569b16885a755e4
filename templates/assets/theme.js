// Light or dark: what the reader chose in this browser, or else what the system asks for. It runs before the page is
// painted, so that nothing flashes, and the button is shown only where it works.
const SCHEMES = ["system", "light", "dark"];
const root = document.documentElement.dataset;

let saved = {};
try {
	saved = localStorage;
} catch {} // a browser may store nothing: a choice then holds for its page
if (/^(dark|light)$/.test(saved.theme)) root.theme = saved.theme;
root.script = "";

addEventListener("DOMContentLoaded", () => {
	for (const button of document.querySelectorAll("[data-theme-switch]")) {
		button.dataset.system = button.getAttribute("aria-label");
		const label = () => {
			button.ariaLabel = button.title = button.dataset[root.theme ?? SCHEMES[0]];
		};
		button.addEventListener("click", () => {
			const scheme = SCHEMES[(SCHEMES.indexOf(root.theme ?? SCHEMES[0]) + 1) % SCHEMES.length];
			delete root.theme;
			delete saved.theme;
			if (scheme !== SCHEMES[0]) root.theme = saved.theme = scheme;
			label();
		});
		label();
	}
});

// The form of a comment system of another host. It is loaded when the reader presses the button: before, the page
// requests nothing from there. Each system follows the theme's switch between light and dark, except for Isso, whose form
// is part of the page.
const box = document.querySelector(".comment-form");
const { system, thread, target, heading, language, error, integrity, ...given } = box.dataset;
const panel = box.querySelector(".comment-load");
const button = panel.querySelector("button");
const status = panel.querySelector("[role=status]");
const dark = matchMedia("(prefers-color-scheme: dark)");
const findScheme = () => document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
const server = given.url?.replace(/\/$/, "");

const systems = {
	giscus: {
		source: "https://giscus.app/client.js",
		form: { className: "giscus" },
		settings: () => ({
			...given,
			mapping: "specific",
			term: thread.replace(/^\//, ""),
			strict: "1",
			reactionsEnabled: "1",
			emitMetadata: "0",
			inputPosition: "top",
			lang: language === "zh" ? "zh-CN" : language,
			theme: findScheme(),
		}),
		follow: (theme) =>
			box.querySelector("iframe")?.contentWindow.postMessage({ giscus: { setConfig: { theme } } }, "https://giscus.app"),
	},
	isso: {
		source: `${server}/js/embed.min.js`,
		form: { id: "isso-thread" },
		data: { issoId: thread, title: heading },
		settings: () => ({ isso: `${server}/`, issoLang: language }),
	},
	remark42: {
		source: `${server}/web/embed.mjs`,
		form: { id: "remark42" },
		type: "module",
		settings: () => {
			const names = { host: server, site_id: given.siteId, url: target, locale: language };
			window.remark_config = { ...names, components: ["embed"], theme: findScheme() };
		},
		follow: (theme) => window.REMARK42?.changeTheme?.(theme),
	},
};
const { source, form: attributes, data, type = "", settings, follow } = systems[system];

// A button that is disabled or removed loses the focus: readers with a keyboard or a screen reader continue here, not at
// the top of the page, unless they went elsewhere while it was loaded.
const continueAt = (element) => {
	if (element && document.activeElement === document.body) element.focus({ preventScroll: true });
};

button.addEventListener("click", () => {
	button.disabled = true;
	status.textContent = "";
	const form = Object.assign(document.createElement("div"), attributes);
	Object.assign(form.dataset, data);
	const script = Object.assign(document.createElement("script"), { src: source, async: true, type });
	Object.assign(script.dataset, settings());
	if (integrity) script.integrity = integrity;
	if (integrity || system === "giscus") script.crossOrigin = "anonymous";
	script.addEventListener("load", () => {
		panel.remove();
		const title = box.querySelector("h2");
		title?.setAttribute("tabindex", "-1");
		continueAt(title);
		const update = () => follow?.(findScheme());
		dark.addEventListener("change", update);
		new MutationObserver(update).observe(document.documentElement, { attributeFilter: ["data-theme"] });
	});
	script.addEventListener("error", () => {
		form.remove();
		script.remove();
		button.disabled = false;
		status.textContent = error;
		continueAt(button);
	});
	box.append(form, script);
});

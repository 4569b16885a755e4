// A button on each block of code that copies it. It is loaded on pages with code only, and adds nothing where the browser
// cannot write to the clipboard: on a page without HTTPS.
const { copy, copied, label } = document.currentScript.dataset;

if (navigator.clipboard) {
	const status = document.createElement("p");
	status.className = "code-status";
	status.role = "status";
	document.body.append(status);
	for (const code of document.querySelectorAll(".body pre > code")) {
		const block = code.parentElement;
		const box = document.createElement("div");
		const button = document.createElement("button");
		box.className = "code-box";
		button.className = "code-copy";
		button.type = "button";
		button.textContent = copy;
		button.ariaLabel = label;
		block.replaceWith(box);
		box.append(block, button);
		let timer;
		button.addEventListener("click", async () => {
			try {
				await navigator.clipboard.writeText(code.textContent.replace(/\n$/, ""));
			} catch {
				return; // the reader, or the browser, does not allow it
			}
			button.textContent = status.textContent = copied;
			clearTimeout(timer);
			timer = setTimeout(() => {
				button.textContent = copy;
				status.textContent = "";
			}, 2000);
		});
	}
}

// Search in the browser. Text is split as in sitegen/search/tokenize.py.

const ACCENTS = "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed";
const UNSPACED = "\u0e00-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u31ff\u3400-\u9fff\uac00-\ud7ff\u{20000}-\u{3ffff}";
const LETTERS = `\\p{L}\\p{N}\u0900-\u0963\u0966-\u0dff${ACCENTS}${UNSPACED}`;
const WORD = new RegExp(`[${LETTERS}]+(?:(?<=[0-9])\\.(?=[0-9])[${LETTERS}]+)*`, "gu");
const CUT = new RegExp(`([${UNSPACED}]+)|[^.${LETTERS}]+`, "u");
const FIRST = new RegExp(`^[${UNSPACED}]`, "u");
const IGNORED = new RegExp(`[${ACCENTS}\u0640]`, "g");
const FROM = [..."ßæœøđðłþıςٱىیېکڪةەہھ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"];
const TO = ["ss", "ae", "oe", "o", "d", "d", "l", "th", "i", "σ", ..."ايييككهههه01234567890123456789"];
const LONGER = 0.5; // the weight of a longer word
const RESULTS = 8;
const PAGES_READ = 50; // for a phrase, at first

const sum = (items, value) => items.reduce((total, item, at) => total + value(item, at), 0);
const isUnspaced = (text) => FIRST.test(text);

export function fold(text) {
	return (text.match(WORD) ?? []).flatMap((word) => {
		const bare = word.toLowerCase().normalize("NFKD").replace(IGNORED, "").toLowerCase();
		const folded = bare.replace(/./gsu, (letter) => TO[FROM.indexOf(letter)] ?? letter).normalize("NFC");
		return folded.split(CUT).filter(Boolean).map((piece) => piece.replace(/^v(?=[0-9])/, ""));
	});
}

export function hasPhrase(text, phrase) {
	const flat = (part) => fold(part).map((piece) => (isUnspaced(piece) ? piece : ` ${piece} `)).join("");
	return flat(text).replaceAll("  ", " ").includes(flat(phrase).replaceAll("  ", " "));
}

export function parse(query) {
	const parsed = { words: [], phrases: [], conditions: [], year: "", typed: false };
	const parts = query.replace(/[“”„«»]/g, '"').matchAll(/(?<!\S)"([^"]*)"?|(?<!\S)(source|tag|year):(\S+)|\S+/g);
	for (const { 0: part, 1: phrase, 2: filter, 3: value, index, input } of parts) {
		if (filter === "year") parsed.year = value;
		else if (filter) parsed.conditions.push({ term: part.toLowerCase() });
		if (filter) continue;
		parsed.typed = true;
		const found = fold(phrase ?? part);
		const long = found.filter((piece) => piece[1]); // the "s" of "reader's" would only keep posts away
		const words = (/['’]/.test(part) && long[0] ? long : found).flatMap((piece) => {
			const letters = [...piece];
			if (!isUnspaced(piece) || !letters[1]) return { term: piece, prefix: isUnspaced(piece) };
			return letters.slice(1).map((letter, at) => ({ term: letters[at] + letter, prefix: false }));
		});
		const last = words.at(-1);
		if (phrase && last) parsed.phrases.push(phrase);
		else if (last && (part.endsWith("*") || index + part.length === input.length))
			last.prefix ||= !isUnspaced(last.term) && [...last.term].length > 2;
		parsed.words.push(...words);
	}
	return parsed;
}

export function shardOf(term, shards, letters) {
	const key = term.includes(":") ? term : [...term].slice(0, isUnspaced(term) ? 1 : letters);
	let value = 0x811c9dc5;
	for (const letter of key) value = Math.imul(value ^ letter.codePointAt(0), 0x01000193);
	return ((value ^ (value >>> 15)) >>> 0) % shards;
}

function decode(codes) {
	const numbers = [];
	let value = 0;
	for (const code of codes) {
		const digit = code.charCodeAt(0) - 33;
		if (digit < 64) numbers.push(value * 64 + digit);
		value = digit < 64 ? 0 : value * 30 + digit - 63;
	}
	return numbers;
}

export function openIndex(fetchText) {
	const files = {};

	function load(path) {
		files[path] ??= fetchText(path);
		files[path].catch(() => delete files[path]);
		return files[path];
	}

	// The weight of each post with a word or, for a prefix, a longer one; how many have the word itself.
	async function match({ term, prefix }, { levels, letters, shards }, years, isAsked) {
		const shard = await load(`${shardOf(term, shards, letters)}-of-${shards}.txt`);
		const hasLonger = prefix && (isUnspaced(term) || [...term].length >= letters);
		const posts = new Map();
		let exact = 0;
		for (const line of shard.split("\n")) {
			const [word, ...parts] = line.split(" ");
			if (word !== term && !(hasLonger && word.startsWith(term))) continue;
			for (const [year, ...entries] of parts.map(decode)) {
				let at = years[year].first - 1;
				for (const entry of isAsked(years[year]) ? entries : []) {
					at += 1 + Math.floor(entry / levels);
					const weight = (word === term ? 1 : LONGER) * (1 + (entry % levels));
					posts.set(at, Math.max(posts.get(at) ?? 0, weight));
				}
			}
			if (word === term) exact = posts.size; // its line comes before longer words
		}
		return { posts, exact };
	}

	async function find(query) {
		const { words, phrases, conditions, year: only, typed } = parse(query);
		const index = JSON.parse(await load("index.json"));
		let total = 0; // posts are numbered from the oldest
		const years = index.years.reverse().map(([year, count]) => ({ year, first: total, end: (total += count) }));
		const isAsked = ({ year }) => !only || year === Number(only);
		const asked = years.filter(isAsked);
		const answers = await Promise.all([...words, ...conditions].map((word) => match(word, index, years, isAsked)));
		total = sum(asked, ({ first, end }) => end - first);
		const rarities = answers.map(({ exact, posts }, at) => {
			const count = exact || posts.size;
			return at < words.length ? Math.log(1 + (total - count + 0.5) / (count + 0.5)) : 0;
		});
		const hits = [];
		for (const { year, first, end } of typed && !words[0] ? [] : asked) {
			for (let at = first; at < end; at++) {
				const weights = answers.map(({ posts }) => posts.get(at) ?? 0);
				const score = Math.round(1e4 * sum(weights, (weight, word) => weight * rarities[word]));
				if (!weights.slice(words.length).every(Boolean) || (words[0] && !score)) continue;
				hits.push({ year, number: at - first, at, index, score, all: weights.every(Boolean) });
			}
		}
		hits.sort((a, b) => b.score - a.score || b.at - a.at);
		const all = hits.filter((hit) => hit.all);
		const partly = !all[0] && !phrases[0];
		return { words, phrases, hits: partly ? hits : all, partly };
	}

	async function describe({ year, number, at, index: { page, whole } }) {
		const place = whole ? at : number;
		const folder = whole ? "" : `${year}/`;
		return JSON.parse(await load(`${folder}posts-${Math.floor(place / page)}.json`))[place % page];
	}

	return { find, describe };
}

export function spans(text, words) {
	const unspaced = words.map(({ term }) => term).filter(isUnspaced);
	const runs = new RegExp(`[${unspaced.join("")}]{${Math.min(...unspaced.map((term) => term.length), 2)},}`, "gu");
	const isSought = (piece) => words.some(({ term, prefix }) => piece === term || (prefix && piece.startsWith(term)));
	return [...text.matchAll(WORD)].flatMap(({ 0: word, index }) => {
		const found = fold(word).some(isSought) ? [{ 0: word, index: 0 }] : [...word.matchAll(runs)];
		return found.map((part) => [index + part.index, index + part.index + part[0].length]);
	});
}

// Returns the part of a string with the most different words, or nothing.
export function excerpt(text, words) {
	const clean = text.replace(/\s+/g, " ").trim();
	const found = spans(clean, words);
	if (!found[0]) return "";
	const near = ([start]) => {
		const spans = found.filter(([at]) => at >= start && at < start + 160);
		return new Set(spans.map((span) => clean.slice(...span).toLowerCase())).size;
	};
	const [best] = found.reduce((before, span) => (near(span) > near(before) ? span : before));
	const from = Math.max(0, best - 40);
	const part = clean.slice(from, from + 240).replace(from ? /^\S{0,20}\s/ : "", from ? "…" : "");
	return from + 240 < clean.length ? part.replace(/\s?\S{0,20}$/, "…") : part;
}

function start(form) {
	const { dataset: settings, elements } = form;
	const language = document.documentElement.lang || "en";
	const parts = (parent) =>
		Object.fromEntries([...parent.querySelectorAll("[data-search]")].map((part) => [part.dataset.search, part]));
	const { status, results: list, more, result: template } = parts(document);
	const index = openIndex((path) => fetchText(settings.index + path));
	let latest = 0;
	let timer;

	async function fetchText(url) {
		const response = await fetch(url, { cache: "no-cache" });
		return response.ok ? response.text() : Promise.reject(response);
	}

	async function textOf(url) {
		const page = new DOMParser().parseFromString(await fetchText(url), "text/html");
		return page.querySelector(settings.text)?.textContent ?? "";
	}

	function write(element, text, words) {
		let at = 0;
		element.replaceChildren();
		for (const [from, to] of spans(text, words)) {
			const mark = document.createElement("mark");
			mark.append(text.slice(from, to));
			element.append(text.slice(at, from), mark);
			at = to;
		}
		element.append(text.slice(at));
	}

	// Show a post, and return what puts the words in their context in place of its summary.
	function show([url, title, date, from, postLanguage, summary], words, text) {
		const item = template.content.cloneNode(true);
		const { title: link, date: time, source, context } = parts(item);
		link.href = url;
		link.lang = context.lang = postLanguage;
		if (!date) time.remove();
		time.dateTime = date;
		time.append(new Date(date).toLocaleDateString(language, { dateStyle: "long", timeZone: "UTC" }));
		source.append(from);
		write(link, title, words);
		write(context, summary, words);
		list.append(item);
		return async () => write(context, excerpt(text ?? (await textOf(url).catch(() => "")), words) || summary, words);
	}

	async function showFrom(first, found, run) {
		try {
			const { words, phrases, hits, partly } = await found;
			const contexts = [];
			const before = first && list.children.length;
			let at = first;
			do {
				const posts = await Promise.all(hits.slice(at, at + RESULTS).map(index.describe));
				const texts = await Promise.all(posts.map(([url]) => phrases[0] && textOf(url)));
				if (run !== latest) return;
				if (!at) list.replaceChildren();
				posts.forEach((post, place) => {
					const holds = (phrase) => hasPhrase(post[1], phrase) || hasPhrase(texts[place], phrase);
					if (phrases.every(holds)) contexts.push(show(post, words, texts[place]));
				});
				at += RESULTS;
			} while (at < Math.min(hits.length, first + PAGES_READ) && contexts.length < RESULTS);
			if (document.activeElement === more) list.children[before]?.querySelector("a").focus();
			more.hidden = at >= hits.length;
			more.onclick = () => showFrom(at, found, run);
			const open = phrases[0] && !more.hidden ? "+" : "";
			const count = phrases[0] ? list.children.length : hits.length;
			const kind = !count && !open ? "none" : partly ? "partly" : new Intl.PluralRules(language).select(count);
			status.textContent = (settings[kind] ?? settings.other).replace("{count}", count.toLocaleString(language) + open);
			for (const showContext of contexts) if (run === latest) await showContext();
		} catch {
			if (run === latest) status.textContent = settings.error;
		}
	}

	function search() {
		// The query comes first in the form and last here, for its last word may still be being typed.
		const used = [...new FormData(form)].filter(([, value]) => value.trim()).reverse();
		const query = used.map(([name, value]) => (name === "q" ? value : `${name}:${value}`)).join(" ");
		history.replaceState(null, "", query ? `?${new URLSearchParams(used)}` : location.pathname);
		clearTimeout(timer);
		latest++;
		if (query) return showFrom(0, index.find(query), latest);
		list.replaceChildren();
		status.textContent = "";
		more.hidden = true;
	}

	for (const [name, value] of new URLSearchParams(location.search)) {
		const field = elements.namedItem(name);
		if (field) field.value = value;
	}
	if (location.search) search();
	else elements.q.focus({ preventScroll: true });
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		search();
	});
	form.addEventListener("input", () => {
		clearTimeout(timer);
		timer = setTimeout(search, 150);
	});
	document.addEventListener("keydown", (event) => {
		const { key, target } = event;
		const stops = [elements.q, ...list.querySelectorAll("a")];
		const at = stops.indexOf(target);
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		if (key === "/" && !target.closest("input, select, textarea")) elements.q.focus();
		else if (key === "Escape" && !at) {
			elements.q.value = "";
			search();
		} else if (at >= 0 && key === "ArrowDown") stops[at + 1]?.focus();
		else if (at > 0 && key === "ArrowUp") stops[at - 1].focus();
		else return;
		event.preventDefault();
	});
}

const form = globalThis.document?.querySelector("form[data-index]");
if (form) start(form);

// The reader's search; docs/search.md tells how it works. Words are cut and folded as in sitegen/search/terms.py.

const ACCENTS =
  "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed";
const UNSPACED =
  "\u0e00-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u31ff\u3400-\u9fff\uac00-\ud7ff\u{20000}-\u{3ffff}";
const LETTERS = `\\p{L}\\p{N}\u0900-\u0963\u0966-\u0dff${ACCENTS}${UNSPACED}`;
const WORD = new RegExp(`[${LETTERS}]+(?:(?<=[0-9])\\.(?=[0-9])[${LETTERS}]+)*`, "gu");
const CUT = new RegExp(`([${UNSPACED}]+)|[^.${LETTERS}]+`, "u");
const UNSPACED_FIRST = new RegExp(`^[${UNSPACED}]`, "u");
const IGNORED = new RegExp(`[${ACCENTS}\u0640]`, "g");
const FROM = [..."ßæœøđðłþıςٱىیېکڪةەہھ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"];
const TO = ["ss", "ae", "oe", "o", "d", "d", "l", "th", "i", "σ", ..."ايييككهههه01234567890123456789"];
const FOLDS = new Map(FROM.map((character, at) => [character, TO[at]]));

const LONGER = 0.5; // what a longer word counts beside the word that it begins with
const RESULTS = 10;
const PAGES_READ = 50; // for a phrase, before "more" is asked for

const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);
const isUnspaced = (text) => UNSPACED_FIRST.test(text);

export function fold(text) {
  return (text.match(WORD) ?? []).flatMap((word) => {
    const bare = [...word.toLowerCase().normalize("NFKD").replace(IGNORED, "").toLowerCase()];
    const folded = bare.map((character) => FOLDS.get(character) ?? character).join("").normalize("NFC");
    return folded.split(CUT).filter(Boolean).map((piece) => piece.replace(/^v(?=[0-9])/, ""));
  });
}

export function hasPhrase(text, phrase) {
  const flat = (part) => fold(part).map((piece) => (isUnspaced(piece) ? piece : ` ${piece} `)).join("").replace(/ +/g, " ");
  return flat(text).includes(flat(phrase));
}

export function parse(query) {
  const parsed = { words: [], phrases: [], conditions: [], year: "" };
  const parts = query.replace(/[“”„«»]/g, '"').matchAll(/(?<!\S)"([^"]*)"?|(?<!\S)(source|tag|year):(\S+)|\S+/g);
  for (const { 0: part, 1: phrase, 2: filter, 3: value, index, input } of parts) {
    if (filter === "year") parsed.year = value;
    else if (filter) parsed.conditions.push({ term: part.toLowerCase() });
    if (filter) continue;
    const found = fold(phrase ?? part);
    // The "s" of "reader's" and the "l" of "l'homme" would only keep posts away.
    const long = /['’]/.test(part) ? found.filter((piece) => piece.length > 1) : [];
    const words = (long.length ? long : found).flatMap((piece) => {
      const characters = [...piece];
      if (!isUnspaced(piece)) return { term: piece, prefix: false };
      if (characters.length === 1) return { term: piece, prefix: true };
      return characters.slice(1).map((character, at) => ({ term: characters[at] + character, prefix: false }));
    });
    const last = words.at(-1);
    if (phrase !== undefined && last) parsed.phrases.push(phrase);
    else if (last && (part.endsWith("*") || index + part.length === input.length)) {
      last.prefix ||= !isUnspaced(last.term) && [...last.term].length > 2;
    }
    parsed.words.push(...words);
  }
  return parsed;
}

export function shardOf(term, shards) {
  const key = term.includes(":") ? [...term] : [...term].slice(0, isUnspaced(term) ? 1 : 3);
  let value = 0x811c9dc5;
  for (const character of key) value = Math.imul(value ^ character.codePointAt(0), 0x01000193) >>> 0;
  return ((value ^ (value >>> 15)) >>> 0) % shards;
}

function decode(codes, unit, levels, posts) {
  let number = 0;
  let value = 0;
  for (const code of codes) {
    const digit = code.charCodeAt(0) - 33;
    if (digit >= 64) value = value * 30 + digit - 63;
    else {
      value = value * 64 + digit;
      number += Math.floor(value / levels);
      posts.set(number, Math.max(posts.get(number) ?? 0, unit * (1 + (value % levels))));
      number++;
      value = 0;
    }
  }
}

export function openIndex(fetchText) {
  const files = new Map();

  function load(path) {
    if (!files.has(path)) files.set(path, fetchText(path));
    files.get(path).catch(() => files.delete(path));
    return files.get(path);
  }

  // The posts of a year that hold a word or, for a prefix, a longer one; how many hold it itself.
  async function match([year, , shards], levels, { term, prefix }) {
    const shard = `\n${await load(`${year}/${shardOf(term, shards)}-of-${shards}.txt`)}`;
    const line = `\n${term}${prefix ? "" : " "}`;
    const posts = new Map();
    let exact = 0;
    for (let at = shard.indexOf(line); at >= 0; at = shard.indexOf(line, at + 1)) {
      const space = shard.indexOf(" ", at);
      const itself = space === at + 1 + term.length;
      decode(shard.slice(space + 1, shard.indexOf("\n", space)), itself ? 1 : LONGER, levels, posts);
      if (itself) exact = posts.size; // its line comes before those of longer words
    }
    return { posts, exact };
  }

  async function find(query) {
    const { words, phrases, conditions, year } = parse(query);
    const { levels, page, years } = JSON.parse(await load("index.json"));
    const asked = years.filter((row) => !year || row[0] === Number(year));
    const look = (word) => Promise.all(asked.map((row) => match(row, levels, word)));
    const answers = await Promise.all([...words, ...conditions].map(look));
    const total = sum(asked.map((row) => row[1]));
    const rarities = answers.map((matches, at) => {
      const count = sum(matches.map(({ exact }) => exact)) || sum(matches.map(({ posts }) => posts.size));
      return at < words.length ? Math.log(1 + (total - count + 0.5) / (count + 0.5)) : 0;
    });
    const hits = [];
    asked.forEach(([name, count], at) => {
      for (let number = 0; number < count; number++) {
        const weights = answers.map((matches) => matches[at].posts.get(number) ?? 0);
        const score = Math.round(1e4 * sum(weights.map((weight, word) => weight * rarities[word])));
        if (!weights.slice(words.length).every(Boolean) || (words.length && !score)) continue;
        hits.push({ year: name, number, page, score, all: weights.every(Boolean) });
      }
    });
    hits.sort((a, b) => b.score - a.score || b.year - a.year || b.number - a.number);
    const all = hits.filter((hit) => hit.all);
    const partly = !all.length && !phrases.length;
    return { words, phrases, hits: partly ? hits : all, partly };
  }

  async function describe({ year, number, page }) {
    return JSON.parse(await load(`${year}/posts-${Math.floor(number / page)}.json`))[number % page];
  }

  return { find, describe };
}

export function spans(text, words) {
  const unspaced = words.map(({ term }) => term).filter(isUnspaced);
  const runs = new RegExp(`[${unspaced.join("")}]{${Math.min(...unspaced.map((term) => term.length), 2)},}`, "gu");
  const isSought = (piece) => words.some(({ term, prefix }) => piece === term || (prefix && piece.startsWith(term)));
  return [...text.matchAll(WORD)].flatMap((word) => {
    const found = fold(word[0]).some(isSought) ? [{ 0: word[0], index: 0 }] : [...word[0].matchAll(runs)];
    return found.map((part) => [word.index + part.index, word.index + part.index + part[0].length]);
  });
}

// The part of a text that holds the most different words, or nothing.
export function excerpt(text, words) {
  const clean = text.replace(/\s+/g, " ").trim();
  const found = spans(clean, words).map(([at, end]) => [at, clean.slice(at, end).toLowerCase()]);
  const near = ([start]) => new Set(found.filter(([at]) => at >= start && at < start + 160).map(([, word]) => word)).size;
  const best = found.reduce((before, span) => (near(span) > near(before) ? span : before), found[0]);
  if (!best) return "";
  const from = Math.max(0, best[0] - 40);
  const part = clean.slice(from, from + 240).replace(from ? /^\S{0,20}\s/ : "", from ? "…" : "");
  return from + 240 < clean.length ? part.replace(/\s?\S{0,20}$/, "…") : part;
}

function start(form) {
  const { dataset: settings, elements } = form;
  const language = document.documentElement.lang || "en";
  const parts = (parent, ...names) => names.map((name) => parent.querySelector(`[data-search="${name}"]`));
  const [status, list, more, template] = parts(document, "status", "results", "more", "result");
  // The query comes last, for its last word may still be being typed.
  const fields = ["source", "tag", "year", "q"].flatMap((name) => elements[name] ?? []);
  let latest = 0;
  let timer;

  async function fetchText(url) {
    const response = await fetch(url, { cache: "no-cache" });
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    return response.text();
  }

  async function textOf(url) {
    const page = new DOMParser().parseFromString(await fetchText(url), "text/html");
    return page.querySelector(settings.text)?.textContent ?? "";
  }

  const index = openIndex((path) => fetchText(settings.index + path));
  function write(element, text, words) {
    let at = 0;
    element.replaceChildren();
    for (const [from, to] of spans(text, words)) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(from, to);
      element.append(text.slice(at, from), mark);
      at = to;
    }
    element.append(text.slice(at));
  }

  // Show a post, and return what puts the words in their context in place of its summary.
  function show([url, title, date, from, postLanguage, summary], words, text) {
    const item = template.content.cloneNode(true);
    const [link, time, source, context] = parts(item, "title", "date", "source", "context");
    link.href = url;
    link.lang = context.lang = postLanguage;
    time.dateTime = date;
    time.textContent = new Date(date).toLocaleDateString(language, { dateStyle: "long", timeZone: "UTC" });
    source.textContent = from;
    write(link, title, words);
    write(context, summary, words);
    list.append(item);
    return async () => write(context, excerpt(text ?? (await textOf(url).catch(() => "")), words) || summary, words);
  }

  async function showFrom(first, found, run) {
    const { words, phrases, hits, partly } = found;
    const contexts = [];
    const before = first && list.children.length;
    let at = first;
    for (; at < Math.min(hits.length, first + PAGES_READ) && contexts.length < RESULTS; at += RESULTS) {
      const posts = await Promise.all(hits.slice(at, at + RESULTS).map(index.describe));
      const texts = await Promise.all(posts.map(([url]) => (phrases.length ? textOf(url) : undefined)));
      if (run !== latest) return;
      if (!at) list.replaceChildren();
      posts.forEach((post, place) => {
        const holds = (phrase) => hasPhrase(post[1], phrase) || hasPhrase(texts[place], phrase);
        if (phrases.every(holds)) contexts.push(show(post, words, texts[place]));
      });
    }
    if (!hits.length) list.replaceChildren();
    if (document.activeElement === more) parts(list.children[before] ?? list, "title")[0]?.focus();
    more.hidden = at >= hits.length;
    more.onclick = () => attempt(run, () => showFrom(at, found, run));
    const count = phrases.length ? list.children.length : hits.length;
    const open = phrases.length > 0 && !more.hidden;
    const kind = !count && !open ? "none" : partly ? "partly" : new Intl.PluralRules(language).select(count);
    const shown = count.toLocaleString(language) + (open ? "+" : "");
    status.textContent = (settings[kind] ?? settings.other).replace("{count}", shown);
    for (const showContext of contexts) if (run === latest) await showContext();
  }

  async function attempt(run, task) {
    try {
      await task();
    } catch {
      if (run === latest) status.textContent = settings.error;
    }
  }

  function search() {
    const run = ++latest;
    const used = fields.filter((field) => field.value.trim());
    const address = new URLSearchParams(used.map((field) => [field.name, field.value]));
    const query = used.map(({ name, value }) => (name === "q" ? value : `${name}:${value}`)).join(" ");
    history.replaceState(null, "", query ? `?${address}` : location.pathname);
    clearTimeout(timer);
    if (query) attempt(run, async () => showFrom(0, await index.find(query), run));
    else {
      list.replaceChildren();
      status.textContent = "";
      more.hidden = true;
    }
  }

  const address = new URLSearchParams(location.search);
  for (const field of fields) field.value = address.get(field.name) ?? "";
  if (location.search) search();
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
    const stops = [elements.q, ...list.querySelectorAll('[data-search="title"]')];
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

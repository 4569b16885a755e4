// Keeps an open page in step with the site: reloads it, exchanges its style sheets, shows what is wrong.
(() => {
  "use strict";
  const { token, shape, page, version } = document.currentScript.dataset;
  const place = "sitegen-place";
  const SEATS = 4;
  let since = version;
  let source = null;
  let leaveSeat = null;
  let busy = false;
  let overlay = null;
  let current = "[]";
  let closed = "";

  // The browser restores the scroll position before images that are still loading have their size.
  const kept = JSON.parse(sessionStorage.getItem(place) || "null");
  sessionStorage.removeItem(place);
  if (kept && kept.page === location.pathname) {
    const restore = () => scrollTo({ left: kept.x, top: kept.y, behavior: "instant" });
    restore();
    addEventListener("load", restore, { once: true });
  }

  function reload() {
    sessionStorage.setItem(place, JSON.stringify({ page: location.pathname, x: scrollX, y: scrollY }));
    disconnect();
    location.reload();
  }

  function exchangeStyles(addresses) {
    const links = [...document.querySelectorAll("link[rel~=stylesheet]:not([data-leaving])")];
    if (links.length !== addresses.length) return reload();
    links.forEach((link, index) => {
      const address = new URL(addresses[index], document.baseURI);
      address.searchParams.set("version", since);
      const next = link.cloneNode();
      next.href = address.href;
      link.dataset.leaving = "";
      // The page always has a style sheet: the older ones go when this one has loaded. There are several after
      // quick saves, as one that a later save replaces may not have loaded before it goes.
      const removeOlder = () => {
        while (next.previousElementSibling?.matches("[data-leaving]")) next.previousElementSibling.remove();
      };
      next.addEventListener("load", removeOlder);
      next.addEventListener("error", removeOlder);
      link.after(next);
    });
  }

  function element(name, style, text) {
    const made = document.createElement(name);
    made.style.cssText = style;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function showProblems(problems) {
    overlay?.remove();
    overlay = null;
    if (!problems.length) return;
    overlay = element("sitegen-problems", "all:initial;position:fixed;inset:0;z-index:2147483647");
    const sheet = element(
      "div",
      "box-sizing:border-box;height:100%;overflow:auto;padding:2em;background:#1c1917f2;color:#fff;" +
        "font:16px/1.5 system-ui,sans-serif",
    );
    sheet.setAttribute("role", "alert");
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    sheet.append(element("h1", "margin:0;font-size:1.4em;color:#ffb4a1", `${count}: the last good site is behind this`));
    for (const problem of problems) {
      const box = element("section", "margin:1.5em 0;max-width:60em");
      const where = problem.line ? `${problem.path}:${problem.line}` : problem.path;
      box.append(element("div", "font:14px ui-monospace,monospace;color:#fcd34d", where));
      box.append(element("div", "font-weight:bold", problem.message));
      const line = "white-space:pre-wrap;overflow-wrap:anywhere;font:14px ui-monospace,monospace;background:#000;padding:.6em";
      if (problem.excerpt) box.append(element("div", line, problem.excerpt));
      if (problem.hint) box.append(element("div", "color:#bbf7d0", problem.hint));
      sheet.append(box);
    }
    const close = element("button", "font:inherit;padding:.4em 1em", "Hide (Esc)");
    close.addEventListener("click", closeProblems);
    sheet.append(close);
    overlay.attachShadow({ mode: "open" }).append(sheet);
    document.documentElement.append(overlay);
  }

  // Every build that fails is a new version: problems that the reader has closed come back only if they change.
  function closeProblems() {
    closed = current;
    showProblems([]);
  }

  function hear(text) {
    const message = JSON.parse(text);
    since = message.version;
    current = JSON.stringify(message.problems);
    if (current !== closed) {
      closed = "";
      showProblems(message.problems);
    }
    if (message.follow && message.follow !== location.pathname) {
      disconnect();
      location.assign(message.follow);
    } else if (message.action === "reload") {
      reload();
    } else if (message.action === "styles") {
      exchangeStyles(message.styles);
    }
  }

  const address = () => `/.sitegen/events?${new URLSearchParams({ token, page, shape, since })}`;

  // A browser opens six connections to a host: the pages in sight share four seats, and leave the rest for loading.
  function takeSeat() {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((seated) => {
      let asked = 0;
      for (let number = 0; number < SEATS; number++) {
        navigator.locks.request(`sitegen-seat-${number}`, { ifAvailable: true }, (lock) => {
          asked++;
          if (lock && !leaveSeat) {
            seated(true);
            return new Promise((leave) => (leaveSeat = leave));
          }
          if (asked === SEATS && !leaveSeat) seated(false);
        });
      }
    });
  }

  async function connect() {
    if (busy || source || document.visibilityState === "hidden") return;
    busy = true;
    if (await takeSeat()) {
      busy = false;
      if (document.visibilityState === "hidden") return disconnect();
      source = new EventSource(address());
      source.onmessage = (event) => hear(event.data);
      source.onerror = () => {
        if (source?.readyState !== EventSource.CLOSED) return; // else the browser comes again by itself
        disconnect();
        ask();
      };
    } else {
      ask();
    }
  }

  // Without a seat, or where the stream was refused: asks once, and then tries for a seat again.
  async function ask() {
    busy = true;
    const ending = new AbortController();
    try {
      const answer = await fetch(address(), { signal: ending.signal, cache: "no-store" });
      if (answer.status === 403) return reload(); // a server that was restarted does not know this page
      const reader = answer.body.getReader();
      const decoder = new TextDecoder();
      for (let text = "", line = null; answer.ok && !line; ) {
        const { done, value } = await reader.read();
        if (done) break;
        text += decoder.decode(value, { stream: true });
        line = /^data: (.*)\n/m.exec(text);
        if (line) hear(line[1]);
      }
    } catch {
      // the server is away, and may come back
    }
    ending.abort();
    setTimeout(() => {
      busy = false;
      connect();
    }, 1000);
  }

  function disconnect() {
    source?.close();
    source = null;
    leaveSeat?.();
    leaveSeat = null;
  }

  // Hidden pages reload when they become visible.
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  addEventListener("keydown", (event) => event.key === "Escape" && closeProblems());
  connect();
})();

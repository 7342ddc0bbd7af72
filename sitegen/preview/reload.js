// Put into pages by `sitegen serve` while they are sent; what is built never has it.
//
// Listens to the preview's events. Loads the page again if it changed, keeping the place that the
// reader scrolled to; exchanges stylesheets without that; shows what is wrong over the page.
(() => {
  "use strict";

  // What the server says of this page; `shown` is the state that it shows since.
  const own = document.currentScript.dataset;
  const paths = () => JSON.parse(own.paths);
  const PLACE = "sitegen-place";
  const PUT_AWAY = "sitegen-put-away";
  const RETRY_MILLISECONDS = 2000;

  // --- The page: load it again, or exchange its stylesheets.

  // As they stand in the source, so that a page that was fetched can be held against them.
  const sheets = [...document.querySelectorAll('link[rel~="stylesheet" i]')].map((link) => ({
    link,
    href: link.getAttribute("href"),
    outdated: [],
  }));

  // Storage may be forbidden: then the browser's own memory of the place has to do.
  function store(name, value) {
    try {
      sessionStorage.setItem(name, value);
    } catch {
      return;
    }
  }

  function stored(name) {
    try {
      return sessionStorage.getItem(name);
    } catch {
      return null;
    }
  }

  function reload() {
    store(PLACE, JSON.stringify({ url: location.href, x: scrollX, y: scrollY }));
    location.reload();
  }

  function restorePlace() {
    const place = JSON.parse(stored(PLACE) || "null");
    store(PLACE, "");
    if (place?.url !== location.href) return;
    const go = () => scrollTo({ left: place.x, top: place.y, behavior: "instant" });
    go();
    // Pictures make a page longer while they load.
    if (document.readyState !== "complete") addEventListener("load", go, { once: true });
  }

  // The old one stays until the new one is there, so that the page never stands without style.
  function exchange(sheet, href) {
    const link = sheet.link.cloneNode();
    link.href = href;
    link.addEventListener("load", () => {
      const place = sheet.outdated.indexOf(link);
      const before = sheet.outdated.splice(0, place < 0 ? sheet.outdated.length : place);
      for (const old of before) old.remove();
    });
    link.addEventListener("error", reload);
    sheet.link.after(link);
    sheet.outdated.push(sheet.link);
    sheet.link = link;
  }

  // The same address once more: the query makes the browser ask for it.
  function refreshed(sheet, state) {
    const url = new URL(sheet.href, document.baseURI);
    url.searchParams.set("sitegen", state);
    return url.href;
  }

  // Fetch the page as it is now, and do the least that makes this one like it.
  async function compare() {
    const response = await fetch(location.href, { cache: "no-store" });
    const text = await response.text();
    const page = new DOMParser().parseFromString(text, "text/html");
    const script = page.querySelector("script[data-sitegen]");
    const fresh = [...page.querySelectorAll('link[rel~="stylesheet" i]')];
    const same =
      !response.redirected &&
      script?.dataset.skeleton === own.skeleton &&
      fresh.length === sheets.length &&
      sheets.every((sheet) => sheet.link.isConnected);
    if (!same) {
      reload();
      return;
    }
    own.paths = script.dataset.paths;
    for (const [number, sheet] of sheets.entries()) {
      const href = fresh[number].getAttribute("href");
      if (href === sheet.href) continue;
      sheet.href = href;
      exchange(sheet, href);
    }
  }

  // --- Which output files this page uses.

  function outputPath(address) {
    let url;
    try {
      url = new URL(address, document.baseURI);
    } catch {
      return null;
    }
    if (url.origin !== location.origin) return null;
    const path = decoded(url.pathname);
    return path?.startsWith(own.base) ? path.slice(own.base.length) : null;
  }

  function decoded(path) {
    try {
      return decodeURIComponent(path);
    } catch {
      return null;
    }
  }

  // Not those that only name something, such as a feed.
  const LINKS = ["icon", "preload", "modulepreload", "manifest"]
    .map((rel) => `link[rel~="${rel}" i][href]`)
    .join();

  function* usedAddresses() {
    for (const element of document.querySelectorAll("[src], [srcset], [poster], object[data]")) {
      for (const name of ["src", "poster", "data"]) {
        if (element.hasAttribute(name)) yield element.getAttribute(name);
      }
      for (const candidate of (element.getAttribute("srcset") ?? "").split(",")) {
        if (candidate.trim()) yield candidate.trim().split(/\s+/)[0];
      }
    }
    for (const element of document.querySelectorAll(LINKS)) yield element.getAttribute("href");
    // What stylesheets and scripts asked for: fonts, backgrounds, imported files.
    for (const entry of performance.getEntriesByType("resource")) {
      if (["css", "script", "img"].includes(entry.initiatorType)) yield entry.name;
    }
  }

  async function take({ state, changed, problems, errors }) {
    show(problems, errors);
    const files = new Set(changed);
    if (changed === null || paths().some((path) => path === "*" || files.has(path))) {
      await compare();
    } else {
      follow(files, state);
    }
    own.shown = state;
  }

  // The page itself is the same as before: what it uses may not be.
  function follow(files, state) {
    const changedSheets = sheets.filter((sheet) => files.has(outputPath(sheet.href)));
    const sheetPaths = new Set(sheets.map((sheet) => outputPath(sheet.href)));
    for (const address of usedAddresses()) {
      const path = outputPath(address);
      if (path !== null && files.has(path) && !sheetPaths.has(path)) {
        reload();
        return;
      }
    }
    for (const sheet of changedSheets) exchange(sheet, refreshed(sheet, state));
  }

  // --- What is wrong, over the page. In a shadow tree: the site's own style does not reach it.

  const STYLE = `
    :host { all: initial !important; direction: ltr !important; display: block !important; }
    dialog {
      background: #fffdf9; border: 0; border-top: 4px solid #b3261e; box-sizing: border-box;
      color: #1d1a16; font: 15px/1.5 system-ui, sans-serif; max-height: 90vh; max-width: 62rem;
      overflow: auto; padding: 1.25rem 1.5rem 1.5rem; text-align: start; width: 92vw;
    }
    dialog::backdrop { background: rgb(0 0 0 / 55%); }
    header { align-items: start; display: flex; gap: 1rem; justify-content: space-between; }
    h1 { font-size: 1.15rem; margin: 0; }
    h2 { font-size: 1rem; margin: 1.25rem 0 .4rem; overflow-wrap: anywhere; }
    p { margin: .4rem 0; overflow-wrap: anywhere; }
    pre {
      background: #f1ece4; font: 13px/1.5 ui-monospace, monospace; margin: 0; overflow-x: auto;
      padding: .7rem .9rem; tab-size: 4;
    }
    button {
      background: none; border: 1px solid currentcolor; color: inherit; cursor: pointer;
      font: inherit; min-height: 2.25rem; padding: 0 .9rem; white-space: nowrap;
    }
    :focus-visible { outline: 2px solid #1a5fb4; outline-offset: 2px; }
    @media (prefers-color-scheme: dark) {
      dialog { background: #201d1a; border-top-color: #f2b8b5; color: #eee8df; }
      pre { background: #2c2825; }
      :focus-visible { outline-color: #99c1f1; }
    }
    @media print { dialog { display: none; } }`;

  let overlay = null;
  let shown = "[]";

  // Problems that were put away stay so in this tab, on its next pages too.
  const remember = (problems) => store(PUT_AWAY, problems);
  const wasPutAway = (problems) => stored(PUT_AWAY) === problems;

  function hide() {
    overlay?.shadowRoot.querySelector("dialog").close();
    overlay?.remove();
    overlay = null;
  }

  function show(problems, errors) {
    const now = JSON.stringify(problems);
    if (own.showsProblems || now === shown) return;
    shown = now;
    hide();
    if (!problems.length || wasPutAway(now)) return;
    const box = document.createElement("sitegen-problems");
    const shadow = box.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [style];
    // The problems are HTML that the server escaped: they are nothing but headings and code.
    shadow.innerHTML = `
      <dialog role="alertdialog" aria-labelledby="title" aria-describedby="about">
        <header><h1 id="title"></h1><button>Close (Esc)</button></header>
        <p id="about">Pages without errors are shown behind this message. It closes when the errors are fixed.</p>
        ${problems.join("\n")}
      </dialog>`;
    shadow.querySelector("h1").textContent = errors === 1 ? "1 error" : `${errors} errors`;
    const dialog = shadow.querySelector("dialog");
    shadow.querySelector("button").addEventListener("click", () => dialog.close());
    // By the button or by Escape; not where it was closed because things changed.
    dialog.addEventListener("close", () => {
      if (box.isConnected) remember(now);
      box.remove();
    });
    document.documentElement.append(box);
    dialog.showModal();
    overlay = box;
  }

  // --- The events. A hidden page does not listen, since browsers allow few connections to a server.

  let source = null;
  let work = Promise.resolve();

  function listen() {
    if (source || document.hidden) return;
    source = new EventSource(`${own.events}?since=${encodeURIComponent(own.state)}`);
    source.addEventListener("state", (event) => {
      const data = JSON.parse(event.data);
      own.state = data.state;
      work = work.then(() => take(data)).catch(startOver); // one after the other
    });
    source.addEventListener("error", () => {
      // The browser tries again by itself, but not where something else answers.
      if (source?.readyState === EventSource.CLOSED) startOver();
    });
  }

  // The server went away in the middle of something: the page is compared when it is back.
  function startOver() {
    own.state = "";
    hush();
    setTimeout(listen, RETRY_MILLISECONDS);
  }

  function hush() {
    source?.close();
    source = null;
  }

  restorePlace();
  document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
  addEventListener("pagehide", hush);
  addEventListener("pageshow", listen);
  listen();
})();

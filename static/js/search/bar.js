// The search bar of every page but the search page: results below the bar while one types.
//
// Not a combobox but a list of links that the arrow keys walk through: a link can be opened in
// another tab, is named by the browser, and every screen reader knows what to do with it.

const SHOWN = 5;
const WORDS = 14;
const PAUSE = 150;

export async function start({ form, field, parts, engine, results, showLoading }) {
  const { Engine, OVERTAKEN, ABSENT } = engine;
  const { element, fill, isolate, around, tally, offer, teaser, dress } = results;
  const { words } = parts;
  const search = new Engine(parts, WORDS, showLoading);

  const panel = element("div", { class: "search-panel", hidden: "" });
  // Heard, not seen: the eye sees the results themselves.
  const spoken = element("p", { class: "unseen", role: "status" });
  form.append(panel, spoken);
  const dressed = dress(parts);

  let timer;
  let shown = "";
  // Whether the reader wants the years that a first search leaves out.
  let older = false;
  const typed = () => field.value.trim();
  const links = () => [...panel.querySelectorAll("a, button")];

  function close() {
    clearTimeout(timer);
    panel.hidden = true;
    spoken.textContent = "";
  }

  function open() {
    if (panel.hasChildNodes() && typed() === shown) panel.hidden = false;
  }

  function say(text, ...children) {
    panel.replaceChildren(...children);
    panel.hidden = false;
    spoken.textContent = text;
  }

  /** The address of the search page with all results. */
  function address(query) {
    const url = new URL(form.action);
    url.searchParams.set("q", query);
    if (older) url.searchParams.set("older", "1");
    return url.href;
  }

  const archive = () => element("a", { href: parts.archive }, words.archive);

  /** Say it, and what else to try; `meant` is the word that may be meant. */
  function sayNothingFound(query, meant) {
    const text = fill(words.none, { query: isolate(query) });
    const lines = [element("p", {}, text), element("p", {}, words.none_help, " ", archive())];
    if (meant) {
      const link = element("a", { href: address(meant) }, element("bdi", {}, meant));
      lines.splice(1, 0, element("p", {}, ...around(words.meant, "word", link)));
    }
    say(lines.map((line) => line.textContent).join(" "), ...lines);
  }

  function sayFailed(absent) {
    const text = absent ? words.absent : words.failed;
    const again = element("button", { type: "button" }, words.retry);
    again.addEventListener("click", () => {
      field.focus();
      ask();
    });
    say(text, element("p", {}, text), element("p", {}, ...(absent ? [] : [again, " "]), archive()));
  }

  function searchOlder() {
    older = true;
    // The form leads to the search page, too.
    form.append(element("input", { type: "hidden", name: "older", value: "1" }));
    field.focus();
    ask();
  }

  function sayFound(query, answer) {
    const all = tally(answer, parts, { whole: words.all, since: words.all_since });
    const lines = [element("p", {}, element("a", { href: address(query) }, all))];
    if (answer.older) {
      const button = element("button", { type: "button" }, offer(answer.older, parts));
      button.addEventListener("click", searchOlder);
      lines.push(element("p", {}, button));
    }
    const items = answer.items.map((item) => element("li", {}, teaser(item, parts, "p", "hit")));
    const number = tally(answer, parts, { whole: words.found, since: words.found_since });
    say(number, element("ol", {}, ...items), ...lines);
  }

  async function ask() {
    const query = typed();
    const answer = await search.search({ query, older, from: 0, to: SHOWN });
    if (answer.state === OVERTAKEN) return;
    await dressed;
    // The reader may have gone on meanwhile; what he walks through is not taken from under him.
    const here = document.activeElement;
    if (query !== typed() || !form.contains(here) || panel.contains(here)) return;
    shown = query;
    if (answer.state) sayFailed(answer.state === ABSENT);
    else if (answer.total) sayFound(query, answer);
    else sayNothingFound(query, answer.meant);
  }

  function changed(event) {
    // While a Japanese word is being composed it is not yet what is meant.
    if (event?.isComposing) return;
    clearTimeout(timer);
    // With one letter an answer is big and says little; in Japanese it may be a word.
    if (!typed() || /^[a-z]$/i.test(typed())) {
      shown = "";
      close();
    } else if (typed() !== shown) {
      timer = setTimeout(ask, PAUSE);
    }
  }

  /** Move through the field and the links; a step beyond either end leads round. */
  function step(event, by) {
    open();
    if (panel.hidden) changed();
    const stops = [field, ...(panel.hidden ? [] : links())];
    const here = Math.max(stops.indexOf(document.activeElement), 0);
    event.preventDefault();
    stops.at((here + by) % stops.length).focus();
  }

  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") step(event, 1);
    else if (event.key === "ArrowUp") step(event, -1);
    else if (event.key === "Escape" && !panel.hidden) {
      event.preventDefault();
      field.focus();
      close();
    } else if (panel.contains(event.target) && (event.key.length === 1 || event.key === "Backspace")) {
      // Who goes on typing goes on with the word; a space presses the button that it is on.
      if (event.key !== " ") field.focus();
    }
  });
  field.addEventListener("input", changed);
  field.addEventListener("compositionend", () => changed());
  field.addEventListener("focus", () => {
    open();
    changed();
  });
  form.addEventListener("focusout", ({ relatedTarget }) => {
    if (!form.contains(relatedTarget)) close();
  });
  // A press on a text of the panel keeps the focus where it is, and so the panel open.
  panel.addEventListener("mousedown", (event) => {
    if (!event.target.closest("a, button")) event.preventDefault();
  });

  await search.open();
  changed();
}

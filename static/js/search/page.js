// The search page: what is searched for stands in its address, so that results can be shared and
// the browser's Back and Forward lead through the searches.

const STEP = 20;
const WORDS = 32;
const PAUSE = 200;

export async function start({ form, field, page, parts, engine, results, showLoading }) {
  const { Engine, OVERTAKEN, ABSENT, FAILED } = engine;
  const { element, fill, isolate, around, tally, offer, teaser } = results;
  const { words } = parts;
  const search = new Engine(parts, WORDS, showLoading);

  const part = (name) => document.getElementById(`search-${name}`);
  const [filters, number, list] = ["filters", "count", "list"].map(part);
  const [more, beyond] = ["more", "older"].map(part);
  const [none, failed, absent, intro, ways] = ["none", "failed", "absent", "intro", "ways"].map(part);
  // The fields that are named as the filters of the index are: taxonomies.
  const choices = [...filters.elements].filter(({ dataset }) => "filter" in dataset);
  const title = document.title;

  let timer;
  let shown = 0;
  // Whether the reader is still typing what the newest entry of the history holds.
  let typing = false;
  // Whether the reader wants the years that a first search leaves out.
  let older = false;

  // --- What is asked, in the form and in the address.

  const wanted = () => ({
    query: field.value.trim(),
    filters: Object.fromEntries(
      choices.filter(({ value }) => value).map(({ name, value }) => [name, value]),
    ),
    year: filters.elements.year.value,
    newest: filters.elements.sort.value === "newest",
    older,
  });

  function address({ query, filters: chosen, year, newest, older }) {
    const url = new URL(form.action);
    const rest = { year, sort: newest && "newest", older: older && "1" };
    const values = { q: query, ...chosen, ...rest };
    for (const [name, value] of Object.entries(values)) if (value) url.searchParams.set(name, value);
    return url.href;
  }

  function readAddress() {
    const given = new URLSearchParams(location.search);
    field.value = given.get("q") ?? "";
    for (const name of [...choices.map(({ name }) => name), "year", "sort"]) {
      const control = filters.elements[name];
      control.value = given.get(name) ?? "";
      // A value that the page does not offer would leave nothing chosen.
      if (control.selectedIndex === -1) control.value = "";
    }
    older = given.has("older");
    typing = false;
  }

  /** Write the address: over the newest entry of the history, or as a new one. */
  function writeAddress({ over }) {
    const url = address(wanted());
    if (url === location.href) return;
    history[over ? "replaceState" : "pushState"](null, "", url);
  }

  // --- What is shown.

  /** What else to try where nothing was found: the word that may be meant. */
  function suggest(meant) {
    const place = part("meant");
    place.hidden = !meant;
    if (!meant) return;
    const link = element("a", { href: address({ ...wanted(), query: meant }) }, element("bdi", {}, meant));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      field.value = meant;
      settle(false);
    });
    place.replaceChildren(...around(words.meant, "word", link));
  }

  function show({ query }, answer, from) {
    const { state, total, items, meant } = answer;
    document.title = query ? `${query} – ${title}` : title;
    none.hidden = !query || Boolean(state) || total > 0;
    failed.hidden = state !== FAILED;
    absent.hidden = state !== ABSENT;
    intro.hidden = Boolean(query);
    ways.hidden = Boolean(query) && !state && total > 0;
    page.hidden = !query || state === ABSENT;
    if (from === 0) list.replaceChildren();
    shown = from;
    if (state || !query) {
      number.textContent = "";
      more.hidden = beyond.hidden = true;
      return;
    }
    part("none-text").textContent = fill(words.none, { query: isolate(query) });
    suggest(meant);
    const texts = { whole: words.found, since: words.found_since };
    number.textContent = total ? tally(answer, parts, texts) : "";
    list.append(...items.map((item) => element("li", {}, teaser(item, parts, "h2", "entry"))));
    shown = from + items.length;
    more.hidden = shown >= total;
    beyond.hidden = !total || !answer.older;
    if (!beyond.hidden) beyond.textContent = offer(answer.older, parts);
  }

  async function ask(from = 0, to = from + STEP) {
    clearTimeout(timer);
    const asked = wanted();
    if (!asked.query) {
      search.forget();
      show(asked, {}, 0);
      return;
    }
    const answer = await search.search({ ...asked, from, to });
    if (answer.state !== OVERTAKEN) show(asked, answer, from);
  }

  // --- What the reader does.

  function settle(over) {
    writeAddress({ over });
    typing = false;
    return ask();
  }

  field.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      writeAddress({ over: typing });
      typing = true;
      ask();
    }, PAUSE);
  });
  field.addEventListener("compositionend", () => field.dispatchEvent(new Event("input")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    settle(typing);
  });
  filters.addEventListener("change", () => settle(false));
  filters.addEventListener("submit", (event) => event.preventDefault());
  part("again").onclick = () => ask();
  more.addEventListener("click", async () => {
    const first = shown;
    await ask(first);
    // The keyboard goes on where the new results begin.
    list.children[first]?.querySelector("a").focus();
  });

  beyond.addEventListener("click", async () => {
    older = true;
    await settle(false);
    // The button is gone: the keyboard goes on with the results, unless it has gone elsewhere.
    const isLost = [document.body, beyond].includes(document.activeElement);
    if (isLost) list.querySelector("a")?.focus();
  });

  // --- Back, Forward, and back from an article.

  addEventListener("popstate", () => {
    readAddress();
    ask();
  });
  addEventListener("pagehide", () => {
    history.replaceState({ shown, top: scrollY }, "");
  });

  const typedMeanwhile = field.value.trim();
  const before = history.state;
  readAddress();
  if (typedMeanwhile && typedMeanwhile !== field.value) {
    field.value = typedMeanwhile;
    settle(false);
  } else if (field.value) {
    // Away at once, to stand where they fit when the answer is there: what is seen never moves.
    intro.hidden = ways.hidden = true;
    await ask(0, Math.max(STEP, before?.shown ?? 0));
    if (before) scrollTo(0, before.top);
  } else {
    await search.open();
  }
}

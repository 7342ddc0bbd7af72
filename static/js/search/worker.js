// Runs Pagefind beside the page. Here its downloads can be watched: Pagefind itself would take a
// part of the index that failed to load for one in which nothing is found.
//
// Every shard is asked by itself. Where a shard does not know a word, Pagefind finds what begins
// with the longest word that it is the beginning of: for "harbuor" the articles with an "h". In
// one shard that can be seen and left out; in all of them together it could not.

const download = self.fetch;
const kept = new Map();
let failed = false;
let index;
// The number of the newest question: who asked an older one waits no longer.
let latest = 0;

/** Download, and note a failure. What every shard asks for, or is fetched ahead, comes once. */
self.fetch = async (address) => {
  const url = String(address);
  try {
    const coming = kept.get(url) ?? download(url);
    if (!/\.pf_(index|fragment|filter)$/.test(url)) kept.set(url, coming);
    const answer = await coming;
    failed ||= !answer.ok;
    return answer.clone();
  } catch (error) {
    failed = true;
    throw error;
  }
};

/** Begin with what Pagefind asks for only when its WebAssembly is there. */
async function fetchAhead({ place, language, tag }) {
  const answer = await self.fetch(`${place}pagefind-entry.json?ts=${tag}`);
  const { languages } = await answer.json();
  if (languages[language]) await self.fetch(`${place}pagefind.${languages[language].hash}.pf_meta`);
}

/**
 * The shards in layers of whole years, newest first: as many years as have `most` articles at the
 * most, but one at least. What has to be loaded of a shard grows with its articles. The standalone
 * pages, which are few and come first in the list, have the year 0, and are in the first layer.
 */
function layersOf(shards, most) {
  const layers = [];
  let room = 0;
  for (const year of new Set(shards.map((shard) => shard.year))) {
    const those = shards.filter((shard) => shard.year === year);
    const articles = those.reduce((sum, shard) => sum + shard.articles, 0);
    const isFilled = layers.length && layers.at(-1).some((shard) => shard.year);
    if (!layers.length || (isFilled && articles > room)) {
      layers.push([]);
      room = most;
    }
    layers.at(-1).push(...those);
    room -= articles;
  }
  return layers;
}

/** Load the list, and begin to load Pagefind; gives no layers where there is no index. */
async function open({ list, home, words }) {
  const answer = await download(list, { cache: "no-cache" });
  if (answer.status === 404) return { layers: [] };
  if (!answer.ok) throw new Error(`${list}: ${answer.status}`);
  const { script, at_once: most, shards: listed } = await answer.json();
  if (!script || !listed.length) return { layers: [] };
  const shards = listed.map((shard) => ({ ...shard, place: new URL(shard.path, list).pathname }));
  const loading = import(new URL(script, list));
  const begin = async ({ place, language, tag }) => {
    const pagefind = await loading;
    const options = { baseUrl: home, excerptLength: words };
    const asked = pagefind.createInstance({ ...options, metaCacheTag: "1" });
    await asked.mergeIndex(place, { ...options, language, metaCacheTag: tag });
    return { asked, language };
  };
  const begun = new Map();
  const ready = (shard) => {
    if (!begun.has(shard)) begun.set(shard, begin(shard));
    return begun.get(shard);
  };
  let first;
  /** Load of these shards what is needed to ask them. */
  const use = async (wanted) => {
    // What fails here fails again where Pagefind asks for it, and is told there.
    for (const shard of wanted) if (!begun.has(shard)) fetchAhead(shard).catch(() => {});
    // One before the others: all share the WebAssembly that the first one brings, and two that
    // begin at once would each bring one and take the other's away.
    first ??= wanted.length ? ready(wanted[0]) : undefined;
    await first;
    return Promise.all(wanted.map(ready));
  };
  return { layers: layersOf(shards, most), use };
}

// --- Words.

const wordsOf = (text, language) => {
  const found = new Intl.Segmenter(language, { granularity: "word" }).segment(text);
  return [...found].filter((part) => part.isWordLike).map((part) => part.segment.toLowerCase());
};

/** What is searched besides the text. */
const metas = ({ title, authors = "", tags = "" }) => [title, authors, tags].join(" ");

const marked = (html) =>
  [...html.matchAll(/<mark>(.*?)<\/mark>/gs)].map(([, word]) => word.toLowerCase().replace(/^\P{L}+/u, ""));

/** Whether `word` begins as `term` does; the end of a long term may be one of grammar. */
function begins(word, term) {
  const length = term.length > 4 ? term.length - 2 : term.length;
  return word.startsWith(term.slice(0, length));
}

/** How many letters are to be added, left out, exchanged or swapped to make one word the other. */
function distance(one, other) {
  const rows = [Array.from({ length: other.length + 1 }, (_, place) => place)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + same);
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows.at(-1).at(-1);
}

// --- Searching.

/** Whether the shard holds the word itself, or one that begins with it, and nothing was guessed. */
async function knows({ asked }, term, options) {
  if ((await asked.search(`"${term}"`, options)).results.length) return true;
  const [best] = (await asked.search(term, options)).results;
  if (!best) return false;
  const { content, locations, meta } = await best.data();
  const all = content.toLowerCase().split(/\s+/);
  const found = [...locations.map((place) => all[place] ?? ""), ...wordsOf(metas(meta), meta.language)];
  return found.some((word) => begins(word.replace(/^\P{L}+/u, ""), term));
}

/** The results of one shard. Of words of a language without spaces, one has to be known. */
async function searchShard(shard, query, options) {
  const { results } = await shard.asked.search(query, options);
  if (!results.length || /^\s*".*"\s*$/.test(query)) return results;
  const terms = wordsOf(query, shard.language);
  const known = await Promise.all(terms.map((term) => knows(shard, term, options)));
  const spaced = terms.length === query.trim().split(/\s+/).length;
  return (spaced ? known.every(Boolean) : known.some(Boolean)) ? results : [];
}

const byScore = (one, other) => other.score - one.score;
/** Newest first: a result's id begins with the article's date; that of a page with zeros. */
const byDate = (one, other) => (one.id < other.id ? 1 : -1);

/**
 * Give how many articles there are, some of them, and for none the word that was meant. Years
 * older than the first layer are opened when they are asked for, and layer after layer as long as
 * nothing is found. `older` in the answer says which years were left out, if any.
 */
async function search({ layers, use }, asked, isOvertaken) {
  const { query, filters = {}, year, newest, older, from, to } = asked;
  const options = { filters };
  const all = layers.flat();
  const named = all.filter((shard) => String(shard.year) === year);
  const steps = year ? [named] : older ? [all] : layers;
  const searched = [];
  let results = [];
  for (const step of steps) {
    if (results.length || isOvertaken()) break;
    const shards = await use(step);
    searched.push(...shards);
    const found = await Promise.all(shards.map((shard) => searchShard(shard, query, options)));
    results = found.flat().sort(newest ? byDate : byScore);
  }
  const items = await Promise.all(results.slice(from, to).map((result) => result.data()));
  const isHopeless = !results.length && !isOvertaken();
  const meant = isHopeless ? await nearest(searched, query.toLowerCase()) : undefined;
  const left = year ? [] : all.slice(searched.length).map((shard) => shard.year);
  const since = all[searched.length - 1]?.year;
  const beyond = left.length ? { since, first: left.at(-1), last: left[0] } : undefined;
  return { total: results.length, items, meant, older: beyond };
}

/** The word of the newest articles that is most like one that was not found, if one is. */
async function nearest(shards, word) {
  if (!/^\p{L}{4,}$/u.test(word)) return undefined;
  for (let length = Math.ceil(word.length * 0.7); length >= 3; length--) {
    const near = (await beginningWith(shards.slice(0, 8), word.slice(0, length)))
      .map((other) => ({ other, steps: distance(word, other) }))
      .filter(({ other, steps }) => other !== word && steps <= Math.max(1, word.length / 4))
      .sort((one, next) => one.steps - next.steps);
    if (near.length) return near[0].other;
  }
  return undefined;
}

/** Words of some articles that begin so. */
async function beginningWith(shards, letters) {
  const found = await Promise.all(
    shards.map(async ({ asked }) => (await asked.search(letters)).results.slice(0, 2)),
  );
  const articles = await Promise.all(found.flat().map((result) => result.data()));
  return articles
    .flatMap(({ excerpt, meta }) => [...marked(excerpt), ...wordsOf(metas(meta), meta.language)])
    .map((word) => word.replace(/\P{L}.*$/su, ""))
    .filter((word) => word.startsWith(letters));
}

self.onmessage = async ({ data: { number, opening, asked } }) => {
  latest = number;
  try {
    if (opening) index = open(opening);
    const { layers, use } = await index;
    let answer = null;
    if (layers.length && asked) answer = await search({ layers, use }, asked, () => number !== latest);
    else if (layers.length) await use(layers[0]);
    if (failed) throw new Error("a part of the index could not be loaded");
    self.postMessage({ number, absent: !layers.length, answer });
  } catch (error) {
    self.postMessage({ number, error: String(error) });
  }
};

// Results as elements. No text of an article is ever read as HTML.

/** Make an element with attributes (those that are undefined are left out) and children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Fill in a text of the site: "Nothing found for “{query}”". */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A reader's words within a text: if they may run the other way, the others keep their places. */
export const isolate = (text) =>
  document.dir === "rtl" || RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;

/** The same with an element in it: its parts, to append. */
export function around(text, name, inner) {
  const [before, after = ""] = text.split(`{${name}}`);
  return [before, inner, after];
}

// As the pages have them: European digits and the calendar of Gregory, in every language.
const LATIN = { numberingSystem: "latn", calendar: "gregory" };

/** A number as the site's language writes it. */
const count = (number, { language }) => number.toLocaleString(language, LATIN);

/** How many there are, and since when, if older years were left out. */
export function tally({ total, older }, parts, { whole, since }) {
  return fill(older ? since : whole, { count: count(total, parts), year: older?.since });
}

/** The offer to search the years that were left out. */
export function offer({ first, last }, { words }) {
  return fill(words.older, { years: first === last ? first : `${first}–${last}` });
}

/** A day as the site's language writes it; `date` is the moment on the site's own clocks. */
function day(date, { language }) {
  const style = new Intl.DateTimeFormat(language, { ...LATIN, dateStyle: "medium", timeZone: "UTC" });
  return style.format(new Date(date.slice(0, 10)));
}

const plain = (html) => html.replace(/<\/?mark>|\s/g, "");

/**
 * The excerpt: text, and <mark> around what was found. Pagefind marks where words part. In some
 * languages the text that it searches begins with the title, which stands above already.
 */
function excerpt(html, title) {
  const whole = html.replaceAll("\u200b", "");
  const [, first, rest] = /^(.*?)[.。]\s(.*)$/s.exec(whole) ?? [];
  const repeats = first && plain(title).endsWith(plain(first));
  // A full stop after a word is no part of it.
  const neat = (repeats ? rest : whole).replace(/(\p{P}+)<\/mark>/gu, "</mark>$1");
  const parts = neat.split(/<mark>(.*?)<\/mark>/s);
  const texts = parts.map((part) => part.replaceAll("&lt;", "<").replaceAll("&gt;", ">"));
  const nodes = texts.map((text, place) => (place % 2 ? element("mark", {}, text) : text));
  const begun = /^\p{Ll}/u.test(texts.join("")) ? ["… "] : [];
  const broken = /[.!?。！？]["”’」』)]?$/u.test(texts.join("").trim()) ? [] : [" …"];
  return [...begun, ...nodes, ...broken];
}

/** The line below an article's excerpt; a page has neither category nor date. */
const about = ({ category, date }, parts) =>
  element(
    "p",
    { class: "meta" },
    element("span", { class: "meta-category" }, element("bdi", {}, category)),
    " ",
    element("time", { datetime: date }, day(date, parts)),
  );

/** The article or page as lists of the theme show it; `heading` is the element of its headline. */
export function teaser({ url, excerpt: html, meta }, parts, heading, kind) {
  const lang = meta.language === parts.language ? undefined : meta.language;
  const dir = meta.direction;
  return element(
    "article",
    { class: `teaser ${kind}` },
    element(
      "div",
      { class: "teaser-text" },
      element(heading, { class: "headline", lang, dir }, element("a", { href: url }, meta.title)),
      element("p", { class: "summary", lang, dir }, ...excerpt(html, meta.title)),
      ...(meta.date ? [about(meta, parts)] : []),
    ),
  );
}

/** Load the results' stylesheet, if the page has not done so. */
export async function dress({ style }) {
  if (document.querySelector(`link[href="${style}"]`)) return;
  const link = element("link", { rel: "stylesheet", href: style });
  const done = new Promise((resolve) => {
    link.onload = link.onerror = resolve;
  });
  document.head.append(link);
  await done;
}

// Readies the search bar, and loads the rest when the reader first turns to it: the one script of
// the pages. Without it, or where anything fails, the bar is a form that leads to the search page.

const form = document.querySelector("form.search");
const field = form.elements.q;
const status = form.querySelector("[role=status]");
const idle = [...status.childNodes];
const loading = status.textContent;
// On the search page the results stand on the page itself.
const page = document.getElementById("search-results");
let waiting;
let begun;

/** Show "Loading" and say it, once that takes longer than an eye notices; or take it away. */
function showLoading(on) {
  clearTimeout(waiting);
  waiting = on && setTimeout(() => {
    form.classList.add("is-loading");
    status.replaceChildren(loading);
  }, 100);
  if (!on) {
    form.classList.remove("is-loading");
    status.replaceChildren(...idle);
  }
}

/** Load and start what this page needs: the results page on the search page, else the bar. */
async function begin() {
  showLoading(true);
  try {
    const answer = await fetch(form.dataset.parts, { cache: "no-cache" });
    const parts = await answer.json();
    const [engine, results, reader] = await Promise.all(
      [parts.engine, parts.results, page ? parts.page : parts.bar].map((part) => import(part)),
    );
    await reader.start({ form, field, page, parts, engine, results, showLoading });
  } catch (error) {
    // The next time the reader turns to the bar, it is tried again.
    begun = undefined;
    if (page) {
      document.getElementById("search-failed").hidden = false;
      document.getElementById("search-again").onclick = beginOnce;
    }
    console.error(error);
  }
  showLoading(false);
}

const beginOnce = () => (begun ??= begin());

form.addEventListener("focusin", beginOnce);
const asked = page && new URLSearchParams(location.search).has("q");
if (asked || form.contains(document.activeElement)) beginOnce();

field.setAttribute("aria-keyshortcuts", "/");
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  field.select();
  field.focus();
});

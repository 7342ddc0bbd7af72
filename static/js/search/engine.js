// Asks the worker that searches. A newer question takes the place of an older one.

/** The state of the search that a reader can do nothing about: the site has no index. */
export const ABSENT = "absent";
/** A download failed: to ask again may help. */
export const FAILED = "failed";
/** A newer question was asked meanwhile: nobody waits for this answer. */
export const OVERTAKEN = "overtaken";

export class Engine {
  #parts;
  #words;
  #showLoading;
  #worker;
  #waiting = new Map();
  #number = 0;
  #latest = 0;

  /** `words` is the length of an excerpt; `showLoading` is told when the reader begins to wait. */
  constructor(parts, words, showLoading) {
    this.#parts = parts;
    this.#words = words;
    this.#showLoading = showLoading;
  }

  /** Load the index, or nothing if that was done. Gives `{state}`, which is empty if all is well. */
  open() {
    return this.#ask(undefined);
  }

  /**
   * Search. `asked` has `query`, perhaps `filters` (slugs by taxonomy), `year`, `newest` (else best first)
   * and `older` (all years, be there ever so many), and `from`, `to`: which of the results to give. Gives
   * `{state, total, items, meant, older}`, where `meant` is a word to try instead of one that is not
   * found, and `older` says what was not searched: the years from `first` to `last`; `since` was.
   */
  search(asked) {
    return this.#ask(asked);
  }

  /** Wait no longer for any answer. */
  forget() {
    this.#latest += 1;
    this.#showLoading(false);
  }

  async #ask(asked) {
    const turn = ++this.#latest;
    this.#showLoading(true);
    const given = await this.#send(asked);
    if (given.error) {
      console.error(given.error);
      this.#close();
    }
    if (turn !== this.#latest) return { state: OVERTAKEN };
    this.#showLoading(false);
    if (given.error) return { state: FAILED };
    return given.absent ? { state: ABSENT } : { state: "", ...given.answer };
  }

  #send(asked) {
    const number = ++this.#number;
    const opening = this.#worker ? undefined : this.#open();
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
      this.#worker.postMessage({ number, opening, asked });
    });
  }

  #open() {
    const { worker, list, home } = this.#parts;
    const begun = new Worker(worker, { type: "module" });
    this.#worker = begun;
    begun.onmessage = ({ data }) => {
      this.#waiting.get(data.number)?.(data);
      this.#waiting.delete(data.number);
    };
    // A worker that was ended may still have had something to say.
    begun.onerror = () => this.#worker === begun && this.#close();
    return { list: new URL(list, location.href).href, home, words: this.#words };
  }

  /** End the worker, so that the next question begins afresh, and tell all who wait. */
  #close() {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const resolve of this.#waiting.values()) resolve({ error: "the worker ended" });
    this.#waiting.clear();
  }
}

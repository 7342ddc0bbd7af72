// Opens the pictures of galleries large, in a dialog that is scrolled from one to the next. Without
// it, or with a key held that opens a tab, each picture is a link to itself.

for (const gallery of document.querySelectorAll(".gallery")) ready(gallery);

function ready(gallery) {
  const links = [...gallery.querySelectorAll(".gallery-pictures a:has(> img)")];
  let view;
  for (const [number, link] of links.entries()) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      view ??= made(gallery, links);
      view.open(number);
    });
  }
}

/** Make the dialog of a gallery, with a figure for each of its links. */
function made(gallery, links) {
  const dialog = gallery.querySelector("template").content.firstElementChild.cloneNode(true);
  const part = (name) => dialog.querySelector(`.gallery-${name}`);
  const track = part("track");
  const count = part("count");
  const counted = count.textContent;
  const slides = links.map(slide);
  let shown = 0;

  function show(number) {
    shown = number;
    count.textContent = counted.replace("{number}", number + 1);
    end(part("previous"), number === 0);
    end(part("next"), number === slides.length - 1);
  }

  /** Take a button away where it leads nowhere, and the focus from it. */
  function end(button, is) {
    if (is && button === document.activeElement) track.focus();
    button.disabled = is;
  }

  function go(number) {
    if (!slides[number]) return;
    slides[number].scrollIntoView({ behavior: "instant", block: "nearest", inline: "center" });
    show(number);
  }

  const step = (by) => go(shown + by);
  part("previous").addEventListener("click", () => step(-1));
  part("next").addEventListener("click", () => step(1));
  part("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    const forwards = getComputedStyle(track).direction === "rtl" ? -1 : 1;
    const steps = { ArrowRight: forwards, ArrowLeft: -forwards };
    const ends = { Home: 0, End: slides.length - 1 };
    if (event.key in steps) step(steps[event.key]);
    else if (event.key in ends) go(ends[event.key]);
    else return;
    event.preventDefault();
  });
  // A click beside the picture and its caption.
  track.addEventListener("click", (event) => {
    if (!event.target.closest("img, figcaption")) dialog.close();
  });
  dialog.addEventListener("close", () => links[shown].focus());

  track.replaceChildren(...slides);
  gallery.append(dialog);
  // Whoever swipes or scrolls.
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting && dialog.open) show(slides.indexOf(entry.target));
    }
  }, { root: track, threshold: 0.6 });
  for (const item of slides) seen.observe(item);

  return {
    open(number) {
      dialog.showModal();
      go(number);
    },
  };
}

/** Return the figure that shows large what a link shows small. */
function slide(link) {
  const figure = document.createElement("figure");
  const small = link.querySelector("img");
  const large = small.cloneNode();
  large.src = link.href;
  figure.append(large);
  const caption = link.parentElement.querySelector("figcaption");
  if (caption) figure.append(caption.cloneNode(true));
  return figure;
}

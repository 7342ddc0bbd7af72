// Puts the frame of another site into a page when the reader asks for it; nothing is loaded from there
// before. Without this, or with a key held that opens a tab, the still picture is a link.

for (const figure of document.querySelectorAll(".embed[data-frame]")) {
  const link = figure.querySelector(".embed-open");
  const asked = new AbortController();
  const listen = (name, heard) => link.addEventListener(name, heard, asked);
  link.setAttribute("role", "button");
  listen("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    asked.abort();
    show(figure, link);
  });
  listen("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    link.click();
  });
}

/** Put the frame into the place of the picture; what is left of the link leads there, as it says. */
function show(figure, link) {
  const frame = document.createElement("iframe");
  frame.title = figure.dataset.title;
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.src = figure.dataset.frame;
  link.querySelector(".embed-stage").remove();
  link.removeAttribute("role");
  link.before(frame);
  figure.querySelector(".embed-notice").remove();
  frame.focus();
}

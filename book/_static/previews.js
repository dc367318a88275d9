/* Second Look: previews of what links lead to (a term, a reference, a figure, a section). The texts lie in the page
   itself, in #sl-previews, so nothing is fetched. A preview comes when a mouse rests on a link or the keyboard reaches
   it, stays while the mouse is on it, and goes by Escape. Fingers follow the link as ever. */
(() => {
  "use strict";

  const data = document.getElementById("sl-previews");
  const article = document.querySelector("article");
  if (!data || !article) return;
  const previews = JSON.parse(data.textContent);
  const OPEN_AFTER = 250; /* milliseconds: a mouse that passes by opens nothing */
  const CLOSE_AFTER = 200; /* time to move from the link into the preview */

  const box = document.createElement("div");
  Object.assign(box, { id: "sl-preview", className: "sl-preview", hidden: true });
  box.setAttribute("role", "tooltip");
  article.append(box);

  let shown = null; /* the link whose preview is open */
  let timer = 0;

  function fill({ title, text, image }) {
    const part = (name, properties) => Object.assign(document.createElement(name), properties);
    box.replaceChildren();
    if (title) box.append(part("strong", { textContent: title }));
    if (image) box.append(part("img", { src: image, alt: "" }));
    if (text) box.append(part("p", { textContent: text }));
  }

  function place(link) {
    const frame = box.offsetParent.getBoundingClientRect();
    const line = link.getClientRects()[0];
    const room = document.documentElement.clientWidth - 16;
    const left = Math.max(8, Math.min(line.left, room - box.offsetWidth));
    const below = line.bottom + 6 + box.offsetHeight < innerHeight || line.top < box.offsetHeight + 6;
    box.style.left = `${left - frame.left}px`;
    box.style.top = `${(below ? line.bottom + 6 : line.top - box.offsetHeight - 6) - frame.top}px`;
  }

  function open(link) {
    if (shown === link) return;
    close();
    fill(previews[link.getAttribute("href")]);
    box.hidden = false;
    place(link);
    for (const image of box.querySelectorAll("img")) image.addEventListener("load", () => shown === link && place(link));
    link.setAttribute("aria-describedby", box.id);
    shown = link;
  }

  function close() {
    clearTimeout(timer);
    box.hidden = true;
    shown?.removeAttribute("aria-describedby");
    shown = null;
  }

  const later = (action, wait) => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };

  for (const link of article.querySelectorAll("a.reference.internal")) {
    if (!previews[link.getAttribute("href")]) continue;
    link.removeAttribute("title"); /* the browser's own bubble would lie over ours */
    link.addEventListener("pointerenter", ({ pointerType }) => pointerType === "mouse" && later(() => open(link), OPEN_AFTER));
    link.addEventListener("pointerleave", () => later(close, CLOSE_AFTER));
    link.addEventListener("focus", () => link.matches(":focus-visible") && open(link));
    link.addEventListener("blur", close);
  }
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", () => later(close, CLOSE_AFTER));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && close());
})();

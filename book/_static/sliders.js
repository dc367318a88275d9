/* Second Look: what a slider moves. Numbers and curves for every position were computed when the book was built and stand
   in data-moves; here they are only looked up. Without scripts the curves stand as at the start, above a table.

   sliders   names, values as text, where each starts
   told      by name: the different texts, and which of them stands at each position
   lines     by name: the same for the heights of a curve, in tenths, at the places x
   mark      the place of a vertical line at each position */
(() => {
  "use strict";

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  function enliven(box) {
    const { sliders, told, x, lines = {}, mark } = JSON.parse(box.dataset.moves);
    const paths = box.querySelectorAll(".sl-moved");
    const vertical = box.querySelector(".sl-at-x");
    const list = make("dl", { className: "sl-told-now" });
    const toldNow = make("div", {}, list);
    toldNow.setAttribute("role", "status");
    const values = Object.entries(told).map(([name, [texts, at]]) => {
      const value = make("dd");
      list.append(make("div", {}, make("dt", { textContent: name }), value));
      return (place) => (value.textContent = texts[at[place]]);
    });

    const hands = sliders.map(({ name, values: shown, start }) => {
      const range = make("input", { type: "range", min: 0, max: shown.length - 1, step: 1 });
      range.value = start;
      const now = make("output");
      const say = () => {
        now.textContent = shown[range.value];
        range.setAttribute("aria-valuetext", shown[range.value]);
      };
      range.addEventListener("input", () => {
        say();
        update();
      });
      range.addEventListener("keydown", (event) => event.stopPropagation()); /* the page has arrow keys of its own */
      say();
      return { range, size: shown.length, label: make("label", {}, make("span", {}, `${name}: `, now), range) };
    });

    const place = () => hands.reduce((at, { range, size }) => at * size + Number(range.value), 0);
    function update() {
      const at = place();
      for (const show of values) show(at);
      Object.values(lines).forEach(([heights, index], number) => {
        const points = heights[index[at]].split(" ").map((y, i) => `${x[i]},${y / 10}`);
        paths[number].setAttribute("d", `M${points.join("L")}`);
      });
      if (mark) vertical.setAttribute("d", vertical.getAttribute("d").replace(/^M[^,]*/, `M${mark[at]}`));
    }

    const table = box.querySelector(".sl-moved-table");
    const fold = make("details", {}, make("summary", { textContent: "Some of it as a table" }));
    table.before(toldNow, fold);
    fold.append(table);
    box.querySelector(".sl-practice-head").after(make("div", { className: "sl-hands" }, ...hands.map(({ label }) => label)));
    box.removeAttribute("data-moves");
    update();
  }

  document.querySelectorAll("[data-moves]").forEach(enliven);
})();

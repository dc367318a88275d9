/* The map of the paper by keyboard: the tab key enters it once, arrows, Home and End move between its cells.
   Without scripts every cell is an ordinary link. */
(() => {
  "use strict";

  function near(cells, from, down) {
    const here = from.getBoundingClientRect();
    const rows = cells.filter((cell) => {
      const top = cell.getBoundingClientRect().top;
      return down ? top > here.bottom - 1 : top < here.top - 1;
    });
    if (!rows.length) return from;
    const edge = (cell) => cell.getBoundingClientRect().top;
    const top = down ? Math.min(...rows.map(edge)) : Math.max(...rows.map(edge));
    const distance = (cell) => Math.abs(cell.getBoundingClientRect().left - here.left);
    return rows.filter((cell) => Math.abs(edge(cell) - top) < 2).sort((a, b) => distance(a) - distance(b))[0];
  }

  function target(cells, from, key) {
    const place = cells.indexOf(from);
    switch (key) {
      case "ArrowRight": return cells[Math.min(place + 1, cells.length - 1)];
      case "ArrowLeft": return cells[Math.max(place - 1, 0)];
      case "ArrowDown": return near(cells, from, true);
      case "ArrowUp": return near(cells, from, false);
      case "Home": return cells[0];
      case "End": return cells[cells.length - 1];
      default: return null;
    }
  }

  for (const map of document.querySelectorAll(".sl-map")) {
    const cells = [...map.querySelectorAll("a.sl-cell")];
    const enter = (cell) => cells.forEach((other) => { other.tabIndex = other === cell ? 0 : -1; });
    if (cells.length) enter(cells[0]);
    map.addEventListener("focusin", (event) => { if (cells.includes(event.target)) enter(event.target); });
    map.addEventListener("keydown", (event) => {
      const cell = cells.includes(event.target) && target(cells, event.target, event.key);
      if (!cell) return;
      event.preventDefault();
      cell.focus();
    });
  }
})();

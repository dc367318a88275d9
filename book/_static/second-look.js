/* Second Look: what a page does beyond standing there. Works from disk, without a network, and loses nothing when
   scripts are off: tables are then complete and unsorted.

   table.sortable      its columns can be sorted (vendored sortable-tablesort, which moves rows and keeps them)
   table.sl-filterable gets a search field, a choice for each column of few different words, one for flags, and a count;
                      what is chosen stands in the address, and an address chooses
   .sl-map             is one stop of the tab key; the arrow keys, Home and End move between its cells
   details             are open in print, which is always in the light scheme
   #row in the address opens whatever is folded around the row, or in it, and lifts a filter that hides it */
(() => {
  "use strict";

  const text = (element) => element.textContent.trim();
  const word = (cell) => text(cell.querySelector(".sl-verdict")?.lastChild ?? cell); /* a verdict without its icon */
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const MOST_CHOICES = 12;

  /* What a cell counts as when its column is sorted: its first number, a bound just below or above its own; the
     rank of its verdict, worst first; otherwise its text. */
  const FLAGS = ["decision", "inconsistent", "query", "reproduced-if"];
  const VERDICTS = [...FLAGS, "reproduced", "coherent", "attained"];

  function sortKey(cell) {
    const badge = cell.querySelector(".sl-verdict");
    if (badge) return VERDICTS.findIndex((word) => badge.classList.contains(`sl-${word}`)) + 1 || VERDICTS.length + 1;
    const number = cell.classList.contains("sl-num") && text(cell).replace(/[−–]/g, "-").match(/-?\d+(\.\d+)?/);
    if (!number) return null;
    return Number(number[0]) * (text(cell).startsWith("<") ? 1 - 1e-9 : 1);
  }

  function makeSortable(table) {
    table.classList.add("asc", "n-last");
    for (const row of table.tBodies[0].rows) {
      for (const cell of row.cells) {
        const key = sortKey(cell);
        if (key !== null) cell.dataset.sort = key;
      }
    }
    for (const cell of table.tHead.querySelectorAll("th")) {
      if (cell.classList.contains("no-sort") || !text(cell)) continue;
      const button = make("button", { type: "button", className: "sl-sort" });
      button.append(...cell.childNodes);
      cell.append(button);
    }
  }

  /* What can be chosen: the words of a column, or of a row's own data, of which there are few. */
  function choicesOf(table, rows) {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells].map(text);
    const columns = heads
      .map((name, index) => ({ name, index, of: (row) => word(row.cells[index]) }))
      .filter(({ name, index }) => name && !rows[0]?.cells[index].classList.contains("sl-num"));
    const data = Object.keys(rows[0]?.dataset ?? {}).map((name) => ({ name, of: (row) => row.dataset[name] }));
    return [...columns, ...data]
      .map((kind) => ({ ...kind, words: new Set(rows.map(kind.of)) }))
      .filter(({ words }) => words.size > 1 && words.size <= MOST_CHOICES);
  }

  function choice(kind, update) {
    const select = make("select", {}, make("option", { value: "", textContent: "all" }));
    select.append(...[...kind.words].filter(Boolean).map((value) => make("option", { value, textContent: value })));
    select.addEventListener("change", update);
    return { ...kind, select, label: make("label", {}, kind.name, select) };
  }

  const isFlag = (row) => FLAGS.some((word) => row.querySelector(`.sl-verdict.sl-${word}`));
  const rank = (row) => VERDICTS.findIndex((word) => row.querySelector(`.sl-verdict.sl-${word}`));

  /* A filter can be sent to somebody: ?search=afp&verdict=query&flags=1#row. The address follows what is chosen. */
  function makeFilter(table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const haystack = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const count = make("output");
    const search = make("input", { type: "search" });
    const reset = make("button", { type: "button", textContent: "show all, in order" });
    const flags = make("button", { type: "button", textContent: "flags only, worst first" });
    let choices = [];

    const isPressed = () => flags.getAttribute("aria-pressed") === "true";
    const state = () => [
      ["search", search.value],
      ...choices.map(({ name, select }) => [name, select.value]),
      ["flags", isPressed() ? "1" : ""],
    ];
    const tell = () => {
      const asked = new URLSearchParams(state().filter(([, value]) => value)).toString();
      try {
        history.replaceState(null, "", `${location.pathname}${asked && "?"}${asked}${location.hash}`);
      } catch {
        /* a browser that keeps the address of a file as it is */
      }
    };
    const update = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const fits = choices.every(({ select, of }) => !select.value || of(row) === select.value);
        row.hidden = !(fits && (!isPressed() || isFlag(row)) && words.every((word) => haystack.get(row).includes(word)));
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = `${shown} of ${rows.length} rows`;
    };
    const press = (pressed) => {
      flags.setAttribute("aria-pressed", pressed);
      body.append(...(pressed ? [...rows].sort((a, b) => rank(a) - rank(b)) : rows));
      for (const head of table.tHead.querySelectorAll("[aria-sort]")) head.removeAttribute("aria-sort");
    };
    const clear = () => {
      search.value = "";
      for (const { select } of choices) select.value = "";
      press(false);
      update();
    };
    const changed = () => {
      update();
      tell();
    };

    choices = choicesOf(table, rows).map((kind) => choice(kind, changed));
    search.addEventListener("input", changed);
    reset.addEventListener("click", () => {
      clear();
      tell();
    });
    flags.addEventListener("click", () => {
      press(!isPressed());
      changed();
    });
    const tools = make("div", { className: "sl-tools" }, make("label", {}, "search", search));
    tools.append(...choices.map(({ label }) => label), ...(rows.some(isFlag) ? [flags] : []), reset, count);
    (table.closest(".sl-scroll") || table).before(tools);
    table.addEventListener("sl-reveal", clear);

    const asked = new URLSearchParams(location.search);
    search.value = asked.get("search") ?? "";
    for (const { name, select } of choices) select.value = asked.get(name) ?? "";
    for (const { select } of choices) if (select.selectedIndex < 0) select.value = "";
    press(asked.get("flags") === "1");
    update();
  }

  /* The cell next to `cell` in a direction: along the row in reading order, or the nearest one above or below. */
  function neighbour(cells, cell, key) {
    const at = cells.indexOf(cell);
    if (key === "Home") return cells[0];
    if (key === "End") return cells[cells.length - 1];
    if (key === "ArrowLeft") return cells[at - 1];
    if (key === "ArrowRight") return cells[at + 1];
    const here = cell.getBoundingClientRect();
    const side = { ArrowUp: -1, ArrowDown: 1 }[key];
    let best = null;
    let least = Infinity;
    for (const other of cells) {
      const there = other.getBoundingClientRect();
      const down = (there.top - here.top) * side;
      const far = down * 1000 + Math.abs(there.left - here.left);
      if (down > 4 && far < least) [best, least] = [other, far];
    }
    return best;
  }

  function makeWalkable(map) {
    const cells = [...map.querySelectorAll("a.sl-cell")];
    const stop = (cell) => cells.forEach((other) => (other.tabIndex = other === cell ? 0 : -1));
    stop(cells[0]);
    map.addEventListener("focusin", ({ target }) => cells.includes(target) && stop(target));
    map.addEventListener("keydown", (event) => {
      const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];
      if (!keys.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
      const next = cells.includes(event.target) && neighbour(cells, event.target, event.key);
      if (!next) return;
      event.preventDefault();
      event.stopPropagation();
      next.focus();
    });
  }

  /** The name in an address; one that is badly written as it stands, for it names nothing. */
  function named(hash) {
    try {
      return decodeURIComponent(hash);
    } catch {
      return hash;
    }
  }

  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(named(location.hash.slice(1)));
    if (!target) return;
    const row = target.closest("tr");
    if (row && row.hidden) row.closest("table").dispatchEvent(new Event("sl-reveal"));
    const inside = target.querySelector(":scope > .sl-rest > details");
    if (inside) inside.open = true;
    for (let around = target.parentElement; around; around = around.parentElement) {
      if (around.tagName === "DETAILS") around.open = true;
      if (around.classList.contains("toggle-hidden")) around.querySelector(".toggle-button")?.click();
    }
    /* of a matter the line that opens is to be seen, and what it opens to below it */
    const matter = target.closest(".sl-matter");
    if (matter) matter.scrollIntoView({ block: "start" });
    else target.scrollIntoView({ block: "center" });
  }

  const narrow = matchMedia("(max-width: 40rem)");

  /* What stands above each column; pandas puts the names of the rows' levels into a line of their own. */
  function headings(head) {
    const lines = [...(head?.rows ?? [])].map(({ cells }) => [...cells]);
    const plain = lines.every((line) => line.length === lines[0].length && line.every(({ colSpan }) => colSpan === 1));
    if (!plain || lines.length > 2) return [];
    return (lines[0] ?? []).map((_, i) => lines.map((line) => line[i].textContent.trim()).filter(Boolean).join(" "));
  }

  /* A short table that does not fit a narrow screen becomes blocks, in which each cell says its heading (as .sl-stack). */
  function makeStackable(table) {
    const heads = headings(table.tHead);
    const rows = [...table.querySelectorAll(":scope > tbody > tr")];
    const fitting = ({ cells }) => cells.length <= heads.length && [...cells].every(({ colSpan }) => colSpan === 1);
    const plain = heads.length && rows.length <= 60 && rows.every(fitting);
    if (!plain || table.matches(".sl-stack, .sl-filterable")) return () => {};
    return (fits) => {
      if (narrow.matches && !fits) {
        for (const row of rows)
          [...row.cells].forEach((cell, i) => {
            // A row below one that spans several lacks that one's cell, on its left.
            if (cell.tagName === "TD") cell.dataset.label = heads[heads.length - row.cells.length + i];
          });
        table.classList.add("sl-stack");
      } else if (!narrow.matches) table.classList.remove("sl-stack");
    };
  }

  /* A container that does not scroll need not stop the tab key or be announced; one with more to its right says so. */
  function watchScrolling(container) {
    const label = container.getAttribute("aria-label") ?? "Formula";
    const table = container.querySelector(":scope > table");
    const stack = table ? makeStackable(table) : () => {};
    const scrolls = () => container.scrollWidth > container.clientWidth;
    const fade = () => {
      const left = container.scrollWidth - container.clientWidth - container.scrollLeft;
      container.classList.toggle("sl-more", left > 4);
    };
    const update = () => {
      stack(!scrolls());
      fade();
      for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", label]]) {
        if (scrolls()) container.setAttribute(name, value);
        else container.removeAttribute(name);
      }
    };
    new ResizeObserver(update).observe(container);
    container.addEventListener("scroll", fade, { passive: true });
  }

  for (const table of document.querySelectorAll("table:is(.sortable, .sl-filterable)")) {
    if (!table.tHead || !table.tBodies.length) continue;
    if (table.classList.contains("sl-filterable")) makeFilter(table);
    if (table.classList.contains("sortable")) makeSortable(table);
  }
  document.querySelectorAll(".sl-map").forEach(makeWalkable);
  document.querySelectorAll(".sl-scroll, div.math").forEach(watchScrolling);
  /* Paper is white, and nothing can be unfolded on it: before printing the scheme is light and the folds are open. */
  let undo = [];
  addEventListener("beforeprint", () => {
    const page = document.documentElement;
    const { theme } = page.dataset;
    const folds = [...document.querySelectorAll("details:is(.sl-fold, .sl-matter, .sl-rest > *):not([open])")];
    page.dataset.theme = "light";
    for (const fold of folds) fold.open = true;
    undo = [() => (page.dataset.theme = theme), ...folds.map((fold) => () => (fold.open = false))];
  });
  addEventListener("afterprint", () => undo.splice(0).forEach((step) => step()));
  addEventListener("hashchange", reveal);
  addEventListener("load", reveal);
})();

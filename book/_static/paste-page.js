/* Second Look, in the page: the form of "Paste your own", the face of `secondlook check`. Works from disk; nothing leaves
   the page.

   An address such as paste-your-own.html?text=HR%200.52%20(0.31–0.87) fills the form in, and so do hr, lower, upper, p
   and level, or a, b, c, d and p, when they are printed numbers; whatever else stands there is ignored. */
(() => {
  "use strict";

  const S = globalThis.SecondLook;
  const { readLines } = globalThis.SecondLookReader;
  const { checkLines } = globalThis.SecondLookCheck;
  const { NAMES: TESTS, pValues } = globalThis.SecondLookCounts;
  const { NAMES, make, draw } = globalThis.SecondLookDraw;

  const REST_MS = 250;
  // What is pasted is cut before anything reads it.
  const MOST_LETTERS = 60000;
  const MOST_LINES = 200;
  const MOST_HTML = 2000000;
  const ICONS = {
    reproduced: "✓", coherent: "≈", "reproduced-if": "◐", "not-testable": "–", unread: "?", query: "?",
    inconsistent: "✗", decision: "‼",
  }; // prettier-ignore
  const ORDER = ["decision", "inconsistent", "query", "reproduced-if", "unread", "not-testable", "coherent", "reproduced"];
  const form = document.getElementById("sl-check");
  const list = form.querySelector(".sl-paste-rows");
  const said = form.querySelector("[role=status]");
  const more = form.querySelector(".sl-paste-more");
  const sizes = form.querySelector(".sl-paste-sizes");
  const paragraph = (text) => make("p", { textContent: text });

  // --- what is asked ------------------------------------------------------------------------------------------------

  /** The text, cut to what is read, and what was cut. */
  function cut(text) {
    const short = text.slice(0, MOST_LETTERS);
    const lines = short.split(/\r\n?|\n/);
    const kept = lines.slice(0, MOST_LINES);
    const isCut = short.length < text.length || kept.length < lines.length;
    if (short.length < text.length && kept.length === lines.length && kept.length > 1) kept.pop(); // half a line
    const note = `Only the first ${kept.length} lines were read; secondlook check reads the rest.`;
    return { text: kept.join("\n"), note: isCut ? note : "" };
  }

  /** The sizes of the two groups; none unless both are whole numbers. */
  function sizesAsked() {
    const given = ["size_1", "size_2"].map((name) => form.elements[name].value.trim());
    return given.every((size) => /^[0-9]{1,6}$/.test(size) && Number(size)) ? given : [];
  }

  // --- what is answered ---------------------------------------------------------------------------------------------

  function badge(verdict) {
    const element = make("span", { className: `sl-verdict sl-${verdict}` });
    element.append(make("span", { textContent: ICONS[verdict], ariaHidden: "true" }), ` ${verdict}`);
    return element;
  }

  const counted = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;

  function summary(rows) {
    const parts = ORDER.map((verdict) => [verdict, rows.filter((row) => row.verdict === verdict).length]);
    const found = parts.filter(([, n]) => n).map(([verdict, n]) => `${n} ${verdict}`);
    return `${counted(rows.length, "row")}: ${found.join(", ")}.`;
  }

  function rowItem(row, place) {
    const label = [row.label, row.read_as].filter(Boolean).join(": ");
    const text = label || firstWords(row.line);
    const button = make("button", { type: "button", className: "sl-paste-row" });
    button.append(badge(row.verdict), make("span", { textContent: ` ${text}` }));
    button.dataset.place = place;
    button.setAttribute("aria-expanded", "false");
    const item = make("li", {}, button, paragraph(row.reason));
    item.value = row.line;
    if (row.repair) item.append(repairOf(row));
    return item;
  }

  function firstWords(line) {
    const text = form.elements.text.value.split(/\r\n?|\n/, MOST_LINES)[line - 1]?.trim() ?? "";
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
  }

  function repairOf({ repair, chance }) {
    const by = chance ? ` By accident such a repair is found for ${chance[0]} in ${chance[1]}.` : "";
    const text = make("p", {}, "The smallest slip that would make it true: ", make("strong", { textContent: repair }));
    text.append(`. It is a suggestion, not a finding.${by}`);
    return text;
  }

  let answered = [];

  function update() {
    const { text, note } = cut(form.elements.text.value);
    const reads = readLines(text, sizesAsked());
    const { rows, tables } = checkLines(reads);
    answered = rows;
    const wantsSizes = reads.some(({ kind, fields }) => kind === "unread" && fields.pct_1 && !fields.size_1);
    sizes.hidden = !wantsSizes && !sizesAsked().length;
    list.replaceChildren(...rows.map(rowItem));
    const nothing = text.trim() ? "No row was found in it." : "Paste rows, or take an example.";
    said.textContent = [rows.length ? summary(rows) : nothing, note].filter(Boolean).join(" ");
    more.replaceChildren(
      ...tables.map(({ rows: n, reading, reason }) =>
        paragraph(`Of the ${n} rows of one table: ${reason}.${reason.includes(reading) ? "" : ` Its reading: ${reading}.`}`),
      ),
    );
    const flagged = rows.findIndex((row) => ["decision", "inconsistent"].includes(row.verdict));
    const drawn = rows.findIndex(canBeShown);
    const chosen = flagged >= 0 && canBeShown(rows[flagged]) ? flagged : drawn;
    if (chosen >= 0) choose(chosen);
  }

  // --- the chosen row -----------------------------------------------------------------------------------------------

  const canBeShown = (row) => row.kind === "counts" || (row.kind === "ratio" && S.given(row.printed.line).length > 1);

  function choose(place) {
    const row = answered[place];
    const open = list.querySelector(".sl-paste-detail");
    const was = open?.parentElement;
    open?.remove();
    for (const button of list.querySelectorAll("button")) button.setAttribute("aria-expanded", "false");
    const item = list.children[place];
    if (!canBeShown(row) || was === item) return;
    const detail = make("div", { className: "sl-paste-detail" });
    item.append(detail);
    item.querySelector("button").setAttribute("aria-expanded", "true");
    detail.append(...(row.kind === "counts" ? countsDetail(row) : ratioDetail(row, detail.clientWidth)));
  }

  function table(heads, rows, name) {
    const isNumeric = (text) => /\d|disagree|finite/.test(text);
    const numeric = (i) => rows.some((cells) => i && isNumeric(cells[i]));
    const heading = (text, i) => make("th", { scope: "col", textContent: text, className: numeric(i) ? "sl-num" : "" });
    const body = rows.map(([first, ...rest]) => {
      const cells = rest.map((text) => make("td", { className: isNumeric(text) ? "sl-num" : "", textContent: text }));
      return make("tr", {}, make("th", { scope: "row", textContent: first }), ...cells);
    });
    const made = make("table", { className: "sl-paste-table" });
    const head = make("thead", {}, make("tr", {}, ...heads.map(heading)));
    made.append(make("caption", { textContent: name }), head, make("tbody", {}, ...body));
    return make("div", { className: "sl-scroll" }, made);
  }

  /** What the other numbers say of one by Wald's model, as it is printed; empty when they contradict each other. */
  function implied(line, name, level) {
    const rest = S.box(S.without(line, name), level);
    return rest.isEmpty ? "" : S.showInterval(S.ranges(rest)[name], line[name]);
  }

  const digits = (value) =>
    value === Infinity ? "∞" : Math.abs(value) === Infinity ? "−∞" : S.show(value, 4).replace("-", "−");
  const span = ([low, high]) => `${digits(low)} to ${digits(high)}`;

  function ratioDetail({ printed }, room) {
    const { level: asked, sides, p_of: pOf } = printed;
    const level = asked || 0.95;
    const isWaldP = sides !== 1 && ["", "wald"].includes(pOf);
    const line = isWaldP ? printed.line : S.without(printed.line, "p");
    const found = S.box(line, level);
    const notes = [];
    if (!isWaldP && printed.line.p) notes.push("The drawing leaves p out: it is not the two-sided p of Wald's test.");
    if (!found.isEmpty) {
      const { b, s } = S.ranges(found);
      notes.push(`The box, by Wald's model: log ratio ${span(b)}, standard error ${span(s)}.`);
    } else notes.push("By Wald's model no pair of log ratio and standard error prints all of it.");
    const rows = S.given(line).map((name) => {
      const text = implied(line, name, level);
      return [NAMES[name], line[name].text, text || "they disagree", !found.isEmpty ? "yes" : text ? "no" : "–"];
    });
    const heads = ["number", "printed", "the others imply", "fits"];
    return [
      ...notes.map(paragraph),
      draw(line, found, room),
      table(heads, rows, "Each number beside what the others imply"),
    ];
  }

  function countsDetail({ fields }) {
    const number = (name) => Number(fields[name]);
    const [a, first, c, second] = ["n_1", "size_1", "n_2", "size_2"].map(number);
    if (![a, first, c, second].every(Number.isInteger) || a > first || c > second) return [];
    const counts = [
      [a, c],
      [first - a, second - c],
    ];
    const p = fields.p ? S.parse(fields.p) : null;
    const places = p && !p.bound ? Math.max(p.places, 2) : 3;
    const rows = Object.entries(pValues(counts)).map(([key, value]) => [TESTS[key], S.show(value, 6), S.show(value, places)]);
    const smallest = first + second ? Math.min(...S.expected(counts).flat()) : 0;
    const rule = smallest < 5 ? "below 5, where Cochran's rule asks for Fisher's test" : "where Cochran's rule allows the chi-square";
    return [
      table(["test", "p", "prints"], rows, "Every test that may have been used"),
      paragraph(`The smallest expected count is ${S.show(smallest, 1)}, ${rule}.`),
    ];
  }

  // --- filling the form ---------------------------------------------------------------------------------------------

  /** A number of the address, as printed; empty for what is none. */
  function asked(values, name) {
    const text = (values.get(name) ?? "").trim();
    try {
      S.parse(text);
      return text;
    } catch {
      return "";
    }
  }

  function fromAddress() {
    const values = new URLSearchParams(location.search);
    if (values.has("text")) return values.get("text");
    const [hr, lower, upper, p, level] = ["hr", "lower", "upper", "p", "level"].map((name) => asked(values, name));
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => asked(values, name));
    const test = p ? `, p ${/^[<>≤≥]/.test(p) ? "" : "= "}${p}` : "";
    const all = (n, other) => (values.get("second") === "rest" ? String(Number(n) + Number(other)) : other);
    if (a && b && c && d) return `${a}/${all(a, b)} vs ${c}/${all(c, d)}${test}`;
    if (!hr) return "";
    const share = Number(level) > 0 && Number(level) < 1 ? Number((100 * Number(level)).toPrecision(6)) : Number(level);
    const named = share >= 50 && share < 100 ? `${share}% CI ` : "";
    return `HR ${hr}${lower && upper ? ` (${named}${lower}–${upper})` : ""}${test}`;
  }

  /** A table out of a web page or a text program: one row a line, with tabs between its cells. */
  function pastedTable(event) {
    const html = event.clipboardData?.getData("text/html") ?? "";
    if (!html || html.length > MOST_HTML || !/<t[dh][\s>]/i.test(html.slice(0, MOST_LETTERS))) return;
    const found = new DOMParser().parseFromString(html, "text/html").querySelectorAll("tr");
    const cell = ({ textContent }) => textContent.replace(/\s+/g, " ").trim();
    const text = [...found].slice(0, MOST_LINES + 1).map((row) => [...row.cells].map(cell).join("\t")).join("\n"); // prettier-ignore
    event.preventDefault();
    const { selectionStart, selectionEnd } = event.target;
    event.target.setRangeText(text, selectionStart, selectionEnd, "end");
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  }

  let timer = 0;
  const now = () => {
    clearTimeout(timer);
    update();
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(update, REST_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    now();
  });
  form.addEventListener("reset", () => setTimeout(now)); // the fields are emptied after the event
  form.elements.text.addEventListener("paste", pastedTable);
  form.addEventListener("click", ({ target }) => {
    const example = target.closest("button[data-example]");
    const row = target.closest("button[data-place]");
    if (row) choose(Number(row.dataset.place));
    if (!example) return;
    form.reset();
    form.elements.text.value = example.dataset.example.replaceAll("\\n", "\n").replaceAll("\\t", "\t");
    now();
  });
  const first = fromAddress();
  if (first) form.elements.text.value = first.slice(0, MOST_LETTERS);
  form.hidden = false;
  now();
})();

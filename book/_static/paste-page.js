/* Second Look: what the page "Paste your own" does with paste.js. Works from disk; nothing leaves the page.

   Each form has fields, a line that says the result (role=status, so that it is read aloud) and a place for the rest.
   An address such as paste-your-own.html?hr=1.20&lower=0.80&upper=1.80&p=0.37 fills the fields in. */
(() => {
  "use strict";

  const S = globalThis.SecondLook;
  const NAMES = { hr: "HR", lower: "lower limit", upper: "upper limit", p: "p" };
  const ICONS = { coherent: "≈", inconsistent: "✗", decision: "‼", "reproduced-if": "◐", "not-testable": "–" };
  const REST_MS = 250;

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const listed = (words, last = "and") =>
    words.length > 1 ? `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}` : words.join("");
  const named = (cells, last) =>
    listed(
      cells.map((name) => NAMES[name]),
      last,
    );
  const withArticle = (name) => (NAMES[name].endsWith("limit") ? `the ${NAMES[name]}` : NAMES[name]);
  const paragraph = (...text) => make("p", {}, ...text);

  // --- reading what is typed ----------------------------------------------------------------------------------------

  /** A field as papers print numbers: “p = 0·046” is 0.046, “0,66” is 0.66, “P<.001” is <.001. */
  function tidy(text) {
    const bare = text
      .trim()
      .replace(/^[a-z]+(?![a-z])/i, "")
      .replace(/[=\s%]/g, "")
      .replace(/·/g, ".");
    return /^[^.,]*,\d+$/.test(bare) ? bare.replace(",", ".") : bare;
  }

  /** The numbers of a row in the order HR, lower limit, upper limit, p; what says “95% CI” is left out. */
  function numbersOf(text) {
    const bare = text.replace(/·/g, ".").replace(/\d+(\.\d+)?\s*%(\s*-?\s*(CI|confidence interval))?/gi, " ");
    return [...bare.matchAll(/[<>≤≥]?\s?\d*\.?\d+/g)].map(([found]) => found.replace(/\s/g, "")).slice(0, 4);
  }

  // --- saying a result ----------------------------------------------------------------------------------------------

  function announce(form, verdict, text) {
    const said = form.querySelector("[role=status]");
    const badge = verdict && make("span", { className: `sl-verdict sl-${verdict}` });
    if (badge) {
      badge.append(make("span", { textContent: ICONS[verdict], ariaHidden: "true" }), ` ${verdict}`);
      said.replaceChildren(badge, ` ${text}`);
    } else {
      said.replaceChildren(text);
    }
  }

  const more = (form, ...parts) => form.querySelector(".sl-paste-more").replaceChildren(...parts);

  function table(heads, rows, name, marked = () => false) {
    const numeric = (i) => rows.some((cells) => i && /^[<≤]?\d/.test(cells[i]));
    const heading = (text, i) => make("th", { scope: "col", textContent: text, className: numeric(i) ? "sl-num" : "" });
    const head = make("tr", {}, ...heads.map(heading));
    const body = rows.map((cells, i) => {
      const [first, ...rest] = cells;
      const row = make("tr", { className: marked(i) ? "sl-paste-hit" : "" });
      row.append(make("th", { scope: "row", textContent: first }));
      row.append(
        ...rest.map((text) => make("td", { className: /\d|disagree/.test(text) ? "sl-num" : "", textContent: text })),
      );
      return row;
    });
    const made = make("table", { className: "sl-paste-table" });
    made.append(make("caption", { textContent: name }), make("thead", {}, head), make("tbody", {}, ...body));
    return make("div", { className: "sl-scroll" }, made);
  }

  // --- a row --------------------------------------------------------------------------------------------------------

  const lineText = (line) => {
    const [hr, lower, upper, p] = S.textsOf(line);
    const limits = lower || upper ? `(${lower || "?"}–${upper || "?"})` : "";
    const ratio = [hr, limits].filter(Boolean).join(" ");
    return [ratio, p ? `p ${p}` : ""].filter(Boolean).join(", ");
  };

  /** What the other numbers say of one, as it is printed; empty when they contradict each other. */
  function implied(line, name, level) {
    const rest = S.box(S.without(line, name), level);
    return rest.isEmpty ? "" : S.showInterval(S.ranges(rest)[name], line[name]);
  }

  function troubles(line, level, alpha) {
    const sets = S.conflicts(line, level);
    const found = sets
      .filter((cells) => cells.length === 1)
      .map(([name]) => `No ${NAMES[name]} can be ${line[name].text}.`);
    const together = sets.filter((cells) => cells.length > 1).map((cells) => named(cells));
    if (together.length) found.push(`Cannot be true together: ${together.join("; ")}.`);
    if (line.hr && line.lower && line.upper && !S.isOrdered(line)) {
      found.push("The hazard ratio does not lie between its limits.");
    }
    if (S.intervalAgainstP(line, alpha)) {
      const covers = S.coversOne(line) ? "covers" : "excludes";
      found.push(
        `The interval ${covers} 1 while p is ${line.p.text}: a reader of one concludes the opposite of the other.`,
      );
    }
    return found;
  }

  /** Whether the mended row lies on another side of alpha, or of 1, than the printed one. */
  function readsOtherwise(line, mended, alpha) {
    const sides = new Set([line, mended].map(({ p }) => S.side(p, alpha)).filter((side) => side !== null));
    const ways = new Set([line, mended].map(({ hr }) => (hr ? S.compare(S.valueOf(hr), 1) : 0)).filter(Boolean));
    return sides.size === 2 || ways.size === 2;
  }

  /** Whether a reader would draw another conclusion from a row that cannot be true. */
  function isDecision(line, repair, alpha) {
    const mended = repair.outcome === "unique" && S.asLine(repair.candidates[0].texts);
    return S.intervalAgainstP(line, alpha) || Boolean(mended && readsOtherwise(line, mended, alpha));
  }

  const kindsOf = ({ kinds }) => (kinds[0] === kinds[1] ? `${kinds[0]}, twice` : kinds.join(" and "));

  function repairText(repair) {
    const slips = repair.cost === 1 ? "one slip" : "two slips";
    const texts = repair.candidates.map(({ texts: row }) => lineText(S.asLine(row)));
    if (repair.outcome === "unique") {
      const [hits, rows] = S.chance(repair) ?? [];
      const by = hits ? ` Of true rows spoilt at random, about ${hits} in ${rows} have such a repair by accident.` : "";
      return [
        `Exactly one row is so near (${slips}: ${kindsOf(repair.candidates[0])}) and can be true: `,
        make("strong", { textContent: texts[0] }),
        `. It is a suggestion, not a finding.${by}`,
      ];
    }
    if (repair.outcome === "none") return ["No repair by one or two slips of copying makes the row true."];
    if (repair.outcome === "rival") {
      return [
        `Two slips in two places would make it ${texts[0]}, yet one number alone may be wrong; none is singled out.`,
      ];
    }
    const shown = texts.length > 4 ? `, among them ${listed(texts.slice(0, 3))}` : `: ${listed(texts, "or")}`;
    return [`${texts.length} repairs of the same size (${slips}) are possible${shown}. None is singled out.`];
  }

  function aloneText(line, level) {
    const cells = S.alone(S.textsOf(line), level);
    if (!cells.length)
      return "No single number explains it: at least two of them are wrong, or the model is another one.";
    const what = cells.map((name) => `${withArticle(name)} (the others imply ${implied(line, name, level)})`);
    return `If a single number is wrong, it is ${listed(what, "or")}.`;
  }

  const digits = (value) =>
    value === Infinity ? "∞" : Math.abs(value) === Infinity ? "−∞" : S.show(value, 4).replace("-", "−");
  const span = ([low, high]) => `${digits(low)} to ${digits(high)}`;

  function boxText(found) {
    const { b, s } = S.ranges(found);
    const events = s[1] < Infinity ? Math.ceil(4 / s[1] ** 2) : 0;
    const text = `The box: log HR ${span(b)}, standard error ${span(s)}.`;
    return events > 1
      ? `${text} As a hazard ratio of two groups, so small a standard error needs at least ${events} events.`
      : text;
  }

  /** What follows from the row besides its verdict, one paragraph each. */
  function rowNotes(line, found, level, alpha, repair) {
    const notes = troubles(line, level, alpha);
    const free = S.box(S.without(line, "p"), level);
    if (line.p && S.given(line).length === 4 && !free.isEmpty) {
      notes.push(`HR and interval imply p ${implied(line, "p", level)}; ${line.p.text} is printed.`);
    } else if (!line.p && !found.isEmpty) {
      notes.push(
        `They imply p between ${S.ranges(found)
          .p.map((end) => S.show(end, 4))
          .join(" and ")}.`,
      );
    }
    if (!repair) return [...notes, boxText(found)].map((text) => paragraph(text));
    return [
      ...notes.map((text) => paragraph(text)),
      paragraph(aloneText(line, level)),
      paragraph(...repairText(repair)),
    ];
  }

  function rowTable(line, found, level) {
    const rows = S.given(line).map((name) => {
      const text = implied(line, name, level);
      const fits = !found.isEmpty ? "yes" : text ? "no" : "–";
      return [NAMES[name], line[name].text, text || "they disagree", fits];
    });
    return table(["number", "printed", "the others imply", "fits"], rows, "Each number beside what the others imply");
  }

  function showRow(form, line, beside, level) {
    const names = S.given(line);
    if (names.length < 2) {
      announce(
        form,
        "",
        names.length ? "Type at least one more number of the row." : "Type a row, or take an example.",
      );
      return more(form);
    }
    const alpha = S.fraction(Math.round((1 - level) * 1000), 1000);
    const found = S.box(line, level);
    const repair = found.isEmpty ? S.search(line, beside, level) : null;
    const verdict = !repair ? "coherent" : isDecision(line, repair, alpha) ? "decision" : "inconsistent";
    const head = repair ? "These numbers cannot all be true:" : "These numbers can be true together:";
    announce(form, verdict, `${head} ${lineText(line)}.`);
    const notes = rowNotes(line, found, level, alpha, repair);
    return more(form, ...notes, draw(line, found, form.clientWidth), rowTable(line, found, level));
  }

  // --- the drawing: a strip per number in the plane of hazard ratio and standard error -------------------------------

  const SVG = "http://www.w3.org/2000/svg";
  const svg = (tag, attributes, text = "") => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  };

  /** Lines b = at + slope·s down the middle of the strips. */
  function middles(line, z) {
    const slope = { hr: 0, lower: (z[0] + z[1]) / 2, upper: -(z[0] + z[1]) / 2 };
    const middle = (ends) => sum(ends.filter(Number.isFinite)) / ends.filter(Number.isFinite).length;
    const lines = ["hr", "lower", "upper"]
      .filter((name) => line[name])
      .map((name) => ({ name, at: middle(S.logEnds(line[name])), slope: slope[name] }));
    if (line.p) {
      const [low, high] = S.zEnds(line.p);
      const steep = high > 1e5 ? low : (low + high) / 2;
      lines.push({ name: "p", at: 0, slope: steep }, { name: "p", at: 0, slope: -steep });
    }
    return lines.filter(({ at }) => Number.isFinite(at));
  }

  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

  /** Where the middle lines of different numbers cross. */
  function crossings(lines) {
    return lines.flatMap((one, i) =>
      lines
        .slice(i + 1)
        .filter((other) => other.name !== one.name && other.slope !== one.slope)
        .map((other) => {
          const s = (other.at - one.at) / (one.slope - other.slope);
          return [one.at + one.slope * s, s];
        })
        .filter(([b, s]) => s > 0 && s < 20 && Math.abs(b) < 20),
    );
  }

  /** The part of the plane to show: [[least b, greatest b], [least s, greatest s]]. */
  function windowOf(line, found) {
    const inBox = found.polygons.flat();
    const bounded = inBox.length && inBox.every(([b, s]) => Math.abs(b) < 20 && s < 20);
    const points = bounded ? inBox : crossings(middles(line, found.z));
    if (!points.length) points.push([-1, 0.1], [1, 1]);
    return [0, 1].map((axis) => {
      const values = points.map((point) => point[axis]);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const margin = bounded ? Math.max((high - low) * 0.7, 1e-4) : Math.max((high - low) * 0.2, 0.05);
      return [axis ? Math.max(0, low - margin) : low - margin, high + margin];
    });
  }

  const STEPS = [1, 2, 5, 10];

  /** Round ticks between two ends, with the decimals that they need. */
  function ticks(low, high, wanted) {
    const rough = (high - low) / wanted;
    const size = 10 ** Math.floor(Math.log10(rough));
    const step = size * STEPS.find((n) => n * size >= rough);
    const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const count = Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
    const first = Math.ceil(low / step - 1e-9);
    return Array.from({ length: count }, (_, i) => ({
      value: (first + i) * step,
      text: ((first + i) * step).toFixed(places),
    }));
  }

  /** Ticks for hazard ratios: round numbers, evenly spread on the log scale when the range is wide. */
  function ratioTicks(low, high, wanted) {
    if (high / low < 4) return ticks(low, high, wanted);
    const decades = Array.from({ length: 13 }, (_, i) => 10 ** (i - 6));
    const all = decades.flatMap((ten) => (high / low > 200 ? [ten] : [ten, 2 * ten, 5 * ten]));
    return all
      .filter((x) => x >= low && x <= high)
      .map((value) => ({ value, text: String(Number(value.toPrecision(2))) }));
  }

  function frame(space, ends, width) {
    const few = width < 480 ? 3 : 6;
    const parts = [];
    for (const { value, text } of ratioTicks(Math.exp(ends[0][0]), Math.exp(ends[0][1]), few)) {
      const x = space.x(Math.log(value));
      parts.push(svg("line", { x1: x, x2: x, y1: space.top, y2: space.bottom, class: "grid" }));
      parts.push(svg("text", { x, y: space.bottom + 18, "text-anchor": "middle" }, text));
    }
    for (const { value, text } of ticks(...ends[1], 5)) {
      const y = space.y(value);
      parts.push(svg("line", { x1: space.left, x2: space.right, y1: y, y2: y, class: "grid" }));
      parts.push(svg("text", { x: space.left - 6, y: y + 4, "text-anchor": "end" }, text));
    }
    const middle = (space.left + space.right) / 2;
    parts.push(svg("text", { x: middle, y: space.bottom + 38, "text-anchor": "middle" }, "hazard ratio (log scale)"));
    parts.push(svg("text", { x: space.left, y: space.top - 8 }, "standard error of log HR"));
    return parts;
  }

  const inPlane = (space, polygon) =>
    polygon.map(([b, s]) => `${space.x(b).toFixed(2)},${space.y(s).toFixed(2)}`).join(" ");

  function strips(line, found, space, ends) {
    const [[b0, b1], [s0, s1]] = ends;
    const corners = [
      [b0, s0],
      [b1, s0],
      [b1, s1],
      [b0, s1],
    ];
    const parts = [];
    for (const name of S.given(line)) {
      const sets = name === "p" ? [-1, 1].map((sign) => S.pPlanes(line, sign)) : [S.ratioPlanes(line, name, found.z)];
      for (const planes of sets) {
        const polygon = planes.reduce(S.clip, corners);
        if (polygon.length > 1) parts.push(svg("polygon", { points: inPlane(space, polygon), class: `strip ${name}` }));
      }
    }
    return parts;
  }

  /** A name on each strip, as far up as there is room. */
  function labels(line, found, space) {
    const taken = [];
    const parts = [];
    for (const { name, at, slope } of middles(line, found.z)) {
      for (let y = space.top + 18; y < space.bottom - 6; y += 9) {
        const x = space.x(at + slope * space.s(y));
        const half = NAMES[name].length * 4 + 6;
        const free = taken.every(
          (other) => Math.abs(other.x - x) > other.half + half + 24 || Math.abs(other.y - y) > 18,
        );
        if (!free || x < space.left + half || x > space.right - half) continue;
        taken.push({ x, y, half });
        parts.push(svg("text", { x, y, class: `name ${name}`, "text-anchor": "middle" }, NAMES[name]));
        break;
      }
    }
    return parts;
  }

  const PLANE = "The strips of the printed numbers in the plane of hazard ratio and standard error.";
  const STRIP = "Each strip holds the pairs (hazard ratio, standard error) that print one number.";

  function draw(line, found, room) {
    const width = Math.max(300, Math.min(room || 640, 680));
    const height = Math.round(Math.max(280, width * 0.6));
    const ends = windowOf(line, found);
    const space = { left: 62, right: width - 12, top: 28, bottom: height - 48 };
    const scale =
      ([low, high], from, to) =>
      (value) =>
        from + ((value - low) / (high - low)) * (to - from);
    space.x = scale(ends[0], space.left, space.right);
    space.y = scale(ends[1], space.bottom, space.top);
    space.s = scale([space.bottom, space.top], ...ends[1]);
    const said = `${PLANE} ${found.isEmpty ? "They have no point in common." : "Where all meet, a box is marked."}`;
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": said, class: "sl-box" });
    const boxes = found.polygons.map((polygon) => svg("polygon", { points: inPlane(space, polygon), class: "box" }));
    const clipId = "sl-paste-clip";
    const inner = svg("clipPath", { id: clipId });
    inner.append(
      svg("rect", { x: space.left, y: space.top, width: space.right - space.left, height: space.bottom - space.top }),
    );
    const plot = svg("g", { "clip-path": `url(#${clipId})` });
    plot.append(...strips(line, found, space, ends), ...boxes);
    picture.append(inner, ...frame(space, ends, width), plot, ...labels(line, found, space));
    const told = `${STRIP} ${found.isEmpty ? "No pair lies in all: the box is empty." : "The outlined box lies in all of them."}`;
    return make("figure", { className: "sl-paste-figure" }, picture, make("figcaption", { textContent: told }));
  }

  // --- two by two ---------------------------------------------------------------------------------------------------

  const CUSTOMARY = ["pearson", "fisher", "yates", "likelihood_ratio", "n_minus_1", "mid_p"];

  function transforms(p, tests) {
    return Object.entries(tests).flatMap(([key, value]) => {
      const exact = S.fraction;
      const { n, d } = typeof value === "number" ? S.fromNumber(value) : value;
      const tried = [
        ["1 minus", exact(d - n, d)],
        ["twice", exact(2n * n, d)],
        ["half of", exact(n, 2n * d)],
      ];
      return tried
        .filter(([, q]) => S.compare(q, 1) <= 0 && S.show(q, p.places) === p.text)
        .map(([what]) => `${what} the p of ${S.TESTS[key]}`);
    });
  }

  const isRound = (p) => ["1", "5", ""].includes(p.text.replace(/^[<>≤≥0. ]+|0+$/g, ""));

  function remarks(p, tests, hits) {
    const found = [];
    if (!p) return found;
    const cut = Object.keys(tests).filter((key) => !hits.length && !p.bound && S.prints(p, tests[key], "truncated"));
    if (cut.length)
      found.push(
        `With further digits cut off instead of rounded, ${listed(cut.map((k) => S.TESTS[k]))} would print it.`,
      );
    const slipped = hits.length || p.bound ? [] : transforms(p, tests);
    if (slipped.length) found.push(`It is what ${listed(slipped, "or")} prints.`);
    if (p.bound && !isRound(p)) {
      const bare = S.parse(p.text.slice(1).trim());
      const same = S.reproducing(bare, tests).map((key) => S.TESTS[key]);
      const slip = same.length
        ? ` ${bare.text} is the p of ${listed(same, "and of")} itself, so the sign may be a slip.`
        : "";
      found.push(`${p.text} is no customary bound.${slip}`);
    }
    return found;
  }

  function chanceText(p, tests) {
    if (p.bound) return "A bound is met by every smaller p.";
    const printed = new Set(Object.values(tests).map((value) => S.show(value, p.places)));
    return (
      `Together the tests print ${printed.size} of the ${10 ** p.places + 1} values that ${p.places} decimals allow; ` +
      "that is the chance that a random p would have been met by one of them."
    );
  }

  function exactNote(tests) {
    return "fisher" in tests ? [] : [paragraph(`Exact tests are left out for more than ${S.MOST_PATIENTS} patients.`)];
  }

  function showTable(form, counts, p) {
    const tests = S.allTests(counts);
    if (!("pearson" in tests)) {
      announce(form, "not-testable", "A row or a column of the table is empty: no test says anything.");
      return more(form);
    }
    const hits = p ? S.reproducing(p, tests) : [];
    const keys = Object.keys(tests);
    const others =
      p &&
      !hits.length &&
      CUSTOMARY.filter((key) => key in tests).every((key) => {
        const below = S.compare(tests[key], S.ALPHA) < 0;
        return S.side(p) !== null && S.side(p) !== below;
      });
    if (!p)
      announce(
        form,
        "",
        "Every p that this table can have stands below. Type the printed p to see which test prints it.",
      );
    else if (hits.length)
      announce(form, "reproduced-if", `${p.text} is printed by ${listed(hits.map((k) => S.TESTS[k]))}.`);
    else {
      const side = others ? " Every two-sided test lies on the other side of 0.05." : "";
      announce(form, others ? "decision" : "inconsistent", `None of the tests prints ${p.text} for this table.${side}`);
    }
    const places = p ? Math.max(p.places, 2) : 3;
    const shown = (key) => (p ? S.showLike(tests[key], p) : S.show(tests[key], places));
    const yes = (key) => (hits.includes(key) ? "yes" : "no");
    const rows = keys.map((key) => [S.TESTS[key], S.show(tests[key], 6), shown(key), ...(p ? [yes(key)] : [])]);
    const heads = ["test", "p", "prints", ...(p ? [`is ${p.text}`] : [])];
    const smallest = Math.min(...S.expected(counts).flat());
    const rule =
      smallest < 5
        ? "below 5, where Cochran’s rule asks for Fisher’s test"
        : "where Cochran’s rule allows the chi-square";
    return more(
      form,
      ...remarks(p, tests, hits).map((text) => paragraph(text)),
      table(heads, rows, "Every test that may have been used", (i) => hits.includes(keys[i])),
      paragraph(`The smallest expected count is ${S.show(smallest, 1)}, ${rule}. `, p ? chanceText(p, tests) : ""),
      ...exactNote(tests),
    );
  }

  // --- the forms ----------------------------------------------------------------------------------------------------

  const field = (form, name) => form.elements[name];

  /** The printed number in a field, null when it is empty; a field that holds none says so. */
  function read(form, name, problems) {
    const input = field(form, name);
    const text = tidy(input.value);
    input.removeAttribute("aria-invalid");
    if (!text) return null;
    try {
      return S.parse(text);
    } catch (error) {
      input.setAttribute("aria-invalid", "true");
      problems.push(error.message);
      return null;
    }
  }

  function updateRow(form) {
    const problems = [];
    const line = Object.fromEntries(S.CELLS.map((name) => [name, read(form, name, problems)]));
    const beside = rowsOf(field(form, "beside").value);
    if (!problems.length) return showRow(form, line, beside, Number(field(form, "level").value));
    announce(form, "", `${problems.join(". ")}.`);
    return more(form);
  }

  /** Rows of four numbers, one per line or with a semicolon between them. */
  const rowsOf = (text) =>
    text
      .split(/[;\n]/)
      .map(numbersOf)
      .filter((row) => row.length === 4)
      .map(S.asLine);

  const countsAll = (form) => field(form, "second").value === "all";

  const COUNTS = ["a", "b", "c", "d"];

  function updateTable(form) {
    for (const label of form.querySelectorAll("[data-second]")) {
      label.textContent = countsAll(form) ? "all patients" : "without it";
    }
    const problems = [];
    const numbers = COUNTS.map((name) => read(form, name, problems));
    const p = read(form, "p", problems);
    const isCount = (n) => !n.bound && !n.places && n.units >= 0n && n.units < 10n ** 9n;
    if (!problems.length && numbers.some((n) => n && !isCount(n)))
      problems.push("A count is a whole number such as 12");
    if (problems.length || numbers.includes(null)) {
      announce(form, "", problems.length ? `${problems.join(". ")}.` : "Type four counts, or take an example.");
      return more(form);
    }
    const [a, second, c, fourth] = numbers.map((n) => Number(n.units));
    const whole = countsAll(form);
    const counts = [
      [a, whole ? second - a : second],
      [c, whole ? fourth - c : fourth],
    ];
    if (counts.flat().some((n) => n < 0)) {
      announce(form, "", "A group cannot be smaller than those of it with the event.");
      return more(form);
    }
    return showTable(form, counts, p);
  }

  function fill(form, values) {
    for (const [name, value] of Object.entries(values)) if (field(form, name)) field(form, name).value = value;
  }

  function prepare(form, update) {
    let timer = 0;
    const now = () => {
      clearTimeout(timer);
      update(form);
    };
    form.addEventListener("input", ({ target }) => {
      if (target.name === "whole") {
        const numbers = numbersOf(target.value);
        fill(form, Object.fromEntries(S.CELLS.map((name, i) => [name, numbers[i] ?? ""])));
      }
      clearTimeout(timer);
      timer = setTimeout(() => update(form), REST_MS);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      now();
    });
    form.addEventListener("reset", () => setTimeout(now)); // the fields are emptied after the event
    form.addEventListener("click", ({ target }) => {
      const example = target.closest("button[data-example]");
      if (!example) return;
      form.reset();
      fill(form, Object.fromEntries(new URLSearchParams(example.dataset.example)));
      now();
    });
    const asked = new URLSearchParams(location.search);
    if (asked.has(form.dataset.first)) fill(form, Object.fromEntries(asked));
    form.hidden = false;
    now();
  }

  prepare(document.getElementById("sl-row"), updateRow);
  prepare(document.getElementById("sl-counts"), updateTable);
})();

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

  const joined = (flags, ...parts) => new RegExp(parts.map(({ source }) => source).join(""), flags);
  const either = (flags, ...parts) => new RegExp(parts.map(({ source }) => `(?:${source})`).join("|"), flags);
  const FOOTNOTES = /[*†‡§¶#¹²³ᵃᵇᶜᵈ]+$/;
  const NO_LIMIT = /^(n\.?[eracd]\.?|nr|not (reached|estimable|available)|[∞–—-])$/i;
  const RATIO = either(
    "",
    /(?<![A-Za-z])(?:a|adj\.?|c|m|s|u)?(?:HR|OR|RR|IRR)(?![A-Za-z])/, // in capitals: “or” is a word
    /(?:[Hh]azards?|[Oo]dds|[Rr]isk|[Rr]ate) ratio/,
  );
  const P_VALUE = joined(
    "i",
    /(?<![a-z])p(?:[\s-]*val(?:ue)?s?)?(?![a-z])/,
    /(?:\s*\([^)\d]*\))?[^\d<>≤≥=:.,;()]{0,24}/, // p (log-rank), p for trend
    /[=:,]?\s*([<>≤≥]?)\s*(\d*[.,]?\d+)/,
  );
  const PERCENT = either(
    "gi",
    /(?:CI\s*[:,(]?\s*)?(\d+(?:\.\d+)?)\s*(?:%|per ?cent(?![a-z]))\s*-?\s*(?:CI|KI|IC|confidence interval)?/,
    /(?:CI|KI|IC)[\s:(_-]*(80|90|95|97\.5|98|99)(?![\d.]|\s*[-–])/, // CI95
    /(?<!\d)(80|90|95|98|99)\s?-?CI/,
  );
  const NEGATIVE = /(?:^|[([;,=:]|to|bis|[HO]R)\s*[-\u2212–](\d*\.?\d+)/;
  const NUMBER = /(?<![\d.])(?<![A-Za-z][-–]?)[<>≤≥]?\s?(?:\d+(?:\.\d+)?|\.\d+)/g;
  const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const SCIENTIFIC = /(\d*\.?\d+) ?(?:e ?-|[x×*] ?10 ?\^? ?[-\u2212–]) ?(\d{1,2})(?!\d)/gi;
  const POWER_OF_TEN = /(?<![\d.])10 ?\^ ?[-\u2212–] ?(\d{1,2})(?!\d)/g;

  /** A number with its point moved to the left; all its digits are kept. */
  function shifted(text, by) {
    const [whole, decimals = ""] = text.split(".");
    const places = decimals.length + by;
    const figures = (whole + decimals).padStart(places + 1, "0");
    return `${figures.slice(0, -places)}.${figures.slice(-places)}`.replace(/^0+(?=\d+\.)/, "");
  }

  /** Text with one kind of space, point and bound: “0·046”, “0,66”, “P<,001”, “1.2 × 10⁻³” as 0.046, 0.66, P<.001, … */
  function plain(text) {
    const bare = text
      .replace(/[\s\u200b]+/g, " ")
      .trim()
      .replace(/[·∙⋅](?=\d)/g, ".")
      .replace(/<\s?=|⩽/g, "≤")
      .replace(/>\s?=|⩾/g, "≥")
      .replace(/⁻([⁰¹²³⁴-⁹]+)/g, (_, up) => `^-${[...up].map((sign) => SUPERSCRIPTS.indexOf(sign)).join("")}`)
      .replace(SCIENTIFIC, (_, number, tens) => shifted(number, Number(tens)))
      .replace(POWER_OF_TEN, (_, tens) => shifted("1", Number(tens)));
    if (/\d\.\d/.test(bare)) return bare;
    return bare.replace(/(\d),(?=\d)/g, "$1.").replace(/(^|[\s<>≤≥=(]),(?=\d)/g, "$1.");
  }

  /** One field: “p = .046*”, “P-value: 0,046”, “(0.85”, “4.6%” as the number alone. */
  function tidy(text) {
    const bare = plain(text)
      .replace(/^[a-z][a-z\s-]*(?=[\s=:<>≤≥\d.])/i, "")
      .replace(/[=:\s]/g, "")
      .replace(/^[([]|[)\],;.]+$/g, "")
      .replace(FOOTNOTES, "");
    return /^\d*\.?\d+%$/.test(bare) ? shifted(bare.slice(0, -1), 2) : bare;
  }

  /** A row of a paper: HR, lower limit, upper limit and p, the level, and the numbers left out. */
  function readRow(text) {
    let [level, p] = ["", ""];
    let rest = plain(text)
      .replace(PERCENT, (_, ...found) => {
        level ||= found.slice(0, 3).find((n) => Number(n) >= 80) ?? "";
        return " ";
      })
      .replace(/(?<![A-Za-z])n ?= ?\d+/gi, " ")
      .replace(P_VALUE, (_, bound, number) => {
        p = bound + number.replace(",", ".");
        return " ; ";
      });
    const name = RATIO.exec(rest);
    const numbers = (from) => [...from.matchAll(NUMBER)].map(([found]) => found.replace(/\s/g, ""));
    const after = name ? rest.slice(name.index + name[0].length) : "";
    const ratioLast = numbers(after).length === 1 && numbers(rest).length > 2; // “95% CI 0.31–0.87; HR 0.52”
    if (numbers(after).length > 2) rest = after;
    const all = ratioLast ? [...numbers(after), ...numbers(rest).slice(-3, -1)] : numbers(rest);
    const wanted = p ? 3 : 4;
    const decimals = all.filter((number) => number.includes("."));
    const kept = (all.length > wanted && decimals.length > 2 ? decimals : all).slice(0, wanted);
    const left = [...all];
    for (const number of kept) left.splice(left.indexOf(number), 1);
    return {
      texts: [0, 1, 2].map((i) => kept[i] ?? "").concat(p || kept[3] || ""),
      isNegative: NEGATIVE.test(rest),
      level,
      left,
    };
  }

  const numbersOf = (text) => readRow(text).texts.filter(Boolean);

  /** A count as papers print it: “14 (35.0%)” is 14, “1,234” is 1234. */
  const tidyCount = (text) =>
    text
      .replace(/[\s\u200b]+/g, " ")
      .trim()
      .replace(/^n ?= ?/i, "")
      .replace(/ ?[([][^)\]]*[)\]]$/, "")
      .replace(/(\d)[, ](?=\d{3}(?!\d))/g, "$1");

  /** Two groups and a p: “14/40 (35%) vs 5 of 35, p = 0.04” as {a, b, c, d, second, p}; null when not found. */
  function readCounts(text) {
    let p = "";
    const bare = plain(text.replace(/(\d),(?=\d{3}(?!\d))/g, "$1"))
      .replace(P_VALUE, (_, bound, number) => {
        p = bound + number.replace(",", ".");
        return " ; ";
      })
      .replace(/[([]\s*\d+(\.\d+)?\s*%?\s*[)\]]|\d+(\.\d+)?\s*%/g, " ");
    const pairs = [...bare.matchAll(/(\d+)\s*(?:\/|out of|of|von)\s*(\d+)/gi)];
    if (pairs.length === 2) {
      const [[, a, b], [, c, d]] = pairs;
      return { a, b, c, d, second: "all", p };
    }
    const found = bare.match(/\d+/g) ?? [];
    return found.length === 4 ? { ...Object.fromEntries(found.map((n, i) => ["abcd"[i], n])), p } : null;
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
    const isNumeric = (text) => /\d|disagree|finite/.test(text);
    const numeric = (i) => rows.some((cells) => i && isNumeric(cells[i]));
    const heading = (text, i) => make("th", { scope: "col", textContent: text, className: numeric(i) ? "sl-num" : "" });
    const head = make("tr", {}, ...heads.map(heading));
    const body = rows.map((cells, i) => {
      const [first, ...rest] = cells;
      const row = make("tr", { className: marked(i) ? "sl-paste-hit" : "" });
      row.append(make("th", { scope: "row", textContent: first }));
      row.append(
        ...rest.map((text) => make("td", { className: isNumeric(text) ? "sl-num" : "", textContent: text })),
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

  const isSwapped = ({ lower, upper }) =>
    Boolean(lower && upper) && S.compare(S.standsFor(lower).low, S.standsFor(upper).high) > 0;

  function troubles(line, level, alpha) {
    if (isSwapped(line)) return ["The lower limit is above the upper one."];
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
    const single = repair.outcome === "unique" && isSwapped(line) ? [] : [aloneText(line, level)];
    return [paragraph(...repairText(repair)), ...[...notes, ...single].map((text) => paragraph(text))];
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
      const typed = field(form, "whole").value.trim();
      const empty = typed ? `No row of numbers was found in “${typed}”.` : "Type a row, or take an example.";
      announce(form, "", names.length ? "Type at least one more number of the row." : empty);
      return more(form);
    }
    const alpha = S.fraction(Math.round((1 - level) * 1000), 1000);
    const found = S.box(line, level);
    const repair = found.isEmpty ? S.search(line, beside, level) : null;
    const verdict = !repair ? "coherent" : isDecision(line, repair, alpha) ? "decision" : "inconsistent";
    const head = repair ? "These numbers cannot all be true:" : "These numbers can be true together:";
    announce(form, verdict, `${head} ${lineText(line)}.`);
    const notes = [...readNotes(form), ...rowNotes(line, found, level, alpha, repair)];
    const compared = names.some((name) => implied(line, name, level)) ? [rowTable(line, found, level)] : [];
    return more(form, ...notes, draw(line, found, form.clientWidth), ...compared);
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

  /** What was typed, and why it is no number. */
  function refused(name, text) {
    const hint =
      name === "p" && !/\d/.test(text) ? "; if the paper says only that p is not significant, type >0.05" : "";
    return `“${text}” is not a printed number such as 12, 19.5 or <0.001${hint}`;
  }

  /** Why a number cannot be what its field asks for; empty when it can. */
  function impossible(name, number) {
    if (name === "p" && (number.units < 0n || S.compare(S.standsFor(number).low, 1) > 0)) {
      return `${number.text} is no p: a probability lies between 0 and 1`;
    }
    if (name !== "p" && number.units < 0n) {
      return `${number.text} is negative, and no ratio is`;
    }
    return "";
  }

  /** The printed number in a field, null when it is empty or says “not reached”; a field that holds none says so. */
  function read(form, name, problems, isCount = false) {
    const input = field(form, name);
    const typed = input.value.trim();
    const text = isCount ? tidyCount(typed) : tidy(typed);
    input.removeAttribute("aria-invalid");
    if (!typed || (["lower", "upper"].includes(name) && NO_LIMIT.test(typed))) return null;
    let problem = "";
    try {
      const number = S.parse(text);
      problem = isCount ? "" : impossible(name, number);
      if (!problem) return number;
    } catch {
      const share = isCount && /%$/.test(text);
      problem = share ? `“${typed}” is a share: type the number of patients` : refused(name, typed);
    }
    input.setAttribute("aria-invalid", "true");
    problems.push(problem);
    return null;
  }

  /** What a reader should know about how the text was read. */
  function readNotes(form) {
    const notes = [];
    const { left, interval } = form.dataset;
    if (left) notes.push(`Left out of what was pasted: ${left}. See whether the fields hold what you meant.`);
    if (interval) notes.push(`The text speaks of ${interval} %, which this page does not offer: choose the interval.`);
    const beside = field(form, "beside").value.trim();
    if (beside && !rowsOf(beside).length) notes.push("No row with four numbers was found among the rows beside it.");
    const open = ["lower", "upper"].filter((name) => NO_LIMIT.test(field(form, name).value.trim()));
    if (open.length) notes.push(`A limit that was not reached says nothing here: the ${named(open)} is left out.`);
    return notes.map((text) => paragraph(text));
  }

  function updateRow(form) {
    const problems = [];
    const line = Object.fromEntries(S.CELLS.map((name) => [name, read(form, name, problems)]));
    const beside = rowsOf(field(form, "beside").value);
    if (!problems.length) return showRow(form, line, beside, Number(field(form, "level").value));
    if (problems.some((problem) => problem.includes("is negative"))) {
      problems.push("If these are logarithms (coefficients b), type exp(b); differences are not for this page");
    }
    announce(form, "", `${problems.join(". ")}.`);
    return more(form);
  }

  /** Rows of four numbers, one per line or with a semicolon between them. */
  function rowsOf(text) {
    const rows = (parts) => parts.map(numbersOf).filter((row) => row.length === 4);
    const apart = rows(text.split(/[;\n]/));
    return (apart.length ? apart : rows([text])).map(S.asLine);
  }

  const countsAll = (form) => field(form, "second").value === "all";

  const COUNTS = ["a", "b", "c", "d"];

  function updateTable(form) {
    for (const label of form.querySelectorAll("[data-second]")) {
      label.textContent = countsAll(form) ? "all patients" : "without it";
    }
    const problems = [];
    const numbers = COUNTS.map((name) => read(form, name, problems, true));
    const p = read(form, "p", problems);
    const isCount = (n) => !n.bound && !n.places && n.units >= 0n && n.units < 10n ** 9n;
    if (!problems.length && numbers.some((n) => n && !isCount(n)))
      problems.push("A count is a whole number such as 12");
    if (problems.length || numbers.includes(null)) {
      const some = numbers.some(Boolean) ? "Type the other counts too: four are needed." : "";
      const typed = field(form, "whole").value.trim();
      const lost = typed && !readCounts(typed) ? "Two groups were not found in this text: write 14/40 vs 5/35." : "";
      const asked = lost || some || "Type four counts, or take an example.";
      announce(form, "", problems.length ? `${problems.join(". ")}.` : asked);
      return more(form);
    }
    const [a, second, c, fourth] = numbers.map((n) => Number(n.units));
    const whole = countsAll(form);
    const counts = [
      [a, whole ? second - a : second],
      [c, whole ? fourth - c : fourth],
    ];
    if (counts.flat().some((n) => n < 0)) {
      announce(
        form,
        "",
        "A group cannot be smaller than those of it with the event. " +
          "Or is the second number that of those without it? Then choose so.",
      );
      return more(form);
    }
    return showTable(form, counts, p);
  }

  function fill(form, values) {
    for (const [name, value] of Object.entries(values)) if (field(form, name)) field(form, name).value = value;
  }

  /** Spread a whole row over the fields. */
  function spreadRow(form, text) {
    const { texts, level, left, isNegative } = readRow(text);
    const signed = texts.map((found, i) => (isNegative && i < 3 && found ? `-${found}` : found));
    fill(form, Object.fromEntries(S.CELLS.map((name, i) => [name, signed[i]])));
    const options = [...field(form, "level").options].map(({ value }) => value);
    const share = String(Number(level || 95) / 100);
    field(form, "level").value = options.includes(share) ? share : "0.95";
    form.dataset.left = listed(left);
    form.dataset.interval = options.includes(share) ? "" : level;
  }

  const spreadCounts = (form, text) => fill(form, readCounts(text) ?? { a: "", b: "", c: "", d: "", p: "" });

  /** Several numbers pasted into one field of a row: a whole row, or both limits. */
  function unpackRow(form, { name, value }) {
    const { texts, isNegative } = readRow(value);
    const n = texts.filter(Boolean).length;
    if (isNegative) return;
    if (name === "hr" && n > 2) {
      const p = texts[3] || field(form, "p").value;
      spreadRow(form, value);
      fill(form, { p });
    } else if (["lower", "upper"].includes(name) && n === 2) fill(form, { lower: texts[0], upper: texts[1] });
  }

  /** “14/40” pasted into one field of a table. */
  function unpackCounts(form, { name, value }) {
    const pair = /^\s*(\d+)\s*(?:\/|of)\s*(\d+)(?![\d.])/.exec(value);
    if (!pair || !["a", "c"].includes(name)) return;
    fill(form, { [name]: pair[1], [name === "a" ? "b" : "d"]: pair[2], second: "all" });
  }

  function prepare(form, update, spread, unpack) {
    let timer = 0;
    const now = () => {
      clearTimeout(timer);
      update(form);
    };
    const unpackAll = () => [...form.querySelectorAll("input")].forEach((input) => unpack(form, input));
    form.addEventListener("input", ({ target, inputType }) => {
      if (target.name === "whole") spread(form, target.value);
      else if (inputType === "insertFromPaste") unpack(form, target);
      clearTimeout(timer);
      timer = setTimeout(() => update(form), REST_MS);
    });
    form.addEventListener("change", ({ target }) => {
      unpack(form, target);
      now();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      unpackAll();
      now();
    });
    form.addEventListener("reset", () => {
      delete form.dataset.left;
      delete form.dataset.interval;
      setTimeout(now); // the fields are emptied after the event
    });
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

  prepare(document.getElementById("sl-row"), updateRow, spreadRow, unpackRow);
  prepare(document.getElementById("sl-counts"), updateTable, spreadCounts, unpackCounts);
})();

/* Second Look, in the page: pasted lines, each with a verdict, as `secondlook check` gives it. Pure functions, no document.

   A port of secondlook.pasted (Python). tests/book/test_paste.py compares the two. */
(() => {
  "use strict";

  const S = globalThis.SecondLook;
  const { KINDS, judgeTable } = globalThis.SecondLookReadings;
  const C = globalThis.SecondLookCounts;
  const COUNTS = ["n_1", "size_1", "n_2", "size_2", "pct_1", "pct_2", "p"];

  /** A level printed as a fraction or as a percentage. */
  function levelOf(text) {
    const value = Number(text);
    return value > 1 ? S.toNumber(S.fraction(S.parse(text).units, 100n * 10n ** BigInt(S.parse(text).places))) : value;
  }

  const isForeign = ({ p_of: pOf }) => Boolean(pOf) && !KINDS.p_of.includes(pOf);

  function printedRow({ fields }) {
    const number = (name) => (fields[name] ? S.parse(fields[name]) : null);
    const p = fields.p && !isForeign(fields) ? C.asProbability(S.parse(fields.p)) : null;
    const known = (name) => (KINDS[name].includes(fields[name]) ? fields[name] : "");
    return {
      line: { hr: number("ratio"), lower: number("lower"), upper: number("upper"), p },
      label: fields.label ?? "",
      measure: fields.measure ?? "",
      level: fields.level ? levelOf(fields.level) : null,
      sides: fields.sides ? Number(fields.sides) : null,
      interval: known("interval"),
      p_of: known("p_of"),
      digits: known("digits"),
    };
  }

  /** Judge lines that were read: {rows, tables}; each row also has what is needed to draw it. */
  function checkLines(reads) {
    const tables = new Map();
    reads.forEach(({ kind, table }, place) => {
      if (kind !== "ratio") return;
      const name = table || ` ${place}`;
      tables.set(name, [...(tables.get(name) ?? []), place]);
    });
    const judged = new Map();
    const said = [];
    for (const [table, places] of tables) {
      const printed = places.map((place) => printedRow(reads[place]));
      const found = judgeTable(printed);
      places.forEach((place, i) => judged.set(place, { ...found.rows[i], printed: printed[i] }));
      if (places.length > 1) said.push({ table, rows: places.length, reading: found.reading, reason: found.reason });
    }
    return { rows: reads.map((read, place) => checked(read, judged.get(place))), tables: said };
  }

  const capital = (text) => (text.startsWith("p ") ? text : text[0].toUpperCase() + text.slice(1)); // p is a symbol

  function checked(read, of) {
    const { fields, kind } = read;
    const judged = kind === "counts" ? judgedCounts(fields) : of;
    const row = { line: read.line, table: read.table, label: fields.label ?? "", kind, fields };
    const notes = read.notes.map((note) => `${capital(note)}.`);
    if (!judged) {
      const pieces = read.unexplained.length ? `: ${read.unexplained.join(", ")}` : "";
      const reason = [`${capital(read.reason)}${pieces}.`, ...notes].join(" ");
      const verdict = kind === "unread" ? "unread" : "not-testable";
      return { ...row, read_as: "", verdict, reading: "", chance: null, reason, repair: "" };
    }
    if (kind === "ratio" && fields.p && isForeign(fields)) notes.push(`Left out: a p of another kind (${fields.p_of}).`);
    return {
      ...row,
      ...judged,
      read_as: asRead(kind, fields, judged),
      reason: [judged.reason, ...notes].filter(Boolean).join(" "),
    };
  }

  function judgedCounts(fields) {
    const texts = Object.fromEntries(COUNTS.map((name) => [name, fields[name] ?? ""]));
    if (texts.p) texts.p = C.asProbability(S.parse(texts.p)).text;
    const judged = C.judgeCounts(texts, fields.p_of in C.P_OF ? fields.p_of : "");
    return fields.sides === "1" && ["inconsistent", "query"].includes(judged.verdict) ? oneSided(judged, texts) : judged;
  }

  function oneSided(judged, texts) {
    const [a, first, c, second] = COUNTS.slice(0, 4).map((name) => Number(texts[name] || 0));
    if (!texts.p || !(a <= first) || !(c <= second) || !first || !second) return judged;
    const p = S.parse(texts.p);
    const values = C.pValues([
      [a, c],
      [first - a, second - c],
    ]);
    const halves = Object.entries(values).map(([key, value]) => {
      const { n, d } = typeof value === "number" ? S.fromNumber(value) : value;
      return [key, S.fraction(n, 2n * d)];
    });
    const hits = halves.filter(([, half]) => C.prints(half, p)).map(([key]) => C.NAMES[key]);
    if (!hits.length) return judged;
    const printable = new Set(halves.flatMap(([, half]) => C.strings(half, p.places, "rounded")));
    const [n, d] = [printable.size, C.possibleStrings(p)];
    return {
      ...judged,
      verdict: "reproduced-if",
      reading: `half of ${hits[0]}`,
      chance: n >= d ? [1, 1] : [n, d],
      reason: `One-sided, as half of ${hits[0]}.`,
      repair: "",
    };
  }

  function asRead(kind, fields, judged) {
    const row = [kind === "ratio" ? fields.measure : "", judged.read_as].filter(Boolean).join(" ");
    const level = fields.level ? `${Number((100 * levelOf(fields.level)).toPrecision(4))} % interval` : "";
    const parts = [
      row,
      level,
      fields.interval ? `${fields.interval} interval` : "",
      { 1: "one-sided p", 2: "two-sided p" }[fields.sides] ?? "",
      fields.p_of ? `p of ${fields.p_of}` : "",
      fields.digits === "cut" ? "further digits cut off" : "",
    ];
    return parts.filter(Boolean).join(", ");
  }

  globalThis.SecondLookCheck = Object.freeze({ checkLines, printedRow, levelOf });
})();

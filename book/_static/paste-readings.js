/* Second Look, in the page: the readings of a row of a ratio and of a table of such rows. Pure functions, no document.

   A port of secondlook.stats.readings, readings_theory and readings_table (Python), under the names used there, which also
   say why each step is as it is. The constants are those of readings.json. tests/book/test_paste.py compares the two. */
(() => {
  "use strict";

  const S = globalThis.SecondLook;
  const C = globalThis.SecondLookData.readings;
  const FAR_Z = 1e6;
  const FAR = 600;
  const ENOUGH = 3;
  const SHOWN_BY = 3;
  const SHARES = [0.25, 0.5, 0.75];
  const WORDS = { hr: "the ratio", lower: "the lower limit", upper: "the upper limit", p: "p" };
  const KINDS = {
    interval: [...Object.keys(C["kinds of interval"]), ...C["no such interval"]],
    p_of: [...Object.keys(C["kinds of p"]), ...C["no such p"]],
    digits: ["rounded", "cut"],
  };

  // --- readings -----------------------------------------------------------------------------------------------------

  const READINGS = C.readings.map((entry) => ({ digits: "rounded", sides: 2, level: 0.95, ...entry }));
  const isWald = ({ interval, p_of: pOf }) => interval === "wald" && pOf === "wald";
  const LOOSE = ["profile", "free"];

  /** Whether a reading could print whatever Wald's method prints, rounded. */
  function holdsWald({ interval, p_of: pOf, digits, sides }) {
    const others = LOOSE.includes(interval) || ["lr", "score", "exact"].includes(pOf);
    return others && interval !== "simultaneous" && digits === "rounded" && sides === 2;
  }

  const percent = (level) => String(Number((100 * level).toPrecision(6)));

  function readingsFor(row) {
    const [interval, pOf] = [C["kinds of interval"][row.interval], C["kinds of p"][row.p_of]];
    const open = READINGS.filter(
      (reading) =>
        (interval ?? reading.interval) === reading.interval &&
        ["", reading.digits].includes(row.digits) &&
        (pOf ?? reading.p_of) === reading.p_of &&
        (row.sides || reading.sides) === reading.sides,
    ).map((reading) => ({ ...reading, level: row.level || reading.level }));
    const found = open.length ? open : [declared(row, interval, pOf)];
    const wald = found.find(({ key }) => key === "wald");
    if (!wald || row.level) return found;
    const levels = C.levels.filter((level) => level !== wald.level);
    const other = (level) => ({
      ...wald,
      key: `level-${level}`,
      level,
      prior: C["other level prior"],
      says: `Wald interval of ${percent(level)} % and Wald p`,
    });
    return [...found, ...levels.map(other)];
  }

  function declared(row, interval, pOf) {
    const sides = row.sides || 2;
    const side = sides === 1 ? "one-sided " : "";
    const digits = row.digits || "rounded";
    const cut = digits === "cut" ? ", further digits cut off" : "";
    return {
      key: "declared",
      interval: interval ?? "wald",
      p_of: pOf ?? "wald",
      prior: 1,
      says: `${row.interval || "Wald"} interval and ${side}p of ${row.p_of || "Wald"}${cut}`,
      digits,
      sides,
      level: row.level || 0.95,
    };
  }

  // --- printed numbers as ends --------------------------------------------------------------------------------------

  const ends = new Map();

  /** The ends of the reals that print so; found once for each string. */
  function realEnds(number, digits, units = 0.5) {
    if (!number) return null;
    const key = `${number.text} ${number.places} ${digits} ${units}`;
    if (!ends.has(key)) {
      if (ends.size > 20000) ends.clear();
      ends.set(key, endsOf(number, digits, units));
    }
    return ends.get(key);
  }

  function endsOf(number, digits, units) {
    if (number.bound) {
      const { low, high } = S.standsFor(number);
      return [S.toNumber(low), S.toNumber(high)];
    }
    const [value, unit] = [S.toNumber(S.valueOf(number)), S.toNumber(S.fraction(1, 10n ** BigInt(number.places)))];
    const [low, high] = { cut: [0, 1], "some cut": [units, 1] }[digits] ?? [units, units];
    return [value - low * unit, value + high * unit];
  }

  function logEnds(ends) {
    if (!ends) return [-Infinity, Infinity];
    const [low, high] = ends;
    if (high <= 0) return [Infinity, -Infinity];
    return [low > 0 ? Math.log(low) : -Infinity, Math.log(high)];
  }

  const zOf = (p) => (p > 0 ? Math.min(FAR_Z, S.quantile(p / 2)) : FAR_Z);

  function zOfP(ends, sides = 2, [fewest, most] = [1, 1]) {
    if (!ends) return [0, FAR_Z];
    let [low, high] = [Math.max(ends[0], 0), Math.min(ends[1], 1)];
    if (low > high) return [FAR_Z, -1];
    if (sides === 1) {
      if (high <= 0.5) [low, high] = [2 * low, 2 * high];
      else if (low >= 0.5) [low, high] = [2 * (1 - high), 2 * (1 - low)];
      else [low, high] = [2 * Math.min(low, 1 - high), 1];
    }
    low = low < 1 ? -Math.expm1(Math.log1p(-low) / most) : 1;
    high = high < 1 ? -Math.expm1(Math.log1p(-high) / fewest) : 1;
    return [zOf(high), zOf(low)];
  }

  // --- bounds from the likelihood of two groups ----------------------------------------------------------------------

  function lrFactor(x) {
    if (Math.abs(x) < 1e-3) return 1 - x / 6;
    return Math.sqrt(2 * (Math.exp(Math.min(-x, FAR)) - 1 + x)) / Math.abs(x);
  }

  function scoreFactors(of) {
    const b = Math.min(Math.abs(of), FAR);
    return [1 - Math.min((b * b) / 12, 0.07), b > 1e-3 ? (2 * Math.sinh(b / 2)) / b : 1];
  }

  function limitFactor(y) {
    if (Math.abs(y) < 1e-3) return 1 - y / 6;
    let x = y < 1 ? y * (1 - y / 6) : Math.log(1 + y + (y * y) / 2);
    for (let i = 0; i < 60; i += 1) {
      const step = (2 * (Math.exp(x) - 1 - x) - y * y) / (2 * (Math.exp(x) - 1));
      x -= step;
      if (Math.abs(step) < 1e-12 * Math.abs(x)) break;
    }
    return x / y;
  }

  function pFactors(pOf, most, b) {
    const x = pOf === "exact" ? Math.min(most, C.slack * b) : most; // exact tests are made of two groups
    const [lr, score] = [[lrFactor(x), lrFactor(-x)], scoreFactors(b)];
    if (pOf === "lr") return lr;
    if (pOf === "score") return [Math.min(score[0], 1 - x / 24) - C.ties, Math.max(score[1], 1 + x / 24) + C.ties];
    if (pOf === "exact") return [Math.min(lr[0], score[0]) - C.ties, Math.max(lr[1], score[1]) + C.ties];
    return [1, 1];
  }

  function even(most) {
    const edges = Array.from({ length: C.cells + 1 }, (_, i) => most * ((2 * i) / C.cells - 1));
    return edges.slice(1).map((edge, i) => [edges[i], edge]);
  }

  const times = ([least, greatest], a, b) => [least * Math.min(a, b), greatest * Math.max(a, b)];

  /** The parts of a reading: multiples of s to each limit, and the comparisons that p is adjusted for. */
  function cellsOf(reading, found) {
    const { half, skew } = found;
    const zs = S.zOfLevel(reading.level);
    if (reading.interval === "wald") return [{ toLower: zs, toUpper: zs }];
    if (reading.interval === "profile") {
      const bent = Math.min(0.3, C.slack * Math.max(1, (skew / C.slack) ** 2) * ((half * half) / 24));
      const wide = [zs[0] * (1 - bent), zs[1] * (1 + bent)];
      return even(Math.min(skew * half, 50)).map(([y0, y1]) => ({
        toLower: times(wide, limitFactor(-y0), limitFactor(-y1)),
        toUpper: times(wide, limitFactor(y0), limitFactor(y1)),
      }));
    }
    if (reading.interval === "free") {
      return even(offCentre(found, reading)).map(([a0, a1]) => ({
        toLower: times(zs, 1 - a0, 1 - a1),
        toUpper: times(zs, 1 + a0, 1 + a1),
      }));
    }
    return C.comparisons.slice(1).map((most, i) => {
      const numbers = [C.comparisons[i], most];
      const multiples = numbers.map((k) => zOf(-Math.expm1(Math.log(reading.level) / k)));
      const comparisons = reading.p_of === "adjusted" ? numbers : [1, 1];
      return { toLower: multiples, toUpper: multiples, comparisons };
    });
  }

  // --- does a reading explain a row? --------------------------------------------------------------------------------

  function shape(line, level, skewed = false) {
    const [hr, lower, upper] = [line.hr, line.lower, line.upper].map((n) => logEnds(realEnds(n, "rounded")));
    const ends = (line.hr ? hr : [...lower, ...upper]).filter(Number.isFinite).map(Math.abs);
    let wide = upper[1] - lower[0];
    if (!Number.isFinite(wide) && Number.isFinite(upper[0] - hr[1])) wide = 2 * (upper[1] - hr[0]);
    const half = Number.isFinite(wide) && wide > 0 ? wide / 2 : Infinity;
    const s = half / S.zOfLevel(level)[0];
    return { half, s, b: Math.max(0, ...ends), skew: C.slack * Math.max(1, C["skew per root event"][Number(skewed)] / s) };
  }

  const known = new WeakMap();

  /** Whether some numbers print a row that was made so; found once for each row and reading. */
  function explains(line, reading, roughly = false, skewed = false) {
    if (!known.has(line)) known.set(line, new Map());
    const found = known.get(line);
    const key = `${reading.key} ${reading.level} ${roughly} ${skewed}`;
    if (!found.has(key)) found.set(key, isExplained(line, reading, roughly, skewed));
    return found.get(key);
  }

  function isExplained(line, reading, roughly, skewed) {
    const wald = { ...READINGS[0], level: reading.level };
    if (holdsWald(reading) && explains(line, wald, roughly)) return true;
    const units = roughly ? 1 : 0.5;
    const found = shape(line, reading.level, skewed);
    const byHand = roughly ? Math.min(C["by hand"][0], C["by hand"][1] * found.s) : 0;
    const [hr, lower, upper] = [
      [line.hr, 1],
      [line.lower, 3],
      [line.upper, 3],
    ].map(([number, by]) => {
      const [low, high] = logEnds(realEnds(number, reading.digits, units));
      return [low - byHand * by, high + byHand * by];
    });
    let p = realEnds(line.p, reading.digits, units);
    // Who writes "not significant" does not mean the other tail.
    if (reading.sides === 1 && line.p && [">", "≥"].includes(line.p.bound)) p = [p[0], 0.5];
    const [least, greatest] = pFactors(reading.p_of, Math.min(found.skew * found.b, 50), found.b);
    const loss = reading.p_of === "exact" ? found.s / 2 : (byHand * (1 + found.b / found.s)) / found.s;
    return cellsOf(reading, found).some(({ toLower, toUpper, comparisons }) => {
      let z = zOfP(p, reading.sides, comparisons);
      if (z[0] <= z[1]) z = [Math.max(0, z[0] - loss) / greatest, Math.min(FAR_Z, (z[1] + loss) / least)];
      return S.isPossibleWith([hr, lower, upper, z], toLower, toUpper);
    });
  }

  function offCentre(found, { interval }) {
    const bySkew = Math.min((found.skew * found.half) / 6, 0.9);
    return { profile: bySkew, free: Math.max(C["off centre"], bySkew) }[interval] ?? 0;
  }

  const bothTails = (z) => (z === Infinity ? 0 : 2 * S.tail(z));

  function pRanges(line, reading) {
    const triple = S.box(S.without(line, "p"), reading.level);
    if (triple.isEmpty) return [];
    const found = shape(line, reading.level);
    const [least, greatest] = pFactors(reading.p_of, Math.min(found.skew * found.b, 50), found.b);
    const loss = reading.p_of === "exact" ? found.s / 2 : 0;
    const [fromP, toP] = S.pRange(triple);
    const [low, high] = [zOf(toP), zOf(fromP)];
    const p = [bothTails(high * greatest + loss), bothTails(Math.max(0, low * least - loss))];
    if (reading.sides === 2) return [p];
    return [
      [p[0] / 2, p[1] / 2],
      [1 - p[1] / 2, 1 - p[0] / 2],
    ];
  }

  // --- rows ---------------------------------------------------------------------------------------------------------

  const value = (number) => S.valueOf(number);
  const isBelow = (number, bound) => Boolean(number) && S.compare(value(number), bound) < 0;
  const textOf = (line) => {
    const [hr, lower, upper, p] = S.textsOf(line);
    const ratio = [hr, lower || upper ? `(${lower || "?"}–${upper || "?"})` : ""].filter(Boolean).join(" ");
    return [ratio, p ? `p ${p}` : ""].filter(Boolean).join(", ");
  };

  /** The row with its limits in order, and whether they were printed in reverse. */
  function inOrder(line) {
    const { lower, upper } = line;
    if (lower && upper && S.compare(value(lower), value(upper)) > 0) return [{ ...line, lower: upper, upper: lower }, true];
    return [line, false];
  }

  function noSuchRow(row) {
    if (C["no such interval"].includes(row.interval)) {
      return `${row.interval} limits are no confidence limits; nothing follows for the ratio`;
    }
    const words = row.measure.toLowerCase().match(/[a-z]+/g) ?? [];
    if (words.some((word) => C["no such measure"].includes(word))) return `${row.measure} is no ratio`;
    const { hr, lower, upper } = row.line;
    if (hr && [hr, lower, upper].some((n) => isBelow(n, 0))) {
      return "a ratio is never below 0: this is a difference or a coefficient";
    }
    return "";
  }

  const usable = (row) => (C["no such p"].includes(row.p_of) ? S.without(row.line, "p") : row.line);

  function width(number) {
    if (!number || number.bound || number.units <= 0n) return Infinity;
    return S.toNumber(S.fraction(1, 10n ** BigInt(number.places))) / S.toNumber(value(number));
  }

  function density(line, reading) {
    if (isWald(reading)) return reading.digits === "some cut" ? 0.2 : 1;
    const found = shape(line, reading.level);
    if (!Number.isFinite(found.half)) return 1;
    const centre = width(line.hr) + (width(line.lower) + width(line.upper)) / 2;
    const wide = { profile: found.half ** 2 / 6, free: C["off centre"] * found.half }[reading.interval] ?? 0;
    const chance = wide ? Math.min(1, centre / wide) : 1;
    const p = line.p && !line.p.bound ? S.toNumber(value(line.p)) : NaN;
    if (!(p > 0 && p < 1) || (reading.p_of === "wald" && !wide)) {
      return reading.interval === "simultaneous" ? 0.5 * chance : chance;
    }
    const z = found.b / found.s;
    const dense = Math.max(1e-300, (2 * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI));
    const unit = S.toNumber(S.fraction(1, 10n ** BigInt(line.p.places)));
    const room = unit / dense + width(line.hr) / found.s + (z * centre) / found.half;
    const moved = { lr: (z * found.b) / 6, score: (z * found.b ** 2) / 12, exact: found.s / 4, adjusted: z / 4 };
    const spread = moved[reading.p_of] ?? 0;
    return spread ? chance * Math.min(1, room / spread) : chance;
  }

  // --- the weight of each reading -----------------------------------------------------------------------------------

  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const explainedBy = ({ readings }, line) => !readings.length || readings.some((reading) => explains(line, reading));

  function logMean(logs) {
    const most = Math.max(...logs);
    return most + Math.log(sum(logs.map((log) => Math.exp(log - most))) / logs.length);
  }

  function weights(lines, candidates, stated) {
    const [wald] = candidates;
    const slip = Math.log(C.slip * C["any number"]);
    const holds = lines.map((line) => explains(line, wald));
    const logs = [];
    for (const reading of candidates) {
      const each = lines.map((line, i) => {
        if (!explains(line, reading)) return slip;
        const dense = density(line, reading);
        return Math.log(holds[i] ? dense : Math.max(dense, C["any number"]));
      });
      logs.push([[reading], Math.log(reading.prior) + sum(each)]);
      if (reading === wald) continue;
      const mixed = SHARES.map((share) =>
        sum(each.map((log, i) => Math.log((1 - share) * (holds[i] ? 1 : Math.exp(slip)) + share * Math.exp(log)))),
      );
      const prior = Math.log((C["mixture prior"] * reading.prior) / (1 - C["wald prior"]));
      logs.push([[wald, reading], prior + logMean(mixed)]);
    }
    if (!stated) logs.push([[], Math.log(C["unknown prior"]) + lines.length * Math.log(C["unknown row"])]);
    const most = Math.max(...logs.map(([, log]) => log));
    const total = sum(logs.map(([, log]) => Math.exp(log - most)));
    return logs
      .map(([readings, log]) => ({ readings, weight: Math.exp(log - most) / total }))
      .sort((a, b) => b.weight - a.weight);
  }

  // --- a table ------------------------------------------------------------------------------------------------------

  /** Judge rows {line, measure, level, sides, interval, p_of, digits}: {reading, reason, rows}. */
  function judgeTable(rows) {
    const groups = new Map();
    rows.forEach((row, place) => {
      const making = JSON.stringify([row.level, row.sides, row.interval, row.p_of, row.digits]);
      groups.set(making, [...(groups.get(making) ?? []), place]);
    });
    const judged = [];
    const made = [...groups.values()].map((places) => {
      const group = groupOf(places.map((place) => rows[place]));
      places.forEach((place, i) => (judged[place] = judge(group, i)));
      return group;
    });
    if (!made.length) return { reading: "", reason: "no rows", rows: [] };
    const largest = made.reduce((a, b) => (b.rows.length > a.rows.length ? b : a));
    return { reading: largest.reading, reason: largest.reason, rows: judged };
  }

  function groupOf(rows) {
    const lines = rows.map((row) => inOrder(usable(row)));
    const stated = Boolean(rows[0].interval && rows[0].p_of);
    const candidates = readingsFor(rows[0]);
    const tested = rows
      .map((row, i) => [row, lines[i][0]])
      .filter(([row, line]) => !noSuchRow(row) && S.given(line).length >= ENOUGH && S.isOrdered(line))
      .map(([, line]) => line);
    const hypotheses = weights(tested, candidates, stated);
    const [best] = hypotheses;
    const shown = tested.filter((line) => !explains(line, candidates[0])).length;
    const group = { rows, lines, stated, candidates, hypotheses, best, shown };
    group.isSharp = tested.length > SHOWN_BY && best.readings.length > 0 && best.readings.every(isWald);
    group.otherMaking = !group.isSharp && shown >= SHOWN_BY;
    group.reading = best.readings.map(({ says }) => says).join(" or ") || "none of the known readings";
    group.reason = whyOf(group, tested.length);
    return group;
  }

  function whyOf({ stated, candidates, best, shown }, n) {
    const [wald] = candidates;
    if (!n) return "no row prints enough numbers to tell";
    if (stated || candidates.length === 1) return `stated: ${wald.says}`;
    if (best.readings.length === 1 && best.readings[0] === wald) {
      return `${n - shown} of ${n} rows are printed by: ${wald.says}`;
    }
    return `this table is not printed by ${wald.says}: ${shown} of ${n} rows show it`;
  }

  const judgement = (line, rest) => ({ read_as: textOf(line), reading: "", chance: null, reason: "", repair: "", ...rest });

  function judge(group, place) {
    const row = group.rows[place];
    const [line, reverse] = group.lines[place];
    const [wald] = group.candidates;
    const none = noSuchRow(row);
    if (none) return judgement(line, { verdict: "not-testable", reason: none });
    const { p } = line;
    if (p && (S.compare(value(p), 1) > 0 || isBelow(p, 0)) && ![">", "≥"].includes(p.bound)) {
      return flagged(group, place, `p is printed ${p.text}: no probability is.`);
    }
    if (!S.isOrdered(line)) return flagged(group, place, "The ratio does not lie between its limits.");
    if (S.given(line).length < ENOUGH) {
      return judgement(line, {
        verdict: "not-testable",
        reason: "too few numbers are printed to hold one against another",
      });
    }
    const note = reverse ? " The limits are printed in reverse." : "";
    if (explains(line, wald)) {
      const reason = `One log ratio and its standard error print all of it.${note}`;
      return judgement(line, { verdict: "coherent", reading: wald.says, reason });
    }
    return otherwise(group, place, note);
  }

  function otherwise(group, place, note) {
    const [line] = group.lines[place];
    const [wald] = group.candidates;
    const able = group.hypotheses.filter((hypothesis) => explainedBy(hypothesis, line));
    const weight = sum(able.map((hypothesis) => hypothesis.weight));
    const reading = able.flatMap(({ readings }) => readings).find((one) => explains(line, one));
    if (!reading && group.otherMaking && group.candidates.some((one) => explains(line, one, false, true))) {
      const reason = `Farther off than such tables show, but for a covariate that is skewed in its own units.${note}`;
      return judgement(line, { verdict: "query", reading: group.reading, reason });
    }
    const says = reading ? reading.says : "a method that is not known here";
    const said = { reading: says };
    if (reading && isNamed(group, reading)) {
      return judgement(line, { ...said, verdict: "coherent", reason: `So the table's rows are printed: ${says}.${note}` });
    }
    const against = reading ? contradicts(group, line, able) : 0;
    if (against) {
      const only = `Possible, but not with an interval by Wald: ${says}.${note}`;
      return judgement(line, { ...said, verdict: "query", reason: `${contraryTo(against, line).trimStart()} ${only}` });
    }
    if (weight >= C["query below"] || (reading && !group.isSharp)) {
      if (!reading || (LOOSE.includes(reading.interval) && group.best.weight < C["named above"])) {
        const reason = `Not made by Wald's method, and nothing tells which other it is; ${says} can print it.${note}`;
        return judgement(line, { ...said, verdict: "not-testable", reason });
      }
      if (reading.interval === "free") {
        const made = `As the table's rows are made (${says}), which does not say which numbers belong together.${note}`;
        return judgement(line, { ...said, verdict: "not-testable", reason: made });
      }
      const chance = chanceOf(group, line);
      return judgement(line, { ...said, verdict: "reproduced-if", chance, reason: `Only as ${says}.${note}` });
    }
    if (weight >= C["accuse below"]) {
      const reason = `The rows beside it are printed by ${wald.says}; this one only by ${says}.${note}`;
      return judgement(line, { ...said, verdict: "query", reason });
    }
    if (!group.stated && explains(line, wald, true)) {
      const reason = `Off by so little that it may have been rounded twice, inverted or worked out by hand.${note}`;
      return judgement(line, { verdict: "query", reading: wald.says, reason });
    }
    return flagged(group, place, `No admissible reading prints it.${note}`);
  }

  /** Whether p contradicts an interval that is likely Wald's; 0 where a p of another test can lie so. */
  function contradicts({ stated, isSharp, otherMaking, candidates }, line, able) {
    if (stated || isSharp || otherMaking) return 0;
    const byWald = ({ readings }) => readings.some((one) => one.interval === "wald" && explains(line, one));
    return able.some(byWald) ? 0 : intervalAgainstP(line, candidates[0].level);
  }

  function isNamed({ candidates, hypotheses, best, shown }, reading) {
    if (candidates.length === 1) return true;
    if (reading.interval === "free" || shown <= SHOWN_BY) return false;
    const others = hypotheses.filter(({ readings }) => readings.some((r) => !isWald(r) || r !== candidates[0]));
    return sum(others.map(({ weight }) => weight)) >= C["named above"] && best.readings.includes(reading);
  }

  const halfEven = (x) => {
    const down = Math.floor(x);
    return x - down === 0.5 ? down + (down % 2) : Math.round(x);
  };

  function chanceOf({ candidates }, line) {
    if (line.p && !line.p.bound) {
      const ranges = candidates.flatMap((reading) => pRanges(line, reading)).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      if (ranges.length) return covered(ranges, line.p);
    }
    const share = Math.max(...candidates.map((reading) => offCentre(shape(line, reading.level), reading)));
    return [Math.max(1, halfEven(100 * Math.min(1, share))), 100];
  }

  function covered(ranges, { places }) {
    const steps = 10 ** places;
    let [last, count] = [-1, 0];
    for (const [low, high] of ranges) {
      const first = Math.max(last + 1, Math.floor(low * steps + 0.5));
      const until = Math.min(steps, Math.floor(high * steps + 0.5));
      count += Math.max(0, until - first + 1);
      last = Math.max(last, until);
    }
    return [count, steps + 1];
  }

  function flagged(group, place, why) {
    const [line] = group.lines[place];
    const reading = group.best.readings[0] ?? group.candidates[0];
    const contrary = reading.interval === "free" ? 0 : intervalAgainstP(line, reading.level, reading.sides);
    let reason = why;
    if (contrary) reason += contraryTo(contrary, line);
    let [repair, chance] = ["", null];
    if (isWald(reading) && reading.digits === "rounded" && reading.sides === 2) {
      const beside = [place - 1, place + 1].filter((i) => group.lines[i]).map((i) => group.lines[i][0]);
      const copy = S.copied(line, beside, reading.level);
      const found = copy ? null : S.search(usable(group.rows[place]), beside, reading.level);
      if (copy) {
        const where = copy.source ? WORDS[copy.source] : "the number beside it in the next row";
        const [first, ...rest] = WORDS[copy.name];
        reason += ` ${first.toUpperCase()}${rest.join("")} repeats ${where}.`;
      } else if (found.outcome === "unique") {
        [repair, chance] = [textOf(S.asLine(found.candidates[0].texts)), S.chance(found)];
      }
    }
    const verdict = contrary ? "decision" : "inconsistent";
    return judgement(line, { verdict, reading: reading.says, chance, reason, repair });
  }

  const contraryTo = (contrary, line) =>
    ` The interval ${contrary > 0 ? "excludes" : "covers"} 1, while p is ${line.p.text}.`;

  /** 1 when the interval excludes 1 and p says the contrary, −1 when it covers 1 and p says so, else 0. */
  function intervalAgainstP(line, level = 0.95, sides = 2) {
    if (!line.p || !line.lower || !line.upper) return 0;
    const alpha = S.fraction(Math.round((1 - level) * 1e6), 1000000n * BigInt(3 - sides));
    const [p, low, high] = [line.p, line.lower, line.upper].map((number) => S.standsFor(number));
    const [top, bottom] = [S.compare(p.high, alpha), S.compare(p.low, alpha)];
    const below = top < 0 || (top === 0 && p.highOpen);
    const above = bottom > 0 || (bottom === 0 && p.lowOpen);
    if (above && S.compare(low.low, high.high) <= 0 && (S.compare(low.low, 1) > 0 || S.compare(high.high, 1) < 0)) return 1;
    return below && S.compare(low.high, 1) < 0 && S.compare(high.low, 1) > 0 ? -1 : 0;
  }

  globalThis.SecondLookReadings = Object.freeze({ KINDS, READINGS, readingsFor, explains, judgeTable, textOf });
})();

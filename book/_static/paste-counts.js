/* Second Look, in the page: a row of counts of two groups, its percentages and its p. Pure functions, no document.

   A port of secondlook.stats.count_readings, p_of_counts, percentages and ordered (Python) for one row, under the names
   used there, which also say why each step is as it is. tests/book/test_paste.py compares the two. */
(() => {
  "use strict";

  const S = globalThis.SecondLook;
  const WORST = ["inconsistent", "query", "reproduced-if", "reproduced", "coherent", "not-testable"];
  const FLAGS = WORST.slice(0, 3);
  const MOST_TABLES = 60;
  const MOST_COUNTED = 100000;
  const HANDLED = { rounded: "", cut: "digits cut off", twice: "rounded twice" };
  const CUSTOMARY = ["pearson", "fisher"];
  const NAMES = {
    ...S.TESTS,
    fisher_doubled: "Fisher's exact test, the smaller side doubled",
    kruskal_wallis: "Kruskal–Wallis test",
    cochran_armitage: "Cochran–Armitage trend test",
    linear_by_linear: "linear-by-linear association",
    wilcoxon_corrected: "Wilcoxon test with continuity correction",
    t_test: "t test on the codes of the levels",
    welch: "Welch's t test on the codes of the levels",
    wald_difference: "Wald test of the difference of proportions",
    wald_log_odds: "Wald test of the odds ratio",
  };
  const P_OF = {
    "": [],
    chi2: ["pearson", "yates"],
    lr: ["likelihood_ratio"],
    ...Object.fromEntries(Object.keys(NAMES).map((key) => [key, [key]])),
  };

  // --- fractions ----------------------------------------------------------------------------------------------------

  const isNumber = (x) => typeof x === "number";
  const exact = (x) => (isNumber(x) ? S.fromNumber(x) : x);
  const power = (places) => 10n ** BigInt(places);
  const minus = (a, b) => S.fraction(a.n * b.d - b.n * a.d, a.d * b.d);
  const scaled = (a, n, d = 1n) => S.fraction(a.n * BigInt(n), a.d * BigInt(d));
  const least = (a, b) => (S.compare(a, b) <= 0 ? a : b);
  const chanceOf = (n, d) => (n >= d ? [1, 1] : [n, d]);

  // --- Student's t: the incomplete beta function by its continued fraction (Lentz) -------------------------------------

  /* log Γ, Lanczos with nine terms (Godfrey): fifteen digits. */
  const LANCZOS = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ]; // prettier-ignore

  function logGamma(x) {
    if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
    const t = x + 6.5;
    const series = LANCZOS.slice(1).reduce((sum, term, i) => sum + term / (x + i), LANCZOS[0]);
    return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
  }

  function betaFraction(a, b, x) {
    const tiny = 1e-300;
    const safe = (value) => (Math.abs(value) < tiny ? tiny : value);
    let c = 1;
    let d = 1 / safe(1 - ((a + b) * x) / (a + 1));
    let made = d;
    for (let m = 1; m < 10000; m += 1) {
      const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
      const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
      let step = 1;
      for (const term of [even, odd]) {
        d = 1 / safe(1 + term * d);
        c = safe(1 + term / c);
        step = d * c;
        made *= step;
      }
      if (Math.abs(step - 1) < 1e-16) break;
    }
    return made;
  }

  function incompleteBeta(a, b, x) {
    if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
    const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
    return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b;
  }

  /** Two-sided p of t² on so many degrees of freedom. */
  const studentP = (free, square) => incompleteBeta(free / 2, 0.5, free / (free + square));

  // --- tests over the codes of two levels -----------------------------------------------------------------------------

  function orderedTests([[a, b], [c, d]]) {
    const [first, second, with_, without] = [a + c, b + d, a + b, c + d];
    if (!first || !second || !with_ || !without) return {};
    const total = first + second;
    const square = (a * d - b * c) ** 2 / (first * second * with_ * without);
    const made = { wilcoxon_corrected: wilcoxon([first, second, with_, without], total, a, c) };
    const isPerfect = (!a && !d) || (!b && !c);
    if (!isPerfect && total > 2) made.t_test = studentP(total - 2, (square * (total - 2)) / (1 - square));
    const welch = welchP([a, c], [b, d]);
    if (welch !== null) made.welch = welch;
    return made;
  }

  function wilcoxon([first, second, with_, without], total, a, c) {
    // twice the distance of the rank sum of the first group from its mean; levels are ranked 1, 2
    const ranks = a * (with_ + 1) + c * (2 * with_ + without + 1);
    const distance = Math.abs(ranks - first * (total + 1)) / 2;
    const ties = (with_ ** 3 - with_ + (without ** 3 - without)) / (total * (total - 1));
    const variance = ((first * second) / 12) * (total + 1 - ties);
    const z = (distance ? distance - 0.5 : 0) / Math.sqrt(variance);
    return Math.min(1, z >= 0 ? 2 * S.tail(z) : 2 - 2 * S.tail(-z));
  }

  function welchP(...columns) {
    const sizes = columns.map(([n, rest]) => n + rest);
    if (Math.min(...sizes) < 2) return null;
    const means = columns.map(([, rest], i) => rest / sizes[i]);
    const errors = columns.map(([n, rest], i) => (n * rest) / sizes[i] / (sizes[i] * (sizes[i] - 1)));
    const both = errors[0] + errors[1];
    if (!both) return null;
    const free = both ** 2 / (errors[0] ** 2 / (sizes[0] - 1) + errors[1] ** 2 / (sizes[1] - 1));
    return studentP(free, (means[0] - means[1]) ** 2 / both);
  }

  const twoSided = (z) => Math.min(1, 2 * S.tail(Math.abs(z)));

  function waldTests([[a, b], [c, d]]) {
    const [first, second] = [a + c, b + d];
    const made = {};
    if (first && second && a + b && c + d) {
      const variance = (a * c) / first ** 3 + (b * d) / second ** 3;
      if (variance) made.wald_difference = twoSided((a / first - b / second) / Math.sqrt(variance));
    }
    if (a && b && c && d) {
      made.wald_log_odds = twoSided(Math.log((a * d) / (b * c)) / Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d));
    }
    return made;
  }

  const values = new Map();

  /** The p of every test that is defined, by key of NAMES. */
  function pValues(table) {
    const key = table.flat().join();
    if (!values.has(key)) {
      if (values.size > 2000) values.clear();
      const found = S.allTests(table);
      if ("fisher_less" in found) found.fisher_doubled = doubled(found.fisher_less, found.fisher_greater);
      values.set(key, { ...found, ...orderedTests(table), ...waldTests(table) });
    }
    return values.get(key);
  }

  function doubled(less, greater) {
    if (isNumber(less)) return Math.min(1, 2 * Math.min(less, greater));
    return least(S.fraction(1), scaled(least(less, greater), 2));
  }

  // --- p as printed -------------------------------------------------------------------------------------------------

  const asProbability = (printed) => (printed.places || printed.bound ? printed : S.parse(`${printed.text}.00`));
  const possibleStrings = (printed) => 10 ** asProbability(printed).places + 1;

  /** The ends of what a program may have computed: 0.999… for 1.0, but an exact fraction as it is. */
  function around(value) {
    const middle = exact(value);
    if (!isNumber(value)) return [middle, middle];
    const slack = S.fraction(middle.n < 0n ? -middle.n : middle.n, middle.d * 10n ** 11n);
    const high = S.fraction(middle.n * slack.d + slack.n * middle.d, middle.d * slack.d);
    return [minus(middle, slack), high];
  }

  function prints(value, printed, handled = "rounded") {
    if (handled === "twice") return !printed.bound && S.matches(printed, fixed(value, printed.places + 1));
    if (handled === "cut") return !printed.bound && S.matches(printed, around(value)[0], exact(value), "truncated");
    return S.matches(printed, ...around(value));
  }

  const fixed = (value, places) => S.valueOf(S.parse(S.show(value, places)));

  function strings(value, places, handled) {
    if (handled === "cut") return [around(value)[0], exact(value)].map((end) => S.show(end, places, "truncated"));
    const [low, high] = around(handled === "twice" ? fixed(value, places + 1) : value);
    return [S.show(minus(low, S.fraction(1, power(places + 15))), places), S.show(high, places)];
  }

  /** A p as programs have it, in floating point, where cutting digits off shows the difference. */
  const computed = (p, how) => (how === "cut" ? S.toNumber(p) : p);

  function readings(table, printed, tests = Object.keys(NAMES), handled = Object.keys(HANDLED)) {
    const [found, p] = [pValues(table), asProbability(printed)];
    return handled.flatMap((how) =>
      tests.filter((test) => test in found && prints(computed(found[test], how), p, how)).map((test) => ({ test, name: nameOf(test, how) })),
    );
  }

  const nameOf = (test, how) => [NAMES[test], HANDLED[how]].filter(Boolean).join(", ");

  function isPossible(printed) {
    const value = S.valueOf(printed);
    const [over, under] = [S.compare(value, 0), S.compare(value, 1)];
    if (["<", "≤"].includes(printed.bound)) return over > 0 && under <= 0;
    return over >= 0 && (printed.bound ? under < 0 : under <= 0);
  }

  function chance(tables, printed) {
    const found = tables.flatMap((table) => Object.values(pValues(table)));
    const count = possibleStrings(printed);
    if (printed.bound) return chanceOfBound(found, printed, count);
    const { places } = asProbability(printed);
    const texts = new Set(found.flatMap((p) => Object.keys(HANDLED).flatMap((how) => strings(computed(p, how), places, how))));
    return chanceOf(texts.size, count);
  }

  /** Of the bounds n / (count − 1), how many lie above the smallest p, or below the largest. */
  function chanceOfBound(found, printed, count) {
    const below = ["<", "≤"].includes(printed.bound);
    const ends = found.map(exact);
    const end = ends.reduce((a, b) => (S.compare(a, b) < 0 === below ? a : b));
    const steps = BigInt(count - 1);
    const size = end.n * steps;
    const [down, up] = [size / end.d, (size + end.d - 1n) / end.d];
    const number = below ? Number(steps - down) : Number(up);
    return [Math.max(0, Math.min(number, count)), count];
  }

  function transformed(table, printed, tests) {
    const { places } = printed;
    const most = S.compare(S.valueOf(printed), 1) > 0 ? S.valueOf(printed) : S.fraction(1);
    const found = pValues(table);
    return tests
      .filter((key) => key in found)
      .flatMap((key) => {
        const p = exact(found[key]);
        const shown = S.valueOf(S.parse(S.show(p, places)));
        const slips = [
          ["the complement of", minus(S.fraction(1), p)],
          ["twice", scaled(p, 2)],
          ["half of", scaled(p, 1, 2)],
          ...[p, shown].flatMap((of) => [scaled(of, 10), scaled(of, 1, 10)]).map((moved) => ["a moved point in", moved]),
        ];
        return slips
          .filter(([, slipped]) => S.compare(slipped, 0) >= 0 && S.compare(slipped, most) <= 0)
          .map(([what, slipped]) => [S.show(slipped, places), `${what} ${NAMES[key]}`, S.show(p, places)]);
      });
  }

  // --- percentages --------------------------------------------------------------------------------------------------

  const share = (n, size) => S.fraction(100 * n, size);
  const upTo = (size) => Array.from({ length: size + 1 }, (_, n) => n);
  const handledHow = (pct, n, size) => Object.keys(HANDLED).find((how) => prints(share(n, size), pct, how)) ?? "";
  const otherCounts = (pct, size) => upTo(size).filter((n) => S.matches(pct, share(n, size)));
  const possiblePercents = (pct) => 100 * 10 ** pct.places + 1;

  function knownSizes(pct, n, size) {
    const from = Math.max(n, 1, Math.floor(size / 2));
    return upTo(size - 1).filter((known) => known >= from && S.matches(pct, share(n, known)));
  }

  function percentChance(pct, shares) {
    const how = Object.keys(HANDLED);
    const texts = new Set(shares.flatMap((value) => how.flatMap((one) => strings(value, pct.places, one))));
    return chanceOf(texts.size, possiblePercents(pct));
  }

  const part = (verdict, reason, rest = {}) => ({ verdict, reason, reading: "", chance: null, repair: "", ...rest });

  function percentage({ n, size, pct }) {
    if (n !== null && size && n > size) return part("inconsistent", `${n} of ${size} is more than everyone.`);
    if (!pct || !size) return null;
    if (n === null) return withoutCount({ size, pct });
    const how = handledHow(pct, n, size);
    const said = `${n} of ${size} is ${S.show(share(n, size), pct.places)} %`;
    if (how === "rounded") return part("reproduced", `${said}.`);
    if (how) {
      const reason = `${said}; ${HANDLED[how]} it is ${pct.text} %.`;
      return part("reproduced-if", reason, { reading: HANDLED[how], chance: percentChance(pct, [share(n, size)]) });
    }
    return ofKnown({ n, size, pct }, said) ?? wrongPercentage({ n, size, pct }, said);
  }

  function withoutCount({ size, pct }) {
    const said = `${pct.text} % of ${size} patients`;
    const counts = otherCounts(pct, size);
    if (counts.length) return part("coherent", `${said} is ${counts.slice(0, 3).join(" or ")} of them.`);
    if (upTo(size).some((n) => handledHow(pct, n, size))) {
      return part("query", `${said} is a whole number of them only with its digits cut off or rounded twice.`);
    }
    return part("query", `${said} is no whole number of them; it may be of fewer, whose values are known.`);
  }

  function ofKnown({ n, size, pct }, said) {
    const sizes = knownSizes(pct, n, size);
    if (!sizes.length) return null;
    const from = sizes[0];
    const shares = upTo(size - 1).filter((known) => known >= from).map((known) => share(n, known)); // prettier-ignore
    const reason = `${said}; ${pct.text} % would be of ${sizes.at(-1)}, if the others are not known.`;
    return part("query", reason, { chance: percentChance(pct, shares) });
  }

  function wrongPercentage({ n, size, pct }, said) {
    const counts = otherCounts(pct, size);
    if (counts.length) {
      const ways = counts.join(" or ");
      return part("inconsistent", `${said}, and ${pct.text} % is printed, which is ${ways} of ${size}.`);
    }
    const reason = `${said}, and ${pct.text} % is printed, which is no number of ${size}.`;
    return part("inconsistent", reason, { repair: `${S.show(share(n, size), pct.places)} % for ${pct.text} %` });
  }

  // --- p ------------------------------------------------------------------------------------------------------------

  function pValue(groups, p, tests) {
    if (!p) return null;
    const tables = tablesOf(groups);
    if (!isPossible(p)) return part("inconsistent", `A p value lies between 0 and 1, and ${p.text} is printed.`);
    if (!tables.length) return part("not-testable", "The p value stands beside no counts that make a table.");
    if (tables.length > MOST_TABLES) {
      return part("not-testable", "The percentages leave too many counts possible for p to be tested.");
    }
    const counted = tables.length === 1 || groups.every(({ n }) => n !== null);
    const usual = counted ? readings(tables[0], p, tests, ["rounded"]) : [];
    if (usual.length) return part("reproduced", `${usual[0].name} gives ${p.text}.`);
    const found = tables.flatMap((table) => readings(table, p));
    if (found.length) {
      const names = new Map();
      for (const { test, name } of [...found].reverse()) names.set(test, name); // a test stands where it was last found
      const said = [...names.values()].reverse();
      return part("reproduced-if", `${said.join(" or ")} gives ${p.text}.`, { reading: said[0], chance: chance(tables, p) });
    }
    return wrongP(tables[0], p, tests);
  }

  function wrongP(table, p, tests) {
    const found = pValues(table);
    const gives = tests.filter((test) => test in found).map((test) => `${NAMES[test]} gives ${S.showLike(found[test], p)}`);
    const reason = `${gives.join(", ")}, and ${p.text} is printed, which no other test gives.`;
    const tried = transformed(table, p, tests);
    const hits = new Map(tried.filter(([text]) => text === p.text).map(([, what, true_]) => [true_, what]));
    if (hits.size !== 1) return part("inconsistent", reason);
    const [[true_, what]] = hits;
    const texts = new Set(tried.map(([text]) => text));
    return part("inconsistent", `${reason} It is ${what} (${true_}).`, {
      chance: chanceOf(texts.size, possibleStrings(p)),
      repair: `p ${true_} for ${p.text}`,
    });
  }

  const countsOf = ({ n, size, pct }) => (n !== null ? [n] : pct && size ? otherCounts(pct, size) : []);
  const rest = ({ size }, n) => (size && size >= n ? size - n : null);

  function tablesOf(groups) {
    const [first, second] = groups;
    return countsOf(first).flatMap((a) =>
      countsOf(second)
        .map((b) => [
          [a, b],
          [rest(first, a), rest(second, b)],
        ])
        .filter(([, others]) => !others.includes(null)),
    );
  }

  /** New parts where exactly one other count of a group prints both its percentage and p. */
  function otherCount(groups, p, tests, place) {
    const cell = groups[place];
    if (cell.n === null || !isPossible(p)) return {};
    const fitting = otherCounts(cell.pct, cell.size).filter((n) => {
      const tables = tablesOf(groups.map((group, i) => (i === place ? { ...group, n } : group)));
      return tables.length && readings(tables[0], p, tests, ["rounded"]).length;
    });
    if (fitting.length !== 1) return {};
    const [n] = fitting;
    const both = possiblePercents(cell.pct) * possibleStrings(p);
    const reason = `${n} of ${cell.size} would be ${cell.pct.text} % and give p ${p.text}; ${cell.n} gives neither.`;
    return {
      [`pct_${place + 1}`]: part("inconsistent", reason, {
        chance: chanceOf((cell.size + 1) * tests.length, both),
        repair: `${n} for ${cell.n}`,
      }),
      p: part("coherent", `${p.text} agrees with the percentages.`),
    };
  }

  // --- a row --------------------------------------------------------------------------------------------------------

  function unfit(name, text) {
    const number = S.parse(text);
    if (name === "p" || name.startsWith("pct_")) return;
    if (number.bound || number.places || number.units < 0n) throw new RangeError(`${name}: '${text}' is not a whole number`);
    if (number.units > BigInt(MOST_COUNTED)) throw new RangeError(`${name}: ${text} is more than ${MOST_COUNTED} patients`);
    if (name.startsWith("size_") && !number.units) throw new RangeError(`${name}: a group of nobody`);
  }

  const written = ({ n, size, pct }) => `${n ?? "?"} of ${size ?? "?"}${pct ? ` (${pct.text} %)` : ""}`;

  /** Judge {n_1, size_1, n_2, size_2, pct_1, pct_2, p}, strings as printed. Throws a RangeError for what is none. */
  function judgeCounts(row, pOf = "") {
    for (const [name, text] of Object.entries(row)) if (text) unfit(name, text);
    const group = (i) => ({
      n: row[`n_${i}`] ? Number(row[`n_${i}`]) : null,
      size: row[`size_${i}`] ? Number(row[`size_${i}`]) : null,
      pct: row[`pct_${i}`] ? S.parse(row[`pct_${i}`]) : null,
    });
    const groups = [group(1), group(2)];
    const p = row.p ? S.parse(row.p) : null;
    const tests = P_OF[pOf].length ? P_OF[pOf] : CUSTOMARY;
    let parts = { pct_1: percentage(groups[0]), pct_2: percentage(groups[1]), p: pValue(groups, p, tests) };
    for (const name of Object.keys(parts)) if (!parts[name]) delete parts[name];
    const wrong = Object.keys(parts).filter((name) => ["inconsistent", "query"].includes(parts[name].verdict));
    if (wrong.length === 2 && wrong[1] === "p") parts = { ...parts, ...otherCount(groups, p, tests, Number(wrong[0].at(-1)) - 1) };
    return together(groups, row.p ?? "", Object.values(parts));
  }

  function together(groups, p, parts) {
    const said = { read_as: groups.map(written).join(" and ") + (p ? `, p ${p}` : ""), reading: "", chance: null, repair: "" };
    if (!parts.length) {
      const reason = "No percentage stands beside its count and the size of its group, and no p value beside counts.";
      return { ...said, verdict: "not-testable", reason };
    }
    const verdict = WORST.find((one) => parts.some((each) => each.verdict === one));
    const flags = parts.filter((each) => FLAGS.includes(each.verdict));
    const flagged = flags.length ? flags : parts;
    const chances = flagged.filter((each) => each.verdict === verdict && each.chance).map((each) => each.chance);
    return {
      ...said,
      verdict,
      reading: [...new Set(flagged.map((each) => each.reading).filter(Boolean))].join("; "),
      chance: chances.length ? chances.reduce((a, b) => (b[0] / b[1] > a[0] / a[1] ? b : a)) : null,
      reason: flagged.map((each) => each.reason).join(" "),
      repair: flagged.map((each) => each.repair).filter(Boolean).join("; "), // prettier-ignore
    };
  }

  globalThis.SecondLookCounts = Object.freeze({
    NAMES, P_OF, judgeCounts, pValues, prints, strings, asProbability, possibleStrings,
  }); // prettier-ignore
})();

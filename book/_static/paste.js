/* Second Look, in the page: the arithmetic behind "Paste your own". Pure functions, no document, no network.

   A port of secondlook.numbers.printed and slips, stats.wald, repairs and contingency (Python), under the names used
   there, which also say why each step is as it is. tests/book/test_paste.py compares the two on thousands of rows.
   Printed numbers and exact p values are fractions of whole numbers (BigInt); only logarithms and the normal
   distribution are floating point. */
(() => {
  "use strict";

  const CELLS = ["hr", "lower", "upper", "p"];
  const DATA = globalThis.SecondLookData;

  // --- exact numbers: {n, d}, a fraction with d > 0; ±Infinity as itself -------------------------------------------

  const power = (places) => 10n ** BigInt(places);
  const fraction = (n, d = 1n) => ({ n: BigInt(n), d: BigInt(d) });
  const isNumber = (value) => typeof value === "number";
  const bits = (n) => n.toString(16).length * 4;

  const EXACT = 2n ** 53n;

  /** The double nearest to a fraction. */
  function toNumber(value) {
    if (isNumber(value)) return value;
    const { n, d } = value;
    if (n === 0n) return 0;
    const size = n < 0n ? -n : n;
    if (size < EXACT && d < EXACT) return Number(n) / Number(d); // both are doubles, and one division rounds right
    const shift = 72 - bits(size) + bits(d);
    const [over, under] = shift >= 0 ? [size << BigInt(shift), d] : [size, d << BigInt(-shift)];
    const quotient = (over / under) | (over % under ? 1n : 0n); // a last bit for what is left, so that it rounds right
    const half = Math.trunc(shift / 2); // in two steps: 2^-shift itself may be too small for a double
    return (n < 0n ? -1 : 1) * Number(quotient) * 2 ** -half * 2 ** (half - shift);
  }

  /** The fraction that a double is. */
  function fromNumber(value) {
    let exponent = 0;
    while (!Number.isInteger(value)) [value, exponent] = [value * 2, exponent + 1];
    return fraction(BigInt(value), 1n << BigInt(exponent));
  }

  /** Less than 0, 0, more than 0 as `a` is less than, equal to, more than `b`. */
  function compare(a, b) {
    if (a === b) return 0;
    if (!isNumber(a) && !isNumber(b)) return Number(a.n * b.d - b.n * a.d > 0n) - Number(a.n * b.d - b.n * a.d < 0n);
    if (a === Infinity || b === -Infinity) return 1;
    if (a === -Infinity || b === Infinity) return -1;
    return compare(isNumber(a) ? fromNumber(a) : a, isNumber(b) ? fromNumber(b) : b);
  }

  // --- numbers as printed -------------------------------------------------------------------------------------------

  const PATTERN = /^([<>≤≥])?\s?([-\u2212+])?([0-9]*)(?:\.([0-9]+))?$/;
  const LONGEST = 40;

  /** Read a printed number: {text, units, places, bound}, its value units / 10^places. Throws a RangeError. */
  function parse(text) {
    const match = text.length <= LONGEST ? PATTERN.exec(text) : null;
    if (!match || !(match[3] || match[4])) {
      throw new RangeError(`“${text.slice(0, LONGEST)}” is not a printed number such as 12, 19.5 or <0.001`);
    }
    const [, bound = "", sign = "", whole, decimals = ""] = match;
    const size = BigInt((whole || "0") + decimals);
    return { text, units: sign && sign !== "+" ? -size : size, places: decimals.length, bound };
  }

  const valueOf = (number) => fraction(number.units, power(number.places));

  /** The set of reals that print so: {low, high, lowOpen, highOpen}. */
  function standsFor(number, reading = "nearest") {
    const { units, places, bound } = number;
    if (bound === "<" || bound === "≤") {
      return { low: -Infinity, high: valueOf(number), lowOpen: true, highOpen: bound === "<" };
    }
    if (bound) return { low: valueOf(number), high: Infinity, lowOpen: bound === ">", highOpen: true };
    const at = (tenths) => fraction(units * 10n + tenths, power(places + 1));
    if (reading === "nearest") return { low: at(-5n), high: at(5n), lowOpen: false, highOpen: false };
    if (units === 0n) return { low: at(-10n), high: at(10n), lowOpen: true, highOpen: true };
    return units < 0n
      ? { low: at(-10n), high: at(0n), lowOpen: true, highOpen: false }
      : { low: at(0n), high: at(10n), lowOpen: false, highOpen: true };
  }

  /** Whether some value from `low` to `high` (doubles or fractions) prints so. */
  function matches(number, low, high = low, reading = "nearest") {
    const set = standsFor(number, reading);
    const above = compare(high, set.low);
    const below = compare(low, set.high);
    return (above > 0 || (above === 0 && !set.lowOpen)) && (below < 0 || (below === 0 && !set.highOpen));
  }

  /** A value with so many decimals, halves away from zero. */
  function show(value, places, reading = "nearest") {
    const { n, d } = isNumber(value) ? fromNumber(value) : value;
    const size = n < 0n ? -n : n;
    const half = reading === "nearest" ? d : 0n;
    const digits = ((2n * size * power(places) + half) / (2n * d)).toString().padStart(places + 1, "0");
    const sign = n < 0n && /[1-9]/.test(digits) ? "-" : "";
    return sign + (places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits);
  }

  /** A value as `like` prints its own; one below a printed bound is shown as that bound. */
  const showLike = (value, like) => (like.bound && matches(like, value) ? like.text : show(value, like.places));

  /** An interval as `like` prints such numbers. */
  function showInterval([low, high], like) {
    if (low === Infinity || low === -Infinity) return "no finite number";
    if (high === Infinity) return `at least ${show(low, like.places)}`;
    const ends = [showLike(low, like), showLike(high, like)];
    return ends[0] === ends[1] ? ends[0] : ends.join("–");
  }

  // --- the normal distribution --------------------------------------------------------------------------------------

  const ROOT = Math.sqrt(2 * Math.PI);
  const density = (z) => Math.exp((-z * z) / 2) / ROOT;

  /** (1 − Φ(z)) / φ(z) for z ≥ 2.5, by Laplace's continued fraction. */
  function mills(z) {
    let rest = z;
    for (let k = 160; k > 0; k -= 1) rest = z + k / rest;
    return 1 / rest;
  }

  /** 1 − Φ(z) for z ≥ 0, to about 14 digits. */
  function tail(z) {
    if (z >= 2.5) return density(z) * mills(z);
    let [term, sum] = [z, 0];
    for (let k = 3; sum !== sum + term; k += 2) [sum, term] = [sum + term, (term * z * z) / k];
    return 0.5 - density(z) * sum;
  }

  const logTail = (z) => (z >= 2.5 ? Math.log(mills(z) / ROOT) - (z * z) / 2 : Math.log(tail(z)));
  const known = new Map();

  /** The z ≥ 0 with 1 − Φ(z) = q, for 0 < q ≤ 0.5. log(1 − Φ) is concave, so that Newton's steps only come closer. */
  function quantile(q) {
    if (q >= 0.5) return 0;
    if (!known.has(q)) {
      const target = Math.log(q);
      let z = Math.sqrt(-2 * Math.log(2 * q)); // never below the root, for 1 − Φ(z) ≤ exp(−z²/2) / 2
      for (let i = 0; i < 60; i += 1) {
        const hazard = z >= 2.5 ? 1 / mills(z) : density(z) / tail(z);
        const step = (logTail(z) - target) / hazard;
        z += step;
        if (Math.abs(step) <= 1e-15 * z) break;
      }
      known.set(q, Math.max(z, 0));
    }
    return known.get(q);
  }

  // --- the Wald box: all (log HR, SE) that print a row ---------------------------------------------------------------

  const TOLERANCE = 1e-9;
  const [FAR_B, FAR_S, FAR_Z] = [1e3, 1e5, 1e6];

  /** The least and the greatest multiple of the SE that makes the limits: the quantile, and its textbook rounding. */
  function zOfLevel(level) {
    const exact = quantile((1 - level) / 2);
    const textbook = Math.round(exact * 100) / 100;
    return [Math.min(exact, textbook), Math.max(exact, textbook)];
  }

  const log = (end) => Math.log(toNumber(end));
  const above0 = (end) => compare(end, 0) > 0;

  /** Ends of the logarithm of a printed ratio; an empty set when no positive number is so. */
  function logEnds(number) {
    if (!number) return [-Infinity, Infinity];
    const { low, high } = standsFor(number);
    if (!above0(high)) return [Infinity, -Infinity];
    return [above0(low) ? log(low) : -Infinity, log(high)];
  }

  /** Ends of |b| / s of a printed two-sided p; an empty set when no probability is so. */
  function zEnds(number) {
    if (!number) return [0, FAR_Z];
    const { low, high } = standsFor(number);
    if (compare(low, 1) > 0 || compare(high, 0) < 0) return [FAR_Z, -1];
    const least = above0(high) ? quantile(Math.min(1, toNumber(high)) / 2) : FAR_Z;
    return [Math.min(least, FAR_Z), above0(low) ? quantile(toNumber(low) / 2) : FAR_Z];
  }

  const asLine = (texts) => Object.fromEntries(CELLS.map((name, i) => [name, texts[i] ? parse(texts[i]) : null]));
  const textsOf = (line) => CELLS.map((name) => (line[name] ? line[name].text : ""));
  const without = (line, ...names) => ({ ...line, ...Object.fromEntries(names.map((name) => [name, null])) });
  const given = (line) => CELLS.filter((name) => line[name]);

  /** The part of a convex polygon with a·b + c·s ≤ d (Sutherland and Hodgman). */
  function clip(polygon, [a, c, d]) {
    const kept = [];
    polygon.forEach(([b0, s0], i) => {
      const [b1, s1] = polygon[(i + 1) % polygon.length];
      const [room0, room1] = [d - a * b0 - c * s0, d - a * b1 - c * s1];
      if (room0 >= 0) kept.push([b0, s0]);
      if (room0 < 0 !== room1 < 0) {
        const share = room0 / (room0 - room1);
        kept.push([b0 + share * (b1 - b0), s0 + share * (s1 - s0)]);
      }
    });
    return kept.filter(([b, s], i) => kept.findIndex((other) => other[0] === b && other[1] === s) === i);
  }

  /** The half-planes of one ratio: HR, L or U. */
  function ratioPlanes(line, name, [least, greatest]) {
    const slopes = { hr: [0, 0], lower: [-greatest, -least], upper: [least, greatest] };
    const [low, high] = logEnds(line[name]);
    const planes = [];
    if (high < Infinity) planes.push([1, slopes[name][0], high + TOLERANCE]);
    if (low > -Infinity) planes.push([-1, -slopes[name][1], -low + TOLERANCE]);
    return planes;
  }

  /** The half-planes of p on one side of b = 0. */
  function pPlanes(line, sign) {
    const [low, high] = zEnds(line.p);
    return [
      [-sign, 0, TOLERANCE],
      [-sign, low, TOLERANCE],
      [sign, -high, TOLERANCE],
    ];
  }

  const WHOLE = [
    [-FAR_B, 0],
    [FAR_B, 0],
    [FAR_B, FAR_S],
    [-FAR_B, FAR_S],
  ];
  const cut = (polygon, planes) => planes.reduce(clip, polygon);

  /** All (b, s) that print a row, as at most two convex polygons. */
  function box(line, level = 0.95) {
    const z = zOfLevel(level);
    const whole = cut(
      WHOLE,
      ["hr", "lower", "upper"].flatMap((name) => ratioPlanes(line, name, z)),
    );
    const parts = line.p ? [-1, 1].map((sign) => cut(whole, pPlanes(line, sign))) : [whole];
    const polygons = parts.filter((part) => part.length);
    return { polygons, z, isEmpty: !polygons.length };
  }

  const unbounded = (b) => (Math.abs(b) > FAR_B / 4 ? Math.sign(b) * Infinity : b);

  function range(found, of) {
    const values = found.polygons.flat().map(([b, s]) => of(b, s));
    return [Math.min(...values), Math.max(...values)];
  }

  const exponential = (ends) => ends.map((b) => Math.exp(unbounded(b)));

  function seRange(found) {
    const [low, high] = range(found, (_, s) => s);
    return [Math.max(0, low), high > FAR_S / 4 ? Infinity : high];
  }

  /** The least and the greatest |b| / s in a polygon: 0 where b may be 0, else at vertices. */
  function zRange(polygon) {
    const ratios = polygon.map(([b, s]) => (s > 0 ? Math.abs(b) / s : b ? Infinity : 0));
    const bs = polygon.map(([b]) => b);
    const straddles =
      (Math.min(...bs) <= 0 && Math.max(...bs) >= 0) || Math.max(...polygon.map(([, s]) => s)) > FAR_S / 4;
    return [straddles ? 0 : Math.min(...ratios), Math.max(...ratios)];
  }

  const twoSided = (z) => (z === Infinity ? 0 : Math.min(1, 2 * tail(z)));

  function pRange(found) {
    const ends = found.polygons.map(zRange);
    return [twoSided(Math.max(...ends.map(([, high]) => high))), twoSided(Math.min(...ends.map(([low]) => low)))];
  }

  /** Ranges over a box that is not empty: b and s, and each number that a row prints. */
  function ranges(found) {
    const [least, greatest] = found.z;
    const limit = (low, high) => [range(found, (b, s) => b + low * s)[0], range(found, (b, s) => b + high * s)[1]];
    return {
      b: range(found, (b) => unbounded(b)),
      s: seRange(found),
      hr: exponential(range(found, (b) => b)),
      lower: exponential(limit(-greatest, -least)),
      upper: exponential(limit(least, greatest)),
      p: pRange(found),
    };
  }

  /** Whether L ≤ HR ≤ U can hold for the numbers as printed. */
  function isOrdered(line) {
    const present = [line.lower, line.hr, line.upper].filter(Boolean).map((number) => standsFor(number));
    return present.every((first, i) => present.slice(i).every((second) => compare(first.low, second.high) <= 0));
  }

  /** Possible or not, without the polygon: b eliminated by hand. */
  const isPossible = (ends, zs) => isPossibleWith(ends, zs, zs);

  /** The same for limits that lie other multiples of s from b, each between its two ends. */
  function isPossibleWith(ends, toLower, toUpper) {
    const [hr, lower, upper, z] = ends;
    if (ends.some(([low, high]) => low > high)) return false;
    const turned = ([low, high]) => [-high, -low];
    return (
      holdsAbove(hr, lower, upper, z, toLower, toUpper) ||
      holdsAbove(turned(hr), turned(upper), turned(lower), z, toUpper, toLower)
    );
  }

  function holdsAbove(hr, lower, upper, z, toLower, toUpper) {
    const below = [hr[0], 0, lower[0], toLower[0], upper[0], -toUpper[1], 0, z[0], 0, 0];
    const above = [hr[1], 0, lower[1], toLower[1], upper[1], -toUpper[0], 0, z[1]];
    let [low, high] = [0, FAR_S];
    for (let i = 0; i < below.length; i += 2) {
      for (let j = 0; j < above.length; j += 2) {
        const room = above[j] + TOLERANCE - (below[i] - TOLERANCE);
        const slope = below[i + 1] - above[j + 1];
        if (slope > 0) high = Math.min(high, room / slope);
        else if (slope < 0) low = Math.max(low, room / slope);
        else if (room < 0) return false;
      }
    }
    return low <= high;
  }

  // --- slips of one number ------------------------------------------------------------------------------------------

  const DIGITS = [..."0123456789"];
  const isDigit = (letter) => letter !== undefined && letter >= "0" && letter <= "9";
  const positions = (text) => [...Array(text.length).keys()].filter((i) => isDigit(text[i]));
  const isCustomary = (text) => !(text[0] === "0" && isDigit(text[1]));

  function oneDigit(text) {
    const changed = (i) => DIGITS.filter((d) => d !== text[i]).map((d) => text.slice(0, i) + d + text.slice(i + 1));
    return new Set(positions(text).flatMap(changed));
  }

  function exchanged(text) {
    const places = positions(text);
    const swapped = new Set();
    for (let k = 1; k < places.length; k += 1) {
      const letters = [...text];
      [letters[places[k - 1]], letters[places[k]]] = [letters[places[k]], letters[places[k - 1]]];
      swapped.add(letters.join(""));
    }
    swapped.delete(text);
    return swapped;
  }

  function lostOrAdded(text) {
    const whole = text.split(".")[0].length;
    const made = new Set();
    for (let i = 0; i < whole && whole > 1; i += 1) made.add(text.slice(0, i) + text.slice(i + 1));
    for (let i = 0; i <= whole; i += 1) for (const d of DIGITS) made.add(text.slice(0, i) + d + text.slice(i));
    made.delete(text);
    return new Set([...made].filter(isCustomary));
  }

  function pointMoved(text) {
    const at = text.indexOf(".");
    if (at < 0) return new Set();
    const [whole, decimals] = [text.slice(0, at), text.slice(at + 1)];
    const left = `${whole.slice(0, -1) || "0"}.${whole.slice(-1)}${decimals}`;
    const stem = (whole + decimals.slice(0, 1)).replace(/^0+/, "") || "0";
    const right = stem + (decimals.length > 1 ? `.${decimals.slice(1)}` : "");
    return new Set([left, right].filter((other) => other !== text));
  }

  const POINT_LOST = "the decimal point lost";
  const BOUND_LOST = "the < lost";

  function pointPutBack(text) {
    if (!/^[0-9]{2,}$/.test(text)) return new Set();
    return new Set([`0.${text}`, ...positions(text).slice(1).map((i) => `${text.slice(0, i)}.${text.slice(i)}`)]);
  }

  const boundPutBack = (text) => (/^0?\.(0*1|05)$/.test(text) ? [`<${text}`] : []);

  const KINDS = {
    "one digit": oneDigit,
    "two neighbouring digits exchanged": exchanged,
    "a digit lost or added": lostOrAdded,
    "the decimal point moved": pointMoved,
    [POINT_LOST]: pointPutBack,
  };

  /** Every string one slip away from a printed number, with the kind of slip. */
  function slips(text) {
    const made = new Map();
    if (!text || !(isDigit(text[0]) || text[0] === ".")) return made;
    for (const [kind, reach] of Object.entries(KINDS)) {
      for (const other of [...reach(text)].filter(isCustomary).sort()) if (!made.has(other)) made.set(other, kind);
    }
    return made;
  }

  /** Every string that differs from a printed number in exactly two digits. */
  function twoDigits(text) {
    if (!text || !isDigit(text[0])) return [];
    const once = oneDigit(text);
    const twice = new Set([...once].flatMap((other) => [...oneDigit(other)]));
    return [...twice].filter((other) => !once.has(other) && other !== text && isCustomary(other)).sort();
  }

  // --- repairs ------------------------------------------------------------------------------------------------------

  const MOST_INVERSES = 100;
  const replaced = (texts, changes) => texts.map((old, i) => changes[CELLS[i]] ?? old);
  const candidate = (texts, ...kinds) => ({ texts, kinds });
  const changedCells = (texts, printed) => CELLS.filter((_, i) => texts[i] !== printed[i]);

  /** One search: the ends of a string are found once. */
  function searcher(level) {
    const zs = zOfLevel(level);
    const cache = new Map();
    const ends = (name, text) => {
      const key = `${name === "p" ? "p" : "r"} ${text}`;
      if (!cache.has(key)) {
        const number = text ? parse(text) : null;
        cache.set(key, name === "p" ? zEnds(number) : logEnds(number));
      }
      return cache.get(key);
    };
    const allows = (texts) =>
      isPossible(
        texts.map((text, i) => ends(CELLS[i], text)),
        zs,
      );
    const surviving = (texts, name, tried) =>
      tried.length && allows(replaced(texts, { [name]: "" }))
        ? tried.filter((other) => allows(replaced(texts, { [name]: other })))
        : [];
    return { level, allows, surviving };
  }

  const halfEven = (x) => {
    const down = Math.floor(x);
    if (x - down !== 0.5) return Math.round(x);
    return down % 2 ? down + 1 : down;
  };

  /** So many whole numbers from `first` to `last`, evenly spread. */
  function spread(first, last) {
    const n = Math.min(last - first + 1, MOST_INVERSES);
    const step = n > 1 ? (last - first) / (n - 1) : 0;
    const counts = Array.from({ length: n }, (_, i) => (n > 1 && i === n - 1 ? last : halfEven(i * step + first)));
    return [...new Set(counts)];
  }

  /** Strings with as many decimals that the inverse of a printed number may print, the likeliest first. */
  function inverses(text) {
    const number = text ? parse(text) : null;
    if (!number || number.bound || number.units <= 0n) return [];
    const { places } = number;
    const inverse = ({ n, d }) => show(fraction(d, n), places);
    const likeliest = inverse(valueOf(number));
    const { low, high } = standsFor(number);
    if (!above0(low)) return [likeliest];
    const [first, last] = [high, low].map((end) => Number(parse(inverse(end)).units));
    const printed = (count) => show(fraction(count, power(places)), places);
    return [...new Set([likeliest, ...spread(first, last).map(printed)])];
  }

  const PAIRS = CELLS.flatMap((first, i) => CELLS.slice(i + 1).map((second) => [first, second]));

  /** The rows that one slip of the row turns into `texts`, possible or not. */
  function rowSlips(texts, neighbours, tools) {
    const at = Object.fromEntries(CELLS.map((name, i) => [name, texts[i]]));
    const found = PAIRS.filter(([a, b]) => at[a] && at[b] && at[a] !== at[b]).map(([a, b]) =>
      candidate(replaced(texts, { [a]: at[b], [b]: at[a] }), "two numbers of the row exchanged"),
    );
    for (const other of neighbours) {
      CELLS.forEach((name, i) => {
        if (!texts[i] || !other[i] || texts[i] === other[i]) return;
        if (!tools.allows(replaced(other, { [name]: texts[i] }))) return;
        found.push(candidate(replaced(texts, { [name]: other[i] }), "exchanged with the neighbouring row"));
      });
    }
    const [hr, lower, upper] = [inverses(at.hr), inverses(at.upper), inverses(at.lower)];
    if (hr.length) found.push(candidate(replaced(texts, { hr: hr[0] }), "inverted (1/HR)"));
    if (lower.length && upper.length) {
      found.push(candidate(replaced(texts, { lower: lower[0], upper: upper[0] }), "inverted (1/HR)"));
    }
    return found;
  }

  /** The possible rows in which HR, or both limits, are any inverses of those printed. */
  function inversions(texts, tools) {
    const found = tools
      .surviving(texts, "hr", inverses(texts[0]))
      .map((hr) => candidate(replaced(texts, { hr }), "inverted (1/HR)"));
    const uppers = inverses(texts[1]);
    let both = inverses(texts[2]).flatMap((lower) => uppers.map((upper) => replaced(texts, { lower, upper })));
    both = both.filter(tools.allows).slice(0, MOST_INVERSES);
    return [...found, ...both.map((other) => candidate(other, "inverted (1/HR)"))];
  }

  function cost1(printed, neighbours, tools) {
    const found = CELLS.flatMap((name, i) => {
      const reach = slips(printed[i]);
      const near = tools.surviving(printed, name, [...reach.keys()]);
      return near.map((other) => candidate(replaced(printed, { [name]: other }), reach.get(other)));
    });
    for (const p of boundPutBack(printed[3])) {
      if (tools.allows(replaced(printed, { p }))) found.push(candidate(replaced(printed, { p }), BOUND_LOST));
    }
    found.push(...rowSlips(printed, neighbours, tools).filter(({ texts }) => tools.allows(texts)));
    return [...found, ...inversions(printed, tools)];
  }

  /** The repairs by one slip in each of two numbers. */
  function pairs(printed, first, second, tools) {
    const [near, far] = [first, second].map((name) => slips(printed[CELLS.indexOf(name)]));
    const firsts = tools.surviving(replaced(printed, { [second]: "" }), first, [...near.keys()]);
    const seconds = tools.surviving(replaced(printed, { [first]: "" }), second, [...far.keys()]);
    const all = firsts.flatMap((a) =>
      seconds.map((b) => ({ a, b, texts: replaced(printed, { [first]: a, [second]: b }) })),
    );
    return all
      .filter(({ texts }) => tools.allows(texts))
      .map(({ a, b, texts }) => candidate(texts, near.get(a), far.get(b)));
  }

  /** The repairs by a slip of the row and one in a number of it. */
  function rowAndNumber(printed, base, tools) {
    return CELLS.flatMap((name, i) => {
      const reach = slips(base.texts[i]);
      return tools
        .surviving(base.texts, name, [...reach.keys()])
        .map((other) => candidate(replaced(base.texts, { [name]: other }), ...base.kinds, reach.get(other)))
        .filter(({ texts }) => changedCells(texts, printed).length);
    });
  }

  function cost2(printed, neighbours, tools) {
    const twice = CELLS.flatMap((name, i) =>
      tools
        .surviving(printed, name, printed[i] ? twoDigits(printed[i]) : [])
        .map((other) => candidate(replaced(printed, { [name]: other }), "one digit", "one digit")),
    );
    const two = PAIRS.flatMap(([first, second]) => pairs(printed, first, second, tools));
    const mixed = rowSlips(printed, neighbours, tools).flatMap((base) => rowAndNumber(printed, base, tools));
    return [...twice, ...two, ...mixed];
  }

  /** Audit a mended row again, by the box itself. */
  function holds(texts, level) {
    if (texts.slice(0, 3).some((text) => text && !text.replace(/^[0.]+|[0.]+$/g, ""))) return false;
    const line = asLine(texts);
    return isOrdered(line) && !box(line, level).isEmpty;
  }

  const isAllOf = (kinds, kind) => kinds.every((one) => one === kind);

  /** The candidates that come before all others of their cost: where the row says so itself. */
  function likeliest(printed, candidates) {
    const placesOf = (texts) => new Set(texts.slice(0, 3).filter(Boolean).map((text) => (text.split(".")[1] ?? "").length));
    const inPlace = candidates.filter(({ texts, kinds }) => isAllOf(kinds, POINT_LOST) && placesOf(texts).size === 1);
    const said = inPlace.length ? inPlace : candidates.filter(({ kinds }) => kinds.length === 1 && kinds[0] === BOUND_LOST);
    if (said.length || candidates.length === 1) return said.length ? said : candidates;
    const lost = candidates.filter(({ kinds }) => isAllOf(kinds, POINT_LOST));
    return lost.length === 1 && changedCells(lost[0].texts, printed).join() === "hr" ? lost : candidates;
  }

  /** The number of an impossible row that repeats another, and which; null when none does. */
  function copied(line, neighbours, level = 0.95) {
    const texts = textsOf(line);
    for (const name of alone(texts, level)) {
      const text = texts[CELLS.indexOf(name)];
      const same = CELLS.find((other, i) => other !== name && texts[i] === text);
      const beside = neighbours.some((row) => row[name]?.text === text);
      if (same || (beside && text.replace(/^[0.]+/, "").length >= 3)) return { name, source: same ?? "" };
    }
    return null;
  }

  /** The numbers without which, each by itself, an impossible row is possible. */
  const alone = (texts, level = 0.95) =>
    CELLS.filter((name, i) => texts[i] && !box(asLine(replaced(texts, { [name]: "" })), level).isEmpty);

  function outcomeOf(printed, candidates, level) {
    if (candidates.length === 1) {
      const [only] = candidates;
      const told = isAllOf(only.kinds, POINT_LOST); // whole limits beside a ratio with decimals
      const twoPlaces = only.kinds.length > 1 && changedCells(only.texts, printed).length > 1 && !told;
      return twoPlaces && alone(printed, level).length ? "rival" : "unique";
    }
    const cells = new Set(candidates.map(({ texts }) => changedCells(texts, printed).join()));
    const same = (of) => CELLS.every((_, i) => new Set(candidates.map(({ texts }) => of(texts[i]))).size === 1);
    return cells.size === 1 && same((t) => t.slice(0, -1)) && same((t) => t.length) ? "range" : "several";
  }

  /** Look for the smallest slips that would make an impossible row of a possible one. */
  function search(line, neighbours = [], level = 0.95) {
    const found = searchAsPrinted(line, neighbours, level);
    const { lower, upper } = line;
    if (!lower || !upper || compare(valueOf(lower), valueOf(upper)) <= 0) return found;
    const turned = searchAsPrinted({ ...line, lower: upper, upper: lower }, neighbours, level);
    const printed = textsOf(line);
    if (!turned.candidates.length || !found.candidates.length) {
      return { ...(turned.candidates.length ? turned : found), printed };
    }
    // Limits in reverse were exchanged, or one of them is wrong: two explanations, and none is named.
    const candidates = [...found.candidates, ...turned.candidates];
    return { outcome: "several", cost: Math.min(found.cost, turned.cost), printed, candidates };
  }

  function searchAsPrinted(line, neighbours, level) {
    const printed = textsOf(line);
    const tools = searcher(level);
    for (const [cost, tried] of [
      [1, cost1],
      [2, cost2],
    ]) {
      const found = new Map();
      for (const one of tried(printed, neighbours.map(textsOf), tools)) {
        const key = one.texts.join("|");
        if (!found.has(key) && holds(one.texts, level)) found.set(key, one);
      }
      if (found.size) {
        const all = [...found.values()].sort((a, b) => order(a.texts, b.texts));
        const candidates = likeliest(printed, all);
        return { outcome: outcomeOf(printed, candidates, level), cost, printed, candidates };
      }
    }
    return { outcome: "none", cost: 0, printed, candidates: [] };
  }

  function order(a, b) {
    const i = a.findIndex((text, k) => text !== b[k]);
    return i < 0 ? 0 : a[i] < b[i] ? -1 : 1;
  }

  /** The numbers that every candidate changes and no other; none when there are other explanations. */
  function repairedCells({ outcome, printed, candidates }) {
    const changed = [...new Set(candidates.map(({ texts }) => changedCells(texts, printed).join()))];
    return outcome === "rival" || changed.length !== 1 ? [] : changed[0].split(",");
  }

  /* How often a repair of cost 1, and of cost 2, was singled out for 1000 true rows in which so many numbers were
     replaced by unrelated ones. */
  const ACCIDENTS = new Map(DATA.accidents.map((entry) => [`${entry.places} ${entry.entries}`, entry]));

  /** The chance that a repair singled out is an accident, as [hits + 1, rows + 1]; null when none is. */
  function chance(repair) {
    if (repair.outcome !== "unique") return null;
    const places = Math.max(
      0,
      ...repair.printed
        .slice(0, 3)
        .filter(Boolean)
        .map((text) => parse(text).places),
    );
    const entry = ACCIDENTS.get(`${Math.max(1, Math.min(places, 3))} ${repairedCells(repair).length}`);
    return entry ? [entry.unique.slice(0, repair.cost).reduce((sum, n) => sum + n, 1), entry.rows + 1] : null;
  }

  // --- a row against alpha ------------------------------------------------------------------------------------------

  const ALPHA = fraction(5, 100);

  /** True for a p below alpha, false for one above, null when rounding leaves it open. */
  function side(p, alpha = ALPHA) {
    if (!p) return null;
    const { low, high, lowOpen, highOpen } = standsFor(p);
    const [top, bottom] = [compare(high, alpha), compare(low, alpha)];
    if (top < 0 || (top === 0 && highOpen)) return true;
    return bottom > 0 || (bottom === 0 && lowOpen) ? false : null;
  }

  /** Whether the interval covers 1: true, false, or null when rounding leaves it open. */
  function coversOne(line) {
    if (!line.lower || !line.upper) return null;
    const [lower, upper] = [standsFor(line.lower), standsFor(line.upper)];
    if (compare(lower.high, 1) < 0 && compare(upper.low, 1) > 0) return true;
    if (compare(lower.low, upper.high) > 0) return null; // limits the wrong way round exclude nothing
    return compare(lower.low, 1) > 0 || compare(upper.high, 1) < 0 ? false : null;
  }

  /** Whether a reader of the interval concludes the opposite of a reader of p. */
  function intervalAgainstP(line, alpha = ALPHA) {
    const below = side(line.p, alpha);
    const covers = coversOne(line);
    return below !== null && covers !== null && below === covers;
  }

  /** The smallest sets of numbers that cannot be true together. */
  function conflicts(line, level = 0.95) {
    const names = given(line);
    const found = [];
    const subsets = [];
    for (let mask = 1; mask < 1 << names.length; mask += 1) subsets.push(names.filter((_, i) => mask & (1 << i)));
    subsets.sort((a, b) => a.length - b.length);
    for (const set of subsets) {
      if (found.some((smaller) => smaller.every((name) => set.includes(name)))) continue;
      if (box(without(line, ...CELLS.filter((name) => !set.includes(name))), level).isEmpty) found.push(set);
    }
    return found;
  }

  // --- two by two ---------------------------------------------------------------------------------------------------

  /* Beyond so many tables times patients whole numbers take long: then by logarithms of factorials, as in R. */
  const MOST_EXACT = 1e6;
  const TIE = 1e-7;
  const sumOf = (numbers) => numbers.reduce((a, b) => a + b, 0);

  function expected([[a, b], [c, d]]) {
    return [a + b, c + d].map((row) => [a + c, b + d].map((column) => (row * column) / (a + b + c + d)));
  }

  const cellsOf = (table) => [...table[0], ...table[1]];

  function chiSquare(table, correction) {
    const e = cellsOf(expected(table));
    return sumOf(
      cellsOf(table).map((n, i) => {
        const distance = Math.abs(n - e[i]);
        return (distance - (correction ? Math.min(0.5, distance) : 0)) ** 2 / e[i];
      }),
    );
  }

  const chiSquareP = (statistic) => twoSided(Math.sqrt(Math.max(statistic, 0)));

  function logRatio(table) {
    const e = cellsOf(expected(table));
    return 2 * sumOf(cellsOf(table).map((n, i) => (n ? n * Math.log(n / e[i]) : 0)));
  }

  function binomial(n, k) {
    let made = 1n;
    for (let i = 1; i <= k; i += 1) made = (made * BigInt(n - k + i)) / BigInt(i);
    return made;
  }

  /** Whole numbers proportional to the chance of each first cell, given the margins: [[first cell, weight], …]. */
  function weights([[a, b], [c, d]]) {
    const [row, left, right] = [a + b, a + c, b + d];
    const found = [];
    const first = Math.max(0, row - right);
    let weight = binomial(left, first) * binomial(right, row - first);
    for (let x = first; x <= Math.min(row, left); x += 1) {
      found.push([x, weight]);
      weight = (weight * BigInt((left - x) * (row - x))) / BigInt((x + 1) * (right - row + x + 1));
    }
    return found;
  }

  const factorials = [0];

  /** log(n!), summed up. */
  function logFactorial(n) {
    for (let i = factorials.length; i <= n; i += 1) factorials.push(factorials[i - 1] + Math.log(i));
    return factorials[n];
  }

  const logWays = (size, n) => logFactorial(size) - logFactorial(n) - logFactorial(size - n);

  function largeTests([[a, b], [c, d]], usable) {
    const [first, second, seen] = [a + b, c + d, a + c];
    const from = Math.max(0, seen - second);
    const logs = [];
    for (let x = from; x <= Math.min(first, seen); x += 1) logs.push(logWays(first, x) + logWays(second, seen - x));
    const most = Math.max(...logs);
    const shares = logs.map((log) => Math.exp(log - most));
    const total = sumOf(shares);
    const chances = shares.map((share) => share / total);
    const own = chances[a - from];
    const fisher = Math.min(1, sumOf(chances.filter((chance) => chance <= own * (1 + TIE))));
    return {
      fisher,
      fisher_less: Math.min(1, sumOf(chances.slice(0, a - from + 1))),
      fisher_greater: Math.min(1, sumOf(chances.slice(a - from))),
      ...(usable ? { mid_p: fisher - own / 2 } : {}),
    };
  }

  function exactTests(table, usable) {
    const [[a, b], [c, d]] = table;
    if ((Math.min(a + b, c + d, a + c, b + d) + 1) * (a + b + c + d) > MOST_EXACT) return largeTests(table, usable);
    const all = weights(table);
    const seen = all.find(([x]) => x === table[0][0])[1];
    const total = all.reduce((sum, [, w]) => sum + w, 0n);
    const share = (keep) =>
      fraction(
        all.reduce((sum, [x, w]) => (keep(x, w) ? sum + w : sum), 0n),
        total,
      );
    const fisher = share((_, w) => w <= seen);
    return {
      fisher,
      fisher_less: share((x) => x <= table[0][0]),
      fisher_greater: share((x) => x >= table[0][0]),
      ...(usable ? { mid_p: fraction(2n * fisher.n - seen, 2n * total) } : {}),
    };
  }

  const TESTS = {
    pearson: "Pearson chi-square",
    fisher: "Fisher's exact test",
    yates: "chi-square with Yates' correction",
    likelihood_ratio: "likelihood-ratio chi-square",
    n_minus_1: "N−1 chi-square",
    fisher_less: "Fisher's exact test, one-sided (less)",
    fisher_greater: "Fisher's exact test, one-sided (greater)",
    mid_p: "Fisher's mid-p",
  };

  /** The p of every test that is defined for a table of two by two counts, by key: doubles, and fractions if exact. */
  function allTests(table) {
    const [[a, b], [c, d]] = table;
    const n = a + b + c + d;
    const usable = [a + b, c + d, a + c, b + d].every(Boolean);
    const exact = exactTests(table, usable);
    const statistic = usable ? chiSquare(table, false) : 0;
    const approximate = usable && {
      pearson: chiSquareP(statistic),
      yates: chiSquareP(chiSquare(table, true)),
      likelihood_ratio: chiSquareP(logRatio(table)),
      n_minus_1: chiSquareP((statistic * (n - 1)) / n),
    };
    const made = { ...approximate, ...exact };
    return Object.fromEntries(
      Object.keys(TESTS)
        .filter((key) => key in made)
        .map((key) => [key, made[key]]),
    );
  }

  const FLOAT_SLACK = 1e-11;

  /** Whether a p of a test prints so; those in floating point are widened by their error. */
  const prints = (number, p, reading = "nearest") =>
    isNumber(p)
      ? matches(number, p * (1 - FLOAT_SLACK), p * (1 + FLOAT_SLACK), reading)
      : matches(number, p, p, reading);

  /** The keys of the tests that print a p. */
  const reproducing = (number, tests) => Object.keys(tests).filter((key) => prints(number, tests[key]));

  globalThis.SecondLook = Object.freeze({
    ALPHA,
    CELLS,
    TESTS,
    TOLERANCE,
    ACCIDENTS,
    fraction,
    toNumber,
    fromNumber,
    compare,
    parse,
    valueOf,
    standsFor,
    matches,
    show,
    showLike,
    showInterval,
    tail,
    quantile,
    pRange,
    zOfLevel,
    logEnds,
    zEnds,
    asLine,
    textsOf,
    without,
    given,
    clip,
    ratioPlanes,
    pPlanes,
    box,
    ranges,
    isOrdered,
    isPossibleWith,
    copied,
    slips,
    twoDigits,
    search,
    alone,
    repairedCells,
    changedCells,
    chance,
    side,
    coversOne,
    intervalAgainstP,
    conflicts,
    expected,
    allTests,
    prints,
    reproducing,
  });
})();

/* Second Look, in the page: a drawing of a row of a ratio, a strip per number in the plane of hazard ratio and standard
   error. It draws what it is given and reads nothing of the page. */
(() => {
  "use strict";

  const S = globalThis.SecondLook;
  const NAMES = { hr: "ratio", lower: "lower limit", upper: "upper limit", p: "p" };
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

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
    parts.push(svg("text", { x: middle, y: space.bottom + 38, "text-anchor": "middle" }, "ratio (log scale)"));
    parts.push(svg("text", { x: space.left, y: space.top - 8 }, "standard error of its logarithm"));
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

  const PLANE = "The strips of the printed numbers in the plane of ratio and standard error.";
  const STRIP = "Each strip holds the pairs (ratio, standard error) that print one number.";

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

  globalThis.SecondLookDraw = Object.freeze({ NAMES, make, draw });
})();

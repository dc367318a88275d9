/* Second Look, in the page: the reader of printed text. Pure functions, no document, no network.

   A port of secondlook.numbers.tokens and lines (Python), under the names used there, which also say why each step is as
   it is. Both apply the table of forms in paste-data.js. tests/book/test_paste.py compares them on thousands of lines. */
(() => {
  "use strict";

  const FORMS = globalThis.SecondLookForms;
  const NUMBERS = "nduitgbeaNE";
  const HEADER = "mcpqkLU";
  const FIELDS = [
    ..."label measure ratio lower upper p level sides interval p_of digits".split(" "),
    ..."n_1 size_1 n_2 size_2 pct_1 pct_2".split(" "),
  ];
  const ROLES = { m: ["ratio"], p: ["p"], q: ["p"], L: ["lower"], U: ["upper"], k: [""], c: ["lower", "upper"] };
  const LONGEST_LABEL = 60;

  // --- tokens -------------------------------------------------------------------------------------------------------

  const compiled = new Map();

  function pattern(source, flags) {
    const key = `${flags} ${source}`;
    if (!compiled.has(key)) compiled.set(key, new RegExp(source, flags));
    return compiled.get(key);
  }

  /** The match of a pattern that begins at a place, with the places of its groups. */
  function matchAt(source, text, at) {
    const expression = pattern(source, "yd");
    expression.lastIndex = at;
    return expression.exec(text);
  }

  const found = (source, text) => pattern(source, "").test(text);
  const wholly = (source, text) => matchAt(`(?:${source})(?![^])`, text, 0);
  const substituted = (text, source, replacement) =>
    text.replace(pattern(source, "g"), (...groups) =>
      replacement.replace(/\$\{?([0-9])\}?/g, (_, k) => groups[Number(k)] || ""),
    );

  const characters = new Map(
    Object.entries(FORMS.characters).flatMap(([to, signs]) => [...signs].map((sign) => [sign, to])),
  );
  const narrow = (sign) => {
    if (characters.has(sign)) return characters.get(sign);
    const code = sign.charCodeAt(0);
    return code >= 0xff01 && code < 0xff01 + 94 ? String.fromCharCode(code - 0xfee0) : sign;
  };

  function clean(line) {
    let text = Array.from(line, (sign) => (sign.codePointAt(0) > 0xffff ? "\ufffd" : narrow(sign))).join("");
    for (const [source, replacement] of FORMS.replacements.clean) text = substituted(text, source, replacement);
    return inLocale(writtenOut(text.replace(/^ +| +$/g, "")));
  }

  function inLocale(text) {
    const { comma_first: commaFirst, point, comma } = FORMS.locale;
    let kind = "none";
    if (found(commaFirst, text)) kind = "comma";
    else if (found(point, text)) kind = "point";
    else if (found(comma, text)) kind = "comma";
    return FORMS.replacements[kind].reduce((line, [source, by]) => substituted(line, source, by), text);
  }

  function writtenOut(text) {
    const { pattern: number, power } = FORMS.scientific;
    return text
      .replace(pattern(number, "g"), (all, digits, a, b, c) => shifted(all, digits, a || b || c))
      .replace(pattern(power, "g"), (all, a, b) => shifted(all, "1", a || b));
  }

  function shifted(printed, digits, power) {
    const { superscripts } = FORMS.scientific;
    const plain = [...power].map((sign) => (superscripts.includes(sign) ? superscripts.indexOf(sign) : sign)).join("");
    const by = Number(plain.replace(/[-–⁻]/g, "-"));
    if (Math.abs(by) > FORMS.limits.digits) return printed;
    const [whole, decimals = ""] = digits.split(".");
    const places = Math.max(decimals.length - by, 0);
    const figures = (whole + decimals + "0".repeat(Math.max(by - decimals.length, 0))).padStart(places + 1, "0");
    const stripped = (text) => text.replace(/^0+/, "") || "0";
    return places ? `${stripped(figures.slice(0, -places))}.${figures.slice(-places)}` : stripped(figures);
  }

  const lowered = (text) =>
    text.replace(/[A-Za-z]+/g, (word) => (FORMS.limits.capitals.includes(word) ? word : word.toLowerCase()));

  function tokensOf(text) {
    const low = lowered(text);
    const tokens = [];
    for (let at = 0; at < text.length; at = tokens.at(-1).end) tokens.push(tokenAt(low, at));
    return tokens;
  }

  /* All token patterns as one, each in a group: the first that fits. `offsets` are the places of these groups. */
  const offsets = [];
  const anyToken = new RegExp(
    FORMS.tokens.all
      .map(([, source]) => {
        const at = offsets.at(-1)?.next ?? 1;
        offsets.push({ at, next: at + new RegExp(`${source}|`).exec("").length });
        return `(${source})`;
      })
      .join("|"),
    "y",
  );

  function tokenAt(low, at) {
    anyToken.lastIndex = at;
    const match = anyToken.exec(low);
    const which = match ? offsets.findIndex((place) => match[place.at] !== undefined) : -1;
    if (which < 0) return { code: "?", text: low[at], start: at, end: at + 1, sets: {} };
    const [code, , ...said] = FORMS.tokens.all[which];
    const sets = {};
    for (let i = 0; i < said.length; i += 2) {
      sets[said[i]] = said[i + 1] === "$1" ? match[offsets[which].at + 1] : said[i + 1];
    }
    return { code, text: valueOf(code, match[0]), start: at, end: at + match[0].length, sets };
  }

  const valueOf = (code, printed) =>
    code && "nduitgbea".includes(code) ? printed.replace(/–/g, "-").replace(/[^0-9.<>≤≥-]/g, "") : printed;

  // --- lines --------------------------------------------------------------------------------------------------------

  const unread = (reason, rest = {}) => ({ kind: "unread", fields: {}, unexplained: [], reason, notes: [], table: "", ...rest });
  const codesOf = (tokens) => tokens.map(({ code }) => code).join("");
  const sliceOf = (text, { start, end }) => text.slice(start, end).replace(/^ +| +$/g, "");

  /** Read pasted text line by line: [{line, kind, fields, unexplained, reason, notes, table}]. */
  function readLines(text, sizes = []) {
    const table = { measure: "", level: "", roles: [], sizes, number: 0, goesOn: false };
    return text
      .split(/\r\n?|\n/)
      .flatMap((line, i) => readLine(line, table).map((read) => ({ ...read, line: i + 1 })));
  }

  function readLine(line, table) {
    const { line: longest, tokens: most } = FORMS.limits;
    // as many characters as Python counts; a megabyte is not spread out to be counted
    if (line.length > 2 * longest || [...line].length > longest) return [unread(`the line is longer than ${longest} characters`)];
    const text = clean(line);
    const tokens = tokensOf(text);
    if (!text || tokens.length > most) {
      table.goesOn = false;
      return text ? [unread("the line has too many words")] : [];
    }
    const kept = tokens.filter(({ code }) => code);
    if (isHeader(kept)) {
      learn(kept, table);
      return [];
    }
    return rowsIn(text, tokens, kept, table);
  }

  function isHeader(kept) {
    const codes = [...codesOf(kept)];
    if (codes.some((code) => `${NUMBERS}?RXs`.includes(code))) return false;
    const named = codes.filter((code) => HEADER.includes(code)).length;
    const sizes = codes.filter((code) => code === "S").length;
    return sizes >= 2 || (named >= 2 && codes.some((code) => "mkLU".includes(code)));
  }

  function learn(kept, table) {
    const said = {};
    for (const { sets } of kept) for (const [key, value] of Object.entries(sets)) said[key] ??= value;
    const sizes = kept.filter(({ code }) => code === "S").map(({ sets }) => sets.size.replace(/,/g, ""));
    const codes = [...codesOf(kept)];
    table.measure = said.measure ?? (codes.includes("m") ? "ratio" : "");
    table.level = said.level ?? "";
    table.roles = codes.some((code) => "kLU".includes(code)) ? codes.flatMap((code) => ROLES[code] ?? []) : [];
    if (sizes.length === 2) table.sizes = sizes;
    table.number += 1;
    table.goesOn = true;
  }

  function rowsIn(text, tokens, kept, table) {
    const body = kept.filter(({ code }) => !"sS".includes(code));
    const codes = codesOf(body);
    let parts = byHeader(body, table);
    if (!parts.length) parts = byProgram(codes, body);
    if (!parts.length) parts = byPattern(codes, body, Boolean(table.measure));
    if (!parts.length) return [notRead(codes, kept, text)];
    const rows = parts.map((part, i) => rowOf(text, tokens, body, part, i, parts, table));
    if (new Set(rows.map(({ fields }) => "p" in fields)).size > 1) {
      return [unread("two rows and one p: it is not said whose p it is")];
    }
    return rows;
  }

  function byHeader(body, table) {
    const numbers = [...body.keys()].filter((i) => NUMBERS.includes(body[i].code));
    const columns = table.roles.length ? numbers.slice(-table.roles.length) : [];
    if (!columns.length || columns.length < table.roles.length) return [];
    if (["ratio", "lower", "upper"].some((role) => !table.roles.includes(role))) return [];
    for (let i = columns[0]; i < body.length; i += 1) {
      if (!columns.includes(i) && !"r()".includes(body[i].code)) return [];
    }
    const places = new Map([["label", [0, columns[0]]]]);
    table.roles.forEach((role, k) => role && places.set(role, [columns[k], columns[k] + 1]));
    return [{ kind: "ratio", places, start: 0, end: body.length }];
  }

  function byProgram(codes, body) {
    for (const rule of FORMS.programs) {
      const match = wholly(rule.pattern, codes);
      if (!match) continue;
      const spans = rule.fields.map((name, i) => [name, match.indices[i + 1]]);
      const texts = Object.fromEntries(spans.filter(([name]) => name !== "label").map(([name, [i]]) => [name, body[i].text]));
      if (agree(rule.agree, texts)) {
        const places = new Map(spans.filter(([name]) => FIELDS.includes(name)));
        return [{ kind: "ratio", places, start: 0, end: body.length }];
      }
    }
    return [];
  }

  const bare = (text) => Number(text.replace(/^[<>≤≥]+/, ""));

  function agree(how, texts) {
    const value = {};
    const half = {};
    for (const [name, text] of Object.entries(texts)) {
      value[name] = bare(text);
      half[name] = 0.5 * 10 ** -(text.split(".")[1] ?? "").length;
    }
    if (value.ratio <= 0) return false;
    const logarithm = Math.log(value.ratio);
    if (how === "exp") return Math.abs(logarithm - value.coef) <= 1.1 * (half.ratio / value.ratio + half.coef);
    if (value.se <= 0) return false;
    const z = (logarithm * value.ratio) / value.se;
    return Math.abs(z - value.z) <= 1.1 * (half.z + (Math.abs(z) * half.se + half.ratio) / value.se);
  }

  function byPattern(codes, body, hasMeasure) {
    const parts = [];
    for (let at = 0; at < codes.length; at = parts.at(-1).end) {
      const part = fitting(codes, body, at, hasMeasure);
      if (!part) return [];
      parts.push(part);
    }
    return parts;
  }

  function fitting(codes, body, at, hasMeasure) {
    for (const { kind, pattern: source, fields, needs } of FORMS.rows) {
      const match = matchAt(source, codes, at);
      if (!match || !match[0]) continue;
      const places = new Map();
      fields.forEach((name, i) => match.indices[i + 1] && places.set(name, match.indices[i + 1]));
      if (needs === "measure" && !hasMeasure) continue;
      if (needs === "order" && !hasMeasure && !isOrdered(body, places)) continue;
      return { kind, places, start: at, end: at + match[0].length };
    }
    return null;
  }

  function isOrdered(body, places) {
    const [lower, ratio, upper] = ["lower", "ratio", "upper"].map((name) => bare(body[places.get(name)[0]].text));
    return lower <= ratio && ratio <= upper;
  }

  function rowOf(text, tokens, body, part, i, parts, table) {
    const fields = {};
    const notes = [];
    for (const [name, [start, end]] of part.places) {
      if (name !== "label") fill(fields, notes, name, body[start]);
      else Object.assign(fields, labelOf(text, body.slice(start, end)));
    }
    const first = i === 0 ? 0 : body[part.start].start;
    const last = i === parts.length - 1 ? text.length : body[parts[i + 1].start].start;
    const own = tokens.filter(({ start }) => first <= start && start < last);
    for (const { sets } of own) {
      for (const [key, value] of Object.entries(sets)) if (FIELDS.includes(key)) fields[key] ??= value;
    }
    if (part.kind === "ratio" && (table.measure || table.level)) {
      fields.measure ??= table.measure;
      if (!("level" in fields) && table.level) fields.level = table.level;
    }
    for (const token of own) if ("sS".includes(token.code) && token.code) notes.push(`left out: ${sliceOf(text, token)}`);
    const hasOwn = own.some(({ code }) => code === "m");
    return finished(part, fields, notes, body, hasOwn, i, table);
  }

  function labelOf(text, tokens) {
    const all = tokens.length ? text.slice(tokens[0].start, tokens.at(-1).end) : "";
    const label = all.replace(/^[ ,;:=\-–(]+|[ ,;:=\-–(]+$/g, "");
    return label ? { label: label.slice(0, LONGEST_LABEL) } : {};
  }

  function fill(fields, notes, name, { code, text }) {
    if (code === "N") {
      fields[name] = ">0.05";
      notes.push("not significant is read as p >0.05");
    } else if (code === "E") notes.push(`the ${name} limit was not reached`);
    else if (code === "a") notes.push(`left out, for it is only about so large: ${name} ${text}`);
    else if (name === "p" && /^[<≤]0?\.0+$/.test(text)) {
      fields[name] = text.slice(1);
      notes.push(`p ${text} is read as p ${text.slice(1)}: no p is below 0`);
    } else fields[name] = text;
  }

  function finished(part, fields, notes, body, hasOwnMeasure, i, table) {
    if (part.kind === "counts") return countsOf(fields, notes, table);
    const label = body.slice(...(part.places.get("label") ?? [0, 0]));
    const pairs = codesOf(label).match(/[it]o[it]|[it][(]e/g) ?? [];
    const large = label.some(({ code, text }) => "it".includes(code) && text.length > 1);
    if ("p" in fields && pairs.length >= 2 && large && !["HR", "SHR"].includes(fields.measure)) {
      delete fields.p;
      notes.push("counts stand beside the ratio, and p may be of either: it is left out");
    }
    const read = { kind: "ratio", fields, unexplained: [], reason: "", notes, table: "" };
    if (hasOwnMeasure) {
      table.goesOn = false;
      return read;
    }
    if (!table.goesOn) table.number += 1;
    table.goesOn = true;
    return { ...read, table: `${table.number}${"abcdefgh"[Math.min(i, 7)]}` };
  }

  function countsOf(fields, notes, table) {
    const given = { ...fields };
    if (!("size_1" in given) && table.sizes.length) {
      [given.size_1, given.size_2] = table.sizes;
      if (!["1", "2"].some((group) => isShare(given, group))) {
        return unread("the percentages are not those of counts in groups so large", { fields });
      }
    }
    if (!("size_1" in given)) return unread("the sizes of the two groups are needed", { fields, notes });
    return { kind: "counts", fields: given, unexplained: [], reason: "", notes, table: "" };
  }

  function isShare(fields, group) {
    const [n, size, share] = ["n", "size", "pct"].map((name) => Number(fields[`${name}_${group}`]));
    return size >= n && size > 0 && Math.abs((100 * n) / size - share) <= 1;
  }

  function notRead(codes, kept, text) {
    const hasNumber = [...codes].some((code) => `${NUMBERS}?`.includes(code));
    let why = kept.find(({ code }) => code === "X")?.sets.why ?? "";
    if (!why && codes.includes("R")) why = "a reference level";
    if (!why && !hasNumber) {
      why = kept.some(({ code }) => "sS".includes(code)) ? "no ratio is printed" : "it has no number";
    }
    if (why) return unread(why, { kind: "not such a row" });
    const every = codesOf(kept);
    const rule = FORMS.unread.find(({ pattern: source, whole }) => (whole ? wholly(source, codes) : found(source, every)));
    const kind = rule.kind ?? "unread";
    const left = kept.filter(({ code }) => `${NUMBERS}?`.includes(code) && kind === "unread");
    return unread(rule.reason, { kind, unexplained: left.map((token) => sliceOf(text, token)) });
  }

  globalThis.SecondLookReader = { readLines, clean, tokensOf };
})();

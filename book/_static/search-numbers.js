/* Second Look: a search for a number is answered from the registry of printed numbers, in the search field as one types
   and on the search page; the book's own search knows words only. numbers.js, which lies beside this file and is made
   with the book, is loaded when a number is first sought: window.secondLookNumbers = [[printed, id, place, verdict], …].
   As printed comes first ("3.270"), then what has the same value ("3.27"). Works from disk. */
(() => {
  "use strict";

  const here = document.currentScript.src;
  const root = new URL("../", here);
  const MOST = 8; /* of one number, before the rest is left to the list of all */

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  let loading = null;
  function load() {
    loading ??= new Promise((done) => {
      const script = make("script", { src: new URL("numbers.js", here).href });
      for (const end of ["load", "error"]) script.addEventListener(end, () => done(window.secondLookNumbers ?? []));
      document.head.append(script);
    });
    return loading;
  }

  const numerals = (text) => text.replace(/(\d),(?=\d{3}(?!\d))/g, "$1").replace(/[,·](?=\d)/g, ".").match(/\d+(?:\.\d+)*/g) ?? [];

  /** The numbers of a query that is about numbers: no word of more letters than HR or CI stands in it. */
  const asked = (query) => (/[^\W\d_]{3,}/u.test(query) ? [] : [...new Set(numerals(query))]);

  function found(number, values) {
    const exact = [];
    const equal = [];
    for (const value of values) {
      const printed = numerals(value[0]);
      if (printed.includes(number)) exact.push(value);
      else if (printed.some((other) => Number(other) === Number(number))) equal.push(value);
    }
    return [...exact, ...equal];
  }

  const address = (rest) => new URL(`notebooks/82-numbers.html${rest}`, root).href;

  function item([printed, id, place, verdict]) {
    const link = make("a", { href: address(`#${encodeURIComponent(id)}`) }, make("strong", {}, printed), ` ${place}`);
    return make("li", {}, link, ` (${verdict})`);
  }

  function answer(number, values) {
    const hits = found(number, values);
    const said = hits.length ? `${number} in the paper: ${hits.length}` : `${number}: not printed in the paper`;
    const list = make("ul", {}, ...hits.slice(0, MOST).map(item));
    if (hits.length > MOST) {
      list.append(make("li", {}, make("a", { href: address(`?search=${encodeURIComponent(number)}`) }, "all of them")));
    }
    return make("div", {}, make("p", {}, said), list);
  }

  async function show(query, place) {
    const numbers = asked(query);
    const values = numbers.length ? await load() : [];
    if (place.dataset.query !== query) return; /* typed on while the list was loading */
    place.replaceChildren(...numbers.slice(0, 4).map((number) => answer(number, values)));
  }

  function follow(query, place) {
    place.dataset.query = query;
    show(query, place);
  }

  const box = () => make("div", { className: "sl-found", role: "status" });

  const form = document.querySelector("#pst-search-dialog form");
  if (form) {
    const place = box();
    form.after(place);
    form.querySelector("input[name=q]").addEventListener("input", ({ target }) => follow(target.value.trim(), place));
  }
  const results = document.getElementById("search-results");
  if (results) {
    const place = box();
    results.before(place);
    follow((new URLSearchParams(location.search).get("q") ?? "").trim(), place);
  }
})();

/* Second Look: questions with feedback. What is right, and which mistake leads where, was worked out when the book was
   built and stands in data-ask; here answers are only compared. Nothing is stored or sent. Without scripts a question has
   its answer below it, folded.

   a number   right if it lies in one of the ranges of `right`; told what went wrong if in one of `mistakes`
   a choice   `right` is the place of the right one, `reasons` says why each is right or wrong */
(() => {
  "use strict";

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  /* A number as people type it, with its decimals: a comma or a point, a minus of any length, a per cent sign. */
  function read(text) {
    const plain = text.trim().replace(/\s*%$/, "").replace(/^[−–]/, "-").replace(",", ".");
    if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain)) return null;
    return { value: Number(plain), places: (plain.split(".")[1] ?? "").length };
  }

  const within = ([low, high], value) => low <= value && value <= high;
  const decimals = (n) => (n === 1 ? "one decimal" : n ? `${n} decimals` : "a whole number");

  /* What is said of a number: whether it is right, and a sentence. */
  function judgeNumber(asked, text) {
    const typed = read(text);
    if (!typed) return [null, "Type a number, such as 0.05."];
    if (asked.right.some((range) => within(range, typed.value))) return [true, asked.said];
    const slip = asked.mistakes.find((range) => within(range, typed.value));
    if (slip) return [false, slip[2]];
    const half = 0.5 * 10 ** -typed.places;
    if (typed.places < asked.places && Math.abs(typed.value - asked.exact) <= half)
      return [null, `So far right. Give ${decimals(asked.places)}.`];
    return [false, "Try again, or open the answer."];
  }

  const judgeChoice = (asked, at) =>
    at < 0 ? [null, "Choose one."] : [at === asked.right, asked.reasons[at]];

  let count = 0;

  function enliven(item) {
    const asked = JSON.parse(item.dataset.ask);
    const text = item.querySelector(".sl-asked");
    const list = item.querySelector("ul");
    const said = make("p", { className: "sl-judged" });
    const form = make("div", { className: "sl-answering" });
    text.id = `sl-asked-${(count += 1)}`;
    said.setAttribute("role", "status");
    const tell = ([right, words]) => {
      const mark = right === null ? "" : right ? "✓ Right. " : "✗ Not so. ";
      said.replaceChildren(make("strong", { textContent: mark }), words);
      item.dataset.judged = right === null ? "open" : right ? "right" : "wrong";
    };
    let answer;
    if (list) {
      const name = `sl-choice-${count}`;
      const boxes = [...list.children].map((line) => {
        const box = make("input", { type: "radio", name });
        form.append(make("label", { className: "sl-choice" }, box, make("span", {}, ...line.childNodes)));
        return box;
      });
      form.setAttribute("role", "radiogroup");
      form.setAttribute("aria-labelledby", text.id);
      answer = () => judgeChoice(asked, boxes.findIndex((box) => box.checked));
      list.replaceWith(form);
    } else {
      const box = make("input", { type: "text", inputMode: "decimal", autocomplete: "off", size: 9 });
      box.setAttribute("aria-describedby", text.id);
      form.append(make("label", {}, `Your answer, ${decimals(asked.places)}: `, box));
      answer = () => judgeNumber(asked, box.value);
      text.after(form);
    }
    const check = make("button", { type: "button", textContent: "Check", className: "sl-check" });
    check.setAttribute("aria-describedby", text.id);
    check.addEventListener("click", () => tell(answer()));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target !== check) tell(answer());
      event.stopPropagation(); /* a notebook or a book has keys of its own */
    });
    if (list) form.after(check, said);
    else {
      form.append(check);
      form.after(said);
    }
    item.removeAttribute("data-ask");
  }

  document.querySelectorAll("[data-ask]").forEach(enliven);
})();

"use strict";
{
  const data = JSON.parse(document.getElementById("data").textContent);
  const kinds = data.kinds;
  const $ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);

  // Sentences stand in the page in the order of the data.
  const articles = $("section.article").map((section) => ({ section, sentences: [], lists: $(".list", section) }));
  const sentences = [];
  const sentenceOf = new Map();
  articles.forEach((article, n) => {
    for (const element of $(".s", article.section)) {
      const [given, review, probabilities, explained] = data.sentences[sentences.length];
      const sentence = { element, article, given, review: Boolean(review), probabilities, explained };
      // What it has whatever is hidden, and what is shown of that.
      sentence.has = sentence.shown = given;
      sentence.doubt = sentence.review;
      sentence.position = article.sentences.push(sentence);
      sentence.number = sentences.push(sentence) - 1;
      sentenceOf.set(element, sentence);
      element.tabIndex = given.length ? 0 : -1;
    }
    article.counts = $(".index li:nth-child(" + (n + 1) + ") .count");
  });

  const filters = $(".filter");
  const sliders = $(".threshold input");
  const outputs = $(".threshold output");
  const reset = document.getElementById("reset");
  const on = kinds.map(() => true);
  // A slider where it began stands for the model's own threshold, which is no round number.
  const isMoved = (slider) => Number(slider.value) !== Number(slider.defaultValue);
  const threshold = (k) => (isMoved(sliders[k]) ? Number(sliders[k].value) : kinds[k].threshold);
  const totals = kinds.map((_, k) => sentences.filter((s) => s.given.includes(k)).length);

  // ---- marks ----

  function typesOf(sentence, moved) {
    if (!moved.includes(true)) return sentence.given;
    return kinds
      .map((_, k) => k)
      .filter((k) => (moved[k] ? sentence.probabilities[k] >= threshold(k) : sentence.given.includes(k)))
      .sort((a, b) => sentence.probabilities[b] - sentence.probabilities[a]);
  }

  function inDoubt(sentence, moved) {
    if (!moved.includes(true)) return sentence.review;
    return sentence.probabilities.some((p, k) => Math.abs(p - threshold(k)) < data.band);
  }

  function paint(sentence) {
    const { element, shown, doubt } = sentence;
    element.className = "s" + (shown.length ? " m " + kinds[shown[0]].look : "") + (sentence === current ? " current" : "");
    if (shown.length) element.setAttribute("role", "mark");
    else element.removeAttribute("role");
    element.tabIndex = shown.length ? 0 : -1;
    while (element.childNodes.length > 1) element.lastChild.remove();
    if (!shown.length && !(doubt && !sentence.has.length)) return;
    const tags = make("span", "tags");
    for (const k of shown) {
      const tag = make("b", kinds[k].look, kinds[k].tag);
      tag.title = kinds[k].name;
      tags.append(tag);
    }
    if (doubt) {
      const tag = make("i", "", "?");
      tag.title = "near a threshold: worth a look";
      tags.append(tag);
    }
    element.append(tags);
  }

  function shorten(text) {
    const line = [...text.split(/\s+/).filter(Boolean).join(" ")];
    if (line.length <= 110) return line.join("");
    const space = line.lastIndexOf(" ", 110);
    return line.slice(0, space >= 55 ? space : 110).join("") + "…";
  }

  function fill(article, k) {
    const list = article.lists[k];
    const entries = article.sentences.filter((s) => s.has.includes(k));
    list.querySelector(".number").textContent = entries.length;
    list.querySelector("ol").replaceChildren(
      ...entries.map((s) => {
        const item = make("li");
        const link = make("a", "", shorten(s.element.firstChild.textContent));
        link.href = "#" + s.element.id;
        item.append(link);
        return item;
      }),
    );
    list.hidden = !on[k] || !entries.length;
    if (article.counts[k]) {
      article.counts[k].lastChild.textContent = entries.length;
      article.counts[k].hidden = !entries.length;
    }
  }

  function update() {
    const moved = sliders.map(isMoved);
    const stale = new Map();
    totals.fill(0);
    for (const s of sentences) {
      const has = typesOf(s, moved);
      const shown = has.filter((k) => on[k]);
      const doubt = inDoubt(s, moved);
      for (const k of has) totals[k] += 1;
      for (const k of new Set([...has, ...s.has])) {
        if (has.includes(k) === s.has.includes(k)) continue;
        if (!stale.has(s.article)) stale.set(s.article, new Set());
        stale.get(s.article).add(k);
      }
      const same = String(shown) === String(s.shown) && doubt === s.doubt && !has.length === !s.has.length;
      Object.assign(s, { has, shown, doubt });
      if (!same) paint(s);
    }
    for (const [article, changed] of stale) for (const k of changed) fill(article, k);
    filters.forEach((button, k) => (button.querySelector(".number").textContent = totals[k]));
    sliders.forEach((slider, k) => (outputs[k].textContent = Number(slider.value).toFixed(2)));
    reset.disabled = !moved.includes(true);
    if (current) describe(current);
  }

  // Many steps of a slider may fall between two frames.
  let waiting = false;
  function updateSoon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      update();
    });
  }

  filters.forEach((button, k) =>
    button.addEventListener("click", () => {
      on[k] = !on[k];
      button.setAttribute("aria-pressed", String(on[k]));
      for (const { lists } of articles) lists[k].hidden = !on[k] || !lists[k].querySelector("li");
      update();
    }),
  );
  for (const slider of sliders) slider.addEventListener("input", updateSoon);
  reset.addEventListener("click", () => {
    for (const slider of sliders) slider.value = slider.defaultValue;
    update();
    sliders[0].focus();
  });

  // ---- details ----

  const panel = document.getElementById("panel");
  const details = document.getElementById("details");
  let current = null;

  function describeKind(sentence, k) {
    const p = sentence.probabilities[k];
    const section = make("section", "kind " + kinds[k].look);
    const heading = make("h3");
    heading.append(make("span", "", kinds[k].name.replaceAll("_", " ")), make("span", "", p.toFixed(2)));
    const gauge = make("div", "gauge");
    const meter = make("meter");
    meter.value = p;
    meter.setAttribute("aria-label", "probability of " + kinds[k].name);
    const tick = make("i");
    tick.style.left = 100 * threshold(k) + "%";
    gauge.append(meter, tick);
    const given = sentence.has.includes(k) ? "given" : "not given";
    section.append(heading, gauge, make("p", "", given + "; threshold " + threshold(k).toFixed(2)));
    const found = sentence.explained.find((row) => row[0] === k);
    if (!found) {
      section.append(make("p", "", "The terms behind so low a probability are not kept in this page."));
      return section;
    }
    const [, terms, others, rest, intercept] = found;
    const list = make("ul", "terms");
    for (const [term, count, value] of terms) {
      const [block, meaning] = data.terms[term];
      const item = make("li");
      const words = make("span");
      words.append(make("span", "block", block + " "), meaning + (count > 1 ? " ×" + count : ""));
      item.append(make("span", "value", signed(value)), words);
      list.append(item);
    }
    const sum = others ? others + " other terms " + signed(rest) + ", " : "";
    section.append(list, make("p", "", sum + "before any term " + signed(intercept)));
    return section;
  }

  function describe(sentence) {
    const told = new Set([...sentence.explained.map((row) => row[0]), ...sentence.has]);
    const order = kinds.map((_, k) => k).sort((a, b) => sentence.probabilities[b] - sentence.probabilities[a]);
    const place = "Sentence " + sentence.position + " of " + sentence.article.sentences.length;
    const others = order.filter((k) => !told.has(k)).map((k) => kinds[k].tag + " " + sentence.probabilities[k].toFixed(2));
    details.replaceChildren(
      make("p", "place", place + (sentence.doubt ? "; near a threshold: worth a look" : "")),
      ...order.filter((k) => told.has(k)).map((k) => describeKind(sentence, k)),
    );
    if (others.length) details.append(make("p", "others", "Others: " + others.join(", ")));
  }

  function show(sentence) {
    if (current === sentence) return;
    if (current) current.element.classList.remove("current");
    current = sentence;
    panel.classList.toggle("empty", !sentence);
    if (!sentence) return details.replaceChildren();
    sentence.element.classList.add("current");
    describe(sentence);
    panel.scrollTop = 0;
  }

  const main = document.getElementById("content");
  const under = (target) => sentenceOf.get(target instanceof Element ? target.closest(".s") : null);
  let resting;
  main.addEventListener("pointerover", (event) => {
    clearTimeout(resting);
    const sentence = under(event.target);
    // What has the focus stays; a pointer that only passes by changes nothing.
    if (!sentence || event.pointerType !== "mouse" || (current && under(document.activeElement) === current)) return;
    resting = setTimeout(() => show(sentence), 90);
  });
  main.addEventListener("pointerleave", () => clearTimeout(resting));
  for (const kind of ["focusin", "click"]) {
    main.addEventListener(kind, (event) => {
      const sentence = under(event.target);
      if (sentence) show(sentence);
    });
  }
  document.getElementById("close").addEventListener("click", () => {
    const { element } = current;
    show(null);
    element.focus({ preventScroll: true });
    show(null);
  });

  // ---- keys ----

  const ahead = { j: 1, ArrowDown: 1, ArrowRight: 1, k: -1, ArrowUp: -1, ArrowLeft: -1 };

  function step(by) {
    let at = current ? current.number + by : firstInView() - (by < 0 ? 1 : 0);
    while (sentences[at] && !sentences[at].shown.length) at += by;
    if (sentences[at]) sentences[at].element.focus();
  }

  function firstInView() {
    const article = articles.find(({ section }) => section.getBoundingClientRect().bottom > 0);
    const first = article && article.sentences.find(({ element }) => element.getBoundingClientRect().top >= 0);
    return first ? first.number : 0;
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input")) return;
    if (event.key === "Escape") show(null);
    const arrow = event.key.startsWith("Arrow");
    if (!(event.key in ahead) || (arrow && !under(event.target))) return;
    event.preventDefault();
    step(ahead[event.key]);
  });

  document.documentElement.classList.add("js");
  panel.classList.add("empty");
  document.getElementById("side").hidden = false;
}

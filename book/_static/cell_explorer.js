// One unit of an LSTM layer, moved by hand or by what a trained cell reads.
(() => {
  "use strict";

  const shared = typeof module === "undefined" ? globalThis.explorers : require("./explorers.js");
  const {
    runningSum, fixed, percent, dollars, dateOf, chooser, slider, show, painter, text, line, curve, scale, ticks,
  } = shared;

  // What is computed. The tests run this part in Node.js and compare it with paperlib.

  const sigmoid = (x) => 1 / (1 + Math.exp(-x));

  /** One step of one unit, from what gates and candidate are given, W·[h, x] + b, and the old state. */
  function cellStep(given, before) {
    const [f, i, o] = [given.f, given.i, given.o].map(sigmoid); // eqs. 3, 4 and 5
    const candidate = Math.tanh(given.c); // eq. 6
    const [kept, written] = [f * before, i * candidate];
    const c = kept + written; // eq. 7
    return { given, before, f, i, o, candidate, kept, written, c, h: o * Math.tanh(c) }; // eq. 8
  }

  /** A unit's steps through a window, from a state of zero. */
  function walk(unit) {
    let before = 0;
    return unit.f.map((_, t) => {
      const step = cellStep({ f: unit.f[t], i: unit.i[t], o: unit.o[t], c: unit.c[t] }, before);
      before = step.c;
      return step;
    });
  }

  // What is drawn

  const GATES = { f: "Forget gate", i: "Input gate", o: "Output gate" };
  const SYMBOLS = { 3: "f", 4: "i", 5: "o", 6: "C̃", 7: "C", 8: "h" };

  const factor = (value) => (value < 0 ? `(${fixed(value)})` : fixed(value));
  const tickText = (tick) => String(Number(tick.toPrecision(2))).replace("-", "−");

  /** One of eqs. 3 to 8, linked to the chapter's own, with room for its numbers. */
  function equation([number, letter]) {
    const label = document.querySelector(`#equation-eq-${number} .eqno`)?.firstChild.textContent ?? `(${number})`;
    return `<li><a href="#equation-eq-${number}">${label}</a> <i>${letter}</i><sub>t</sub> = <span></span></li>`;
  }

  const cellPage = () => `
    <fieldset><legend>A trained cell reads the window</legend>
      <div class="explorer-line">${chooser("network", "Network")}${chooser("unit", "Unit")}</div>
      ${slider("step", "Step", 1, 30, 1)}
      <div class="explorer-line"><button type="button" name="previous">Previous</button>
        <button type="button" name="next">Next</button><button type="button" name="play">Play</button>
        <button type="button" name="back">Return to the path</button></div>
      <svg role="img" height="212"></svg></fieldset>
    <p role="status"></p>
    <div class="explorer-columns">
      <fieldset><legend>By hand: W · [h, x] + b, and the old state</legend>
        ${Object.entries(GATES).map(([key, name]) => slider(key, name, -6, 6, 0.1)).join("")}
        ${slider("c", "Candidate", -3, 3, 0.05)}${slider("before", "Old state", -1, 1, 0.01)}</fieldset>
      <div><svg role="img" height="196"></svg>
        <p class="explorer-note">Outline: what is offered. Filled: what the gate lets through.</p></div></div>
    <ul class="explorer-equations">${Object.entries(SYMBOLS).map(equation).join("")}</ul>`;

  /** The bars: what is offered to each gate, and what it lets through. */
  function paintBars(s, width, height) {
    // Trained states are small: the axis is the narrowest that holds all bars.
    const longest = Math.max(...[s.before, s.candidate, s.c].map(Math.abs));
    const limit = [0.25, 1, 2].find((end) => longest <= end) ?? longest;
    const x = scale(-limit, limit, 1, width - 1);
    const bar = (from, to, y, high, kind) =>
      `<rect class="${kind}" x="${Math.min(x(from), x(to))}" y="${y}" width="${Math.abs(x(to) - x(from))}"
       height="${high}"/>`;
    const row = (y, words, value) => text(0, y, words) + text(width, y, fixed(value), "", "end");
    const gate = (y, words, offered, passed, kind) =>
      row(y, words, passed) + bar(0, offered, y + 7, 14, `${kind} explorer-offered`) + bar(0, passed, y + 7, 14, kind);
    return [
      ...[12, 56, 100, 144].map((y) => line(x(0), y + 5, x(0), y + 23)),
      ...Object.entries({ start: -limit, middle: 0, end: limit }).map(([anchor, tick]) =>
        text(x(tick), height - 2, tickText(tick), "explorer-tick", anchor)),
      gate(12, `Old state: ${percent(s.f)} kept`, s.before, s.kept, "explorer-c"),
      gate(56, `Candidate: ${percent(s.i)} written`, s.candidate, s.written, "explorer-c"),
      row(100, "New state: kept, then written", s.c),
      bar(0, s.kept, 107, 7, "explorer-c") + bar(s.kept, s.c, 114, 7, "explorer-c"),
      line(x(s.c), 104, x(s.c), 124, "explorer-mark"),
      gate(144, `Hidden state: ${percent(s.o)} let out`, Math.tanh(s.c), s.h, "explorer-h"),
    ].join("");
  }

  /** The way of C and h through the window, below the price, with the present step marked. */
  function paintWay(steps, close, widest, t, s, width, height) {
    const x = scale(0, steps.length - 1, 46, width - 10);
    const ends = [Math.min(...close), Math.max(...close)];
    const price = scale(...ends, 62, 22);
    const y = scale(-widest, widest, height - 24, 92);
    const way = (values, place, kind) => curve(values.map((value, k) => [x(k), place(value)]), kind);
    const dot = (value, kind) => // at the edge, if by hand it left the drawing
      `<circle cx="${x(t)}" cy="${Math.max(86, Math.min(height - 18, y(value)))}" r="5" class="${kind}"/>`;
    return [
      text(46, 12, "close", "explorer-price"),
      text(46, 80, "cell state", "explorer-c") + text(126, 80, "hidden state", "explorer-h"),
      ...ends.map((value) => text(40, price(value) + 4, dollars(value), "explorer-tick", "end")),
      ...ticks(-widest, widest).map((tick) =>
        line(46, y(tick), width - 10, y(tick), "explorer-grid") +
        text(40, y(tick) + 4, tickText(tick), "explorer-tick", "end")),
      ...[0, 9, 19, 29].map((k) => text(x(k), height - 4, k + 1, "explorer-tick", "middle")),
      line(x(t), 16, x(t), height - 20, "explorer-mark"),
      way(close, price, "explorer-price"),
      way(steps.map(({ c }) => c), y, "explorer-c") + way(steps.map(({ h }) => h), y, "explorer-h"),
      dot(s.c, "explorer-c") + dot(s.h, "explorer-h"),
    ].join("");
  }

  const describeBars = (s) =>
    `Of the old state ${fixed(s.before)}, ${percent(s.f)} is kept: ${fixed(s.kept)}. ` +
    `Of the candidate ${fixed(s.candidate)}, ${percent(s.i)} is written: ${fixed(s.written)}. ` +
    `The sum, ${fixed(s.c)}, is the new state. ` +
    `Of its tanh ${fixed(Math.tanh(s.c))}, ${percent(s.o)} is let out: ${fixed(s.h)}.`;

  const describeWay = (steps, close, t) =>
    `Price, cell state and hidden state of the trained cell over ${steps.length} sessions. At step ${t + 1} the ` +
    `close is ${dollars(close[t])}, the cell state ${fixed(steps[t].c)}, the hidden state ${fixed(steps[t].h)}.`;

  /** Eqs. 3 to 8 in numbers: how each comes about, and what comes out. */
  const inNumbers = (s) => [
    ...["f", "i", "o"].map((key) => [`σ(${fixed(s.given[key])})`, s[key]]),
    [`tanh(${fixed(s.given.c)})`, s.candidate],
    [`${fixed(s.f)} · ${factor(s.before)} + ${fixed(s.i)} · ${factor(s.candidate)}`, s.c],
    [`${fixed(s.o)} · tanh(${fixed(s.c)})`, s.h],
  ];

  function cellExplorer(root, data, named) {
    const { network, unit, step, play, back } = named;
    const [way, bars] = root.querySelectorAll("svg");
    const status = root.querySelector("[role=status]");
    const results = root.querySelectorAll("li > span");
    const dates = runningSum(data.days).map(dateOf);
    const last = dates.length - 1;
    const walks = data.networks.map(({ units }) => units.map(walk));
    const widest = Math.max(...walks.flat(2).map(({ c }) => Math.abs(c)));
    let [t, byHand, timer] = [Math.floor(last / 2), null, 0];

    const steps = () => walks[network.value][unit.value];
    const now = () => byHand ?? steps()[t];
    const repaint = [
      painter(way, (...size) => paintWay(steps(), data.close, widest, t, now(), ...size)),
      painter(bars, (...size) => paintBars(now(), ...size)),
    ];

    function pause() {
      clearInterval(timer);
      timer = 0;
      play.textContent = "Play";
      status.setAttribute("aria-live", "polite");
    }
    function goTo(place) {
      [t, byHand] = [Math.max(0, Math.min(last, place)), null];
      render();
    }
    function startPlaying() {
      goTo(t < last ? t : 0);
      play.textContent = "Pause";
      status.setAttribute("aria-live", "off"); // thirty messages in a row are noise
      timer = setInterval(() => (t < last ? goTo(t + 1) : pause()), 800);
    }
    function fillUnits() {
      unit.replaceChildren(...data.networks[network.value].units.map((one, k) => new Option(one.unit, k)));
    }
    /** Let a reader's hand stop the walk before it does something else. */
    function on(control, event, action) {
      control.addEventListener(event, () => (pause(), action()));
    }

    function render() {
      const s = now();
      for (const key of Object.keys(GATES)) {
        show(named[key], s.given[key], `${fixed(s.given[key], 2)}: ${percent(s[key])} open`);
      }
      show(named.c, s.given.c, `${fixed(s.given.c, 2)}: offers ${fixed(s.candidate)}`);
      show(named.before, s.before, fixed(s.before));
      show(step, t + 1, `${t + 1} of ${last + 1}, ${dates[t]}`);
      inNumbers(s).forEach(([how, result], k) => (results[k].innerHTML = `${how} = <b>${fixed(result)}</b>`));
      const place = byHand ? "You left the trained cell's path." : `${dates[t]}, close ${dollars(data.close[t])}.`;
      status.textContent = `${place} Cell state ${fixed(s.c)}, hidden state ${fixed(s.h)}.`;
      back.hidden = !byHand;
      bars.setAttribute("aria-label", describeBars(s));
      way.setAttribute("aria-label", describeWay(steps(), data.close, t));
      repaint.forEach((paint) => paint());
    }

    network.append(...data.networks.map(({ name }, k) => new Option(name, k)));
    fillUnits();
    step.max = last + 1;
    play.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches; // "Next" does the same
    on(network, "change", () => (fillUnits(), goTo(t)));
    on(unit, "change", () => goTo(t));
    on(step, "input", () => goTo(step.value - 1));
    on(named.previous, "click", () => goTo(t - 1));
    on(named.next, "click", () => goTo(t + 1));
    on(back, "click", () => (goTo(t), step.focus())); // this button is gone then
    play.addEventListener("click", () => (timer ? pause() : startPlaying()));
    for (const key of ["f", "i", "o", "c", "before"]) {
      on(named[key], "input", () => {
        const value = Number(named[key].value);
        const s = now();
        byHand = key === "before" ? cellStep(s.given, value) : cellStep({ ...s.given, [key]: value }, s.before);
        render();
      });
    }
    render();
  }

  const title = "A cell to move, and its way through a window";
  if (typeof module === "undefined") shared.start("cell", title, cellPage, cellExplorer);
  else module.exports = { cellStep, walk };
})();

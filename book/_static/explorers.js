// What the two explorers share: drawings that a reader can move. Only pages that hold one load this file and the
// one of their explorer (see book.js). No library and no modules: a page must work from a file, too.
(() => {
  "use strict";

  /** Undo the differences that keep the data small. */
  function runningSum(differences, unit = 1) {
    let sum = 0;
    return differences.map((difference) => (sum += difference) * unit);
  }

  /** A number with a true minus, and none before a zero. */
  const fixed = (value, digits = 3) => value.toFixed(digits).replace(/^-(?=[0.]+$)/, "").replace("-", "−");
  const percent = (share) => `${(100 * share).toFixed(Math.abs(share - 0.5) > 0.49 ? 1 : 0)}%`; // no gate shuts fully
  const dollars = (value) => `$${Number(value.toPrecision(4))}`;
  const sessions = (count) => `${count} session${count === 1 ? "" : "s"}`;
  const dateForm = { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" };
  const dateOf = (day) => new Date(day * 864e5).toLocaleDateString("en-GB", dateForm);

  const chooser = (name, title) =>
    `<label class="explorer-choice"><span>${title}</span><select name="${name}"></select></label>`;
  const slider = (name, title, min, max, step) =>
    `<div class="explorer-slider"><label><span>${title}</span>
     <input type="range" name="${name}" min="${min}" max="${max}" step="${step}"></label>
     <span aria-hidden="true"></span></div>`;

  /** Set a slider, and say what its value means: to the eye beside it, to a screen reader in it. */
  function show(input, value, meaning) {
    input.value = value;
    input.setAttribute("aria-valuetext", meaning);
    input.parentElement.nextElementSibling.textContent = meaning;
  }

  /** Draw now and at every change of width: in pixels, so that text keeps its size on a phone. */
  function painter(svg, paint) {
    const repaint = () => svg.clientWidth && (svg.innerHTML = paint(svg.clientWidth, svg.clientHeight));
    new ResizeObserver(repaint).observe(svg);
    return repaint;
  }
  const text = (x, y, words, kind = "", anchor = "start") =>
    `<text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${words}</text>`;
  const line = (x1, y1, x2, y2, kind = "") => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" class="${kind}"/>`;
  const curve = (points, kind) =>
    `<polyline class="${kind}" points="${points.map((at) => at.map((x) => x.toFixed(1))).join(" ")}"/>`;
  const scale = (low, high, from, to) => (value) => from + ((value - low) / (high - low || 1)) * (to - from);

  /** Round numbers between two others. */
  function ticks(low, high) {
    const rough = (high - low) / 6 || 1;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((size) => size >= rough);
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, k) => (first + k) * step);
  }

  /** Put an explorer where its data lie, in place of the figure that stands for it without scripts. */
  function start(kind, title, page, build) {
    const root = document.querySelector(`[data-explorer="${kind}"]`);
    const figure = document.getElementById(root.dataset.figure);
    const [number, words, link] = [".caption-number", ".caption-text", ".headerlink"].map(
      (part) => figure.querySelector(part)?.outerHTML ?? "");
    const data = JSON.parse(root.querySelector("script").textContent);
    root.classList.add("explorer");
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", title);
    root.insertAdjacentHTML("beforeend",
      `<p class="explorer-title">${number}${title}${link}</p><p class="explorer-note">${words}</p>${page()}`);
    const controls = [...root.querySelectorAll("[name]")].map((control) => [control.name, control]);
    build(root, data, Object.fromEntries(controls));
    // The figure goes when all is built, and leaves its place among the links.
    figure.classList.add("explorer-still");
    root.id = figure.id;
    figure.removeAttribute("id");
    root.hidden = false;
  }

  const explorers = {
    runningSum, fixed, percent, dollars, sessions, dateOf, chooser, slider, show, painter, text, line, curve, scale,
    ticks, start,
  };
  if (typeof module === "undefined") globalThis.explorers = explorers;
  else module.exports = explorers;
})();

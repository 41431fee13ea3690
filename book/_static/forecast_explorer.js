// Forecasts of several horizons beside the price and beside persistence.
(() => {
  "use strict";

  const shared = typeof module === "undefined" ? globalThis.explorers : require("./explorers.js");
  const {
    runningSum, fixed, dollars, sessions, dateOf, chooser, slider, show, painter, text, line, curve, scale, ticks,
  } = shared;

  // What is computed. The tests run this part in Node.js and compare it with paperlib.

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  function scores(actual, forecast) {
    const errors = actual.map((value, k) => forecast[k] - value);
    const mse = mean(errors.map((error) => error ** 2));
    const mape = 100 * mean(errors.map((error, k) => Math.abs(error / actual[k])));
    return { mape, rmse: Math.sqrt(mse), bias: mean(errors), mse };
  }

  /** The k, 0 for the targets themselves, for which forecasts lie nearest to the closes k sessions before them. */
  function sessionsBehind(close, start, forecast, most) {
    const distance = (k) => mean(forecast.map((value, j) => Math.abs(value - close[start + j - k])));
    const distances = Array.from({ length: most + 1 }, (_, k) => distance(k));
    return distances.indexOf(Math.min(...distances));
  }

  /** Forecasts of one network and protocol, made `horizon` sessions before, beside what came. */
  function compare(data, series, horizon) {
    const close = runningSum(data.close, data.unit);
    const forecast = runningSum(data.forecasts[series].ahead[data.horizons.indexOf(horizon)], data.unit);
    const start = data.earlier + horizon - 1; // the target of the first origin
    const naive = close.slice(start - horizon, close.length - horizon);
    const [model, persistence] = [forecast, naive].map((made) => scores(close.slice(start), made));
    const behind = sessionsBehind(close, start, forecast, data.earlier);
    return { start, forecast, naive, model, persistence, ratio: model.mse / persistence.mse, behind };
  }

  // What is drawn

  const MEASURES = ["MAPE", "RMSE", "Mean error, forecast less price", "MSE over persistence's", "Trails the price by"];
  const money = (value) => fixed(value, 2).replace(/\d/, "$$$&"); // −$1.23

  const forecastPage = () => `
    <div class="explorer-line">${chooser("horizon", "Horizon")}${chooser("network", "Network")}
      ${chooser("protocol", "Protocol")}</div>
    ${slider("shown", "Sessions", 30, 30, 1)}
    <svg role="img" height="300"></svg>
    <div aria-live="polite" class="explorer-table"><table><caption></caption>
      <thead><tr><td></td><th scope="col"></th><th scope="col">Persistence</th></tr></thead>
      <tbody>${MEASURES.map((name) => `<tr><th scope="row">${name}</th><td></td><td></td></tr>`).join("")}</tbody>
    </table></div>`;

  function paintForecasts(close, dates, found, shown, width, height) {
    const from = close.length - shown;
    const series = [
      ["explorer-price", 0, close],
      ["explorer-naive", found.start, found.naive],
      ["explorer-c", found.start, found.forecast],
    ].map(([kind, start, values]) => [kind, Math.max(start, from), values.slice(Math.max(0, from - start))]);
    const all = series.flatMap(([, , values]) => values);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const x = scale(from, close.length - 1, 48, width - 8);
    const y = scale(low, high, height - 28, 30);
    const anchors = width > 500 ? ["start", "middle", "end"] : ["start", "end"];
    return [
      text(48, 12, "close", "explorer-price") + text(100, 12, "forecast", "explorer-c") + text(172, 12, "persistence"),
      ...ticks(low, high).map((tick) =>
        line(48, y(tick), width - 8, y(tick), "explorer-grid") +
        text(42, y(tick) + 4, dollars(tick), "explorer-tick", "end")),
      ...anchors.map((anchor, n) => {
        const k = Math.round(from + (n * (shown - 1)) / (anchors.length - 1));
        return text(x(k), height - 6, dates[k], "explorer-tick", anchor);
      }),
      ...series.map(([kind, start, values]) => curve(values.map((value, k) => [x(start + k), y(value)]), kind)),
    ].join("");
  }

  function forecastExplorer(root, data, { horizon, network, protocol, shown }) {
    const svg = root.querySelector("svg");
    const cells = root.querySelectorAll("tbody td");
    const dates = runningSum(data.days).map(dateOf);
    const close = runningSum(data.close, data.unit);
    const targets = close.length - data.earlier;
    let found;
    const repaint = painter(svg, (...size) => paintForecasts(close, dates, found, Number(shown.value), ...size));

    function render() {
      const h = Number(horizon.value);
      const wanted = (one) => one.network === network.value && one.protocol === protocol.value;
      found = compare(data, data.forecasts.findIndex(wanted), h);
      const from = dates[close.length - shown.value];
      show(shown, shown.value, `last ${shown.value}, from ${from}`);
      root.querySelector("caption").textContent =
        `${network.value} ${protocol.value}, forecasts made ${sessions(h)} before. ` +
        `All ${found.forecast.length} are scored, however many are shown.`;
      root.querySelector("thead th").textContent = network.value;
      [[found.model, found.ratio, found.behind], [found.persistence, 1, h]].forEach(([score, ratio, behind], column) =>
        [`${fixed(score.mape, 2)}%`, money(score.rmse), money(score.bias), fixed(ratio, 2), sessions(behind)]
          .forEach((words, row) => (cells[2 * row + column].textContent = words)));
      svg.setAttribute("aria-label",
        `The close from ${from} to ${dates.at(-1)}, forecasts of the ${network.value}, ${protocol.value}, ` +
        `made ${sessions(h)} before, and persistence. The forecasts trail the price by ${sessions(found.behind)}.`);
      repaint();
    }

    const names = (key) => [...new Set(data.forecasts.map((one) => one[key]))].map((name) => new Option(name, name));
    horizon.append(...data.horizons.map((h) => new Option(sessions(h), h, h === 10, h === 10)));
    network.append(...names("network"));
    protocol.append(...names("protocol"));
    shown.max = targets;
    shown.value = Math.min(targets, 250);
    for (const control of [horizon, network, protocol, shown]) control.addEventListener("input", render);
    render();
  }

  const title = "Forecasts to choose from";
  if (typeof module === "undefined") shared.start("forecast", title, forecastPage, forecastExplorer);
  else module.exports = { compare };
})();

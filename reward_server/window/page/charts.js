// Curves by uPlot in the page's own colours, and bars.

import { h, number } from "./dom.js";

const COLOURS = ["--accent", "--odd", "--warn", "--code-number", "--code-key", "--bad", "--good", "--grey"];
export const OUTCOME_COLOURS = { correct: "--good", partial: "--accent", incorrect: "--bad", no_answer: "--grey", undecided: "--odd", bad_ground_truth: "--odd", ungradable: "--code-key", compile_error: "--warn", runtime_error: "--code-number", time_limit: "--code-key", violation: "--odd" };

const LEGEND = 28;

// Times of a day, or days with their times, in the reader's zone.
function stamps(seconds) {
  const two = (value) => String(value).padStart(2, "0");
  const apart = seconds.length > 1 ? seconds[seconds.length - 1] - seconds[0] : 0;
  const step = seconds.length > 1 ? seconds[1] - seconds[0] : 60;
  return seconds.map((one) => {
    const at = new Date(one * 1000);
    const day = `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    if (step >= 86400) return day;
    const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
    return apart > 86400 ? `${day} ${clock}` : step < 60 ? `${clock}:${two(at.getSeconds())}` : clock;
  });
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// `series` has {label, values, colour?, scale?}; `chosen` is called with the place of the step that is clicked.
export function lines(title, x, series, { signal, chosen, time = false, height = 200, low = null, high = null } = {}) {
  const place = h("div", { class: "chart", role: "img", "aria-label": described(title, x, series) });
  place.style.minHeight = `${height + LEGEND}px`; // what is below does not move when the curve comes
  let plot = null;
  const draw = () => {
    if (plot) plot.destroy();
    const axis = { stroke: colour("--faint"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui" };
    plot = new globalThis.uPlot({
      width: Math.max(200, place.clientWidth || 600), height,
      cursor: { points: { size: 6 }, drag: { x: true, y: false } }, legend: { live: true },
      scales: { x: { time, range: (_, min, max) => (time && max - min < 60 ? [max - 60, max] : max === min ? [min - 1, max + 1] : [min, max]) }, y: { range: (_, min, max) => (min === null ? [low ?? 0, high ?? 1] : [low === null ? min : low, high === null ? (max === min ? max + 1 : max) : Math.max(high, max)]) } },
      axes: [{ ...axis, size: 28, ...(time ? { space: 76, values: (_, ticks) => stamps(ticks) } : { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 1000000] }) }, { ...axis, size: 46, values: (_, values) => values.map((value) => number(value)) }],
      series: [{ label: time ? "time" : "step" }, ...series.map((one, index) => ({
        label: one.label, stroke: colour(one.colour || COLOURS[index % COLOURS.length]), width: 1.6, points: { show: x.length < 3 }, spanGaps: true,
        value: (_, value) => number(value),
      }))],
    }, [x, ...series.map((one) => one.values)], place);
    if (chosen) {
      plot.over.addEventListener("click", () => { if (plot.cursor.idx !== null && plot.cursor.idx !== undefined) chosen(plot.cursor.idx); });
      plot.over.style.cursor = "pointer";
    }
  };
  const observer = new ResizeObserver(() => { if (!plot) draw(); else if (plot.width !== place.clientWidth) plot.setSize({ width: Math.max(200, place.clientWidth), height }); });
  observer.observe(place);
  document.addEventListener("theme", draw, { signal });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw, { signal });
  if (signal) signal.addEventListener("abort", () => observer.disconnect());
  place.update = (points, values) => { if (plot) plot.setData([points, ...values]); };
  return h("figure", {}, h("figcaption", {}, title), place);
}

function described(title, x, series) {
  const last = series.map((one) => `${one.label} ${number(one.values[one.values.length - 1])}`).join(", ");
  return x.length ? `${title}: ${x.length} points; at the end ${last}` : `${title}: nothing yet`;
}

// Shares of one whole in a row: {name: n}.
export function shares(counts, colours = {}) {
  const total = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const entries = Object.entries(counts).filter(([, n]) => n > 0).sort(([, one], [, other]) => other - one);
  const bar = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  bar.setAttribute("viewBox", "0 0 100 4");
  bar.setAttribute("preserveAspectRatio", "none");
  bar.setAttribute("class", "shares");
  bar.setAttribute("aria-hidden", "true");
  let from = 0;
  entries.forEach(([name, n], index) => {
    const part = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    part.setAttribute("x", String(from));
    part.setAttribute("width", String((100 * n) / total));
    part.setAttribute("height", "4");
    part.style.fill = `var(${colours[name] || COLOURS[index % COLOURS.length]})`;
    from += (100 * n) / total;
    bar.append(part);
  });
  return bar;
}

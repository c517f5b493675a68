/* A chart from the JSON beside it, with its table twin. The data:
     {"kind": "bar|line|area|funnel|pie", "unit": "…", "horizontal": false, "stacked": false,
      "categories": ["…"],
      "series": [{"name": "…", "colour": "primary", "data": [{"value": 12, "label": "۱۲", "url": "/…"} or a number]}]}
   funnel and pie use the first series with its categories. `label` is the figure as the person reads it; a click on a
   datum opens its `url`. Values are plain numbers; formatting is the server's, so digits and money units agree. */
import { formatNumber } from "../lib/digits.js";
import { isRtl, vendor } from "../lib/page.js";

const PALETTE = ["primary", "azure", "orange", "purple", "green", "pink", "yellow", "indigo", "cyan", "red", "lime"];

const SPOKEN = 12;

/* Canvas takes no CSS variables nor light-dark(): read what the browser computes. */
function computed(expression) {
  const probe = document.createElement("i");
  probe.hidden = true;
  probe.style.color = expression;
  document.body.append(probe);
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = getComputedStyle(probe).color;
  canvas.fillRect(0, 0, 1, 1);
  probe.remove();
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

function colour(name) {
  return computed(`light-dark(var(--tblr-${name}), oklch(from var(--tblr-${name}) 0.72 calc(c * 0.95) h))`);
}

function datum(value, label) {
  return typeof value === "object" && value !== null ? { name: label, ...value } : { name: label, value };
}

function reading(item) {
  return item.data?.label ?? formatNumber(item.value);
}

class Chart {
  constructor(figure, echarts) {
    this.figure = figure;
    this.echarts = echarts;
    this.spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    this.box = figure.querySelector(".pv-chart-box");
    this.title = this.box.getAttribute("aria-label");
    this.twin = figure.querySelector("[data-twin]");
    this.buttons();
    this.show(true);
    new ResizeObserver(() => this.chart?.resize()).observe(this.box);
    new MutationObserver(() => this.draw()).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  }

  /* What a screen reader says instead of the picture, in the page's language; the table twin has all of it. */
  inWords() {
    const { categories, series } = this.spec;
    const figure = (value) => value?.label ?? formatNumber(value?.value ?? value ?? 0);
    const points = categories.slice(0, SPOKEN).map((name, at) => `${name}: ${series.map((one) => figure(one.data[at])).join(" / ")}`);
    return [this.title, ...points].join(isRtl() ? "، " : ", ");
  }

  buttons() {
    const toggle = this.figure.querySelector("[data-toggle-twin]");
    const png = this.figure.querySelector("[data-png]");
    const csv = this.figure.querySelector("[data-csv]");
    for (const button of [toggle, png, csv]) button.hidden = false;
    toggle.addEventListener("click", () => {
      const picture = this.box.hidden;
      this.show(picture);
      toggle.setAttribute("aria-pressed", String(!picture));
    });
    png.addEventListener("click", () => {
      const background = computed("var(--tblr-bg-surface)");
      this.save(this.chart.getDataURL({ pixelRatio: 2, backgroundColor: background }), "png");
    });
    csv.addEventListener("click", () => {
      const lines = [...this.twin.querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => this.quoted(cell)).join(","));
      const url = URL.createObjectURL(new Blob(["\ufeff", lines.join("\r\n")], { type: "text/csv" }));
      this.save(url, "csv");
      URL.revokeObjectURL(url);
    });
  }

  quoted(cell) {
    const value = cell.textContent.trim();
    // A leading sign would be read as a formula by spreadsheets.
    return `"${(/^[=+\-@\t]/.test(value) ? `'${value}` : value).replace(/"/g, '""')}"`;
  }

  save(url, kind) {
    const link = document.createElement("a");
    link.href = url;
    link.download = `${this.figure.dataset.name}.${kind}`;
    link.click();
  }

  show(picture) {
    this.box.hidden = !picture;
    this.twin.hidden = picture;
    if (picture) this.draw();
  }

  draw() {
    if (this.box.hidden) return;
    this.chart?.dispose();
    this.chart = this.echarts.init(this.box, null, { renderer: "canvas" });
    this.chart.setOption(this.option());
    this.chart.on("click", (event) => {
      if (event.data?.url) window.location.assign(event.data.url);
    });
  }

  option() {
    const { kind, series, categories = [] } = this.spec;
    this.ink = computed("var(--tblr-body-color)");
    this.soft = computed("var(--tblr-secondary)");
    this.line = computed("var(--tblr-border-color)");
    const font = getComputedStyle(document.body).fontFamily;
    const base = {
      animationDuration: 300,
      color: series.map((one, at) => colour(one.colour ?? PALETTE[at % PALETTE.length])),
      textStyle: { fontFamily: font, color: this.ink },
      aria: { enabled: true, label: { description: this.inWords() } },
      tooltip: {
        renderMode: "richText",
        trigger: kind === "funnel" || kind === "pie" ? "item" : "axis",
        axisPointer: { type: kind === "bar" ? "shadow" : "line" },
        backgroundColor: computed("var(--tblr-bg-surface)"),
        borderColor: this.line,
        textStyle: { color: this.ink, fontFamily: font, align: isRtl() ? "right" : "left" },
        formatter: (found) => this.tooltip(found),
      },
      legend: {
        show: series.length > 1 || kind === "pie",
        bottom: 0,
        icon: "roundRect",
        textStyle: { color: this.soft, fontFamily: font },
      },
    };
    if (kind === "funnel" || kind === "pie") {
      // The funnel's labels are white on the shape: its steps darken, so that they stay readable in both themes.
      const step = (at) => computed(`oklch(from var(--tblr-primary) ${0.53 - at * (0.16 / Math.max(1, categories.length))} c h)`);
      const palette = categories.map((_, at) => (kind === "funnel" ? step(at) : colour(PALETTE[at % PALETTE.length])));
      return { ...base, color: palette, series: [kind === "funnel" ? this.funnel(palette) : this.pie()] };
    }
    return { ...base, ...this.axes(), series: series.map((one) => this.serie(one)) };
  }

  tooltip(found) {
    const items = Array.isArray(found) ? found : [found];
    const head = Array.isArray(found) ? `${items[0].axisValueLabel}\n` : "";
    return head + items.map((item) => `${Array.isArray(found) ? item.seriesName : item.name}: ${reading(item)}`).join("\n");
  }

  axes() {
    const { horizontal, categories, unit } = this.spec;
    const rtl = isRtl();
    const names = {
      type: "category",
      data: categories,
      inverse: horizontal ? true : rtl,
      position: horizontal && rtl ? "right" : undefined,
      axisLine: { lineStyle: { color: this.line } },
      axisTick: { show: false },
      axisLabel: { color: this.soft, hideOverlap: true },
    };
    const values = {
      type: "value",
      inverse: Boolean(horizontal && rtl),
      position: !horizontal && rtl ? "right" : undefined,
      name: unit,
      nameTextStyle: { color: this.soft },
      splitLine: { lineStyle: { color: this.line } },
      axisLabel: { color: this.soft, formatter: (value) => this.compact(value) },
      splitNumber: 4,
    };
    const side = horizontal ? 28 : 8; // room for half of the outermost label
    const grid = { left: side, right: side, top: unit ? 34 : 16, bottom: this.spec.series.length > 1 ? 34 : 8, containLabel: true };
    return horizontal ? { grid, xAxis: values, yAxis: names } : { grid, xAxis: names, yAxis: values };
  }

  compact(value) {
    const locale = document.documentElement.dataset.digits === "fa" ? "fa" : "en";
    return new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }).format(value);
  }

  serie({ name, data }) {
    const { kind, stacked, horizontal, categories } = this.spec;
    const round = horizontal ? (isRtl() ? [4, 0, 0, 4] : [0, 4, 4, 0]) : [4, 4, 0, 0];
    return {
      name,
      type: kind === "bar" ? "bar" : "line",
      stack: stacked ? "all" : undefined,
      areaStyle: kind === "area" ? { opacity: 0.14 } : undefined,
      smooth: kind === "bar" ? undefined : 0.25,
      symbolSize: 7,
      barMaxWidth: 34,
      itemStyle: kind === "bar" && !stacked ? { borderRadius: round } : undefined,
      cursor: data.some((one) => one?.url) ? "pointer" : "default",
      data: data.map((one, at) => datum(one, categories[at])),
    };
  }

  funnel(palette) {
    const { categories, series } = this.spec;
    const values = series[0].data.map((one, at) => datum(one, categories[at]));
    return {
      type: "funnel",
      sort: "none",
      top: 8,
      bottom: 8,
      left: "4%",
      width: "92%",
      gap: 3,
      min: 0,
      minSize: "12%",
      label: { show: true, position: "inside", color: "#fff", fontFamily: getComputedStyle(document.body).fontFamily, textBorderColor: palette.at(-1), textBorderWidth: 3, formatter: (item) => `${item.name}  ${reading(item)}` },
      itemStyle: { borderWidth: 0, borderRadius: 4 },
      data: values.map((one, at) => ({ ...one, itemStyle: { color: palette[at] } })),
    };
  }

  pie() {
    const { categories, series } = this.spec;
    return {
      type: "pie",
      radius: ["48%", "72%"],
      center: ["50%", "46%"],
      label: { color: this.ink, formatter: (item) => `${item.name}: ${reading(item)}` },
      itemStyle: { borderColor: computed("var(--tblr-bg-surface)"), borderWidth: 2 },
      data: series[0].data.map((one, at) => datum(one, categories[at])),
    };
  }
}

export default async function chart(figure) {
  // Canvas text is drawn once: the font must be there first.
  const [echarts] = await Promise.all([vendor("echarts", "echarts"), document.fonts.ready]);
  new Chart(figure, echarts);
}

"use strict";
// Three ways to look at a table of results, each a small class for YASR: pivot, map and chart.
// Nothing here writes HTML from text: elements are made one by one, and text is set as text.
const PeelgraphResults = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const WKT = "http://www.opengis.net/ont/geosparql#wktLiteral";
  const LETTERS = {
    outstanding: "O", good: "G", adequate: "A", "requires-improvement": "RI", inadequate: "I",
    "not-graded": "–",
  };
  const MOST_COLUMNS = 60, MOST_ROWS = 1000, MOST_BARS = 60, MOST_PLACES = 5000;

  function element(name, properties = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key in made && key !== "list") made[key] = value; else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  function drawn(name, attributes = {}, ...children) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  const text = (row, column) => (row[column] ? row[column].value : "");
  const code = (label) => label.toLowerCase().replaceAll(" ", "-");
  const cut = (label, most) => (label.length > most ? `${label.slice(0, most - 1)}…` : label);
  const readable = (name) => name.replaceAll("_", " ");
  const different = (rows, column) => new Set(rows.map((row) => text(row, column))).size;
  const isNumber = (rows, column) =>
    rows.some((row) => row[column]) &&
    rows.every((row) => !row[column] || /^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text(row, column)));

  /** Columns that people can read: labels where there are some, else whatever is no address. */
  function labelled(columns, rows) {
    const labels = columns.filter((name) => name.endsWith("_name"));
    const plain = columns.filter(
      (name) => !columns.includes(`${name}_name`) && !rows.some((row) => row[name] && row[name].type === "uri"),
    );
    const found = columns.filter((name) => labels.includes(name) || plain.includes(name));
    return found.length ? found : columns;
  }

  class View {
    constructor(yasr) {
      this.yasr = yasr;
      this.chosen = {};
    }

    get columns() { return this.yasr.results ? this.yasr.results.getVariables() : []; }
    get rows() { return (this.yasr.results && this.yasr.results.getBindings()) || []; }

    getIcon() { return element("i", { textContent: this.icon, ariaHidden: "true" }); }

    canHandleResults() {
      return Boolean(this.yasr.results && !this.yasr.results.hasError() && this.rows.length && this.fits());
    }

    draw() {
      const place = element("div", { className: "result-view" });
      this.yasr.resultsEl.append(place);
      return this.fill(place);
    }

    /** A choice of a column, kept while the columns stay the same. */
    choice(place, label, among, usual) {
      const known = among.includes(this.chosen[label]) ? this.chosen[label] : usual;
      const select = element("select", {}, ...among.map(
        (name) => element("option", { value: name, textContent: readable(name), selected: name === known }),
      ));
      select.addEventListener("change", () => {
        this.chosen[label] = select.value;
        this.yasr.draw();
      });
      place.append(element("label", {}, `${label} `, select));
      return known;
    }
  }

  class Pivot extends View {
    constructor(yasr) {
      super(yasr);
      this.priority = 4;
      this.label = "Pivot";
      this.icon = "▦ ";
    }

    fits() { return this.columns.length >= 3; }

    /** The columns that make the rows, the columns and the cells, as far as one can guess. */
    guess() {
      const { rows } = this;
      const among = labelled(this.columns, rows);
      if (this.columns.length === 3) return this.columns;
      const cell = among.find((name) => /grade/.test(name)) ||
        among.find((name) => isNumber(rows, name)) || among[among.length - 1];
      const others = among.filter((name) => name !== cell)
        .sort((one, other) => different(rows, other) - different(rows, one));
      const first = others[0] || this.columns[0];
      const second = others.find((name) => name !== first && different(rows, name) > 1) ||
        others[1] || this.columns[1];
      return [first, second, cell];
    }

    fill(place) {
      const choose = element("p", { className: "choose" });
      const [first, second, third] = this.guess();
      const down = this.choice(choose, "Rows", this.columns, first);
      const across = this.choice(choose, "Columns", this.columns, second);
      const cell = this.choice(choose, "Cells", this.columns, third);
      const heads = [...new Set(this.rows.map((row) => text(row, across)))];
      const lines = new Map();
      for (const row of this.rows) {
        const line = lines.get(text(row, down)) || new Map();
        const cells = line.get(text(row, across)) || new Set();
        lines.set(text(row, down), line.set(text(row, across), cells.add(text(row, cell))));
      }
      const shown = heads.slice(0, MOST_COLUMNS);
      const head = element("tr", {}, element("th", { scope: "col", textContent: readable(down) }),
        ...shown.map((name) => element("th", { scope: "col", textContent: cut(name, 60) })));
      const body = [...lines].slice(0, MOST_ROWS).map(([name, line]) => element("tr", {},
        element("th", { scope: "row", textContent: cut(name, 200) }),
        ...shown.map((each) => element("td", {}, ...this.cells(line.get(each))))));
      place.append(choose, element("table", { className: "matrix" },
        element("thead", {}, head), element("tbody", {}, ...body)));
      if (lines.size > MOST_ROWS || heads.length > MOST_COLUMNS) {
        place.append(element("p", {
          textContent: `${Math.min(lines.size, MOST_ROWS)} of ${lines.size} rows and ` +
            `${shown.length} of ${heads.length} columns are shown.`,
        }));
      }
    }

    cells(found) {
      return [...(found || [])].map((value) => {
        const grade = code(value);
        if (!(grade in LETTERS)) return element("span", { textContent: `${cut(value, 200)} ` });
        return element("span", { className: `grade ${grade}` },
          element("abbr", { title: value, textContent: LETTERS[grade] }));
      });
    }
  }

  class Chart extends View {
    constructor(yasr) {
      super(yasr);
      this.priority = 2;
      this.label = "Chart";
      this.icon = "▤ ";
    }

    fits() { return this.columns.length >= 1; }

    fill(place) {
      const { rows, columns } = this;
      const choose = element("p", { className: "choose" });
      const numbers = columns.filter((name) => isNumber(rows, name));
      const names = labelled(columns, rows).filter((name) => !numbers.includes(name));
      const grade = names.find((name) => /grade/.test(name));
      const usual = numbers.length ? names.slice().sort(
        (one, other) => different(rows, other) - different(rows, one))[0] : grade || names[0];
      const by = this.choice(choose, "Bars for", columns, usual || columns[0]);
      const counted = "number of rows";
      const most = numbers.find((name) => name !== "rank");
      const of = this.choice(choose, "Length", [counted, ...numbers], most || counted);
      const bars = new Map();
      for (const row of rows) {
        const length = of === counted ? 1 : Number(text(row, of)) || 0;
        bars.set(text(row, by), (bars.get(text(row, by)) || 0) + length);
      }
      const shown = [...bars].slice(0, MOST_BARS);
      place.append(choose, this.bars(shown, `${readable(of)} for each ${readable(by)}`));
      if (bars.size > MOST_BARS) {
        place.append(element("p", { textContent: `${MOST_BARS} of ${bars.size} are shown.` }));
      }
    }

    bars(shown, title) {
      const left = 220, width = 420, line = 24;
      const longest = Math.max(...shown.map(([, length]) => Math.abs(length)), 1e-9);
      const image = drawn("svg", {
        viewBox: `0 0 ${left + width + 80} ${shown.length * line + 8}`,
        width: left + width + 80, role: "img", "aria-label": `Bar chart: ${title}`,
      });
      shown.forEach(([name, length], at) => {
        const size = Math.max((Math.abs(length) / longest) * width, 1);
        image.append(
          drawn("text", { x: left - 8, y: at * line + 20, "text-anchor": "end" }, cut(name || "(none)", 34)),
          drawn("rect", { class: "bar", x: left, y: at * line + 6, width: size, height: line - 8, rx: 2 }),
          drawn("text", { x: left + size + 6, y: at * line + 20 }, String(Math.round(length * 1000) / 1000)),
        );
      });
      return image;
    }
  }

  class Map_ extends View {
    constructor(yasr) {
      super(yasr);
      this.priority = 3;
      this.label = "Map";
      this.icon = "◎ ";
    }

    get shapes() { return this.columns.find((name) => this.rows.some((row) => row[name] && row[name].datatype === WKT)); }
    get named() { return ["area", "force"].find((name) => this.columns.includes(name)); }

    fits() { return Boolean(this.shapes || this.named); }

    async initialize() {
      this.places = this.shapes ? {} : await Map_.known("places");
      Object.assign(this, await Map_.known("outlines"));
    }

    static async known(what) {
      Map_.kept = Map_.kept || {};
      Map_.kept[what] = Map_.kept[what] || fetch(document.getElementById("editor").dataset[what]).then((r) => r.json());
      return Map_.kept[what];
    }

    fill(place) {
      const names = labelled(this.columns, this.rows).filter((name) => name !== this.shapes);
      const choose = element("p", { className: "choose" });
      const shown = this.choice(choose, "Colours and names from", names,
        names.find((name) => /grade/.test(name)) || names[0]);
      const found = [];
      for (const row of this.rows.slice(0, MOST_PLACES)) {
        const shape = this.shapes ? parsed(text(row, this.shapes)) : this.place(row);
        if (shape) found.push({ shape, row });
      }
      if (!found.length) {
        place.append(choose, element("p", { textContent: "No row of this answer has a place that is known." }));
        return;
      }
      const areas = found.some(({ shape }) => shape[0].length > 1);
      place.append(choose, image(found, shown, text), element("p", {
        textContent: `${found.length} of ${this.rows.length} rows have a place. ` +
          (areas ? this.attribution : "Points stand for the whole area of a force."),
      }));
    }

    /** The rings of the row's area, else its middle. */
    place(row) {
      const named = ["area", "force"].map((name) => text(row, name));
      const point = named.map((iri) => this.places[iri]).find(Boolean);
      return named.map((iri) => this.outlines[this.areas[iri] || iri]).find(Boolean) || (point && [[point]]);
    }
  }

  /** The rings of a point, line or polygon in well-known text, in longitude and latitude. */
  function parsed(wkt) {
    const match = /^\s*(?:<http:\/\/www\.opengis\.net\/def\/crs\/OGC\/1\.3\/CRS84>)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*(\(.*\))\s*$/is.exec(wkt);
    if (!match) return null;
    const rings = match[1].split(")").map((ring) => ring.replaceAll("(", " ").split(",")
      .map((pair) => pair.trim().split(/\s+/).map(Number))
      .filter((pair) => pair.length >= 2 && pair.every(Number.isFinite)));
    const whole = rings.filter((ring) => ring.length);
    return whole.length ? whole : null;
  }

  function image(found, column) {
    const points = found.flatMap(({ shape }) => shape.flat());
    const west = Math.min(...points.map(([x]) => x)), east = Math.max(...points.map(([x]) => x));
    const south = Math.min(...points.map(([, y]) => y)), north = Math.max(...points.map(([, y]) => y));
    const narrow = Math.cos(((south + north) / 2) * (Math.PI / 180));
    const span = Math.max((east - west) * narrow, north - south, 0.2);
    const scale = 520 / span, edge = 24;
    const across = (x) => (x - west) * narrow * scale + edge;
    const down = (y) => (north - y) * scale + edge;
    const width = (east - west) * narrow * scale + 2 * edge, height = (north - south) * scale + 2 * edge;
    const drawing = drawn("svg", {
      viewBox: `0 0 ${width.toFixed(0)} ${height.toFixed(0)}`, width: width.toFixed(0), role: "img",
      "aria-label": `Map of ${found.length} places`,
    });
    for (const { shape, row } of found) {
      const label = text(row, column), grade = code(label);
      const kind = grade in LETTERS ? `place ${grade}` : "place";
      const title = drawn("title", {}, Object.keys(row).filter((name) => row[name].type !== "uri" && row[name].datatype !== WKT)
        .map((name) => `${readable(name)}: ${cut(row[name].value, 100)}`).join("\n"));
      if (shape.length === 1 && shape[0].length === 1) {
        const [x, y] = shape[0][0];
        const dark = ["outstanding", "inadequate"].includes(grade) || !(grade in LETTERS);
        const mark = drawn("text", { x: across(x), y: down(y) + 4, "text-anchor": "middle", class: dark ? "on-dark" : "" }, LETTERS[grade] || "");
        drawing.append(drawn("g", {}, title, drawn("circle", { class: kind, cx: across(x), cy: down(y), r: 11 }), mark));
      } else {
        const path = shape.map((ring) => `M${ring.map(([x, y]) => `${across(x).toFixed(1)} ${down(y).toFixed(1)}`).join("L")}Z`).join("");
        const largest = shape.reduce((one, other) => (other.length > one.length ? other : one));
        const [x, y] = [0, 1].map((axis) => largest.reduce((sum, pair) => sum + pair[axis], 0) / largest.length);
        const dark = ["outstanding", "inadequate"].includes(grade);
        drawing.append(drawn("g", {}, title, drawn("path", { class: kind, d: path, "fill-rule": "evenodd" }),
          drawn("text", { x: across(x), y: down(y) + 4, "text-anchor": "middle", class: dark ? "on-dark" : "" }, LETTERS[grade] || "")));
      }
    }
    return drawing;
  }

  return { pivot: Pivot, map: Map_, chart: Chart, element };
})();

// The internal map: what is selected stands in the panel, places are put right by dragging and drawing, lengths and areas are measured.
import { make } from "../ui/common.js";
import { begun, gl, label, open } from "./drawing.js";
import { area, length } from "./measure.js";
import { corners, cornersOf } from "./corners.js";
import { pen } from "./pen.js";

const NUMBER = new Intl.NumberFormat("ja-JP", { maximumFractionDigits: 1 });
const metres = (value) => (value < 10_000 ? `${NUMBER.format(value)} m` : `${NUMBER.format(value / 1000)} km`);
const squares = (value) => (value < 1_000_000 ? `${NUMBER.format(value)} m²` : `${NUMBER.format(value / 1_000_000)} km²`);
const written = (points) => points.map(([lon, lat]) => `${lon} ${lat}`).join(", ");

/** A form keeps what is in sight: the answer to it opens where one was. */
const stay = (form) => { form.action = form.getAttribute("action").split("#")[0] + location.hash; };
document.querySelector("[data-choose]")?.addEventListener("submit", (event) => stay(event.target));

begun((box, canvas) => {
  const words = document.getElementById("map-words").dataset;
  const panel = document.getElementById("map-panel");
  const address = document.getElementById("map-address");
  let turn = 0;
  let marker = null;

  const paper = document.querySelector("[data-print-map]");
  /** What leads from here knows what is in sight: the link, a view that is kept, the print. */
  const share = () => {
    if (address) address.value = location.href;
    const extent = document.querySelector("[data-extent]");
    const [, lat, lon] = location.hash.slice(1).split("/");
    if (lon) {
      if (extent) extent.value = location.hash.slice(1);
      if (paper) {
        const there = new URL(paper.href);
        there.searchParams.set("center", `${lat}, ${lon}`);
        paper.href = there.href;
      }
    }
  };
  function choose(one) {
    const query = new URLSearchParams(location.search);
    if (one) query.set("one", one);
    else query.delete("one");
    history.replaceState(null, "", `${location.pathname}?${query}${location.hash}`);
    share();
  }
  async function show(title, href, id, key) {
    const mine = (turn += 1);
    marker?.remove();
    const layer = canvas.layers.find((one) => one.key === key);
    const query = new URLSearchParams(location.search);
    query.delete("one");
    try {
      const answer = await fetch(`${layer.feature.replace("{id}", id)}?${query}`);
      if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
      const read = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      if (mine !== turn) return;
      panel.replaceChildren(document.adoptNode(read.firstElementChild));
      choose(`${key}/${id}`);
      equip();
    } catch (error) {
      if (mine === turn) panel.replaceChildren(make("p", panel.dataset.failed, "muted"));
    }
  }
  function none() {
    turn += 1;
    marker?.remove();
    panel.replaceChildren(make("p", words.nothing, "muted"));
    choose("");
  }
  const opened = open(box, canvas, { show, none, notFound: (text) => drawer.say(text) });
  const { map } = opened;
  const drawer = pen(opened, box, words);
  const correct = corners(opened, box, words);
  map.on("moveend", share);

  /** The form of a place: its mark on the map is moved, or its line or area drawn anew; what comes of it stands in the form. */
  function equip() {
    const form = panel.querySelector("[data-place]");
    if (!form) return;
    const typed = form.elements.namedItem("place");
    const { lon, lat } = panel.querySelector("[data-panel]").dataset;
    form.addEventListener("submit", () => stay(form));
    const row = form.querySelector("[data-editor]");
    const press = (label, act) => {
      const button = make("button", label, "button small");
      button.type = "button";
      button.addEventListener("click", act);
      row.append(button);
    };
    const say = (value) => {
      typed.value = value;
      typed.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const figure = cornersOf(typed.value);
    if (figure) {
      press(words.corners, () => correct(cornersOf(typed.value) ?? figure, (points) => {
        drawer.wipe();
        drawer.keep(figure.sort, points);
        const line = figure.sort === "area" ? [...points, points[0]] : points;
        say(figure.sort === "area" ? `POLYGON ((${written(line)}))` : `LINESTRING (${written(line)})`);
      }));
    }
    press(words.point, () => {
      marker?.remove();
      const at = lon ? [Number(lon), Number(lat)] : map.getCenter();
      marker = new gl.Marker({ draggable: true, color: "#8b0f46" }).setLngLat(at).addTo(map);
      marker.getElement().setAttribute("aria-label", words.point);
      marker.on("dragend", () => {
        const { lng, lat: north } = marker.getLngLat();
        say(`${north.toFixed(7)}, ${lng.toFixed(7)}`);
      });
      box.scrollIntoView({ block: "nearest" });
    });
    press(words.line, () => drawer.draw("line", {
      say: (points) => `${words.lengthIs} ${metres(length(points))}`,
      done: (points) => { if (points.length > 1) { drawer.wipe(); drawer.keep("line", points); say(`LINESTRING (${written(points)})`); } },
    }));
    press(words.surface, () => drawer.draw("area", {
      say: (points) => `${words.areaIs} ${squares(area(points))}`,
      done: (points) => { if (points.length > 2) { drawer.wipe(); drawer.keep("area", points); say(`POLYGON ((${written([...points, points[0]])}))`); } },
    }));
    row.hidden = false;
  }
  equip();

  const measure = (sort, say) => () => drawer.draw(sort, {
    say,
    done: (points) => { if (points.length > 1) { drawer.keep(sort, points); drawer.say(say(points)); } },
  });
  const bench = make("div", "", "row no-print map-bench");
  const tool = (label, act) => {
    const button = make("button", label, "button small");
    button.type = "button";
    button.addEventListener("click", act);
    bench.append(button);
    return button;
  };
  tool(words.length, measure("line", (points) => `${words.lengthIs} ${metres(length(points))}`));
  tool(words.area, measure("area", (points) => `${words.areaIs} ${squares(area(points))}`));
  tool(words.sketch, () => drawer.draw("line", { say: () => words.sketchIs, done: (points) => drawer.keep("line", points) }));
  tool(words.wipe, () => drawer.wipe());
  const names = tool(words.names, () => {
    const shown = names.getAttribute("aria-pressed") !== "true";
    names.setAttribute("aria-pressed", String(shown));
    label(map, canvas, shown);
  });
  names.setAttribute("aria-pressed", "false");
  // A new entry is where the middle of the map is: by pointer or by arrow keys alike.
  const adding = make("div", "", "map-say");
  const ask = make("p", words.addIs);
  ask.setAttribute("role", "status");
  const go = make("a", words.addHere, "button filled");
  const leave = make("button", words.cancel);
  leave.type = "button";
  const aim = () => {
    if (adding.hidden) return;
    const { lng, lat } = map.getCenter();
    go.href = `${adding.dataset.href}?place=${encodeURIComponent(`${lat.toFixed(7)}, ${lng.toFixed(7)}`)}`;
  };
  const quiet = () => { adding.hidden = true; box.classList.remove("is-drawing"); };
  leave.addEventListener("click", quiet);
  adding.hidden = true;
  adding.append(ask, go, leave);
  box.append(adding);
  map.on("move", aim);
  for (const { label: called, href } of canvas.adds ?? []) {
    tool(`${words.add}${called}`, () => {
      adding.dataset.href = href;
      adding.hidden = false;
      box.classList.add("is-drawing");
      aim();
      opened.drawing.focus();
    });
  }
  box.before(bench);
});

// Puts a line or an area right corner by corner: by dragging, by buttons, or by keys with the map in focus.
import { make } from "../ui/common.js";

const LEAST = { line: 2, area: 3 };

/** The corners of a line, or of the outline of an area without holes, from its WKT; nothing for any other figure. */
export function cornersOf(text) {
  const found = /^\s*(LINESTRING|POLYGON)\s*(\(\([^()]*\)\)|\([^()]*\))\s*$/i.exec(text);
  if (!found) return null;
  const sort = found[1].toUpperCase() === "POLYGON" ? "area" : "line";
  const points = found[2].replace(/[()]/g, "").split(",").map((pair) => pair.trim().split(/\s+/).map(Number));
  if (points.some((at) => at.length < 2 || !at.every(Number.isFinite))) return null;
  if (sort === "area") points.pop();
  return points.length >= LEAST[sort] ? { sort, points } : null;
}

const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const round = ({ lng, lat }) => [Number(lng.toFixed(7)), Number(lat.toFixed(7))];

/** `edit({sort, points}, done)`: `done(points)` is called when somebody has finished, never when he leaves it. */
export function corners({ map, drawing, hold }, box, words) {
  let work = null;
  map.once("load", () => {
    map.addSource("corners", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    const part = (id, filter, radius, fill) => map.addLayer({
      id, type: "circle", source: "corners", filter,
      paint: { "circle-radius": radius, "circle-color": fill, "circle-stroke-color": "#8b0f46", "circle-stroke-width": 2 },
    });
    map.addLayer({ id: "corners-line", type: "line", source: "corners", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": "#8b0f46", "line-width": 3, "line-dasharray": [2, 1] } });
    part("corners-between", ["==", ["get", "sort"], "between"], 4, "#ffffff");
    part("corners-at", ["==", ["get", "sort"], "corner"], 7, "#ffffff");
    part("corners-now", ["==", ["get", "sort"], "now"], 9, "#8b0f46");
    for (const id of ["corners-at", "corners-now", "corners-between"]) {
      for (const press of ["mousedown", "touchstart"]) map.on(press, id, grab);
    }
    map.on("mousemove", drag);
    map.on("touchmove", drag);
    for (const leave of ["mouseup", "touchend"]) map.on(leave, drop);
  });
  const bar = make("div", "", "map-say");
  const said = make("p");
  said.setAttribute("role", "status");
  bar.hidden = true;
  const press = (label, act) => {
    const button = make("button", label);
    button.type = "button";
    button.addEventListener("click", act);
    bar.append(button);
  };
  bar.append(said);
  press(words.next, () => select(1));
  press(words.here, () => move(round(map.getCenter())));
  press(words.more, add);
  press(words.less, remove);
  press(words.done, finish);
  press(words.cancel, stop);
  box.append(bar);

  const ring = () => (work.sort === "area" ? [...work.points, work.points[0]] : work.points);
  function redraw() {
    const line = ring();
    const features = [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: line } }];
    const point = (sort, turn, at) => features.push({ type: "Feature", properties: { sort, turn }, geometry: { type: "Point", coordinates: at } });
    line.slice(1).forEach((at, turn) => point("between", turn, middle(line[turn], at)));
    work.points.forEach((at, turn) => point(turn === work.now ? "now" : "corner", turn, at));
    map.getSource("corners").setData({ type: "FeatureCollection", features });
    said.textContent = `${words.corner} ${work.now + 1} / ${work.points.length}`;
  }
  function select(step) {
    if (!work) return;
    work.now = (work.now + step + work.points.length) % work.points.length;
    map.easeTo({ center: work.points[work.now] });
    redraw();
  }
  function move(at) { if (work) { work.points[work.now] = at; redraw(); } }
  function add() {
    if (!work) return;
    const line = ring();
    const next = line[work.now + 1];
    work.points.splice(work.now + 1, 0, next ? middle(line[work.now], next) : round(map.getCenter()));
    work.now += 1;
    redraw();
  }
  function remove() {
    if (!work || work.points.length <= LEAST[work.sort]) return;
    work.points.splice(work.now, 1);
    work.now %= work.points.length;
    redraw();
  }
  function grab(event) {
    if (!work) return;
    event.preventDefault();
    const { sort, turn } = event.features[0].properties;
    work.now = sort === "between" ? turn + 1 : turn;
    if (sort === "between") work.points.splice(work.now, 0, round(event.lngLat));
    work.held = true;
    redraw();
  }
  function drag(event) { if (work?.held) move(round(event.lngLat)); }
  function drop() { if (work) work.held = false; }
  function stop() {
    work = null;
    bar.hidden = true;
    box.classList.remove("is-drawing");
    map.getSource("corners")?.setData({ type: "FeatureCollection", features: [] });
  }
  function finish() {
    if (!work) return;
    const { done, points } = work;
    stop();
    done(points);
  }
  drawing.addEventListener("keydown", (event) => {
    if (!work) return;
    const act = {
      n: () => select(1), p: () => select(-1), " ": () => move(round(map.getCenter())), a: add, Delete: remove, Backspace: remove, Enter: finish, Escape: stop,
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  hold(() => !work);
  return (figure, done) => {
    work = { sort: figure.sort, points: figure.points.map((at) => at.slice(0, 2)), now: 0, held: false, done };
    bar.hidden = false;
    box.classList.add("is-drawing");
    const lons = work.points.map(([lon]) => lon);
    const lats = work.points.map(([, lat]) => lat);
    map.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: 60, maxZoom: 19, duration: 0 });
    redraw();
    said.textContent = words.cornersAre;
    drawing.focus();
  };
}

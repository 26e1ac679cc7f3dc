// A pen for the map: points by pointer or, with the map in focus, by keys (space: the middle of the map; Backspace: one back; Enter: done; Esc: nothing).
import { make } from "../ui/common.js";

const EMPTY = { type: "FeatureCollection", features: [] };

/** What a sort of figure looks like while it grows: a line becomes an area with its third point. */
function figure(sort, points) {
  const parts = points.map((at) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: at } }));
  const feature = (geometry) => parts.push({ type: "Feature", properties: {}, geometry });
  if (points.length > 1) feature({ type: "LineString", coordinates: points });
  if (sort === "area" && points.length > 2) feature({ type: "Polygon", coordinates: [[...points, points[0]]] });
  return { type: "FeatureCollection", features: parts };
}

/** Points and lines of one colour, above everything else on the map. */
function ground(map, name, colour) {
  map.addSource(name, { type: "geojson", data: EMPTY });
  const sort = (kind) => ["==", ["geometry-type"], kind];
  map.addLayer({ id: `${name}-area`, type: "fill", source: name, filter: sort("Polygon"), paint: { "fill-color": colour, "fill-opacity": 0.25 } });
  map.addLayer({ id: `${name}-edge`, type: "line", source: name, filter: sort("Polygon"), paint: { "line-color": colour, "line-width": 2 } });
  map.addLayer({ id: `${name}-line`, type: "line", source: name, filter: sort("LineString"), paint: { "line-color": colour, "line-width": 3 } });
  map.addLayer({ id: `${name}-point`, type: "circle", source: name, filter: sort("Point"), paint: { "circle-radius": 4, "circle-color": "#ffffff", "circle-stroke-color": colour, "circle-stroke-width": 2 } });
}

/** The pen of a map: `draw(sort, {say, done})` until done; `keep` leaves a figure in the picture, `wipe` takes all away. */
export function pen({ map, drawing, hold }, box, words) {
  let work = null;
  const kept = [];
  map.once("load", () => { ground(map, "kept", "#8b0f46"); ground(map, "pen", "#1a1a1a"); });
  const bar = make("div", "", "map-say");
  const said = make("p");
  said.setAttribute("role", "status");
  bar.hidden = true;
  const press = (label, act) => {
    const button = make("button", label);
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  };
  const finish = () => { if (work) { const { done, points } = work; stop(); done(points); } };
  const back = () => { if (work) { work.points.pop(); redraw(); } };
  function stop() {
    work = null;
    bar.hidden = true;
    box.classList.remove("is-drawing");
    map.getSource("pen").setData(EMPTY);
    map.doubleClickZoom.enable();
    drawing.style.cursor = "";
  }
  const during = [press(words.back, back), press(words.done, finish)];
  bar.append(said, ...during, press(words.cancel, () => stop()));
  box.append(bar);
  function redraw() {
    map.getSource("pen").setData(figure(work.sort, work.points));
    said.textContent = work.points.length ? work.say(work.points) : words.first;
  }
  const add = ({ lng, lat }) => { work.points.push([Number(lng.toFixed(7)), Number(lat.toFixed(7))]); redraw(); };
  hold(() => !work);
  map.on("click", (event) => { if (work) add(event.lngLat); });
  map.on("dblclick", (event) => {
    if (!work) return;
    event.preventDefault();
    work.points.pop(); // the second click of the two
    finish();
  });
  drawing.addEventListener("keydown", (event) => {
    if (!work) return;
    const act = { " ": () => add(map.getCenter()), Backspace: back, Enter: finish, Escape: stop }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  return {
    draw(sort, { say, done }) {
      work = { sort, say, done, points: [] };
      bar.hidden = false;
      during.forEach((button) => { button.hidden = false; });
      box.classList.add("is-drawing");
      map.doubleClickZoom.disable();
      drawing.style.cursor = "crosshair";
      redraw();
      drawing.focus();
    },
    keep(sort, points) {
      kept.push(...figure(sort, points).features);
      map.getSource("kept").setData({ type: "FeatureCollection", features: kept });
    },
    wipe() {
      kept.length = 0;
      map.getSource("kept").setData(EMPTY);
    },
    say(text) {
      said.textContent = text;
      during.forEach((button) => { button.hidden = true; });
      bar.hidden = false;
    },
  };
}

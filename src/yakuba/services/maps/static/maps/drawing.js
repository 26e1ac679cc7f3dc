// What the public map and the desk's have in common: the layers drawn, tools, and the twin list. Without it a page is whole.
import * as gl from "../vendor/maplibre/maplibre-gl.mjs";
import { make } from "../ui/common.js";

const COLOUR = "#0072b2";

/** One value for each class of a layer's style, another for all else. */
function byClass(style, of, otherwise) {
  if (!style.by || !style.classes?.length) return otherwise;
  const cases = style.classes.flatMap(([value, colour], place) => [String(value), of(colour, place)]);
  return ["match", ["to-string", ["get", style.by]], ...cases, otherwise];
}

/** The colour of a feature: by the classes of the layer's style, or one for all. */
const colourOf = (style) => byClass(style, (colour) => colour, style.colour || COLOUR);

// Marks differ by form too: colour is never the only sign. The legend draws the same ones (templates/maps/_legend.html).
const FORMS = ["M9 2.5a6.5 6.5 0 1 0 .01 0z", "M3 3h12v12H3z", "M9 2l7.5 13.5h-15z", "M9 1l8 8-8 8-8-8z", "M9 16L1.5 2.5h15z", "M6.5 1.5h5v5h5v5h-5v5h-5v-5h-5v-5h5z"];
const MARK = 18;

/** Draws a mark: its name says form and colour. */
function drawMark(map, name) {
  const [, form, colour] = name.split("|");
  const ratio = 3;
  const sheet = document.createElement("canvas");
  sheet.width = sheet.height = MARK * ratio;
  const pen = sheet.getContext("2d");
  pen.scale(ratio, ratio);
  const path = new Path2D(FORMS[Number(form)]);
  pen.lineWidth = 2.5;
  pen.strokeStyle = "#ffffff";
  pen.fillStyle = colour;
  pen.fill(path);
  pen.stroke(path);
  map.addImage(name, pen.getImageData(0, 0, sheet.width, sheet.height), { pixelRatio: ratio });
}
const marksOf = (canvas) => new Set(canvas.layers.flatMap(({ style }) => [
  `mark|0|${style.colour || COLOUR}`,
  ...(style.classes ?? []).map(([, colour], place) => `mark|${place % FORMS.length}|${colour}`),
]));
const markOf = (style) => byClass(style, (colour, place) => `mark|${place % FORMS.length}|${colour}`, `mark|0|${style.colour || COLOUR}`);

/** Areas below lines below points, each of them with a light edge, so that no colour lies on its like. */
function drawn(layer) {
  const colour = colourOf(layer.style);
  const common = { source: layer.key, "source-layer": layer.key };
  const sort = (kind) => ["==", ["geometry-type"], kind];
  return [
    { ...common, id: `${layer.key}-area`, type: "fill", filter: sort("Polygon"), paint: { "fill-color": colour, "fill-opacity": 0.35 } },
    { ...common, id: `${layer.key}-edge`, type: "line", filter: sort("Polygon"), paint: { "line-color": colour, "line-width": 2 } },
    { ...common, id: `${layer.key}-line`, type: "line", filter: sort("LineString"), paint: { "line-color": colour, "line-width": 3 } },
    {
      ...common, id: `${layer.key}-point`, type: "symbol", filter: sort("Point"),
      layout: { "icon-image": markOf(layer.style), "icon-allow-overlap": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.6, 16, 1.2] },
    },
  ];
}

function styleOf(canvas) {
  const whole = (address) => new URL(address, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
  const sources = {};
  const layers = [{ id: "ground", type: "background", paint: { "background-color": "#eef1f4" } }];
  if (canvas.base) {
    sources.base = { type: "raster", tiles: [whole(canvas.base.tiles)], tileSize: 256, maxzoom: canvas.base.maxzoom };
    layers.push({ id: "base", type: "raster", source: "base" });
  }
  for (const { key, tiles, box, maxzoom } of canvas.pictures ?? []) {
    sources[key] = { type: "raster", tiles: [whole(tiles)], tileSize: 256, bounds: box, maxzoom };
    layers.push({ id: key, type: "raster", source: key });
  }
  for (const layer of canvas.layers) {
    sources[layer.key] = { type: "vector", tiles: [whole(layer.tiles)], maxzoom: layer.maxzoom, promoteId: "id" };
  }
  const all = canvas.layers.map(drawn);
  for (const part of [0, 1, 2, 3]) layers.push(...all.map((of) => of[part]));
  layers.push({
    id: "chosen", type: "circle", source: "chosen",
    paint: { "circle-radius": 14, "circle-opacity": 0, "circle-stroke-color": "#1a1a1a", "circle-stroke-width": 3 },
  });
  sources.chosen = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  return { version: 8, sources, layers };
}

/** Where the address says that one was, so that a link shows what its sender saw. */
function placeInAddress() {
  const [zoom, lat, lon] = location.hash.slice(1).split("/").map(Number);
  return [zoom, lat, lon].every(Number.isFinite) && location.hash.length > 4 ? { zoom, center: [lon, lat] } : null;
}

function begin(box, canvas) {
  const said = placeInAddress();
  if (said) return said;
  if (canvas.at.length) return { center: canvas.at, zoom: 16 };
  if (canvas.box.length) {
    const [west, south, east, north] = canvas.box;
    return { bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: 40, maxZoom: 16 } };
  }
  return { center: [138, 37], zoom: 4 };
}

/**
 * Draws the map into its box. `show(title, href, id, layer)` says what was selected; `none()` that nothing is.
 * Gives {map, ground, tool, mark, hit}: `tool` adds a button, `mark` rings a place and its line in the list, `hit` finds what lies at a point.
 */
export function open(box, canvas, { show, none, notFound }) {
  const words = box.dataset;
  gl.setWorkerUrl(new URL(words.worker, location.href).href);
  box.hidden = false;
  const ground = make("div", "", "map-ground");
  box.append(ground);
  const map = new gl.Map({
    container: ground, style: styleOf(canvas), ...begin(box, canvas),
    attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 20,
    cooperativeGestures: false, fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.once("style.load", () => marksOf(canvas).forEach((name) => drawMark(map, name)));
  const drawing = map.getCanvas();
  drawing.setAttribute("aria-label", words.label);
  drawing.setAttribute("role", "application");
  map.on("moveend", () => {
    const { lng, lat } = map.getCenter();
    history.replaceState(null, "", `#${map.getZoom().toFixed(2)}/${lat.toFixed(6)}/${lng.toFixed(6)}`);
  });

  const tools = make("div", "", "map-tools");
  const tool = (label, sign, act) => {
    const button = make("button", sign);
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.title = label;
    button.addEventListener("click", act);
    tools.append(button);
    return button;
  };
  tool(words.closer, "＋", () => map.zoomIn());
  tool(words.further, "－", () => map.zoomOut());
  if (canvas.box.length) {
    const [west, south, east, north] = canvas.box;
    tool(words.whole, words.whole, () => map.fitBounds([[west, south], [east, north]], { padding: 40, maxZoom: 16 }));
  }
  if ("geolocation" in navigator && isSecureContext) {
    tool(words.mine, words.mine, () =>
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => map.flyTo({ center: [coords.longitude, coords.latitude], zoom: 16 }),
        () => notFound(words.nowhere),
      ));
  }
  const credit = make("p", [canvas.base, ...(canvas.pictures ?? []), ...canvas.layers].map((one) => one?.attribution).filter(Boolean).join(" ／ "), "map-credit");
  box.append(tools, ...(credit.textContent ? [credit] : []));

  /** Rings a place, and marks its line in the list where it stands there. */
  function mark(id, at = null) {
    for (const row of document.querySelectorAll("[data-feature]")) row.classList.toggle("is-shown", row.dataset.feature === id);
    const features = at ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: at } }] : [];
    map.getSource("chosen")?.setData({ type: "FeatureCollection", features });
  }

  const drawnIds = canvas.layers.flatMap((one) => drawn(one).map((part) => part.id));
  const hit = (where) => map.queryRenderedFeatures(where, { layers: drawnIds.filter((id) => map.getLayer(id)) });
  /** Each tool says whether it leaves the pointer to what lies below. */
  const tests = [];
  const free = () => tests.every((test) => test());
  map.on("click", (event) => {
    if (!free()) return;
    const near = [[event.point.x - 8, event.point.y - 8], [event.point.x + 8, event.point.y + 8]];
    const found = hit(near)[0];
    if (!found) { none(); mark(null); return; }
    const layer = canvas.layers.find((one) => one.key === found.source);
    const id = found.properties.id;
    const title = (layer.style.label && found.properties[layer.style.label]) || layer.label;
    mark(id, found.geometry.type === "Point" ? found.geometry.coordinates : [event.lngLat.lng, event.lngLat.lat]);
    show(String(title), layer.feature.replace("{id}", id), id, layer.key);
    document.querySelector(`[data-feature="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "nearest" });
  });
  map.on("mousemove", (event) => {
    if (free()) drawing.style.cursor = hit(event.point).length ? "pointer" : "";
  });

  // Each line of the list leads to its place on the map.
  for (const row of document.querySelectorAll("[data-feature][data-lon]")) {
    const at = [Number(row.dataset.lon), Number(row.dataset.lat)];
    const button = make("button", document.documentElement.lang.startsWith("en") ? "Show on the map" : "地図で見る");
    button.type = "button";
    button.addEventListener("click", () => {
      map.flyTo({ center: at, zoom: Math.max(map.getZoom(), 15) });
      mark(row.dataset.feature, at);
      const link = row.querySelector("a");
      show(link.textContent, link.href, row.dataset.feature, row.dataset.layer);
      box.scrollIntoView({ block: "nearest" });
    });
    row.append(button);
  }
  if (canvas.at.length) map.once("load", () => mark(canvas.one ?? "", canvas.at));
  // For tests and for print: what is drawn is complete.
  map.on("idle", () => { box.dataset.drawn = "yes"; });
  return { map, drawing, tool, mark, hold: (test) => { tests.push(test); } };
}

/** Shows or hides the names of features, from the zoom on at which they have room. The letters are the page's own, drawn by the browser. */
export function label(map, canvas, shown) {
  for (const { key, style } of canvas.layers) {
    const id = `${key}-label`;
    if (map.getLayer(id)) {
      map.setLayoutProperty(id, "visibility", shown ? "visible" : "none");
    } else if (shown && style.label) {
      map.addLayer({
        id, type: "symbol", source: key, "source-layer": key, minzoom: 14,
        layout: { "text-field": ["to-string", ["get", style.label]], "text-font": ["BIZ UDPGothic"], "text-size": 13, "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.9, "text-optional": true },
        paint: { "text-color": "#1a1a1a", "text-halo-color": "#ffffff", "text-halo-width": 2 },
      });
    }
  }
}

/** Starts a page's map, if it has one; where the device cannot draw it, the page says so and is whole without. */
export function begun(start) {
  const box = document.querySelector("[data-map]");
  const told = document.getElementById("map-canvas");
  if (!box || !told) return;
  try {
    start(box, JSON.parse(told.textContent));
  } catch (error) {
    box.hidden = true;
    box.after(make("p", box.dataset.failed, "muted"));
    console.error(error);
  }
}

export { gl };

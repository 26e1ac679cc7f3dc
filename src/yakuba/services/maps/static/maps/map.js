// The map: it draws what the list beside it says, and each shows what the other selects. Without it the page is whole.
import maplibre, * as all from "../vendor/maplibre/maplibre-gl.mjs";
import { make } from "../ui/common.js";

const gl = all.Map ? all : maplibre;
const COLOUR = "#0072b2";

/** The colour of a feature: by the classes of the layer's style, or one for all. */
function colourOf(style) {
  const plain = style.colour || COLOUR;
  if (!style.by || !style.classes?.length) return plain;
  const cases = style.classes.flatMap(([value, colour]) => [String(value), colour]);
  return ["match", ["to-string", ["get", style.by]], ...cases, plain];
}

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
      ...common, id: `${layer.key}-point`, type: "circle", filter: sort("Point"),
      paint: {
        "circle-color": colour,
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 4, 16, 9],
        "circle-stroke-color": "#ffffff", "circle-stroke-width": 2,
      },
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

function start(box, canvas) {
  const words = box.dataset;
  gl.setWorkerUrl(new URL(words.worker, location.href).href);
  box.hidden = false;
  const ground = make("div", "", "map-ground");
  box.append(ground);
  const map = new gl.Map({
    container: ground, style: styleOf(canvas), ...begin(box, canvas),
    attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 20,
    cooperativeGestures: false, fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
  });
  map.touchZoomRotate.disableRotation();
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
        () => show(words.nowhere),
      ));
  }
  const credit = make("p", [canvas.base?.attribution, ...canvas.layers.map((one) => one.attribution)].filter(Boolean).join(" ／ "), "map-credit");
  box.append(tools, ...(credit.textContent ? [credit] : []));

  const card = make("div", "", "map-card");
  card.setAttribute("role", "status");
  card.hidden = true;
  box.append(card);
  function show(title, href = "") {
    card.replaceChildren();
    const close = make("button", words.close);
    close.type = "button";
    close.addEventListener("click", () => { card.hidden = true; mark(null); drawing.focus(); });
    card.append(close, make("h3", title));
    if (href) {
      const link = make("a", words.open);
      link.href = href;
      card.append(link);
    }
    card.hidden = false;
  }

  /** Rings a place, and marks its line in the list where it stands there. */
  function mark(id, at = null) {
    for (const row of document.querySelectorAll("[data-feature]")) row.classList.toggle("is-shown", row.dataset.feature === id);
    const features = at ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: at } }] : [];
    map.getSource("chosen")?.setData({ type: "FeatureCollection", features });
  }

  const drawnIds = canvas.layers.flatMap((one) => drawn(one).map((part) => part.id));
  map.on("click", (event) => {
    const near = [[event.point.x - 8, event.point.y - 8], [event.point.x + 8, event.point.y + 8]];
    const found = map.queryRenderedFeatures(near, { layers: drawnIds.filter((id) => map.getLayer(id)) })[0];
    if (!found) { card.hidden = true; mark(null); return; }
    const layer = canvas.layers.find((one) => one.key === found.source);
    const id = found.properties.id;
    const title = (layer.style.label && found.properties[layer.style.label]) || layer.label;
    mark(id, found.geometry.type === "Point" ? found.geometry.coordinates : [event.lngLat.lng, event.lngLat.lat]);
    show(String(title), layer.feature.replace("{id}", id));
    document.querySelector(`[data-feature="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "nearest" });
  });
  map.on("mousemove", (event) => {
    const over = map.queryRenderedFeatures(event.point, { layers: drawnIds.filter((id) => map.getLayer(id)) }).length;
    drawing.style.cursor = over ? "pointer" : "";
  });

  // Each line of the list leads to its place on the map.
  for (const row of document.querySelectorAll("[data-lon]")) {
    const at = [Number(row.dataset.lon), Number(row.dataset.lat)];
    const button = make("button", document.documentElement.lang.startsWith("en") ? "Show on the map" : "地図で見る");
    button.type = "button";
    button.addEventListener("click", () => {
      map.flyTo({ center: at, zoom: Math.max(map.getZoom(), 15) });
      mark(row.dataset.feature, at);
      show(row.querySelector("a").textContent, row.querySelector("a").href);
      box.scrollIntoView({ block: "nearest" });
    });
    row.append(button);
  }
  if (canvas.at.length) map.once("load", () => mark("", canvas.at));
  // For tests and for print: what is drawn is complete.
  map.on("idle", () => { box.dataset.drawn = "yes"; });
  return map;
}

const box = document.querySelector("[data-map]");
const told = document.getElementById("map-canvas");
if (box && told) {
  try {
    start(box, JSON.parse(told.textContent));
  } catch (error) {
    box.hidden = true;
    const failed = make("p", box.dataset.failed, "muted");
    box.after(failed);
    console.error(error);
  }
}

// Lengths and areas on the ellipsoid GRS80 (測量法施行令第3条), on which JGD2011 stands. Points are [longitude, latitude] in degrees.
const A = 6378137;
const F = 1 / 298.257222101;
const B = A * (1 - F);
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const radians = (degrees) => (degrees * Math.PI) / 180;

/** Metres along the geodesic between two points: T. Vincenty, Survey Review XXIII (1975), inverse formula, to 0.1 mm in Japan. */
export function distance([lon1, lat1], [lon2, lat2]) {
  const [u1, u2] = [lat1, lat2].map((lat) => Math.atan((1 - F) * Math.tan(radians(lat))));
  const difference = radians(lon2 - lon1);
  const [sin1, cos1, sin2, cos2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = difference;
  for (let round = 0; round < 200; round += 1) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    const sinS = Math.hypot(cos2 * sinL, cos1 * sin2 - sin1 * cos2 * cosL);
    if (sinS === 0) return 0;
    const cosS = sin1 * sin2 + cos1 * cos2 * cosL;
    const sigma = Math.atan2(sinS, cosS);
    const sinAlpha = (cos1 * cos2 * sinL) / sinS;
    const cos2Alpha = 1 - sinAlpha ** 2;
    const cosM = cos2Alpha ? cosS - (2 * sin1 * sin2) / cos2Alpha : 0;
    const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const before = lambda;
    lambda = difference + (1 - c) * F * sinAlpha * (sigma + c * sinS * (cosM + c * cosS * (2 * cosM ** 2 - 1)));
    if (Math.abs(lambda - before) < 1e-12) {
      const k = (cos2Alpha * (A ** 2 - B ** 2)) / B ** 2;
      const big = 1 + (k / 16384) * (4096 + k * (-768 + k * (320 - 175 * k)));
      const small = (k / 1024) * (256 + k * (-128 + k * (74 - 47 * k)));
      const last = (small / 6) * cosM * (4 * sinS ** 2 - 3) * (4 * cosM ** 2 - 3);
      return B * big * (sigma - small * sinS * (cosM + (small / 4) * (cosS * (2 * cosM ** 2 - 1) - last)));
    }
  }
  return NaN; // nearly opposite points of the earth: the formula has no answer
}

/** Metres along a line of points. */
export const length = (points) => points.slice(1).reduce((sum, point, place) => sum + distance(points[place], point), 0);

/** q of J. P. Snyder, Map Projections (USGS PP 1395, 1987), eq. 3-12. */
function q(sin) {
  return (1 - E2) * (sin / (1 - E2 * sin ** 2) - Math.log((1 - E * sin) / (1 + E * sin)) / (2 * E));
}

/**
 * Square metres within a ring of points, closed or not, whichever way it runs: on the sphere of equal area (authalic latitude, Snyder
 * eq. 3-11 and 3-13), as the sum of spherical excesses under its edges. Exact to a millionth for what fits into a city.
 */
export function area(points) {
  const whole = q(1);
  const spots = points.map(([lon, lat]) => [radians(lon), Math.tan(Math.asin(q(Math.sin(radians(lat))) / whole) / 2)]);
  let excess = 0;
  for (let place = 0; place < spots.length; place += 1) {
    const [[lon1, half1], [lon2, half2]] = [spots[place], spots[(place + 1) % spots.length]];
    excess += 2 * Math.atan2(Math.tan((lon2 - lon1) / 2) * (half1 + half2), 1 + half1 * half2);
  }
  return Math.abs(excess) * (A ** 2) * (whole / 2);
}

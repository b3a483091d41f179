// Lighthouse over pages of a built book, as a phone and as a desktop; prints what it found as one line of JSON a visit.
//   node pages.mjs /path/to/html page [page ...]       (CHROME_PATH: the browser)
// The book is served here, compressed as any host would.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";
import { createGzip } from "node:zlib";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const [, , folder, ...pages] = process.argv;
const root = resolve(folder);
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png" };

const server = createServer((request, response) => {
  const path = normalize(join(root, decodeURIComponent(new URL(request.url, "http://book").pathname)));
  if (!path.startsWith(root + sep) || !existsSync(path) || !extname(path)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    "content-type": TYPES[extname(path)] ?? "application/octet-stream",
    "content-encoding": "gzip",
    "cache-control": "max-age=600",
  });
  createReadStream(path).pipe(createGzip()).pipe(response);
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

const chrome = await launch({
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
});
try {
  for (const page of pages) {
    for (const [device, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
      const address = `http://127.0.0.1:${server.address().port}/${page}`;
      const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: "error", onlyCategories: CATEGORIES }, config);
      if (lhr.runtimeError) throw new Error(`${page} (${device}): ${lhr.runtimeError.message}`);
      const scores = Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(100 * lhr.categories[name].score)]));
      const failed = Object.values(lhr.audits)
        .filter((audit) => audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== "informative")
        .map((audit) => `${audit.title}${audit.displayValue ? ` (${audit.displayValue})` : ""}`);
      const shift = lhr.audits["cumulative-layout-shift"].numericValue;
      const times = { paint: "first-contentful-paint", largest: "largest-contentful-paint", blocked: "total-blocking-time", index: "speed-index" };
      const measured = Object.fromEntries(Object.entries(times).map(([name, audit]) => [name, Math.round(lhr.audits[audit].numericValue)]));
      console.log(JSON.stringify({ page, device, scores, shift, measured, failed }));
    }
  }
} finally {
  chrome.kill();
  server.close();
}

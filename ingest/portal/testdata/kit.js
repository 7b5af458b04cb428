// What each walk through the portal in a browser needs: pages held against axe's rules (WCAG 2.2
// AA) and the width of the screen, and what an authenticator shows.
// A walk is called: node WALK.js SETTINGS, a JSON object; it prints what it found as JSON.
"use strict";
const { chromium } = require("playwright-core");
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const set = JSON.parse(process.argv[2]); // address, lang, locale, width, height, chromium, shots, what a walk needs, and elsewhere: where one may go too
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const found = { violations: [], problems: [], pages: 0 };

// code is what an authenticator shows for a key (RFC 6238).
function code(key, at) {
  let bits = "";
  for (const c of key.replace(/=+$/, "")) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0");
  const bytes = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const mac = crypto.createHmac("sha1", bytes).update(step).digest();
  const o = mac[19] & 15;
  return String((mac.readUInt32BE(o) & 0x7fffffff) % 1000000).padStart(6, "0");
}

async function look(page, name) {
  found.pages++;
  await page.evaluate(axe); // by the debugger: the page's own policy lets no script in
  const seen = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  for (const v of seen.violations) found.violations.push(`${name}: ${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(" | ")}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  if (wide) found.problems.push(`${name}: the page is wider than the screen`);
  if (set.shots) await page.screenshot({ path: path.join(set.shots, `${set.lang}-${set.width}-${name}.png`), fullPage: true });
}

// press clicks what leads to another page, and waits for that.
async function press(page, selector) {
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click(selector)]);
}

let browser;
let people = 0;

// open starts the browser, and gives what opens a page of somebody's own.
async function open() {
  browser = await chromium.launch({ executablePath: set.chromium, args: ["--no-sandbox"] });
  const allowed = [set.address, "data:", set.elsewhere].filter(Boolean);
  const fresh = async () => {
    const context = await browser.newContext({ viewport: { width: set.width, height: set.height }, locale: set.locale, acceptDownloads: true, ignoreHTTPSErrors: true });
    if (set.proxied) await context.setExtraHTTPHeaders({ "X-Forwarded-For": `192.0.2.${++people}` }); // each has an allowance of its own
    const page = await context.newPage();
    const away = () => set.elsewhere && page.url().startsWith(set.elsewhere); // whose pages are not ours
    await page.route((u) => !allowed.some((a) => u.href.startsWith(a)), (route) => route.abort());
    page.on("console", (m) => { if (m.type() === "error" && !away() && !/status of (4\d\d)/.test(m.text())) found.problems.push("console: " + m.text()); });
    page.on("pageerror", (e) => found.problems.push("script: " + e.message));
    page.on("request", (r) => { if (!away() && !allowed.some((a) => r.url().startsWith(a))) found.problems.push("asks elsewhere: " + r.url()); });
    return page;
  };
  return { fresh };
}

async function tab(page, selector) { // by the keyboard alone
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate((s) => document.activeElement && document.activeElement.matches(s), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("the keyboard does not reach " + selector);
}

// secondStep sets up the second step of who is signed in.
async function secondStep(page) {
  await press(page, "main form[action='/account/second-step'] button");
  await page.fill("#code", code(await page.textContent("main code"), Date.now()));
  await press(page, "form[action='/account/second-step/confirm'] button");
}

// accepts makes an account by an invitation.
async function accepts(page, link, name) {
  await page.goto(link);
  await page.fill("#name", name);
  await page.fill("#password", set.password);
  await press(page, "main button");
}

// invites makes an invitation, and gives its link.
async function invites(page, role, area) {
  await page.goto(set.address + "/accounts");
  await page.selectOption("#role", role);
  await page.selectOption("#ref-area", area);
  await page.selectOption("#invite-lang", set.lang);
  await press(page, "form[action='/accounts/invite'] button");
  return page.textContent("code.secret");
}

// walk does a walk, and prints what it found.
function walk(main) {
  main().then(() => browser.close()).catch((e) => { found.problems.push(String(e.stack || e)); }).finally(() => { console.log(JSON.stringify(found)); process.exit(0); });
}

module.exports = { set, found, code, look, press, tab, open, secondStep, accepts, invites, walk };

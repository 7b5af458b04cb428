// Walks through the tables as an organizer does: the catalogue, a table narrowed by the keyboard,
// its chart, the map, the flows, a file, the link, print, and the pack.
// Called as kit.js says, with the invitation of an organizer.
"use strict";
const path = require("node:path");
const { set, found, look, press, tab, open, accepts, walk } = require("./kit.js");

walk(async () => {
  const { fresh } = await open();
  const page = await fresh();
  await accepts(page, set.invitation, "organizer-" + set.lang + set.width);
  found.home = page.url();
  await look(page, "tables");
  found.tables = await page.locator(".catalogue tbody tr").count();

  await press(page, "a[href='/tables/victims']");
  found.lang = await page.evaluate(() => document.documentElement.lang);
  found.drawn = await page.evaluate(() => document.querySelector(".drawing").naturalWidth);
  found.alt = await page.getAttribute(".drawing", "alt");

  // Narrowed, by the keyboard alone.
  await tab(page, "summary");
  await page.keyboard.press("Enter");
  await tab(page, "input[name=states][value=HND]");
  await page.keyboard.press("Space");
  await tab(page, ".filters button");
  await look(page, "filters");
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.keyboard.press("Enter")]);
  found.rows = await page.locator(".data tbody tr").allInnerTexts();
  found.url = page.url();
  await look(page, "narrowed");
  const link = await page.textContent(".long");
  const shown = await page.innerText(".data");
  await page.goto(link);
  found.same = shown === await page.innerText(".data") && await page.locator(".problem").count() === 0;
  await page.goto(link.replace(/version=[0-9a-f]+/, "version=0000000000000000"));
  found.changed = await page.locator(".problem").count();

  // By sex and age, the map and the flows.
  await page.goto(set.address + "/tables/victims-sex-age?sex=F&view=chart");
  found.heads = await page.locator(".data thead th").allInnerTexts();
  await page.goto(set.address + "/tables/victims?view=map");
  await look(page, "map");
  found.map = await page.evaluate(() => document.querySelector(".drawing").naturalWidth);
  await page.goto(set.address + "/tables/routes?view=flows");
  await look(page, "flows");
  await page.goto(set.address + "/tables/victims?view=table");
  found.alone = await page.locator("figure").count();

  // Files.
  await page.goto(link);
  found.files = [];
  for (const format of ["csv", "pdf"]) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator(`.files a[href*='format=${format}']`).first().click()]);
    found.files.push(file.suggestedFilename());
    if (format === "csv") await file.saveAs(path.join(set.folder, "victims.csv"));
  }
  await page.emulateMedia({ media: "print" });
  found.printed = await page.evaluate(() => [...document.querySelectorAll("header, .filters, .data table")].map((e) => e.offsetHeight > 0));
  await page.emulateMedia({ media: "screen" });

  // What is not there is told.
  const wrong = await page.goto(set.address + "/tables/victims?states=" + encodeURIComponent("<script>window.hacked=1</script>"));
  found.wrong = [wrong.status(), await page.textContent("[role=alert]"), await page.evaluate(() => Boolean(window.hacked))];
  await look(page, "wrong");

  await page.goto(set.address + "/tables/pack");
  await look(page, "pack");
  if (set.pack) {
    await press(page, "main form button");
    await page.waitForSelector(".files", { timeout: 120000 });
    await look(page, "pack-ready");
    const [pack] = await Promise.all([page.waitForEvent("download"), page.locator(".files a").first().click()]);
    found.pack = pack.suggestedFilename();
  }
  found.forbidden = [];
  for (const to of ["/uploads", "/accounts", "/log"]) found.forbidden.push((await page.goto(set.address + to)).status());
});

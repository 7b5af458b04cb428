// Walks through the statistician's pages in a real browser: the queue, a submission with its
// differences, a refusal with its reason and its undoing, a value that gets its code, the file
// read again, the grid of the collection and the reminders; and what the ministry sees of it.
// Called as kit.js says.
"use strict";
const { set, found, look, press, open, secondStep, accepts, invites, walk } = require("./kit.js");

walk(async () => {
  const { fresh } = await open();
  const admin = await fresh();
  await accepts(admin, set.invitation, "admin");
  await secondStep(admin);
  const ministry = await fresh();
  await accepts(ministry, await invites(admin, "ministry", "HND"), "ministry");
  const stat = await fresh();
  await accepts(stat, await invites(admin, "statistician", ""), "statistician");
  await secondStep(stat);

  const read = async (page) => page.waitForSelector(".verdict:not(.waiting)", { timeout: 60000 });
  const at = {};
  for (const name of ["first", "second", "bad", "unknown"]) {
    await ministry.goto(set.address + "/uploads");
    await ministry.setInputFiles("#file", set.files[name]);
    await ministry.click("#upload button");
    await ministry.waitForURL(/\/uploads\/HND\/upload-/);
    await read(ministry);
    at[name] = ministry.url();
  }

  // The queue.
  await stat.goto(set.address + "/");
  found.begins = stat.url();
  found.queue = await stat.locator("tbody tr").count();
  await look(stat, "review-queue");
  await stat.check("#unseen");
  await press(stat, "form[action='/review'] button");
  found.unseen = await stat.locator("tbody tr").count();

  // A submission that moved figures.
  await press(stat, "tbody a:has-text('second.csv')");
  await look(stat, "review-one");
  found.differences = await stat.locator("section:has(#differences) tbody tr").allInnerTexts();
  const [csv] = await Promise.all([stat.waitForEvent("download"), stat.click("section:has(#differences) p a")]);
  found.csv = csv.suggestedFilename();
  const one = stat.url();
  const late = await fresh(); // a second window, in which the page stays as it was
  await late.context().addCookies(await stat.context().cookies());
  await late.goto(one);
  await press(stat, "form[action$='/confirm'] button");
  found.confirmed = await stat.getAttribute(".verdict", "class");
  await late.fill("#reason", set.reason);
  await press(late, "form[action$='/withdraw'] button");
  found.moved = await late.textContent("[role=alert]");
  await look(late, "review-moved");
  await stat.fill("#reason", "escriba a ana.lopez@example.org");
  await press(stat, "form[action$='/withdraw'] button");
  found.person = await stat.textContent("[role=alert]");
  await stat.fill("#reason", set.reason);
  await press(stat, "form[action$='/withdraw'] button");
  found.withdrawn = await stat.getAttribute(".verdict", "class");
  await look(stat, "review-withdrawn");
  await ministry.goto(at.second);
  found.told = await ministry.textContent("main");
  await look(ministry, "withdrawn");
  await ministry.goto(set.address + "/uploads");
  found.history = await ministry.textContent("section:has(#history)");
  await stat.fill("#reason", set.undo);
  await press(stat, "form[action$='/restore'] button");
  found.restored = await stat.getAttribute(".verdict", "class");

  // A value without a code, and a file that no layout knows.
  await stat.goto(set.address + "/review/values");
  await look(stat, "values");
  found.proposed = await stat.locator("select[name=code]").first().inputValue();
  found.values = await stat.locator("section:has(#open) article").count();
  const [draft] = await Promise.all([stat.waitForEvent("download"), stat.click("section:has(#unknown) a[href$='.yaml']")]);
  found.draft = draft.suggestedFilename();
  await stat.locator("input[name=other]").first().fill("M");
  await press(stat, "form[action='/review/values/map'] button");
  await look(stat, "values-ready");
  found.left = await stat.locator("section:has(#open) article").count();
  await press(stat, "section:has(#ready) form button");
  await read(stat);
  found.again = await stat.getAttribute(".verdict", "class");
  await look(stat, "read-again");
  await ministry.goto(at.bad);
  found.receipt = await ministry.getAttribute(".verdict", "class");

  // Who has sent what.
  await stat.goto(set.address + "/review/collection?year=2023");
  await look(stat, "collection");
  found.states = await stat.locator("tbody tr").count();
  found.own = await stat.locator("td .own").count();
  const [zip] = await Promise.all([stat.waitForEvent("download"), stat.click("section:has(#reminders) a")]);
  found.zip = zip.suggestedFilename();
  found.forbidden = (await ministry.goto(set.address + "/review")).status();
});
